//! The list of an archive's decisions as a table for spreadsheets (RFC 4180). Every cell is quoted, and none begins with
//! what a spreadsheet would run as a formula: goals and names are written by people and programs that nobody vouches for.

use super::Listed;

const HEAD: [&str; 14] = [
    "id",
    "goal",
    "mode",
    "state",
    "requester",
    "template",
    "labels",
    "asked",
    "last_event",
    "version",
    "origin",
    "bundle_digest",
    "binding_digest",
    "folder",
];

/// The table.
pub fn table(listed: &[Listed]) -> String {
    let mut table = line(&HEAD.map(str::to_owned));
    for one in listed {
        table.push_str(&line(&[
            one.id.clone(),
            one.goal.clone(),
            one.mode.to_owned(),
            one.status.clone(),
            one.requester.clone(),
            one.template.clone(),
            one.labels.join(", "),
            one.created_at.clone(),
            one.updated_at.clone(),
            one.version.to_string(),
            if one.imported { "imported" } else { "native" }.to_owned(),
            one.bundle_digest.clone(),
            one.binding_digest.clone().unwrap_or_default(),
            format!("decisions/{}", one.folder),
        ]));
    }
    table
}

fn line(cells: &[String; HEAD.len()]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell. An apostrophe in front makes a text of what would be a formula; blanks do not hide one, nor do wide forms of
/// the signs. Control characters and lines become blanks. Where lists are written with semicolons, a spreadsheet begins a
/// new cell at each of them, whatever is quoted: what follows one is treated like the beginning.
fn cell(text: &str) -> String {
    let text: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let parts: Vec<String> = text.split(';').map(harmless).collect();
    format!("\"{}\"", parts.join(";").replace('"', "\"\""))
}

/// What may stand at the beginning of a cell.
fn harmless(part: &str) -> String {
    // A quote that is not understood as one disappears or is doubled; what is behind it comes first either way.
    let seen = part.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || is_unseen(c));
    let formula = seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '|', '%']);
    format!("{}{part}", if formula { "'" } else { "" })
}

/// Characters without width that a spreadsheet may drop.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{HEAD, cell, is_unseen};

    #[test]
    fn no_cell_is_a_formula() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\u{200b}=1",
            "\u{feff}=1",
            "＝1",
            "－1",
            "=HYPERLINK(\"http://x.example\")",
            "\0=1",
            "%0A=1",
            "|calc",
        ] {
            let made = cell(text);
            assert!(made.starts_with("\"'"), "{text:?} became {made}");
        }
    }

    #[test]
    fn other_cells_stay_as_they_are() {
        for (text, made) in [
            ("Rotate the key", "\"Rotate the key\""),
            ("say \"yes\", then", "\"say \"\"yes\"\", then\""),
            ("a=b", "\"a=b\""),
            ("two\nlines", "\"two lines\""),
            ("", "\"\""),
            ("a; b;c", "\"a; b;c\""),
            ("a;-1", "\"a;'-1\""),
        ] {
            assert_eq!(cell(text), made);
        }
    }

    /// Cells as a spreadsheet with this separator has them that knows quotes and nothing else.
    fn cells(line: &str, separator: char) -> Vec<String> {
        let mut cells = vec![String::new()];
        let (mut quoted, mut fresh) = (false, true);
        let mut rest = line.trim_end_matches("\r\n").chars().peekable();
        while let Some(character) = rest.next() {
            match character {
                '"' if fresh && !quoted => quoted = true,
                '"' if quoted && rest.peek() == Some(&'"') => {
                    rest.next();
                    cells.last_mut().unwrap().push('"');
                }
                '"' if quoted => quoted = false,
                _ if character == separator && !quoted => {
                    cells.push(String::new());
                    fresh = true;
                    continue;
                }
                _ => cells.last_mut().unwrap().push(character),
            }
            fresh = false;
        }
        cells
    }

    #[test]
    fn no_separator_makes_a_cell_of_a_formula() {
        for text in [
            "a;=1+1",
            "a; =1",
            "a;\t=1",
            "a\t=1",
            ";;;=1",
            "a;\"=1",
            "a;\"\"=1",
            "a\";\"=1\";\"@x",
            "\";+1",
            "a;\u{200b}-1",
            "a;＝1",
            "=1;=2",
            "x;\n@SUM(A1)",
            "a;b;c;%0A=1",
        ] {
            for separator in [',', ';', '\t'] {
                let mut line = HEAD.map(|_| "x".to_owned());
                for at in [0, 1, HEAD.len() - 1] {
                    line[at] = text.to_owned();
                }
                for cell in cells(&super::line(&line), separator) {
                    let seen =
                        cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || is_unseen(c));
                    let signs = ['=', '+', '-', '@', '＝', '%'];
                    assert!(!seen.starts_with(signs), "{text:?} with {separator:?} has the cell {cell:?}");
                }
            }
        }
    }

    #[test]
    fn a_quote_does_not_close_the_cell() {
        assert_eq!(cell("\",=1"), "\"\"\",=1\"");
    }
}
