//! Decisions: the list with its filters, and one decision.

mod acts;
mod detail;
mod drafts;
mod form;
mod fresh;
mod list;
mod live;
mod places;
mod watch;
pub(crate) mod words;

// What is only read is made on the server.
#[cfg(feature = "ssr")]
mod approvals;
#[cfg(feature = "ssr")]
mod compare;
#[cfg(feature = "ssr")]
mod evidence;
#[cfg(feature = "ssr")]
pub(crate) mod found;
#[cfg(feature = "ssr")]
mod head;
#[cfg(feature = "ssr")]
mod missing;
#[cfg(feature = "ssr")]
mod parts;
#[cfg(feature = "ssr")]
mod recorded;
#[cfg(feature = "ssr")]
mod run;
#[cfg(feature = "ssr")]
mod start;
#[cfg(feature = "ssr")]
mod timeline;
#[cfg(feature = "ssr")]
pub(crate) mod what;

#[cfg(feature = "ssr")]
pub(crate) use parts::parts;
#[cfg(feature = "ssr")]
pub(crate) use run::wish;

pub use detail::DecisionDetail;
pub use list::DecisionsPage;

/// The page, for the test with hostile text.
#[cfg(all(test, feature = "ssr"))]
pub(crate) fn shown_for_test(page: &crate::api::decision::DecisionPage) -> leptos::prelude::AnyView {
    use crate::api::decision_parts::Look;
    detail::readable(&parts(page, Look { seen: None, recorded: Some(0) }))
}
