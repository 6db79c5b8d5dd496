//! The rows of a group as columns, one array each, as UNNEST takes them.

use crate::change::{Change, ModelChange};
use crate::projection::DecisionProjection;
use crate::stream::Appended;
use governance::Timestamp;

/// Heads of streams.
#[derive(Default)]
pub struct Streams<'a> {
    pub workspace: Vec<&'a str>,
    pub decision: Vec<&'a str>,
    pub generation: Vec<i64>,
    pub version: Vec<i64>,
    pub origin: Vec<&'a str>,
}

/// Rows of the log.
#[derive(Default)]
pub struct Events<'a> {
    pub position: Vec<i64>,
    pub workspace: Vec<&'a str>,
    pub decision: Vec<&'a str>,
    pub generation: Vec<i64>,
    pub seq: Vec<i64>,
    pub type_name: Vec<&'a str>,
    pub ts: Vec<&'a str>,
    pub ts_us: Vec<i64>,
    pub actor_kind: Vec<&'a str>,
    pub actor_id: Vec<&'a str>,
    pub payload: Vec<&'a str>,
    pub digest: Vec<&'a str>,
    pub door: Vec<Option<&'a str>>,
}

/// New rows of decisions.
#[derive(Default)]
pub struct Decisions<'a> {
    pub workspace: Vec<&'a str>,
    pub decision: Vec<&'a str>,
    pub origin: Vec<&'a str>,
    pub phase: Vec<&'a str>,
    pub version: Vec<i64>,
    pub goal: Vec<&'a str>,
    pub mode: Vec<&'a str>,
    pub requester: Vec<&'a str>,
    pub template: Vec<Option<&'a str>>,
    pub labels: Vec<&'a str>,
    pub min_approvals: Vec<i64>,
    pub forbid_self_approval: Vec<bool>,
    pub approved_until_us: Vec<i64>,
    pub created_us: Vec<i64>,
    pub updated_us: Vec<i64>,
}

/// Rows of decisions that change in part.
#[derive(Default)]
pub struct Parts<'a> {
    pub workspace: Vec<&'a str>,
    pub decision: Vec<&'a str>,
    pub version: Vec<i64>,
    pub phase: Vec<Option<&'a str>>,
    pub approved_until_us: Vec<i64>,
    pub updated_us: Vec<i64>,
}

/// Approvals.
#[derive(Default)]
pub struct Approvals<'a> {
    pub workspace: Vec<&'a str>,
    pub decision: Vec<&'a str>,
    pub actor_id: Vec<&'a str>,
    pub granted_us: Vec<i64>,
    pub expires_us: Vec<i64>,
    pub revoked: Vec<bool>,
    pub fills_seat: Vec<bool>,
}

/// Labels, people, words or digests.
#[derive(Default)]
pub struct Keyed<'a> {
    pub workspace: Vec<&'a str>,
    pub value: Vec<&'a str>,
    pub created_us: Vec<i64>,
    pub decision: Vec<&'a str>,
}

/// Runs.
#[derive(Default)]
pub struct Runs<'a> {
    pub workspace: Vec<&'a str>,
    pub run_id: Vec<&'a str>,
    pub decision: Vec<&'a str>,
    pub adapter_id: Vec<&'a str>,
    pub status: Vec<&'a str>,
    pub started_us: Vec<i64>,
    pub finished_us: Vec<Option<i64>>,
    pub bundle: Vec<Option<&'a str>>,
}

/// Sums of days.
#[derive(Default)]
pub struct Sums<'a> {
    pub workspace: Vec<&'a str>,
    pub day: Vec<&'a str>,
    pub what: Vec<&'a str>,
    pub who: Vec<&'a str>,
    pub number: Vec<i64>,
}

/// Everything that a group writes.
#[derive(Default)]
pub struct Batch<'a> {
    pub streams: Streams<'a>,
    pub events: Events<'a>,
    pub decisions: Decisions<'a>,
    pub parts: Parts<'a>,
    pub approvals: Approvals<'a>,
    pub labels: Keyed<'a>,
    pub people: Keyed<'a>,
    pub words: Keyed<'a>,
    pub digests: Keyed<'a>,
    pub runs: Runs<'a>,
    pub figures: Sums<'a>,
}

impl<'a> Batch<'a> {
    /// Adds a change at this generation of its stream; its events follow `head`.
    pub fn add(&mut self, change: &'a Change, generation: i64, head: &mut i64) -> Appended {
        let (workspace, decision) = (change.workspace.as_str(), change.id.as_str());
        self.streams.workspace.push(workspace);
        self.streams.decision.push(decision);
        self.streams.generation.push(generation);
        self.streams.version.push(i64::from(change.version));
        self.streams.origin.push(change.origin);
        for event in &change.events {
            *head += 1;
            let rows = &mut self.events;
            rows.position.push(*head);
            rows.workspace.push(workspace);
            rows.decision.push(decision);
            rows.generation.push(generation);
            rows.seq.push(event.seq);
            rows.type_name.push(event.type_name);
            rows.ts.push(&event.ts);
            rows.ts_us.push(event.ts_us);
            rows.actor_kind.push(event.actor_kind);
            rows.actor_id.push(&event.actor_id);
            rows.payload.push(&event.payload);
            rows.digest.push(&event.digest);
            rows.door.push(event.door);
        }
        if let Some(run) = &change.run {
            let rows = &mut self.runs;
            rows.workspace.push(workspace);
            rows.run_id.push(run.run_id.as_str());
            rows.decision.push(run.decision_id.as_str());
            rows.adapter_id.push(&run.adapter_id);
            rows.status.push(&run.status);
            rows.started_us.push(run.started_at.micros());
            rows.finished_us.push(run.finished_at.map(Timestamp::micros));
            rows.bundle.push(run.bundle.as_deref());
        }
        self.add_model(change);
        Appended { version: change.version, position: *head }
    }

    /// Adds the rows of the read model alone.
    pub fn add_model(&mut self, change: &'a Change) {
        let (workspace, decision) = (change.workspace.as_str(), change.id.as_str());
        let created_us = change.model.created_us();
        match &change.model {
            ModelChange::Whole { rows, .. } => {
                self.decisions.add(workspace, decision, rows);
                self.labels.add(workspace, created_us, decision, rows.labels.iter());
                self.words.add(workspace, created_us, decision, rows.words.iter());
            }
            ModelChange::Part { phase, approved_until_us, updated_us, .. } => {
                self.parts.workspace.push(workspace);
                self.parts.decision.push(decision);
                self.parts.version.push(i64::from(change.version));
                self.parts.phase.push(*phase);
                self.parts.approved_until_us.push(*approved_until_us);
                self.parts.updated_us.push(*updated_us);
            }
        }
        for approval in change.model.approvals() {
            let rows = &mut self.approvals;
            rows.workspace.push(workspace);
            rows.decision.push(decision);
            rows.actor_id.push(&approval.actor_id);
            rows.granted_us.push(approval.granted_us);
            rows.expires_us.push(approval.expires_us);
            rows.revoked.push(approval.revoked);
            rows.fills_seat.push(approval.fills_seat);
        }
        self.people.add(workspace, created_us, decision, change.model.people().iter());
        for (key, number) in change.model.figures() {
            let rows = &mut self.figures;
            rows.workspace.push(workspace);
            rows.day.push(&key.day);
            rows.what.push(key.what);
            rows.who.push(&key.who);
            rows.number.push(*number);
        }
        self.digests.add(workspace, created_us, decision, change.model.digests().iter());
    }
}

impl<'a> Decisions<'a> {
    fn add(&mut self, workspace: &'a str, decision: &'a str, rows: &'a DecisionProjection) {
        self.workspace.push(workspace);
        self.decision.push(decision);
        self.origin.push(rows.origin);
        self.phase.push(rows.phase);
        self.version.push(rows.version);
        self.goal.push(&rows.goal);
        self.mode.push(rows.mode);
        self.requester.push(&rows.requester);
        self.template.push(rows.template.as_deref());
        self.labels.push(&rows.labels_json);
        self.min_approvals.push(rows.min_approvals);
        self.forbid_self_approval.push(rows.forbid_self_approval);
        self.approved_until_us.push(rows.approved_until_us);
        self.created_us.push(rows.created_us);
        self.updated_us.push(rows.updated_us);
    }
}

impl<'a> Keyed<'a> {
    fn add(
        &mut self,
        workspace: &'a str,
        created_us: i64,
        decision: &'a str,
        values: impl Iterator<Item = &'a String>,
    ) {
        for value in values {
            self.workspace.push(workspace);
            self.value.push(value);
            self.created_us.push(created_us);
            self.decision.push(decision);
        }
    }
}
