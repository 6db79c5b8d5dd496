//! Who reads the page, and what the header offers them.

/// The signed-in person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// Whether they may create requests.
    pub asks: bool,
    /// Plain pages that look after the workspace and that they may open: path and word.
    pub admin: Vec<(String, String)>,
    /// Other workspaces that they may go to: id and name.
    pub elsewhere: Vec<(String, String)>,
    /// In the demo: whom one can change into. Empty otherwise.
    pub demo: Vec<DemoPerson>,
}

/// Somebody that a demo visitor can change into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// Actor id.
    pub actor_id: String,
    /// Name.
    pub name: String,
    /// Roles, joined.
    pub roles: String,
}

pub(crate) mod server {
    use super::{DemoPerson, Me};
    use crate::components::header::header;
    use crate::components::made::Made;
    use crate::error::AppError;
    use control::{Caller, Control, Operation, Scope};

    /// The header of the page at this path.
    pub(crate) async fn header_of(control: &Control, caller: &Caller, path: &str) -> Result<Made, AppError> {
        let me = me(control, caller).await?;
        Ok(Made::of(header(&me, path)))
    }

    /// Who reads.
    async fn me(control: &Control, caller: &Caller) -> Result<Me, AppError> {
        let counts = control.counts(caller).await?;
        let settings = control.settings(caller).await?;
        Ok(Me {
            roles: caller.roles.iter().map(|role| role.as_str().to_owned()).collect(),
            workspace: settings.name,
            waiting: counts.waiting,
            asks: caller.scope(Operation::CreateRequest) != Scope::No,
            admin: admin(caller),
            elsewhere: elsewhere(control, caller).await?,
            demo: demo_people().await?,
            name: caller.name.clone(),
            actor_id: caller.actor.id().to_owned(),
        })
    }

    /// What they may open of the pages that look after the workspace. Each page checks again.
    fn admin(caller: &Caller) -> Vec<(String, String)> {
        let all = [
            ("/overview", "Overview", Operation::SeeLog),
            ("/people", "People", Operation::ManagePeople),
            ("/keys", "Keys", Operation::ManageKeys),
            ("/settings", "Settings", Operation::ManageSettings),
            ("/log", "Log", Operation::SeeLog),
        ];
        all.into_iter()
            .filter(|(.., operation)| caller.scope(*operation) != Scope::No)
            .map(|(path, word, _)| (path.to_owned(), word.to_owned()))
            .collect()
    }

    async fn elsewhere(control: &Control, caller: &Caller) -> Result<Vec<(String, String)>, AppError> {
        let mut found = control.my_workspaces(caller).await?;
        found.retain(|one| one.workspace.id != caller.workspace);
        Ok(found.into_iter().map(|one| (one.workspace.id.as_str().to_owned(), one.workspace.name)).collect())
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
