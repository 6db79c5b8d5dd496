//! Verifying a package or a bundle never panics.
#![no_main]

use governance::verify;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = verify::verify_text(text);
});
