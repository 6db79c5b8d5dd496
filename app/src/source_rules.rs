//! Rules over this crate's own sources: the two elements that Leptos does not escape appear in one place each, and
//! nothing is inline that the content security policy would block.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

fn users(word: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names: Vec<String> = sources(&root)
        .into_iter()
        .filter(|path| !path.ends_with("source_rules.rs") && !path.ends_with("hostile_text.rs"))
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word))
        })
        .map(|path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_textarea_stands_in_its_component_only() {
    assert_eq!(users("<textarea"), ["components/text_area.rs"]);
}

#[test]
fn a_title_stands_in_its_component_only() {
    assert_eq!(users("<Title "), ["components/page_title.rs"]);
}

#[test]
fn raw_html_is_set_in_two_places_only() {
    assert_eq!(users("inner_html="), ["components/text_area.rs", "shell.rs"]);
}

#[test]
fn nothing_is_inline() {
    for word in [" style=", " style:", "onclick=", "oninput=", "onsubmit=", "javascript:"] {
        assert_eq!(users(word), Vec::<String>::new(), "{word}");
    }
}

#[test]
fn files_open_with_what_they_are_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root) {
        assert!(fs::read_to_string(&path).unwrap().starts_with("//! "), "{}", path.display());
    }
}
