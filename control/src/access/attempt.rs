//! Sign-ins that have begun and wait: for a provider's answer, or for a code. Each is bound to the browser that began
//! it and is taken once, so that a copied or replayed answer leads nowhere.

use crate::{Control, Error, clock};
use governance::PersonId;
use governance::digest::sha256_hex;
use serde::{Deserialize, Serialize};

/// How long somebody may take at their provider or to find their phone, in seconds.
const ATTEMPT_SECONDS: i64 = 10 * 60;
/// Most bytes of an address to go on to.
const MAX_NEXT: usize = 2_000;

/// Why somebody went to a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To come in.
    SignIn,
    /// To prove again who they are: this person.
    Again(String),
    /// To link what they have there to this person.
    Link(String),
    /// To accept the invitation with this token.
    Join(String),
}

/// A sign-in that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attempt {
    /// At a provider.
    Provider {
        /// Its name in the configuration.
        provider: String,
        /// What the protocol has to find again: nonce and verifier, or the request's id.
        secrets: Vec<String>,
        /// Why.
        purpose: Purpose,
        /// Where to go on to.
        next: String,
        /// When it began, in seconds since 1970.
        begun_at: i64,
    },
    /// A right password, and a code is missing.
    SecondFactor {
        /// Who.
        person: String,
        /// The workspace that they were in, when they only prove themselves again.
        workspace: Option<String>,
        /// Where to go on to.
        next: String,
        /// Wrong codes so far.
        tries: u32,
    },
}

impl Control {
    /// A name for a browser that has none yet: goes into its cookie.
    pub fn browser_name(&self) -> Result<String, Error> {
        clock::token(self.entropy.as_ref())
    }

    /// Keeps an attempt under a state of our own making.
    pub async fn begin_attempt(&self, browser: &str, attempt: &Attempt) -> Result<String, Error> {
        let state = clock::token(self.entropy.as_ref())?;
        self.keep_attempt(&state, browser, attempt).await?;
        Ok(state)
    }

    /// Keeps an attempt under the state that a protocol chose.
    pub async fn keep_attempt(&self, state: &str, browser: &str, attempt: &Attempt) -> Result<(), Error> {
        let data = serde_json::to_string(attempt).map_err(|error| Error::Fault(error.to_string()))?;
        let until = self.now().plus_seconds(ATTEMPT_SECONDS);
        let (state, browser) = (sha256_hex(state.as_bytes()), sha256_hex(browser.as_bytes()));
        Ok(self.store.put_attempt(&state, &browser, &data, until).await?)
    }

    /// Takes an attempt, once. `None` for a state that is unknown, used or expired, or of another browser.
    pub async fn take_attempt(&self, state: &str, browser: &str) -> Result<Option<Attempt>, Error> {
        let (state, browser) = (sha256_hex(state.as_bytes()), sha256_hex(browser.as_bytes()));
        match self.store.take_attempt(&state, &browser, self.now()).await? {
            Some(data) => {
                serde_json::from_str(&data).map(Some).map_err(|error| Error::Fault(error.to_string()))
            }
            None => Ok(None),
        }
    }
}

/// The person that an attempt names.
pub(crate) fn person(id: &str) -> Result<PersonId, Error> {
    PersonId::new(id).map_err(|error| Error::Fault(error.to_string()))
}

/// An address to go on to, when it is short enough to be kept.
pub fn kept_next(next: &str) -> String {
    if next.len() > MAX_NEXT { "/".to_owned() } else { next.to_owned() }
}
