//! `[[adapter]]`: the commands that decisions may run. What a section may hold is for `control` to say;
//! here only that two never share a name.

use super::ConfigError;
use control::routers::SubprocessConfig;
use std::collections::BTreeSet;

pub fn check(adapters: &[SubprocessConfig]) -> Result<(), ConfigError> {
    let mut names = BTreeSet::new();
    for adapter in adapters {
        if !names.insert(adapter.name.as_str()) {
            return Err(ConfigError::value("adapter.name", format!("`{}` is there twice", adapter.name)));
        }
    }
    Ok(())
}
