//! Parts that pages share.

pub mod act;
pub mod checked;
pub mod checklist;
pub mod copy;
pub mod countdown;
pub mod crumbs;
#[cfg(feature = "ssr")]
pub mod decision_table;
pub mod dialog;
pub mod diff;
#[cfg(feature = "ssr")]
pub mod done;
#[cfg(feature = "ssr")]
pub mod door_problem;
pub mod draft;
pub mod empty;
pub mod error_summary;
pub mod exact;
pub mod face;
pub mod facts;
pub mod failure;
pub mod filter_form;
pub mod frame;
#[cfg(feature = "ssr")]
pub mod header;
pub mod icons;
pub mod link_state;
pub mod loaded;
#[cfg(feature = "ssr")]
pub mod loaded_once;
pub mod made;
pub mod notice;
pub mod page_title;
pub mod panel;
#[cfg(feature = "ssr")]
pub mod part;
pub mod policy_fields;
pub mod seats;
#[cfg(feature = "ssr")]
pub mod secret;
pub mod skeleton;
pub mod state_badge;
pub mod submit;
pub mod tabs;
#[cfg(feature = "ssr")]
pub mod takes;
pub mod text_area;
pub mod time;
pub(crate) mod typed;

#[cfg(all(test, feature = "ssr"))]
mod hostile_kit;
#[cfg(all(test, feature = "ssr"))]
mod hostile_made;
#[cfg(all(test, feature = "ssr"))]
mod hostile_text;
