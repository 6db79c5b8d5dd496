//! The words of the inbox.

use crate::api::lists::InboxTab;
use crate::text::count;

/// The word of a tab.
pub fn tab(tab: InboxTab) -> &'static str {
    match tab {
        InboxTab::Mine => "Mine to decide",
        InboxTab::Requested => "Mine requested",
        InboxTab::Open => "All open",
        InboxTab::Decided => "Decided lately",
    }
}

/// What the list of a tab holds and in which order, for those who do not see it.
pub fn caption(tab: InboxTab) -> &'static str {
    match tab {
        InboxTab::Mine => "Decisions that wait for your approval, most urgent first",
        InboxTab::Requested => "Your open requests, newest first",
        InboxTab::Open => "All open decisions, newest first",
        InboxTab::Decided => "Decisions that ended in the last 14 days, newest end first",
    }
}

/// What stands where a tab has no rows: title, text, and the next step.
pub type Nothing = (&'static str, &'static str, Option<(&'static str, &'static str)>);

/// What to say where a tab has no rows. `any`: whether anything is open at all.
pub fn nothing(tab: InboxTab, approver: bool, requests: bool, any: bool) -> Nothing {
    let ask = requests.then_some(("/requests/new", "New request"));
    let open = any.then_some(("/?tab=open", "See all open decisions"));
    match tab {
        InboxTab::Mine if !approver => (
            "Approvals are not among your roles.",
            "An admin can give you the approver role.",
            Some(("/?tab=requested", "See your own requests")),
        ),
        InboxTab::Mine => (
            "Nothing waits for you.",
            "When somebody asks for something that you may approve, it appears here, the most urgent first.",
            open.or(ask),
        ),
        InboxTab::Requested => (
            "You have no open requests.",
            "What you ask for stands here until it has run, or was rejected or withdrawn.",
            ask.or(open),
        ),
        InboxTab::Open => (
            "Nothing is open.",
            "A decision begins with a request: what is to be done, and under which policy.",
            ask.or(Some(("/decisions", "See all decisions"))),
        ),
        InboxTab::Decided => (
            "Nothing ended in the last 14 days.",
            "What has run, was rejected or withdrawn stands here for 14 days, and among all decisions for good.",
            Some(("/decisions", "See all decisions")),
        ),
    }
}

/// Where the page that was asked for has no rows any more.
pub const PAGE_EMPTY: (&str, &str, &str) =
    ("There is nothing further.", "What stood here was decided meanwhile.", "Back to the first page");

/// The button under what can be ticked.
pub const TOGETHER: &str = "Decide the ticked ones together";
/// What it does.
pub const TOGETHER_HINT: &str = "Nothing is decided yet: the next page shows each of them in full.";

/// What changed since the list was made, and the word of the button that shows it.
pub fn news(tab: InboxTab, shown: u32, waiting: u32) -> (String, &'static str) {
    match waiting.checked_sub(shown) {
        Some(more) if more > 0 && tab == InboxTab::Mine => {
            (format!("{} new waiting", count(more)), "Show them")
        }
        _ => ("This list has changed".to_owned(), "Show it as it is now"),
    }
}

/// Why the first row is the first.
#[cfg(feature = "ssr")]
pub fn why_first(next_expiry: Option<governance::Timestamp>, real: bool) -> String {
    match (next_expiry, real) {
        (Some(at), _) => format!(
            "First because one of its approvals lapses soonest, at {}. Then it needs one more.",
            at.to_plain()
        ),
        (None, true) => "Real runs first, the oldest on top. No approval is about to lapse.".to_owned(),
        (None, false) => {
            "The oldest on top. No real run waits, and no approval is about to lapse.".to_owned()
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{InboxTab, news, nothing, why_first};
    use governance::Timestamp;

    #[test]
    fn the_first_says_why_it_is_the_first() {
        let at = Timestamp::parse("2026-11-21T14:02:09Z").unwrap();
        assert!(why_first(Some(at), false).contains("lapses soonest, at 2026-11-21 14:02:09"));
        assert!(why_first(None, true).contains("Real runs first"));
        assert!(why_first(None, false).contains("No real run waits"));
    }

    #[test]
    fn news_count_what_is_new_and_otherwise_only_say_so() {
        for (tab, shown, waiting, words) in [
            (InboxTab::Mine, 1, 3, "2 new waiting"),
            (InboxTab::Mine, 3, 3, "This list has changed"),
            (InboxTab::Mine, 3, 1, "This list has changed"),
            (InboxTab::Open, 1, 3, "This list has changed"),
        ] {
            assert_eq!(news(tab, shown, waiting).0, words);
        }
    }

    #[test]
    fn no_empty_list_is_a_dead_end() {
        for tab in InboxTab::ALL {
            for approver in [true, false] {
                let (title, text, step) = nothing(tab, approver, true, false);
                assert!(!title.is_empty() && !text.is_empty() && step.is_some(), "{tab:?}");
            }
        }
        assert_eq!(
            nothing(InboxTab::Mine, true, true, true).2,
            Some(("/?tab=open", "See all open decisions"))
        );
    }
}
