//! Why something did not happen, as machines read it: RFC 9457 with a stable code and what belongs to it. A fault's own
//! text is never in it.

use crate::{BlockingReason, TimelineEntry};
use control::Error;
use governance::Refusal;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// Why something did not happen. Nothing was recorded, unless the text says so.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, JsonSchema)]
pub struct Problem {
    /// The address of a page about this kind of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "https://nexus.example.com/problems/blocked")]
    pub kind: String,
    /// The HTTP status in words.
    #[schema(example = "Conflict")]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 409)]
    pub status: u16,
    /// The stable code: what a program looks at.
    #[schema(example = "BLOCKED")]
    pub code: &'static str,
    /// What is wrong and what to do, for people.
    pub detail: String,
    /// What the server's log knows this call by.
    #[schema(example = "5f2b8c1d9e0a4b37")]
    pub trace_id: String,
    /// What keeps the decision from running, the most important first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub blocking_reasons: Option<Vec<BlockingReason>>,
    /// What happened since the version that the caller expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub changes: Option<Vec<TimelineEntry>>,
    /// The version that is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub version: Option<u32>,
    /// The member, parameter or header that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<String>,
    /// How long to wait before another attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub retry_after_seconds: Option<u64>,
}

impl Problem {
    /// A problem with its own words. Its address is relative, and its trace still missing: who answers adds them.
    pub fn new(status: u16, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{}", slug(code)),
            title: title(status).to_owned(),
            status,
            code,
            detail: detail.into(),
            trace_id: String::new(),
            blocking_reasons: None,
            changes: None,
            version: None,
            field: None,
            retry_after_seconds: None,
        }
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        let detail = if error.is_fault() {
            "something went wrong on the server".to_owned()
        } else {
            error.to_string()
        };
        let mut problem = Self::new(status(error), error.code(), detail);
        match error {
            Error::Changed { version, since } => {
                problem.version = Some(*version);
                problem.changes = Some(since.iter().map(TimelineEntry::from).collect());
            }
            Error::Refused(Refusal::Blocked(reasons)) => {
                problem.blocking_reasons = Some(reasons.iter().map(BlockingReason::from).collect());
            }
            Error::Invalid { field, .. } => problem.field = Some((*field).to_owned()),
            Error::Throttled { retry_after_seconds } => {
                problem.retry_after_seconds = Some(*retry_after_seconds);
            }
            _ => {}
        }
        problem
    }
}

/// A code as it stands in an address: `PLAN_CHANGED` is `plan-changed`.
pub fn slug(code: &str) -> String {
    code.to_ascii_lowercase().replace('_', "-")
}

/// The HTTP status of a failure: who asks says no (401, 403), what was sent (422), what is there now (404, 409), how
/// often (429), or something broke (500).
fn status(error: &Error) -> u16 {
    match error {
        Error::Unauthenticated | Error::Credentials => 401,
        Error::Forbidden { .. } | Error::KeyForbidden | Error::LocalAccountsOff | Error::Sso(_) => 403,
        Error::NotFound(_) => 404,
        Error::Changed { .. } | Error::Exists(_) | Error::Package(_) => 409,
        Error::Refused(refusal) => of_refusal(refusal),
        Error::Import(error) if error.code == governance::import::ImportCode::DecisionExists => 409,
        Error::Invalid { .. } | Error::Import(_) => 422,
        Error::Throttled { .. } => 429,
        Error::Fault(_) | Error::Store(_) => 500,
    }
}

fn of_refusal(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::SelfApproval
        | Refusal::MachineApproval
        | Refusal::SignInTooOld { .. }
        | Refusal::NotRequester
        | Refusal::NotYourRun => 403,
        Refusal::NotOpen { .. }
        | Refusal::AlreadyApproved { .. }
        | Refusal::NothingToRevoke
        | Refusal::Imported
        | Refusal::Blocked(_)
        | Refusal::NotExecuting
        | Refusal::PlanChanged
        | Refusal::RunsAtTheCaller
        | Refusal::NotForTheGate => 409,
        Refusal::Text { .. }
        | Refusal::TooMany { .. }
        | Refusal::Policy(_)
        | Refusal::Template(_)
        | Refusal::ModeNotAllowed { .. }
        | Refusal::ModeNotRequested { .. }
        | Refusal::ExpiryInPast
        | Refusal::MissingCapabilities { .. } => 422,
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_status() {
        for (error, status) in [
            (Error::Unauthenticated, 401),
            (Error::Forbidden { need: "the admin role".to_owned() }, 403),
            (Error::KeyForbidden, 403),
            (Error::NotFound("decision"), 404),
            (Error::Exists("template"), 409),
            (Error::Changed { version: 3, since: Vec::new() }, 409),
            (Error::Invalid { field: "name", message: "no".to_owned() }, 422),
            (Error::Throttled { retry_after_seconds: 7 }, 429),
            (Error::Fault("disk on fire".to_owned()), 500),
            (Refusal::SelfApproval.into(), 403),
            (Refusal::NotYourRun.into(), 403),
            (Refusal::Blocked(Vec::new()).into(), 409),
            (Refusal::PlanChanged.into(), 409),
            (Refusal::NotExecuting.into(), 409),
            (Refusal::ExpiryInPast.into(), 422),
        ] {
            let problem = Problem::from(&error);
            assert_eq!(problem.status, status, "{error}");
            assert_ne!(problem.title, "Error", "{error}");
            assert_eq!(problem.kind, format!("/problems/{}", slug(error.code())));
        }
    }

    #[test]
    fn what_belongs_to_a_failure_goes_with_it() {
        let changed = Problem::from(&Error::Changed { version: 3, since: Vec::new() });
        assert_eq!((changed.version, changed.changes), (Some(3), Some(Vec::new())));
        let slow = Problem::from(&Error::Throttled { retry_after_seconds: 7 });
        assert_eq!(slow.retry_after_seconds, Some(7));
        let wrong = Problem::from(&Error::Invalid { field: "name", message: "no".to_owned() });
        assert_eq!(wrong.field.as_deref(), Some("name"));
    }

    #[test]
    fn a_fault_is_not_shown() {
        let problem = Problem::from(&Error::Fault("disk on fire".to_owned()));
        assert!(!format!("{problem:?}").contains("fire"));
    }
}
