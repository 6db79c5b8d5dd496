//! The further steps of signing in, and the page after signing out: a code, proving oneself again, signed out. Plain
//! pages whose forms go to the server's own doors.

use crate::api::account::{Again, again, reader};
use crate::components::door_problem::{PROBLEM, door_problem, door_problem_here};
use crate::components::failure::Failure;
use crate::components::loaded_once::loaded_once_or;
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::query::{Query, address, use_query};
use crate::text::visible;
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// The second step: a code of the app, or a recovery code.
#[component]
pub fn CodePage() -> impl IntoView {
    let query = use_query().get_untracked();
    let own = "This code is wrong, was used before, or is no longer valid. Wait for the next one of the app.";
    let problem = door_problem_here(&query.get("error"), &[("INVALID_INPUT", own)]);
    let (state, next) = (query.get("state"), query.get("next"));
    let afresh = address("/sign-in", &[("next", &next)]);
    let content = if state.is_empty() {
        view! { <p>"There is no sign-in here that waits for a code."</p> }.into_any()
    } else {
        code_form(state, next, problem.is_some())
    };
    view! {
        <PageTitle text="Second factor" />
        <section class="page narrow">
            <h1>"Second factor"</h1>
            {problem}
            {content}
            <p class="quiet-text"><a href=afresh>"Begin the sign-in again"</a></p>
        </section>
    }
}

fn code_form(state: String, next: String, wrong: bool) -> AnyView {
    let about = if wrong { format!("{PROBLEM} code-hint") } else { "code-hint".to_owned() };
    view! {
        <form class="stack" method="post" action="/sign-in/code">
            <input type="hidden" name="state" value=state />
            <input type="hidden" name="next" value=next />
            <div class="field">
                <label for="code">"Code"</label>
                <input id="code" class="code" name="code" required=true maxlength="40" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" aria-invalid=wrong.then_some("true") aria-describedby=about autofocus=true />
                <p class="hint" id="code-hint">"Six digits of your authenticator app. Without the phone: one of your recovery codes."</p>
            </div>
            <p class="actions"><button class="main" type="submit">"Go on"</button></p>
        </form>
    }
    .into_any()
}

/// Somebody who is signed in proves again who they are.
#[component]
pub fn AgainPage() -> impl IntoView {
    let query = use_query().get_untracked();
    view! {
        <PageTitle text="Sign in again" />
        {loaded_once_or(again(), move |answer| match answer {
            Ok(again) => prove(&again, &query),
            Err(error) => not_proven(error, &query),
        })}
    }
}

/// Nobody is signed in: then a sign-in is what is needed. One who has to wait is told so first.
fn not_proven(error: AppError, query: &Query) -> AnyView {
    let next = address("/sign-in", &[("next", &query.get("next"))]);
    match (error, door_problem(&query.get("error"))) {
        (AppError::Unauthenticated, None) => view! { <Redirect path=next /> }.into_any(),
        (AppError::Unauthenticated, Some(problem)) => view! {
            <section class="page narrow">
                <h1>"Sign in again"</h1>
                {problem}
                <p><a href=next>"Go to the sign-in page"</a></p>
            </section>
        }
        .into_any(),
        (error, _) => view! { <Failure error=error /> }.into_any(),
    }
}

fn prove(again: &Again, query: &Query) -> AnyView {
    let next = query.get("next");
    let wrong = query.get("error") == "WRONG_CREDENTIALS";
    let own = [
        ("WRONG_CREDENTIALS", "This password is wrong. Try again."),
        ("STEP_UP_REQUIRED", "Your sign-in is too long ago for this. Nothing was changed yet."),
    ];
    let problem = door_problem_here(&query.get("error"), &own);
    let none = !again.by_password && again.providers.is_empty() && !again.demo;
    let links: Vec<_> = again
        .providers
        .iter()
        .map(|way| {
            let href = address(&way.href, &[("purpose", "again"), ("next", &next)]);
            view! { <li><a class="button" href=href>{way.label.clone()}</a></li> }
        })
        .collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="ways">{links}</ul> });
    let either = (links.is_some() && again.by_password)
        .then(|| view! { <h2 class="either">"Or with your password"</h2> });
    view! {
        <section class="page narrow">
            <h1>"Sign in again"</h1>
            <p>
                "What you are about to do asks that " <strong><bdi>{visible(&again.caller.name)}</bdi></strong>
                " signed in a short while ago. You come back to where you were, and nothing is done yet."
            </p>
            {problem}
            {links}
            {either}
            {again.by_password.then(|| password_form(again, &next, wrong))}
            {again.demo.then(|| demo_form(again, &next))}
            {none.then(|| view! { <p>"There is no way here to prove who you are: passwords are switched off, and no provider is linked to your account. Ask an admin."</p> })}
            <p class="quiet-text"><a href=here(&next)>"Back without signing in again"</a></p>
        </section>
    }
    .into_any()
}

fn password_form(again: &Again, next: &str, wrong: bool) -> AnyView {
    // Where a provider stands before it, the reader begins there.
    let first = wrong || again.providers.is_empty();
    view! {
        <form class="stack" method="post" action="/sign-in/again">
            <input type="hidden" name="next" value=next.to_owned() />
            // For password managers: whose it is.
            <input class="unheard" type="text" autocomplete="username" readonly=true tabindex="-1" aria-hidden="true" value=again.caller.actor.id().to_owned() />
            <div class="field">
                <label for="password">"Password"</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required=true aria-invalid=wrong.then_some("true") aria-describedby=wrong.then_some(PROBLEM) autofocus=first />
            </div>
            <p class="actions"><button class="main" type="submit">"Sign in again"</button></p>
        </form>
    }
    .into_any()
}

fn demo_form(again: &Again, next: &str) -> AnyView {
    view! {
        <form class="stack" method="post" action="/demo-sign-in">
            <input type="hidden" name="next" value=next.to_owned() />
            <input type="hidden" name="actor_id" value=again.caller.actor.id().to_owned() />
            <p>"This is the demo: nobody has a password."</p>
            <p class="actions"><button type="submit">"Come in again as " {visible(&again.caller.name)}</button></p>
        </form>
    }
    .into_any()
}

/// An address of this site, or the account's page for anything else: a link is no redirect, but leads as far.
fn here(next: &str) -> String {
    let path = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let plain = next.is_ascii() && !next.chars().any(char::is_control);
    if path && plain { next.to_owned() } else { "/account".to_owned() }
}

/// After signing out.
#[component]
pub fn SignedOutPage() -> impl IntoView {
    // Anybody can write a link to this page, so that it says what is so and not what the address claims.
    let (title, content) = match reader() {
        Some(caller) => (
            "You are signed in",
            view! {
                <p>"As " <strong><bdi>{visible(&caller.name)}</bdi></strong> "."</p>
                <form method="post" action="/sign-out"><p class="actions"><button type="submit">"Sign out"</button></p></form>
            }
            .into_any(),
        ),
        None => (
            "You are signed out",
            view! {
                <p>"On a machine that others use, close the browser as well, and look whether your provider still knows you."</p>
                <p class="actions"><a class="button" href="/sign-in">"Sign in"</a></p>
            }
            .into_any(),
        ),
    };
    view! {
        <PageTitle text=title />
        <section class="page narrow">
            <h1>{title}</h1>
            {content}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::here;

    #[test]
    fn the_way_back_leads_to_this_site_only() {
        for (next, way) in [
            ("/decisions/42?x=1", "/decisions/42?x=1"),
            ("//evil.example", "/account"),
            ("/\\evil.example", "/account"),
            ("https://evil.example", "/account"),
            ("data:text/html,x", "/account"),
            ("/a\tb", "/account"),
            ("", "/account"),
        ] {
            assert_eq!(here(next), way, "{next}");
        }
    }
}
