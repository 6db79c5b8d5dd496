//! Why something on a page did not happen: a code with figures, and our own words for it.
//!
//! Without JavaScript an error travels in the address (`__err`), where anybody could write one. So what came that
//! way is shown with [`AppError::plain`]: known codes in fixed words, never a text that the address brought.

use crate::text::sentence;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// The code of a refusal that only asks for a fresh sign-in.
#[cfg(feature = "ssr")]
pub const STEP_UP_REQUIRED: &str = "STEP_UP_REQUIRED";

/// A failure, as pages know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is signed in.
    Unauthenticated,
    /// The person may not do this.
    Forbidden {
        /// Who may, in words.
        need: String,
    },
    /// No such thing here, or none that the person may know of.
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// The decision changed since the page was made.
    Changed {
        /// What came since, one line each.
        since: Vec<String>,
    },
    /// A rule says no.
    Refused {
        /// Stable code.
        code: String,
        /// In words.
        message: String,
    },
    /// A field makes no sense.
    Invalid {
        /// Its name in the form.
        field: String,
        /// In words.
        message: String,
    },
    /// The name is taken.
    Exists {
        /// What is taken.
        what: String,
    },
    /// Too many attempts.
    Throttled {
        /// How long to wait.
        seconds: u32,
    },
    /// The server was not reached.
    Offline,
    /// The server's answer was not understood: most often a page that is older than the server.
    Outdated,
    /// Something broke on the server; the log has it under this id.
    Fault {
        /// Id in the log.
        id: String,
    },
}

impl AppError {
    /// The HTTP status of a page that shows nothing but this.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden { .. } => 403,
            Self::NotFound { .. } => 404,
            Self::Changed { .. } | Self::Exists { .. } => 409,
            Self::Refused { .. } | Self::Invalid { .. } => 422,
            Self::Throttled { .. } => 429,
            Self::Offline | Self::Outdated | Self::Fault { .. } => 500,
        }
    }

    /// The same without any text that is not ours. For errors that an address brought.
    #[must_use]
    pub fn plain(self) -> Self {
        match self {
            Self::Forbidden { .. } => Self::Forbidden { need: String::new() },
            Self::NotFound { .. } => Self::NotFound { what: String::new() },
            Self::Changed { .. } => Self::Changed { since: Vec::new() },
            Self::Refused { code, .. } => Self::Refused { code, message: String::new() },
            Self::Invalid { field, .. } => Self::Invalid { field, message: String::new() },
            Self::Exists { .. } => Self::Exists { what: String::new() },
            Self::Fault { id } => {
                let known = id.len() <= 40 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
                Self::Fault { id: if known { id } else { String::new() } }
            }
            other => other,
        }
    }

    /// The words of a page that could not be shown: there, nobody tried to record anything.
    pub fn words_of_page(&self) -> String {
        self.words().replace(" Nothing was recorded.", "")
    }

    /// What happened, whether anything was recorded, and what to do.
    pub fn words(&self) -> String {
        let nothing = "Nothing was recorded.";
        match self {
            Self::Unauthenticated => {
                format!(
                    "Your session has ended. {nothing} Sign in again, then send this once more: it stays here."
                )
            }
            Self::Forbidden { need } if need.is_empty() => {
                format!("Your roles do not allow this. {nothing} Ask an admin of this workspace.")
            }
            Self::Forbidden { need } => {
                format!("This takes {need}, which you do not have. {nothing} Ask an admin of this workspace.")
            }
            Self::NotFound { what } if what.is_empty() => format!("There is no such thing here. {nothing}"),
            Self::NotFound { what } => format!("There is no such {what} here. {nothing}"),
            Self::Changed { .. } => {
                format!(
                    "This decision changed after you opened it. {nothing} Look at what is new, then decide again."
                )
            }
            Self::Refused { code, message } if message.is_empty() => {
                format!("{} {nothing}{}", refusal(code), remedy(code))
            }
            Self::Refused { code, message } => format!("{} {nothing}{}", sentence(message), remedy(code)),
            Self::Invalid { field, message } if message.is_empty() => {
                format!("{} {nothing}", wrong_field(field))
            }
            Self::Invalid { message, .. } => format!("{} {nothing}", sentence(message)),
            Self::Exists { what } if what.is_empty() => {
                format!("That name is taken. {nothing} Choose another one.")
            }
            Self::Exists { what } => format!("This {what} exists already. {nothing} Choose another name."),
            Self::Throttled { seconds } => {
                format!("Too many attempts. {nothing} Try again in {seconds} seconds.")
            }
            Self::Offline => {
                "The server was not reached, so this page cannot say whether it was recorded. Check your \
                              connection, reload the page and look at the timeline before you try again."
                    .to_owned()
            }
            Self::Outdated => {
                "The server gave an answer that this page does not understand; the page is probably \
                               older than the server. Reload it and look whether anything was recorded."
                    .to_owned()
            }
            Self::Fault { id } => {
                let fault =
                    "Something broke on the server. Reload the page and look whether anything was recorded.";
                if id.is_empty() {
                    fault.to_owned()
                } else {
                    format!("{fault} The server's log has it as {id}.")
                }
            }
        }
    }
}

/// Fixed words for known fields.
fn wrong_field(field: &str) -> &'static str {
    match field {
        "adapter" => "This adapter cannot run it as it is asked for.",
        "code" => "This code is wrong, was used before, or is no longer valid. Wait for the next one.",
        "current" => "The current password is wrong.",
        "days" => "A key lives for 1 to 3660 days, or without an end when the field is empty.",
        "email" => "This e-mail address cannot be used, or belongs to somebody here already.",
        "identity" => "This is your only way to sign in. Add another one first.",
        "expires_at" => "The expiry needs a date and a time in UTC, such as 2026-11-21T18:00.",
        "max_sign_in_age" => "The age of a sign-in must be a whole number of minutes.",
        "max_steps" => "The number of steps must be a whole number.",
        "min_approvals" => "The number of approvals must be a whole number.",
        "name" | "workspace" => "This name cannot be used.",
        "newest" => "This form was sent before, or the list changed meanwhile. Look at it first.",
        "password" => "A password needs at least 12 characters.",
        "warned" => "Today's members cannot give these approvals. Save again to keep it all the same.",
        "roles" => {
            "Choose at least one role, and leave at least one admin; to keep somebody out, suspend them."
        }
        "scopes" => "Choose at least one scope.",
        _ => "One of the fields cannot be used as it is. Check the form and send it again.",
    }
}

/// Fixed words for known codes.
fn refusal(code: &str) -> &'static str {
    match code {
        "INVALID_INPUT" => "A field is missing or too long.",
        "INVALID_POLICY" => {
            "These policy values do not make a policy: approvals, steps and minutes start at 1, and one \
                             mode must be allowed."
        }
        "INVALID_TEMPLATE" => "A template name has 1 to 100 characters and no control characters.",
        "MODE_NOT_ALLOWED" => "The policy does not allow this mode.",
        "MODE_NOT_REQUESTED" => "This decision was requested for another mode.",
        "NOT_OPEN" => "The decision is in a state in which this cannot happen any more.",
        "ALREADY_APPROVED" => "You approved this already, and your approval stands.",
        "SELF_APPROVAL_FORBIDDEN" => "You created this request, and its policy forbids self-approval.",
        "MACHINE_APPROVAL_FORBIDDEN" => "A machine cannot approve; a person must.",
        "EXPIRY_IN_PAST" => "The expiry lies in the past.",
        "NOTHING_TO_REVOKE" => "You have no approval here that could be taken back.",
        "NOT_REQUESTER" => "Only the person who created the request can withdraw it.",
        "IMPORTED_EVIDENCE" => {
            "This decision was imported as evidence; it can be read, never changed or run."
        }
        "BLOCKED" => "It cannot run: the rules for running are not met.",
        "MISSING_CAPABILITIES" => "The adapter lacks capabilities that the policy requires.",
        "BUNDLE_INVALID_SCHEMA" => "This is not a bundle, or parts of it are missing.",
        "CONFLICT_MODE_INVALID" => "Nothing says what happens when the decision exists here.",
        "INTEGRITY_MISMATCH" => "The bundle was changed after it was exported: its digest does not match.",
        "DECISION_EXISTS" => "A decision with this id exists here.",
        "REPLAY_INVALID" => "The bundle's events do not add up to the decision that it states.",
        "WRONG_CREDENTIALS" => "E-mail or password is wrong.",
        "LOCAL_ACCOUNTS_OFF" => "Passwords are switched off here.",
        "STEP_UP_REQUIRED" => "Your sign-in is too long ago for this.",
        "ANOTHER_PERSON" => "This page was made for somebody else than who is signed in now.",
        _ => "The rules do not allow this.",
    }
}

/// What to do about a refusal, with a space before it; nothing where its words have said so.
fn remedy(code: &str) -> &'static str {
    match code {
        "INVALID_INPUT" | "INVALID_POLICY" => " Check the form and send it again.",
        "INVALID_TEMPLATE" => " Choose another name.",
        "MODE_NOT_ALLOWED" => " Choose a mode that the policy allows, or another policy.",
        "MODE_NOT_REQUESTED" => " For the other mode, create a new request.",
        "NOT_OPEN" | "ALREADY_APPROVED" | "NOTHING_TO_REVOKE" => " Reload the page to see how it stands.",
        "SELF_APPROVAL_FORBIDDEN" | "MACHINE_APPROVAL_FORBIDDEN" => {
            " Ask another person who has the approver role."
        }
        "EXPIRY_IN_PAST" => " Choose a later time, or leave it empty.",
        "NOT_REQUESTER" => " Ask them, or reject it if you may.",
        "IMPORTED_EVIDENCE" => " To do the same here, create a new request.",
        "BLOCKED" => " The page of the decision says what is missing, and who can help.",
        "MISSING_CAPABILITIES" => " Choose another adapter.",
        "BUNDLE_INVALID_SCHEMA" | "INTEGRITY_MISMATCH" | "REPLAY_INVALID" => {
            " Ask for the file again where it came from."
        }
        "CONFLICT_MODE_INVALID" | "DECISION_EXISTS" => " Choose below what happens then.",
        "WRONG_CREDENTIALS" => " Check both and try again.",
        "LOCAL_ACCOUNTS_OFF" => " Use your sign-in provider.",
        "STEP_UP_REQUIRED" => " Sign in again, then repeat it.",
        "ANOTHER_PERSON" => " Load the page again to see it as the one who is signed in.",
        _ => "",
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Serialization(_) => {
                Self::Invalid { field: String::new(), message: String::new() }
            }
            ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Response(_) => Self::Fault { id: String::new() },
            _ => Self::Outdated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AppError;

    #[test]
    fn what_an_address_brought_never_reaches_the_words() {
        let lure = "call 555-0100 <script>".to_owned();
        let errors = [
            AppError::Forbidden { need: lure.clone() },
            AppError::NotFound { what: lure.clone() },
            AppError::Changed { since: vec![lure.clone()] },
            AppError::Refused { code: lure.clone(), message: lure.clone() },
            AppError::Invalid { field: lure.clone(), message: lure.clone() },
            AppError::Exists { what: lure.clone() },
            AppError::Fault { id: lure.clone() },
        ];
        for error in errors {
            let words = error.plain().words();
            assert!(!words.contains("555"), "{words}");
        }
    }

    #[test]
    fn words_say_what_happened_and_whether_anything_was_recorded() {
        let error =
            AppError::Refused { code: "X".into(), message: "a machine cannot approve; a person must".into() };
        assert_eq!(error.words(), "A machine cannot approve; a person must. Nothing was recorded.");
        assert!(AppError::Offline.words().contains("cannot say"));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn every_refusal_that_a_page_knows_says_what_to_do() {
        let source = include_str!("error.rs");
        let (_, known) = source.split_once("fn refusal(").unwrap();
        let (known, _) = known.split_once("\n}").unwrap();
        let codes: Vec<&str> = known
            .lines()
            .filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" =>"))
            .map(|(code, _)| code)
            .collect();
        assert!(codes.len() > 20, "{codes:?}");
        for code in codes {
            assert!(super::remedy(code).starts_with(' '), "{code}");
            let words = AppError::Refused { code: code.to_owned(), message: String::new() }.words();
            assert!(words.contains("Nothing was recorded. ") && words.ends_with('.'), "{words}");
        }
    }
}
