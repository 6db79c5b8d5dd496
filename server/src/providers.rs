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
    /// Its own identifier.
    pub issuer: String,
    /// What the configuration says about its people.
    pub rules: Provider,
    /// The protocol.
    pub protocol: sso::oidc::Provider,
    /// What its access tokens must be for; `None`: they open nothing here.
    pub resource: Option<String>,
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
                let resource = section.token_resource(&public_url);
                let mut told = vec![("client_id", section.client_id.as_str().into())];
                told.extend(resource.as_deref().map(|resource| ("access_tokens_for", resource.into())));
                providers.note("oidc", &rules, &section.issuer, told);
                let issuer = section.issuer.clone();
                providers.oidc.insert(common.name, Oidc { issuer, rules, protocol, resource });
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
            self.note("saml", &rules, &issuer, vec![("client_id", Value::Null)]);
            self.saml.insert(common.name, Saml { rules, protocol });
        }
        Ok(())
    }

    /// Issuers whose access tokens programs may call with, for those who ask where to get one.
    pub fn token_issuers(&self) -> Vec<&str> {
        let taken = self.oidc.values().filter(|provider| provider.resource.is_some());
        let mut issuers: Vec<&str> = taken.map(|provider| provider.issuer.as_str()).collect();
        issuers.sort_unstable();
        issuers.dedup();
        issuers
    }

    /// The provider whose access tokens say that they are from this issuer, and what they must be for.
    pub fn of_token(&self, issuer: &str) -> Option<(&Oidc, &str)> {
        let mut taken = self.oidc.values().filter(|provider| provider.issuer == issuer);
        taken.find_map(|provider| Some((provider, provider.resource.as_deref()?)))
    }

    fn note(&mut self, kind: &str, rules: &Provider, issuer: &str, told: Vec<(&str, Value)>) {
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
        let members = [
            ("name", rules.name.as_str().into()),
            ("kind", kind.into()),
            ("issuer", issuer.into()),
            ("allowed_email_domains", rules.allowed_email_domains.as_slice().into()),
            ("require_verified_email", rules.require_verified_email.into()),
            ("just_in_time", rules.just_in_time.into()),
            ("rules", Value::Array(groups.collect())),
        ];
        let members = members.into_iter().chain(told).map(|(key, value)| (key.to_owned(), value));
        self.record.push(Value::Object(members.collect()));
    }
}

/// Addresses of ours that a provider knows.
pub fn oidc_address(public_url: &PublicUrl, name: &str, end: &str) -> String {
    format!("{}/sign-in/oidc/{name}/{end}", public_url.as_str())
}
