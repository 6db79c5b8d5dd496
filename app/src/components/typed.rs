//! Fields that somebody may fill in before the page is alive: what stands in them then is taken over, so that the page
//! goes on from what the reader sees.

use leptos::html;
use leptos::prelude::*;

/// Keeps up with an element: once it is there, `value` holds what stands in it.
pub(crate) fn taken_over(value: RwSignal<String>, standing: impl Fn() -> Option<String> + 'static) {
    Effect::new(move |_| {
        if let Some(typed) = standing()
            && typed != value.get_untracked()
        {
            value.set(typed);
        }
    });
}

/// The node of an `<input>` whose text is taken over.
pub(crate) fn input_node(value: RwSignal<String>) -> NodeRef<html::Input> {
    let node = NodeRef::<html::Input>::new();
    taken_over(value, move || node.get().map(|element| element.value()));
    node
}

/// The node of a `<select>` whose choice is taken over.
pub(crate) fn select_node(value: RwSignal<String>) -> NodeRef<html::Select> {
    let node = NodeRef::<html::Select>::new();
    taken_over(value, move || node.get().map(|element| element.value()));
    node
}
