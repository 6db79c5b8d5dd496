//! Words of others must not steer the terminal that they are printed on.

use serde_json::Value;
use std::fmt::Write as _;

/// The text with control characters, and those that change the direction of reading, replaced. Lines become one.
pub fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => ' ',
        c if steers(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// JSON on one line. Its strings keep every character, those that steer as `\uXXXX`; such a one stands nowhere else.
pub fn json(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        if steers(c) {
            // INVARIANT: writing into a String cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// Control characters, and those that change the direction of reading. All have four hexadecimal digits at most.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_steers_nothing_and_keeps_everything() {
        let value = serde_json::json!({ "a\u{202e}": "x\u{9b}1m\u{7f}\u{1b}\n田", "b": 1 });
        let text = json(&value);
        assert_eq!(text, r#"{"a\u202e":"x\u009b1m\u007f\u001b\n田","b":1}"#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\r\u{202e}c\u{9b}1m"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}1m");
        assert_eq!(printable("Grüße, 田中\nzwei"), "Grüße, 田中 zwei");
    }
}
