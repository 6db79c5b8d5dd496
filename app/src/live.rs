//! What the server tells a page that stays open. A page that hears nothing works as before.
//!
//! What is heard says how things are now, and is a hint to ask for the page again, never the page itself: every event
//! that was missed is made good by the next.

#[cfg(feature = "hydrate")]
mod stream;
pub mod words;

use leptos::prelude::*;

/// What a page wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// What waits for the reader.
    Inbox,
    /// One decision, by its id.
    Decision(String),
}

/// How the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// There is none: the page came from the server and is not alive.
    Off,
    /// Being made for the first time.
    Connecting,
    /// What is shown is as new as it gets.
    Live,
    /// Lost; it is being made again.
    Lost,
    /// The browser itself has no network.
    Offline,
}

impl Link {
    /// Whether what is shown may be old, and the reader should know.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Lost | Self::Offline)
    }
}

/// Why a connection is lost that the server could be reached for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The reader has too many pages open that are kept up to date. It is tried again after a while.
    Crowded,
    /// Signed out, or not to be seen any more. It is not tried again.
    Over,
}

/// The inbox changed, or this is how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxNews {
    /// How many wait for the reader.
    pub waiting: u32,
    /// How many of theirs are open.
    pub requested: u32,
    /// How many are open in all.
    pub open: u32,
    /// Another one whenever rows that the reader may see may have changed.
    pub mark: String,
}

/// A decision changed, or this is how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionNews {
    /// Its id.
    pub id: String,
    /// Version of its stream.
    pub version: u32,
    /// State's word.
    pub state: String,
    /// Names of others who have it open now, as they wrote them: to be shown like any text of people.
    pub here: Vec<String>,
}

/// What was heard.
#[derive(Clone, Copy)]
pub struct Live {
    /// The connection.
    pub link: RwSignal<Link>,
    /// Why it is lost, when the server said no.
    pub refused: RwSignal<Option<Refused>>,
    /// The last of the inbox.
    pub inbox: RwSignal<Option<InboxNews>>,
    /// The last of the decision.
    pub decision: RwSignal<Option<DecisionNews>>,
    /// When the server was last heard, microseconds.
    pub heard: RwSignal<Option<i64>>,
}

impl Live {
    /// What there is to say of the connection now; follows it.
    pub fn words(self) -> String {
        let refused = self.refused.try_get().flatten();
        words::shown(self.link(), refused, self.heard.try_get_untracked().flatten())
    }

    /// How the connection is now; follows it. Off, once the page was left.
    pub fn link(self) -> Link {
        self.link.try_get().unwrap_or(Link::Off)
    }
}

/// Listens for as long as the page stays: one stream for a page. Nothing on the server.
pub fn follow(topic: Signal<Topic>) -> Live {
    let live = Live {
        link: RwSignal::new(Link::Off),
        refused: RwSignal::new(None),
        inbox: RwSignal::new(None),
        decision: RwSignal::new(None),
        heard: RwSignal::new(None),
    };
    #[cfg(feature = "hydrate")]
    stream::begin(topic, live);
    #[cfg(not(feature = "hydrate"))]
    let _ = topic;
    live
}
