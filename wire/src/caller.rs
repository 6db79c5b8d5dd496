//! Who acts and who asks.

use crate::{Role, Scope};
use control::{Caller, Credential};
use governance::ActorKind;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Actor {
    /// `human` or `system`.
    #[serde(rename = "type")]
    #[schema(example = "human")]
    pub kind: &'static str,
    /// The stable id: of a person, or of a key.
    #[schema(example = "ana@example.com")]
    pub id: String,
}

impl From<&governance::Actor> for Actor {
    fn from(actor: &governance::Actor) -> Self {
        Self { kind: actor.kind().as_str(), id: actor.id().to_owned() }
    }
}

/// Who a key or a session stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Me {
    /// The workspace that every call is for.
    pub workspace_id: String,
    /// Who events name.
    pub actor: Actor,
    /// What the caller is called.
    pub name: String,
    /// Roles at this moment: of a key its owner's.
    pub roles: Vec<Role>,
    /// What the key may do; `null` for a session, which may do what the roles say.
    pub scopes: Option<Vec<Scope>>,
    /// Whether a person speaks: in a session, or with a personal token.
    pub personal: bool,
}

impl From<&Caller> for Me {
    fn from(caller: &Caller) -> Self {
        let scopes = match &caller.credential {
            Credential::Session { .. } => None,
            Credential::Key { scopes, .. } => Some(scopes.iter().copied().map(Scope::from).collect()),
        };
        Self {
            workspace_id: caller.workspace.to_string(),
            actor: Actor::from(&caller.actor),
            name: caller.name.clone(),
            roles: caller.roles.iter().copied().map(Role::from).collect(),
            scopes,
            personal: caller.actor.kind() == ActorKind::Human,
        }
    }
}
