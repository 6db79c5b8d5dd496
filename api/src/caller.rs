//! Who calls, and what addresses name. What is missing or makes no sense is refused here with its problem.

use crate::Problem;
use crate::body::invalid;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use control::Error;
use governance::{DecisionId, PersonId, RunId};
use serde::de::DeserializeOwned;

/// Who the key or the session of a request stands for, when it stands for somebody. Whoever serves these doors puts it
/// into every request.
#[derive(Debug, Clone)]
pub struct Who(pub Option<control::Caller>);

/// The caller; without one nothing goes on.
pub struct Caller(pub control::Caller);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let who = parts.extensions.get::<Who>().and_then(|who| who.0.clone());
        who.map(Self).ok_or_else(|| Error::Unauthenticated.into())
    }
}

/// The one text that an address holds. One that cannot be read names nothing.
pub struct Named<T>(pub T);

/// What an address can name.
pub trait Name: Sized {
    /// What it is called in a refusal.
    const WHAT: &'static str;
    /// Reads it; `None` where it cannot be one.
    fn read(text: String) -> Option<Self>;
}

impl<S: Send + Sync, T: Name> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await.ok().map(|Path(text)| text);
        text.and_then(T::read).map(Self).ok_or_else(|| Error::NotFound(T::WHAT).into())
    }
}

impl Name for DecisionId {
    const WHAT: &'static str = "decision";
    fn read(text: String) -> Option<Self> {
        Self::new(text).ok()
    }
}

impl Name for RunId {
    const WHAT: &'static str = "run";
    fn read(text: String) -> Option<Self> {
        Self::new(text).ok()
    }
}

impl Name for PersonId {
    const WHAT: &'static str = "person";
    fn read(text: String) -> Option<Self> {
        Self::new(text).ok()
    }
}

/// What stands after the question mark: members that are known, each once.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        asked.map(|Query(asked)| Self(asked)).map_err(|error| invalid(None, error.body_text()))
    }
}
