//! One's own account: who one is here, and the ways that lead to it. A plain page; each part stands in a file of its
//! own.

mod password;
mod second_factor;
mod sessions;
mod sign_ins;
mod tokens;

use crate::api::account::{AGAIN, Account, Rename, account};
use crate::components::act::{Act, ActForm};
use crate::components::done::done;
use crate::components::door_problem::door_problem;
use crate::components::failure::FormFailure;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::query::{Query, use_query};
use crate::text::visible;
use crate::words;
use control::Caller;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let said = done(words_of(&query.get("done")));
    let problem = door_problem(&query.get("error"));
    let acts = Acts {
        rename: Act::new(Rename::PATH),
        password: password::act(),
        second_factor: second_factor::Acts::new(),
        unlink: sign_ins::act(),
        tokens: tokens::Acts::new(),
        sessions: sessions::Acts::new(),
    };
    view! {
        <PageTitle text="My account" />
        <div class="page narrow">
            <h1>"My account"</h1>
            {said}
            {problem}
            {loaded_once(account(), move |account| shown(&account, acts, &query))}
        </div>
    }
}

/// Everything that can be done here.
#[derive(Clone, Copy)]
struct Acts {
    rename: Act,
    password: Act,
    second_factor: second_factor::Acts,
    unlink: Act,
    tokens: tokens::Acts,
    sessions: sessions::Acts,
}

fn words_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "name" => "Your name is changed.",
        "password" => "Your password is changed, and your other sessions have ended.",
        "second-factor-off" => "Your second factor is off.",
        "linked" => "The sign-in is linked to your account.",
        "unlinked" => "The sign-in is no longer linked, and the sessions that it began have ended.",
        "token-revoked" => "The token is revoked. The next call with it is refused.",
        "session-ended" => "The session has ended.",
        "sessions-ended" => "Your other sessions have ended.",
        _ => return None,
    })
}

fn shown(account: &Account, acts: Acts, query: &Query) -> AnyView {
    view! {
        {facts(account)}
        {name(&account.caller, acts.rename, query)}
        {password::panel(account, acts.password)}
        {second_factor::panel(account, acts.second_factor, query)}
        {sign_ins::panel(account, acts.unlink)}
        {tokens::panel(account, acts.tokens, query)}
        {sessions::panel(account, acts.sessions)}
    }
    .into_any()
}

fn facts(account: &Account) -> AnyView {
    let roles: Vec<_> = account
        .caller
        .roles
        .iter()
        .map(|role| {
            let (word, what) = words::role(role.as_str());
            view! { <li><strong>{word}</strong> " – " {what}</li> }
        })
        .collect();
    view! {
        <dl class="pairs">
            <div><dt>"Account"</dt><dd><bdi>{visible(account.caller.actor.id())}</bdi><p class="hint">"The log names you by it; it never changes."</p></dd></div>
            <div><dt>"Workspace"</dt><dd><bdi>{visible(&account.workspace)}</bdi></dd></div>
            <div><dt>"Roles"</dt><dd><ul>{roles}</ul></dd></div>
        </dl>
    }
    .into_any()
}

fn name(caller: &Caller, act: Act, query: &Query) -> AnyView {
    let typed = act.failed().then(|| query.get("name"));
    let name = typed.unwrap_or_else(|| caller.name.clone());
    view! {
        <section class="panel" aria-labelledby="rename">
            <h2 id="rename">"Name"</h2>
            <ActForm act=act>
                <div id="name-failure"><FormFailure act=act /></div>
                <div class="field">
                    <label for="name">"What you are called"</label>
                    <input id="name" name="name" required=true maxlength="200" autocomplete="name" aria-invalid=invalid(act.failed()) aria-describedby="name-failure" autofocus=act.failed() value=name />
                </div>
                <p class="actions"><button type="submit">"Save name"</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}

/// Says of a field that what was in it was refused. It also gets the focus, so that the browser goes there.
fn invalid(wrong: bool) -> Option<&'static str> {
    wrong.then_some("true")
}

/// Instead of forms that ask for a sign-in of the last minutes.
fn sign_in_first(what: &'static str) -> AnyView {
    view! {
        <p class="hint">{what} " takes a sign-in of the last 15 minutes. " <a href=AGAIN>"Sign in again"</a> ", and you come back here."</p>
    }
    .into_any()
}
