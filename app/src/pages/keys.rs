//! API keys of the workspace, people's own tokens among them: what each may do, whose it is, when it was last used.
//! Nothing here shows a key itself.

use crate::api::keys::{CreateKey, RevokeKey};
use crate::components::act::{Act, ActForm};
use crate::components::done::done;
use crate::components::failure::FormFailure;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::part::Part;
use crate::components::time::Time;
use crate::error::AppError;
use crate::query::{Query, use_query};
use crate::ssr::enter;
use crate::text::visible;
use control::KeyScope;
use control::keys::KeyView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page.
#[component]
pub fn KeysPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let (create, revoke) = (Act::new(CreateKey::PATH), Act::new(RevokeKey::PATH));
    view! {
        <PageTitle text="API keys" />
        {loaded_once(load(), move |keys| shown(keys, create, revoke, &query))}
    }
}

async fn load() -> Result<Vec<KeyView>, AppError> {
    let (control, caller) = enter()?;
    Ok(control.keys(&caller).await?)
}

fn shown(mut keys: Vec<KeyView>, create: Act, revoke: Act, query: &Query) -> AnyView {
    let words = match query.get("done").as_str() {
        "revoked" => Some("The key is revoked. The next call with it is refused."),
        _ => None,
    };
    let newest = keys.first().map(|key| key.record.id.clone()).unwrap_or_default();
    let (state, ended) = if query.get("state") == "ended" { ("ended", true) } else { ("", false) };
    let none = keys.is_empty();
    keys.retain(|key| key.in_force != ended);
    let keys = Part::of(keys, &query.get("page"));
    let pager = keys.pager("/keys", &[("state", state)]);
    let lines: Vec<AnyView> = keys.rows.into_iter().map(|key| line(key, revoke)).collect();
    let list = if lines.is_empty() { empty(none, ended) } else { table(lines) };
    let here = |tab: bool| (tab == ended).then_some("page");
    view! {
        <div class="page">
            <header class="head">
                <h1>"API keys"</h1>
                <p class="byline">
                    "A key lets a program call this server for this workspace. It never approves anything, and never may more than its owner. Personal tokens, which people make under My account and which speak as them, are listed here, too. "
                    <a href="#new">"Make a key"</a>
                </p>
            </header>
            {done(words)}
            <FormFailure act=revoke />
            <div class="columns">
                <div class="wide">
                    <nav class="tabs" aria-label="Keys">
                        <ul>
                            <li><a href="/keys" aria-current=here(false)>"In force"</a></li>
                            <li><a href="/keys?state=ended" aria-current=here(true)>"Ended"</a></li>
                        </ul>
                    </nav>
                    <div>{list} {pager}</div>
                </div>
                <div class="side">{form(create, query, newest)}</div>
            </div>
        </div>
    }
    .into_any()
}

fn empty(none: bool, ended: bool) -> AnyView {
    let (what, next) = match (ended, none) {
        (true, _) => {
            ("No key has ended.", "Revoked and expired keys stay here, so that the log can be read.")
        }
        (false, true) => ("No keys yet.", "Make one with the form on this page; it is shown to you once."),
        (false, false) => {
            ("No key is in force.", "Make one with the form on this page, or look at those that have ended.")
        }
    };
    view! { <div class="empty"><p><strong>{what}</strong></p><p>{next}</p></div> }.into_any()
}

fn table(lines: Vec<AnyView>) -> AnyView {
    view! {
        <table class="cards">
            <caption class="unheard">"API keys, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Key"</th>
                    <th scope="col">"Scopes"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col">"Ends"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

pub(crate) fn line(key: KeyView, revoke: Act) -> AnyView {
    let record = key.record;
    let scopes: Vec<_> =
        record.scopes.iter().map(|scope| view! { <span class="label">{visible(scope)}</span> }).collect();
    let used = match record.used_at {
        Some(at) => {
            let from = record
                .used_from
                .map(|from| view! { <span class="small">"from " <bdi>{visible(&from)}</bdi></span> });
            view! { <Time at=at.micros() absolute=true /> {from} }.into_any()
        }
        None => view! { "never" }.into_any(),
    };
    let ends = match (record.revoked_at, record.expires_at) {
        (Some(at), _) => view! {
            <span class="badge bad"><span class="sign" aria-hidden="true">"⊘"</span>"Revoked"</span>
            " " <Time at=at.micros() absolute=true />
        }
        .into_any(),
        (None, Some(at)) if !key.in_force => view! {
            <span class="badge quiet"><span class="sign" aria-hidden="true">"◷"</span>"Expired"</span>
            " " <Time at=at.micros() absolute=true />
        }
        .into_any(),
        (None, Some(at)) => view! { <Time at=at.micros() absolute=true /> }.into_any(),
        (None, None) => view! { "when revoked" }.into_any(),
    };
    let personal = record.personal.then(|| view! { <span class="label">"Personal token"</span> });
    let open = key.in_force.then(|| revoking(&record.id, &record.name, revoke));
    view! {
        <tr>
            <th scope="row">
                <strong><bdi>{visible(&record.name)}</bdi></strong> " " {personal}
                <span class="small"><code>{visible(&record.id)}</code></span>
                <span class="small">
                    "Owner " <bdi>{visible(&key.owner)}</bdi> ", made " <Time at=record.created_at.micros() absolute=true />
                </span>
            </th>
            <td data-label="Scopes"><span class="marks">{scopes}</span></td>
            <td data-label="Last used">{used}</td>
            <td data-label="Ends">{ends} {open}</td>
        </tr>
    }
    .into_any()
}

/// Two steps, because there is no way back.
pub(crate) fn revoking(id: &str, name: &str, revoke: Act) -> AnyView {
    let id = id.to_owned();
    let says = format!("Revoke {} for good", visible(name));
    let summary = format!("Revoke {}", visible(name));
    view! {
        <details>
            <summary aria-label=summary>"Revoke"</summary>
            <ActForm act=revoke>
                <input type="hidden" name="id" value=id />
                <p class="actions"><button class="danger" type="submit" aria-label=says>"Revoke for good"</button></p>
            </ActForm>
        </details>
    }
    .into_any()
}

/// What a scope lets a program do.
fn scope_words(scope: KeyScope) -> &'static str {
    match scope {
        KeyScope::Request => "ask for decisions, see those that it asked for, take them back",
        KeyScope::Execute => "see decisions, and run what is approved",
        KeyScope::Read => "see all decisions and templates",
        KeyScope::Export => "see decisions, and take bundles and packages away",
        KeyScope::Evaluate => "ask whether an action would be allowed",
        KeyScope::Decide => "see decisions, approve, reject and take approvals back, as you",
        KeyScope::Manage => "write templates, import, look after people and keys, as far as your roles reach",
    }
}

/// A box for each scope that a key of this kind may have. `chosen` are words with commas between.
pub(crate) fn scope_boxes(personal: bool, chosen: &str) -> AnyView {
    let chosen: Vec<&str> = chosen.split(',').collect();
    let scopes = KeyScope::ALL.into_iter().filter(|scope| scope.is_for(personal));
    let boxes: Vec<_> = scopes
        .map(|scope| {
            let word = scope.as_str();
            let id = format!("scope-{word}");
            let checked = chosen.contains(&word);
            view! {
                <p class="check">
                    <input id=id.clone() type="checkbox" name="scopes[]" value=word checked=checked />
                    <label for=id><code>{word}</code> " " <span class="small">{scope_words(scope)}</span></label>
                </p>
            }
        })
        .collect();
    view! { <fieldset><legend>"Scopes"</legend>{boxes}</fieldset> }.into_any()
}

fn form(create: Act, query: &Query, newest: String) -> AnyView {
    let name = query.get("name");
    let days = match query.get("days").as_str() {
        "" => "90".to_owned(),
        "none" => String::new(),
        typed => typed.to_owned(),
    };
    let boxes = scope_boxes(false, &query.get("scopes"));
    view! {
        <section class="panel" aria-labelledby="new">
            <h2 id="new">"New key"</h2>
            <ActForm act=create>
                <FormFailure act=create />
                <input type="hidden" name="newest" value=newest />
                <div class="field">
                    <label for="name">"Name"</label>
                    <input id="name" name="name" required=true maxlength="100" autocomplete="off" aria-describedby="name-hint" value=name />
                    <p class="hint" id="name-hint">"What uses it, such as release pipeline. The log shows it."</p>
                </div>
                {boxes}
                <div class="field">
                    <label for="days">"Ends after (days)"</label>
                    <input id="days" name="days" type="number" min="1" max="3660" inputmode="numeric" placeholder="when revoked" aria-describedby="days-hint" value=days />
                    <p class="hint" id="days-hint">"Empty: it works until it is revoked."</p>
                </div>
                <p class="hint">"You will own it. Where different people are needed, it counts as you."</p>
                <p class="actions"><button class="main" type="submit">"Make the key"</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}
