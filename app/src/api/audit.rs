//! Imports, and verification on the server for readers without JavaScript.

use crate::error::AppError;
use crate::text::visible;
use leptos::prelude::*;
use leptos::server_fn::codec::{StreamingText, TextStream};
use serde::{Deserialize, Serialize};

/// One check of a verification, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable name.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// What the file states.
    pub expected: String,
    /// What was computed.
    pub actual: String,
}

/// A verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Whether it is an audit package rather than a bundle.
    pub package: bool,
    /// Whether every check holds.
    pub ok: bool,
    /// The checks.
    pub checks: Vec<Check>,
    /// What the file says of itself.
    pub summary: Vec<(String, String)>,
}

impl Verified {
    /// Verifies a text, here, wherever that is. Fails with words when it is no such file.
    pub fn of(text: &str) -> Result<Self, String> {
        let report = governance::verify::verify_text(text).map_err(|error| error.to_string())?;
        let check = |check: &governance::verify::Check| Check {
            name: check.name.to_owned(),
            ok: check.ok,
            expected: check.expected.clone().unwrap_or_default(),
            actual: check.actual.clone().unwrap_or_default(),
        };
        Ok(Self {
            package: report.kind == governance::verify::Kind::Package,
            ok: report.ok,
            checks: report.checks.iter().map(check).collect(),
            summary: report.summary.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        })
    }

    /// The report as plain text.
    pub fn to_text(&self) -> String {
        let kind = if self.package { "audit package" } else { "bundle" };
        let verdict = if self.ok { "every check holds" } else { "IT DOES NOT HOLD" };
        let mut lines = vec![format!("Nexus Control, verification of this {kind}: {verdict}"), String::new()];
        lines.extend(self.summary.iter().map(|(name, value)| format!("{name}: {}", visible(value))));
        for check in &self.checks {
            lines.push(String::new());
            lines.push(format!("[{}] {}", if check.ok { "ok" } else { "FAILED" }, check.name));
            lines.push(format!("  expected: {}", visible(&check.expected)));
            lines.push(format!("  found:    {}", visible(&check.actual)));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

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

/// Verifies a pasted text on this server, for readers without JavaScript. Answers in plain text and keeps nothing;
/// the verdict is the answer itself, never an address that somebody could make up.
#[server(prefix = "/api", endpoint = "verify_here", output = StreamingText)]
pub async fn verify_here(#[server(default)] document: String) -> Result<TextStream<AppError>, AppError> {
    crate::ssr::answer_with_text();
    let text = match Verified::of(&document) {
        Ok(verified) => verified.to_text(),
        Err(words) => format!("This could not be verified: {words}\n"),
    };
    Ok(TextStream::from(futures::stream::iter([text])))
}
