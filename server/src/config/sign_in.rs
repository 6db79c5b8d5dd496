//! `[sign_in]`, `[[saml]]`, and what every kind of provider has: how people sign in. A secret comes from a file or from the
//! environment, never from the configuration itself, and is never printed.

use super::{ConfigError, Oidc};
use control::Role;
use control::access::sso::{GroupRule, Provider};
use governance::WorkspaceId;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Whether people may sign in with a password.
    pub local: bool,
}

impl Default for SignIn {
    fn default() -> Self {
        Self { local: true }
    }
}

/// What every kind of provider has. Read as part of each section and not by `flatten`, which would let unknown keys pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// Its name in addresses: a-z, 0-9 and `-`.
    pub name: String,
    /// The text of its button.
    pub label: String,
    /// Domains of e-mail addresses that may come in; empty: any.
    pub allowed_email_domains: Vec<String>,
    /// An address counts only when the provider says that it verified it.
    pub require_verified_email: bool,
    /// Whoever is unknown gets an account.
    pub just_in_time: bool,
    /// Seconds by which the provider's clock may differ.
    pub leeway_seconds: u32,
    /// What groups give.
    pub roles: Vec<RoleRule>,
}

/// `[[oidc.role]]`, `[[saml.role]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The group, as the provider calls it.
    pub group: String,
    /// The roles, as words.
    pub roles: Vec<String>,
    /// The workspace's id; may be left out while there is only one.
    pub workspace: Option<String>,
}

/// `[[saml]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saml {
    name: String,
    label: String,
    /// The provider's metadata, XML.
    pub idp_metadata_file: PathBuf,
    /// Attributes that tell address, name and groups, and one to know people by where the name id changes.
    pub email_attribute: Option<String>,
    /// See `email_attribute`.
    pub name_attribute: Option<String>,
    /// See `email_attribute`.
    pub group_attribute: Option<String>,
    /// See `email_attribute`.
    pub subject_attribute: Option<String>,
    #[serde(default)]
    allowed_email_domains: Vec<String>,
    #[serde(default)]
    just_in_time: bool,
    #[serde(default = "leeway")]
    leeway_seconds: u32,
    #[serde(default, rename = "role")]
    roles: Vec<RoleRule>,
}

/// A secret, which is never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub Option<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "none" })
    }
}

pub(super) fn leeway() -> u32 {
    60
}

impl Saml {
    /// What it has in common with other kinds.
    pub fn common(&self) -> Common {
        Common {
            name: self.name.clone(),
            label: self.label.clone(),
            allowed_email_domains: self.allowed_email_domains.clone(),
            require_verified_email: false,
            just_in_time: self.just_in_time,
            leeway_seconds: self.leeway_seconds,
            roles: self.roles.clone(),
        }
    }
}

impl Common {
    /// The same as `control` knows it. Refuses words that are no roles.
    pub fn provider(&self) -> Result<Provider, ConfigError> {
        let mut rules = Vec::new();
        for rule in &self.roles {
            let mut given = Vec::new();
            for word in &rule.roles {
                let role = Role::parse(word).ok_or_else(|| {
                    let known = Role::ALL.map(Role::as_str).join(", ");
                    ConfigError::value(
                        format!("role.roles of `{}`", self.name),
                        format!("has `{word}`, which is no role; there are {known}"),
                    )
                })?;
                given.push(role);
            }
            let workspace = rule.workspace.as_deref().map(WorkspaceId::new).transpose().map_err(|_| {
                ConfigError::value(format!("role.workspace of `{}`", self.name), "is no id of a workspace")
            })?;
            rules.push(GroupRule { group: rule.group.clone(), roles: given, workspace });
        }
        Ok(Provider {
            name: self.name.clone(),
            label: self.label.clone(),
            allowed_email_domains: self.allowed_email_domains.clone(),
            require_verified_email: self.require_verified_email,
            just_in_time: self.just_in_time,
            rules,
        })
    }

    fn check(&self) -> Result<(), ConfigError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(plain) {
            let name = format!("name of the sign-in provider `{}`", self.name);
            return Err(ConfigError::value(
                name,
                "may have 1 to 40 of a-z, 0-9 and `-`; it stands in addresses",
            ));
        }
        if self.label.trim().is_empty() || self.label.chars().count() > 80 {
            return Err(ConfigError::value(format!("label of `{}`", self.name), "needs 1 to 80 characters"));
        }
        if self.leeway_seconds > 300 {
            return Err(ConfigError::value(format!("leeway_seconds of `{}`", self.name), "is more than 300"));
        }
        self.provider().map(drop)
    }
}

/// Refuses what cannot work, before anything starts.
pub(super) fn check(oidc: &[Oidc], saml: &[Saml]) -> Result<(), ConfigError> {
    let mut names = BTreeSet::new();
    for common in oidc.iter().map(Oidc::common).chain(saml.iter().map(Saml::common)) {
        common.check()?;
        if !names.insert(common.name.clone()) {
            let problem = format!("`{}` is there twice", common.name);
            return Err(ConfigError::value("name of a sign-in provider", problem));
        }
    }
    oidc.iter().try_for_each(Oidc::check)?;
    if !saml.is_empty() && !cfg!(feature = "saml") {
        let problem = "needs a server that was built with `--features saml`; this one was not";
        return Err(ConfigError::value("[[saml]]", problem));
    }
    Ok(())
}
