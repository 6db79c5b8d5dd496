//! People of the workspace and its settings. Who may not manage them sees names and roles only.

use crate::api::load::{Ask, Told};
use crate::api::people::{
    AddPerson, People, Person, ResetPassword, SetForbidSelfApproval, SetRoles, SetSuspended,
};
use crate::components::act::{Act, ActForm, Send};
use crate::components::failure::FormFailure;
use crate::components::loaded::loaded_again;
use crate::components::page_title::PageTitle;
use crate::components::time::Time;
use crate::query::{Query, use_query};
use crate::text::{initials, visible};
use crate::words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

const ROLES: [&str; 5] = ["requester", "approver", "author", "auditor", "admin"];

#[derive(Clone, Copy)]
struct Acts {
    add: Act,
    roles: Act,
    suspend: Act,
    password: Act,
    setting: Act,
}

impl Acts {
    fn turn(self) -> u32 {
        [self.add, self.roles, self.suspend, self.password, self.setting].into_iter().map(Act::turn).sum()
    }
}

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query();
    let acts = Acts {
        add: Act::new(AddPerson::PATH),
        roles: Act::new(SetRoles::PATH),
        suspend: Act::new(SetSuspended::PATH),
        password: Act::new(ResetPassword::PATH),
        setting: Act::new(SetForbidSelfApproval::PATH),
    };
    let list = loaded_again(
        || Ask::People,
        move || acts.turn(),
        move |told| match told {
            Told::People(page) => shown(page, acts, &query.get_untracked()),
            _ => ().into_any(),
        },
    );
    view! {
        <PageTitle text="People" />
        {list}
    }
}

fn shown(page: People, acts: Acts, query: &Query) -> AnyView {
    let manager = page.manager;
    let lines: Vec<AnyView> =
        page.people.into_iter().map(|person| line(person, acts, manager, query)).collect();
    view! {
        <div class="page">
            <header class="head"><h1>"People"</h1></header>
            <FormFailure act=acts.roles />
            <FormFailure act=acts.suspend />
            <FormFailure act=acts.password />
            <ul class="people wide-list">{lines}</ul>
            {manager.then(|| view! { <div class="columns"><div class="wide">{add(acts, query)}</div><div class="side">{setting(page.forbid_self, acts)}</div></div> })}
        </div>
    }
    .into_any()
}

fn line(person: Person, acts: Acts, manager: bool, query: &Query) -> AnyView {
    let roles: Vec<_> =
        person.roles.iter().map(|role| view! { <span class="label">{words::role(role).0}</span> }).collect();
    let open = query.get("person") == person.id;
    let name = visible(&person.name);
    let suspended = person.suspended;
    view! {
        <li>
            <span class="face" aria-hidden="true">{initials(&person.name)}</span>
            <div>
                <p>
                    <strong><bdi>{name}</bdi></strong>
                    " "
                    {suspended.then(|| view! { <span class="badge bad"><span class="sign" aria-hidden="true">"⊘"</span>"Suspended"</span> })}
                </p>
                <p class="small"><bdi>{visible(&person.actor_id)}</bdi> ", since " <Time at=person.created_at absolute=true /></p>
                <p class="marks">{roles}</p>
                {manager.then(|| manage(person, acts, open))}
            </div>
        </li>
    }
    .into_any()
}

fn manage(person: Person, acts: Acts, open: bool) -> AnyView {
    let field = format!("password-{}", person.id);
    let (verb, to) = if person.suspended { ("Let back in", "false") } else { ("Suspend", "true") };
    let note = if person.suspended {
        "They can sign in again with the roles above."
    } else {
        "They are signed out at once and cannot sign in. What they decided stays."
    };
    let bound = || view! { <input type="hidden" name="id" value=person.id.clone() /> };
    let (for_roles, for_password, for_suspending) = (bound(), bound(), bound());
    let boxes = role_boxes(&person.roles, &person.id);
    view! {
        <details open=open>
            <summary>"Change"</summary>
            <div class="fields three">
                <ActForm act=acts.roles>
                    {for_roles}
                    {boxes}
                    <p class="actions"><button type="submit">"Save roles"</button></p>
                </ActForm>
                <ActForm act=acts.password>
                    {for_password}
                    <div class="field">
                        <label for=field.clone()>"New password"</label>
                        <input id=field name="password" type="password" minlength="12" required=true autocomplete="new-password" />
                        <p class="hint">"At least 12 characters. Ends their sessions; tell it to them in private."</p>
                    </div>
                    <p class="actions"><button type="submit">"Reset password"</button></p>
                </ActForm>
                <ActForm act=acts.suspend>
                    {for_suspending}
                    <input type="hidden" name="suspended" value=to />
                    <p class="hint">{note}</p>
                    <p class="actions"><button type="submit">{verb}</button></p>
                </ActForm>
            </div>
        </details>
    }
    .into_any()
}

fn role_boxes(held: &[String], owner: &str) -> AnyView {
    let boxes: Vec<_> = ROLES
        .iter()
        .map(|role| {
            let (word, what) = words::role(role);
            let id = format!("role-{role}-{owner}");
            let checked = held.iter().any(|one| one == role);
            view! {
                <p class="check">
                    <input id=id.clone() type="checkbox" name="roles[]" value=*role checked=checked />
                    <label for=id>{word} <span class="small">{what}</span></label>
                </p>
            }
        })
        .collect();
    view! { <fieldset><legend>"Roles"</legend>{boxes}</fieldset> }.into_any()
}

fn add(acts: Acts, query: &Query) -> AnyView {
    let (email, name) = (query.get("email"), query.get("name"));
    let roles: Vec<String> = query.get("roles").split(',').map(str::to_owned).collect();
    view! {
        <section class="panel" aria-labelledby="add">
            <h2 id="add">"Add a person"</h2>
            <ActForm act=acts.add>
                <FormFailure act=acts.add />
                <div class="fields two">
                    <div class="field">
                        <label for="email">"E-mail"</label>
                        <input id="email" name="email" type="email" required=true autocomplete="off" aria-describedby="email-hint" value=email />
                        <p class="hint" id="email-hint">"The log names them by it for good."</p>
                    </div>
                    <div class="field">
                        <label for="name">"Name"</label>
                        <input id="name" name="name" required=true maxlength="100" autocomplete="off" value=name />
                    </div>
                    <div class="field">
                        <label for="first-password">"First password"</label>
                        <input id="first-password" name="password" type="password" minlength="12" required=true autocomplete="new-password" aria-describedby="first-hint" />
                        <p class="hint" id="first-hint">"At least 12 characters. They should change it."</p>
                    </div>
                    {role_boxes(&roles, "new")}
                </div>
                <p class="actions">
                    <Send act=acts.add verb="Add person" busy="Adding…" class="main" />
                </p>
            </ActForm>
        </section>
    }
    .into_any()
}

fn setting(forbid: bool, acts: Acts) -> AnyView {
    let (now, verb, to) = if forbid {
        (
            "A requester's own approval does not count, unless a policy says so.",
            "Let requesters approve their own",
            "false",
        )
    } else {
        ("A requester's own approval counts, unless a policy says otherwise.", "Forbid self-approval", "true")
    };
    view! {
        <section class="panel" aria-labelledby="setting">
            <h2 id="setting">"Self-approval"</h2>
            <p>{now}</p>
            <p class="hint">"Holds for new requests. Decisions that exist keep their policy."</p>
            <ActForm act=acts.setting>
                <FormFailure act=acts.setting />
                <input type="hidden" name="forbid" value=to />
                <p class="actions"><button type="submit">{verb}</button></p>
            </ActForm>
        </section>
    }
    .into_any()
}
