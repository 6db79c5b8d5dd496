//! Reading a bundle never panics, and what is accepted exports again.
#![no_main]

use governance::import::ImportBundle;
use governance::{Standing, Timestamp, bundle, lifecycle};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(read) = ImportBundle::read(text, "overwrite") {
        let id = read.decision_id.clone();
        let decision = read.into_decision(id);
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let _ = lifecycle::compute(&decision, now, &Standing::of_the_log(), 20);
        let _ = bundle::export(&decision, now);
    }
});
