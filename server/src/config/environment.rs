//! `NEXUS_…` variables. The only place that knows their names.

use super::{Config, ConfigError, Oidc};
use routers::{HttpConfig, NexusRouterConfig};
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

const KNOWN: [&str; 10] = [
    "NEXUS_CONFIG",
    "NEXUS_DATABASE_URL",
    "NEXUS_LISTEN",
    "NEXUS_LOG",
    "NEXUS_LOG_FORMAT",
    "NEXUS_PUBLIC_URL",
    "NEXUS_SESSION_HOURS",
    "NEXUS_SESSION_IDLE_MINUTES",
    "NEXUS_SIGN_IN_LOCAL",
    "NEXUS_TRUSTED_PROXIES",
];

/// What tests, the tool chain, runs and the client's commands set beside it; read elsewhere or not at all.
const BESIDE: [&str; 6] =
    ["NEXUS_BIN", "NEXUS_CONFORMANCE_DIR", "NEXUS_RUN_ID", "NEXUS_KEY", "NEXUS_KEY_FILE", "NEXUS_URL"];

/// Ours among all variables. Refuses one that starts like ours and is not known.
pub fn ours(
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut ours = BTreeMap::new();
    for (name, value) in variables {
        if !name.starts_with("NEXUS_") || name.starts_with("NEXUS_TEST_") || BESIDE.contains(&name.as_str()) {
            continue;
        }
        if !KNOWN.contains(&name.as_str()) && !is_secret(&name) {
            return Err(ConfigError::UnknownVariable(name));
        }
        ours.insert(name, value);
    }
    Ok(ours)
}

/// Overrides what the file says.
pub fn apply(config: &mut Config, variables: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    for (name, value) in variables {
        match name.as_str() {
            "NEXUS_LISTEN" => {
                config.http.listen = parsed(name, value, "is no address such as `127.0.0.1:3000`")?;
            }
            "NEXUS_PUBLIC_URL" => {
                config.http.public_url =
                    Some(value.parse().map_err(|problem: String| ConfigError::value(name, problem))?);
            }
            "NEXUS_TRUSTED_PROXIES" => {
                config.http.trusted_proxies = value
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(|item| item.parse().map_err(|problem: String| ConfigError::value(name, problem)))
                    .collect::<Result<_, _>>()?;
            }
            "NEXUS_DATABASE_URL" => config.database.url = Some(value.clone()),
            "NEXUS_SIGN_IN_LOCAL" => {
                config.sign_in.local = parsed(name, value, "is neither `true` nor `false`")?;
            }
            "NEXUS_LOG" => config.log.filter.clone_from(value),
            "NEXUS_LOG_FORMAT" => {
                config.log.format =
                    value.parse().map_err(|problem: String| ConfigError::value(name, problem))?;
            }
            "NEXUS_SESSION_IDLE_MINUTES" => {
                config.session.idle_minutes = parsed(name, value, "is no whole number of minutes")?;
            }
            "NEXUS_SESSION_HOURS" => {
                config.session.hours = parsed(name, value, "is no whole number of hours")?;
            }
            name if is_secret(name) && !secret_variables(config).any(|one| one == name) => {
                return Err(ConfigError::UnknownVariable(name.to_owned()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The secret of a sign-in provider, an endpoint or a router, whose name stands in the middle.
fn is_secret(name: &str) -> bool {
    let between = |start, end| name.starts_with(start) && name.ends_with(end);
    between("NEXUS_OIDC_", "_CLIENT_SECRET")
        || between("NEXUS_HTTP_", "_SECRET")
        || between("NEXUS_ROUTER_", "_TOKEN")
}

/// The variables that hold the secrets of what is declared.
fn secret_variables(config: &Config) -> impl Iterator<Item = String> {
    let providers = config.oidc.iter().map(Oidc::secret_variable);
    let endpoints = config.http_adapters.iter().map(HttpConfig::secret_variable);
    let routers = config.nexus_routers.iter().map(NexusRouterConfig::token_variable);
    providers.chain(endpoints).chain(routers)
}

/// A secret from its variable, else from its file.
pub fn secret(
    variables: &BTreeMap<String, String>,
    variable: &str,
    file: Option<&Path>,
) -> Result<Option<String>, ConfigError> {
    match (variables.get(variable), file) {
        (Some(value), _) => Ok(Some(value.clone())),
        (None, Some(path)) => std::fs::read_to_string(path)
            .map(Some)
            .map_err(|source| ConfigError::Read { path: path.to_path_buf(), source }),
        (None, None) => Ok(None),
    }
}

fn parsed<T: FromStr>(name: &str, value: &str, problem: &str) -> Result<T, ConfigError> {
    value.trim().parse().map_err(|_| ConfigError::value(name, problem))
}
