//! Who works at Northwind. Names of several scripts and lengths, because real ones are.

use super::stage::Stage;
use control::{Error, Role};
use governance::PersonId;
use store::directory::PersonRecord;

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

/// The record of one more person. Without a password: in a demo nobody needs one, so there is none to leak.
pub fn record(stage: &Stage, short: &str, name: &str, roles: &[Role]) -> Result<PersonRecord, Error> {
    Ok(PersonRecord {
        id: PersonId::new(format!("prs_northwind_{short}"))
            .map_err(|error| Error::Fault(error.to_string()))?,
        actor_id: actor_id(short),
        name: name.to_owned(),
        password_hash: None,
        roles: roles.iter().map(|role| role.as_str().to_owned()).collect(),
        suspended: false,
        created_at: stage.control.now(),
    })
}

/// One of them has left in the meantime; what they asked for stays readable.
pub async fn suspend_who_left(stage: &Stage) -> Result<(), Error> {
    let left = stage.caller(LEFT)?.person.clone().ok_or(Error::NotFound("person"))?;
    stage.control.set_suspended(stage.caller("alice")?, &left, true).await
}
