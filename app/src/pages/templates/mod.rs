//! Templates: named policies that never change.

mod list;
mod new;
mod one;

pub use list::TemplatesPage;
pub use new::NewTemplatePage;
pub use one::TemplatePage;

#[cfg(test)]
pub(crate) use one::shown as shown_for_test;
