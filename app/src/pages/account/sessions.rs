//! One's own sessions: where one is signed in, and ending that from here.

use crate::api::account::Account;
use crate::api::sessions::{EndMyOtherSessions, EndMySession};
use crate::components::act::{Act, ActForm};
use crate::components::failure::FormFailure;
use crate::components::time::Time;
use crate::text::visible;
use crate::words;
use control::access::session::SessionView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[derive(Clone, Copy)]
pub(super) struct Acts {
    one: Act,
    others: Act,
}

impl Acts {
    pub(super) fn new() -> Self {
        Self { one: Act::new(EndMySession::PATH), others: Act::new(EndMyOtherSessions::PATH) }
    }
}

pub(super) fn panel(account: &Account, acts: Acts) -> AnyView {
    let lines: Vec<_> = account.sessions.iter().map(|session| line(session, acts.one)).collect();
    let several = account.sessions.iter().any(|session| !session.current);
    let all = several.then(|| {
        view! {
            <ActForm act=acts.others>
                <FormFailure act=acts.others />
                <p class="actions"><button type="submit" autofocus=acts.others.failed()>"End all other sessions"</button></p>
            </ActForm>
        }
    });
    view! {
        <section class="panel" id="sessions" aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">"Where you are signed in"</h2>
            <FormFailure act=acts.one />
            <ul class="rows">{lines}</ul>
            {all}
        </section>
    }
    .into_any()
}

fn line(session: &SessionView, act: Act) -> AnyView {
    let browser = words::browser(&session.agent);
    let from = if session.address.is_empty() {
        String::new()
    } else {
        format!(", from {}", visible(&session.address))
    };
    let here = session.current.then(|| {
        view! { <span class="badge good"><span class="sign" aria-hidden="true">"●"</span>"This one"</span> }
    });
    let end = (!session.current).then(|| end(session.name.clone(), format!("{browser}{from}"), act));
    view! {
        <li>
            <div>
                <p><strong>{browser}</strong> " " {here}</p>
                <p class="small">"Signed in " <Time at=session.created_at.micros() absolute=true /> {from}</p>
                <p class="small">"Last used " <Time at=session.seen_at.micros() absolute=true /></p>
            </div>
            {end}
        </li>
    }
    .into_any()
}

fn end(name: String, which: String, act: Act) -> AnyView {
    view! {
        <ActForm act=act>
            <input type="hidden" name="name" value=name />
            <button type="submit">"End" <span class="unheard">{format!(" {which}")}</span></button>
        </ActForm>
    }
    .into_any()
}
