//! The server's half: who calls, how `control`'s failures become a page's, and redirects for plain forms.
//!
//! It refuses to show a fault's text: that goes to the log, once, under an id.

use crate::error::AppError;
use crate::query::address;
use axum::http::{StatusCode, header, request::Parts};
use control::{Caller, Control};
use governance::Refusal;
use governance::policy::PolicyError;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::use_context;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_axum::ResponseOptions;
use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most bytes of a redirect's address: proxies refuse longer ones.
const ADDRESS_LIMIT: usize = 6_000;

/// What the server gives to every page and every server function.
#[derive(Clone)]
pub struct AppContext {
    /// The use cases.
    pub control: Control,
    /// Names and places of the built files.
    pub leptos_options: LeptosOptions,
    /// Whether this is the demo, where anyone may change roles.
    pub demo: bool,
    /// How people reach the server, without a slash at the end: for links that are sent to somebody.
    pub public_url: Arc<str>,
    /// Sign-in providers, in the order of the configuration.
    pub providers: Arc<[Way]>,
}

/// A sign-in provider, as pages offer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Where a sign-in with it begins, such as `/sign-in/oidc/okta`.
    pub href: String,
    /// The text of its button.
    pub label: String,
    /// The provider's own identifier.
    pub issuer: String,
}

/// Who is signed in, found out by the server before the page is made.
#[derive(Clone)]
pub struct SignedIn(pub Option<Caller>);

/// Whether a call was made by a page that stays open, and by nobody: such a call does not count as using the session.
#[derive(Clone, Default)]
pub struct Unattended(Arc<AtomicBool>);

impl Unattended {
    /// Whether the call turned out to be one.
    pub fn is(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Notes that nobody made this call: their page did.
pub fn unattended() {
    if let Some(call) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Unattended>().cloned())
    {
        call.0.store(true, Ordering::Relaxed);
    }
}

/// Hash of the session that the call came with, where the server provides it: a password change keeps that one.
#[derive(Clone)]
pub struct SessionHash(pub Option<String>);

/// Hash of the session that the call came with.
pub fn session_hash() -> Option<String> {
    use_context::<SessionHash>().and_then(|session| session.0)
}

/// The server's gift.
pub fn context() -> Result<AppContext, AppError> {
    use_context::<AppContext>().ok_or_else(|| fault("no application context was provided"))
}

/// Who calls. Fails when nobody is signed in.
pub fn caller() -> Result<Caller, AppError> {
    use_context::<SignedIn>().and_then(|signed_in| signed_in.0).ok_or(AppError::Unauthenticated)
}

/// The use cases and who calls: how every server function begins. Where nobody is signed in the call says so by its
/// status as well.
pub fn enter() -> Result<(Control, Caller), AppError> {
    let entered = || Ok((context()?.control, caller()?));
    entered().inspect_err(set_call_status)
}

/// The same for a form of a page that was made for `reader`, by actor id; refused when it is somebody else who sends it.
/// A form that does not say is sent by whoever sends it.
pub fn enter_as(reader: &str) -> Result<(Control, Caller), AppError> {
    let (control, caller) = enter()?;
    if reader.is_empty() || caller.actor_ids.iter().any(|id| id == reader) {
        return Ok((control, caller));
    }
    let message =
        format!("you are signed in as {} now, and this page was made for somebody else", caller.name);
    let error = AppError::Refused { code: "ANOTHER_PERSON".to_owned(), message };
    set_call_status(&error);
    Err(error)
}

/// Marks a page that nothing happens in once it is sent: no clock runs there.
#[derive(Clone, Copy)]
pub struct Still;

/// Now, in microseconds since 1970, for a page that goes on counting by itself.
pub fn now_micros() -> Option<i64> {
    if use_context::<Still>().is_some() {
        return None;
    }
    use_context::<AppContext>().map(|app| app.control.now().micros())
}

/// Whether a plain form asks, which wants an address to go to instead of data.
pub fn wants_html() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        parts
            .headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("text/html"))
    })
}

/// The status of a page. Never called in a server function: a plain form's redirect would lose its own.
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

/// The status of a failed call by the page's own code. A plain form keeps its redirect, and a page that is being
/// made says its own.
pub fn set_call_status(error: &AppError) {
    let called = use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/"));
    if called && !wants_html() {
        set_status(error.status());
    }
}

/// Sends the reader on, with or without JavaScript. The path must be ASCII, as `query::address` makes it.
pub fn go(path: &str) {
    if path.is_ascii() && !path.chars().any(char::is_control) {
        leptos_axum::redirect(path);
    }
}

/// Sends a plain form on; a page with JavaScript stays where it is.
pub fn go_plain(path: &str) {
    if wants_html() {
        go(path);
    }
}

/// Refuses a form that was sent before: what it knew as the newest of a list no longer is. So the page that shows
/// something once can be loaded again without making another one.
pub fn not_sent_before(newest: Option<&str>, known: &str) -> Result<(), AppError> {
    if newest.unwrap_or_default() == known {
        return Ok(());
    }
    let message =
        "this form was sent before, or somebody changed the list meanwhile; look at it first".to_owned();
    Err(AppError::Invalid { field: "newest".to_owned(), message })
}

/// When a plain form fails: back to its page with what was typed, as long as that fits into an address.
/// With JavaScript the page still has it all.
pub fn keep_typed<F, T>(
    result: Result<T, AppError>,
    page: &str,
    typed: &[(&str, &str)],
) -> Result<T, AppError>
where
    F: ServerFn<Error = AppError>,
{
    let Err(error) = result else { return result };
    set_call_status(&error);
    if wants_html() {
        let mut kept: Vec<(&str, &str)> = typed.to_vec();
        let mut back = address(page, &kept);
        while back.len() > ADDRESS_LIMIT {
            // The longest goes first, and the page says that it is gone.
            let Some(longest) = kept.iter().enumerate().max_by_key(|(_, (_, value))| value.len()) else {
                break;
            };
            let at = longest.0;
            kept.remove(at);
            kept.retain(|(name, _)| *name != "lost");
            kept.push(("lost", "1"));
            back = address(page, &kept);
        }
        let failed = ServerFnUrlError::new(F::PATH, error.clone().plain());
        if let Ok(url) = failed.to_url(&format!("http://localhost{back}")) {
            go(&format!("{}?{}", url.path(), url.query().unwrap_or_default()));
        }
    }
    Err(error)
}

/// Logs what broke and answers with the id that the log has it under.
pub fn fault(chain: &str) -> AppError {
    let id: String = Nonce::new().to_string().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    tracing::error!(fault.id = %id, "a page or server function failed: {chain}");
    AppError::Fault { id }
}

impl From<control::Error> for AppError {
    fn from(error: control::Error) -> Self {
        use control::Error as E;
        let code = error.code().to_owned();
        match error {
            E::Unauthenticated => Self::Unauthenticated,
            E::Forbidden { need } => Self::Forbidden { need },
            E::KeyForbidden => Self::Forbidden { need: "a person, signed in to a browser".to_owned() },
            E::NotFound(what) => Self::NotFound { what: what.to_owned() },
            E::Changed { since, .. } => {
                let lines =
                    since.into_iter().map(|entry| format!("{} · {}", entry.ts.to_plain(), entry.summary));
                Self::Changed { since: lines.collect() }
            }
            E::Exists(what) => Self::Exists { what: what.to_owned() },
            E::Invalid { field, message } => Self::Invalid { field: field.to_owned(), message },
            E::Throttled { retry_after_seconds } => {
                Self::Throttled { seconds: u32::try_from(retry_after_seconds).unwrap_or(u32::MAX) }
            }
            E::Refused(Refusal::Policy(policy)) => Self::Refused { code, message: policy_words(&policy) },
            E::Refused(_)
            | E::Import(_)
            | E::Package(_)
            | E::Credentials
            | E::LocalAccountsOff
            | E::Sso(_) => Self::Refused { code, message: error.to_string() },
            E::Fault(_) | E::Store(_) => fault(&chain(&error)),
        }
    }
}

/// The reference's texts name fields; a page names things.
fn policy_words(error: &PolicyError) -> String {
    match error {
        PolicyError::MinApprovals => {
            "at least 1 approval is needed; change the number of approvals".to_owned()
        }
        PolicyError::NoModes => "choose what may run: dry runs, real runs or both".to_owned(),
        PolicyError::MaxSteps => "a limit on steps starts at 1; leave it empty for no limit".to_owned(),
        PolicyError::MaxSignInAge => {
            "an approval may ask for a sign-in of the last 1 to 10080 minutes; leave it empty for any"
                .to_owned()
        }
        PolicyError::UnknownMode(_) | PolicyError::Field(_) => format!("this is not a policy: {error}"),
    }
}

fn chain(error: &control::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        // Writing into a `String` cannot fail.
        let _ = write!(text, ": {source}");
        next = source.source();
    }
    text
}
