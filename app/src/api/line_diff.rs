//! What changed between two texts, line by line: the longest common subsequence, bounded, so that no two plans can
//! keep the server busy. JSON is laid out first, one member a line, so that a change shows where it is.

use governance::{Value, canonical, json};

/// Most lines of a text that are compared.
const LINES: usize = 300;
/// Most bytes of a text that are compared, and so sent twice.
const BYTES: usize = 24_000;
/// Deepest nesting that is laid out; what lies deeper stands in one line.
const DEPTH: usize = 16;

/// What happened to a line: `+` came, `-` went, ` ` stayed.
pub(crate) type Line = (char, String);

/// What there is to say of two texts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// They are the same, to the letter.
    Same,
    /// They differ in these lines.
    Lines(Vec<Line>),
    /// They differ and are too long to be compared here.
    TooLong,
}

/// Compares two texts.
pub(crate) fn compare(before: &str, now: &str) -> Compared {
    if before == now {
        return Compared::Same;
    }
    let (before, now) = (laid_out(before), laid_out(now));
    let (old, new) = (lines_of(&before), lines_of(&now));
    if before.len().max(now.len()) > BYTES || old.len().max(new.len()) > LINES {
        return Compared::TooLong;
    }
    Compared::Lines(lines(&old, &new))
}

/// The lines of a text. What ends a line is part of the text: a carriage return stays with its line, and a line break at
/// the very end makes an empty line, so that neither can come or go unseen.
fn lines_of(text: &str) -> Vec<&str> {
    if text.is_empty() { Vec::new() } else { text.split('\n').collect() }
}

fn lines(old: &[&str], new: &[&str]) -> Vec<Line> {
    // How many lines the rests from `i` and `j` on have in common; a row and a column more than there are lines.
    let width = new.len() + 1;
    let mut common = vec![0_u16; (old.len() + 1) * width];
    let at = |common: &[u16], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or_default();
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            let best = if one == other {
                at(&common, i + 1, j + 1).saturating_add(1)
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut made) = (0, 0, Vec::new());
    loop {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(other)) if one == other => {
                made.push((' ', (*one).to_owned()));
                (i, j) = (i + 1, j + 1);
            }
            (Some(one), other) if other.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                made.push(('-', (*one).to_owned()));
                i += 1;
            }
            (_, Some(other)) => {
                made.push(('+', (*other).to_owned()));
                j += 1;
            }
            (_, None) => return made,
        }
    }
}

/// A JSON text with a member a line, keys in order; any other text as it is.
fn laid_out(text: &str) -> String {
    match json::parse(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) if text.len() <= BYTES => {
            let mut out = String::new();
            write(&mut out, &value, 0);
            out
        }
        _ => text.to_owned(),
    }
}

fn write(out: &mut String, value: &Value, depth: usize) {
    let (open, close, members): (_, _, Vec<(String, &Value)>) = match value {
        Value::Object(map) if !map.is_empty() && depth < DEPTH => {
            let key = |key: &String| format!("{}: ", canonical::to_string(&Value::from(key.as_str())));
            ('{', '}', map.iter().map(|(name, value)| (key(name), value)).collect())
        }
        Value::Array(list) if !list.is_empty() && depth < DEPTH => {
            ('[', ']', list.iter().map(|value| (String::new(), value)).collect())
        }
        other => {
            out.push_str(&canonical::to_string(other));
            return;
        }
    };
    let count = members.len();
    out.push(open);
    for (at, (key, value)) in members.into_iter().enumerate() {
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
        out.push_str(&key);
        write(out, value, depth + 1);
        if at + 1 < count {
            out.push(',');
        }
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Compared, LINES, compare, laid_out};

    fn said(before: &str, now: &str) -> String {
        match compare(before, now) {
            Compared::Same => "same".to_owned(),
            Compared::TooLong => "too long".to_owned(),
            Compared::Lines(lines) => {
                lines.iter().map(|(sign, text)| format!("{sign}{text}")).collect::<Vec<_>>().join("|")
            }
        }
    }

    #[test]
    fn what_came_and_what_went_is_told_line_by_line() {
        for (before, now, expected) in [
            ("a\nb\nc", "a\nb\nc", "same"),
            ("a\nb\nc", "a\nx\nc", " a|-b|+x| c"),
            ("a\nb", "a\nb\nc", " a| b|+c"),
            ("a\nb\nc", "b\nc", "-a| b| c"),
            ("", "a", "+a"),
            ("a", "", "-a"),
            ("a", "a\n", " a|+"),
            ("a\n", "a", " a|-"),
            ("a\nb", "a\r\nb", "-a|+a\r| b"),
        ] {
            assert_eq!(said(before, now), expected, "{before:?} {now:?}");
        }
    }

    #[test]
    fn json_is_compared_member_by_member() {
        let (before, now) = (r#"{"tag":"v1","all":[1,{}]}"#, r#"{"all":[1,{}],"tag":"v2"}"#);
        assert_eq!(
            said(before, now),
            r#" {|   "all": [|     1,|     {}|   ],|-  "tag": "v1"|+  "tag": "v2"| }"#
        );
        assert_eq!(laid_out("12"), "12");
        assert_eq!(laid_out("{not json"), "{not json");
    }

    #[test]
    fn texts_without_end_are_not_compared() {
        let many = "x\n".repeat(LINES + 1);
        let long = "x".repeat(BYTES + 1);
        let deep = format!("{}{}", "[".repeat(60), "]".repeat(60));
        for text in [&many, &long] {
            assert_eq!(said("a", text), "too long");
            assert_eq!(said(text, "a"), "too long");
            assert_eq!(said(text, text), "same");
        }
        assert!(laid_out(&deep).lines().count() < 40);
    }
}
