//! People of the workspace: who they are, what they may do, and who is invited. Who may not manage them sees names and
//! roles only.

mod invite;
mod list;
mod person;

pub use list::PeoplePage;
pub use person::PersonPage;

#[cfg(test)]
pub(crate) use {invite::panels as invited_for_test, list::line as line_for_test};

use crate::words;
use control::lists::PersonRecord;
use leptos::prelude::*;

const ROLES: [&str; 5] = ["requester", "approver", "author", "auditor", "admin"];

/// A person's roles, those by hand first; those that only groups give say so.
fn roles(person: &PersonRecord) -> AnyView {
    if person.roles.is_empty() {
        return view! { <span class="quiet-text">"None, so they cannot come in"</span> }.into_any();
    }
    let (by_hand, by_groups): (Vec<&String>, Vec<&String>) =
        person.roles.iter().partition(|role| person.given_roles.contains(role));
    let by_hand: Vec<_> =
        by_hand.into_iter().map(|role| view! { <span class="label">{words::role(role).0}</span> }).collect();
    let by_groups: Vec<_> = by_groups
        .into_iter()
        .map(|role| view! { <span class="label">{words::role(role).0}" (by groups)"</span> })
        .collect();
    view! { <span class="marks">{by_hand} {by_groups}</span> }.into_any()
}

/// What is to know about how somebody comes in; nothing for most.
fn standing(person: &PersonRecord) -> Option<AnyView> {
    let any = person.suspended || person.second_factor || person.elsewhere;
    any.then(|| {
        view! {
            <span class="marks">
                {person.suspended.then(|| view! {
                    <span class="badge bad"><span class="sign" aria-hidden="true">"⊘"</span>"Suspended"</span>
                })}
                {person.second_factor.then(|| view! { <span class="label">"second factor"</span> })}
                {person.elsewhere.then(|| view! { <span class="label">"other workspaces too"</span> })}
            </span>
        }
        .into_any()
    })
}

/// Boxes for the roles that are given by hand.
fn role_boxes(held: &[String]) -> AnyView {
    let boxes: Vec<_> = ROLES
        .iter()
        .map(|role| {
            let (word, what) = words::role(role);
            let id = format!("role-{role}");
            let checked = held.iter().any(|one| one == role);
            view! {
                <p class="check">
                    <input id=id.clone() type="checkbox" name="roles[]" value=*role checked=checked />
                    <label for=id>{word} " " <span class="small">{what}</span></label>
                </p>
            }
        })
        .collect();
    view! { <fieldset><legend>"Roles"</legend>{boxes}</fieldset> }.into_any()
}
