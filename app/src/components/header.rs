//! What stands above every page: navigation and account, and the demo's role switch. Only the server makes it, anew for
//! every page that a reader goes to, so that its count is right.

use crate::alive;
use crate::api::me::{DemoPerson, Me};
use crate::components::face::face;
use crate::text::{count, visible};
use leptos::prelude::*;

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

/// The header of a page that nobody reads who is known here.
pub fn strangers(path: &str) -> AnyView {
    view! {
        <header class="top">
            <div class="bar">
                {brand(None)}
                <nav aria-label="Main">
                    <ul>{link("/sign-in", "Sign in", path)} {link("/verify", "Verify", path)}</ul>
                </nav>
            </div>
        </header>
    }
    .into_any()
}

/// The header of the page at this path, for its reader.
pub fn header(reader: &Me, path: &str) -> AnyView {
    let waiting = reader.waiting;
    let inbox = view! {
        <li>
            <a href="/" aria-current=current("/", path)>
                "Inbox "
                {(waiting > 0).then(|| view! { <span class="count">{count(waiting)}<span class="unheard">" waiting"</span></span> })}
            </a>
        </li>
    };
    view! {
        <header class="top">
            {banner(reader)}
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
                        {admin(reader, path)}
                    </ul>
                </nav>
                {account(reader)}
            </div>
        </header>
    }
    .into_any()
}

/// The pages that look after the workspace. They are plain: the browser itself goes there.
fn admin(reader: &Me, path: &str) -> Option<AnyView> {
    let links: Vec<_> = reader
        .admin
        .iter()
        .map(|(href, word)| {
            let now = current(href, path);
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
                <p><strong>"Demo."</strong> <span>" All of it is made up. Delete its database to begin anew."</span></p>
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

fn link(href: &'static str, text: &'static str, path: &str) -> AnyView {
    let rel = alive::rel(href);
    view! { <li><a href=href rel=rel aria-current=current(href, path)>{text}</a></li> }.into_any()
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
