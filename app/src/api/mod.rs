//! Server functions and what they say to pages. Each body takes the caller, calls `control` and maps the answer;
//! `control` authorizes, because these are public addresses.

pub mod actions;
pub mod decision_parts;
pub mod lists;
pub mod load;
#[cfg(feature = "ssr")]
pub mod me;
pub mod requests;
pub mod templates;

#[cfg(feature = "ssr")]
pub mod decision;
#[cfg(feature = "ssr")]
mod decision_page;
#[cfg(feature = "ssr")]
mod decision_words;
#[cfg(feature = "ssr")]
mod form_check;
#[cfg(feature = "ssr")]
mod gate_plan;
#[cfg(feature = "ssr")]
mod line_diff;
#[cfg(feature = "ssr")]
pub mod run;
#[cfg(feature = "ssr")]
mod run_page;

// What plain pages send: the browser's half never calls it.
#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod decide;
#[cfg(feature = "ssr")]
pub mod invitations;
#[cfg(feature = "ssr")]
pub mod keys;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod search;
#[cfg(feature = "ssr")]
pub mod second_factor;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod settings;
#[cfg(feature = "ssr")]
pub mod tokens;
#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
pub mod ways;

use serde::{Deserialize, Serialize};

/// A person or machine, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Actor id, as events carry it.
    pub id: String,
    /// Name; the id where no name is known.
    pub name: String,
}
