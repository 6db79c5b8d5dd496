//! Who a provider says somebody is. The identity is issuer and subject; everything else is only told.

/// What a provider said, after every check of its protocol.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// The provider, as its own identifier: an OpenID issuer, a SAML entity id.
    pub issuer: String,
    /// The person at that provider, never given to anybody else there.
    pub subject: String,
    /// Their e-mail address, as the provider tells it. Never an identity.
    pub email: Option<String>,
    /// Whether the provider says that it verified the address; `None` when it does not say.
    pub email_verified: Option<bool>,
    /// What they are called.
    pub name: Option<String>,
    /// Groups, from the claim that the configuration names; empty when it is absent.
    pub groups: Vec<String>,
    /// How they proved who they are, in the provider's words.
    pub acr: Option<String>,
    /// When they proved it, in seconds since 1970.
    pub auth_time: Option<i64>,
    /// The provider's name for this session (`sid`, `SessionIndex`), for signing out.
    pub session: Option<String>,
    /// The token itself, as a hint for signing out at the provider. Kept out of logs.
    pub id_token: Option<String>,
}
