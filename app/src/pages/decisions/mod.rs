//! Decisions: the list with its filters, and one decision.

mod acts;
mod approvals;
mod compare;
mod detail;
mod drafts;
mod evidence;
mod fresh;
mod head;
mod list;
mod live;
mod missing;
mod recorded;
mod run;
mod start;
mod timeline;
mod watch;
mod what;
mod words;

pub use detail::DecisionDetail;
pub use list::DecisionsPage;

/// The parts of the page that show anybody's text, without the forms, for the test with hostile text.
#[cfg(test)]
pub(crate) fn shown_for_test(page: &crate::api::decision::DecisionPage) -> leptos::prelude::AnyView {
    use leptos::prelude::Signal;
    let watch = watch::Watch::new(Signal::stored(page.id.clone()), Signal::stored(true));
    watch.take(page);
    detail::readable(page, acts::Acts::new(), watch)
}
