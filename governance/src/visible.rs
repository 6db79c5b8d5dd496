//! Texts of others on their way to a reader: characters that cannot be seen, or that change what is seen, as marks.

use std::fmt::Write as _;

/// Whether a reader could not see the character, or would see something else because of it.
pub fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' // controls, without tab and line feed
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The text with a mark such as `⟨U+202E⟩` for each of them. Line feeds and tabs stay.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_deceptive(c) {
            // Writing into a `String` cannot fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The same in one line: for names and whatever stands behind a label, so that a text cannot add lines of its own.
pub fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "⏎").replace('\t', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_marked_and_the_rest_stays() {
        assert_eq!(
            visible("a\u{202e}b\u{1b}[2J\r\nc\td é 日本"),
            "a⟨U+202E⟩b⟨U+001B⟩[2J⟨U+000D⟩\nc\td é 日本"
        );
        assert_eq!(visible_line("a\nb\tc\u{200b}"), "a⏎b c⟨U+200B⟩");
    }
}
