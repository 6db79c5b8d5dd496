//! `NEXUS_…` variables. The only place that knows their names.

use super::{Config, ConfigError};
use std::collections::BTreeMap;
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

/// What tests, the tool chain and runs set beside it; read elsewhere or not at all.
const BESIDE: [&str; 3] = ["NEXUS_BIN", "NEXUS_CONFORMANCE_DIR", "NEXUS_RUN_ID"];

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
            name if is_secret(name) && !config.oidc.iter().any(|one| one.secret_variable() == name) => {
                return Err(ConfigError::UnknownVariable(name.to_owned()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The secret of a sign-in provider, whose name stands in the middle.
fn is_secret(name: &str) -> bool {
    name.starts_with("NEXUS_OIDC_") && name.ends_with("_CLIENT_SECRET")
}

fn parsed<T: FromStr>(name: &str, value: &str, problem: &str) -> Result<T, ConfigError> {
    value.trim().parse().map_err(|_| ConfigError::value(name, problem))
}
