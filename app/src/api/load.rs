//! Reading: everything that a page can ask for, through one server function. One, because every further one brings
//! its own client, resource and decoder into the browser's half. Answering changes nothing.

use crate::api::decision::DecisionPage;
use crate::api::lists::{Filter, Found, Inbox};
use crate::api::me::Me;
use crate::api::requests::{Choices, PolicyForm, Preview, RequestForm};
use crate::api::run::Live;
use crate::api::templates::{Start, TemplateForm};
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// What a page asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Who reads.
    Me,
    /// A tab of the inbox, from a cursor on.
    Inbox(String, String),
    /// Decisions that match.
    Decisions(Filter),
    /// One decision.
    Decision(String),
    /// How far the run of a decision is.
    Live(String),
    /// What the form of a new request offers.
    Choices(RequestForm, PolicyForm),
    /// What a request would take.
    Preview(RequestForm, PolicyForm),
    /// What a new template starts from.
    NewTemplate(TemplateForm),
    /// What a new template would mean.
    TemplateCheck(TemplateForm),
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// Who reads.
    Me(Me),
    /// The inbox.
    Inbox(Inbox),
    /// Decisions that match.
    Decisions(Found),
    /// One decision.
    Decision(Box<DecisionPage>),
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
        let (control, caller) = crate::ssr::enter()?;
        answer(&control, &caller, ask).await
    }

    async fn answer(control: &Control, caller: &Caller, ask: Ask) -> Result<Told, AppError> {
        Ok(match ask {
            Ask::Me => Told::Me(me::server::me(control, caller).await?),
            Ask::Inbox(tab, after) => {
                Told::Inbox(lists::server::inbox(control, caller, &tab, &after).await?)
            }
            Ask::Decisions(filter) => {
                Told::Decisions(lists::server::found(control, caller, filter).await?)
            }
            Ask::Decision(id) => {
                Told::Decision(Box::new(decision_page::told(control, caller, &id).await?))
            }
            Ask::Live(id) => Told::Live(run_page::live(control, caller, &decision_page::id(&id)?).await?),
            Ask::Choices(form, policy) => {
                Told::Choices(requests::server::choices(control, caller, form, policy).await?)
            }
            Ask::Preview(form, policy) => {
                Told::Preview(requests::server::preview(control, caller, form, policy).await?)
            }
            Ask::NewTemplate(typed) => {
                Told::NewTemplate(Box::new(templates::server::start(control, caller, typed).await?))
            }
            Ask::TemplateCheck(form) => {
                Told::Preview(form_check::template(control, caller, &form).await?)
            }
        })
    }
}
