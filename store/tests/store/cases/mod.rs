//! What every engine promises, one named case each.

pub mod beside;
pub mod changes;
pub mod digests;
pub mod directory;
pub mod enact;
pub mod idempotency;
pub mod identity;
pub mod import;
pub mod inbox;
pub mod list;
pub mod live;
pub mod log;
pub mod merge;
pub mod model;
pub mod news;
pub mod outdated;
pub mod overview;
pub mod proofs;
pub mod records;
pub mod sessions;
pub mod voices;
