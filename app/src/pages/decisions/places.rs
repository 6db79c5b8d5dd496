//! Ids of places on the page of a decision that the focus goes to: the server writes them, the browser looks for them.

/// The part of the page that shows the run.
pub(super) const RUN: &str = "the-run";
/// The part that asks again before a run is cancelled.
pub(super) const CONFIRM: &str = "cancel-run";
/// What leads there, until somebody wishes it.
pub(super) const WISH: &str = "wish";
/// The output of the run.
pub(super) const TAIL: &str = "tail";
/// The notice of what was recorded.
#[cfg(feature = "ssr")]
pub(super) const RECORDED: &str = "recorded";
/// The link to what waits next.
pub(super) const NEXT: &str = "next-waiting";
