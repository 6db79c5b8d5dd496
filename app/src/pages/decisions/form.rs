//! One form of a decision, whichever: what it carries, its fields, its button; folded up, shut, or what is left of it. Written
//! once, because each view of its own shape weighs on the browser's half.

use super::acts::Acts;
use super::drafts::Drafts;
use super::fresh::Fresh;
use super::words;
use crate::components::act::{Act, ActForm, Send};
use crate::components::exact::Exact;
use crate::components::failure::{FormFailure, notice};
use crate::components::text_area::TextArea;
use leptos::prelude::*;

/// What the forms of one page share.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) id: String,
    pub(super) version: u32,
    /// For whom the page was made.
    pub(super) reader: String,
    pub(super) acts: Acts,
    pub(super) drafts: Drafts,
    pub(super) fresh: Fresh,
    /// The form that the address asks for.
    pub(super) asked: Signal<String>,
}

/// What one form is called.
pub(super) struct Called {
    /// Id of its fields, where something leads to them.
    pub(super) id: Option<&'static str>,
    pub(super) verb: &'static str,
    pub(super) busy: &'static str,
    pub(super) class: &'static str,
}

/// A form: what it carries, its failure, its fields and its button. The button goes still when what it is about has
/// changed, with the reason beside it.
pub(super) fn form(desk: &Desk, act: Act, called: &Called, fields: AnyView, beside: AnyView) -> AnyView {
    let (fresh, decision, version) = (desk.fresh, desk.id.clone(), desk.version.to_string());
    let reader = desk.reader.clone();
    let &Called { id, verb, busy, class } = called;
    let why = move || fresh.behind().then_some(words::STILL);
    view! {
        <ActForm act=act>
            <div class="wholly" id=id>
                <input type="hidden" name="id" value=decision />
                <input type="hidden" name="expected_version" value=version />
                <input type="hidden" name="reader" value=reader />
                <FormFailure act=act />
                {fields}
            </div>
            <fieldset class="still" disabled=move || fresh.behind()>
                <Send act=act verb=verb busy=busy class=class />
            </fieldset>
            <p class="reason why" hidden=move || !fresh.behind()>{why}</p>
            {beside}
        </ActForm>
    }
    .into_any()
}

/// A field for a few words.
pub(super) fn words_field(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    draft: RwSignal<String>,
    needed: Option<&'static str>,
) -> AnyView {
    let area = match needed {
        Some(_) => view! {
            <TextArea name=name id=id value=draft rows=2 required=true described_by="reject-hint" />
        }
        .into_any(),
        None => view! { <TextArea name=name id=id value=draft rows=2 /> }.into_any(),
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {area}
            {needed.map(|words| view! { <p class="hint" id="reject-hint">{words}</p> })}
        </div>
    }
    .into_any()
}

/// A form that unfolds.
pub(super) fn folded(
    place: (&'static str, Option<&'static str>),
    summary: (&'static str, &'static str),
    open: impl Fn() -> bool + Send + Sync + 'static,
    form: AnyView,
) -> AnyView {
    let open = Signal::derive(open);
    view! {
        <details class=place.0 id=place.1 open=move || open.try_get().unwrap_or_default()>
            <summary class=summary.0>{summary.1}</summary>
            {form}
        </details>
    }
    .into_any()
}

/// A button that is not open, with the reason beside it; and what is left of its form.
pub(super) fn shut(
    act: Act,
    typed: Option<RwSignal<String>>,
    verb: &'static str,
    id: &'static str,
    reason: &str,
) -> AnyView {
    view! {
        <div class="wholly">{unformed(act, typed)}</div>
        <div class="act shut">
            <button type="button" disabled=true aria-describedby=id>{verb}</button>
            <p class="reason" id=id>{reason.to_owned()}</p>
        </div>
    }
    .into_any()
}

/// What is left where a form is gone: its failure, and what was typed, so that it can be copied.
pub(super) fn unformed(act: Act, typed: Option<RwSignal<String>>) -> AnyView {
    let shown = move || {
        let failed = act.failure().map(|error| notice(&error));
        let text = typed.and_then(|typed| typed.try_get_untracked()).filter(|text| !text.is_empty());
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
pub(super) fn unfinished(draft: RwSignal<String>, act: Act) -> bool {
    !draft.get_untracked().is_empty() || untrack(move || act.failure().is_some())
}
