//! Tabs: links to views of the same list. Each is an address, so that they work without a script and can be sent on.

use crate::alive;
use crate::text::count;
use leptos::prelude::*;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// Its word.
    pub text: &'static str,
    /// How many things are there, where that is known.
    pub count: Option<u32>,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// The tabs.
pub fn tabs(label: &'static str, tabs: Vec<Tab>) -> AnyView {
    let links: Vec<_> = tabs
        .into_iter()
        .map(|tab| {
            let rel = alive::rel(&tab.href);
            let many = tab.count.map(|number| view! { <span class="count">{count(number)}</span> });
            view! { <li><a href=tab.href rel=rel aria-current=tab.current.then_some("page")>{tab.text} {many}</a></li> }
        })
        .collect();
    view! { <nav class="tabs" aria-label=label><ul>{links}</ul></nav> }.into_any()
}
