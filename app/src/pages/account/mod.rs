//! One's own account: name, roles, password.

use crate::api::account::{ChangePassword, Rename};
use crate::api::load::{Ask, Told};
use crate::api::me::Me;
use crate::components::act::{Act, ActForm};
use crate::components::failure::FormFailure;
use crate::components::loaded::loaded_again;
use crate::components::page_title::PageTitle;
use crate::query::use_query;
use crate::text::visible;
use crate::words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let query = use_query();
    let password = Act::new(ChangePassword::PATH);
    let rename = Act::new(Rename::PATH);
    let done = move || {
        let by_address = query.with(|query| query.get("done"));
        let said = match (rename.succeeded(), password.succeeded()) {
            (_, true) => "password",
            (true, _) => "name",
            _ => by_address.as_str(),
        };
        match said {
            "password" => Some("Your password is changed, and your other sessions have ended."),
            "name" => Some("Your name is changed."),
            _ => None,
        }
    };
    view! {
        <PageTitle text="My account" />
        <section class="page narrow">
            <h1>"My account"</h1>
            <div role="status">
                {move || done().map(|words| view! {
                    <div class="notice good"><p><span class="sign" aria-hidden="true">"✓"</span>{words}</p></div>
                })}
            </div>
            {loaded_again(
                || Ask::Me,
                move || rename.turn(),
                move |told| match told {
                    Told::Me(reader) => shown(reader, rename, password),
                    _ => ().into_any(),
                },
            )}
        </section>
    }
}

fn shown(reader: Me, rename: Act, password: Act) -> AnyView {
    let roles: Vec<_> = reader
        .roles
        .iter()
        .map(|role| {
            let (word, what) = words::role(role);
            view! { <li><strong>{word}</strong> " – " {what}</li> }
        })
        .collect();
    view! {
        <dl class="pairs">
            <div><dt>"E-mail"</dt><dd><bdi>{visible(&reader.actor_id)}</bdi><p class="hint">"The log names you by it; it never changes."</p></dd></div>
            <div><dt>"Workspace"</dt><dd><bdi>{visible(&reader.workspace)}</bdi></dd></div>
            <div><dt>"Roles"</dt><dd><ul>{roles}</ul></dd></div>
        </dl>
        <section class="panel" aria-labelledby="rename">
            <h2 id="rename">"Name"</h2>
            <ActForm act=rename>
                <FormFailure act=rename />
                <div class="field">
                    <label for="name">"What you are called"</label>
                    <input id="name" name="name" required=true maxlength="100" autocomplete="name" value=reader.name />
                </div>
                <p class="actions"><button type="submit">"Save name"</button></p>
            </ActForm>
        </section>
        <section class="panel" aria-labelledby="change">
            <h2 id="change">"Password"</h2>
            <ActForm act=password>
                <FormFailure act=password />
                <div class="field">
                    <label for="current">"Current password"</label>
                    <input id="current" name="current" type="password" required=true autocomplete="current-password" />
                </div>
                <div class="field">
                    <label for="new">"New password"</label>
                    <input id="new" name="new" type="password" required=true minlength="12" autocomplete="new-password" aria-describedby="new-hint" />
                    <p class="hint" id="new-hint">"At least 12 characters. Your other sessions end."</p>
                </div>
                <p class="actions"><button type="submit">"Change password"</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}
