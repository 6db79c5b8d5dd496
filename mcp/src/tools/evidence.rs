//! Evidence: what is taken away, what is brought in, and whether it holds.

use super::Outcome;
use crate::arguments::{Import, One, Package, PackageMode, Verify};
use crate::call::{Call, decision, read};
use crate::outcome::{Answer, Exported, Imported};
use crate::refusal::Refusal;
use crate::render::Sheet;
use control::view;
use governance::verify::verify_text;
use governance::visible::visible;
use rmcp::model::JsonObject;
use serde_json::Value;
use wire::ConflictMode;

/// `nexus-control.export_bundle`.
pub async fn export_bundle(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let id = decision(read::<One>(arguments)?.request_id)?;
    let exported = call.control.export_bundle(&call.caller, &id).await?;
    Ok(document(id.to_string(), exported)?.into())
}

/// `nexus-control.export_audit_package`.
pub async fn export_package(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Package = read(arguments)?;
    let id = decision(wish.request_id)?;
    let embed = matches!(wish.mode, Some(PackageMode::Embedded));
    let exported = call.control.export_package(&call.caller, &id, embed).await?;
    Ok(document(id.to_string(), exported)?.into())
}

/// Many clients show a model the text alone, so that the document stands there too, to the letter.
fn document(request_id: String, exported: view::Exported) -> Result<Answer, Refusal> {
    let view::Exported { file_name, json, digest, text } = exported;
    let text = format!("✓ Exported {file_name}, {digest}\n\n{}", visible(&text));
    let answer = Exported { request_id, file_name, digest, canonical_json: json.clone() };
    Ok(Answer::new(&answer, text)?.and(Some(json)))
}

/// `nexus-control.import_bundle`.
pub async fn import_bundle(call: &Call<'_>, arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Import = read(arguments)?;
    if wish.replay == Some(false) {
        let words = "a bundle is always replayed before it is kept; leave `replay_after_import` out";
        return Err(Refusal::invalid("replay_after_import", words));
    }
    let note = call.note(wish.actor.as_ref());
    let mode = match wish.conflict_mode.unwrap_or(ConflictMode::RejectOnConflict) {
        ConflictMode::RejectOnConflict => "reject_on_conflict",
        ConflictMode::NewDecisionId => "new_decision_id",
        ConflictMode::Overwrite => "overwrite",
    };
    let imported = call.control.import_bundle(&call.caller, &text_of(wish.bundle_json), mode).await?;
    let mut sheet = Sheet::default();
    sheet.line("✓ Imported as evidence: it can be read, verified and exported, never approved or run");
    sheet.field("Id here", imported.decision_id.as_str());
    sheet.field("Id there", imported.original_id.as_str());
    sheet.field("Events", &imported.events.to_string());
    sheet.field("Page", &call.page(&imported.decision_id));
    let request_id = imported.decision_id.to_string();
    let answer = Imported { request_id, value: wire::Imported::from(&imported), note: note.clone() };
    Ok(Answer::new(&answer, sheet.finish())?.and(note).into())
}

/// `nexus-control.verify`.
pub fn verify(arguments: Option<JsonObject>) -> Result<Outcome, Refusal> {
    let wish: Verify = read(arguments)?;
    let report = verify_text(&text_of(wish.document))
        .map_err(|error| Refusal::invalid("document", error.to_string()))?;
    let failed = report.checks.iter().filter(|check| !check.ok).count();
    let mut sheet = Sheet::default();
    sheet.line(&match failed {
        0 => format!("✓ VERIFIED: all {} checks hold", report.checks.len()),
        _ => format!("✗ NOT VERIFIED: {failed} of {} checks failed", report.checks.len()),
    });
    for (name, value) in &report.summary {
        sheet.field(name, value);
    }
    sheet.title("Checks");
    for check in &report.checks {
        sheet.line(&format!("  {} {}: {}", if check.ok { "✓" } else { "✗" }, check.name, check.detail));
        if !check.ok {
            sheet.field("  stated", check.expected.as_deref().unwrap_or("(nothing)"));
            sheet.field("  computed", check.actual.as_deref().unwrap_or("(nothing)"));
        }
    }
    Ok(Answer::new(&wire::Verification::from(&report), sheet.finish())?.into())
}

/// A document as text: as it was given, or written again where it came as an object.
fn text_of(document: Value) -> String {
    match document {
        Value::String(text) => text,
        object => object.to_string(),
    }
}
