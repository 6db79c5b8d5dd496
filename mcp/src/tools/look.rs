//! Looking: one decision, in short and in full, and lists.

use super::Outcome;
use crate::arguments::{List, One};
use crate::call::{Call, decision, read};
use crate::outcome::{Answer, Decision, LinkedRun, Requests, Status};
use crate::refusal::Refusal;
use crate::render;
use control::DecisionView;
use control::lists::{DecisionFilter, PageRequest};
use rmcp::model::JsonObject;
use wire::{BlockingReason, Progress, Summary};

/// Requests of a page unless asked for fewer or more.
const PAGE: u32 = 20;

/// `nexus-control.status`.
pub async fn status(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let id = decision(read::<One>(arguments)?.request_id)?;
    let view = call.control.decision(&call.caller, &id).await?;
    let text = render::status(&view, &call.page(&id));
    Ok(Answer::new(&short(call, &view), text)?.into())
}

/// `nexus-control.inspect`.
pub async fn inspect(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let id = decision(read::<One>(arguments)?.request_id)?;
    let view = call.control.decision(&call.caller, &id).await?;
    Ok(full(call, &view, None)?.into())
}

/// `nexus-control.list_requests`.
pub async fn list(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: List = read(arguments)?;
    let limit = page_size(wish.limit, PAGE)?;
    let filter = DecisionFilter {
        state: wish.state.map(Into::into),
        label: wish.label,
        text: wish.text,
        ..DecisionFilter::default()
    };
    let page = PageRequest { after: wish.after, limit, oldest_first: false };
    let found = call.control.list(&call.caller, filter, &page).await?;
    let mut sheet = render::Sheet::default();
    sheet.line(&format!("{} requests, newest first: id, state, mode, approvals, goal", found.rows.len()));
    for row in &found.rows {
        sheet.line(&render::row(row));
    }
    if let Some(next) = &found.next {
        sheet.line(&format!("More: call again with after = {next}"));
    }
    let requests = found.rows.iter().map(|row| Summary::of(row, &call.settings.public_url)).collect();
    Ok(Answer::new(&Requests { requests, next: found.next }, sheet.finish())?.into())
}

/// A page's size as it was asked for.
pub fn page_size(asked: Option<u32>, usual: u32) -> Result<u32, Refusal> {
    let size = asked.unwrap_or(usual);
    if (1..=200).contains(&size) { Ok(size) } else { Err(Refusal::invalid("limit", "`limit` is 1 to 200")) }
}

/// A decision in short.
pub fn short(call: &Call<'_>, view: &DecisionView) -> Status {
    let decision = &view.decision;
    let run = view.run.as_ref().map(|run| {
        let error = decision.latest_execution().and_then(|execution| execution.error.clone());
        let (error_code, error) = error.unzip();
        let (run_id, adapter_id) = (run.run_id.to_string(), run.adapter_id.clone());
        LinkedRun { run_id, adapter_id, status: run.status.clone(), error_code, error }
    });
    Status {
        request_id: decision.id.to_string(),
        version: decision.version(),
        url: call.page(&decision.id),
        mode: decision.mode.unwrap_or(governance::Mode::DryRun).into(),
        state: view.lifecycle.state.into(),
        blocking_reasons: view.lifecycle.blocking_reasons.iter().map(BlockingReason::from).collect(),
        progress: Progress::from(view.lifecycle.progress),
        run,
    }
}

/// A decision in full.
pub fn full(call: &Call<'_>, view: &DecisionView, note: Option<String>) -> Result<Answer, Refusal> {
    let url = call.page(&view.decision.id);
    let request_id = view.decision.id.to_string();
    let value = wire::Decision::of(view, &call.settings.public_url, call.control.now());
    let answer = Decision { request_id, value, note: note.clone() };
    Ok(Answer::new(&answer, render::inspect(view, &url))?.and(note))
}
