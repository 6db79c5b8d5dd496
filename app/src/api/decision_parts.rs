//! A decision as its page gets it: what is only read, made; and the little that the page acts with.

use crate::components::made::Made;
use serde::{Deserialize, Serialize};

/// What of the page depends on its address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Events from here on came after the reader's last look.
    pub seen: Option<u32>,
    /// The place of the reader's own event that was recorded last.
    pub recorded: Option<u32>,
}

/// The page, in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionParts {
    /// Its id.
    pub id: String,
    /// Version of its stream, sent back with every action.
    pub version: u32,
    /// For whom it was made, by actor id; sent back, too.
    pub reader: String,
    /// State's word.
    pub state: String,
    /// The window's title.
    pub title: String,
    /// The notice of what was recorded.
    pub recorded: Made,
    /// The way to the list.
    pub crumbs: Made,
    /// The top.
    pub head: Made,
    /// The run, while it goes on.
    pub running: Option<Box<Running>>,
    /// The run as it ended, and what runs.
    pub first: Made,
    /// The forms; `None` once there is nothing to decide for anybody.
    pub forms: Option<Box<Forms>>,
    /// What stands under the forms.
    pub beside: Made,
    /// What came before, and the log.
    pub below: Made,
    /// The way to the forms on a narrow screen.
    pub bar: Made,
    /// Comment and expiry that the reader was typing when they had to sign in again.
    pub draft: Option<(String, String)>,
}

/// A form, as far as it depends on the decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Not here for this reader.
    #[default]
    Left,
    /// Not open, and why.
    Shut(String),
    /// Words in its place.
    Said(Made),
    /// Open; with what stands above its fields and below them.
    Open(Made, Made),
}

/// The forms of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forms {
    /// Approve.
    pub approve: Form,
    /// Reject.
    pub reject: Form,
    /// Take an approval back.
    pub revoke: Form,
    /// Run.
    pub execute: Form,
    /// Whether that is in earnest.
    pub real: bool,
    /// Withdraw a request.
    pub withdraw: Form,
}

/// A run that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Through what, by whom, since when.
    pub about: Made,
    /// Seconds that it has taken so far.
    pub seconds: i64,
    /// How to stop it.
    pub cancel: Form,
    /// How far it is.
    pub live: Live,
}

/// How far a run is, as it was last heard of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Seconds since it was last heard of.
    pub silent: i64,
    /// Steps that are done.
    pub steps: u32,
    /// What it is doing, in its own words; may be empty.
    pub doing: String,
    /// The end of its output.
    pub tail: String,
    /// Who wants it to stop, and since when, in words.
    pub wish: Option<(String, Made)>,
}
