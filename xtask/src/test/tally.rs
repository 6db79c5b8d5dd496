//! Counts passed and failed tests from what the runners print.
//! Refuses to guess: a line that is no summary counts nothing, and no count prints nothing.

use std::io::Write as _;

/// The sum over all runners so far.
#[derive(Default)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
}

impl Tally {
    /// `test result: ok. 3 passed; 0 failed; …`
    pub fn count_cargo_line(&mut self, line: &str) {
        if let Some(summary) = line.trim().strip_prefix("test result: ") {
            let counts = summary.split_once(". ").map_or(summary, |(_, counts)| counts);
            counts.split(';').for_each(|part| self.add(part));
        }
    }

    /// `  3 passed (1.2s)` or `  1 failed`, each on a line of its own.
    pub fn count_playwright_line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [count, word] | [count, word, _] = words.as_slice()
            && matches!(*word, "passed" | "failed")
        {
            self.add(&format!("{count} {word}"));
        }
    }

    fn add(&mut self, part: &str) {
        let Some((count, word)) = part.trim().split_once(' ') else { return };
        let Ok(count) = count.parse::<u64>() else { return };
        match word {
            "passed" => self.passed += count,
            "failed" => self.failed += count,
            _ => {}
        }
    }

    /// The closing line, if anything was counted.
    pub fn close(&self) {
        if self.passed + self.failed > 0 {
            let _ = writeln!(std::io::stdout(), "{} passed, {} failed", self.passed, self.failed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_both_runners() {
        let mut tally = Tally::default();
        tally.count_cargo_line("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        tally.count_cargo_line("test result: FAILED. 2 passed; 4 failed; 0 ignored");
        tally.count_playwright_line("  5 passed (1.3s)");
        tally.count_playwright_line("  1 failed");
        tally.count_playwright_line("  9 passed over in silence today");
        assert_eq!((tally.passed, tally.failed), (10, 5));
    }
}
