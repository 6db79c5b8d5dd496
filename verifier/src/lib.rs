//! The verifier in the browser: bytes in, what is found about them out, as JSON for the page's script. The rules are
//! those of `governance`. It refuses files, networks and the page itself: its worker has none of them.

use governance::{canonical, finding};
use wasm_bindgen::prelude::wasm_bindgen;

/// Looks at one file. The answer is that of `Finding::to_value`.
#[wasm_bindgen]
pub fn verify(bytes: &[u8]) -> String {
    canonical::to_string(&finding::of(bytes).to_value())
}

/// The version of the rules that run here.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

#[cfg(test)]
mod tests {
    use super::verify;

    #[test]
    fn the_answer_is_one_line_of_json_in_a_fixed_order() {
        let answer = verify(b"milk, eggs");
        assert_eq!(
            answer,
            "{\"checks\":[],\"digests\":[],\
             \"file_digest\":\"95500dc2a594a0eac1ac860ce8998a4cc2215ae46926f130b629a96bd5864a0b\",\
             \"kind\":null,\"more_steps\":0,\
             \"problem\":{\"code\":\"NOT_JSON\",\"detail\":\"not a JSON value at byte 0\"},\
             \"story\":[],\"summary\":[],\"verdict\":\"unreadable\"}"
        );
    }
}
