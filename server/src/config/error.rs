//! What can be wrong with a configuration. Each text names the file, key or variable to correct.

use std::path::PathBuf;
use thiserror::Error;

/// A configuration that is refused.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file `{}` cannot be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("the configuration file `{}` is not valid", path.display())]
    Parse {
        /// Which.
        path: PathBuf,
        /// Where and why, with the key.
        source: Box<toml::de::Error>,
    },
    /// A variable that means nothing.
    #[error("the environment variable `{0}` is not known; check its spelling or unset it")]
    UnknownVariable(String),
    /// A value that makes no sense.
    #[error("`{name}` {problem}")]
    Value {
        /// The key or the variable.
        name: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
}

impl ConfigError {
    pub(crate) fn value(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Value { name: name.into(), problem: problem.into() }
    }
}
