//! Sign-ins at providers: those that are linked, and linking another one by signing in there.

use super::sign_in_first;
use crate::api::account::{Account, PAGE, Unlink};
use crate::components::act::{Act, ActForm};
use crate::components::failure::FormFailure;
use crate::components::time::Time;
use crate::query::address;
use crate::ssr::Way;
use crate::text::visible;
use control::lists::IdentityRecord;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

pub(super) fn act() -> Act {
    Act::new(Unlink::PATH)
}

pub(super) fn panel(account: &Account, act: Act) -> Option<AnyView> {
    if account.providers.is_empty() && account.identities.is_empty() {
        return None;
    }
    let lines: Vec<_> = account.identities.iter().map(|identity| line(identity, account, act)).collect();
    let list = if lines.is_empty() {
        view! { <p>"None is linked."</p> }.into_any()
    } else {
        view! { <ul class="rows">{lines}</ul> }.into_any()
    };
    let change = if account.recent { links(account) } else { sign_in_first("Linking and unlinking") };
    Some(
        view! {
            <section class="panel" aria-labelledby="sign-ins">
                <h2 id="sign-ins">"Sign-ins at providers"</h2>
                <FormFailure act=act />
                {list}
                <p class="hint">"Each leads to this account, and whoever uses it is you: your approval counts once."</p>
                {change}
            </section>
        }
        .into_any(),
    )
}

fn line(identity: &IdentityRecord, account: &Account, act: Act) -> AnyView {
    let way = account.providers.iter().find(|way| way.issuer == identity.issuer);
    let provider = way.map_or_else(|| identity.provider.clone(), |way| name_of(way).to_owned());
    let address = identity.email.clone().unwrap_or_else(|| identity.subject.clone());
    let whose = format!(" {}, {}", visible(&provider), visible(&address));
    let unlink = account.recent.then(|| {
        let (issuer, subject) = (identity.issuer.clone(), identity.subject.clone());
        view! {
            <ActForm act=act>
                <input type="hidden" name="issuer" value=issuer />
                <input type="hidden" name="subject" value=subject />
                <button type="submit">"Unlink" <span class="unheard">{whose}</span></button>
            </ActForm>
        }
    });
    view! {
        <li>
            <div>
                <p><strong><bdi>{visible(&provider)}</bdi></strong></p>
                <p class="small"><bdi>{visible(&address)}</bdi></p>
                <p class="small">"Linked " <Time at=identity.linked_at.micros() absolute=true /> ", last used " <Time at=identity.used_at.micros() absolute=true /></p>
            </div>
            {unlink}
        </li>
    }
    .into_any()
}

fn links(account: &Account) -> AnyView {
    let next = address(PAGE, &[("done", "linked")]);
    let links: Vec<_> = account
        .providers
        .iter()
        .map(|way| {
            let href = address(&way.href, &[("purpose", "link"), ("next", &next)]);
            let known = account.identities.iter().any(|identity| identity.issuer == way.issuer);
            let verb = if known { "Link another sign-in with" } else { "Link" };
            view! { <a class="button quiet" href=href>{format!("{verb} {}", name_of(way))}</a> }
        })
        .collect();
    view! { <p class="actions">{links}</p> }.into_any()
}

/// What the provider is called: its button says "Sign in with" it.
fn name_of(way: &Way) -> &str {
    way.label.strip_prefix("Sign in with ").unwrap_or(&way.label)
}
