//! The sign-in providers of the configuration, ready to be asked. Nothing is asked at the start: a provider that is down
//! must not keep the server down.

use crate::config::{Config, ConfigError, PublicUrl};
use app::ssr::Way;
use control::access::sso::Provider;
use governance::Value;
use governance::json::object;
use std::collections::BTreeMap;

/// One OpenID Connect provider.
pub struct Oidc {
    /// What the configuration says about its people.
    pub rules: Provider,
    /// The protocol.
    pub protocol: sso::oidc::Provider,
}

/// One SAML provider.
#[cfg(feature = "saml")]
pub struct Saml {
    /// What the configuration says about its people.
    pub rules: Provider,
    /// The protocol.
    pub protocol: sso::saml::Provider,
}

/// All of them, by name.
#[derive(Default)]
pub struct Providers {
    /// OpenID Connect.
    pub oidc: BTreeMap<String, Oidc>,
    /// SAML 2.0.
    #[cfg(feature = "saml")]
    pub saml: BTreeMap<String, Saml>,
    /// Buttons of the sign-in page, in the order of the configuration.
    pub ways: Vec<Way>,
    /// What the workspace's log says about them: no secrets.
    pub record: Vec<Value>,
}

impl Providers {
    /// Of the configuration. Refuses what a protocol refuses.
    pub fn of(config: &Config) -> Result<Self, ConfigError> {
        let refused = |error: sso::SsoError| ConfigError::value("sign-in provider", error.to_string());
        let public_url = config.public_url();
        let mut providers = Self::default();
        if !config.oidc.is_empty() {
            let http = sso::oidc::http_client().map_err(refused)?;
            for section in &config.oidc {
                let common = section.common();
                let settings = sso::oidc::Settings {
                    name: common.name.clone(),
                    issuer: section.issuer.clone(),
                    client_id: section.client_id.clone(),
                    client_secret: section.secret.0.clone().map(sso::oidc::Secret::new),
                    scopes: section.scopes.clone(),
                    redirect_uri: oidc_address(&public_url, &common.name, "callback"),
                    group_claim: section.group_claim.clone(),
                    leeway_seconds: i64::from(common.leeway_seconds),
                };
                let rules = common.provider()?;
                let protocol = sso::oidc::Provider::new(settings, http.clone()).map_err(refused)?;
                providers.note("oidc", &rules, &section.issuer, Some(&section.client_id));
                providers.oidc.insert(common.name, Oidc { rules, protocol });
            }
        }
        #[cfg(feature = "saml")]
        providers.add_saml(config, &public_url)?;
        Ok(providers)
    }

    #[cfg(feature = "saml")]
    fn add_saml(&mut self, config: &Config, public_url: &PublicUrl) -> Result<(), ConfigError> {
        for section in &config.saml {
            let common = section.common();
            let path = &section.idp_metadata_file;
            let idp_metadata = std::fs::read_to_string(path)
                .map_err(|source| ConfigError::Read { path: path.clone(), source })?;
            let address = |end: &str| format!("{}/sign-in/saml/{}/{end}", public_url.as_str(), common.name);
            let settings = sso::saml::Settings {
                name: common.name.clone(),
                entity_id: address("metadata"),
                acs_url: address("acs"),
                idp_metadata,
                email_attribute: section.email_attribute.clone(),
                name_attribute: section.name_attribute.clone(),
                group_attribute: section.group_attribute.clone(),
                subject_attribute: section.subject_attribute.clone(),
                leeway_seconds: i64::from(common.leeway_seconds),
            };
            let rules = common.provider()?;
            let protocol = sso::saml::Provider::new(settings)
                .map_err(|error| ConfigError::value("sign-in provider", error.to_string()))?;
            let issuer = protocol.issuer().to_owned();
            self.note("saml", &rules, &issuer, None);
            self.saml.insert(common.name, Saml { rules, protocol });
        }
        Ok(())
    }

    fn note(&mut self, kind: &str, rules: &Provider, issuer: &str, client_id: Option<&str>) {
        self.ways.push(Way {
            href: format!("/sign-in/{kind}/{}", rules.name),
            label: rules.label.clone(),
            issuer: issuer.to_owned(),
        });
        let groups = rules.rules.iter().map(|rule| {
            let given: Vec<String> = rule.roles.iter().map(|role| role.as_str().to_owned()).collect();
            object([
                ("group", rule.group.as_str().into()),
                ("roles", given.as_slice().into()),
                ("workspace", rule.workspace.as_ref().map(ToString::to_string).into()),
            ])
        });
        self.record.push(object([
            ("name", rules.name.as_str().into()),
            ("kind", kind.into()),
            ("issuer", issuer.into()),
            ("client_id", client_id.map(str::to_owned).into()),
            ("allowed_email_domains", rules.allowed_email_domains.as_slice().into()),
            ("require_verified_email", rules.require_verified_email.into()),
            ("just_in_time", rules.just_in_time.into()),
            ("rules", Value::Array(groups.collect())),
        ]));
    }
}

/// Addresses of ours that a provider knows.
pub fn oidc_address(public_url: &PublicUrl, name: &str, end: &str) -> String {
    format!("{}/sign-in/oidc/{name}/{end}", public_url.as_str())
}
