//! The words of deciding several at once.

use crate::api::decide::{Outcome, Verdict};

/// Title of the page.
pub const TITLE: &str = "Decide several";
/// What it is.
pub const ABOUT: &str = "Nothing is ticked: read each to its end, and tick it there. Nothing is decided until you press one of the buttons at the end. Each decision is recorded by \
                         itself: where one of them is refused or has changed, the others still count.";
/// Where nothing was chosen: title, text and next step.
pub const NOTHING: (&str, &str, (&str, &str)) = (
    "Nothing is ticked.",
    "Tick what you want to decide together in the inbox; each is then shown here in full.",
    ("/", "Back to the inbox"),
);
/// Label of the comment.
pub const COMMENT: &str = "Comment, or why you reject";
/// What becomes of it.
pub const COMMENT_HINT: &str = "Recorded with each of them. Rejecting needs a reason; approving does not.";
/// That no person asked.
pub const BY_MACHINE: &str = "Written by an API key, not by a person.";
/// Where the gate asked for a real run.
pub const AT_THE_GATE: &str = "This runs where it was asked for (gate), not on this server.";
/// What a gate's approval does not reach.
pub const NOT_BOUND: &str =
    "Not bound: the environment that it runs in, and programs that are found by their name alone.";
/// What a box does.
pub const TAKE: &str = "Decide this one";
/// Why a box is not ticked although it was.
pub const CHANGED: &str = "It changed after you saw it. Look at it again, and tick it if you still mean it.";

/// How many there are; and how many were left out.
pub fn how_many(shown: usize, asked: usize) -> String {
    let left = asked.saturating_sub(shown);
    let those = if shown == 1 { "1 decision".to_owned() } else { format!("{shown} decisions") };
    if left == 0 {
        format!("{those}.")
    } else {
        format!("{those}; {left} more are left out, and keep waiting.")
    }
}

/// What keeps the form from being taken as it is: id of the field, and what to do.
pub fn problem(verdict: Verdict, ticked: usize, comment: &str) -> Option<(&'static str, String)> {
    if ticked == 0 {
        return Some(("items", "Tick at least one of them.".to_owned()));
    }
    let reason = verdict == Verdict::Approve || !comment.trim().is_empty();
    (!reason).then(|| ("comment", "Write why you reject: whoever asked will read it.".to_owned()))
}

/// What became of all of them, in a line.
pub fn summary(outcomes: &[Outcome], verdict: Verdict) -> String {
    let done = outcomes.iter().filter(|one| one.done.is_ok()).count();
    let verb = match verdict {
        Verdict::Approve => "approved",
        Verdict::Reject => "rejected",
    };
    match outcomes.len() - done {
        0 => format!("{done} {verb}"),
        failed => format!("{done} {verb}, {failed} not"),
    }
}

/// What an approval of the reader's would ask for.
pub fn step_up(minutes: u32) -> String {
    format!("Approving this takes a sign-in of the last {minutes} minutes, and yours is older.")
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Verdict, how_many, problem, summary};
    use crate::error::AppError;

    #[test]
    fn a_rejection_needs_a_reason_and_either_needs_a_tick() {
        for (verdict, ticked, comment, field) in [
            (Verdict::Approve, 0, "", Some("items")),
            (Verdict::Reject, 0, "no", Some("items")),
            (Verdict::Approve, 1, "", None),
            (Verdict::Reject, 1, " \n", Some("comment")),
            (Verdict::Reject, 1, "no", None),
        ] {
            assert_eq!(problem(verdict, ticked, comment).map(|(field, _)| field), field);
        }
    }

    #[test]
    fn the_summary_counts_what_was_and_what_was_not() {
        let one = |done| Outcome { id: "x".to_owned(), goal: String::new(), done };
        let yes = || one(Ok((1, String::new())));
        let no = || one(Err(AppError::Offline));
        assert_eq!(summary(&[yes(), yes()], Verdict::Approve), "2 approved");
        assert_eq!(summary(&[yes(), no()], Verdict::Reject), "1 rejected, 1 not");
        assert_eq!(how_many(25, 27), "25 decisions; 2 more are left out, and keep waiting.");
    }
}
