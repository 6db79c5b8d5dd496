//! The forms of a decision. Each carries the version that the reader saw; a button that is not open says why.

use super::drafts::Drafts;
use super::fresh::Fresh;
use super::{start, words};
use crate::api::actions::{Approve, Cancel, Execute, Reject, Revoke, Withdraw};
use crate::api::decision::{ActionKind, DecisionPage};
use crate::components::act::{Act, ActForm, Answer, Send};
use crate::components::exact::{Digest, Exact};
use crate::components::failure::{FormFailure, notice};
use crate::components::policy_fields::choice;
use crate::components::text_area::TextArea;
use crate::components::typed::input_node;
use crate::text::{sentence, visible};
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
pub(super) fn acts_panel(
    page: &DecisionPage,
    acts: Acts,
    drafts: Drafts,
    fresh: Fresh,
    asked: Signal<String>,
) -> AnyView {
    let over = matches!(page.state.as_str(), "completed" | "failed" | "rejected" | "withdrawn");
    if over || page.imported {
        return view! {
            {unformed(acts.approve, Some(drafts.comment))}
            {unformed(acts.revoke, Some(drafts.revoke))}
            {unformed(acts.execute, None)}
            {unformed(acts.cancel, None)}
            {unformed(acts.reject, Some(drafts.reject))}
            {unformed(acts.withdraw, Some(drafts.withdraw))}
        }
        .into_any();
    }
    view! {
        <section class="panel acts" aria-labelledby="acts">
            <h2 id="acts">"Your decision"</h2>
            <div class="act decide">
                {approve(page, acts, drafts, fresh)}
                {reject(page, acts, drafts, fresh, asked)}
            </div>
            {revoke(page, acts, drafts, fresh)}
            {start::execute(page, acts, fresh)}
            {withdraw(page, acts, drafts, fresh)}
        </section>
    }
    .into_any()
}

/// Id and version, which every form carries.
fn bound(page: &DecisionPage) -> AnyView {
    bound_to(page.id.clone(), page.version)
}

/// The same, where the page is not at hand.
pub(super) fn bound_to(id: String, version: u32) -> AnyView {
    view! {
        <input type="hidden" name="id" value=id />
        <input type="hidden" name="expected_version" value=version.to_string() />
    }
    .into_any()
}

/// Buttons that go still when what they are about has changed, with the reason beside them.
pub(super) fn still(fresh: Fresh, buttons: impl IntoAny) -> AnyView {
    let buttons = buttons.into_any();
    let why = move || fresh.behind().then(|| view! { <p class="reason why">{words::STILL}</p> });
    view! { <fieldset class="still" disabled=move || fresh.behind()>{buttons}</fieldset> {why} }.into_any()
}

/// A button that is not open, with the reason beside it.
pub(super) fn shut(verb: &'static str, id: &'static str, reason: &str) -> AnyView {
    view! {
        <div class="act shut">
            <button type="button" disabled=true aria-describedby=id>{verb}</button>
            <p class="reason" id=id>{visible(&sentence(reason))}</p>
        </div>
    }
    .into_any()
}

/// What is left where a form is gone: its failure, and what was typed, so that it can be copied.
pub(super) fn unformed(act: Act, typed: Option<RwSignal<String>>) -> AnyView {
    let shown = move || {
        let failed = act.failure().map(|error| notice(&error));
        let text = typed.map(|typed| typed.get_untracked()).filter(|text| !text.is_empty());
        let kept = text.map(|text| {
            view! {
                <p class="hint">"What you had typed, to copy:"</p>
                <Exact text=text label="What you had typed" />
            }
        });
        let any = failed.is_some() || kept.is_some();
        any.then(|| view! { <div class="act">{failed} {kept}</div> })
    };
    shown.into_any()
}

/// Whether a folded form has to stand open: something is typed in it, or its last attempt failed.
fn unfinished(draft: RwSignal<String>, act: Act) -> bool {
    !draft.get_untracked().is_empty() || untrack(move || act.failure().is_some())
}

fn approve(page: &DecisionPage, acts: Acts, drafts: Drafts, fresh: Fresh) -> AnyView {
    if let Some(reason) = page.reason(ActionKind::Approve) {
        let failed = unformed(acts.approve, Some(drafts.comment));
        let failed = view! { <div class="wholly">{failed}</div> };
        return view! { {failed} {shut(words::APPROVE, "approve-reason", &reason)} }.into_any();
    }
    let bound = bound(page);
    let step_up = page.step_up.map(|minutes| {
        let words = format!(
            "This policy asks for a sign-in within the last {minutes} min. You will be asked to sign in first, and \
             come back here with what you typed."
        );
        view! {
            <div class="notice waiting"><p><span class="sign" aria-hidden="true">"!"</span>{words}</p></div>
        }
    });
    let spans = [
        ("", "Does not expire"),
        ("1h", "In 1 hour"),
        ("8h", "In 8 hours"),
        ("1d", "In 1 day"),
        ("7d", "In 7 days"),
        ("at", "At the time below (UTC)"),
    ];
    let typed = !drafts.expiry.get_untracked().is_empty() || !drafts.expires_at.get_untracked().is_empty();
    let blamed = acts.approve.blames("expiry") || acts.approve.blames("expires_at");
    let send = view! { <Send act=acts.approve verb=words::APPROVE busy="Approving…" class="main" /> };
    let digest = page.request_digest.clone();
    let binds = format!(", as it is in version {}.", page.version);
    view! {
        <ActForm act=acts.approve>
            <div class="wholly" id="approve">
                {bound}
                <FormFailure act=acts.approve />
                {step_up}
                <div class="field">
                    <label for="comment">"Comment (optional)"</label>
                    <TextArea name="comment" value=drafts.comment rows=2 />
                </div>
                <details class="expiry" open=typed || blamed>
                    <summary>"Let the approval expire"</summary>
                    <div class="fields">
                        {choice("expiry", "expiry", "Approval expires", &spans, drafts.expiry)}
                        <div class="field">
                            <label for="expires_at">"Time (UTC)"</label>
                            <input
                                node_ref=input_node(drafts.expires_at)
                                id="expires_at"
                                name="expires_at"
                                type="datetime-local"
                                value=drafts.expires_at.get_untracked()
                                on:input:target=move |event| drafts.expires_at.set(event.target().value())
                            />
                        </div>
                    </div>
                </details>
                <p class="hint binds">"You approve " <Digest hex=digest /> {binds}</p>
            </div>
            {still(fresh, send)}
        </ActForm>
    }
    .into_any()
}

fn revoke(page: &DecisionPage, acts: Acts, drafts: Drafts, fresh: Fresh) -> AnyView {
    if !page.open(ActionKind::Revoke) {
        return unformed(acts.revoke, Some(drafts.revoke));
    }
    let bound = bound(page);
    let open = unfinished(drafts.revoke, acts.revoke);
    view! {
        <details class="act" open=open>
            <summary>"Take my approval back"</summary>
            <ActForm act=acts.revoke>
                {bound}
                <FormFailure act=acts.revoke />
                <div class="field">
                    <label for="revoke_reason">"Reason (optional)"</label>
                    <TextArea name="reason" id="revoke_reason" value=drafts.revoke rows=2 />
                </div>
                {still(fresh, view! { <Send act=acts.revoke verb="Revoke my approval" busy="Taking back…" /> })}
            </ActForm>
        </details>
    }
    .into_any()
}

fn reject(page: &DecisionPage, acts: Acts, drafts: Drafts, fresh: Fresh, asked: Signal<String>) -> AnyView {
    if let Some(reason) = page.reason(ActionKind::Reject) {
        let failed = unformed(acts.reject, Some(drafts.reject));
        let failed = view! { <div class="wholly">{failed}</div> };
        return view! { {failed} {shut(words::REJECT, "reject-why", &reason)} }.into_any();
    }
    let bound = bound(page);
    let unfinished = unfinished(drafts.reject, acts.reject);
    let open = move || unfinished || asked.with(|asked| asked == "reject");
    view! {
        <details class="reject" id="reject" open=open>
            <summary class="button danger">{words::REJECT}</summary>
            <ActForm act=acts.reject>
                {bound}
                <FormFailure act=acts.reject />
                <div class="field">
                    <label for="reject_reason">"Reason"</label>
                    <TextArea name="reason" id="reject_reason" value=drafts.reject rows=2 required=true described_by="reject-hint" />
                    <p class="hint" id="reject-hint">{words::ENDS}</p>
                </div>
                {still(fresh, view! { <Send act=acts.reject verb="Reject for good" busy="Rejecting…" class="danger" /> })}
            </ActForm>
        </details>
    }
    .into_any()
}

fn withdraw(page: &DecisionPage, acts: Acts, drafts: Drafts, fresh: Fresh) -> AnyView {
    if !page.open(ActionKind::Withdraw) {
        return unformed(acts.withdraw, Some(drafts.withdraw));
    }
    let bound = bound(page);
    let open = unfinished(drafts.withdraw, acts.withdraw);
    view! {
        <details class="act" open=open>
            <summary>"Withdraw my request"</summary>
            <ActForm act=acts.withdraw>
                {bound}
                <FormFailure act=acts.withdraw />
                <div class="field">
                    <label for="withdraw_reason">"Reason (optional)"</label>
                    <TextArea name="reason" id="withdraw_reason" value=drafts.withdraw rows=2 />
                </div>
                {still(fresh, view! { <Send act=acts.withdraw verb="Withdraw for good" busy="Withdrawing…" /> })}
            </ActForm>
        </details>
    }
    .into_any()
}
