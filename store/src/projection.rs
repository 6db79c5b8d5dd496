//! From a decision to its rows in the read model. Pure: the live append, the import and the rebuild all use
//! this, so that they cannot disagree. It refuses to know the clock: what depends on it is kept as instants.

use crate::error::StoreError;
use crate::figures::{Figures, figures};
use governance::decision::Approval;
use governance::{
    Body, Decision, DecisionId, Event, Mode, Origin, Phase, Standing, State, Timestamp, digest,
};
use std::collections::BTreeSet;

/// Stands for "never" where an instant is stored.
pub const NEVER_US: i64 = i64::MAX;
/// Most words of a goal that are kept for searching.
pub const MAX_WORDS: usize = 64;
/// Longest word, in characters. Longer ones are cut, in goals and in questions alike.
pub const MAX_WORD_CHARS: usize = 64;
/// Longest text that stands in an index as it is, in bytes. Postgres refuses index rows beyond 2,704 bytes.
const MAX_KEY_BYTES: usize = 256;

/// One decision in the read model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionProjection {
    /// `native` or `imported`.
    pub origin: &'static str,
    /// What is true whatever the clock says.
    pub phase: &'static str,
    /// Events that this follows from.
    pub version: i64,
    /// Goal.
    pub goal: String,
    /// `dry_run`, `apply`, or empty.
    pub mode: &'static str,
    /// Actor id of the requester, or empty.
    pub requester: String,
    /// Template's name.
    pub template: Option<String>,
    /// Labels as given, as a JSON array.
    pub labels_json: String,
    /// Approvals needed.
    pub min_approvals: i64,
    /// Whether the requester's own approval is refused.
    pub forbid_self_approval: bool,
    /// 0 while too few approvals stand; else the moment when the last needed one lapses.
    pub approved_until_us: i64,
    /// Moment of the first event.
    pub created_us: i64,
    /// Moment of the last event.
    pub updated_us: i64,
    /// Labels to search by, each once.
    pub labels: BTreeSet<String>,
    /// Words of the goal.
    pub words: BTreeSet<String>,
    /// Who requested, approved, rejected or withdrew.
    pub people: BTreeSet<String>,
    /// Digests to find it by.
    pub digests: BTreeSet<String>,
    /// Approvals, the latest of each person.
    pub approvals: Vec<ApprovalProjection>,
    /// What it adds to the sums of days.
    pub figures: Figures,
}

/// One approval in the read model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalProjection {
    /// Who.
    pub actor_id: String,
    /// When.
    pub granted_us: i64,
    /// Until when it counts.
    pub expires_us: i64,
    /// Whether it was taken back.
    pub revoked: bool,
    /// Whether the policy lets this actor count.
    pub fills_seat: bool,
}

/// The rows that a decision has in the read model.
pub fn project(decision: &Decision) -> DecisionProjection {
    let policy = decision.policy.as_ref();
    let goal = plain(decision.goal.as_deref().unwrap_or_default());
    let labels: Vec<String> = decision.labels.iter().map(|label| plain(label)).collect();
    DecisionProjection {
        origin: origin_word(decision.origin),
        phase: decision.phase.as_str(),
        version: i64::from(decision.version()),
        words: words(&goal),
        goal,
        mode: decision.mode.map_or("", Mode::as_str),
        requester: decision.requester.as_ref().map(|by| by.id().to_owned()).unwrap_or_default(),
        template: decision.template.as_ref().map(|template| key(&template.name)),
        labels_json: texts_json(&labels),
        min_approvals: policy.map_or(1, |policy| i64::from(policy.min_approvals())),
        forbid_self_approval: policy.is_some_and(governance::Policy::forbid_self_approval),
        approved_until_us: approved_until_us(decision),
        created_us: decision.created_at().map_or(0, Timestamp::micros),
        updated_us: updated_us(decision),
        labels: labels.iter().map(|label| key(label)).collect(),
        people: people(&decision.events),
        digests: digests(&decision.id, &decision.events, 0),
        approvals: decision.approvals.values().map(|approval| project_approval(decision, approval)).collect(),
        figures: figures(decision, 0),
    }
}

/// The row of one approval.
pub fn project_approval(decision: &Decision, approval: &Approval) -> ApprovalProjection {
    ApprovalProjection {
        actor_id: approval.actor.id().to_owned(),
        granted_us: approval.granted_at.micros(),
        expires_us: approval.expires_at.map_or(NEVER_US, Timestamp::micros),
        revoked: approval.revoked.is_some(),
        fills_seat: decision.may_fill_a_seat(&approval.actor, &Standing::of_the_log()),
    }
}

/// 0 while too few approvals stand, [`NEVER_US`] when enough stand for good.
pub fn approved_until_us(decision: &Decision) -> i64 {
    decision.approved_until().map_or(0, |until| until.map_or(NEVER_US, Timestamp::micros))
}

/// Moment of the last event.
pub fn updated_us(decision: &Decision) -> i64 {
    decision.events.last().map_or(0, |event| event.ts.micros())
}

/// Who requested, approved, rejected or withdrew in these events. More events only ever add people.
pub fn people(events: &[Event]) -> BTreeSet<String> {
    let decided = |body: &Body| {
        matches!(
            body,
            Body::DecisionCreated { .. }
                | Body::ApprovalGranted { .. }
                | Body::DecisionRejected { .. }
                | Body::DecisionWithdrawn { .. }
        )
    };
    events.iter().filter(|event| decided(&event.body)).map(|event| event.actor.id().to_owned()).collect()
}

/// The digests that events from place `from` on add, for searching by digest: of the request that an approval binds to,
/// of the first event, of the template, and of the records of runs. More events only ever add digests.
///
/// Not of every event: an event's digest covers type and payload alone, so that thousands of approvals without a comment
/// share one. And digests come in no order: each is a row on a cold page of its index, while nearly all other rows
/// of an append go to the ends of theirs. These four are what people hold in their hands.
pub fn digests(id: &DecisionId, events: &[Event], from: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if from < 2 && events.len() >= 2 {
        found.insert(governance::decision::request_digest(id, events));
    }
    for (place, event) in events.iter().enumerate().skip(from) {
        if place == 0 {
            found.insert(event.digest.clone());
        }
        let named = match &event.body {
            Body::PolicyAttached { template: Some(template), .. } => &template.digest,
            Body::ExecutionCompleted { response_digest, .. } => response_digest,
            _ => continue,
        };
        // An imported log may name anything.
        found.extend(whole_digest(digest::bare(named)));
    }
    found
}

/// The text, when it is a whole digest; in small letters.
fn whole_digest(text: &str) -> Option<String> {
    let whole = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then(|| text.to_ascii_lowercase())
}

/// The words of a text: runs of letters and digits, case-folded, each once.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in text.split(|character: char| !character.is_alphanumeric()).filter(|token| !token.is_empty())
    {
        if found.len() >= MAX_WORDS {
            break;
        }
        found.insert(token.chars().flat_map(char::to_lowercase).take(MAX_WORD_CHARS).collect());
    }
    found
}

/// The text as both engines can hold it: Postgres knows no NUL in texts, so it becomes U+FFFD everywhere in the
/// read model. The log keeps it, escaped in the payload.
pub fn plain(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// The text as it stands in an index: [`plain`], and where it is very long its beginning and its digest.
pub fn key(text: &str) -> String {
    let text = plain(text);
    if text.len() <= MAX_KEY_BYTES {
        return text;
    }
    let mut end = MAX_KEY_BYTES - 80;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let beginning = text.get(..end).unwrap_or_default();
    format!("{beginning}… {}", digest::sha256_hex(text.as_bytes()))
}

/// The word for an origin in the tables.
pub fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Native => "native",
        Origin::Imported => "imported",
    }
}

/// Reads the word for an origin.
pub(crate) fn origin_of(word: &str, table: &'static str, key: &str) -> Result<Origin, StoreError> {
    match word {
        "native" => Ok(Origin::Native),
        "imported" => Ok(Origin::Imported),
        other => Err(corrupt(table, key, format!("unknown origin `{other}`"))),
    }
}

/// The state at a moment, from the phase and whether enough approvals count then.
pub(crate) fn state_of(phase: &str, approved: bool, key: &str) -> Result<State, StoreError> {
    Ok(match phase {
        "draft" => State::Draft,
        "open" if approved => State::Approved,
        "open" => State::PendingApproval,
        "executing" => State::Executing,
        "completed" => State::Completed,
        "failed" => State::Failed,
        "rejected" => State::Rejected,
        "withdrawn" => State::Withdrawn,
        other => return Err(corrupt("decisions", key, format!("unknown phase `{other}`"))),
    })
}

/// The phase that a state belongs to, as stored.
pub(crate) fn phase_word(state: State) -> &'static str {
    match state {
        State::Draft => Phase::Draft.as_str(),
        State::PendingApproval | State::Approved => Phase::Open.as_str(),
        State::Executing => Phase::Executing.as_str(),
        State::Completed => Phase::Completed.as_str(),
        State::Failed => Phase::Failed.as_str(),
        State::Rejected => "rejected",
        State::Withdrawn => "withdrawn",
    }
}

/// A row that makes no sense.
pub(crate) fn corrupt(table: &'static str, key: impl Into<String>, problem: impl Into<String>) -> StoreError {
    StoreError::Corrupt { table, key: key.into(), problem: problem.into() }
}

/// Texts as a JSON array.
pub(crate) fn texts_json(texts: &[String]) -> String {
    governance::canonical::to_string(&governance::Value::from(texts))
}

/// Reads what [`texts_json`] wrote.
pub(crate) fn texts_of(json: &str, table: &'static str, key: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|error| corrupt(table, key, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_cut_and_capped() {
        let found = words("Rotate the KEY, rotate-key: Schlüssel №7 ключ");
        let expected = ["7", "key", "rotate", "schlüssel", "the", "ключ"];
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
        assert_eq!(words(&"x".repeat(500)).first().unwrap().chars().count(), MAX_WORD_CHARS);
        let many: Vec<String> = (0..500).map(|number| number.to_string()).collect();
        assert_eq!(words(&many.join(" ")).len(), MAX_WORDS);
    }

    #[test]
    fn nul_becomes_a_replacement_character() {
        assert_eq!(plain("a\0b"), "a\u{FFFD}b");
    }

    #[test]
    fn long_keys_stay_short_and_distinct() {
        let (one, other) = ("ü".repeat(5_000) + "1", "ü".repeat(5_000) + "2");
        assert!(key(&one).len() <= MAX_KEY_BYTES);
        assert_ne!(key(&one), key(&other));
        assert_eq!(key("short"), "short");
    }
}
