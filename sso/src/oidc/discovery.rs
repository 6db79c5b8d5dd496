//! What a provider publishes about itself, and its keys: fetched when first needed, kept for a while, and never
//! fetched so often that a stranger could make this installation a nuisance to its provider.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::url::Url;
use openidconnect::{AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::http::{Http, NoAnswer};
use crate::SsoError;

/// How long a document and its keys are taken as they are.
const FRESH: Duration = Duration::from_hours(1);
/// How long they still serve while the provider does not answer. After that a withdrawn key must not count any more.
const STALE: Duration = Duration::from_hours(24);
/// How long a provider that failed is left alone.
const PAUSE: Duration = Duration::from_secs(10);
/// How often keys may be asked for because a token names one that is not known.
const KEYS_PAUSE: Duration = Duration::from_mins(1);

/// What the crate's own document lacks.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Extras {
    /// Whether every answer carries `iss`: RFC 9207, section 3.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    /// Where a browser signs out: OpenID Connect RP-Initiated Logout 1.0, section 2.1.
    pub(super) end_session_endpoint: Option<String>,
}

impl AdditionalProviderMetadata for Extras {}

/// A discovery document with the keys that it points to.
pub(super) type Metadata = ProviderMetadata<
    Extras,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The one place that asks a provider about itself.
pub(super) struct Discovery {
    name: String,
    issuer: IssuerUrl,
    http: Http,
    /// Held while asking, so that many sign-ins at once ask once.
    slot: Mutex<Slot>,
}

#[derive(Default)]
struct Slot {
    found: Option<Found>,
    failed: Option<(Instant, SsoError)>,
    keys_asked: Option<Instant>,
}

struct Found {
    metadata: Arc<Metadata>,
    at: Instant,
}

impl Discovery {
    pub(super) fn new(name: String, issuer: IssuerUrl, http: Http) -> Self {
        Self { name, issuer, http, slot: Mutex::default() }
    }

    /// The document: the kept one while it is fresh, else a new one.
    pub(super) async fn current(&self) -> Result<Arc<Metadata>, SsoError> {
        let mut slot = self.slot.lock().await;
        if let Some(found) = &slot.found
            && found.at.elapsed() < FRESH
        {
            return Ok(Arc::clone(&found.metadata));
        }
        if let Some((at, error)) = &slot.failed
            && at.elapsed() < PAUSE
        {
            return fall_back(&slot, error.clone());
        }
        match self.discover().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                slot.found = Some(Found { metadata: Arc::clone(&metadata), at: Instant::now() });
                slot.failed = None;
                Ok(metadata)
            }
            Err(error) => {
                tracing::warn!(provider = %self.name, %error, "discovery failed");
                slot.failed = Some((Instant::now(), error.clone()));
                fall_back(&slot, error)
            }
        }
    }

    /// A document with newer keys than the one seen, or `None` when the provider was asked for some a moment ago.
    /// OpenID Connect Core 1.0, section 10.1.1: an unknown key is the sign that the provider changed its keys.
    pub(super) async fn newer_keys(&self, seen: &Arc<Metadata>) -> Result<Option<Arc<Metadata>>, SsoError> {
        let mut slot = self.slot.lock().await;
        if let Some(found) = &slot.found
            && !Arc::ptr_eq(&found.metadata, seen)
        {
            return Ok(Some(Arc::clone(&found.metadata)));
        }
        if slot.keys_asked.is_some_and(|at| at.elapsed() < KEYS_PAUSE) {
            return Ok(None);
        }
        slot.keys_asked = Some(Instant::now());
        let keys = CoreJsonWebKeySet::fetch_async(seen.jwks_uri(), &self.http)
            .await
            .map_err(|error| self.explain(&error))?;
        let metadata = Arc::new(Metadata::clone(seen).set_jwks(keys));
        if let Some(found) = &mut slot.found {
            found.metadata = Arc::clone(&metadata);
        }
        Ok(Some(metadata))
    }

    async fn discover(&self) -> Result<Metadata, SsoError> {
        let metadata = Metadata::discover_async(self.issuer.clone(), &self.http)
            .await
            .map_err(|error| self.explain(&error))?;
        // The other addresses are checked when a request goes there; to this one only a browser goes.
        if !self.http.may_use(metadata.authorization_endpoint().url()) {
            return Err(self.unreachable("its authorization_endpoint is not https"));
        }
        Ok(metadata)
    }

    /// The address where a browser signs out, if the provider offers a usable one.
    pub(super) fn end_session(&self, metadata: &Metadata) -> Option<Url> {
        let address = metadata.additional_metadata().end_session_endpoint.as_deref()?;
        Url::parse(address).ok().filter(|url| self.http.may_use(url))
    }

    /// Says what went wrong without repeating what was sent or received.
    fn explain(&self, error: &DiscoveryError<NoAnswer>) -> SsoError {
        match error {
            // OpenID Connect Discovery 1.0, section 4.3: the issuer must be exactly the one asked.
            DiscoveryError::Validation(_) => {
                SsoError::NotProven { provider: self.name.clone(), check: "discovery issuer".into() }
            }
            DiscoveryError::Request(problem) => self.unreachable(&problem.to_string()),
            DiscoveryError::Response(status, ..) => {
                self.unreachable(&format!("discovery or keys: status {status}, or not JSON"))
            }
            DiscoveryError::Parse(error) => {
                self.unreachable(&format!("discovery or keys: unreadable at `{}`", error.path()))
            }
            _ => self.unreachable("discovery or keys: no usable address"),
        }
    }

    fn unreachable(&self, problem: &str) -> SsoError {
        SsoError::Unreachable { provider: self.name.clone(), problem: problem.into() }
    }
}

/// A provider that does not answer is believed a while longer; one that calls itself something else is not.
fn fall_back(slot: &Slot, error: SsoError) -> Result<Arc<Metadata>, SsoError> {
    match (&slot.found, error) {
        (Some(found), SsoError::Unreachable { .. }) if found.at.elapsed() < STALE => {
            Ok(Arc::clone(&found.metadata))
        }
        (_, error) => Err(error),
    }
}
