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
/// the signs. Control characters and lines become blanks.
fn cell(text: &str) -> String {
    let text: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let seen = text.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c));
    let formula = seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '|', '%']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

/// Characters without width that a spreadsheet may drop.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::cell;

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
        ] {
            assert_eq!(cell(text), made);
        }
    }

    #[test]
    fn a_quote_does_not_close_the_cell() {
        assert_eq!(cell("\",=1"), "\"\"\",=1\"");
    }
}
