//! Asking.

use super::Outcome;
use crate::arguments::Request;
use crate::call::{Call, read};
use crate::outcome::{Answer, Requested};
use crate::refusal::Refusal;
use crate::render::Sheet;
use control::requests::RequestInput;
use governance::{Mode, Policy};
use rmcp::model::JsonObject;

/// `nexus-control.request`.
pub async fn request(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let mut wish: Request = read(arguments)?;
    let note = call.note(wish.actor.as_ref());
    let policy = wish.policy().into();
    let mode = wish.mode.map_or(Mode::DryRun, Into::into);
    let input = RequestInput { goal: wish.goal, plan: wish.plan, mode, template: wish.template_name, policy };
    let asked = call.control.request(&call.caller, input).await?;
    let url = call.page(&asked.id);
    let approvals_required = asked.policy.as_ref().map_or(1, Policy::min_approvals);
    let mut sheet = Sheet::default();
    sheet.line(&format!("✓ Requested. Approvals needed before it may run: {approvals_required}"));
    sheet.field("Id", asked.id.as_str());
    sheet.field("Mode", mode.as_str());
    sheet.field("Goal", asked.goal.as_deref().unwrap_or("—"));
    sheet.line("");
    sheet.line(&format!("Page for people: {url}"));
    sheet.line("Show the link to the people who should decide, then call nexus-control.wait with this id.");
    let state = asked.state(call.control.now(), &governance::Standing::of_the_log());
    let value = wire::Requested::of(&asked, state, &call.settings.public_url);
    let answer =
        Requested { request_id: asked.id.to_string(), value, approvals_required, note: note.clone() };
    Ok(Answer::new(&answer, sheet.finish())?.and(note).into())
}
