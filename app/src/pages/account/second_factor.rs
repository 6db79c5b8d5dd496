//! The second factor: set up with a picture or a typed secret and a first code, and switched off. The secret is on the
//! page only while somebody sets it up.

use super::{invalid, sign_in_first};
use crate::api::account::{Account, PAGE};
use crate::api::second_factor::{BeginSecondFactor, ConfirmSecondFactor, RemoveSecondFactor, SET_UP};
use crate::components::act::{Act, ActForm};
use crate::components::failure::FormFailure;
use crate::query::Query;
use crate::text::visible;
use control::access::second_factor::Enrolment;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Recovery codes from which on the page says that few are left.
const FEW: u32 = 3;

#[derive(Clone, Copy)]
pub(super) struct Acts {
    begin: Act,
    confirm: Act,
    remove: Act,
}

impl Acts {
    pub(super) fn new() -> Self {
        Self {
            begin: Act::new(BeginSecondFactor::PATH),
            confirm: Act::new(ConfirmSecondFactor::PATH),
            remove: Act::new(RemoveSecondFactor::PATH),
        }
    }
}

pub(super) fn panel(account: &Account, acts: Acts, query: &Query) -> Option<AnyView> {
    if !account.local && account.second_factor.is_none() {
        return None;
    }
    let setting_up = account.enrolment.as_ref().filter(|_| query.get("setup") == SET_UP);
    let content = match (account.second_factor, setting_up) {
        (Some(codes), _) => on(account, codes, acts.remove),
        (None, Some(enrolment)) => set_up(account, enrolment, acts.confirm),
        (None, None) => off(account, acts.begin),
    };
    Some(
        view! {
            <section class="panel" id=SET_UP aria-labelledby="second-factor-heading">
                <h2 id="second-factor-heading">"Second factor"</h2>
                {content}
            </section>
        }
        .into_any(),
    )
}

fn off(account: &Account, act: Act) -> AnyView {
    let content = match (account.has_password, account.recent) {
        (false, _) => view! { <p class="hint">"It goes with a password, and you have none. A provider asks for its own."</p> }.into_any(),
        (true, false) => sign_in_first("Setting it up"),
        (true, true) => view! {
            <ActForm act=act>
                <FormFailure act=act />
                <p class="actions"><button type="submit" autofocus=act.failed()>"Set up an authenticator app"</button></p>
            </ActForm>
        }
        .into_any(),
    };
    view! {
        <p>"Off. With it, signing in with your password also asks for a code of an app on your phone."</p>
        {content}
    }
    .into_any()
}

fn set_up(account: &Account, enrolment: &Enrolment, act: Act) -> AnyView {
    let wrong = act.failed();
    view! {
        <ol class="steps">
            <li>
                <p>"Scan this with your authenticator app."</p>
                <img class="qr" src="/account/second-factor.svg" width="240" height="240" alt="QR code with the secret that stands below" />
                <p class="hint">"Or type this into it, for " <bdi>{visible(account.caller.actor.id())}</bdi> ", with codes by time:"</p>
                <p><code class="secret">{in_fours(&enrolment.secret)}</code></p>
            </li>
            <li>
                <ActForm act=act>
                    <div id="code-failure"><FormFailure act=act /></div>
                    <div class="field">
                        <label for="code">"Code of the app"</label>
                        <input id="code" class="code" name="code" required=true inputmode="numeric" autocomplete="one-time-code" maxlength="20" aria-invalid=invalid(wrong) aria-describedby="code-failure code-hint" autofocus=true />
                        <p class="hint" id="code-hint">"Six digits. Recovery codes are shown next, once."</p>
                    </div>
                    <p class="actions">
                        <button class="main" type="submit">"Switch it on"</button>
                        <a class="button quiet" href=PAGE>"Not now"</a>
                    </p>
                </ActForm>
            </li>
        </ol>
    }
    .into_any()
}

fn on(account: &Account, codes: u32, act: Act) -> AnyView {
    let left = match codes {
        0 => "No recovery code is left.".to_owned(),
        1 => "1 recovery code is left.".to_owned(),
        more => format!("{more} recovery codes are left."),
    };
    let few = (codes <= FEW).then_some(" For new ones, switch it off and set it up again.");
    let switch_off = if account.recent {
        view! {
            <ActForm act=act>
                <FormFailure act=act />
                <p class="actions"><button class="danger" type="submit" autofocus=act.failed()>"Switch it off"</button></p>
            </ActForm>
        }
        .into_any()
    } else {
        sign_in_first("Switching it off")
    };
    view! {
        <p><span class="badge good"><span class="sign" aria-hidden="true">"✓"</span>"On"</span> " " {left} {few}</p>
        {switch_off}
    }
    .into_any()
}

/// A secret as people type it.
fn in_fours(secret: &str) -> String {
    let mut made = String::with_capacity(secret.len() + secret.len() / 4);
    for (place, c) in secret.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            made.push(' ');
        }
        made.push(c);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::in_fours;

    #[test]
    fn a_secret_is_typed_in_groups_of_four() {
        for (secret, groups) in [("ABCDEFGHIJ", "ABCD EFGH IJ"), ("ABCD", "ABCD"), ("", "")] {
            assert_eq!(in_fours(secret), groups);
        }
    }
}
