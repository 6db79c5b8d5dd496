//! The log of a workspace: administrative acts as facts, chained so that a missing, moved or edited one shows.
//!
//! Decisions have logs of their own; here stands who changed people, roles, keys, providers and settings. Nothing
//! here decides whether somebody may: what arrives was done already.

mod act;
mod entry;
mod export;
mod verify;

pub use act::{Act, ActKind};
pub use entry::{Door, Entry, EntryError, NewEntry};
pub use export::{FORMAT, VERSION, export};
pub use verify::verify_log;
