//! What a template that is being written would mean: how it differs from the copied one, and what it would have meant
//! for what was decided. Only the server makes it.

use super::words::{NO_POLICY, NO_SAMPLES, SAME_POLICY, SAMPLES};
use crate::policy_words::Difference;
use crate::text::{encoded, shortened, visible};
use leptos::prelude::*;

/// A decision, and what a policy would have made different about it.
pub(crate) struct Sample {
    /// Its id.
    pub id: String,
    /// Its goal.
    pub goal: String,
    /// What would have been different, in words.
    pub differs: String,
}

/// Where the fields make no policy.
pub(crate) fn no_policy() -> AnyView {
    hint(NO_POLICY)
}

/// Field by field, from what to what.
pub(crate) fn differences(found: &[Difference]) -> AnyView {
    if found.is_empty() {
        return hint(SAME_POLICY);
    }
    let line = |one: &Difference| {
        view! {
            <div>
                <dt>{one.field.clone()}</dt>
                <dd>
                    <del><span class="unheard">"Was "</span><bdi>{visible(&one.before)}</bdi></del>
                    <span aria-hidden="true">" → "</span>
                    <ins><span class="unheard">" becomes "</span><bdi>{visible(&one.after)}</bdi></ins>
                </dd>
            </div>
        }
    };
    let lines: Vec<_> = found.iter().map(line).collect();
    view! { <dl class="pairs differences">{lines}</dl> }.into_any()
}

/// Decisions that it would govern, and what would have been different about each.
pub(crate) fn samples(found: &[Sample]) -> AnyView {
    if found.is_empty() {
        return hint(NO_SAMPLES);
    }
    let line = |one: &Sample| {
        // A tab of its own: what is being written here stays.
        let href = format!("/decisions/{}", encoded(&one.id));
        view! {
            <li>
                <a href=href target="_blank"><bdi>{visible(&shortened(&one.goal, 100))}</bdi></a>
                <span class="small"><bdi>{visible(&one.differs)}</bdi></span>
            </li>
        }
    };
    let lines: Vec<_> = found.iter().map(line).collect();
    view! { <p class="hint">{SAMPLES}</p> <ul class="samples">{lines}</ul> }.into_any()
}

fn hint(words: &'static str) -> AnyView {
    view! { <p class="hint">{words}</p> }.into_any()
}
