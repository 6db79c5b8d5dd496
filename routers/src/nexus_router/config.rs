//! A nexus-router as the operator declares it. Refuses what makes no sense, in words that say what to change.

use crate::http::{Endpoint, SystemNames};
use crate::reach;
use control::routers::SecretValues;
use reqwest::Client;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;

/// The declaration.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NexusRouterConfig {
    /// Its name; its adapters' ids are `nexus-router:<name>:<adapter>`.
    pub name: String,
    /// Program and arguments of an MCP server that speaks on its standard input and output.
    #[serde(default)]
    pub command: Vec<String>,
    /// Or the address of one that speaks streamable HTTP.
    pub url: Option<Endpoint>,
    /// Private ranges in which that address may be.
    #[serde(default)]
    pub allow_private: Vec<String>,
    /// Authorities that its certificate may come from, as PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Longest run, in seconds.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// Working folder of the command; the server's own when absent.
    pub working_dir: Option<PathBuf>,
    /// Names of environment variables that the command gets from the server.
    #[serde(default)]
    pub env: Vec<String>,
    /// The same, whose values are never logged, shown or stored.
    #[serde(default)]
    pub secret_env: Vec<String>,
    /// Where the router keeps its runs, for one whose `nexus-router.export` must be told.
    pub db_path: Option<String>,
    /// Its adapters, for a router that does not offer `nexus-router.adapters`.
    #[serde(default, rename = "adapter")]
    pub adapters: Vec<NexusAdapterConfig>,
    /// A file that holds what the address wants to see as a bearer token, and nothing else.
    pub token_file: Option<PathBuf>,
    /// The token, once it was read.
    #[serde(skip)]
    pub token: Option<String>,
}

/// An adapter of a router that does not say what it has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NexusAdapterConfig {
    /// Its id over there.
    pub id: String,
    /// What it does, for people.
    #[serde(default)]
    pub description: String,
    /// What policies may require of it.
    #[serde(default)]
    pub capabilities: Vec<String>,
}

fn default_timeout() -> u64 {
    300
}

impl std::fmt::Debug for NexusRouterConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = if self.token.is_some() { "set" } else { "none" };
        f.debug_struct("NexusRouterConfig")
            .field("name", &self.name)
            .field("command", &self.command)
            .field("url", &self.url)
            .field("token", &token)
            .finish_non_exhaustive()
    }
}

impl NexusRouterConfig {
    /// The variable that its token is read from: `NEXUS_ROUTER_<NAME>_TOKEN`.
    pub fn token_variable(&self) -> String {
        let name = self.name.to_uppercase().replace(['-', '.'], "_");
        format!("NEXUS_ROUTER_{name}_TOKEN")
    }

    /// Checks the declaration, and makes the client where there is an address. The refusal says what to change.
    pub(super) fn client(&self) -> Result<Option<Client>, String> {
        let name = &self.name;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.len() > 50 || !name.chars().all(plain) {
            return Err(format!("router name `{name}` must have 1 to 50 letters, digits, `-`, `_` or `.`"));
        }
        if !(1..=24 * 3600).contains(&self.timeout_seconds) {
            return Err(format!("router `{name}`: timeout_seconds must be 1 to 86400"));
        }
        let refused = |why: String| format!("router `{name}`: {why}");
        if let Some(adapter) = self.adapters.iter().find(|adapter| !is_adapter_id(&adapter.id)) {
            return Err(refused(format!("`{}` cannot be an adapter's id", adapter.id)));
        }
        let for_command = !self.env.is_empty() || !self.secret_env.is_empty() || self.working_dir.is_some();
        let for_url = !self.allow_private.is_empty()
            || self.ca_file.is_some()
            || self.token.is_some()
            || self.token_file.is_some();
        match (self.command.first(), &self.url) {
            (Some(program), None) if !program.is_empty() && !for_url => Ok(None),
            (Some(program), None) if !program.is_empty() => {
                let token = self.token_variable();
                Err(refused(format!(
                    "allow_private, ca_file and {token} are for a url, and this one has a command"
                )))
            }
            (None, Some(_)) if for_command => Err(refused(
                "env, secret_env and working_dir are for a command, and this one has a url".to_owned(),
            )),
            (None, Some(url)) => {
                let names = Arc::new(SystemNames);
                reach::client(url, &self.allow_private, self.ca_file.as_deref(), names)
                    .map(Some)
                    .map_err(refused)
            }
            _ => Err(refused("it needs either a command or a url, and not both".to_owned())),
        }
    }

    /// Values that must never be logged, shown or stored. Refuses, in words, one that could not be found again.
    pub(super) fn secrets(&self) -> Result<SecretValues, String> {
        let values = SecretValues::of_variables(&self.secret_env, |name| std::env::var_os(name));
        let values = values.map_err(|why| format!("router `{}`: {why}", self.name))?;
        Ok(values.and(self.token.clone()))
    }
}

/// Whether a router's own id for an adapter can be part of ours.
pub(super) fn is_adapter_id(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/@".contains(c);
    !id.is_empty() && id.len() <= 100 && id.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(text: &str, token: Option<&str>) -> Result<(), String> {
        let mut config: NexusRouterConfig = serde_json::from_str(text).map_err(|why| why.to_string())?;
        config.token = token.map(str::to_owned);
        assert!(!format!("{config:?}").contains("s3cret"));
        config.client().map(|_| ())
    }

    #[test]
    fn one_command_or_one_address() {
        declared(r#"{"name":"ops","command":["/bin/router"]}"#, None).unwrap();
        declared(r#"{"name":"ops","url":"https://router.example.com/mcp?key=s3cret"}"#, Some("s3cret"))
            .unwrap();
        for (text, token, word) in [
            (r#"{"name":"ops"}"#, None, "either"),
            (r#"{"name":"ops","command":[""]}"#, None, "either"),
            (r#"{"name":"ops","command":["r"],"url":"https://a.example"}"#, None, "either"),
            (r#"{"name":"ops","command":["r"]}"#, Some("s3cret"), "NEXUS_ROUTER_OPS_TOKEN"),
            (r#"{"name":"ops","url":"https://a.example","env":["PATH"]}"#, None, "for a command"),
            (r#"{"name":"a:b","command":["r"]}"#, None, "a:b"),
            (r#"{"name":"ops","command":["r"],"timeout_seconds":0}"#, None, "timeout_seconds"),
            (r#"{"name":"ops","command":["r"],"adapter":[{"id":"a b"}]}"#, None, "a b"),
            (r#"{"name":"ops","command":["r"],"shell":true}"#, None, "shell"),
        ] {
            let words = declared(text, token).unwrap_err();
            assert!(words.contains(word), "{words}");
        }
    }

    #[test]
    fn an_address_that_nobody_opened_is_refused() {
        let at = |url: &str, opened: &str| {
            declared(&format!(r#"{{"name":"ops","url":"{url}","allow_private":[{opened}]}}"#), Some("s3cret"))
        };
        at("http://127.0.0.1:9/mcp", r#""127.0.0.0/8""#).unwrap();
        for url in [
            "http://router.example.com/mcp",
            "https://127.0.0.1/mcp",
            "https://10.0.0.5/mcp",
            "https://[::1]/",
        ] {
            at(url, "").unwrap_err();
        }
        at("https://u:s3cret@router.example.com/", "").unwrap_err();
    }
}
