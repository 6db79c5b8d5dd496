//! The use cases: authorize, load, decide, append. Every door (pages, REST, MCP, command line) calls these.
//!
//! No rule of a decision lives here (that is `governance`), and no SQL (that is `store`). What lives here is who
//! may do what, the order of the steps, and the outside world behind ports: routers, clock, randomness.

pub mod access;
pub mod approvals;
pub mod archive;
pub mod around;
pub mod caller;
pub mod cancel;
pub mod changes;
pub mod clock;
pub mod error;
pub mod evidence;
pub mod execute;
pub mod gate;
pub mod idempotency;
pub mod key;
pub mod keys;
pub mod live;
pub mod log;
pub mod news;
pub mod overview;
pub mod password;
pub mod people;
pub mod permission;
pub mod presence;
pub mod query;
pub mod quorum;
pub mod recover;
pub mod requests;
pub mod router;
pub mod routers;
pub mod search;
pub mod seats;
pub mod shared_look;
pub mod templates;
pub mod throttle;
pub mod tokens;
pub mod view;
pub mod wait;
pub mod workspaces;

mod commit;
mod outcome;
mod record;
mod standing;

pub use caller::{Caller, Credential, Door, Entrance};
pub use clock::{Clock, Entropy, SystemClock, SystemEntropy};
pub use error::Error;
pub use key::KeyScope;
pub use live::Live;
pub use permission::{Operation, Role, Scope};
pub use router::{AdapterInfo, Router, RunEvent, RunRecord, RunReport, RunRequest};
pub use routers::Routers;
pub use view::{Action, DecisionView, Permitted};

/// What lists are asked with and answer with, so that doors need not know the store.
pub mod lists {
    pub use store::RunWrite;
    pub use store::directory::{MembershipRecord, PersonRecord, WorkspaceRecord};
    pub use store::enact::LogPage;
    pub use store::identity::{IdentityRecord, InvitationRecord, KeyRecord};
    pub use store::live::{CancelWish, LiveRun};
    pub use store::query::{COUNT_CAP, Counts, DecisionFilter, DecisionRow, Page, PageRequest};
}

use governance::Timestamp;
use std::sync::{Arc, Mutex};
use store::Store;
use tokio_util::task::TaskTracker;

/// The use cases with the parts they stand on. Cheap to clone.
#[derive(Clone)]
pub struct Control {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) routers: Arc<Routers>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) throttle: Arc<throttle::Throttle>,
    pub(crate) seats: seats::Seats,
    pub(crate) page_seats: seats::Seats,
    pub(crate) archive_seats: seats::Seats,
    pub(crate) archive_room: archive::Room,
    pub(crate) presence: presence::Presence,
    pub(crate) looks: shared_look::Looks,
    pub(crate) running: TaskTracker,
    pub(crate) changes: changes::Bell,
    /// Since when this server hears: silence from before is not counted.
    pub(crate) awake: Arc<Mutex<recover::Awake>>,
    pub(crate) local_accounts: bool,
}

impl Control {
    /// Puts the parts together.
    pub fn new(
        store: Arc<dyn Store>,
        routers: Routers,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let born = clock.now();
        Self {
            store,
            routers: Arc::new(routers),
            clock,
            entropy,
            throttle: Arc::new(throttle::Throttle::default()),
            seats: seats::Seats::default(),
            page_seats: seats::Seats::default(),
            archive_seats: seats::Seats::default(),
            archive_room: archive::Room::default(),
            presence: presence::Presence::default(),
            looks: shared_look::Looks::default(),
            running: TaskTracker::new(),
            changes: changes::Bell::default(),
            awake: Arc::new(Mutex::new(recover::Awake { since: born, looked: born })),
            local_accounts: true,
        }
    }

    /// The same without sign-in by password where that is switched off. Sessions that exist stay.
    #[must_use]
    pub fn with_local_accounts(mut self, on: bool) -> Self {
        self.local_accounts = on;
        self
    }

    /// Whether people may sign in with a password.
    pub fn local_accounts(&self) -> bool {
        self.local_accounts
    }

    /// Now, as every rule of this moment sees it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The store, for what is no use case: sessions, health, maintenance.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Asks every router again what it offers. The words say who did not answer.
    pub async fn refresh_routers(&self) -> Vec<String> {
        self.routers.refresh().await
    }

    /// Waits until every run that has begun has its result recorded. New runs are no longer waited for.
    pub async fn finish_running(&self) {
        self.running.close();
        self.running.wait().await;
    }
}
