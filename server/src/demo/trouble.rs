//! What did not go well, or not at once: failures, refusals, second thoughts.

use super::story::{Start, Story};

/// All of it.
pub fn stories() -> Vec<Story> {
    let mut stories = failed();
    stories.extend(rejected());
    stories.extend(withdrawn());
    stories.extend(second_thoughts());
    stories
}

fn failed() -> Vec<Story> {
    vec![
        Story::new(Start::Day(34, 17, 5), "luis", "Deploy warehouse-sync 1.45.0-rc2 to production, to see it under real load")
            .from("prod-deploy")
            .plan("{\"service\": \"warehouse-sync\", \"version\": \"1.45.0-rc2\"}")
            .approved(10, "jonas")
            .approved_saying(16, "hiroshi", "Fine by me if the gate lets it through.")
            .executed(20, "luis", "subprocess:deploy"),
        Story::new(Start::Day(23, 5, 30), "jonas", "Restart the cluster after the kernel update")
            .requiring(&["restart"])
            .labelled(&["production", "maintenance"])
            .needing(2)
            .plan("1. drain one node\n2. restart it\n3. wait until it is ready\n4. next node\n\nStop at the first node that does not come back.")
            .approved(5, "farid")
            .approved(14, "hiroshi")
            .executed(30, "jonas", "subprocess:restart-cluster"),
        Story::new(Start::Day(2, 5, 30), "jonas", "Restart the cluster, second attempt with the stuck pods removed")
            .requiring(&["restart"])
            .labelled(&["production", "maintenance"])
            .needing(2)
            .plan("As on the first attempt; the two pods that were stuck have been moved by hand.")
            .approved_saying(8, "carla", "I moved the pods myself.")
            .approved(11, "hiroshi")
            .executed(25, "jonas", "subprocess:restart-cluster"),
    ]
}

fn rejected() -> Vec<Story> {
    vec![
        Story::new(Start::Day(39, 9, 0), "luis", "Export the customers table with names and addresses for the marketing agency")
            .from("data-export")
            .plan("{\"table\": \"customers\", \"masked\": false}")
            .rejected(40, "mei", "There is no contract with the agency for this, and nothing here needs names. Ask for the masked table."),
        Story::new(Start::Day(25, 13, 20), "kavya", "Refund 9800 EUR for order NW-90102: the customer threatens with a bad review")
            .from("refund-over-1000")
            .plan("{\"order\": \"NW-90102\", \"euros\": 9800}")
            .approved(15, "jonas")
            .rejected(70, "carla", "The order was 980 EUR. Please check the amount; a tenth of this is right."),
        Story::new(Start::Day(16, 16, 0), "ben", "Deploy payments-api 4.19.0 on Friday evening")
            .from("prod-deploy")
            .plan("{\"service\": \"payments-api\", \"version\": \"4.19.0\"}")
            .rejected(5, "dmitri", "Not on a Friday evening. Monday morning is yours."),
        Story::new(Start::Day(7, 10, 45), "ines", "Give everyone in search access to payments-admin for debugging")
            .from("access-grant")
            .rejected(22, "alice", "Too many people, too much access, no end. Name one person and a day."),
    ]
}

fn withdrawn() -> Vec<Story> {
    vec![
        Story::new(Start::Day(32, 11, 0), "ben", "Deploy payments-api 4.17.1 with the old retry limit")
            .from("prod-deploy")
            .withdrawn(12, "The limit was wrong; a new request with the right one follows."),
        Story::new(Start::Day(21, 15, 35), "kavya", "Point blog.northwind.example to the new host")
            .from("dns-change")
            .plan("{\"kind\": \"A\", \"name\": \"blog\", \"target\": \"203.0.113.80\"}")
            .approved(30, "carla")
            .withdrawn(95, "The new host is not ready. Thank you anyway, Carla."),
        Story::new(Start::Day(11, 8, 30), "grace", "Rotate the key `tokens/legacy-app`")
            .from("key-rotation")
            .withdrawn(
                300,
                "The legacy app was switched off this morning, so there is nothing left to rotate.",
            ),
    ]
}

fn second_thoughts() -> Vec<Story> {
    vec![
        Story::new(
            Start::Day(30, 9, 40),
            "ines",
            "Deploy search 9.2.4 to production: a fix for empty result pages",
        )
        .from("prod-deploy")
        .plan("{\"service\": \"search\", \"version\": \"9.2.4\"}")
        .approved(15, "carla")
        .revoked(33, "carla", "The staging dashboard shows twice the memory. Please look first.")
        .approved(50, "farid")
        .approved_saying(180, "carla", "It was the dashboard, not the service. Approved again.")
        .executed(190, "ines", "subprocess:deploy"),
        Story::new(Start::Day(27, 8, 0), "grace", "Rotate the key `tokens/partners` before the audit")
            .from("key-rotation")
            .plan("{\"key\": \"tokens/partners\", \"overlap_hours\": 48}")
            .approved_for(20, "mei", 240, "Today before noon only.")
            .approved_for(400, "dmitri", 24 * 60, "Until tomorrow.")
            .approved_saying(430, "mei", "My first approval had lapsed; here it is again.")
            .executed(440, "grace", "subprocess:rotate-key"),
        Story::new(
            Start::Day(13, 14, 10),
            "ben",
            "Refund 1400 EUR for order NW-91544: the warranty covers it",
        )
        .from("refund-over-1000")
        .needing(3)
        .labelled(&["finance", "customer", "warranty"])
        .plan("{\"order\": \"NW-91544\", \"euros\": 1400}")
        .approved(60, "carla")
        .approved(75, "jonas")
        .approved_saying(1_500, "alice", "Third approval, as the warranty rules ask for.")
        .executed(1_520, "ben", "subprocess:refund"),
    ]
}
