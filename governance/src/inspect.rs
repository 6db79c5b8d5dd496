//! Inspection: one decision as structured sections and as text a person can read in a terminal. It reads the log
//! alone and asks no directory who has lost a role since.

use crate::decision::{Decision, Execution, State};
use crate::digest;
use crate::json::{Value, object};
use crate::lifecycle::{self, DEFAULT_TIMELINE_LIMIT};
use crate::standing::Standing;
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The status word of an inspection; it says `EXECUTED` where the state says completed.
pub fn status(state: State) -> String {
    match state {
        State::Completed => "EXECUTED".to_owned(),
        other => other.as_str().to_uppercase(),
    }
}

/// The sections `decision`, `approval`, `policy`, `template` and `execution`.
pub fn sections(decision: &Decision, now: Timestamp) -> Value {
    let last = decision.events.last().map(|event| event.ts.to_string());
    object([
        (
            "decision",
            object([
                ("decision_id", decision.id.as_str().into()),
                ("status", status(decision.state(now, &Standing::of_the_log())).into()),
                ("mode", decision.mode.map_or("dry_run", crate::Mode::as_str).into()),
                ("goal", decision.goal.clone().into()),
                ("created_at", decision.created_at().map(|at| at.to_string()).into()),
                ("last_event_at", last.into()),
            ]),
        ),
        ("approval", approval(decision, now)),
        ("policy", policy(decision)),
        ("template", template(decision)),
        ("execution", execution(decision)),
    ])
}

/// What a router would get, in short; `None` without a policy.
pub fn compiled_router_request(decision: &Decision) -> Option<Value> {
    let policy = decision.policy.as_ref()?;
    let adapter =
        decision.latest_execution().map_or("<not specified>", |execution| execution.adapter_id.as_str());
    let dry_run = decision.mode == Some(crate::Mode::DryRun);
    let digest = digest::of_value(&decision.router_request(adapter, dry_run)?);
    let short: String = digest.chars().take(12).collect();
    let capabilities = policy.require_adapter_capabilities();
    Some(object([
        ("digest", format!("sha256:{short}...").into()),
        ("adapter_id", adapter.into()),
        ("require_capabilities", if capabilities.is_empty() { Value::Null } else { capabilities.into() }),
        ("allow_apply", policy.allows_mode(crate::Mode::Apply).into()),
        ("max_steps", policy.max_steps().into()),
    ]))
}

fn approval(decision: &Decision, now: Timestamp) -> Value {
    let log = Standing::of_the_log();
    let required = decision.policy.as_ref().map_or(1, crate::Policy::min_approvals);
    let approved = decision.active_approvals(now, &log);
    let standing = decision.approvals.values().filter(|approval| approval.revoked.is_none());
    let approvers = standing
        .map(|approval| {
            object([
                ("actor", approval.actor.id().into()),
                ("actor_type", approval.actor.kind().as_str().into()),
                ("expires_at", approval.expires_at.map(|at| at.to_string()).into()),
                ("comment", approval.comment.clone().into()),
                ("ts", approval.granted_at.to_string().into()),
            ])
        })
        .collect();
    object([
        ("min_approvals", required.into()),
        ("approved_count", approved.into()),
        ("approvers", Value::Array(approvers)),
        ("missing", required.saturating_sub(approved).into()),
        ("is_approved", decision.is_approved(now, &log).into()),
    ])
}

fn policy(decision: &Decision) -> Value {
    let Some(policy) = &decision.policy else { return Value::Null };
    let modes = policy.allowed_modes().iter().map(|mode| Value::from(mode.as_str())).collect();
    let mut section = BTreeMap::from([
        ("allowed_modes".to_owned(), Value::Array(modes)),
        ("require_capabilities".to_owned(), policy.require_adapter_capabilities().into()),
        ("max_steps".to_owned(), policy.max_steps().into()),
        ("labels".to_owned(), policy.labels().into()),
    ]);
    if let Some(minutes) = policy.max_sign_in_age_minutes() {
        section.insert("max_sign_in_age_minutes".to_owned(), minutes.into());
    }
    Value::Object(section)
}

fn template(decision: &Decision) -> Value {
    let Some(template) = &decision.template else { return Value::Null };
    object([
        ("name", template.name.as_str().into()),
        ("digest", template.digest.as_str().into()),
        ("overrides_applied", template.overrides.clone()),
    ])
}

fn execution(decision: &Decision) -> Value {
    let Some(run) = decision.latest_execution() else {
        return object([
            ("requested", false.into()),
            ("run_id", Value::Null),
            ("adapter_id", Value::Null),
            ("router_request_digest", Value::Null),
            ("router_result_digest", Value::Null),
            ("outcome", Value::Null),
            ("last_error", Value::Null),
        ]);
    };
    let time = |at: Option<Timestamp>| Value::from(at.map(|at| at.to_string()));
    object([
        ("requested", true.into()),
        ("requested_at", run.requested_at.to_string().into()),
        ("started_at", time(run.started_at)),
        ("completed_at", time(run.completed_at)),
        ("run_id", run.run_id.clone().into()),
        ("adapter_id", run.adapter_id.as_str().into()),
        ("dry_run", run.dry_run.into()),
        ("steps_executed", run.steps_executed.into()),
        ("router_request_digest", run.request_digest.clone().into()),
        ("router_result_digest", run.response_digest.clone().into()),
        ("outcome", outcome(decision).into()),
        ("last_error", run.error.as_ref().map(|(_, message)| message.clone()).into()),
    ])
}

fn outcome(decision: &Decision) -> Option<&'static str> {
    match decision.phase {
        crate::Phase::Completed => Some("ok"),
        crate::Phase::Failed => Some("failed"),
        crate::Phase::Executing => Some("in_progress"),
        _ => None,
    }
}

/// The verdict: whether all is well, and a sentence.
pub fn verdict(decision: &Decision, now: Timestamp) -> (bool, String) {
    match decision.state(now, &Standing::of_the_log()) {
        State::Approved => (true, "Decision approved (ready to execute)".to_owned()),
        State::Executing => (true, "Execution in progress".to_owned()),
        State::Completed => (true, "Executed (router run completed)".to_owned()),
        _ => {
            let reasons = lifecycle::blocking_reasons(decision, now, &Standing::of_the_log());
            let texts: Vec<&str> = reasons.iter().map(|reason| reason.message.as_str()).collect();
            (false, format!("Decision not executable ({})", texts.join("; ")))
        }
    }
}

/// The inspection as text: verdict line, sections, blocking reasons, timeline.
pub fn render(decision: &Decision, now: Timestamp) -> String {
    let lifecycle = lifecycle::compute(decision, now, &Standing::of_the_log(), DEFAULT_TIMELINE_LIMIT);
    let (ok, verdict) = verdict(decision, now);
    let mut out = format!("{} {verdict}\n\n## Decision\n", if ok { "✓" } else { "✗" });
    let mut line = |name: &str, value: &str| {
        // INVARIANT: writing into a String cannot fail.
        let _ = writeln!(out, "  {:<14}{value}", format!("{name}:"));
    };
    line("Id", decision.id.as_str());
    line("Status", &status(lifecycle.state));
    line("Mode", decision.mode.map_or("dry_run", crate::Mode::as_str));
    line("Goal", decision.goal.as_deref().unwrap_or("—"));
    line("Created", &decision.created_at().map_or_else(|| "—".to_owned(), Timestamp::to_plain));
    line("Requested by", &decision.requester.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string));
    let progress = lifecycle.progress;
    line("Approvals", &format!("{} of {}", progress.approvals_current, progress.approvals_required));
    line("Ready", if progress.ready_to_execute { "yes" } else { "no" });
    if let Some(policy) = &decision.policy {
        let modes: Vec<&str> = policy.allowed_modes().iter().map(|mode| mode.as_str()).collect();
        line("Modes", &modes.join(", "));
        line("Capabilities", &dashed(policy.require_adapter_capabilities()));
        line("Max steps", &policy.max_steps().map_or_else(|| "—".to_owned(), |steps| steps.to_string()));
        line("Labels", &dashed(policy.labels()));
        if let Some(minutes) = policy.max_sign_in_age_minutes() {
            line("Sign-in", &format!("at most {minutes} min before an approval"));
        }
    }
    if let Some(template) = &decision.template {
        line("Template", &template.name);
    }
    if let Some(run) = decision.latest_execution() {
        execution_lines(&mut line, run, outcome(decision));
    }
    if !lifecycle.blocking_reasons.is_empty() {
        out.push_str("\n## Blocked\n");
        for reason in &lifecycle.blocking_reasons {
            let _ = writeln!(out, "  [{}] {}", reason.code.as_str(), reason.message);
        }
    }
    out.push_str("\n## Timeline\n");
    if lifecycle.timeline_truncated() {
        let left_out = lifecycle.timeline_total - lifecycle.timeline.len();
        let _ = writeln!(out, "  ({left_out} earlier lines left out)");
    }
    for entry in &lifecycle.timeline {
        let by = entry.actor.as_ref().map(|actor| format!(" by {actor}")).unwrap_or_default();
        let _ = writeln!(
            out,
            "  {:>3}  {}  [{}] {}{by}",
            entry.seq,
            entry.ts.to_plain(),
            entry.label,
            entry.summary
        );
    }
    out
}

fn execution_lines(line: &mut impl FnMut(&str, &str), run: &Execution, outcome: Option<&str>) {
    line("Adapter", &run.adapter_id);
    line("Run", run.run_id.as_deref().unwrap_or("—"));
    line("Outcome", outcome.unwrap_or("—"));
    if let Some((code, message)) = &run.error {
        line("Error", &format!("[{code}] {message}"));
    }
}

fn dashed(texts: &[String]) -> String {
    if texts.is_empty() { "—".to_owned() } else { texts.join(", ") }
}
