//! From `control`'s view of a decision to the page's: names, words and the end of a run's output.

use super::Who;
use super::decision::{Action, ActionKind, Adapter, Approval, Blocked, DecisionPage, Line, Run, TemplateUse};
use crate::api::lists::server::who;
use crate::error::AppError;
use crate::words;
use control::DecisionView;
use governance::{Actor, DecisionId, Mode, Origin, Standing, Timestamp, Value, canonical, json};
use std::collections::BTreeMap;

/// Most characters of a run's output on the page; the download has it all.
const OUTPUT_TAIL: usize = 8_000;

/// Reads an id from an address. What is no id is not found.
pub(crate) fn id(text: &str) -> Result<DecisionId, AppError> {
    DecisionId::new(text).map_err(|_| AppError::NotFound { what: "decision".to_owned() })
}

pub(crate) fn page(view: DecisionView, now: Timestamp) -> DecisionPage {
    let decision = &view.decision;
    let policy = decision.policy.as_ref();
    let named = |actor: &Actor| who(actor.id().to_owned(), &view.names);
    DecisionPage {
        id: decision.id.as_str().to_owned(),
        version: decision.version(),
        goal: decision.goal.clone().unwrap_or_default(),
        plan: decision.plan.clone(),
        mode: decision.mode.map(Mode::as_str).unwrap_or_default().to_owned(),
        state: view.lifecycle.state.as_str().to_owned(),
        imported: decision.origin == Origin::Imported,
        labels: decision.labels.clone(),
        requester: decision.requester.as_ref().map_or_else(|| who("unknown".to_owned(), &view.names), named),
        created_at: decision.created_at().map(Timestamp::micros).unwrap_or_default(),
        policy: policy.map(words::policy).unwrap_or_default(),
        template: decision.template.as_ref().map(|template| TemplateUse {
            name: template.name.clone(),
            digest: template.digest.clone(),
            overrides: overrides(&template.overrides),
        }),
        request_digest: view.request_digest.clone(),
        given: view.lifecycle.progress.approvals_current,
        needed: view.lifecycle.progress.approvals_required,
        approvals: decision
            .approvals
            .values()
            .map(|approval| line_of(&view, approval, now, named(&approval.actor)))
            .collect(),
        blocked: view
            .lifecycle
            .blocking_reasons
            .iter()
            .map(|reason| {
                let (what, todo) = words::blocking(reason, policy, &view.names);
                Blocked { code: reason.code.as_str().to_owned(), what, todo }
            })
            .collect(),
        actions: view
            .actions
            .iter()
            .map(|one| Action { kind: kind(one.action), reason: one.reason.clone() })
            .collect(),
        step_up: view.step_up,
        draft: view.draft.as_ref().map(|draft| (draft.comment.clone(), minute(&draft.expires_at))),
        adapters: view.adapters.iter().map(|adapter| adapter_of(decision, adapter)).collect(),
        run: run(&view),
        timeline: timeline(&view),
    }
}

fn kind(action: control::Action) -> ActionKind {
    match action {
        control::Action::Approve => ActionKind::Approve,
        control::Action::Revoke => ActionKind::Revoke,
        control::Action::Reject => ActionKind::Reject,
        control::Action::Withdraw => ActionKind::Withdraw,
        control::Action::Execute => ActionKind::Execute,
        control::Action::Export => ActionKind::Export,
    }
}

fn overrides(value: &Value) -> Vec<(String, String)> {
    let Some(members) = value.as_object() else { return Vec::new() };
    members.iter().map(|(name, value)| (name.replace('_', " "), canonical::to_string(value))).collect()
}

fn line_of(
    view: &DecisionView,
    approval: &governance::decision::Approval,
    now: Timestamp,
    who: Who,
) -> Approval {
    let not_counted = view.not_counted.iter().find(|one| one.actor == approval.actor.id());
    let (status, why) = if approval.revoked.is_some() {
        ("revoked", String::new())
    } else if approval.has_expired(now) {
        ("expired", String::new())
    } else if let Some(not) = not_counted {
        ("ignored", format!("{} {}.", who.name, not.reason))
    } else if view.decision.counts(approval, now, &Standing::of_the_log()) {
        ("counts", String::new())
    } else {
        ("ignored", "An approval like this fills no seat under the policy.".to_owned())
    };
    Approval {
        who,
        status: status.to_owned(),
        why,
        granted_at: approval.granted_at.micros(),
        expires_at: approval.expires_at.map(Timestamp::micros),
        comment: approval.comment.clone(),
        revoke_reason: approval.revoked.as_ref().and_then(|revoked| revoked.reason.clone()),
    }
}

/// A moment as a field for date and time takes it, to the minute before; empty for what is none.
fn minute(text: &str) -> String {
    let at = Timestamp::parse(text).map(|at| Timestamp::from_micros(at.micros()).to_string());
    at.ok().and_then(|at| at.get(..16).map(str::to_owned)).unwrap_or_default()
}

fn adapter_of(decision: &governance::Decision, adapter: &control::AdapterInfo) -> Adapter {
    let dry_run = decision.mode != Some(Mode::Apply);
    let request = decision.router_request(&adapter.id, dry_run);
    Adapter {
        id: adapter.id.clone(),
        description: adapter.description.clone(),
        command: adapter.command.clone(),
        request: request.as_ref().map(canonical::to_string).unwrap_or_default(),
    }
}

fn run(view: &DecisionView) -> Option<Run> {
    let execution = view.decision.latest_execution()?;
    let record = view.run.as_ref();
    let bundle = record.and_then(|run| run.bundle.as_deref()).and_then(|text| json::parse(text).ok());
    let events =
        bundle.as_ref().and_then(|bundle| bundle.get("events")).and_then(Value::as_array).unwrap_or_default();
    let status = match (&execution.error, execution.completed_at) {
        (Some((code, _)), _) if code == governance::decide::OUTCOME_UNKNOWN => "unknown",
        (Some(_), _) => "failed",
        (None, Some(_)) => "completed",
        (None, None) => "running",
    };
    Some(Run {
        status: status.to_owned(),
        run_id: execution
            .run_id
            .clone()
            .or_else(|| record.map(|run| run.run_id.as_str().to_owned()))
            .unwrap_or_default(),
        adapter: execution.adapter_id.clone(),
        started_at: execution.started_at.map(Timestamp::micros),
        finished_at: execution.completed_at.map(Timestamp::micros),
        steps: execution.steps_executed,
        exit_status: events.iter().rev().find_map(|event| {
            let payload = event.get("payload")?;
            ["exit_status", "exit_code"].iter().find_map(|name| payload.get(name).and_then(Value::as_i64))
        }),
        error: execution.error.clone(),
        output: output(events),
        request_digest: execution.request_digest.clone(),
        response_digest: execution.response_digest.clone(),
    })
}

/// What the run printed, as its record has it: the end.
fn output(events: &[Value]) -> String {
    let mut printed = String::new();
    for payload in events.iter().filter_map(|event| event.get("payload")) {
        for name in ["output", "stdout", "stderr"] {
            if let Some(text) = payload.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()) {
                printed.push_str(text.trim_end());
                printed.push('\n');
            }
        }
    }
    let length = printed.chars().count();
    printed.chars().skip(length.saturating_sub(OUTPUT_TAIL)).collect()
}

fn timeline(view: &DecisionView) -> Vec<Line> {
    let digests: BTreeMap<u32, &str> =
        view.decision.events.iter().map(|event| (event.seq, event.digest.as_str())).collect();
    let line = |entry: &governance::timeline::TimelineEntry| Line {
        seq: entry.seq,
        computed: entry.actor.is_none(),
        category: entry.category.to_owned(),
        summary: entry.summary.clone(),
        actor: entry.actor.clone().map(|actor| who(actor, &view.names)),
        at: entry.ts.micros(),
        digest: match entry.actor {
            Some(_) => digests.get(&entry.seq).copied().unwrap_or_default().to_owned(),
            None => String::new(),
        },
    };
    view.lifecycle.timeline.iter().map(line).collect()
}
