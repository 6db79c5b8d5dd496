//! `[log]`: what is written to standard error, and in which form.

use super::ConfigError;
use serde::Deserialize;
use std::io::IsTerminal as _;
use std::str::FromStr;
use tracing_subscriber::EnvFilter;

/// The form of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("is neither `text` nor `json`".to_owned()),
        }
    }
}

/// The section.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A filter such as `info` or `info,store=debug`.
    pub filter: String,
    /// The form.
    pub format: Format,
}

impl Default for Log {
    fn default() -> Self {
        // A cookie whose session has ended is everyday life; the layer calls it suspicious.
        Self {
            filter: "info,rmcp=warn,tower_sessions=error,tower_sessions_core=error".to_owned(),
            format: Format::Text,
        }
    }
}

impl Log {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        EnvFilter::try_new(&self.filter).map(drop).map_err(|_| {
            ConfigError::value("log.filter", "is no filter such as `info` or `info,store=debug`")
        })
    }

    /// Starts writing. Does nothing where a test already listens.
    pub fn start(&self) {
        let filter = EnvFilter::try_new(&self.filter).unwrap_or_else(|_| EnvFilter::new("info"));
        let lines = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        let started = match self.format {
            Format::Text => lines.try_init(),
            Format::Json => lines.json().flatten_event(true).try_init(),
        };
        drop(started);
    }
}
