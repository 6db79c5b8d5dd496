//! Words of others must not steer the terminal that they are printed on.

/// The text with control characters, and those that change the direction of reading, replaced. Lines become one.
pub fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let shown = |c: char| match c {
        '\n' | '\t' => ' ',
        c if steers(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\r\u{202e}c\u{9b}1m"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}1m");
        assert_eq!(printable("Grüße, 田中\nzwei"), "Grüße, 田中 zwei");
    }
}
