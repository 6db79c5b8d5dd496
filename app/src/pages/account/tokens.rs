//! One's own personal tokens: for programs that speak as oneself. Those that have ended are left out.

use super::{invalid, sign_in_first};
use crate::api::account::Account;
use crate::api::tokens::{CreateToken, RevokeToken};
use crate::components::act::{Act, ActForm};
use crate::components::failure::FormFailure;
use crate::components::time::Time;
use crate::pages::keys::{revoking, scope_boxes};
use crate::query::Query;
use crate::text::visible;
use control::keys::KeyView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[derive(Clone, Copy)]
pub(super) struct Acts {
    create: Act,
    revoke: Act,
}

impl Acts {
    pub(super) fn new() -> Self {
        Self { create: Act::new(CreateToken::PATH), revoke: Act::new(RevokeToken::PATH) }
    }
}

pub(super) fn panel(account: &Account, acts: Acts, query: &Query) -> AnyView {
    let newest = account.tokens.first().map(|token| token.record.id.clone()).unwrap_or_default();
    let open = account.tokens.iter().filter(|token| token.in_force);
    let lines: Vec<_> = open.map(|token| line(token, acts.revoke)).collect();
    let list = if lines.is_empty() {
        view! { <p>"You have none."</p> }.into_any()
    } else {
        view! { <ul class="rows">{lines}</ul> }.into_any()
    };
    let make = if account.recent {
        form(acts.create, query, newest)
    } else {
        sign_in_first("Making a personal token")
    };
    view! {
        <section class="panel" id="tokens" aria-labelledby="tokens-heading">
            <h2 id="tokens-heading">"Personal tokens"</h2>
            <p class="hint">"A token lets a program of yours call this server as you, in this workspace: never more than your roles allow, and counted as you wherever people are counted. It cannot change how you sign in."</p>
            <FormFailure act=acts.revoke />
            {list}
            {make}
        </section>
    }
    .into_any()
}

fn line(token: &KeyView, revoke: Act) -> AnyView {
    let record = &token.record;
    let scopes: Vec<_> =
        record.scopes.iter().map(|scope| view! { <span class="label">{visible(scope)}</span> }).collect();
    let used = match record.used_at {
        Some(at) => {
            let from = record.used_from.as_deref().map(|from| format!(", from {}", visible(from)));
            view! { "Last used " <Time at=at.micros() absolute=true /> {from} }.into_any()
        }
        None => view! { "Never used" }.into_any(),
    };
    let ends = record.expires_at.map(|at| view! { "Ends " <Time at=at.micros() absolute=true /> ". " });
    view! {
        <li>
            <div>
                <p><strong><bdi>{visible(&record.name)}</bdi></strong> " " <code class="small">{visible(&record.id)}</code></p>
                <p class="marks">{scopes}</p>
                <p class="small">{ends} {used}</p>
            </div>
            {revoking(&record.id, &record.name, revoke)}
        </li>
    }
    .into_any()
}

fn form(create: Act, query: &Query, newest: String) -> AnyView {
    let typed = |name: &str| if create.failed() { query.get(name) } else { String::new() };
    let (name, scopes) = (typed("name"), typed("scopes"));
    let days = if create.failed() { query.get("days") } else { "90".to_owned() };
    let (wrong_days, wrong_name) = (create.blames("days"), create.blames("name"));
    view! {
        <h3>"New token"</h3>
        <ActForm act=create>
            <div id="token-failure"><FormFailure act=create /></div>
            <input type="hidden" name="newest" value=newest />
            <div class="field">
                <label for="token-name">"Name of the token"</label>
                <input id="token-name" name="name" required=true maxlength="100" autocomplete="off" aria-invalid=invalid(wrong_name) aria-describedby="token-failure token-name-hint" autofocus=create.failed() && !wrong_days value=name />
                <p class="hint" id="token-name-hint">"What uses it, such as editor on my laptop."</p>
            </div>
            {scope_boxes(true, &scopes)}
            <div class="field">
                <label for="token-days">"Ends after (days)"</label>
                <input id="token-days" name="days" type="number" required=true min="1" max="366" inputmode="numeric" aria-invalid=invalid(wrong_days) aria-describedby="token-failure token-days-hint" autofocus=wrong_days value=days />
                <p class="hint" id="token-days-hint">"1 to 366. Every token ends; revoke it here when you no longer need it."</p>
            </div>
            <p class="actions"><button type="submit">"Make the token"</button></p>
        </ActForm>
    }
    .into_any()
}
