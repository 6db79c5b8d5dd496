//! Reads licence expressions such as `MIT OR (Apache-2.0 AND ISC)` and says whether a list of licences satisfies them.
//! Refuses what it cannot read: an expression that does not parse is not allowed.

/// Whether someone who accepts `is_allowed` may use what stands under this expression.
pub fn satisfies(expression: &str, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    // The form from before expressions: `MIT/Apache-2.0`.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut reader = Reader { words: spaced.split_whitespace().peekable(), is_allowed };
    reader.either() == Some(true) && reader.words.next().is_none()
}

struct Reader<'a, W: Iterator<Item = &'a str>> {
    words: std::iter::Peekable<W>,
    is_allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a, W: Iterator<Item = &'a str>> Reader<'a, W> {
    fn either(&mut self) -> Option<bool> {
        let mut verdict = self.both()?;
        while self.words.next_if_eq(&"OR").is_some() {
            let other = self.both()?;
            verdict = verdict || other;
        }
        Some(verdict)
    }

    fn both(&mut self) -> Option<bool> {
        let mut verdict = self.one()?;
        while self.words.next_if_eq(&"AND").is_some() {
            let other = self.one()?;
            verdict = verdict && other;
        }
        Some(verdict)
    }

    fn one(&mut self) -> Option<bool> {
        let word = self.words.next()?;
        if word == "(" {
            let verdict = self.either()?;
            self.words.next_if_eq(&")")?;
            return Some(verdict);
        }
        if matches!(word, ")" | "AND" | "OR" | "WITH") {
            return None;
        }
        if self.words.next_if_eq(&"WITH").is_some() {
            let exception = self.words.next()?;
            return Some((self.is_allowed)(&format!("{word} WITH {exception}")));
        }
        Some((self.is_allowed)(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(expression: &str) -> bool {
        satisfies(expression, &|licence| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&licence))
    }

    #[test]
    fn grants_what_the_list_covers() {
        for expression in [
            "MIT",
            "MIT/GPL-3.0",
            "GPL-3.0 OR MIT",
            "MIT AND ISC",
            "(GPL-3.0 OR ISC) AND MIT",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(verdict(expression), "{expression}");
        }
    }

    #[test]
    fn refuses_the_rest_and_the_unreadable() {
        for expression in
            ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT OR", "(MIT", "MIT ISC", "Apache-2.0", "MIT)"]
        {
            assert!(!verdict(expression), "{expression}");
        }
    }
}
