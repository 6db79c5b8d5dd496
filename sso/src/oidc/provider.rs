//! One provider: the address to sign in at, the check of what comes back, and signing out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{CoreAuthPrompt, CoreResponseType};
use openidconnect::{
    AuthenticationFlow, ClientId, CsrfToken, IssuerUrl, LoginHint, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, RedirectUrl, Scope, TokenResponse,
};

use super::claims::{Told, assemble};
use super::discovery::{Discovery, Metadata};
use super::exchange::denied;
use super::http::Http;
use super::id_token::{self, Expected};
use super::logout::{self, LoggedOut};
use super::{Begun, Callback, Refusal, Settings, Started, Wish};
use crate::{Claims, SsoError};

/// Bytes of randomness in a state and a nonce.
const RANDOM_BYTES: u32 = 32;
/// A code longer than this is not sent on.
const CODE_LIMIT: usize = 4096;
/// A hint longer than this is left out.
const LOGIN_HINT_LIMIT: usize = 320;

/// One provider. Cheap to clone; clones share what is kept about it.
#[derive(Clone)]
pub struct Provider(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) settings: Settings,
    pub(super) redirect: RedirectUrl,
    pub(super) http: Http,
    pub(super) discovery: Discovery,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.0.settings.name).finish()
    }
}

impl Provider {
    /// Checks the settings; asks the provider nothing yet. The client is to come from [`http_client`](super::http_client).
    pub fn new(settings: Settings, http: reqwest::Client) -> Result<Self, SsoError> {
        settings.check()?;
        let unreadable =
            |_| SsoError::Settings(format!("sign-in provider `{}`: an address is wrong", settings.name));
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(unreadable)?;
        let redirect = RedirectUrl::new(settings.redirect_uri.clone()).map_err(unreadable)?;
        let http = Http::new(http, issuer.url());
        let discovery = Discovery::new(settings.name.clone(), issuer, http.clone());
        Ok(Self(Arc::new(Inner { settings, redirect, http, discovery })))
    }

    /// Begins a sign-in.
    pub async fn begin(&self, wish: Wish) -> Result<Started, SsoError> {
        let metadata = self.0.discovery.current().await?;
        let client = self.client(&metadata)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.0.settings.scopes.iter().filter(|scope| *scope != "openid");
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new_random_len(RANDOM_BYTES),
                || Nonce::new_random_len(RANDOM_BYTES),
            )
            .set_pkce_challenge(challenge)
            .add_scopes(scopes.cloned().map(Scope::new));
        if wish.fresh {
            // Both: some providers heed only one. That it was heeded is read off `auth_time`.
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        if let Some(hint) = wish.login_hint.filter(|hint| hint.len() <= LOGIN_HINT_LIMIT) {
            request = request.set_login_hint(LoginHint::new(hint));
        }
        let (url, state, nonce) = request.url();
        Ok(Started {
            url: url.into(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Ends a sign-in: redeems the code and checks everything. The caller has compared the state before.
    pub async fn finish(&self, callback: Callback, begun: Begun, now: i64) -> Result<Claims, SsoError> {
        let metadata = self.0.discovery.current().await?;
        self.check_sender(&callback, &metadata)?;
        if let Some(error) = callback.error {
            return Err(denied(&error));
        }
        let code = callback.code.filter(|code| !code.is_empty() && code.len() <= CODE_LIMIT);
        let code = code.ok_or_else(|| self.not_proven("code"))?;
        let answer = self.redeem(&metadata, code, begun.verifier).await?;
        let token = answer.id_token().ok_or_else(|| self.not_proven("ID token"))?.to_string();
        let expected = Expected {
            client_id: ClientId::new(self.0.settings.client_id.clone()),
            nonce: Nonce::new(begun.nonce),
            proven_since: begun.fresh.then_some(begun.begun_at),
            leeway: self.0.settings.leeway_seconds,
            now,
        };
        let proven = match id_token::verify(&token, &metadata, &expected) {
            Ok(proven) => Ok(proven),
            Err(refusal) => {
                let newer = self.newer_keys(&metadata, refusal).await?;
                id_token::verify(&token, &newer, &expected)
            }
        };
        let proven = proven.map_err(|refusal| self.refused(refusal))?;
        let group_claim = self.0.settings.group_claim.as_deref();
        let mut told = Told::read(
            proven.email(),
            proven.email_verified(),
            proven.name(),
            proven.additional_claims(),
            group_claim,
        )
        .map_err(|refusal| self.refused(refusal))?;
        if told.lacks(group_claim) && metadata.userinfo_endpoint().is_some() {
            told = told.or(self.userinfo(&metadata, answer.access_token(), proven.subject()).await?);
        }
        assemble(metadata.issuer(), token, &proven, told).map_err(|refusal| self.refused(refusal))
    }

    /// Where a browser signs out at the provider too, or `None` if it has no such page or does not answer.
    /// OpenID Connect RP-Initiated Logout 1.0, section 2.
    pub async fn end_session_url(&self, id_token_hint: Option<&str>, return_to: &str) -> Option<String> {
        let metadata = self.0.discovery.current().await.ok()?;
        let mut url = self.0.discovery.end_session(&metadata)?;
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", &self.0.settings.client_id);
        if let Some(hint) = id_token_hint {
            query.append_pair("id_token_hint", hint);
        }
        query.append_pair("post_logout_redirect_uri", return_to);
        drop(query);
        Some(url.into())
    }

    /// Checks a logout token that claims to come from this provider. The caller refuses a token id it has seen before.
    pub async fn logged_out(&self, logout_token: &str, now: i64) -> Result<LoggedOut, SsoError> {
        let metadata = self.0.discovery.current().await?;
        let Settings { client_id, leeway_seconds: leeway, .. } = &self.0.settings;
        let ended = match logout::verify(logout_token, &metadata, client_id, *leeway, now) {
            Ok(ended) => Ok(ended),
            Err(refusal) => {
                let newer = self.newer_keys(&metadata, refusal).await?;
                logout::verify(logout_token, &newer, client_id, *leeway, now)
            }
        };
        ended.map_err(|refusal| self.refused(refusal))
    }

    /// Against mix-up, where one provider's code is played to another: RFC 9207, section 2.4. Errors are checked too.
    fn check_sender(&self, callback: &Callback, metadata: &Metadata) -> Result<(), SsoError> {
        let announced = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        match &callback.iss {
            Some(sender) if sender == metadata.issuer().as_str() => Ok(()),
            None if !announced => Ok(()),
            _ => Err(self.not_proven("callback issuer")),
        }
    }

    /// Newer keys to check with once more; the refusal stands where they would not help or are not to be had now.
    pub(super) async fn newer_keys(
        &self,
        metadata: &Arc<Metadata>,
        refusal: Refusal,
    ) -> Result<Arc<Metadata>, SsoError> {
        let newer = match refusal {
            Refusal::Keys(_) => self.0.discovery.newer_keys(metadata).await?,
            Refusal::Check(_) => None,
        };
        newer.ok_or_else(|| self.refused(refusal))
    }

    pub(super) fn refused(&self, refusal: Refusal) -> SsoError {
        self.not_proven(refusal.check())
    }

    pub(super) fn not_proven(&self, check: &str) -> SsoError {
        SsoError::NotProven { provider: self.0.settings.name.clone(), check: check.into() }
    }

    pub(super) fn unreachable(&self, problem: String) -> SsoError {
        SsoError::Unreachable { provider: self.0.settings.name.clone(), problem }
    }
}
