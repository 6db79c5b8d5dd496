//! The style sheets, as one: `style/main.css` with its local imports put in, or all of `style/` in name order.
//! Refuses to be a CSS compiler: an import it does not understand stays an error, not a guess.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The text of the one style sheet; empty where there is no `style/`.
pub fn bundle(folder: &Path) -> Result<String> {
    let main = folder.join("main.css");
    if main.exists() {
        let text = fs::read_to_string(&main)?;
        if text.lines().any(|line| line.trim_start().starts_with("@import")) {
            return Ok(squeezed(&inline(folder, &text)?));
        }
    }
    let Ok(entries) = fs::read_dir(folder) else { return Ok(String::new()) };
    let mut sheets = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    sheets.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
    sheets.sort();
    let mut bundle = String::new();
    for sheet in sheets {
        bundle.push_str(&read(&sheet)?);
    }
    Ok(squeezed(&bundle))
}

/// Without comments and indentation, which readers of the source need and browsers load for nothing.
fn squeezed(text: &str) -> String {
    let (mut bare, mut rest) = (String::with_capacity(text.len()), text);
    let mut quote = None;
    loop {
        if quote.is_none() && rest.starts_with("/*") {
            // A comment that never ends takes the rest with it, as it would in a browser.
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        quote = match quote {
            None if c == '"' || c == '\'' => Some(c),
            Some(open) if open == c => None,
            same => same,
        };
        bare.push(c);
    }
    let lines: Vec<&str> = bare.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n") + "\n"
}

fn inline(folder: &Path, text: &str) -> Result<String> {
    let mut bundle = String::new();
    for line in text.lines() {
        if !line.trim_start().starts_with("@import") {
            bundle.push_str(line);
            bundle.push('\n');
            continue;
        }
        let (file, layer) = parse_import(line)?;
        let sheet = read(&folder.join(file))?;
        match layer {
            Some(layer) => bundle.extend(["@layer ", layer, " {\n", sheet.as_str(), "}\n"]),
            None => bundle.push_str(&sheet),
        }
    }
    Ok(bundle)
}

/// `@import "x.css";`, `@import url("x.css");` and either with `layer(name)`.
fn parse_import(line: &str) -> Result<(&str, Option<&str>)> {
    let rest = line.trim().trim_start_matches("@import").trim();
    let mut parts = rest.split(['"', '\'']);
    let (Some(before), Some(file), Some(after)) = (parts.next(), parts.next(), parts.next()) else {
        bail!("`{}` names no quoted file", line.trim());
    };
    let after = after.trim_start_matches(')').trim().trim_end_matches(';').trim();
    let layer = after.strip_prefix("layer(").and_then(|layer| layer.strip_suffix(')'));
    let is_known = (before.is_empty() || before == "url(") && (after.is_empty() || layer.is_some());
    if !is_known || file.contains("//") {
        bail!("`{}` is not an import of a local sheet, with or without a layer", line.trim());
    }
    Ok((file.trim_start_matches("./"), layer))
}

fn read(sheet: &Path) -> Result<String> {
    let mut text =
        fs::read_to_string(sheet).with_context(|| format!("{} cannot be read", sheet.display()))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_plain_and_layered_imports() {
        assert_eq!(parse_import("@import \"./a.css\";").unwrap(), ("a.css", None));
        assert_eq!(parse_import("@import url('b.css') layer(base);").unwrap(), ("b.css", Some("base")));
    }

    #[test]
    fn comments_and_indentation_go_and_quoted_texts_stay() {
        let text = "/* why */\na {\n  content: \" /* no comment */ \";\n  color: red; /* x */\n}\n\n/* open";
        assert_eq!(squeezed(text), "a {\ncontent: \" /* no comment */ \";\ncolor: red;\n}\n");
    }

    #[test]
    fn refuses_other_imports() {
        assert!(parse_import("@import \"a.css\" screen;").is_err());
        assert!(parse_import("@import \"//elsewhere/a.css\";").is_err());
        assert!(parse_import("@import a.css;").is_err());
    }
}
