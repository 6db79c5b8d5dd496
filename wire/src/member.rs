//! People of a workspace.

use crate::Role;
use control::lists::PersonRecord;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everyone who belongs to the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct MemberList {
    /// They, by name.
    pub members: Vec<Member>,
}

/// A person as a member of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Member {
    /// Their id.
    pub person_id: String,
    /// The id that events carry.
    pub actor_id: String,
    /// What they are called.
    pub name: String,
    /// Roles that count: given by hand or by groups.
    pub roles: Vec<Role>,
    /// Those of them that were given by hand.
    pub given_roles: Vec<Role>,
    /// Whether they are kept out.
    pub suspended: bool,
    /// Whether a second factor is in force.
    pub second_factor: bool,
    /// When they were added.
    #[schema(format = DateTime)]
    pub created_at: String,
}

impl From<&PersonRecord> for Member {
    fn from(person: &PersonRecord) -> Self {
        let roles = |words: &[String]| {
            words.iter().filter_map(|word| control::Role::parse(word)).map(Role::from).collect()
        };
        Self {
            person_id: person.id.to_string(),
            actor_id: person.actor_id.clone(),
            name: person.name.clone(),
            roles: roles(&person.roles),
            given_roles: roles(&person.given_roles),
            suspended: person.suspended,
            second_factor: person.second_factor,
            created_at: person.created_at.to_string(),
        }
    }
}

/// Roles to give by hand, in place of those that were.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "roles": ["requester", "approver"] }))]
pub struct Roles {
    /// The roles; at least one. To keep somebody out, suspend them.
    #[schema(min_items = 1)]
    pub roles: Vec<Role>,
}
