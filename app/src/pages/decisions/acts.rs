//! The forms of a decision. Each carries the version that the reader saw; a button that is not open says why.

use super::form::{Called, Desk, folded, form, shut, unfinished, unformed, words_field};
use super::words;
use crate::api::actions::{Approve, Cancel, Execute, Reject, Revoke, Withdraw};
use crate::api::decision_parts::{DecisionParts, Form};
use crate::components::act::{Act, Answer};
use crate::components::made::made;
use crate::components::policy_fields::choice;
use crate::components::typed::input_node;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The actions of the page, one each.
#[derive(Clone, Copy)]
pub(super) struct Acts {
    approve: Act,
    reject: Act,
    revoke: Act,
    withdraw: Act,
    pub(super) execute: Act,
    pub(super) cancel: Act,
    answer: Answer,
}

impl Acts {
    pub(super) fn new() -> Self {
        let answer = Answer::new(None);
        Self {
            approve: Act::among(Approve::PATH, answer),
            reject: Act::among(Reject::PATH, answer),
            revoke: Act::among(Revoke::PATH, answer),
            withdraw: Act::among(Withdraw::PATH, answer),
            execute: Act::among(Execute::PATH, answer),
            cancel: Act::among(Cancel::PATH, answer),
            answer,
        }
    }

    /// Drops the last answer: another decision is shown.
    pub(super) fn forget(self) {
        self.answer.set(None);
    }

    fn all(self) -> [Act; 6] {
        [self.approve, self.reject, self.revoke, self.withdraw, self.execute, self.cancel]
    }

    /// Grows with every answer, so that the page is asked for again.
    pub(super) fn turn(self) -> u32 {
        self.all().into_iter().map(Act::turn).sum()
    }

    /// Whether an answer is being waited for.
    pub(super) fn pending(self) -> bool {
        self.all().map(Act::pending).contains(&true)
    }

    /// Whether the last attempt came to nothing and leaves the page as it is.
    pub(super) fn unsent(self) -> bool {
        self.answer
            .with(|answer| matches!(answer, Some((_, Err(AppError::Unauthenticated | AppError::Offline)))))
    }

    /// Whether the last answer was a yes to something that became an event of the reader's own.
    pub(super) fn recorded(self) -> bool {
        self.succeeded() && !self.cancel.succeeded()
    }

    /// Whether the last answer was a yes.
    pub(super) fn succeeded(self) -> bool {
        self.all().map(Act::succeeded).contains(&true)
    }
}

/// The panel with the forms. What is over and done for everybody is left out, but not that somebody came too late.
pub(super) fn acts_panel(parts: &DecisionParts, desk: &Desk) -> AnyView {
    let Desk { acts, drafts, .. } = desk;
    let Some(forms) = &parts.forms else {
        let kept = [
            (acts.approve, Some(drafts.comment)),
            (acts.revoke, Some(drafts.revoke)),
            (acts.execute, None),
            (acts.cancel, None),
            (acts.reject, Some(drafts.reject)),
            (acts.withdraw, Some(drafts.withdraw)),
        ];
        return kept.map(|(act, typed)| unformed(act, typed)).into_iter().collect::<Vec<_>>().into_any();
    };
    view! {
        <section class="panel acts" aria-labelledby="acts">
            <h2 id="acts">"Your decision"</h2>
            <div class="act decide">
                {approve(&forms.approve, desk)}
                {reject(&forms.reject, desk)}
            </div>
            {revoke(&forms.revoke, desk)}
            {execute(&forms.execute, forms.real, desk)}
            {withdraw(&forms.withdraw, desk)}
        </section>
    }
    .into_any()
}

fn approve(held: &Form, desk: &Desk) -> AnyView {
    let Desk { acts, drafts, .. } = desk;
    let (act, comment, expires_at) = (acts.approve, drafts.comment, drafts.expires_at);
    let (above, below) = match held {
        Form::Open(above, below) => (made(above), made(below)),
        Form::Shut(reason) => return shut(act, Some(comment), words::APPROVE, "approve-reason", reason),
        _ => return unformed(act, Some(comment)),
    };
    let spans = [
        ("", "Does not expire"),
        ("1h", "In 1 hour"),
        ("8h", "In 8 hours"),
        ("1d", "In 1 day"),
        ("7d", "In 7 days"),
        ("at", "At the time below (UTC)"),
    ];
    let typed = !drafts.expiry.get_untracked().is_empty() || !expires_at.get_untracked().is_empty();
    let open = typed || act.blames("expiry") || act.blames("expires_at");
    let expiry = view! {
        <div class="fields">
            {choice("expiry", "expiry", "Approval expires", &spans, drafts.expiry)}
            <div class="field">
                <label for="expires_at">"Time (UTC)"</label>
                <input
                    node_ref=input_node(expires_at)
                    id="expires_at"
                    name="expires_at"
                    type="datetime-local"
                    value=expires_at.get_untracked()
                    on:input:target=move |event| expires_at.set(event.target().value())
                />
            </div>
        </div>
    };
    let fields = [
        above,
        words_field("comment", "comment", "Comment (optional)", comment, None),
        folded(("expiry", None), ("", "Let the approval expire"), move || open, expiry.into_any()),
        below,
    ];
    let called = Called { id: Some("approve"), verb: words::APPROVE, busy: "Approving…", class: "main" };
    form(desk, act, &called, Vec::from(fields).into_any(), ().into_any())
}

fn reject(held: &Form, desk: &Desk) -> AnyView {
    let (act, draft, asked) = (desk.acts.reject, desk.drafts.reject, desk.asked);
    if let Form::Shut(reason) = held {
        return shut(act, Some(draft), words::REJECT, "reject-why", reason);
    }
    let unfinished = unfinished(draft, act);
    let open = move || unfinished || asked.try_with(|asked| asked == "reject").unwrap_or_default();
    let field = words_field("reject_reason", "reason", "Reason", draft, Some(words::ENDS));
    let called = Called { id: None, verb: "Reject for good", busy: "Rejecting…", class: "danger" };
    let form = form(desk, act, &called, field, ().into_any());
    folded(("reject", Some("reject")), ("button danger", words::REJECT), open, form)
}

fn revoke(held: &Form, desk: &Desk) -> AnyView {
    let called = Called { id: None, verb: "Revoke my approval", busy: "Taking back…", class: "" };
    let draft = desk.drafts.revoke;
    undo(held, desk, desk.acts.revoke, draft, "Take my approval back", "revoke_reason", &called)
}

fn withdraw(held: &Form, desk: &Desk) -> AnyView {
    let called = Called { id: None, verb: "Withdraw for good", busy: "Withdrawing…", class: "" };
    let draft = desk.drafts.withdraw;
    undo(held, desk, desk.acts.withdraw, draft, "Withdraw my request", "withdraw_reason", &called)
}

fn undo(
    held: &Form,
    desk: &Desk,
    act: Act,
    draft: RwSignal<String>,
    summary: &'static str,
    id: &'static str,
    called: &Called,
) -> AnyView {
    if !matches!(held, Form::Open(..)) {
        return unformed(act, Some(draft));
    }
    let open = unfinished(draft, act);
    let field = words_field(id, "reason", "Reason (optional)", draft, None);
    folded(("act", None), ("", summary), move || open, form(desk, act, called, field, ().into_any()))
}

fn execute(held: &Form, real: bool, desk: &Desk) -> AnyView {
    let act = desk.acts.execute;
    let fields = match held {
        Form::Shut(reason) => return shut(act, None, "Run", "execute-reason", reason),
        Form::Said(words) => return view! { {unformed(act, None)} {made(words)} }.into_any(),
        Form::Open(fields, _) => made(fields),
        Form::Left => return unformed(act, None),
    };
    let (verb, class) = if real { ("Run it for real", "main danger") } else { ("Start the dry run", "main") };
    let called = Called { id: None, verb, busy: "Starting…", class };
    let form = form(desk, act, &called, fields, ().into_any());
    view! { <div class="act">{form}</div> }.into_any()
}
