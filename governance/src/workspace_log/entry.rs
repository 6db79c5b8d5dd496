//! One entry: an act with who, when and from where, its digest, and the link that chains it to the one before.

use super::act::{Act, ActKind};
use crate::actor::Actor;
use crate::digest;
use crate::event::event_digest;
use crate::json::{Value, object};
use crate::time::Timestamp;
use std::fmt;

/// The door that an act came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Door {
    /// The pages.
    Web,
    /// The interface for programs.
    Api,
    /// The command line.
    Cli,
    /// A sign-in elsewhere.
    Sso,
    /// The server by itself.
    Server,
}

impl Door {
    /// The word in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Api => "api",
            Self::Cli => "cli",
            Self::Sso => "sso",
            Self::Server => "server",
        }
    }
}

/// An act that was done and is not yet in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// When.
    pub ts: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Through which door.
    pub door: Door,
    /// From which network address; empty where there is none.
    pub address: String,
    /// What.
    pub act: Act,
}

/// An act in the log. Words are kept as they were written, because digests are taken over them.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Place in the workspace's log, from 0, without gaps.
    pub seq: u32,
    /// When, in UTC.
    pub ts: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Through which door, as written.
    pub door: String,
    /// From which network address; empty where there is none.
    pub address: String,
    /// The kind, as written.
    pub kind: String,
    /// `{"about", "before", "after"}`
    pub payload: Value,
    /// Digest of kind and payload, bare hexadecimal.
    pub digest: String,
    /// Digest of everything else and of the chain before it, bare hexadecimal.
    pub chain: String,
}

/// Why a stored entry cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryError {
    /// The stored digest is not that of kind and payload.
    Digest,
    /// The stored link is not that of the entry and the one before it.
    Chain,
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digest => "the entry's digest does not match its kind and payload",
            Self::Chain => "the entry does not follow the one before it",
        })
    }
}

impl std::error::Error for EntryError {}

impl Entry {
    /// Gives an act its place. `previous_chain` is that of the entry before, `None` for the first.
    pub fn record(new: NewEntry, seq: u32, previous_chain: Option<&str>) -> Self {
        let payload = new.act.payload();
        let digest = event_digest(new.act.kind.as_str(), &payload);
        let mut entry = Self {
            seq,
            // One way to write a moment, so that stores that keep microseconds give the same bytes back.
            ts: Timestamp::from_micros(new.ts.micros()),
            actor: new.actor,
            door: new.door.as_str().to_owned(),
            address: new.address,
            kind: new.act.kind.as_str().to_owned(),
            payload,
            digest,
            chain: String::new(),
        };
        entry.chain = entry.link(previous_chain);
        entry
    }

    /// Checks what a store gave back: kind and payload against the digest. Whether it follows the entry before it
    /// is for [`Entry::follows`], since one row alone cannot say.
    pub fn restore(parts: Self) -> Result<Self, EntryError> {
        if event_digest(&parts.kind, &parts.payload) == parts.digest {
            Ok(parts)
        } else {
            Err(EntryError::Digest)
        }
    }

    /// Checks that this entry is the next one after `previous`, or the first of the log.
    pub fn follows(&self, previous: Option<&Self>) -> Result<(), EntryError> {
        let place = previous.map_or(Some(0), |before| before.seq.checked_add(1));
        if place == Some(self.seq) && self.link(previous.map(|before| before.chain.as_str())) == self.chain {
            Ok(())
        } else {
            Err(EntryError::Chain)
        }
    }

    /// The kind, where it is one of ours.
    pub fn act_kind(&self) -> Option<ActKind> {
        ActKind::parse(&self.kind)
    }

    /// To whom or what it was done.
    pub fn about(&self) -> &str {
        self.payload.get("about").and_then(Value::as_str).unwrap_or_default()
    }

    /// What was changed, as it stood before.
    pub fn before(&self) -> &Value {
        self.payload.get("before").unwrap_or(&Value::Null)
    }

    /// The same afterwards.
    pub fn after(&self) -> &Value {
        self.payload.get("after").unwrap_or(&Value::Null)
    }

    /// As exports write it.
    pub fn to_value(&self) -> Value {
        object([
            ("seq", self.seq.into()),
            ("ts", self.ts.to_string().into()),
            ("actor", self.actor.to_value()),
            ("door", self.door.as_str().into()),
            ("address", self.address.as_str().into()),
            ("type", self.kind.as_str().into()),
            ("payload", self.payload.clone()),
            ("digest", self.digest.as_str().into()),
            ("chain", self.chain.as_str().into()),
        ])
    }

    fn link(&self, previous_chain: Option<&str>) -> String {
        link_of(&self.to_value(), previous_chain.unwrap_or_default())
    }
}

/// The link of an exported entry after this chain, whatever the entry states: SHA-256 over canonical
/// `{previous, seq, ts, actor, door, address, digest}`.
pub(super) fn link_of(entry: &Value, previous: &str) -> String {
    let part = |name: &str| entry.get(name).cloned().unwrap_or(Value::Null);
    digest::of_value(&object([
        ("previous", previous.into()),
        ("seq", part("seq")),
        ("ts", part("ts")),
        ("actor", part("actor")),
        ("door", part("door")),
        ("address", part("address")),
        ("digest", part("digest")),
    ]))
}
