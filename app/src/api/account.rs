//! One's own account: what it is, its name, its password, and the sign-ins that lead to it.

use crate::error::AppError;
use crate::ssr::{SignedIn, Way, context, enter, go_plain, keep_typed, session_hash, set_call_status};
use control::access::second_factor::Enrolment;
use control::access::session::SessionView;
use control::keys::KeyView;
use control::lists::IdentityRecord;
use control::{Caller, Control};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::sync::Arc;

/// The page that all of these stand on.
pub const PAGE: &str = "/account";
/// Where one signs in again, to come back to that page.
pub const AGAIN: &str = "/sign-in/again?next=%2Faccount";

/// What the page shows.
pub struct Account {
    /// Who reads.
    pub caller: Caller,
    /// The workspace's name.
    pub workspace: String,
    /// Whether passwords let anybody in here.
    pub local: bool,
    /// Whether the reader has one.
    pub has_password: bool,
    /// Recovery codes that are left, when a second factor is in force.
    pub second_factor: Option<u32>,
    /// A second factor that waits for its first code.
    pub enrolment: Option<Enrolment>,
    /// Sign-ins at providers.
    pub identities: Vec<IdentityRecord>,
    /// Providers that there are.
    pub providers: Arc<[Way]>,
    /// The reader's personal tokens in this workspace, newest first, those that have ended among them.
    pub tokens: Vec<KeyView>,
    /// The reader's sessions.
    pub sessions: Vec<SessionView>,
    /// Whether they signed in a short while ago, as changes of the ways to sign in ask for.
    pub recent: bool,
}

/// Everything about the reader's account.
pub async fn account() -> Result<Account, AppError> {
    let (control, caller) = enter()?;
    let context = context()?;
    Ok(Account {
        workspace: control.settings(&caller).await?.name,
        local: control.local_accounts(),
        has_password: control.has_password(&caller).await?,
        second_factor: control.second_factor(&caller).await?,
        enrolment: control.enrolment(&caller).await?,
        identities: control.identities(&caller).await?,
        providers: context.providers,
        tokens: control.tokens(&caller).await?,
        sessions: control.my_sessions(&caller, session_hash().as_deref()).await?,
        recent: control.may_link(&caller).is_ok(),
        caller,
    })
}

/// How the reader can prove again who they are.
pub struct Again {
    /// Who reads.
    pub caller: Caller,
    /// Whether by a password.
    pub by_password: bool,
    /// By which providers.
    pub providers: Vec<Way>,
    /// Whether by saying so, as the demo's people do.
    pub demo: bool,
}

/// How the reader can prove again who they are.
pub async fn again() -> Result<Again, AppError> {
    let (control, caller) = enter()?;
    let context = context()?;
    let identities = control.identities(&caller).await?;
    let linked = |way: &&Way| identities.iter().any(|identity| identity.issuer == way.issuer);
    let providers: Vec<Way> = context.providers.iter().filter(linked).cloned().collect();
    let by_password = control.local_accounts() && control.has_password(&caller).await?;
    let demo = context.demo && !by_password && providers.is_empty();
    Ok(Again { caller, by_password, providers, demo })
}

/// Who reads, where nobody has to be signed in.
pub fn reader() -> Option<Caller> {
    use_context::<SignedIn>().and_then(|signed_in| signed_in.0)
}

/// The use cases, where nobody has to be signed in.
pub fn use_cases() -> Result<Control, AppError> {
    Ok(context()?.control)
}

/// Changes one's password, or sets the first one, and ends one's other sessions.
#[server(prefix = "/api", endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] new: String,
) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let keep = session_hash();
    let done = control.change_password(&caller, &current, &new, keep.as_deref()).await;
    back::<ChangePassword, _>(done, "password", &[])
}

/// Changes what one is called.
#[server(prefix = "/api", endpoint = "rename")]
pub async fn rename(#[server(default)] name: String) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.rename(&caller, &name).await;
    back::<Rename, _>(done, "name", &[("name", &name)])
}

/// Removes a sign-in at a provider.
#[server(prefix = "/api", endpoint = "unlink")]
pub async fn unlink(
    #[server(default)] issuer: String,
    #[server(default)] subject: String,
) -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.unlink(&caller, &issuer, &subject).await;
    back::<Unlink, _>(done, "unlinked", &[])
}

/// Back to the page: with a word for what was done, or with what failed and what was typed. Who has to sign in again
/// first is led there.
pub(super) fn back<F: ServerFn<Error = AppError>, T>(
    done: Result<T, control::Error>,
    said: &str,
    typed: &[(&str, &str)],
) -> Result<T, AppError> {
    match done.map_err(AppError::from) {
        Ok(done) => {
            go_plain(&format!("{PAGE}?done={said}"));
            Ok(done)
        }
        Err(error) => refused::<F, T>(error, typed),
    }
}

/// The same for what failed.
pub(super) fn refused<F: ServerFn<Error = AppError>, T>(
    error: AppError,
    typed: &[(&str, &str)],
) -> Result<T, AppError> {
    if matches!(&error, AppError::Refused { code, .. } if code == "STEP_UP_REQUIRED") {
        set_call_status(&error);
        go_plain(AGAIN);
        return Err(error);
    }
    keep_typed::<F, T>(Err(error), PAGE, typed)
}
