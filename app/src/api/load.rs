//! Reading: everything that a page can ask for, through one server function. One, because every further one brings
//! its own client, resource and decoder into the browser's half. Answering changes nothing.

use crate::api::decision_parts::{DecisionParts, Live, Look};
use crate::api::lists::{Found, Inbox};
use crate::api::requests::{Choices, Preview};
use crate::api::templates::Start;
use crate::components::made::Made;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// What a page asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Who reads, for the header of the page at this path.
    Me(String),
    /// A tab of the inbox, from a cursor on.
    Inbox(String, String),
    /// Decisions that match the query of an address.
    Decisions(String),
    /// One decision.
    Decision(String, Look),
    /// What came to a decision since a version of it.
    Since(String, u32),
    /// How far the run of a decision is.
    Live(String),
    /// What the form of a new request offers; its fields as an address has them.
    Choices(String),
    /// What such a request would take.
    Preview(String),
    /// What a new template starts from; its fields as an address has them.
    NewTemplate(String),
    /// What such a template would mean.
    TemplateCheck(String),
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// The header.
    Me(Made),
    /// The inbox.
    Inbox(Inbox),
    /// Decisions that match.
    Decisions(Found),
    /// One decision.
    Decision(Box<DecisionParts>),
    /// What came to it, in lines.
    Since(Vec<String>),
    /// How far the run of a decision is; nothing when none goes on that was heard of.
    Live(Option<Live>),
    /// What the form of a new request offers.
    Choices(Choices),
    /// What a form would make.
    Preview(Preview),
    /// What a new template starts from.
    NewTemplate(Box<Start>),
}

/// Answers a page.
#[server(prefix = "/api", endpoint = "load", input = Json)]
pub async fn load(ask: Ask) -> Result<Told, AppError> {
    let told = server::told(ask).await;
    if let Err(error) = &told {
        crate::ssr::set_call_status(error);
    }
    told
}

#[cfg(feature = "ssr")]
mod server {
    use super::{Ask, Told};
    use crate::api::{decision_page, form_check, lists, me, requests, run_page, templates};
    use crate::error::AppError;
    use control::{Caller, Control};

    pub(super) async fn told(ask: Ask) -> Result<Told, AppError> {
        // A page asks for these by itself, in a room that everybody may have left.
        if matches!(ask, Ask::Since(..) | Ask::Live(..)) {
            crate::ssr::unattended();
        }
        let (control, caller) = crate::ssr::enter()?;
        answer(&control, &caller, ask).await
    }

    async fn answer(control: &Control, caller: &Caller, ask: Ask) -> Result<Told, AppError> {
        Ok(match ask {
            Ask::Me(path) => Told::Me(me::server::header_of(control, caller, &path).await?),
            Ask::Inbox(tab, after) => Told::Inbox(lists::server::inbox(control, caller, &tab, &after).await?),
            Ask::Decisions(search) => Told::Decisions(lists::server::found(control, caller, &search).await?),
            Ask::Decision(id, look) => {
                Told::Decision(Box::new(decision_page::told(control, caller, &id, look).await?))
            }
            Ask::Since(id, seen) => Told::Since(decision_page::since(control, caller, &id, seen).await?),
            Ask::Live(id) => Told::Live(run_page::live(control, caller, &decision_page::id(&id)?).await?),
            Ask::Choices(form) => Told::Choices(requests::server::choices(control, caller, &form).await?),
            Ask::Preview(form) => Told::Preview(requests::server::preview(control, caller, &form).await?),
            Ask::NewTemplate(form) => {
                Told::NewTemplate(Box::new(templates::server::start(control, caller, &form).await?))
            }
            Ask::TemplateCheck(form) => {
                let form = templates::server::form_of(&form);
                Told::Preview(form_check::template(control, caller, &form).await?)
            }
        })
    }
}
