//! One call to a server: what is asked, what comes back, and why nothing did.

use crate::problem::Problem;
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// For a call and the whole of its answer, unless it says otherwise.
const WHOLE: Duration = Duration::from_secs(30);

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<String>,
    pub(super) once: Option<String>,
    pub(super) whole: Duration,
}

/// An answer that says yes.
#[derive(Debug)]
pub struct Answer {
    /// The body.
    pub text: String,
    /// Whether the server had answered this before, and the answer was lost on the way.
    pub replayed: bool,
}

/// Why there is none.
#[derive(Debug)]
pub enum CallError {
    /// The server says no.
    Refused(Box<Problem>),
    /// No answer that makes sense, in words.
    Unreachable(String),
}

impl Call {
    /// Reads.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, once: None, whole: WHOLE }
    }

    /// Changes something, once however often it is sent.
    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        let once = uuid::Uuid::new_v4().to_string();
        Self { method: Method::POST, body: Some(body.to_string()), once: Some(once), ..Self::get(path) }
    }

    /// The same with a body that is JSON already, to the letter.
    pub fn post_text(path: impl Into<String>, body: String) -> Self {
        Self { body: Some(body), ..Self::post(path, &Value::Null) }
    }

    /// Says something whose repetition does not matter.
    pub fn tell(path: impl Into<String>, body: &Value) -> Self {
        Self { once: None, ..Self::post(path, body) }
    }

    /// May take so long.
    #[must_use]
    pub fn within(self, whole: Duration) -> Self {
        Self { whole, ..self }
    }
}

impl Answer {
    /// The body as what it should be.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_str(&self.text).map_err(|error| {
            CallError::Unreachable(format!(
                "the server's answer is not what this program understands: {error}"
            ))
        })
    }
}
