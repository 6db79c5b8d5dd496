//! Fields that somebody may fill in before the page is alive: what stands in them then is taken over, so that the page
//! goes on from what the reader sees.

use crate::browser;
use leptos::html;
use leptos::prelude::*;

/// Keeps up with the field of this id: once the page is alive, `value` holds what stands in it.
pub(crate) fn taken_over(value: RwSignal<String>, id: &'static str) {
    taken(value, move || browser::standing(id));
}

/// The node of an `<input>` whose text is taken over.
pub(crate) fn input_node(value: RwSignal<String>) -> NodeRef<html::Input> {
    let node = NodeRef::<html::Input>::new();
    taken(value, move || node.get().map(|element| element.value()));
    node
}

fn taken(value: RwSignal<String>, standing: impl Fn() -> Option<String> + 'static) {
    Effect::new(move |_| {
        if let Some(typed) = standing()
            && typed != value.get_untracked()
        {
            value.set(typed);
        }
    });
}
