//! `[database]`: where the data is. Its address may hold a password, so it is never printed.

use serde::Deserialize;
use std::fmt;

const DEFAULT: &str = "sqlite://nexus.db";
/// The demo has its own file, so that nobody tries it out on what is real.
const DEMO: &str = "sqlite://nexus-demo.db";

/// The section.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://…`.
    pub url: Option<String>,
}

impl Database {
    /// The address, as given or the default.
    pub fn url(&self, demo: bool) -> &str {
        self.url.as_deref().unwrap_or(if demo { DEMO } else { DEFAULT })
    }

    /// Whether only one process can have the data open: then what no result was recorded for is nobody's any more.
    pub fn is_exclusive(&self) -> bool {
        self.url.as_deref().is_none_or(|url| url.starts_with("sqlite:"))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let engine = self.url.as_deref().and_then(|url| url.split(':').next()).unwrap_or("default");
        f.debug_struct("Database").field("engine", &engine).finish_non_exhaustive()
    }
}
