//! Ways to come in: what the sign-in page offers before anybody is signed in.

use crate::api::me::{self, DemoPerson};
use crate::error::AppError;
use crate::ssr::{Way, context};

/// What the sign-in page offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// Sign-in providers.
    pub providers: Vec<Provider>,
    /// Whether a password lets in.
    pub local: bool,
    /// Whom a demo visitor can become; empty when this is no demo.
    pub demo: Vec<DemoPerson>,
}

/// A sign-in provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Where a sign-in with it begins.
    pub href: String,
    /// The text of its button.
    pub label: String,
}

/// What the sign-in page offers.
pub(crate) async fn ways() -> Result<Ways, AppError> {
    let context = context()?;
    Ok(Ways {
        providers: context.providers.iter().map(provider).collect(),
        local: context.control.local_accounts(),
        demo: me::server::demo_people().await?,
    })
}

fn provider(way: &Way) -> Provider {
    Provider { href: way.href.clone(), label: way.label.clone() }
}
