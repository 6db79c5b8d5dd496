//! The configuration: defaults, then a TOML file, then `NEXUS_…` variables, each overriding what came before.
//! Refuses what it does not know, by name, so that a misspelt setting never silently means its default.

mod adapter;
mod database;
mod environment;
mod error;
mod http;
mod http_adapter;
mod log;
mod nexus_router;
mod oidc;
mod proxy;
mod public_url;
mod session;
mod sign_in;

pub use database::Database;
pub use error::ConfigError;
pub use http::Http;
pub use log::{Format, Log};
pub use oidc::Oidc;
pub use proxy::ProxyRange;
pub use public_url::PublicUrl;
pub use session::Session;
pub use sign_in::{Common, RoleRule, Saml, Secret, SignIn};

use control::routers::{GateConfig, SubprocessConfig};
use routers::{HttpConfig, NexusRouterConfig};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The file that is read when none is named and this one is there.
const DEFAULT_FILE: &str = "nexus-control.toml";

/// Everything that can be set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where it listens and how others reach it.
    pub http: Http,
    /// Where the data is.
    pub database: Database,
    /// What is logged, and how.
    pub log: Log,
    /// How long a sign-in lasts.
    pub session: Session,
    /// Whether people may sign in with a password.
    pub sign_in: SignIn,
    /// OpenID Connect providers: `[[oidc]]`, once for each.
    pub oidc: Vec<Oidc>,
    /// SAML providers: `[[saml]]`, once for each.
    pub saml: Vec<Saml>,
    /// Runs that whoever asked carries out: `[gate]`.
    pub gate: GateConfig,
    /// Commands that decisions may run: `[[adapter]]`, once for each.
    #[serde(rename = "adapter")]
    pub adapters: Vec<SubprocessConfig>,
    /// Endpoints that run what was approved: `[[http_adapter]]`, once for each.
    #[serde(rename = "http_adapter")]
    pub http_adapters: Vec<HttpConfig>,
    /// Routers that speak MCP: `[[nexus_router]]`, once for each.
    #[serde(rename = "nexus_router")]
    pub nexus_routers: Vec<NexusRouterConfig>,
}

impl Config {
    /// Reads file and environment. The file is `named`, else `NEXUS_CONFIG`, else `nexus-control.toml` when it is there.
    pub fn load(
        named: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let variables = environment::ours(variables)?;
        let file = named.map(Path::to_path_buf).or_else(|| variables.get("NEXUS_CONFIG").map(PathBuf::from));
        let mut config = match file {
            Some(path) => Self::read(&path)?,
            None if Path::new(DEFAULT_FILE).exists() => Self::read(Path::new(DEFAULT_FILE))?,
            None => Self::default(),
        };
        environment::apply(&mut config, &variables)?;
        for provider in &mut config.oidc {
            provider.read_secret(&variables)?;
        }
        for endpoint in &mut config.http_adapters {
            http_adapter::read_secrets(endpoint, &variables)?;
        }
        for router in &mut config.nexus_routers {
            nexus_router::read_token(router, &variables)?;
        }
        config.check()?;
        Ok(config)
    }

    /// How people reach it: as configured, else by where it listens.
    pub fn public_url(&self) -> PublicUrl {
        self.http.public_url.clone().unwrap_or_else(|| PublicUrl::of_address(self.http.listen))
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_path_buf(), source })?;
        Self::parse(&text)
            .map_err(|source| ConfigError::Parse { path: path.to_path_buf(), source: Box::new(source) })
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.log.check()?;
        self.session.check()?;
        sign_in::check(&self.oidc, &self.saml)?;
        adapter::check(&self.adapters)?;
        http_adapter::check(&self.http_adapters)?;
        nexus_router::check(&self.nexus_routers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn load(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(None, variables(pairs))
    }

    #[test]
    fn the_defaults_run_on_this_machine_alone() {
        let config = load(&[]).unwrap();
        assert_eq!(config.http.listen.to_string(), "127.0.0.1:3000");
        assert_eq!(config.database.url(false), "sqlite://nexus.db");
        assert_eq!(config.database.url(true), "sqlite://nexus-demo.db");
        assert_eq!(config.public_url().as_str(), "http://127.0.0.1:3000");
        assert!(config.adapters.is_empty());
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        for (text, key) in [
            ("[http]\nlistem = '127.0.0.1:1'\n", "listem"),
            ("[htpp]\n", "htpp"),
            ("[session]\nminutes = 3\n", "minutes"),
            ("[[adapter]]\nname = 'a'\ncommand = ['/bin/echo']\nshell = true\n", "shell"),
        ] {
            let error = Config::parse(text).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }

    #[test]
    fn an_unknown_variable_is_refused_by_name() {
        let error = load(&[("NEXUS_LISTN", "127.0.0.1:1")]).unwrap_err().to_string();
        assert!(error.contains("NEXUS_LISTN"), "{error}");
        load(&[
            ("NEXUS_TEST_POSTGRES", "x"),
            ("NEXUS_BIN", "x"),
            ("NEXUS_CONFORMANCE_DIR", "x"),
            ("HOME", "/"),
        ])
        .unwrap();
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let path = std::env::temp_dir().join(format!("nexus-config-{}.toml", std::process::id()));
        std::fs::write(&path, "[http]\nlisten = '127.0.0.1:4000'\n[session]\nhours = 5\n").unwrap();
        let named = path.to_str().unwrap().to_owned();
        let config = load(&[("NEXUS_CONFIG", &named), ("NEXUS_LISTEN", "[::1]:5000")]).unwrap();
        assert_eq!(config.http.listen.to_string(), "[::1]:5000");
        assert_eq!(config.session.hours, 5);
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_value_that_makes_no_sense_is_refused_by_name() {
        for (name, value) in [
            ("NEXUS_LISTEN", "nowhere"),
            ("NEXUS_PUBLIC_URL", "nexus.example"),
            ("NEXUS_LOG_FORMAT", "xml"),
            ("NEXUS_LOG", "server=loud"),
            ("NEXUS_SESSION_HOURS", "0"),
            ("NEXUS_SESSION_IDLE_MINUTES", "soon"),
            ("NEXUS_TRUSTED_PROXIES", "10.0.0.0/33"),
        ] {
            let error = load(&[(name, value)]).unwrap_err().to_string();
            let setting = name.trim_start_matches("NEXUS_").to_lowercase();
            let named = error.contains(name)
                || error.replace('.', "_").contains(&setting)
                || error.contains("log.filter");
            assert!(named, "{name}: {error}");
        }
    }

    #[test]
    fn a_named_file_that_is_not_there_is_refused() {
        let error = Config::load(Some(Path::new("/nowhere/at/all.toml")), []).unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all.toml"), "{error}");
    }

    #[test]
    fn the_example_is_valid() {
        let example = Config::parse(include_str!("../../../nexus-control.example.toml")).unwrap();
        example.check().unwrap();
        assert_eq!(example.adapters.len(), 1);
    }

    #[test]
    fn a_password_in_the_database_address_is_not_printed() {
        let config = load(&[("NEXUS_DATABASE_URL", "postgres://nexus:s3cret@db/nexus")]).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
    }
}
