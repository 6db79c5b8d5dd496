//! What is still open: waiting for nobody yet, for one more, ready to run, lapsed, about to lapse.

use super::story::{Start, Story};

const LONG_GOAL: &str = "Move the order archive of the years 2014 to 2021 from the old data centre in Rotterdam to the \
encrypted object store, verify every batch against the checksums that finance keeps, leave the originals where they are \
until the external auditors have confirmed in writing that their samples match, and only then ask, in a separate request \
with its own approvals, for the old disks to be wiped. The batches run at night so that the connection is free during the \
day; each is at most 40 GB, and a batch that fails is left for the morning and is not tried again by itself. Nobody outside \
the archive team needs access while this runs, and the storefront does not notice any of it.";

const LONG_PLAN: &str = "\
1. freeze the list of batches (812) and record its checksum in the ticket
2. for each night from 22:00 to 05:00 UTC
   a. copy the next batches, 40 GB at most at a time
   b. read them back and compare with finance's checksums
   c. write the result, good or bad, to archive/journal
3. stop at the first night with more than three bad batches
4. report to finance and to the auditors when the last batch is good

Not part of this request: wiping the old disks.";

/// All of it.
pub fn stories() -> Vec<Story> {
    let mut stories = waiting();
    stories.extend(ready());
    stories.extend(lapsed());
    stories
}

fn waiting() -> Vec<Story> {
    vec![
        Story::new(
            Start::Ago(25),
            "ben",
            "Deploy payments-api 4.19.0 to production: instant payouts for sellers",
        )
        .from("prod-deploy")
        .plan("{\n  \"service\": \"payments-api\",\n  \"version\": \"4.19.0\"\n}"),
        Story::new(
            Start::Ago(70),
            "kavya",
            "Refund 2480 EUR for order NW-93377: the kitchen came in the wrong colour",
        )
        .from("refund-over-1000")
        .plan("{\"order\": \"NW-93377\", \"euros\": 2480}")
        .approved_saying(20, "jonas", "Photographs seen, colour is wrong indeed."),
        Story::new(Start::Ago(200), "ines", LONG_GOAL)
            .labelled(&["archive", "data", "finance", "privacy"])
            .needing(3)
            .plan(LONG_PLAN)
            .approved_saying(35, "mei", "The batches and the journal are as audit asked for them.")
            .approved(90, "dmitri"),
        Story::new(
            Start::Day(1, 9, 30),
            "grace",
            "Rotate the key `tokens/mobile-app` on both stores at once",
        )
        .from("key-rotation")
        .plan("{\"key\": \"tokens/mobile-app\", \"overlap_hours\": 96}"),
        Story::new(Start::Day(1, 15, 10), "jonas", "Point api-v1.northwind.example to the sunset page")
            .from("dns-change")
            .needing(2)
            .plan("{\"kind\": \"CNAME\", \"name\": \"api-v1\", \"target\": \"sunset.northwind.example\"}")
            .approved(14, "hiroshi"),
        Story::new(
            Start::Day(2, 13, 0),
            "kavya",
            "Give the contractor of the loyalty programme read access to storefront logs",
        )
        .from("access-grant")
        .plan(
            "{\"person\": \"contractor-17\", \"group\": \"storefront-logs-read\", \"until\": \"2027-01-31\"}",
        ),
        Story::new(Start::Day(3, 10, 20), "alice", "Export the masked returns table for the quality team")
            .from("data-export")
            .plan("{\"table\": \"returns_2026\", \"masked\": true}")
            .approved(120, "mei"),
        Story::new(
            Start::Day(5, 8, 15),
            "ines",
            "تحديث صفحة الشحن للمتجر العربي (Arabic shipping page, storefront 2026.11.3)",
        )
        .from("prod-deploy")
        .plan("{\"service\": \"storefront\", \"version\": \"2026.11.3\"}")
        .approved_saying(47, "farid", "النص صحيح. The wording is right."),
        Story::new(
            Start::Ago(8),
            "grace",
            "Rehearse the failover of the payments database during business hours",
        )
        .rehearsed()
        .from("dry-run-rehearsal")
        .plan("1. announce\n2. stop writes\n3. switch\n4. start writes\n5. switch back"),
    ]
}

fn ready() -> Vec<Story> {
    vec![
        Story::new(Start::Ago(150), "ben", "Deploy mailer 3.1.0 to production: receipts in six more languages")
            .from("prod-deploy")
            .plan("{\"service\": \"mailer\", \"version\": \"3.1.0\"}")
            .approved(30, "carla")
            .approved_saying(55, "hiroshi", "翻訳を確認しました。Translations checked."),
        Story::new(Start::Ago(95), "ben", "Hotfix: storefront 2026.11.2b shows prices with tax again in Norway")
            .from("hotfix")
            .plan("{\"service\": \"storefront\", \"version\": \"2026.11.2b\"}")
            .approved_for(50, "dmitri", 90, "For the next hour and a half; after that the shift ends."),
        Story::new(Start::Day(1, 11, 45), "grace", "Rotate the key `webhooks/couriers`")
            .from("key-rotation")
            .plan("{\"key\": \"webhooks/couriers\", \"overlap_hours\": 72}")
            .approved(30, "mei")
            .approved_for(60, "dmitri", 7 * 24 * 60, "This week."),
        Story::new(Start::Day(2, 9, 5), "kavya", "Rehearse the price update for the sale, all 41 countries")
            .rehearsed()
            .from("dry-run-rehearsal")
            .plan("Every price list once, in the order of the countries; compare with finance's table; write nothing.")
            .approved(66, "carla"),
    ]
}

fn lapsed() -> Vec<Story> {
    vec![
        Story::new(Start::Day(4, 16, 30), "jonas", "Restart the search nodes one by one")
            .requiring(&["restart"])
            .labelled(&["maintenance"])
            .plan("One node at a time, ten minutes apart.")
            .approved_for(10, "carla", 180, "Tonight until half past seven."),
        Story::new(
            Start::Day(6, 8, 50),
            "ines",
            "Deploy search 9.3.1 to production: typing errors in Finnish",
        )
        .from("prod-deploy")
        .plan("{\"service\": \"search\", \"version\": \"9.3.1\"}")
        .approved_for(25, "farid", 480, "Today.")
        .approved_for(40, "jonas", 24 * 60, "Until tomorrow."),
    ]
}
