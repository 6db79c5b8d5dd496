//! The workspace's log of administrative acts: who did what, when, from where, and what it changed. Newest first, a page
//! at a time; the whole of it as a file that anyone can check.

use crate::components::exact::Said;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::components::time::Time;
use crate::error::AppError;
use crate::query::{address, use_query};
use crate::ssr::enter;
use crate::text::visible;
use governance::json::Value;
use governance::workspace_log::{ActKind, Entry};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Entries on one page, as they come.
const ROWS: u32 = 50;

struct Found {
    entries: Vec<Entry>,
    /// Names by actor id.
    names: BTreeMap<String, String>,
    /// Where the next older page begins.
    older: Option<u32>,
    /// How many entries the log has.
    length: u32,
}

/// The page.
#[component]
pub fn LogPage() -> impl IntoView {
    let before = use_query().get_untracked().get("before").parse().ok();
    view! {
        <PageTitle text="Log" />
        {loaded_once(load(before), shown)}
    }
}

async fn load(before: Option<u32>) -> Result<Found, AppError> {
    let (control, caller) = enter()?;
    let page = control.workspace_log(&caller, before).await?;
    let actors: BTreeSet<&str> =
        page.entries.iter().flat_map(|entry| [entry.actor.id(), entry.about()]).collect();
    let actors: Vec<String> = actors.into_iter().map(str::to_owned).collect();
    let names = control.names(&caller, &actors).await?;
    let length = control.settings(&caller).await?.log_length;
    Ok(Found { entries: page.entries, names, older: page.before, length })
}

fn shown(found: Found) -> AnyView {
    let newest = found.entries.first().map(|entry| entry.seq);
    let newer = newest.and_then(|seq| newer(seq, found.length));
    let older = found.older.map(|before| address("/log", &[("before", &before.to_string())]));
    let lines: Vec<AnyView> = found.entries.iter().map(|entry| line(entry, &found.names)).collect();
    let body = if lines.is_empty() {
        view! {
            <div class="empty">
                <p><strong>"Nothing here."</strong></p>
                <p><a class="button quiet" href="/log">"The newest entries"</a></p>
            </div>
        }
        .into_any()
    } else {
        table(lines)
    };
    let counted = if found.length == 1 { "1 entry".to_owned() } else { format!("{} entries", found.length) };
    let any = newer.is_some() || older.is_some();
    view! {
        <div class="page">
            <header class="head">
                <h1>"Log"</h1>
                <p class="byline">
                    "What was done to people, roles, keys and settings: " {counted} ". Decisions have timelines of their own."
                </p>
                <form method="post" action="/log/export">
                    <p class="actions"><button type="submit">"Download the whole log"</button></p>
                </form>
            </header>
            {body}
            {any.then(|| view! {
                <nav class="pager" aria-label="Pages">
                    {newer.map(|href| view! { <a class="button quiet" href=href rel="prev">"Newer"</a> })}
                    {older.map(|href| view! { <a class="button quiet" href=href rel="next">"Older"</a> })}
                </nav>
            })}
            <p class="hint">
                "Entries are chained: one that is missing, moved or edited shows. Anyone can check the downloaded file with "
                <code>"nexus-control verify FILE"</code> " or " <a href="/verify">"on this page"</a> "."
            </p>
        </div>
    }
    .into_any()
}

/// The address of the page with what is newer than entry `seq`, when there is something.
fn newer(seq: u32, length: u32) -> Option<String> {
    let next = seq.saturating_add(1);
    let before = next.saturating_add(ROWS);
    match (next < length, before < length) {
        (false, _) => None,
        (true, false) => Some("/log".to_owned()),
        (true, true) => Some(address("/log", &[("before", &before.to_string())])),
    }
}

fn table(lines: Vec<AnyView>) -> AnyView {
    view! {
        <table class="cards log">
            <caption class="unheard">"Administrative acts, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"What"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"Before"</th>
                    <th scope="col">"After"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

pub(crate) fn line(entry: &Entry, names: &BTreeMap<String, String>) -> AnyView {
    let what = entry.act_kind().map_or_else(|| visible(&entry.kind), |kind| words(kind).to_owned());
    let (who, about) = (entry.actor.id(), entry.about());
    let name = names.get(who).map(|name| view! { <strong><Said text=name.clone() /></strong> " " });
    let known = names.get(about).map(|name| view! { <Said text=name.clone() /> " " });
    let address = (!entry.address.is_empty()).then(|| view! { " from " <Said text=entry.address.clone() /> });
    view! {
        <tr>
            <th scope="row">
                <strong>{what}</strong>
                <span class="small">{known} <Said text=about.to_owned() /></span>
                <span class="small">{format!("#{}", entry.seq)}", " <Time at=entry.ts.micros() absolute=true /></span>
            </th>
            <td data-label="Who">
                {name}
                <span class="small"><Said text=who.to_owned() /></span>
                <span class="small">{door(&entry.door)} {address}</span>
            </td>
            <td data-label="Before">{value(entry.before())}</td>
            <td data-label="After">{value(entry.after())}</td>
        </tr>
    }
    .into_any()
}

fn door(word: &str) -> String {
    match word {
        "web" => "in a browser".to_owned(),
        "api" => "with a key".to_owned(),
        "cli" => "on the server".to_owned(),
        "sso" => "by a sign-in".to_owned(),
        "server" => "the server itself".to_owned(),
        other => visible(other),
    }
}

/// How something stood: a text, a list, or names with values.
fn value(value: &Value) -> AnyView {
    match value {
        Value::Null => view! { <span class="quiet-text">"–"</span> }.into_any(),
        Value::Object(members) => {
            let pairs: Vec<_> = members
                .iter()
                .map(|(name, value)| {
                    view! { <li><span class="quiet-text">{visible(&name.replace('_', " "))}": "</span><Said text=text(value) /></li> }
                })
                .collect();
            view! { <ul class="links">{pairs}</ul> }.into_any()
        }
        other => view! { <Said text=text(other) /> }.into_any(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Str(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) if items.iter().all(|item| item.as_str().is_some()) => {
            items.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        other => governance::canonical::to_string(other),
    }
}

fn words(kind: ActKind) -> &'static str {
    match kind {
        ActKind::WorkspaceCreated => "Workspace made",
        ActKind::WorkspaceRenamed => "Workspace renamed",
        ActKind::SelfApprovalChanged => "Self-approval forbidden by default",
        ActKind::PersonJoined => "Person joined",
        ActKind::PersonRenamed => "Person renamed",
        ActKind::RolesChanged => "Roles changed",
        ActKind::PersonSuspended => "Person suspended",
        ActKind::PersonRestored => "Person let back in",
        ActKind::PasswordChanged => "Password changed",
        ActKind::PasswordReset => "Password reset",
        ActKind::SecondFactorEnabled => "Second factor set up",
        ActKind::SecondFactorDisabled => "Second factor given up",
        ActKind::SecondFactorReset => "Second factor reset",
        ActKind::IdentityLinked => "Sign-in linked",
        ActKind::IdentityUnlinked => "Sign-in unlinked",
        ActKind::PeopleMerged => "Two accounts became one person",
        ActKind::SessionsEnded => "Sessions ended",
        ActKind::InvitationCreated => "Invitation made",
        ActKind::InvitationRevoked => "Invitation taken back",
        ActKind::KeyCreated => "API key made",
        ActKind::KeyRevoked => "API key revoked",
        ActKind::ProvidersChanged => "Sign-in providers changed",
        ActKind::LogExported => "Log downloaded",
    }
}

#[cfg(test)]
mod tests {
    use super::{newer, text};
    use governance::json::{Value, object};

    #[test]
    fn the_way_to_what_is_newer_ends_at_the_newest() {
        assert_eq!(newer(119, 120), None);
        assert_eq!(newer(69, 120).as_deref(), Some("/log"));
        assert_eq!(newer(19, 120).as_deref(), Some("/log?before=70"));
        assert_eq!(newer(u32::MAX, 1), None);
    }

    #[test]
    fn values_read_as_people_say_them() {
        let cases: [(Value, &str); 5] = [
            (Value::Null, "none"),
            (true.into(), "yes"),
            (Value::Array(vec!["admin".into(), "approver".into()]), "admin, approver"),
            (Value::Array(Vec::new()), "none"),
            (object([("a", 1_u32.into())]), "{\"a\":1}"),
        ];
        for (value, said) in cases {
            assert_eq!(text(&value), said);
        }
    }
}
