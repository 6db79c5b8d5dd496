//! From `control`'s view of a decision to the page's: names and words.

use super::Who;
use super::decision::{Action, ActionKind, Adapter, Approval, Blocked, DecisionPage, Line, TemplateUse};
use super::decision_parts::{DecisionParts, Look};
use super::{decision_words, gate_plan, run_page};
use crate::api::lists::server::who;
use crate::error::AppError;
use crate::pages::decisions::{parts, words as news};
use crate::text::shortened;
use crate::words;
use control::around::asked_by_a_machine;
use control::routers::gate::ADAPTER_ID as GATE;
use control::view::Around;
use control::{Caller, Control, DecisionView};
use governance::{Actor, ActorKind, DecisionId, Event, Mode, Origin, Standing, Timestamp, canonical};
use std::collections::BTreeMap;

/// Reads an id from an address. What is no id is not found.
pub(crate) fn id(text: &str) -> Result<DecisionId, AppError> {
    DecisionId::new(text).map_err(|_| AppError::NotFound { what: "decision".to_owned() })
}

/// The page of one decision for this reader, with everything around it.
pub(crate) async fn told(
    control: &Control,
    caller: &Caller,
    text: &str,
    look: Look,
) -> Result<DecisionParts, AppError> {
    let mut page = read(control, caller, text).await?;
    if page.reason(ActionKind::Approve).is_some() {
        // In the inbox's own order, so that a reader goes through it row by row.
        let next = control.next_waiting(caller, &id(text)?).await?;
        page.next = next.map(|row| (row.id.as_str().to_owned(), shortened(&row.goal, 80)));
    }
    Ok(DecisionParts { reader: caller.actor.id().to_owned(), ..parts(&page, look) })
}

/// What came to a decision since a version of it.
pub(crate) async fn since(
    control: &Control,
    caller: &Caller,
    text: &str,
    seen: u32,
) -> Result<Vec<String>, AppError> {
    let page = read(control, caller, text).await?;
    Ok(news::since(&page, seen, control.now().micros()))
}

async fn read(control: &Control, caller: &Caller, text: &str) -> Result<DecisionPage, AppError> {
    let view = control.decision(caller, &id(text)?).await?;
    let around = control.around(caller, &view).await?;
    Ok(page(&view, &around, &caller.actor_ids, control.now()))
}

fn page(view: &DecisionView, around: &Around, reader: &[String], now: Timestamp) -> DecisionPage {
    let mut page = bare(view, around, reader, now);
    page.rule = decision_words::rule(&page);
    page.checks = decision_words::checks(view, around, &page);
    page
}

fn bare(view: &DecisionView, around: &Around, reader: &[String], now: Timestamp) -> DecisionPage {
    let decision = &view.decision;
    let policy = decision.policy.as_ref();
    let gate = decision.plan.as_deref().and_then(|plan| gate_plan::read(plan, decision.id.as_str()));
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
        machine: asked_by_a_machine(decision),
        created_at: decision.created_at().map(Timestamp::micros).unwrap_or_default(),
        lapses_at: lapses_at(view, now),
        rule: String::new(),
        policy: policy.map(words::policy).unwrap_or_default(),
        template: decision.template.as_ref().map(|template| TemplateUse {
            name: template.name.clone(),
            digest: template.digest.clone(),
            terms: decision_words::terms(&template.snapshot, &template.overrides),
        }),
        request_digest: view.request_digest.clone(),
        given: view.lifecycle.progress.approvals_current,
        needed: view.lifecycle.progress.approvals_required,
        approvals: decision
            .approvals
            .values()
            .map(|approval| line_of(view, approval, now, named(&approval.actor)))
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
        checks: Vec::new(),
        earlier: (decision.origin == Origin::Native)
            .then(|| decision_words::earlier(decision, around.earlier.as_ref())),
        next: None,
        actions: view
            .actions
            .iter()
            .map(|one| Action { kind: kind(one.action), reason: one.reason.clone() })
            .collect(),
        step_up: view.step_up,
        draft: view.draft.as_ref().map(|draft| (draft.comment.clone(), minute(&draft.expires_at))),
        adapters: adapters(view, gate.is_some()),
        gate,
        run: run_page::run(view, now),
        timeline: timeline(view, around, reader),
    }
}

fn kind(action: control::Action) -> ActionKind {
    match action {
        control::Action::Approve => ActionKind::Approve,
        control::Action::Revoke => ActionKind::Revoke,
        control::Action::Reject => ActionKind::Reject,
        control::Action::Withdraw => ActionKind::Withdraw,
        control::Action::Execute => ActionKind::Execute,
        control::Action::Cancel => ActionKind::Cancel,
        control::Action::Export => ActionKind::Export,
    }
}

/// When the next of the approvals that count lapses.
fn lapses_at(view: &DecisionView, now: Timestamp) -> Option<i64> {
    let counts = |approval: &&governance::decision::Approval| {
        approval.revoked.is_none()
            && !approval.has_expired(now)
            && view.not_counted.iter().all(|not| not.actor != approval.actor.id())
    };
    let open = matches!(view.decision.phase, governance::Phase::Open);
    let approvals = view.decision.approvals.values().filter(|_| open).filter(counts);
    approvals.filter_map(|approval| approval.expires_at).map(Timestamp::micros).min()
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
        machine: approval.actor.kind() == ActorKind::System,
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

/// Everything that it may run through. The gate comes first where the gate asked; it is not started from here.
pub(crate) fn adapters(view: &DecisionView, gate: bool) -> Vec<Adapter> {
    let decision = &view.decision;
    let real = decision.mode == Some(Mode::Apply);
    let adapter = |id: &str, description: &str, command: &[String]| Adapter {
        id: id.to_owned(),
        description: description.to_owned(),
        command: command.to_vec(),
        request: decision.router_request(id, !real).as_ref().map(canonical::to_string).unwrap_or_default(),
    };
    let gate =
        (gate && real).then(|| adapter(GATE, "Runs where it was asked for, by `nexus-control gate`", &[]));
    let others = view.adapters.iter().map(|one| adapter(&one.id, &one.description, &one.command));
    gate.into_iter().chain(others).collect()
}

fn timeline(view: &DecisionView, around: &Around, reader: &[String]) -> Vec<Line> {
    let events: BTreeMap<u32, &Event> = view.decision.events.iter().map(|event| (event.seq, event)).collect();
    let line = |entry: &governance::timeline::TimelineEntry| {
        // A computed line stands beside an event and is none itself.
        let event = events.get(&entry.seq).filter(|_| entry.actor.is_some());
        let actor = event.map(|event| &event.actor);
        // What the server records by itself came through no door, though it may be written together with what did.
        let by_server = actor.is_some_and(|actor| *actor == Actor::control());
        let door = around.doors.get(&entry.seq).filter(|_| event.is_some() && !by_server);
        Line {
            seq: entry.seq,
            computed: event.is_none(),
            category: entry.category.to_owned(),
            summary: entry.summary.clone(),
            did: event.map(|event| decision_words::did(&event.body)).unwrap_or_default().to_owned(),
            said: event.and_then(|event| decision_words::said(event)),
            actor: actor.map(|actor| who(actor.id().to_owned(), &view.names)),
            machine: actor.is_some_and(|actor| actor.kind() == ActorKind::System),
            mine: actor.is_some_and(|actor| reader.iter().any(|id| id == actor.id())),
            door: door.map(|word| decision_words::door(word)).unwrap_or_default().to_owned(),
            at: entry.ts.micros(),
            digest: event.map(|event| event.digest.clone()).unwrap_or_default(),
        }
    };
    view.lifecycle.timeline.iter().map(line).collect()
}
