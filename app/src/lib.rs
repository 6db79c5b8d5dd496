//! The dashboard: pages, components and the thin server functions behind them.
//!
//! It holds no rule of a decision and no permission: every server function hands the caller to `control`, and what
//! a button may do is told to it. It makes no HTML from text by hand, except where `components::text_area` says why.
// Views are deeply nested types.
#![recursion_limit = "256"]
#![cfg_attr(
    not(feature = "hydrate"),
    expect(
        clippy::unused_async,
        reason = "what waits for the browser, or for nothing but a parse, waits for nothing here"
    )
)]
#![expect(
    missing_docs,
    reason = "the component and server macros generate public items that cannot carry docs"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their props; the macro takes them by value"
)]

pub mod alive;
pub mod answer;
pub mod api;
pub mod app;
pub mod arriving;
pub mod browser;
pub mod components;
pub mod error;
pub mod keys;
pub mod live;
pub mod pages;
pub mod query;
pub mod run_words;
pub mod shell;
pub mod text;
pub mod ticking;
pub mod words;

#[cfg(feature = "ssr")]
pub mod once;
#[cfg(feature = "ssr")]
pub mod plain;
#[cfg(feature = "ssr")]
mod policy_words;
#[cfg(feature = "ssr")]
pub mod ssr;

#[cfg(test)]
mod source_rules;

pub use app::App;
pub use shell::shell;
