//! What goes well: most of what a company does.

use super::story::{Start, Story};

/// Day, hour, asker, service, version, why, two approvers.
type Release = (i64, i64, &'static str, &'static str, &'static str, &'static str, [&'static str; 2]);

const RELEASES: [Release; 10] = [
    (44, 8, "ben", "payments-api", "4.17.0", "settlement files in the new bank format", ["carla", "dmitri"]),
    (42, 13, "kavya", "storefront", "2026.10.1", "the autumn catalogue", ["hiroshi", "carla"]),
    (38, 9, "ines", "search", "9.2.3", "synonyms for Portuguese and Spanish", ["farid", "dmitri"]),
    (35, 15, "ben", "payments-api", "4.17.1", "retries for a slow card network", ["carla", "alice"]),
    (
        31,
        10,
        "luis",
        "warehouse-sync",
        "1.44.0",
        "stock levels every minute instead of every ten",
        ["jonas", "hiroshi"],
    ),
    (24, 9, "kavya", "storefront", "2026.10.4", "faster pages on slow phones", ["mei", "carla"]),
    (
        19,
        14,
        "ines",
        "search",
        "9.3.0",
        "a new ranking, tried on a tenth of the traffic for a week",
        ["dmitri", "farid"],
    ),
    (14, 8, "ben", "payments-api", "4.18.0", "refunds without a manual step", ["carla", "dmitri"]),
    (9, 11, "jonas", "mailer", "3.0.2", "unsubscribe links that work with one click", ["hiroshi", "alice"]),
    (4, 9, "kavya", "storefront", "2026.11.2", "the sale of the last week of November", ["carla", "mei"]),
];

/// Day, asker, key, hours that the old one stays valid, two approvers.
type Rotation = (i64, &'static str, &'static str, i64, [&'static str; 2]);

const ROTATIONS: [Rotation; 4] = [
    (43, "grace", "tokens/storefront", 24, ["dmitri", "mei"]),
    (29, "grace", "webhooks/partners", 72, ["alice", "carla"]),
    (15, "ben", "tokens/payments-api", 24, ["mei", "farid"]),
    (5, "grace", "backups/object-store", 168, ["dmitri", "hiroshi"]),
];

/// Day, asker, order, euros, why, two approvers.
type Refund = (i64, &'static str, &'static str, i64, &'static str, [&'static str; 2]);

const REFUNDS: [Refund; 5] = [
    (40, "ines", "NW-88213", 1_240, "two of three chairs arrived broken", ["carla", "hiroshi"]),
    (33, "kavya", "NW-89107", 3_999, "the sofa was delivered twice and charged twice", ["dmitri", "alice"]),
    (22, "ines", "NW-90544", 1_075, "cancelled before it was sent", ["mei", "carla"]),
    (12, "luis", "NW-91870", 2_310, "wrong fabric, photographs in the ticket", ["farid", "jonas"]),
    (3, "kavya", "NW-93021", 1_560, "the customer paid twice by bank transfer", ["carla", "dmitri"]),
];

/// Everything that went well.
pub fn stories() -> Vec<Story> {
    let mut stories: Vec<Story> = RELEASES.iter().map(release).collect();
    stories.extend(ROTATIONS.iter().map(rotation));
    stories.extend(REFUNDS.iter().map(refund));
    stories.extend(small_things());
    stories.extend(rehearsals());
    stories
}

fn release((day, hour, who, service, version, why, approvers): &Release) -> Story {
    let [first, second] = *approvers;
    Story::new(Start::Day(*day, *hour, 20), who, format!("Deploy {service} {version} to production: {why}"))
        .from("prod-deploy")
        .plan(format!("{{\n  \"service\": \"{service}\",\n  \"version\": \"{version}\"\n}}"))
        .approved_saying(18, first, "Staging has run it since yesterday without a new error.")
        .approved(41, second)
        .executed(55, who, "subprocess:deploy")
}

fn rotation((day, who, key, hours, approvers): &Rotation) -> Story {
    let [first, second] = *approvers;
    Story::new(Start::Day(*day, 7, 45), who, format!("Rotate the key `{key}`, as every quarter"))
        .from("key-rotation")
        .plan(format!("{{\"key\": \"{key}\", \"overlap_hours\": {hours}}}"))
        .approved(35, first)
        .approved_for(90, second, 24 * 60, "Only today, while I can watch the sign-in errors.")
        .executed(120, who, "subprocess:rotate-key")
}

fn refund((day, who, order, euros, why, approvers): &Refund) -> Story {
    let [first, second] = *approvers;
    Story::new(Start::Day(*day, 12, 5), who, format!("Refund {euros} EUR for order {order}: {why}"))
        .from("refund-over-1000")
        .plan(format!("{{\"order\": \"{order}\", \"euros\": {euros}}}"))
        .approved_saying(50, first, "Checked against the ticket and the payment.")
        .approved(130, second)
        .executed(135, who, "subprocess:refund")
}

fn small_things() -> Vec<Story> {
    let dns = |day, who, name: &str, kind: &str, target: &str, approver| {
        Story::new(Start::Day(day, 14, 30), who, format!("Point {name}.northwind.example to {target}"))
            .from("dns-change")
            .plan(format!("{{\"kind\": \"{kind}\", \"name\": \"{name}\", \"target\": \"{target}\"}}"))
            .approved(12, approver)
            .executed(20, who, "subprocess:dns")
    };
    let access = |day, who, person: &str, group: &str, until: &str, why: &str, approver| {
        Story::new(
            Start::Day(day, 8, 10),
            who,
            format!("Give {person} access to {group} until {until}: {why}"),
        )
        .from("access-grant")
        .plan(format!("{{\"person\": \"{person}\", \"group\": \"{group}\", \"until\": \"{until}\"}}"))
        .approved(25, approver)
        .executed(30, approver, "subprocess:grant-access")
    };
    vec![
        dns(41, "jonas", "status", "CNAME", "status.pages.example", "carla"),
        dns(26, "ben", "shop-eu", "A", "198.51.100.24", "hiroshi"),
        dns(8, "jonas", "_dmarc", "TXT", "v=DMARC1; p=reject", "dmitri"),
        access(37, "grace", "kavya", "storefront-oncall", "2026-12-31", "joins the rota", "alice"),
        access(20, "ines", "ines", "orders-read", "2026-11-30", "the search audit", "mei"),
        Story::new(
            Start::Day(28, 10, 0),
            "ben",
            "Export the masked orders table for the yearly audit of Halvorsen & Partners",
        )
        .from("data-export")
        .plan("{\"table\": \"orders_2026\", \"masked\": true}")
        .approved_saying(30, "mei", "Masked, and the auditors' contract covers it.")
        .approved(200, "alice")
        .executed(215, "ben", "subprocess:export-table"),
        Story::new(
            Start::Day(17, 21, 50),
            "jonas",
            "Hotfix: payments-api 4.17.2 rejects an expired certificate instead of hanging",
        )
        .from("hotfix")
        .plan("{\"service\": \"payments-api\", \"version\": \"4.17.2\"}")
        .approved_saying(4, "farid", "On the phone with Jonas. Go.")
        .executed(6, "jonas", "subprocess:deploy"),
    ]
}

fn rehearsals() -> Vec<Story> {
    let rehearsal = |day, who, goal: &str, plan: &str, approver| {
        Story::new(Start::Day(day, 11, 15), who, goal)
            .rehearsed()
            .from("dry-run-rehearsal")
            .plan(plan)
            .approved(45, approver)
            .executed(50, who, "simulate")
    };
    vec![
        rehearsal(
            36,
            "grace",
            "Rehearse the failover of the orders database",
            "1. stop writes on orders-1\n2. wait until orders-2 has everything\n3. point orders.db.internal to orders-2\n4. start writes\n5. watch the error rate for ten minutes",
            "hiroshi",
        ),
        rehearsal(
            18,
            "kavya",
            "Rehearse taking the storefront read-only for the catalogue import",
            "1. banner on\n2. carts frozen\n3. import\n4. banner off",
            "carla",
        ),
        rehearsal(
            6,
            "ben",
            "Rehearse the key rotation of the payments gateway with the bank's test system",
            "1. issue the new key\n2. send it to the bank\n3. sign one test file with each key",
            "dmitri",
        ),
        Story::new(
            Start::Day(10, 16, 40),
            "ines",
            "Try the deployment of search 9.4.0 without touching production",
        )
        .rehearsed()
        .from("prod-deploy")
        .needing(1)
        .labelled(&["production", "deploy", "rehearsal"])
        .plan("{\"service\": \"search\", \"version\": \"9.4.0\"}")
        .approved(9, "jonas")
        .executed(15, "ines", "subprocess:deploy"),
    ]
}
