//! Reading: everything that a page can ask for, through one server function. One, because every further one brings
//! its own client, resource and decoder into the browser's half. Answering changes nothing.

use crate::api::decision::DecisionPage;
use crate::api::lists::{Filter, Inbox, Rows};
use crate::api::me::Me;
use crate::api::requests::{Choices, PolicyForm, Preview, RequestForm};
use crate::api::run::Live;
use crate::api::templates::{TemplateInfo, Templates};
use crate::api::ways::Ways;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// What a page asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Who reads.
    Me,
    /// How one comes in; needs no sign-in.
    Ways,
    /// The inbox, from a cursor on.
    Inbox(String),
    /// Decisions that match.
    Decisions(Filter),
    /// The same, with whether the reader may import.
    Audit(Filter),
    /// One decision.
    Decision(String),
    /// How far the run of a decision is.
    Live(String),
    /// What the form of a new request offers.
    Choices,
    /// What a request would take.
    Preview(RequestForm, PolicyForm),
    /// Templates with a label, from a cursor on.
    Templates(String, String),
    /// One template.
    Template(String),
    /// What a new template starts from.
    NewTemplate(String),
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// Who reads.
    Me(Me),
    /// How one comes in.
    Ways(Ways),
    /// The inbox.
    Inbox(Inbox),
    /// Decisions that match.
    Decisions(Rows),
    /// Decisions that match, and whether the reader may import.
    Audit(Rows, bool),
    /// One decision.
    Decision(Box<DecisionPage>),
    /// How far the run of a decision is; nothing when none goes on that was heard of.
    Live(Option<Live>),
    /// What the form of a new request offers.
    Choices(Choices),
    /// What a request would take.
    Preview(Preview),
    /// Templates.
    Templates(Templates),
    /// One template.
    Template(TemplateInfo),
    /// What a new template starts from.
    NewTemplate(Option<TemplateInfo>),
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
    use crate::api::{decision_page, lists, me, requests, run_page, templates, ways};
    use crate::error::AppError;
    use control::{Caller, Control, Operation, Scope};

    pub(super) async fn told(ask: Ask) -> Result<Told, AppError> {
        if ask == Ask::Ways {
            return ways::server::ways().await.map(Told::Ways);
        }
        let (control, caller) = crate::ssr::enter()?;
        answer(&control, &caller, ask).await
    }

    async fn answer(control: &Control, caller: &Caller, ask: Ask) -> Result<Told, AppError> {
        Ok(match ask {
            Ask::Me => Told::Me(me::server::me(control, caller).await?),
            Ask::Ways => Told::Ways(ways::server::ways().await?),
            Ask::Inbox(after) => Told::Inbox(lists::server::inbox(control, caller, &after).await?),
            Ask::Decisions(filter) => {
                Told::Decisions(lists::server::decisions(control, caller, filter).await?)
            }
            Ask::Audit(filter) => {
                let importer = caller.scope(Operation::Import) != Scope::No;
                Told::Audit(lists::server::decisions(control, caller, filter).await?, importer)
            }
            Ask::Decision(id) => {
                let view = control.decision(caller, &decision_page::id(&id)?).await?;
                Told::Decision(Box::new(decision_page::page(view, control.now())))
            }
            Ask::Live(id) => Told::Live(run_page::live(control, caller, &decision_page::id(&id)?).await?),
            Ask::Choices => Told::Choices(requests::server::choices(control, caller).await?),
            Ask::Preview(form, policy) => {
                Told::Preview(requests::server::preview(control, caller, form, policy).await?)
            }
            Ask::Templates(label, after) => {
                Told::Templates(templates::server::templates(control, caller, &label, &after).await?)
            }
            Ask::Template(name) => Told::Template(templates::server::template(control, caller, &name).await?),
            Ask::NewTemplate(copy) => {
                Told::NewTemplate(templates::server::start(control, caller, &copy).await?)
            }
        })
    }
}
