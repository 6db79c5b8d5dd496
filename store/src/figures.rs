//! What a decision adds to the sums of a day, for the overview. Pure, and part of the projection: the live append, the
//! import and the rebuild all use it. It refuses to count what was decided elsewhere: imported evidence is no work of
//! this workspace.

use governance::{Body, Decision, Event, Mode, Origin, Timestamp, timeline};
use std::collections::BTreeMap;

/// Decisions that were asked for.
pub const ASKED: &str = "asked";
/// Decisions that had enough approvals for the first time, or were rejected before; by the seconds that it took.
pub const DECIDED: &str = "decided";
/// Approvals that were given, by actor id; those that were taken back later among them.
pub const APPROVED: &str = "approved";
/// Rejections.
pub const REJECTED: &str = "rejected";
/// Runs that ended well, by mode.
pub const RAN: &str = "ran";
/// Runs that failed, or of which nobody knows, by mode.
pub const FAILED: &str = "failed";

/// One sum: on which day, of what, and of whom or of how much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureKey {
    /// Day in UTC, `2026-11-21`.
    pub day: String,
    /// One of the words above.
    pub what: &'static str,
    /// What the sum is told apart by; may be empty.
    pub who: String,
}

/// Sums by their keys.
pub type Figures = BTreeMap<FigureKey, i64>;

/// What the events from `seq` on add. What an event adds follows from it and those before it, as long as the request and
/// its policy stay: an append that changes them takes everything back first.
pub fn figures(decision: &Decision, seq: u32) -> Figures {
    let mut figures = Figures::new();
    if decision.origin != Origin::Native {
        return figures;
    }
    let mut add = |event: &Event, what, who: String| {
        *figures.entry(FigureKey { day: day_of(event.ts), what, who }).or_default() += 1;
    };
    let decided = decided_at(decision);
    let mode = || decision.mode.map_or("", Mode::as_str).to_owned();
    for event in decision.events.iter().filter(|event| event.seq >= seq) {
        match &event.body {
            Body::DecisionCreated { .. } => add(event, ASKED, String::new()),
            Body::ApprovalGranted { .. } => add(event, APPROVED, event.actor.id().to_owned()),
            Body::DecisionRejected { .. } => add(event, REJECTED, String::new()),
            Body::ExecutionCompleted { .. } => add(event, RAN, mode()),
            Body::ExecutionFailed { .. } => add(event, FAILED, mode()),
            _ => {}
        }
        if decided == Some(event.seq) {
            let begun = decision.created_at().unwrap_or(event.ts).micros();
            let seconds = event.ts.micros().saturating_sub(begun) / 1_000_000;
            add(event, DECIDED, step(seconds).to_string());
        }
    }
    figures
}

/// The event that decided: the one with which enough approvals stood for the first time, or the rejection.
fn decided_at(decision: &Decision) -> Option<u32> {
    let approved = timeline::threshold_event(decision).map(|(seq, _)| seq);
    let rejected = |event: &&Event| matches!(event.body, Body::DecisionRejected { .. });
    let rejected = decision.events.iter().find(rejected).map(|event| event.seq);
    approved.into_iter().chain(rejected).min()
}

/// The day of a moment, in UTC.
pub fn day_of(at: Timestamp) -> String {
    // The moment alone, without the offset that it was written with.
    let text = Timestamp::from_micros(at.micros()).to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

/// A length of time rounded up to a step, so that a day has few different ones: up to 31 seconds exactly, beyond that a
/// sixteenth too long at most. It never becomes shorter: "half were decided within" stays true.
pub fn step(seconds: i64) -> i64 {
    // Longer than any life of a server; the additions below stay far from the end of the numbers.
    let seconds = seconds.clamp(0, 1 << 40);
    if seconds < 32 {
        return seconds;
    }
    let shift = seconds.ilog2() - 4;
    let width = 1_i64 << shift;
    ((seconds + width - 1) >> shift) << shift
}

#[cfg(test)]
mod tests {
    use super::{day_of, step};
    use governance::Timestamp;

    #[test]
    fn a_step_is_never_shorter_and_a_sixteenth_longer_at_most() {
        for (seconds, expected) in
            [(-5, 0), (0, 0), (31, 31), (32, 32), (33, 34), (3_600, 3_712), (7_800, 7_936)]
        {
            assert_eq!(step(seconds), expected, "{seconds}");
        }
        let mut seconds = 1_i64;
        while seconds < 1 << 33 {
            let longer = step(seconds) - seconds;
            assert!(longer >= 0 && longer * 16 <= seconds, "{seconds}");
            seconds += seconds / 7 + 1;
        }
        assert!(step(i64::MAX) > 0);
    }

    #[test]
    fn a_day_ends_at_midnight_utc() {
        let of = |text: &str| day_of(Timestamp::parse(text).unwrap());
        assert_eq!(of("2026-11-21T23:59:59.999999+00:00"), "2026-11-21");
        assert_eq!(of("2026-11-22T00:59:59+01:00"), "2026-11-21");
        assert_eq!(of("2026-11-22T00:00:00+00:00"), "2026-11-22");
    }
}
