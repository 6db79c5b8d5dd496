//! A refusal as text.

use super::Sheet;
use crate::refusal::Told;
use governance::visible::visible_line as one_line;

/// A refusal as text.
pub fn refusal(refusal: &Told) -> String {
    let mut sheet = Sheet::default();
    sheet.line(&format!("✗ [{}] {}", refusal.code, one_line(&refusal.message)));
    if !refusal.blocking_reasons.is_empty() {
        sheet.title("Blocked");
        for reason in &refusal.blocking_reasons {
            sheet.line(&format!("  [{}] {}", reason.code, one_line(&reason.message)));
        }
    }
    if !refusal.changes.is_empty() {
        sheet.title("What happened since");
        for change in &refusal.changes {
            sheet.line(&format!("  {}  {}", change.ts, one_line(&change.summary)));
        }
    }
    if let Some(seconds) = refusal.retry_after_seconds {
        sheet.line(&format!("Try again in {seconds} seconds."));
    }
    if let Some(what_to_do) = &refusal.what_to_do {
        sheet.line("");
        sheet.line(&format!("What to do: {what_to_do}"));
    }
    if let Some(url) = &refusal.url {
        sheet.line(&format!("Page for people: {url}"));
    }
    sheet.finish()
}
