//! Who reads the page, and what the header offers them.

use serde::{Deserialize, Serialize};

/// The signed-in person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Name.
    pub name: String,
    /// Actor id.
    pub actor_id: String,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// The workspace's name.
    pub workspace: String,
    /// Decisions that wait for them.
    pub waiting: u32,
    /// What the header offers.
    pub may: Vec<May>,
    /// In the demo: whom one can change into. Empty otherwise.
    pub demo: Vec<DemoPerson>,
}

/// A thing that a person may do, for links and buttons. The server checks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum May {
    /// Create requests.
    Request,
    /// Write templates.
    WriteTemplates,
    /// Look after people.
    ManagePeople,
    /// Import bundles.
    Import,
    /// Approve.
    Approve,
}

/// Somebody that a demo visitor can change into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    /// Actor id.
    pub actor_id: String,
    /// Name.
    pub name: String,
    /// Roles, joined.
    pub roles: String,
}

impl Me {
    /// Whether the header offers this.
    pub fn may(&self, what: May) -> bool {
        self.may.contains(&what)
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use super::{DemoPerson, May, Me};
    use crate::error::AppError;
    use control::{Caller, Control, Operation, Scope};

    /// Who reads.
    pub(crate) async fn me(control: &Control, caller: &Caller) -> Result<Me, AppError> {
        let counts = control.counts(caller).await?;
        let settings = control.settings(caller).await?;
        Ok(Me {
            roles: caller.roles.iter().map(|role| role.as_str().to_owned()).collect(),
            workspace: settings.name,
            waiting: counts.waiting,
            may: offers(caller),
            demo: demo_people().await?,
            name: caller.name.clone(),
            actor_id: caller.actor.id().to_owned(),
        })
    }

    fn offers(caller: &Caller) -> Vec<May> {
        let all = [
            (May::Request, Operation::CreateRequest),
            (May::WriteTemplates, Operation::CreateTemplate),
            (May::ManagePeople, Operation::ManagePeople),
            (May::Import, Operation::Import),
            (May::Approve, Operation::Approve),
        ];
        all.into_iter()
            .filter(|(_, operation)| caller.scope(*operation) != Scope::No)
            .map(|(may, _)| may)
            .collect()
    }

    /// Whom a demo visitor can sign in as; empty when this is no demo.
    pub(crate) async fn demo_people() -> Result<Vec<DemoPerson>, AppError> {
        let context = crate::ssr::context()?;
        if !context.demo {
            return Ok(Vec::new());
        }
        let people = context.control.demo_people().await.map_err(AppError::from)?;
        Ok(people
            .into_iter()
            .map(|person| DemoPerson {
                actor_id: person.actor_id,
                name: person.name,
                roles: person.roles.join(", "),
            })
            .collect())
    }
}
