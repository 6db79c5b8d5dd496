//! What every engine promises, one named case each.

pub mod directory;
pub mod import;
pub mod inbox;
pub mod list;
pub mod log;
pub mod model;
pub mod records;
