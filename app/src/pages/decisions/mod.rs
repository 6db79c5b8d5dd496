//! Decisions: the list with its filters, and one decision.

mod acts;
mod approvals;
mod detail;
mod list;
mod run;
mod timeline;

pub use detail::DecisionDetail;
pub use list::DecisionsPage;

/// The parts of the page that show anybody's text, without the forms, for the test with hostile text.
#[cfg(test)]
pub(crate) fn shown_for_test(page: &crate::api::decision::DecisionPage) -> leptos::prelude::AnyView {
    detail::readable(page, None)
}
