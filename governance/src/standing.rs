//! Who stands behind the actors of a decision at one moment, and whose voice counts then.
//!
//! The log names actors; a directory knows which of them are one person, and who has lost what an approver needs.
//! It refuses to guess: where a directory was asked, an actor that is not in it has no voice.

use crate::actor::Actor;
use crate::ids::PersonId;
use crate::json::{Value, object};
use std::collections::BTreeMap;
use std::fmt;

/// What somebody has lost without which their approval does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lost {
    /// The role to approve.
    Role,
    /// Everything, until they are restored.
    Suspended,
    /// Nobody here knows this actor.
    Unknown,
}

impl Lost {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role_lost",
            Self::Suspended => "suspended",
            Self::Unknown => "unknown",
        }
    }
}

/// One actor as the directory knows them at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The person behind the actor: of a key, its owner.
    pub person: PersonId,
    /// What they have lost, if anything.
    pub lost: Option<Lost>,
}

/// Who stands behind the actors of a decision at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// By actor id; `None` where no directory was asked.
    voices: Option<BTreeMap<String, Voice>>,
}

/// One human being as far as anybody can tell: a person of the directory, else the actor alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Being<'a> {
    Person(&'a PersonId),
    Actor(&'a str),
}

impl Standing {
    /// What the log alone can say: each actor is their own person, and every voice counts. For evidence, offline
    /// verification and read models.
    pub fn of_the_log() -> Self {
        Self { voices: None }
    }

    /// What a directory says, by actor id. It must know keys by their owner, and revoked keys and suspended
    /// people too: who is not in it is `Unknown`, and nobody's other self.
    pub fn new(voices: BTreeMap<String, Voice>) -> Self {
        Self { voices: Some(voices) }
    }

    /// Whether one human being stands behind both actors.
    pub fn same_person(&self, a: &Actor, b: &Actor) -> bool {
        self.being(a) == self.being(b)
    }

    /// What this actor has lost, so that their approval does not count.
    pub fn lost(&self, actor: &Actor) -> Option<Lost> {
        let voices = self.voices.as_ref()?;
        voices.get(actor.id()).map_or(Some(Lost::Unknown), |voice| voice.lost)
    }

    pub(crate) fn being<'a>(&'a self, actor: &'a Actor) -> Being<'a> {
        let voice = self.voices.as_ref().and_then(|voices| voices.get(actor.id()));
        voice.map_or(Being::Actor(actor.id()), |voice| Being::Person(&voice.person))
    }
}

/// Why an approval that the log would count does not count. Words are a stable API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Uncounted {
    /// Its actor has lost something.
    Lost(Lost),
    /// The same person gave another one that counts.
    SamePerson,
    /// The same person made the request.
    Requester,
}

impl Uncounted {
    const ALL: [Self; 5] = [
        Self::Lost(Lost::Role),
        Self::Lost(Lost::Suspended),
        Self::Lost(Lost::Unknown),
        Self::SamePerson,
        Self::Requester,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lost(lost) => lost.as_str(),
            Self::SamePerson => "same_person",
            Self::Requester => "requester",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

impl fmt::Display for Uncounted {
    /// What follows the name in a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost(Lost::Role) => "no longer has the approver role",
            Self::Lost(Lost::Suspended) => "is suspended",
            Self::Lost(Lost::Unknown) => "is not known here",
            Self::SamePerson => "is the same person as another approver",
            Self::Requester => "is the same person as the requester",
        })
    }
}

/// An active approval that did not count, and why, as logs and interfaces keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCounted {
    /// Whose.
    pub actor: String,
    /// Why.
    pub reason: Uncounted,
}

impl NotCounted {
    /// `{"actor": …, "reason": …}`
    pub fn to_value(&self) -> Value {
        object([("actor", self.actor.as_str().into()), ("reason", self.reason.as_str().into())])
    }

    /// Reads `{"actor": …, "reason": …}`; `None` when a part is missing or its word is unknown.
    pub fn from_value(value: &Value) -> Option<Self> {
        let reason = Uncounted::parse(value.get("reason")?.as_str()?)?;
        Some(Self { actor: value.get("actor")?.as_str()?.to_owned(), reason })
    }
}

impl fmt::Display for NotCounted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.actor, self.reason)
    }
}
