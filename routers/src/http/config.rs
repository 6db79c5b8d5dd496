//! `[[http_adapter]]`: an endpoint as the operator declares it. What makes no sense, and what could never be reached, is
//! refused before anything starts.

use super::message::Secrets;
use super::resolve::Names;
use control::routers::SecretValues;
use reqwest::{Client, Url};
use serde::Deserialize;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// An endpoint that runs what was approved.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// Its name; the adapter's id is `http:<name>`.
    pub name: String,
    /// What it does, for people.
    #[serde(default)]
    pub description: String,
    /// Where requests are sent.
    pub url: Endpoint,
    /// What policies may require of it.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Longest run, all attempts together, in seconds.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// Whether the endpoint does the same run only once, however often it is asked: only then is a request sent again.
    #[serde(default)]
    pub idempotent: bool,
    /// Most attempts.
    #[serde(default = "default_attempts")]
    pub attempts: u32,
    /// Private ranges in which the endpoint may be.
    #[serde(default)]
    pub allow_private: Vec<String>,
    /// Authorities that its certificate may come from, as PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// A file that holds the secret, or several, and nothing else.
    pub secret_file: Option<PathBuf>,
    /// The secrets, once they were read.
    #[serde(skip)]
    pub secrets: Secrets,
}

fn default_timeout() -> u64 {
    60
}

fn default_attempts() -> u32 {
    3
}

/// Where requests are sent. Printed without path and query: they may hold a token.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Endpoint(pub(crate) Url);

impl TryFrom<String> for Endpoint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let url = Url::parse(&text).map_err(|error| format!("is no address of an endpoint: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err("is no address such as `https://hooks.example.com/run`".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("has a name or password in it; requests are signed instead".to_owned());
        }
        Ok(Self(url))
    }
}

/// A part of an address counts as a secret by itself when it has so many bytes; shorter ones stand everywhere.
const TELLING: usize = 8;

impl Endpoint {
    /// What may be a token: the path with the query, the query, and whatever is long enough in them.
    fn hidden(&self) -> Vec<String> {
        let (path, query) = (self.0.path().to_owned(), self.0.query());
        let mut hidden: Vec<String> = query.map(|query| format!("{path}?{query}")).into_iter().collect();
        hidden.extend(query.map(str::to_owned));
        let values = self.0.query_pairs().map(|(_, value)| value.into_owned());
        hidden.extend(values.chain([path]).filter(|part| part.len() >= TELLING));
        hidden
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl HttpConfig {
    /// Checks the declaration and makes the client that reaches this endpoint and nothing else. The refusal says what
    /// to change.
    pub(super) fn client(&self, names: Arc<dyn Names>) -> Result<Client, String> {
        let name = &self.name;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
            return Err(format!("HTTP adapter `{name}`: its name may have 1 to 40 of a-z, 0-9 and `-`"));
        }
        let refused = |why: String| format!("HTTP adapter `{name}`: {why}");
        if !(1..=24 * 3600).contains(&self.timeout_seconds) {
            return Err(refused("timeout_seconds must be 1 to 86400".to_owned()));
        }
        if !(1..=10).contains(&self.attempts) {
            return Err(refused("attempts must be 1 to 10".to_owned()));
        }
        if self.secrets.is_empty() {
            return Err(refused(format!(
                "requests are signed: set {} or secret_file",
                self.secret_variable()
            )));
        }
        crate::reach::client(&self.url, &self.allow_private, self.ca_file.as_deref(), names).map_err(refused)
    }

    /// What is never shown or stored of what the endpoint says: it knows its secrets and its address, and may repeat them.
    pub(super) fn hidden(&self) -> SecretValues {
        SecretValues::new(self.secrets.values().chain(self.url.hidden()))
    }

    /// The variable that may hold the secrets.
    pub fn secret_variable(&self) -> String {
        format!("NEXUS_HTTP_{}_SECRET", self.name.to_uppercase().replace('-', "_"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::resolve::SystemNames;
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn declared(value: serde_json::Value) -> Result<HttpConfig, String> {
        let mut config: HttpConfig = serde_json::from_value(value).map_err(|error| error.to_string())?;
        config.secrets = Secrets::parse(SECRET).unwrap();
        config.client(Arc::new(SystemNames)).map(|_| config)
    }

    fn with(member: &str, value: impl Into<serde_json::Value>) -> Result<HttpConfig, String> {
        let mut all =
            serde_json::json!({ "name": "keys", "url": "https://hooks.example.com/run?token=t0ken" });
        all[member] = value.into();
        declared(all)
    }

    #[test]
    fn an_endpoint_is_declared_with_little_and_never_printed_with_its_token() {
        let config = with("idempotent", true).unwrap();
        assert_eq!((config.timeout_seconds, config.attempts, config.idempotent), (60, 3, true));
        assert_eq!(config.url.to_string(), "https://hooks.example.com");
        let printed = format!("{config:?}");
        assert!(!printed.contains("t0ken") && !printed.contains("MfKQ"), "{printed}");
        assert_eq!(with("name", "key-rota").unwrap().secret_variable(), "NEXUS_HTTP_KEY_ROTA_SECRET");
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (member, value, says) in [
            ("name", serde_json::json!("Keys"), "a-z"),
            ("name", "".into(), "1 to 40"),
            ("url", "hooks.example.com".into(), "address"),
            ("url", "ftp://hooks.example.com".into(), "https://"),
            ("url", "https://me:pw@hooks.example.com".into(), "password"),
            ("timeout_seconds", 0.into(), "timeout_seconds"),
            ("timeout_seconds", 86_401.into(), "timeout_seconds"),
            ("attempts", 0.into(), "attempts"),
            ("attempts", 11.into(), "attempts"),
            ("allow_private", serde_json::json!(["0.0.0.0/0"]), "0.0.0.0/0"),
            ("ca_file", "/nowhere/ca.pem".into(), "/nowhere/ca.pem"),
            ("secret", SECRET.into(), "secret"),
        ] {
            let refused = with(member, value).unwrap_err();
            assert!(refused.contains(says), "{says}: {refused}");
            assert!(!refused.contains("MfKQ"), "{refused}");
        }
        let mut unsigned = with("attempts", 1).unwrap();
        unsigned.secrets = Secrets::default();
        let refused = unsigned.client(Arc::new(SystemNames)).unwrap_err();
        assert!(refused.contains("NEXUS_HTTP_KEYS_SECRET"), "{refused}");
    }

    /// Every way to write an address that stands in a URL, and none of them reaches a private one unasked.
    #[test]
    fn an_address_in_the_url_is_checked_like_a_resolved_one() {
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://017700000001/",
            "https://127.0.0.1./",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest",
            "https://[64:ff9b::a00:1]/",
            "https://0.0.0.0/",
            "https://[fd00::1]/",
            "https://１２７.0.0.1/",
            "http://hooks.example.com/",
            "http://8.8.8.8/",
        ] {
            let refused = with("url", url).unwrap_err();
            assert!(refused.contains("allow_private"), "{url}: {refused}");
        }
        with("url", "https://8.8.8.8/").unwrap();
        for (url, opened, good) in [
            ("http://127.0.0.1:8080/run", "127.0.0.0/8", true),
            ("http://[::1]:8080/run", "::1", true),
            ("http://inner.example.com/", "10.0.0.0/8", true),
            ("http://8.8.8.8/", "10.0.0.0/8", false),
            ("https://8.8.8.8/", "10.0.0.0/8", true),
            ("https://127.0.0.1/", "10.0.0.0/8", false),
        ] {
            let config = serde_json::json!({ "name": "keys", "url": url, "allow_private": [opened] });
            assert_eq!(declared(config).is_ok(), good, "{url}");
        }
    }
}
