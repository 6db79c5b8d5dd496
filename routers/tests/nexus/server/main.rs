//! A real MCP server process with nexus-router's tools, for the tests: over its pipes, or over HTTP with `--http`. It is
//! strict about what it is asked, writes down every call, and misbehaves as `--mode` says.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test's server fails by panicking"
)]

mod ask;
mod http;
mod router;
mod stdio;

use std::io::Write as _;
use std::path::PathBuf;

/// How it was started.
#[derive(Clone)]
pub struct Options {
    /// How it misbehaves.
    pub mode: String,
    /// Where it writes down what it was asked.
    pub log: PathBuf,
    /// The bearer token that it wants to see.
    pub token: Option<String>,
}

impl Options {
    /// Writes down one thing.
    pub fn note(&self, what: &str) {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        file.write_all(format!("{what}\n").as_bytes()).unwrap();
    }

    /// How often it was written down before.
    pub fn noted(&self, what: &str) -> usize {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().filter(|line| *line == what).count()
    }

    /// Whether it misbehaves so.
    pub fn is(&self, mode: &str) -> bool {
        self.mode == mode
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let options = Options {
        mode: after("--mode").unwrap_or_default(),
        log: after("--log").expect("--log FILE").into(),
        token: after("--token"),
    };
    options.note(&format!("started {}", std::process::id()));
    let mut variables: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
    variables.sort();
    options.note(&format!("env {}", variables.join(",")));
    if arguments.iter().any(|argument| argument == "--http") {
        http::serve(&options);
    } else {
        stdio::serve(&options);
    }
}
