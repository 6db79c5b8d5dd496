//! Server functions and what they say to pages. Each body takes the caller, calls `control` and maps the answer;
//! `control` authorizes, because these are public addresses.

pub mod account;
pub mod actions;
pub mod audit;
pub mod decision;
pub mod lists;
pub mod load;
pub mod me;
pub mod people;
pub mod requests;
pub mod templates;

#[cfg(feature = "ssr")]
mod decision_page;

use serde::{Deserialize, Serialize};

/// A person or machine, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Actor id, as events carry it.
    pub id: String,
    /// Name; the id where no name is known.
    pub name: String,
}
