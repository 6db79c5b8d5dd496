//! The password: changed by who knows it, or set for the first time by who came through a provider.

use super::{invalid, sign_in_first};
use crate::api::account::{Account, ChangePassword};
use crate::components::act::{Act, ActForm};
use crate::components::failure::FormFailure;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

pub(super) fn act() -> Act {
    Act::new(ChangePassword::PATH)
}

pub(super) fn panel(account: &Account, act: Act) -> Option<AnyView> {
    if !account.local {
        return None;
    }
    let content = match (account.has_password, account.recent) {
        (true, _) => form(account, act, "Change password"),
        (false, true) => form(account, act, "Set password"),
        (false, false) => sign_in_first("Setting a first password"),
    };
    let why = match (account.has_password, account.identities.is_empty()) {
        (true, _) => None,
        (false, true) => Some("You have none."),
        (false, false) => {
            Some("You have none. With one, you can also come in when your provider is not there.")
        }
    };
    Some(
        view! {
            <section class="panel" aria-labelledby="change">
                <h2 id="change">"Password"</h2>
                {why.map(|why| view! { <p>{why}</p> })}
                {content}
            </section>
        }
        .into_any(),
    )
}

fn form(account: &Account, act: Act, verb: &'static str) -> AnyView {
    // A refusal that names no field is shown with the first one.
    let wrong_new = act.blames("password") || (act.failed() && !account.has_password);
    let wrong_current = act.failed() && !wrong_new;
    let current = account.has_password.then(|| {
        view! {
            <div class="field">
                <label for="current">"Current password"</label>
                <input id="current" name="current" type="password" required=true autocomplete="current-password" aria-invalid=invalid(wrong_current) aria-describedby="password-failure" autofocus=wrong_current />
            </div>
        }
    });
    let whose = account.caller.actor.id().to_owned();
    view! {
        <ActForm act=act>
            <div id="password-failure"><FormFailure act=act /></div>
            // For password managers: whose it is.
            <input class="unheard" type="text" autocomplete="username" readonly=true tabindex="-1" aria-hidden="true" value=whose />
            {current}
            <div class="field">
                <label for="new">"New password"</label>
                <input id="new" name="new" type="password" required=true minlength="12" autocomplete="new-password" aria-invalid=invalid(wrong_new) aria-describedby="password-failure new-hint" autofocus=wrong_new />
                <p class="hint" id="new-hint">"At least 12 characters. Your other sessions end."</p>
            </div>
            <p class="actions"><button type="submit">{verb}</button></p>
        </ActForm>
    }
    .into_any()
}
