//! What surrounds every page: header with navigation and account, the demo's role switch, main, footer, and the line
//! that is read out when the reader has gone to another page.

use crate::alive;
use crate::api::load::{Ask, Told};
use crate::api::me::{DemoPerson, Me};
use crate::arriving::ANNOUNCER;
use crate::components::face::face;
use crate::components::loaded::loaded_or;
use crate::text::{count, visible};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

/// The surroundings, with the page inside.
#[component]
pub fn Frame() -> impl IntoView {
    let path = use_location().pathname;
    // The header is asked for again with every page, so that its count is right.
    let turns = RwSignal::new(0_u32);
    let header = loaded_or(
        || Ask::Me,
        move || turns.get(),
        move |answer| match answer {
            Ok(Told::Me(reader)) => header(Some(reader), path),
            _ => header(None, path),
        },
    );
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            turns.update(|turn| *turn += 1);
        }
        now
    });
    view! {
        // `external`: the router would take the click and leave the focus where it was.
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        {header}
        <main id="main" tabindex="-1">
            <Outlet />
        </main>
        {footer()}
        // No `status`: what a page says by itself has that role.
        <p class="unheard" id=ANNOUNCER aria-live="polite"></p>
    }
}

/// The mark and the name, and where one is: a link to the inbox.
pub fn brand(workspace: Option<&str>) -> AnyView {
    let workspace = workspace.map(|name| view! { <bdi class="workspace">{visible(name)}</bdi> });
    view! {
        <a class="brand" href="/">
            <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                <rect width="32" height="32" rx="8"></rect>
                <path d="M8 16.5l5.2 5.2L24.5 10.4"></path>
            </svg>
            <span class="names">"Nexus Control " {workspace}</span>
        </a>
    }
    .into_any()
}

/// The foot of every page.
pub fn footer() -> impl IntoView {
    view! {
        <footer class="foot">
            <p>
                "Nexus Control records who asked, who allowed and what ran. "
                <a href="/verify" rel="external">"Verify a file"</a>
            </p>
        </footer>
    }
}

fn header(reader: Option<Me>, path: Memo<String>) -> AnyView {
    let Some(reader) = reader else {
        return view! {
            <header class="top">
                <div class="bar">
                    {brand(None)}
                    <nav aria-label="Main">
                        <ul>{link("/sign-in", "Sign in", path)} {link("/verify", "Verify", path)}</ul>
                    </nav>
                </div>
            </header>
        }
        .into_any();
    };
    let waiting = reader.waiting;
    let inbox = view! {
        <li>
            <a href="/" aria-current=move || current("/", &path.get())>
                "Inbox "
                {(waiting > 0).then(|| view! { <span class="count">{count(waiting)}<span class="unheard">" waiting"</span></span> })}
            </a>
        </li>
    };
    view! {
        <header class="top">
            {banner(&reader)}
            <div class="bar">
                {brand(Some(&reader.workspace))}
                <nav aria-label="Main">
                    <ul>
                        {inbox}
                        {link("/decisions", "Decisions", path)}
                        {reader.asks.then(|| link("/requests/new", "New request", path))}
                        {link("/templates", "Templates", path)}
                        {link("/audit", "Audit", path)}
                        {link("/verify", "Verify", path)}
                        {admin(&reader, path)}
                    </ul>
                </nav>
                {account(&reader)}
            </div>
        </header>
    }
    .into_any()
}

/// The pages that look after the workspace. They are plain: the browser itself goes there.
fn admin(reader: &Me, path: Memo<String>) -> Option<AnyView> {
    let here = path.get_untracked();
    let links: Vec<_> = reader
        .admin
        .iter()
        .map(|(href, word)| {
            let now = current(href, &here);
            view! { <li><a href=href.clone() rel="external" aria-current=now>{word.clone()}</a></li> }
        })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <li>
                <details class="group">
                    <summary>"Admin"</summary>
                    <ul>{links}</ul>
                </details>
            </li>
        }
        .into_any()
    })
}

/// A plain form that goes to another workspace; nothing for those who belong to one only.
fn elsewhere(reader: &Me) -> Option<AnyView> {
    let others: Vec<_> = reader
        .elsewhere
        .iter()
        .map(|(id, name)| view! { <option value=id.clone()>{visible(name)}</option> })
        .collect();
    (!others.is_empty()).then(|| {
        view! {
            <form method="post" action="/workspace">
                <label for="elsewhere">"Other workspaces"</label>
                <select id="elsewhere" name="id">{others}</select>
                <button type="submit">"Go there"</button>
            </form>
        }
        .into_any()
    })
}

fn account(reader: &Me) -> AnyView {
    view! {
        <details class="account">
            <summary>
                {face(&reader.name)}
                <bdi class="name">{visible(&reader.name)}</bdi>
            </summary>
            <div class="menu">
                <p class="quiet-text">{visible(&reader.actor_id)}<br />{reader.roles.join(", ")}</p>
                <a href="/account" rel="external">"My account"</a>
                {elsewhere(reader)}
                <form method="post" action="/sign-out">
                    <button class="quiet" type="submit">"Sign out"</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn banner(reader: &Me) -> Option<AnyView> {
    if reader.demo.is_empty() {
        return None;
    }
    let me = reader.actor_id.clone();
    Some(
        view! {
            <div class="demo">
                <p><strong>"Demo."</strong> <span>" All of it is made up and goes when the server stops."</span></p>
                {demo_switch(reader.demo.clone(), me, "Change to")}
            </div>
        }
        .into_any(),
    )
}

/// A plain form that signs a demo visitor in as somebody else.
pub fn demo_switch(people: Vec<DemoPerson>, current: String, verb: &'static str) -> AnyView {
    let choices: Vec<_> = people
        .into_iter()
        .map(|person| {
            let chosen = person.actor_id == current;
            view! {
                <option value=person.actor_id selected=chosen>
                    {format!("{} – {}", visible(&person.name), person.roles)}
                </option>
            }
        })
        .collect();
    view! {
        <form class="inline" method="post" action="/demo-sign-in">
            <label class="unheard" for="demo-person">"Person"</label>
            <select id="demo-person" name="actor_id">{choices}</select>
            <button type="submit">{verb}</button>
        </form>
    }
    .into_any()
}

fn link(href: &'static str, text: &'static str, path: Memo<String>) -> AnyView {
    let rel = alive::rel(href);
    view! { <li><a href=href rel=rel aria-current=move || current(href, &path.get())>{text}</a></li> }
        .into_any()
}

fn current(href: &str, path: &str) -> Option<&'static str> {
    if href == path {
        return Some("page");
    }
    let below = href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    below.then_some("true")
}

#[cfg(test)]
mod tests {
    use super::current;

    #[test]
    fn a_link_knows_its_page_and_what_lies_below() {
        assert_eq!(current("/", "/"), Some("page"));
        assert_eq!(current("/", "/decisions"), None);
        assert_eq!(current("/decisions", "/decisions/42"), Some("true"));
        assert_eq!(current("/decisions", "/decisionsx"), None);
    }
}
