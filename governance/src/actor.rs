//! Who acts. People and machines are different kinds: a machine never fills a seat meant for a person.

use crate::json::{Value, object};
use std::fmt;

/// Longest actor id, in bytes.
pub const MAX_ACTOR_BYTES: usize = 320;

/// The kind of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorKind {
    /// A person.
    Human,
    /// A machine: a scheduler, an agent, this product itself.
    System,
}

impl ActorKind {
    /// The word in events: `human` or `system`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::System => "system",
        }
    }

    /// Reads the word of an event.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "human" => Some(Self::Human),
            "system" => Some(Self::System),
            _ => None,
        }
    }
}

/// An actor: kind and stable id. For a person the id never changes, so that one person is one voice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    kind: ActorKind,
    id: String,
}

/// An id that cannot name an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActorError;

impl fmt::Display for ActorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an actor id has 1 to {MAX_ACTOR_BYTES} bytes and no control characters")
    }
}

impl std::error::Error for ActorError {}

impl Actor {
    /// Checks the id and makes the actor.
    pub fn new(kind: ActorKind, id: impl Into<String>) -> Result<Self, ActorError> {
        let id = id.into();
        if id.is_empty() || id.len() > MAX_ACTOR_BYTES || id.chars().any(char::is_control) {
            return Err(ActorError);
        }
        Ok(Self { kind, id })
    }

    /// This product itself, which records what routers answer.
    pub fn control() -> Self {
        Self { kind: ActorKind::System, id: "nexus-control".to_owned() }
    }

    /// The kind.
    pub fn kind(&self) -> ActorKind {
        self.kind
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `{"type": …, "id": …}`, as events write it.
    pub fn to_value(&self) -> Value {
        object([("type", self.kind.as_str().into()), ("id", self.id.as_str().into())])
    }

    /// Reads `{"type": …, "id": …}`; `None` when a part is missing or not an actor.
    pub fn from_value(value: &Value) -> Option<Self> {
        let kind = ActorKind::parse(value.get("type")?.as_str()?)?;
        Self::new(kind, value.get("id")?.as_str()?).ok()
    }
}

impl fmt::Display for Actor {
    /// The id alone for people, `system:id` for machines, as timelines write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ActorKind::Human => f.write_str(&self.id),
            ActorKind::System => write!(f, "system:{}", self.id),
        }
    }
}
