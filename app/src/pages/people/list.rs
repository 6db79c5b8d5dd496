//! Everyone, by name, with a filter; and for admins, beside them, who is invited.

use super::{invite, roles, standing};
use crate::api::invitations::{Invite, RevokeInvitation};
use crate::components::act::Act;
use crate::components::done::done;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::part::Part;
use crate::components::time::Time;
use crate::error::AppError;
use crate::query::{Query, use_query};
use crate::ssr::enter;
use crate::text::{encoded, visible};
use control::lists::{InvitationRecord, PersonRecord};
use control::{Operation, Scope};
use governance::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

struct Found {
    people: Vec<PersonRecord>,
    /// Open invitations, for those who look after them.
    invitations: Option<Vec<InvitationRecord>>,
    now: Timestamp,
}

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query().get_untracked();
    let (invite, revoke) = (Act::new(Invite::PATH), Act::new(RevokeInvitation::PATH));
    view! {
        <PageTitle text="People" />
        {loaded_once(load(), move |found| shown(found, invite, revoke, &query))}
    }
}

async fn load() -> Result<Found, AppError> {
    let (control, caller) = enter()?;
    let people = control.people(&caller).await?;
    let manager = caller.scope(Operation::ManagePeople) != Scope::No;
    let invitations = if manager { Some(control.invitations(&caller).await?) } else { None };
    Ok(Found { people, invitations, now: control.now() })
}

fn shown(found: Found, invite: Act, revoke: Act, query: &Query) -> AnyView {
    let words = match query.get("done").as_str() {
        "uninvited" => Some("The invitation is taken back. Its link no longer works."),
        _ => None,
    };
    let manager = found.invitations.is_some();
    let wanted = query.get("q");
    let narrowed = !wanted.trim().is_empty();
    let mut people = found.people;
    people.retain(|person| matches(person, &wanted));
    let people = Part::of(people, &query.get("page"));
    let pager = people.pager("/people", &[("q", &wanted)]);
    let total = people.total;
    let lines: Vec<AnyView> = people.rows.into_iter().map(|person| line(&person, manager)).collect();
    let list = if lines.is_empty() {
        view! {
            <div class="empty">
                <p><strong>"Nobody here is called that."</strong></p>
                <p><a class="button quiet" href="/people">"Everyone"</a></p>
            </div>
        }
        .into_any()
    } else {
        view! {
            <table class="cards">
                <caption class="unheard">"People of this workspace, by name"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Person"</th>
                        <th scope="col">"Roles"</th>
                        <th scope="col">"Sign-in"</th>
                        <th scope="col">"Since"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            {pager}
        }
        .into_any()
    };
    let side = found.invitations.map(
        |open| view! { <div class="side">{invite::panels(open, invite, revoke, query, found.now)}</div> },
    );
    let counted = if total == 1 { "1 person".to_owned() } else { format!("{total} people") };
    view! {
        <div class="page">
            <header class="head">
                <h1>"People"</h1>
                <p class="byline">{counted} {manager.then(|| view! { ". " <a href="#invite">"Invite somebody"</a> })}</p>
            </header>
            {done(words)}
            <form class="filters" method="get" action="/people" role="search" aria-label="Filter people">
                <div class="field">
                    <label for="q">"Find somebody"</label>
                    <input id="q" name="q" type="search" placeholder="name, address or role" value=wanted />
                </div>
                <p class="actions">
                    <button type="submit">"Filter"</button>
                    {narrowed.then(|| view! { <a class="button quiet" href="/people">"Everyone"</a> })}
                </p>
            </form>
            <div class="columns"><div class="wide"><div>{list}</div></div>{side}</div>
        </div>
    }
    .into_any()
}

/// Whether a person is meant by what somebody looks for.
fn matches(person: &PersonRecord, wanted: &str) -> bool {
    let wanted = wanted.trim().to_lowercase();
    let told = [&person.name, &person.actor_id].into_iter().chain(&person.aliases).chain(&person.roles);
    wanted.is_empty() || told.into_iter().any(|text| text.to_lowercase().contains(&wanted))
}

pub(crate) fn line(person: &PersonRecord, manager: bool) -> AnyView {
    let standing =
        standing(person).unwrap_or_else(|| view! { <span class="quiet-text">"–"</span> }.into_any());
    let name = visible(&person.name);
    let name = if manager {
        let href = format!("/people/{}", encoded(person.id.as_str()));
        view! { <a href=href><bdi>{name}</bdi></a> }.into_any()
    } else {
        view! { <strong><bdi>{name}</bdi></strong> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{name} <span class="small"><bdi>{visible(&person.actor_id)}</bdi></span></th>
            <td data-label="Roles">{roles(person)}</td>
            <td data-label="Sign-in">{standing}</td>
            <td data-label="Since"><Time at=person.created_at.micros() absolute=true /></td>
        </tr>
    }
    .into_any()
}
