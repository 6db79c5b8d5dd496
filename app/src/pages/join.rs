//! An invitation, opened: who is invited where, and the ways to accept. Looking at it changes nothing.

use crate::answer;
use crate::api::account::{reader, use_cases};
use crate::components::door_problem::{PROBLEM, door_problem_here};
use crate::components::loaded_once::loaded_once_or;
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::query::{Query, address, use_query};
use crate::ssr::{Way, context};
use crate::text::visible;
use crate::words;
use control::Caller;
use control::access::invitation::Invited;
use leptos::prelude::*;
use std::sync::Arc;

/// What the page shows.
struct Offer {
    invited: Invited,
    reader: Option<Caller>,
    providers: Arc<[Way]>,
    token: String,
}

/// The page.
#[component]
pub fn JoinPage() -> impl IntoView {
    let query = use_query().get_untracked();
    view! {
        <PageTitle text="Invitation" />
        {loaded_once_or(offer(query.get("token")), move |answer| match answer {
            Ok(offer) => shown(&offer, &query),
            Err(error) => shut(&error),
        })}
    }
}

async fn offer(token: String) -> Result<Offer, AppError> {
    let invited = use_cases()?.invited(&token).await?;
    Ok(Offer { invited, reader: reader(), providers: context()?.providers, token })
}

fn shut(error: &AppError) -> AnyView {
    // Used, taken back, expired or made up: whoever asks is told the same.
    let gone = matches!(error, AppError::Invalid { .. });
    answer::set_status(if gone { 404 } else { error.status() });
    view! {
        <section class="page narrow">
            <h1>"This invitation does not work"</h1>
            <p>{visible(&error.words_of_page())}</p>
            <p class="actions"><a class="button quiet" href="/sign-in">"Go to the sign-in page"</a></p>
        </section>
    }
    .into_any()
}

fn shown(offer: &Offer, query: &Query) -> AnyView {
    let invited = &offer.invited;
    let wrong = if offer.reader.is_some() {
        "This invitation is for somebody else, or was used meanwhile. Sign in as whom it is for, or ask for one of your own."
    } else {
        "The name or the password cannot be used. A password needs at least 12 characters."
    };
    let taken = "There is an account with this address already. Sign in to it, then open the link again.";
    let problem =
        door_problem_here(&query.get("error"), &[("INVALID_INPUT", wrong), ("ALREADY_EXISTS", taken)]);
    let roles: Vec<_> = invited
        .roles
        .iter()
        .map(|role| {
            let (word, what) = words::role(role);
            view! { <li><strong>{word}</strong> " – " {what}</li> }
        })
        .collect();
    let ways = match &offer.reader {
        Some(caller) => as_reader(caller, &offer.token),
        None => as_stranger(offer, query, problem.is_some()),
    };
    view! {
        <section class="page narrow">
            <h1>"Join " <bdi>{visible(&invited.workspace)}</bdi></h1>
            <dl class="pairs">
                <div><dt>"For"</dt><dd><bdi>{visible(&invited.name)}</bdi>", "<bdi>{visible(&invited.email)}</bdi></dd></div>
                <div><dt>"Roles"</dt><dd><ul>{roles}</ul></dd></div>
            </dl>
            {problem}
            {ways}
        </section>
    }
    .into_any()
}

fn as_reader(caller: &Caller, token: &str) -> AnyView {
    view! {
        <form class="stack" method="post" action="/join/signed-in">
            <input type="hidden" name="token" value=token.to_owned() />
            <p>"You are signed in as " <strong><bdi>{visible(&caller.name)}</bdi></strong> ", " <bdi>{visible(caller.actor.id())}</bdi> "."</p>
            <p class="actions"><button class="main" type="submit">"Join as " {visible(&caller.name)}</button></p>
        </form>
        <form class="stack" method="post" action="/sign-out">
            <p class="hint">"Somebody else? Sign out, then open the link again."</p>
            <p class="actions"><button class="quiet" type="submit">"Sign out"</button></p>
        </form>
    }
    .into_any()
}

fn as_stranger(offer: &Offer, query: &Query, wrong: bool) -> AnyView {
    let links: Vec<_> = offer
        .providers
        .iter()
        .map(|way| {
            let href = address(&way.href, &[("invitation", &offer.token)]);
            view! { <li><a class="button" href=href>{way.label.clone()}</a></li> }
        })
        .collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="ways">{links}</ul> });
    let heading = if links.is_some() { "Or choose a password" } else { "Choose a password" };
    let back = address("/join", &[("token", &offer.token)]);
    let sign_in = address("/sign-in", &[("next", &back)]);
    let nothing = links.is_none() && !offer.invited.local;
    view! {
        {links}
        {offer.invited.local.then(|| view! { <h2 class="either">{heading}</h2> {password_form(offer, query, wrong)} })}
        {nothing.then(|| view! { <p>"Passwords are switched off here, and no sign-in provider is set up. Whoever runs this server can change both."</p> })}
        <p class="quiet-text">"An account here already? " <a href=sign_in>"Sign in"</a> ", and you come back to this page."</p>
    }
    .into_any()
}

fn password_form(offer: &Offer, query: &Query, wrong: bool) -> AnyView {
    let typed = query.get("name");
    let name = if typed.is_empty() { offer.invited.name.clone() } else { typed };
    let about = if wrong { format!("{PROBLEM} password-hint") } else { "password-hint".to_owned() };
    view! {
        <form class="stack" method="post" action="/join">
            <input type="hidden" name="token" value=offer.token.clone() />
            <div class="field">
                <label for="email">"Your e-mail"</label>
                <input id="email" type="email" readonly=true autocomplete="username" aria-describedby="email-hint" value=offer.invited.email.clone() />
                <p class="hint" id="email-hint">"You sign in with it, and the log names you by it for good."</p>
            </div>
            <div class="field">
                <label for="name">"Your name"</label>
                <input id="name" name="name" required=true maxlength="200" autocomplete="name" value=name />
            </div>
            <div class="field">
                <label for="password">"Password"</label>
                <input id="password" name="password" type="password" required=true minlength="12" autocomplete="new-password" aria-invalid=wrong.then_some("true") aria-describedby=about autofocus=wrong />
                <p class="hint" id="password-hint">"At least 12 characters."</p>
            </div>
            <p class="actions"><button class="main" type="submit">"Join and sign in"</button></p>
        </form>
    }
    .into_any()
}
