//! Parts that pages share.

pub mod act;
pub mod decision_table;
pub mod exact;
pub mod failure;
pub mod frame;
pub mod loaded;
pub mod page_title;
pub mod policy_fields;
pub mod state_badge;
pub mod text_area;
pub mod time;
pub(crate) mod typed;

#[cfg(all(test, feature = "ssr"))]
mod hostile_text;
