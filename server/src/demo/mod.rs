//! `serve --demo`: an invented company, Northwind Operations, whose people asked, approved and ran things for 45
//! days. All of it went through the use cases, under a clock that was set back; nothing is written past them.
//! Refuses a database that holds anything else, since in a demo everyone may be anyone.

mod adapters;
mod evidence;
mod people;
mod recent;
mod routine;
mod stage;
mod story;
mod templates;
mod trouble;

pub use adapters::adapters;

use crate::serve::{ServeError, say};
use control::access::SignedIn;
use control::{Control, Error};
use std::sync::Arc;
use store::directory::{PersonRecord, WorkspaceRecord};
use store::{Store, StoreError};

/// The workspace's name.
pub const WORKSPACE: &str = "Northwind Operations";

/// Fills an empty database; leaves its own one as it is.
pub async fn prepare(store: &Arc<dyn Store>) -> Result<(), ServeError> {
    let failed = |error: StoreError| ServeError::Control(error.into());
    if !store.has_people().await.map_err(failed)? {
        say("\n  Making the demo's company. This takes a moment.\n");
        return Ok(seed(store).await?);
    }
    match member(store, &people::actor_id("alice")).await.map_err(failed)? {
        Some(_) => Ok(()),
        None => Err(ServeError::NotDemo),
    }
}

/// Whom a visitor may be: anyone who works there now. `None` for anyone else, and in any other workspace.
pub async fn person(control: &Control, actor_id: &str) -> Result<Option<SignedIn>, Error> {
    let found = member(control.store(), actor_id).await?.filter(|(_, person)| !person.suspended);
    Ok(found.map(|(workspace, person)| SignedIn {
        person_id: person.id,
        workspace: workspace.id,
        vouched: None,
    }))
}

async fn member(
    store: &Arc<dyn Store>,
    actor_id: &str,
) -> Result<Option<(WorkspaceRecord, PersonRecord)>, StoreError> {
    let workspaces = store.workspaces().await?;
    let Some(workspace) = workspaces.into_iter().find(|workspace| workspace.name == WORKSPACE) else {
        return Ok(None);
    };
    let person = store.person_by_actor(&workspace.id, actor_id).await?;
    Ok(person.map(|person| (workspace, person)))
}

async fn seed(store: &Arc<dyn Store>) -> Result<(), Error> {
    let stage = stage::Stage::set(store.clone()).await?;
    templates::create(&stage).await?;
    let mut stories = routine::stories();
    stories.extend(trouble::stories());
    stories.extend(recent::stories());
    stage.play(stories).await?;
    evidence::import(&stage).await?;
    people::suspend_who_left(&stage).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use governance::State;
    use std::collections::BTreeMap;
    use store::{DecisionFilter, PageRequest};

    fn remove(file: &std::path::Path) {
        for suffix in ["", ".lock", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{suffix}", file.display())));
        }
    }

    #[tokio::test]
    async fn it_shows_every_state_and_is_left_alone_the_second_time() {
        let file = std::env::temp_dir().join(format!("nexus-demo-{}.db", crate::random::hex(6)));
        let store = store::open(&format!("sqlite://{}", file.display())).await.unwrap();
        prepare(&store).await.unwrap();
        let events = store.head().await.unwrap();
        prepare(&store).await.unwrap();
        assert_eq!(store.head().await.unwrap(), events);

        let (workspace, _) = member(&store, "alice@northwind.example").await.unwrap().unwrap();
        let mut states: BTreeMap<State, u32> = BTreeMap::new();
        let mut page = PageRequest { limit: 200, ..PageRequest::default() };
        let now = control::Clock::now(&control::SystemClock);
        loop {
            let found = store.list(&workspace.id, &DecisionFilter::default(), &page, now).await.unwrap();
            for row in &found.rows {
                *states.entry(row.state).or_default() += 1;
                assert!(row.updated_at <= now, "{}", row.goal);
            }
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }
        let total: u32 = states.values().sum();
        assert!((55..=75).contains(&total), "{states:?}");
        for state in [
            State::PendingApproval,
            State::Approved,
            State::Completed,
            State::Failed,
            State::Rejected,
            State::Withdrawn,
        ] {
            assert!(states.get(&state).is_some_and(|count| *count >= 2), "{state:?}: {states:?}");
        }
        store.close().await;
        remove(&file);
    }

    #[tokio::test]
    async fn a_database_with_real_people_is_refused() {
        let file = std::env::temp_dir().join(format!("nexus-demo-{}.db", crate::random::hex(6)));
        let store = store::open(&format!("sqlite://{}", file.display())).await.unwrap();
        let stage = stage::Stage::empty(store.clone()).unwrap();
        let token = stage.control.issue_setup_token().await.unwrap().unwrap();
        let real = control::access::SetupInput {
            workspace: "Real".to_owned(),
            name: "Ana".to_owned(),
            email: "ana@real.example".to_owned(),
            password: "correct horse battery".to_owned(),
        };
        stage.control.redeem_setup(&token, real, "").await.unwrap();
        assert!(matches!(prepare(&store).await, Err(ServeError::NotDemo)));
        assert!(person(&stage.control, "ana@real.example").await.unwrap().is_none());
        assert!(person(&stage.control, "alice@northwind.example").await.unwrap().is_none());
        store.close().await;
        remove(&file);
    }
}
