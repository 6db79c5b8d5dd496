//! One person, for admins: roles, suspension, how they sign in, and where they are signed in.

use super::{role_boxes, roles, standing};
use crate::api::people::{
    EndSessionsOf, ResetPassword, ResetSecondFactor, SetRoles, SetSuspended, person_id,
};
use crate::components::act::{Act, ActForm};
use crate::components::done::done;
use crate::components::failure::FormFailure;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::time::Time;
use crate::error::AppError;
use crate::query::use_query;
use crate::ssr::enter;
use crate::text::visible;
use control::access::session::SessionView;
use control::lists::PersonRecord;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

struct Found {
    person: PersonRecord,
    sessions: Vec<SessionView>,
    /// Whether anybody signs in with a password here.
    local: bool,
    /// Whether it is the reader.
    own: bool,
}

#[derive(Clone, Copy)]
struct Acts {
    roles: Act,
    suspend: Act,
    password: Act,
    factor: Act,
    sessions: Act,
}

/// The page.
#[component]
pub fn PersonPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    let said = use_query().get_untracked().get("done");
    let acts = Acts {
        roles: Act::new(SetRoles::PATH),
        suspend: Act::new(SetSuspended::PATH),
        password: Act::new(ResetPassword::PATH),
        factor: Act::new(ResetSecondFactor::PATH),
        sessions: Act::new(EndSessionsOf::PATH),
    };
    loaded_once(load(id), move |found| shown(&found, acts, &said))
}

async fn load(id: String) -> Result<Found, AppError> {
    let (control, caller) = enter()?;
    let id = person_id(&id)?;
    // Refuses who may not look after people, before anything else is told.
    let sessions = control.sessions_of(&caller, &id).await?;
    let people = control.people(&caller).await?;
    let person = people.into_iter().find(|person| person.id == id);
    let person = person.ok_or_else(|| AppError::NotFound { what: "person".to_owned() })?;
    Ok(Found { own: person.id == caller.person, person, sessions, local: control.local_accounts() })
}

fn shown(found: &Found, acts: Acts, said: &str) -> AnyView {
    let words = match said {
        "roles" => Some("The roles are saved. They count from now on."),
        "suspended" => {
            Some("They are kept out, and their sessions here have ended. What they decided stays.")
        }
        "restored" => Some("They can sign in again."),
        "password" => Some("They have a new password, and their sessions have ended."),
        "factor" => Some("Their second factor is off, and their sessions have ended."),
        "sessions" => Some("Ended."),
        _ => None,
    };
    let person = &found.person;
    let title = visible(&person.name);
    view! {
        <PageTitle text=title />
        <div class="page">
            <header class="head">
                <p class="crumb"><a href="/people">"People"</a></p>
                <h1><bdi>{visible(&person.name)}</bdi></h1>
                <p class="byline">
                    <bdi>{visible(&person.actor_id)}</bdi> ", since " <Time at=person.created_at.micros() absolute=true />
                </p>
                <p>{roles(person)} " " {standing(person)}</p>
                {aliases(person)}
            </header>
            {done(words)}
            <div class="columns">
                <div class="wide">{given(person, acts)} {sessions(found, acts)}</div>
                <div class="side">{suspension(person, acts)} {password(found, acts)} {second_factor(person, acts)}</div>
            </div>
        </div>
    }
    .into_any()
}

fn aliases(person: &PersonRecord) -> Option<AnyView> {
    (!person.aliases.is_empty()).then(|| {
        let names: Vec<String> = person.aliases.iter().map(|id| visible(id)).collect();
        view! { <p class="hint">"The log also knows them as " <bdi>{names.join(", ")}</bdi> "."</p> }
            .into_any()
    })
}

fn bound(person: &PersonRecord) -> AnyView {
    view! { <input type="hidden" name="id" value=person.id.as_str().to_owned() /> }.into_any()
}

fn given(person: &PersonRecord, acts: Acts) -> AnyView {
    let by_groups = person.roles.iter().any(|role| !person.given_roles.contains(role));
    let note = if by_groups {
        "These are the roles given by hand. Roles by groups come and go with every sign-in at the provider."
    } else {
        "They count from the next click on, in every session."
    };
    let (bound, boxes) = (bound(person), role_boxes(&person.given_roles));
    view! {
        <section class="panel" aria-labelledby="roles">
            <h2 id="roles">"Roles"</h2>
            <ActForm act=acts.roles>
                <FormFailure act=acts.roles />
                {bound}
                {boxes}
                <p class="hint">{note}</p>
                <p class="actions"><button class="main" type="submit">"Save roles"</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}

fn suspension(person: &PersonRecord, acts: Acts) -> AnyView {
    let (verb, to, note) = if person.suspended {
        (
            "Let back in",
            "false",
            "They can come in again with the roles that they have. Their approvals that still stand count again.",
        )
    } else {
        (
            "Suspend",
            "true",
            "They are signed out of this workspace at once and cannot come back in; their keys stop working. Approvals of theirs stay in the log and do not count while this lasts.",
        )
    };
    let class = if person.suspended { "" } else { "danger" };
    let bound = bound(person);
    view! {
        <section class="panel" aria-labelledby="suspension">
            <h2 id="suspension">"Suspension"</h2>
            <ActForm act=acts.suspend>
                <FormFailure act=acts.suspend />
                {bound}
                <input type="hidden" name="suspended" value=to />
                <p class="hint">{note}</p>
                <p class="actions"><button class=class type="submit">{verb}</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}

/// Why an admin of this workspace must not touch how they sign in.
const ELSEWHERE: &str = "They belong to other workspaces too, so only they can change how they sign in.";

fn password(found: &Found, acts: Acts) -> AnyView {
    let person = &found.person;
    let bound = bound(person);
    let body = if person.elsewhere {
        view! { <FormFailure act=acts.password /> <p class="hint">{ELSEWHERE}</p> }.into_any()
    } else if found.local {
        view! {
            <ActForm act=acts.password>
                <FormFailure act=acts.password />
                {bound}
                <div class="field">
                    <label for="password">"New password"</label>
                    <input id="password" name="password" type="password" minlength="12" required=true autocomplete="new-password" aria-describedby="password-hint" />
                    <p class="hint" id="password-hint">"At least 12 characters. Ends all their sessions; tell it to them in private."</p>
                </div>
                <p class="actions"><button type="submit">"Reset password"</button></p>
            </ActForm>
        }
        .into_any()
    } else {
        view! { <FormFailure act=acts.password /> <p class="hint">"Sign-in with a password is switched off on this server."</p> }
            .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="reset">
            <h2 id="reset">"Password"</h2>
            {body}
        </section>
    }
    .into_any()
}

fn second_factor(person: &PersonRecord, acts: Acts) -> AnyView {
    let bound = bound(person);
    let body = match (person.second_factor, person.elsewhere) {
        (false, _) => view! { <p class="hint">"They have not set one up."</p> }.into_any(),
        (true, true) => view! { <p class="hint">{ELSEWHERE}</p> }.into_any(),
        (true, false) => view! {
            <ActForm act=acts.factor>
                {bound}
                <p class="hint">"For somebody who has lost both phone and recovery codes. Ends all their sessions."</p>
                <p class="actions"><button class="danger" type="submit">"Switch their second factor off"</button></p>
            </ActForm>
        }
        .into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="factor">
            <h2 id="factor">"Second factor"</h2>
            <FormFailure act=acts.factor />
            {body}
        </section>
    }
    .into_any()
}

fn sessions(found: &Found, acts: Acts) -> AnyView {
    let lines: Vec<AnyView> = found.sessions.iter().map(|one| session(&found.person, one, acts)).collect();
    let body = if lines.is_empty() {
        view! { <p class="quiet-text">"They are not signed in to this workspace."</p> }.into_any()
    } else {
        let all = (lines.len() > 1).then(|| {
            let bound = bound(&found.person);
            view! {
                <ActForm act=acts.sessions>
                    {bound}
                    <p class="actions"><button type="submit">"End all sessions"</button></p>
                </ActForm>
            }
        });
        view! { <ul class="people">{lines}</ul> {all} }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="sessions">
            <h2 id="sessions">"Sessions in this workspace"</h2>
            <FormFailure act=acts.sessions />
            {found.own.then(|| view! { <p class="hint">"These are your own; ending the one you are in signs you out."</p> })}
            {body}
        </section>
    }
    .into_any()
}

fn session(person: &PersonRecord, one: &SessionView, acts: Acts) -> AnyView {
    let agent = if one.agent.is_empty() { "An unnamed browser".to_owned() } else { visible(&one.agent) };
    let (bound, name) = (bound(person), one.name.clone());
    let says = format!("End the session from {}", visible(&one.address));
    view! {
        <li>
            <div>
                <p><bdi>{agent}</bdi></p>
                <p class="small">
                    "From " <bdi>{visible(&one.address)}</bdi>
                    {one.issuer.as_ref().map(|issuer| view! { ", through " <bdi>{visible(issuer)}</bdi> })}
                    ". Began " <Time at=one.created_at.micros() absolute=true />
                    ", last used " <Time at=one.seen_at.micros() absolute=true /> "."
                </p>
                <ActForm act=acts.sessions>
                    {bound}
                    <input type="hidden" name="session" value=name />
                    <p class="actions"><button type="submit" aria-label=says>"End it"</button></p>
                </ActForm>
            </div>
        </li>
    }
    .into_any()
}
