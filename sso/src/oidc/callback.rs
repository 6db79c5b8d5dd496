//! The two halves of a sign-in: what is asked of a provider, and what a browser brings back from it.

/// What a sign-in is to be like.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The person must prove who they are again, whatever session they have at the provider.
    pub fresh: bool,
    /// Whom the provider should expect. Only a hint.
    pub login_hint: Option<String>,
}

/// A sign-in that has begun: send the browser to `url`, and keep the rest for [`Begun`], out of its reach.
#[derive(Clone)]
pub struct Started {
    /// Where the browser goes.
    pub url: String,
    /// Comes back with the browser. The caller compares it, and takes it once.
    pub state: String,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// Proves that whoever redeems the code is who asked for it: RFC 7636.
    pub verifier: String,
}

/// What the browser brought back, of the query of the redirect address.
#[derive(Clone, Default)]
pub struct Callback {
    /// The code to redeem.
    pub code: Option<String>,
    /// Who the answer says it is from: RFC 9207.
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// What was kept since the sign-in began.
#[derive(Clone)]
pub struct Begun {
    /// From [`Started`].
    pub nonce: String,
    /// From [`Started`].
    pub verifier: String,
    /// From [`Wish`].
    pub fresh: bool,
    /// When it began, in seconds since 1970.
    pub begun_at: i64,
}
