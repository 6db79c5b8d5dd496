//! People and the workspace's settings, for admins.

use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id.
    pub id: String,
    /// Actor id: their sign-in address.
    pub actor_id: String,
    /// Name.
    pub name: String,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// Kept out.
    pub suspended: bool,
    /// Since when, microseconds.
    pub created_at: i64,
}

/// The page of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Everyone.
    pub people: Vec<Person>,
    /// The workspace's default.
    pub forbid_self: bool,
    /// Whether the reader may change anything.
    pub manager: bool,
}

/// Adds a person.
#[server(prefix = "/api", endpoint = "add_person")]
pub async fn add_person(
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(default)] password: String,
    #[server(default)] roles: Vec<String>,
) -> Result<(), AppError> {
    let done = server::add(&email, &name, &password, &roles).await;
    // The password is not kept: addresses end up in logs.
    server::back::<AddPerson>(done, &[("email", &email), ("name", &name), ("roles", &roles.join(","))])
}

/// Replaces a person's roles.
#[server(prefix = "/api", endpoint = "set_roles")]
pub async fn set_roles(id: String, #[server(default)] roles: Vec<String>) -> Result<(), AppError> {
    let done = server::set_roles(&id, &roles).await;
    server::back::<SetRoles>(done, &[("person", &id)])
}

/// Keeps a person out, or lets them back in.
#[server(prefix = "/api", endpoint = "set_suspended")]
pub async fn set_suspended(id: String, suspended: bool) -> Result<(), AppError> {
    let done = server::set_suspended(&id, suspended).await;
    server::back::<SetSuspended>(done, &[("person", &id)])
}

/// Gives a person a new password.
#[server(prefix = "/api", endpoint = "reset_password")]
pub async fn reset_password(id: String, #[server(default)] password: String) -> Result<(), AppError> {
    let done = server::reset_password(&id, &password).await;
    server::back::<ResetPassword>(done, &[("person", &id)])
}

/// Sets what holds where a policy says nothing.
#[server(prefix = "/api", endpoint = "set_forbid_self_approval")]
pub async fn set_forbid_self_approval(forbid: bool) -> Result<(), AppError> {
    let (control, caller) = crate::ssr::enter()?;
    let done = control.set_forbid_self_approval(&caller, forbid).await.map_err(AppError::from);
    server::back::<SetForbidSelfApproval>(done, &[])
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use super::{People, Person};
    use crate::error::AppError;
    use crate::ssr::{enter, go_plain, keep_typed};
    use control::lists::PersonRecord;
    use control::people::NewPerson;
    use control::{Caller, Control, Operation, Role, Scope};
    use governance::PersonId;
    use leptos::server_fn::ServerFn;

    /// Everyone.
    pub(crate) async fn people(control: &Control, caller: &Caller) -> Result<People, AppError> {
        let found = control.people(caller).await?;
        let manager = caller.scope(Operation::ManagePeople) != Scope::No;
        let forbid_self = control.settings(caller).await?.forbid_self_approval;
        Ok(People { people: found.into_iter().map(person).collect(), forbid_self, manager })
    }

    fn person(record: PersonRecord) -> Person {
        Person {
            id: record.id.as_str().to_owned(),
            actor_id: record.actor_id,
            name: record.name,
            roles: record.roles,
            suspended: record.suspended,
            created_at: record.created_at.micros(),
        }
    }

    pub(super) fn back<F: ServerFn<Error = AppError>>(
        done: Result<(), AppError>,
        typed: &[(&str, &str)],
    ) -> Result<(), AppError> {
        if done.is_ok() {
            go_plain("/people");
        }
        keep_typed::<F, ()>(done, "/people", typed)
    }

    fn roles(words: &[String]) -> Vec<Role> {
        words.iter().filter_map(|word| Role::parse(word)).collect()
    }

    fn person_id(text: &str) -> Result<PersonId, AppError> {
        PersonId::new(text).map_err(|_| AppError::NotFound { what: "person".to_owned() })
    }

    pub(super) async fn add(
        email: &str,
        name: &str,
        password: &str,
        words: &[String],
    ) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        let new = NewPerson {
            email: email.to_owned(),
            name: name.to_owned(),
            password: password.to_owned(),
            roles: roles(words),
        };
        control.add_person(&caller, new).await?;
        Ok(())
    }

    pub(super) async fn set_roles(id: &str, words: &[String]) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        Ok(control.set_roles(&caller, &person_id(id)?, &roles(words)).await?)
    }

    pub(super) async fn set_suspended(id: &str, suspended: bool) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        Ok(control.set_suspended(&caller, &person_id(id)?, suspended).await?)
    }

    pub(super) async fn reset_password(id: &str, password: &str) -> Result<(), AppError> {
        let (control, caller) = enter()?;
        Ok(control.reset_password(&caller, &person_id(id)?, password).await?)
    }
}
