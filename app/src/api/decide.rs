//! Deciding several at once: each is loaded, shown and decided by itself, through the same door of `control` as a single
//! one and with the version that was seen. What one of them answers changes nothing for the others.

use super::decision::{Adapter, GatePlan, TemplateUse};
use super::decision_page::{adapters, id as read_id};
use super::lists::server::who;
use super::{decision_words, gate_plan};
use crate::api::Who;
use crate::error::{AppError, STEP_UP_REQUIRED};
use crate::once::answer_with_page;
use crate::pages::decide;
use crate::ssr::{enter, enter_as, keep_typed};
use crate::text::lines;
use crate::words;
use control::around::asked_by_a_machine;
use control::{Action, Caller, Control, DecisionView};
use governance::{Actor, Decision, Mode};
use leptos::prelude::*;
use leptos::server_fn::codec::{StreamingText, TextStream};
use std::collections::BTreeSet;

/// Most decisions at once: as many as a page of the inbox holds.
pub const MOST: usize = 25;

/// Yes or no to all that are ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Approve,
    /// No.
    Reject,
}

/// One decision as it is shown before it is decided.
pub struct Item {
    /// What was asked for.
    pub id: String,
    /// What is there, or why nothing can be shown.
    pub found: Result<Shown, AppError>,
}

/// Everything that an approval binds to, and whether the reader may give one.
pub struct Shown {
    /// Version of its stream.
    pub version: u32,
    /// What an approval binds to.
    pub digest: String,
    /// Goal, whole.
    pub goal: String,
    /// Plan, whole.
    pub plan: Option<String>,
    /// The same, read, where the gate asked.
    pub gate: Option<GatePlan>,
    /// Mode's word.
    pub mode: String,
    /// State's word.
    pub state: String,
    /// Who asked.
    pub requester: Who,
    /// Whether a machine asked: a key, and no person.
    pub machine: bool,
    /// The policy as statements.
    pub policy: Vec<String>,
    /// Where the policy came from, and what the request replaced of it.
    pub template: Option<TemplateUse>,
    /// What it may run through here, and what exactly each of them would get.
    pub adapters: Vec<Adapter>,
    /// Approvals that count now.
    pub given: u32,
    /// Approvals needed.
    pub needed: u32,
    /// Why the reader may not approve.
    pub no_approval: Option<String>,
    /// Why the reader may not reject.
    pub no_rejection: Option<String>,
    /// Within how many minutes the reader must have signed in to approve, when they have not.
    pub step_up: Option<u32>,
}

impl Shown {
    /// Whether the reader may decide it at all.
    pub fn open(&self) -> bool {
        self.no_approval.is_none() || self.no_rejection.is_none()
    }
}

/// What became of one.
pub struct Outcome {
    /// Which.
    pub id: String,
    /// Its goal, where it could be read.
    pub goal: String,
    /// The number and digest of the event that records it, or why there is none.
    pub done: Result<(u32, String), AppError>,
}

impl Outcome {
    /// Whether all that is missing is a fresh sign-in.
    pub fn wants_sign_in(&self) -> bool {
        matches!(&self.done, Err(AppError::Refused { code, .. }) if code == STEP_UP_REQUIRED)
    }
}

/// What somebody ticked, as the form sends it: the version and digest that they saw, and which decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    version: u32,
    digest: String,
    /// The decision.
    pub id: String,
}

impl Tick {
    /// As the form sends it.
    pub fn text(id: &str, shown: &Shown) -> String {
        format!("{} {} {id}", shown.version, shown.digest)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let version = parts.next()?.parse().ok()?;
        let digest = parts.next()?.to_owned();
        let id = parts.next().filter(|id| !id.is_empty())?.to_owned();
        Some(Self { version, digest, id })
    }

    /// Whether this is still what was seen.
    pub fn saw(&self, shown: &Shown) -> bool {
        self.version == shown.version && self.digest == shown.digest
    }
}

/// These decisions, each once and in this order; more than [`MOST`] are left out.
pub async fn load(ids: Vec<String>) -> Result<Vec<Item>, AppError> {
    let (control, caller) = enter()?;
    let mut seen = BTreeSet::new();
    let mut items = Vec::new();
    for id in ids.into_iter().filter(|id| seen.insert(id.clone())).take(MOST) {
        let found = shown(&control, &caller, &id).await;
        items.push(Item { id, found });
    }
    Ok(items)
}

async fn shown(control: &Control, caller: &Caller, id: &str) -> Result<Shown, AppError> {
    let view = control.decision(caller, &read_id(id)?).await?;
    let decision = &view.decision;
    let requester = decision.requester.as_ref().map_or("unknown", Actor::id);
    Ok(Shown {
        version: decision.version(),
        digest: view.request_digest.clone(),
        goal: decision.goal.clone().unwrap_or_default(),
        gate: decision.plan.as_deref().and_then(|plan| gate_plan::read(plan, decision.id.as_str())),
        plan: decision.plan.clone(),
        mode: decision.mode.map(Mode::as_str).unwrap_or_default().to_owned(),
        state: view.lifecycle.state.as_str().to_owned(),
        requester: who(requester.to_owned(), &view.names),
        machine: asked_by_a_machine(decision),
        policy: decision.policy.as_ref().map(words::policy).unwrap_or_default(),
        template: decision.template.as_ref().map(|template| TemplateUse {
            name: template.name.clone(),
            digest: template.digest.clone(),
            terms: decision_words::terms(&template.snapshot, &template.overrides),
        }),
        adapters: adapters(&view, false),
        given: view.lifecycle.progress.approvals_current,
        needed: view.lifecycle.progress.approvals_required,
        no_approval: reason(&view, Action::Approve),
        no_rejection: reason(&view, Action::Reject),
        step_up: view.step_up,
    })
}

fn reason(view: &DecisionView, action: Action) -> Option<String> {
    view.actions.iter().find(|one| one.action == action).and_then(|one| one.reason.clone())
}

/// Decides all that are ticked, and answers with what became of each.
#[server(prefix = "/api", endpoint = "decide_several", output = StreamingText)]
pub async fn decide_several(
    #[server(default)] reader: String,
    #[server(default)] take: Vec<String>,
    #[server(default)] all: Vec<String>,
    #[server(default)] verdict: String,
    #[server(default)] comment: String,
) -> Result<TextStream<AppError>, AppError> {
    let ids: Vec<(&str, &str)> = all.iter().take(MOST).map(|id| ("id", id.as_str())).collect();
    let answer = answered(&reader, &take, all.clone(), &verdict, &comment).await;
    keep_typed::<DecideSeveral, _>(answer, "/decide", &ids)
}

async fn answered(
    reader: &str,
    take: &[String],
    all: Vec<String>,
    verdict: &str,
    comment: &str,
) -> Result<TextStream<AppError>, AppError> {
    let (control, caller) = enter_as(reader)?;
    let verdict = match verdict {
        "approve" => Verdict::Approve,
        "reject" => Verdict::Reject,
        _ => {
            let message = "press one of the two buttons".to_owned();
            return Err(AppError::Invalid { field: "verdict".to_owned(), message });
        }
    };
    let ticks: Option<Vec<Tick>> = take.iter().map(|text| Tick::parse(text)).collect();
    let ticks = ticks.filter(|ticks| ticks.len() <= MOST).ok_or_else(|| AppError::Invalid {
        field: "take".to_owned(),
        message: format!("tick at most {MOST} of the decisions that this page showed"),
    })?;
    if let Some(problem) = decide::words::problem(verdict, ticks.len(), comment) {
        let again = load(all).await?;
        return answer_with_page(
            decide::words::TITLE,
            decide::answer::again(problem, again, &ticks, comment),
        );
    }
    let mut outcomes = Vec::new();
    for tick in ticks {
        outcomes.push(decided(&control, &caller, tick, verdict, &lines(comment)).await);
    }
    let failed = outcomes.iter().filter(|one| one.done.is_err()).map(|one| one.id.clone()).collect();
    let again = load(failed).await?;
    let title = decide::words::summary(&outcomes, verdict);
    answer_with_page(&title, decide::answer::outcomes(outcomes, again, verdict, comment))
}

async fn decided(control: &Control, caller: &Caller, tick: Tick, verdict: Verdict, comment: &str) -> Outcome {
    let seen = shown(control, caller, &tick.id).await;
    let goal = seen.as_ref().map(|seen| seen.goal.clone()).unwrap_or_default();
    let done = match seen {
        // Versions tell the same; a page that was put together by hand does not.
        Ok(seen) if seen.version == tick.version && seen.digest != tick.digest => {
            Err(AppError::Changed { since: Vec::new() })
        }
        Ok(_) => one(control, caller, &tick, verdict, comment).await,
        Err(error) => Err(error),
    };
    Outcome { id: tick.id, goal, done }
}

async fn one(
    control: &Control,
    caller: &Caller,
    tick: &Tick,
    verdict: Verdict,
    comment: &str,
) -> Result<(u32, String), AppError> {
    let (id, seen) = (read_id(&tick.id)?, Some(tick.version));
    let decision = match verdict {
        Verdict::Approve => {
            let comment = Some(comment.to_owned()).filter(|comment| !comment.trim().is_empty());
            control.approve_among(caller, &id, seen, comment).await?
        }
        Verdict::Reject => control.reject(caller, &id, seen, comment).await?,
    };
    Ok(recorded(&decision))
}

/// The event that was recorded last.
fn recorded(decision: &Decision) -> (u32, String) {
    decision.events.last().map(|event| (event.seq, event.digest.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Tick;

    #[test]
    fn a_tick_says_what_was_seen_and_nothing_else_is_one() {
        let tick = Tick::parse("3 abc an id with spaces").unwrap();
        assert_eq!((tick.version, tick.digest.as_str(), tick.id.as_str()), (3, "abc", "an id with spaces"));
        for text in ["", "3", "3 abc", "3 abc ", "x abc id", "-1 abc id"] {
            assert_eq!(Tick::parse(text), None, "{text}");
        }
    }
}
