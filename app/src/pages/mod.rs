//! The pages, by area.

pub mod account;
pub mod audit;
pub mod decisions;
pub mod entry;
pub mod inbox;
pub mod people;
pub mod requests;
pub mod templates;
pub mod verify;
