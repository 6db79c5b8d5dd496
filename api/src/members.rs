//! People of the workspace, for those who look after them: a session, or a personal token with the scope `manage`.

use crate::body::{Given, Nothing, answer};
use crate::caller::{Caller, Named};
use crate::{Api, Door, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use control::{Error, Role};
use governance::PersonId;

pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door::get("/api/v1/members", list),
        Door::post("/api/v1/members/{person_id}/roles", set_roles),
        Door::post("/api/v1/members/{person_id}/suspend", suspend),
        Door::post("/api/v1/members/{person_id}/restore", restore),
    ]
}

/// List members
///
/// Everyone who belongs to the workspace, by name.
#[utoipa::path(get, path = "/api/v1/members", operation_id = "listMembers", tag = "Members",
    responses((status = 200, description = "Everyone.", body = wire::MemberList)))]
pub async fn list(State(api): State<Api>, Caller(caller): Caller) -> Result<Response, Problem> {
    let people = api.control.people(&caller).await?;
    let members = people.iter().map(wire::Member::from).collect();
    Ok(answer(StatusCode::OK, &wire::MemberList { members }))
}

/// Change roles
///
/// Replaces the roles that a person was given by hand; those that groups give stay. The last admin keeps that role.
#[utoipa::path(post, path = "/api/v1/members/{person_id}/roles", operation_id = "setRoles", tag = "Members",
    params(("person_id" = String, Path, description = "The person's id.")), request_body = wire::Roles,
    responses((status = 200, description = "The member.", body = wire::Member)))]
pub async fn set_roles(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<PersonId>,
    Given(new): Given<wire::Roles>,
) -> Result<Response, Problem> {
    let roles: Vec<Role> = new.roles.into_iter().map(Role::from).collect();
    api.control.set_roles(&caller, &id, &roles).await?;
    member(&api, &caller, &id).await
}

/// Suspend a member
///
/// Keeps a person out of the workspace, which ends their sessions there and stops their keys.
#[utoipa::path(post, path = "/api/v1/members/{person_id}/suspend", operation_id = "suspendMember", tag = "Members",
    params(("person_id" = String, Path, description = "The person's id.")),
    responses((status = 200, description = "The member.", body = wire::Member)))]
pub async fn suspend(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<PersonId>,
    _: Nothing,
) -> Result<Response, Problem> {
    api.control.set_suspended(&caller, &id, true).await?;
    member(&api, &caller, &id).await
}

/// Let a member back in
///
/// Ends a suspension.
#[utoipa::path(post, path = "/api/v1/members/{person_id}/restore", operation_id = "restoreMember", tag = "Members",
    params(("person_id" = String, Path, description = "The person's id.")),
    responses((status = 200, description = "The member.", body = wire::Member)))]
pub async fn restore(
    State(api): State<Api>,
    Caller(caller): Caller,
    Named(id): Named<PersonId>,
    _: Nothing,
) -> Result<Response, Problem> {
    api.control.set_suspended(&caller, &id, false).await?;
    member(&api, &caller, &id).await
}

async fn member(api: &Api, caller: &control::Caller, id: &PersonId) -> Result<Response, Problem> {
    let people = api.control.people(caller).await?;
    let person = people.iter().find(|person| person.id == *id).ok_or(Error::NotFound("person"))?;
    Ok(answer(StatusCode::OK, &wire::Member::from(person)))
}
