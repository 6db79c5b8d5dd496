//! `[[oidc]]`: a sign-in provider that speaks OpenID Connect, and whether programs may call with its access tokens.

use super::sign_in::leeway;
use super::{Common, ConfigError, PublicUrl, RoleRule, Secret, environment};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[[oidc]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    name: String,
    label: String,
    /// Exactly as the provider's discovery document writes it.
    pub issuer: String,
    /// What the provider calls us.
    pub client_id: String,
    /// A file that holds the secret and nothing else.
    pub client_secret_file: Option<PathBuf>,
    /// What to ask for.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The claim that lists groups; a dotted path goes inside.
    pub group_claim: Option<String>,
    #[serde(default)]
    allowed_email_domains: Vec<String>,
    #[serde(default)]
    require_verified_email: bool,
    #[serde(default)]
    just_in_time: bool,
    #[serde(default = "leeway")]
    leeway_seconds: u32,
    #[serde(default, rename = "role")]
    roles: Vec<RoleRule>,
    /// Whether programs may call with access tokens of this provider.
    #[serde(default)]
    access_tokens: bool,
    /// What such a token must be for, where that is not the address of our MCP door.
    resource: Option<String>,
    /// The secret, once it was read.
    #[serde(skip)]
    pub secret: Secret,
}

fn scopes() -> Vec<String> {
    ["openid", "email", "profile"].map(str::to_owned).to_vec()
}

impl Oidc {
    /// What it has in common with other kinds.
    pub fn common(&self) -> Common {
        Common {
            name: self.name.clone(),
            label: self.label.clone(),
            allowed_email_domains: self.allowed_email_domains.clone(),
            require_verified_email: self.require_verified_email,
            just_in_time: self.just_in_time,
            leeway_seconds: self.leeway_seconds,
            roles: self.roles.clone(),
        }
    }

    /// What access tokens of this provider must be for; `None`: they open nothing here.
    pub fn token_resource(&self, public_url: &PublicUrl) -> Option<String> {
        let usual = || format!("{}/api/mcp", public_url.as_str());
        self.access_tokens.then(|| self.resource.clone().unwrap_or_else(usual))
    }

    /// Refuses a resource that cannot work, or that would let other tokens pass.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let Some(resource) = &self.resource else { return Ok(()) };
        let refused =
            |problem: &str| Err(ConfigError::value(format!("resource of `{}`", self.name), problem));
        if !self.access_tokens {
            return refused("says nothing without `access_tokens = true`");
        }
        // An ID token is for the client: with the same name it would pass for an access token.
        if *resource == self.client_id {
            return refused("must not be the `client_id`; register the API under an identifier of its own");
        }
        if resource.is_empty() || resource.len() > 512 || !resource.bytes().all(|b| b.is_ascii_graphic()) {
            return refused("needs 1 to 512 characters without spaces, as the provider writes it into `aud`");
        }
        Ok(())
    }

    /// The variable that may hold the secret.
    pub fn secret_variable(&self) -> String {
        format!("NEXUS_OIDC_{}_CLIENT_SECRET", self.name.to_uppercase().replace('-', "_"))
    }

    /// Reads the secret from the variable or the file.
    pub(super) fn read_secret(&mut self, variables: &BTreeMap<String, String>) -> Result<(), ConfigError> {
        let file = self.client_secret_file.as_deref();
        let text = environment::secret(variables, &self.secret_variable(), file)?;
        self.secret = Secret(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sign_in::check;

    fn provider(lines: &str) -> Oidc {
        let usual = "name = 'a'\nlabel = 'A'\nissuer = 'https://a.example'\nclient_id = 'nexus'\n";
        toml::from_str(&format!("{usual}{lines}")).unwrap()
    }

    #[test]
    fn access_tokens_open_nothing_until_somebody_says_so() {
        let public_url = PublicUrl::of_address(([127, 0, 0, 1], 3000).into());
        for (lines, resource) in [
            ("", None),
            ("access_tokens = false", None),
            ("access_tokens = true", Some("http://127.0.0.1:3000/api/mcp")),
            ("access_tokens = true\nresource = 'api://nexus'", Some("api://nexus")),
        ] {
            let provider = provider(lines);
            check(std::slice::from_ref(&provider), &[]).unwrap();
            assert_eq!(provider.token_resource(&public_url).as_deref(), resource, "{lines}");
        }
    }

    #[test]
    fn a_resource_that_would_let_other_tokens_pass_is_refused() {
        for (lines, word) in [
            ("resource = 'api://nexus'", "access_tokens = true"),
            ("access_tokens = true\nresource = 'nexus'", "client_id"),
            ("access_tokens = true\nresource = ''", "1 to 512"),
            ("access_tokens = true\nresource = 'a b'", "1 to 512"),
        ] {
            let refused = check(&[provider(lines)], &[]).unwrap_err().to_string();
            assert!(refused.contains("resource of `a`") && refused.contains(word), "{refused}");
        }
    }
}
