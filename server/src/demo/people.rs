//! Who works at Northwind. Names of several scripts and lengths, because real ones are.

use super::stage::Stage;
use control::{Error, Role};
use governance::workspace_log::{Act, ActKind, Door, NewEntry};
use governance::{Actor, PersonId, Value, WorkspaceId};
use store::Enactment;
use store::enact::{Change, NewPerson};

const LEFT: &str = "luis";

pub const PEOPLE: [(&str, &str, &[Role]); 14] = [
    ("alice", "Alice Moreau", &[Role::Admin, Role::Approver]),
    ("ben", "Ben Okafor", &[Role::Requester]),
    ("carla", "Carla Jiménez", &[Role::Approver]),
    ("dmitri", "Dmitri Sokolov", &[Role::Approver, Role::Author]),
    ("erin", "Erin Sullivan", &[Role::Auditor]),
    ("farid", "فريد الحسيني", &[Role::Approver]),
    ("grace", "Grace Lindqvist", &[Role::Author, Role::Requester]),
    ("hiroshi", "田中 博", &[Role::Approver]),
    ("ines", "Inês Albuquerque de Vasconcelos e Meneses-Cavalcanti da Silva Figueiredo", &[Role::Requester]),
    ("jonas", "Jonas Weber", &[Role::Requester, Role::Approver]),
    ("kavya", "काव्या शर्मा", &[Role::Requester]),
    (LEFT, "Luis Ortega", &[Role::Requester]),
    ("mei", "Mei-Ling Zhao", &[Role::Approver, Role::Auditor]),
    ("noor", "Noor Haddad", &[Role::Admin]),
];

/// The sign-in address of somebody at Northwind.
pub fn actor_id(short: &str) -> String {
    format!("{short}@northwind.example")
}

/// One more person. Without a password: in a demo nobody needs one, so there is none to leak.
pub async fn join(
    stage: &Stage,
    workspace: &WorkspaceId,
    short: &str,
    name: &str,
    roles: &[Role],
) -> Result<PersonId, Error> {
    let fault = |error: governance::ids::IdError| Error::Fault(error.to_string());
    let id = PersonId::new(format!("prs_northwind_{short}")).map_err(fault)?;
    let given_roles: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
    let now = stage.control.now();
    let person = NewPerson {
        id: id.clone(),
        actor_id: actor_id(short),
        name: name.to_owned(),
        password_hash: None,
        created_at: now,
    };
    let entry = NewEntry {
        ts: now,
        actor: Actor::control(),
        door: Door::Server,
        address: String::new(),
        act: Act {
            kind: ActKind::PersonJoined,
            about: person.actor_id.clone(),
            before: Value::Null,
            after: given_roles.as_slice().into(),
        },
    };
    let join = Change::Join { workspace: workspace.clone(), person: id.clone(), given_roles };
    let changes = vec![Change::CreatePerson(person), join];
    let entries = vec![(workspace.clone(), entry)];
    stage.control.store().enact(Enactment { changes, entries, expected: None }).await?;
    Ok(id)
}

/// One of them has left in the meantime; what they asked for stays readable.
pub async fn suspend_who_left(stage: &Stage) -> Result<(), Error> {
    let left = stage.caller(LEFT)?.person.clone();
    stage.control.set_suspended(stage.caller("alice")?, &left, true).await
}
