//! `[[http_adapter]]`: the endpoints that decisions may run through. What a section may hold is for `routers` to say; here
//! only where its secrets come from, and that two never share a name.

use super::{ConfigError, environment};
use routers::HttpConfig;
use routers::http::Secrets;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the secrets from the variable or the file.
pub(super) fn read_secrets(
    endpoint: &mut HttpConfig,
    variables: &BTreeMap<String, String>,
) -> Result<(), ConfigError> {
    let variable = endpoint.secret_variable();
    if let Some(text) = environment::secret(variables, &variable, endpoint.secret_file.as_deref())? {
        let from =
            if variables.contains_key(&variable) { variable } else { "http_adapter.secret_file".to_owned() };
        endpoint.secrets = Secrets::parse(&text).map_err(|problem| ConfigError::value(from, problem))?;
    }
    Ok(())
}

/// Refuses two endpoints of one name.
pub(super) fn check(endpoints: &[HttpConfig]) -> Result<(), ConfigError> {
    let mut names = BTreeSet::new();
    match endpoints.iter().find(|endpoint| !names.insert(endpoint.name.as_str())) {
        Some(twice) => {
            Err(ConfigError::value("http_adapter.name", format!("`{}` is there twice", twice.name)))
        }
        None => Ok(()),
    }
}
