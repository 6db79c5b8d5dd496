//! Coming in: sign-in, set-up, and the page for addresses that lead nowhere. Plain forms and links to the server's own
//! doors, which set the session; what went wrong comes back as a code.

use crate::answer;
use crate::api::ways::{Provider, Ways, ways};
use crate::components::door_problem::{PROBLEM, door_problem};
use crate::components::frame::footer;
use crate::components::header::{brand, demo_switch};
use crate::components::loaded_once::loaded_once_or;
use crate::components::page_title::PageTitle;
use crate::query::{Query, address, use_query};
use leptos::prelude::*;

/// Sign-in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let problem = door_problem(&query.get("error"));
    let ways = loaded_once_or(ways(), move |answer| match answer {
        Ok(ways) => offered(ways, &query),
        // A password may still do.
        Err(_) => by_password(&query),
    });
    view! {
        <PageTitle text="Sign in" />
        <section class="page narrow">
            <h1>"Sign in"</h1>
            {problem}
            {ways}
            <p class="quiet-text">"No account? Ask an admin of your workspace to invite you."</p>
        </section>
    }
}

fn offered(ways: Ways, query: &Query) -> AnyView {
    let demo = (!ways.demo.is_empty()).then(|| {
        view! {
            <div class="panel">
                <h2>"Or look around"</h2>
                <p>"This is the demo. Choose who you want to be:"</p>
                {demo_switch(ways.demo, String::new(), "Come in")}
            </div>
        }
    });
    let several = !ways.providers.is_empty() && ways.local;
    let none = ways.providers.is_empty() && !ways.local;
    view! {
        {by_providers(ways.providers, &query.get("next"))}
        {several.then(|| view! { <h2 class="either">"Or with a password"</h2> })}
        {ways.local.then(|| by_password(query))}
        {none.then(|| view! { <p>"Passwords are switched off here, and no sign-in provider is set up. Whoever runs this server can change both."</p> })}
        {demo}
    }
    .into_any()
}

fn by_providers(providers: Vec<Provider>, next: &str) -> Option<AnyView> {
    if providers.is_empty() {
        return None;
    }
    let links: Vec<_> = providers
        .into_iter()
        .map(|provider| {
            let href = address(&provider.href, &[("next", next)]);
            view! { <li><a class="button" href=href>{provider.label}</a></li> }
        })
        .collect();
    Some(view! { <ul class="ways">{links}</ul> }.into_any())
}

fn by_password(query: &Query) -> AnyView {
    let wrong = query.get("error") == "WRONG_CREDENTIALS";
    let (invalid, about) = (wrong.then_some("true"), wrong.then_some(PROBLEM));
    let (email, next) = (query.get("email"), query.get("next"));
    view! {
        <form class="stack" method="post" action="/sign-in">
            <input type="hidden" name="next" value=next />
            <div class="field">
                <label for="email">"E-mail"</label>
                <input id="email" name="email" type="email" autocomplete="username" required=true aria-invalid=invalid aria-describedby=about value=email />
            </div>
            <div class="field">
                <label for="password">"Password"</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required=true aria-invalid=invalid aria-describedby=about />
            </div>
            <p class="actions"><button class="main" type="submit">"Sign in"</button></p>
        </form>
    }
    .into_any()
}

/// The first start: a workspace and its first person.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let (code, token) = (query.get("error"), query.get("token"));
    let field = |name: &str| query.get(name);
    view! {
        <PageTitle text="Set up" />
        <section class="page narrow">
            <h1>"Set up Nexus Control"</h1>
            <p>"This makes the workspace and its first person, who gets every role. The link works once."</p>
            {door_problem(&code)}
            <form class="stack" method="post" action="/set-up">
                <input type="hidden" name="token" value=token />
                <div class="field">
                    <label for="workspace">"Name of the workspace"</label>
                    <input id="workspace" name="workspace" required=true maxlength="100" autocomplete="organization" value=field("workspace") />
                </div>
                <div class="field">
                    <label for="name">"Your name"</label>
                    <input id="name" name="name" required=true maxlength="100" autocomplete="name" value=field("name") />
                </div>
                <div class="field">
                    <label for="email">"Your e-mail"</label>
                    <input id="email" name="email" type="email" required=true autocomplete="username" aria-describedby="email-hint" value=field("email") />
                    <p class="hint" id="email-hint">"You sign in with it, and the log names you by it for good."</p>
                </div>
                <div class="field">
                    <label for="password">"Password"</label>
                    <input id="password" name="password" type="password" required=true minlength="12" autocomplete="new-password" aria-describedby="password-hint" />
                    <p class="hint" id="password-hint">"At least 12 characters."</p>
                </div>
                <p class="actions"><button class="main" type="submit">"Set up and sign in"</button></p>
            </form>
        </section>
    }
}

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    answer::set_status(404);
    view! {
        <PageTitle text="Not found" />
        <header class="top"><div class="bar">{brand(None)}</div></header>
        <main id="main" tabindex="-1">
            <section class="page narrow">
                <h1>"Not found"</h1>
                <p>"There is no page at this address. It may have been mistyped or moved."</p>
                <p class="actions">
                    <a class="button" href="/">"Go to the inbox"</a>
                    <a class="button quiet" href="/decisions">"All decisions"</a>
                </p>
            </section>
        </main>
        {footer()}
    }
}
