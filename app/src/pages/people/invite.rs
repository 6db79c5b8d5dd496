//! Invitations: the form, and those that nobody has accepted.

use super::role_boxes;
use crate::components::act::{Act, ActForm};
use crate::components::failure::FormFailure;
use crate::components::time::Time;
use crate::query::Query;
use crate::text::visible;
use crate::words;
use control::lists::InvitationRecord;
use governance::Timestamp;
use leptos::prelude::*;

/// Both panels.
pub(crate) fn panels(
    open: Vec<InvitationRecord>,
    invite: Act,
    revoke: Act,
    query: &Query,
    now: Timestamp,
) -> AnyView {
    let newest = open.first().map(|one| one.id.clone()).unwrap_or_default();
    let lines: Vec<AnyView> = open.iter().map(|one| line(one, revoke, now)).collect();
    let list = if lines.is_empty() {
        view! { <p class="quiet-text">"Nobody is invited at the moment."</p> }.into_any()
    } else {
        view! { <ul class="people">{lines}</ul> }.into_any()
    };
    view! {
        {form(invite, query, newest)}
        <section class="panel" aria-labelledby="invited">
            <h2 id="invited">"Invited"</h2>
            <FormFailure act=revoke />
            {list}
        </section>
    }
    .into_any()
}

fn form(invite: Act, query: &Query, newest: String) -> AnyView {
    let (email, name) = (query.get("email"), query.get("name"));
    let roles: Vec<String> = query.get("roles").split(',').map(str::to_owned).collect();
    let boxes = role_boxes(&roles);
    view! {
        <section class="panel" aria-labelledby="invite">
            <h2 id="invite">"Invite somebody"</h2>
            <ActForm act=invite>
                <FormFailure act=invite />
                <input type="hidden" name="newest" value=newest />
                <div class="field">
                    <label for="email">"E-mail"</label>
                    <input id="email" name="email" type="email" required=true maxlength="200" autocomplete="off" aria-describedby="email-hint" value=email />
                    <p class="hint" id="email-hint">"Nothing is sent to it. If they are new here, the log names them by it for good."</p>
                </div>
                <div class="field">
                    <label for="name">"Name"</label>
                    <input id="name" name="name" required=true maxlength="100" autocomplete="off" value=name />
                </div>
                {boxes}
                <p class="hint">"You get a link to give to them. It works once, for a week, and is shown to you once."</p>
                <p class="actions"><button class="main" type="submit">"Make the link"</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}

fn line(one: &InvitationRecord, revoke: Act, now: Timestamp) -> AnyView {
    let roles: Vec<_> =
        one.roles.iter().map(|role| view! { <span class="label">{words::role(role).0}</span> }).collect();
    let expired = one.expires_at <= now;
    let ends = if expired { "Expired " } else { "Works until " };
    let id = one.id.clone();
    let says = format!("Take back the invitation of {}", visible(&one.email));
    view! {
        <li>
            <div>
                <p><strong><bdi>{visible(&one.name)}</bdi></strong></p>
                <p class="small"><bdi>{visible(&one.email)}</bdi></p>
                <p class="marks">{roles}</p>
                <p class="small">
                    {ends} <Time at=one.expires_at.micros() absolute=true />
                    ". Invited by " <bdi>{visible(&one.invited_by)}</bdi> "."
                </p>
                <ActForm act=revoke>
                    <input type="hidden" name="id" value=id />
                    <p class="actions"><button type="submit" aria-label=says>"Take back"</button></p>
                </ActForm>
            </div>
        </li>
    }
    .into_any()
}
