//! One's own second factor: begun, confirmed, switched off. The recovery codes are the answer to the form that confirms
//! it, and no page shows them again.

use crate::api::account::{PAGE, back, refused};
use crate::error::AppError;
use crate::once::answer_with_page;
use crate::ssr::{enter, go_plain};
use leptos::prelude::*;
use leptos::server_fn::codec::{StreamingText, TextStream};

/// What the page's address says while somebody sets a second factor up.
pub const SET_UP: &str = "second-factor";

/// Begins to set a second factor up.
#[server(prefix = "/api", endpoint = "begin_second_factor")]
pub async fn begin_second_factor() -> Result<(), AppError> {
    let (control, caller) = enter()?;
    match control.begin_second_factor(&caller).await {
        Ok(()) => {
            go_plain(&format!("{PAGE}?setup={SET_UP}#{SET_UP}"));
            Ok(())
        }
        Err(error) => refused::<BeginSecondFactor, ()>(error.into(), &[]),
    }
}

/// Puts it in force by its first code, and shows the recovery codes.
#[server(prefix = "/api", endpoint = "confirm_second_factor", output = StreamingText)]
pub async fn confirm_second_factor(
    #[server(default)] code: String,
) -> Result<TextStream<AppError>, AppError> {
    let (control, caller) = enter()?;
    match control.confirm_second_factor(&caller, &code).await {
        Ok(codes) => answer_with_page("Recovery codes", recovery_codes(codes)),
        Err(error) => refused::<ConfirmSecondFactor, _>(error.into(), &[("setup", SET_UP)]),
    }
}

/// Switches it off.
#[server(prefix = "/api", endpoint = "remove_second_factor")]
pub async fn remove_second_factor() -> Result<(), AppError> {
    let (control, caller) = enter()?;
    let done = control.remove_second_factor(&caller).await;
    back::<RemoveSecondFactor, _>(done, "second-factor-off", &[])
}

fn recovery_codes(codes: Vec<String>) -> AnyView {
    let codes: Vec<_> = codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect();
    view! {
        <h1>"Recovery codes"</h1>
        <p>"Your second factor is on. From now on, signing in with your password asks for a code of your app."</p>
        <div class="notice waiting">
            <p><span class="sign" aria-hidden="true">"!"</span>"These codes are shown now and never again. Keep them somewhere else than your phone."</p>
        </div>
        <p>"Each lets you in once in place of a code of the app, for the day the phone is gone."</p>
        <ol class="codes">{codes}</ol>
        <p class="actions"><a class="button" href="/account">"I have kept them"</a></p>
    }
    .into_any()
}
