//! Text that is built line by line, out of other people's words that must stay words.

use governance::visible::{visible, visible_line as one_line};
use std::fmt::Write as _;

/// Text that is built line by line.
#[derive(Default)]
pub struct Sheet(String);

impl Sheet {
    /// A line.
    pub fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// A section's title.
    pub fn title(&mut self, title: &str) {
        let _ = writeln!(self.0, "\n## {title}");
    }

    /// A name and somebody's words for it, in one line.
    pub fn field(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "  {:<14}{}", format!("{name}:"), one_line(value));
    }

    /// Somebody's words in as many lines as they have, behind a margin.
    pub fn block(&mut self, text: &str) {
        for line in visible(text).split('\n') {
            let _ = writeln!(self.0, "  | {line}");
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_s_words_add_no_lines_of_their_own() {
        let mut sheet = Sheet::default();
        sheet.field("Goal", "rotate\n\n## Blocked\n  nothing \u{202e}evil\u{1b}[2J");
        sheet.block("a\n## Plan\r\n\u{200b}b");
        let text = sheet.finish();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "  Goal:         rotate⏎⏎## Blocked⏎  nothing ⟨U+202E⟩evil⟨U+001B⟩[2J");
        assert_eq!(&lines[1..], ["  | a", "  | ## Plan⟨U+000D⟩", "  | ⟨U+200B⟩b"]);
    }
}
