//! Text on its way into a page: marks for what cannot be seen, escapes for the two places where Leptos has none,
//! and percent-encoding for addresses.

use governance::visible::is_deceptive;
pub use governance::visible::visible;
use std::fmt::Write as _;

/// A stretch of text: as it is, or a mark that stands for a character that cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Visible text.
    Plain(String),
    /// A mark such as `⟨U+202E⟩`.
    Mark(String),
}

/// Cuts a text into visible stretches and marks.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut plain = String::new();
    for c in text.chars() {
        if is_deceptive(c) {
            if !plain.is_empty() {
                found.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            found.push(Piece::Mark(format!("⟨U+{:04X}⟩", u32::from(c))));
        } else {
            plain.push(c);
        }
    }
    if !plain.is_empty() {
        found.push(Piece::Plain(plain));
    }
    found
}

/// At most this many characters, with an ellipsis where something was cut.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Text for the inside of an HTML element.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// First letter large, full stop at the end.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut made: String = first.to_uppercase().chain(chars).collect();
    if !made.ends_with(['.', '!', '?']) {
        made.push('.');
    }
    made
}

/// Forms send line breaks as CR LF; what is recorded has LF, as people typed it.
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The letters that stand for a person: at most two.
pub fn initials(name: &str) -> String {
    let made: String = name
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '@' | '-' | '_'))
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    if made.is_empty() { "?".to_owned() } else { made }
}

/// Percent-encodes one value of a path or a query. The result is ASCII.
pub fn encoded(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            made.push(char::from(byte));
        } else {
            // Writing into a `String` cannot fail.
            let _ = write!(made, "%{byte:02X}");
        }
    }
    made
}

/// `1000+` where counting stopped.
pub fn count(number: u32) -> String {
    if number >= 1000 { "1000+".to_owned() } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Piece, encoded, escaped, initials, pieces, sentence, visible};

    #[test]
    fn characters_that_deceive_become_marks() {
        assert_eq!(visible("rm\u{202e}x\u{200b}\u{7}\n"), "rm⟨U+202E⟩x⟨U+200B⟩⟨U+0007⟩\n");
        assert_eq!(visible("a\u{e0041}\u{fe0f}"), "a⟨U+E0041⟩⟨U+FE0F⟩");
        assert_eq!(
            pieces("a\u{feff}b"),
            [Piece::Plain("a".into()), Piece::Mark("⟨U+FEFF⟩".into()), Piece::Plain("b".into())]
        );
    }

    #[test]
    fn ordinary_text_of_any_script_stays() {
        for text in ["rotate keys\n\tnow", "Schlüssel drehen", "轮换密钥", "דוגמה"] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn escapes_what_could_end_an_element() {
        assert_eq!(escaped("</title><script>'\"&"), "&lt;/title&gt;&lt;script&gt;&#39;&quot;&amp;");
    }

    #[test]
    fn sentences_initials_and_addresses() {
        assert_eq!(sentence("only you"), "Only you.");
        assert_eq!(initials("Ada Lovelace King"), "AL");
        assert_eq!(initials("bob@example.com"), "BE");
        assert_eq!(initials("…"), "?");
        assert_eq!(encoded("a b/ü%&"), "a%20b%2F%C3%BC%25%26");
    }
}
