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
fn raw_html_is_set_in_three_places_only() {
    assert_eq!(users("inner_html="), ["components/made.rs", "components/text_area.rs", "shell.rs"]);
}

#[test]
fn nothing_is_inline() {
    for word in [" style=", " style:", "onclick=", "oninput=", "onsubmit=", "javascript:"] {
        assert_eq!(users(word), Vec::<String>::new(), "{word}");
    }
}

/// The files that the browser's half is made of: every module but those for the server and for tests.
fn alive_sources(file: &Path, children: &Path, found: &mut Vec<PathBuf>) {
    let text = fs::read_to_string(file).unwrap();
    found.push(file.to_owned());
    let mut condition = "";
    for line in text.lines().map(str::trim) {
        let module = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ").strip_prefix("mod ");
        if let Some(name) = module.and_then(|rest| rest.strip_suffix(';'))
            && !condition.contains("\"ssr\"")
            && !condition.contains("test")
        {
            let (flat, deep) = (children.join(format!("{name}.rs")), children.join(name));
            alive_sources(&if flat.exists() { flat } else { deep.join("mod.rs") }, &deep, found);
        }
        condition = if line.starts_with("#[cfg") { line } else { "" };
    }
}

/// The tags in which this file writes an address of ours down, each with the address.
fn written_links(text: &str) -> Vec<(String, String)> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let found = code.match_indices("<a ").filter_map(|(at, _)| {
        let tag = code[at..].split('>').next()?;
        let href = tag.split("href=\"").nth(1)?.split('"').next()?;
        Some((tag.to_owned(), href.to_owned()))
    });
    found.collect()
}

#[test]
fn a_link_from_an_alive_page_to_a_plain_one_is_left_to_the_browser() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    alive_sources(&root.join("lib.rs"), &root, &mut files);
    assert!(files.iter().any(|file| file.ends_with("components/frame.rs")), "{files:?}");
    assert!(
        !files.iter().any(|file| file.ends_with("pages/keys.rs") || file.ends_with("plain.rs")),
        "{files:?}"
    );
    let (mut links, mut wrong) = (0, Vec::new());
    for file in files {
        for (tag, href) in written_links(&fs::read_to_string(&file).unwrap()) {
            links += 1;
            if crate::alive::rel(&href).is_some() != tag.contains("rel=\"external\"") {
                wrong.push(format!("{}: {tag}>", file.display()));
            }
        }
    }
    assert!(links > 5, "the links are found");
    assert!(wrong.is_empty(), "rel=\"external\" is missing, or one too many: {wrong:#?}");
}

#[test]
fn files_open_with_what_they_are_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root) {
        assert!(fs::read_to_string(&path).unwrap().starts_with("//! "), "{}", path.display());
    }
}
