//! Parts that pages share.

pub mod act;
pub mod decision_table;
#[cfg(feature = "ssr")]
pub mod done;
pub mod door_problem;
pub mod exact;
pub mod failure;
pub mod frame;
pub mod loaded;
#[cfg(feature = "ssr")]
pub mod loaded_once;
pub mod page_title;
#[cfg(feature = "ssr")]
pub mod part;
pub mod policy_fields;
#[cfg(feature = "ssr")]
pub mod secret;
pub mod state_badge;
pub mod text_area;
pub mod time;
pub(crate) mod typed;

#[cfg(all(test, feature = "ssr"))]
mod hostile_text;
