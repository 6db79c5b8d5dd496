//! Audit: a search over all decisions with their evidence to download, one by one or all that was found at once; and,
//! for admins, the import of somebody else's evidence. A plain page: forms and links, nothing for the browser to run.

mod asked;
mod import;
mod results;
mod words;

use crate::api::lists::server::who;
use crate::api::search::Typed;
use crate::components::loaded_once::loaded_once;
use crate::components::page_title::PageTitle;
use crate::error::AppError;
use crate::query::use_query;
use crate::ssr::enter;
use control::archive::Estimate;
use control::lists::{DecisionRow, PageRequest};
use control::{Caller, Control, Error, Operation, Scope};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Rows on a page.
const ROWS: u32 = 25;
/// Most people that are suggested.
const SUGGESTED: usize = 500;

/// What the page is made of.
struct Room {
    typed: Typed,
    /// Address and name of members, for those who may see them.
    people: Vec<(String, String)>,
    answer: Answer,
    workspace: String,
    imports: bool,
}

/// What was found.
enum Answer {
    /// These.
    Found(Found),
    /// A field makes no sense.
    Wrong { field: &'static str, message: String },
}

/// One page of what was found.
struct Found {
    rows: Vec<DecisionRow>,
    /// Names by actor id.
    names: BTreeMap<String, String>,
    next: Option<String>,
    /// All of it as an archive, for those who may export, on the first page.
    archive: Option<Estimate>,
}

impl Found {
    fn name(&self, actor: &str) -> String {
        who(actor.to_owned(), &self.names).name
    }
}

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query().get_untracked();
    let conflict = query.get("conflict");
    view! {
        <PageTitle text="Audit" />
        {loaded_once(load(Typed::of(&query)), move |room| shown(room, conflict))}
    }
}

async fn load(typed: Typed) -> Result<Room, AppError> {
    let (control, caller) = enter()?;
    let answer = match answer(&control, &caller, &typed).await {
        Ok(found) => Answer::Found(found),
        Err(Error::Invalid { field, message }) => Answer::Wrong { field, message },
        Err(error) => return Err(error.into()),
    };
    let mut people = Vec::new();
    if caller.scope(Operation::SeePeople) == Scope::All {
        let known = control.people(&caller).await?;
        people.extend(known.into_iter().take(SUGGESTED).map(|person| (person.actor_id, person.name)));
    }
    let workspace = control.settings(&caller).await?.name;
    Ok(Room { typed, people, answer, workspace, imports: caller.scope(Operation::Import) != Scope::No })
}

async fn answer(control: &Control, caller: &Caller, typed: &Typed) -> Result<Found, Error> {
    let search = typed.search()?;
    let after = Some(typed.after.clone()).filter(|after| !after.is_empty());
    let is_first = after.is_none();
    let page = PageRequest { after, limit: ROWS, oldest_first: false };
    let found = control.search(caller, &search, &page).await?;
    let actors: BTreeSet<&str> = found.rows.iter().map(|row| row.requester.as_str()).collect();
    let actors: Vec<String> = actors.into_iter().map(str::to_owned).collect();
    let archive = match caller.scope(Operation::Export) {
        // It weighs everything that is found: once is enough.
        Scope::Own | Scope::All if is_first => Some(control.estimate(caller, &search).await?),
        Scope::No | Scope::Own | Scope::All => None,
    };
    Ok(Found { names: control.names(caller, &actors).await?, rows: found.rows, next: found.next, archive })
}

fn shown(room: Room, conflict: String) -> AnyView {
    let Room { typed, people, answer, workspace, imports } = room;
    let wrong = match &answer {
        Answer::Wrong { field, message } => Some((*field, message.clone())),
        Answer::Found(_) => None,
    };
    if wrong.is_some() {
        crate::ssr::set_status(422);
    }
    let body = match answer {
        Answer::Found(found) => Some(results::results(&typed, found)),
        Answer::Wrong { .. } => None,
    };
    view! {
        <div class="page audit">
            <header class="head">
                <h1>"Audit"</h1>
                <p class="byline">
                    {words::BYLINE} <a href="/verify" rel="external">"Verify a file"</a> " works for anyone, without an account."
                </p>
                {asked::in_words(&typed, &workspace)}
            </header>
            {asked::form(&typed, people, wrong)}
            {body}
            {imports.then(|| import::form(conflict))}
        </div>
    }
    .into_any()
}
