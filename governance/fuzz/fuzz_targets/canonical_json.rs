//! Canonical JSON of anything that is read must read back as the same value.
#![no_main]

use governance::{canonical, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(value) = json::parse(text) {
        let written = canonical::to_string(&value);
        assert!(json::parse(&written).as_ref() == Ok(&value));
        assert!(json::parse(&canonical::to_ascii(&value)) == Ok(value));
    }
});
