//! Templates: named policies that never change. Only writing one is alive; reading them needs nothing of the browser.

mod new;
mod words;

#[cfg(feature = "ssr")]
mod compare;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
pub(crate) mod means;
#[cfg(feature = "ssr")]
mod one;

pub use new::NewTemplatePage;

#[cfg(feature = "ssr")]
pub use compare::ComparePage;
#[cfg(feature = "ssr")]
pub use list::TemplatesPage;
#[cfg(feature = "ssr")]
pub use one::TemplatePage;

#[cfg(all(test, feature = "ssr"))]
pub(crate) use one::{Shown, shown as shown_for_test};
