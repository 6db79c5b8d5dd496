//! Imports.

use crate::error::AppError;
use leptos::prelude::*;

/// Imports a bundle as evidence and goes to it.
#[server(prefix = "/api", endpoint = "import")]
pub async fn import(
    #[server(default)] bundle: String,
    #[server(default)] conflict: String,
) -> Result<(), AppError> {
    let done = take(&bundle, &conflict).await;
    crate::ssr::keep_typed::<Import, ()>(done, "/audit", &[("conflict", &conflict)])
}

#[cfg(feature = "ssr")]
async fn take(bundle: &str, conflict: &str) -> Result<(), AppError> {
    let (control, caller) = crate::ssr::enter()?;
    let imported = control.import_bundle(&caller, bundle, conflict).await?;
    crate::ssr::go(&format!("/decisions/{}", crate::text::encoded(imported.decision_id.as_str())));
    Ok(())
}
