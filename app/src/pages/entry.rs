//! Coming in: sign-in, set-up, and the page for addresses that lead nowhere. Plain forms to the server's own
//! routes, which set the session; what went wrong comes back as a code, and only known codes are put in words.

use crate::answer;
use crate::api::load::{Ask, Told};
use crate::components::frame::{demo_switch, footer};
use crate::components::loaded::loaded_or;
use crate::components::page_title::PageTitle;
use crate::query::use_query;
use leptos::prelude::*;

fn problem(code: &str) -> Option<&'static str> {
    Some(match code {
        "" => return None,
        "WRONG_CREDENTIALS" => "E-mail or password is wrong. Check both and try again.",
        "THROTTLED" => "Too many attempts. Wait a few minutes, then try again.",
        "UNAUTHENTICATED" => "Your session has ended. Sign in again.",
        "FORBIDDEN" => "This browser's request did not come from this page. Try again here.",
        "INVALID_INPUT" => {
            "One of the fields cannot be used, or the link was used or has expired. A password needs at least 12 characters."
        }
        "ALREADY_EXISTS" => "This workspace is set up already. Sign in instead.",
        _ => "This did not work, and nothing was changed. Try again.",
    })
}

fn alert(code: &str) -> Option<AnyView> {
    problem(code).map(|words| {
        view! {
            <div class="notice bad" role="alert">
                <p><span class="sign" aria-hidden="true">"✕"</span>{words}</p>
            </div>
        }
        .into_any()
    })
}

/// Sign-in.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let demo = loaded_or(
        || Ask::DemoPeople,
        || 0,
        |answer| match answer {
            Ok(Told::DemoPeople(people)) if !people.is_empty() => view! {
                <div class="panel">
                    <h2>"Or look around"</h2>
                    <p>"This is the demo. Choose who you want to be:"</p>
                    {demo_switch(people, String::new(), "Come in")}
                </div>
            }
            .into_any(),
            _ => ().into_any(),
        },
    );
    let (code, email, next) = (query.get("error"), query.get("email"), query.get("next"));
    view! {
        <PageTitle text="Sign in" />
        <section class="page narrow">
            <h1>"Sign in"</h1>
            {alert(&code)}
            <form class="stack" method="post" action="/sign-in">
                <input type="hidden" name="next" value=next />
                <div class="field">
                    <label for="email">"E-mail"</label>
                    <input id="email" name="email" type="email" autocomplete="username" required=true value=email />
                </div>
                <div class="field">
                    <label for="password">"Password"</label>
                    <input id="password" name="password" type="password" autocomplete="current-password" required=true />
                </div>
                <p class="actions"><button class="main" type="submit">"Sign in"</button></p>
            </form>
            {demo}
            <p class="quiet-text">"No account? Ask an admin of your workspace to add you."</p>
        </section>
    }
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
            {alert(&code)}
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
        <header class="top"><div class="bar"><a class="brand" href="/">"Nexus Control"</a></div></header>
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

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn an_unknown_code_gets_words_of_ours() {
        assert_eq!(problem(""), None);
        let words = problem("<b>call 555</b>").unwrap();
        assert!(!words.contains("555"));
    }
}
