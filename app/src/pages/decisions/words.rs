//! What the page of a decision says: its headings, buttons, hints and news. One voice, in one place.

use crate::text::visible;
#[cfg(feature = "ssr")]
pub(crate) use server::since;
#[cfg(feature = "ssr")]
pub(super) use server::{BY_MACHINE, NOTED, REPLACED, SAID_BY_MACHINE, step_up};

pub(super) const APPROVE: &str = "Approve";
pub(super) const REJECT: &str = "Reject";
pub(super) const STILL: &str =
    "It changed while you had it open. Look at what changed first; what you typed is kept.";
pub(super) const SHOW: &str = "Show it as it is now";
pub(super) const ENDS: &str = "The requester reads it. Rejecting ends the decision for good.";

/// Who else has it open: `Ana Lima is looking at this too.`
pub(super) fn here(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| visible(name)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("{one} is looking at this too."),
        [one, other] => format!("{one} and {other} are looking at this too."),
        [one, others @ ..] => format!("{one} and {} others are looking at this too.", others.len()),
    }
}

/// What only the server says.
#[cfg(feature = "ssr")]
mod server {
    use crate::api::decision::{DecisionPage, Line};
    use crate::text::visible;
    use crate::words::{relative, seats};

    pub(crate) const BY_MACHINE: &str = "Written by an API key, not by a person.";
    pub(crate) const SAID_BY_MACHINE: &str = "Said by an API key:";
    pub(crate) const NOTED: &str = "How something came (pages, API, MCP, command line) was noted by this server and is not covered by the digest. \
         Imported events have none.";

    pub(crate) const REPLACED: &str = "policy changed by the request";

    /// That the policy wants a fresh sign-in.
    pub(crate) fn step_up(minutes: u32) -> String {
        format!(
            "This policy asks for a sign-in within the last {minutes} min. You will be asked to sign in first, and come \
             back here with what you typed."
        )
    }

    /// What came since a version, from the page as it is now: `Ben Okafor approved 10 seconds ago: 2 of 2 approvals.`
    pub(crate) fn since(now: &DecisionPage, seen: u32, micros: i64) -> Vec<String> {
        let came = |line: &&Line| !line.computed && line.seq >= seen;
        let told: Vec<String> = now.timeline.iter().filter(came).map(|line| one(line, micros)).collect();
        let approvals = now.timeline.iter().filter(came).any(|line| line.category == "approval");
        match (told.split_last(), approvals) {
            (Some((last, before)), true) => {
                let last = format!("{last}: {}", seats(now.given, now.needed));
                before.iter().cloned().chain([last]).collect()
            }
            _ => told,
        }
    }

    fn one(line: &Line, micros: i64) -> String {
        let who = line.actor.as_ref().map(|who| visible(&who.name)).unwrap_or_default();
        format!("{who} {} {}", line.did, relative(micros, line.at))
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::here;

    #[test]
    fn others_who_look_are_named_up_to_two() {
        let said = |names: &[&str]| here(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(said(&[]), "");
        assert_eq!(said(&["Ana Lima"]), "Ana Lima is looking at this too.");
        assert_eq!(said(&["Ana", "B\u{202e}o"]), "Ana and B⟨U+202E⟩o are looking at this too.");
        assert_eq!(said(&["Ana", "Bo", "Cy"]), "Ana and 2 others are looking at this too.");
    }
}
