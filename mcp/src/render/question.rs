//! What a person is shown before they say yes.

use super::{Sheet, policy};
use governance::Decision;

/// What a person is shown before they approve: everything that their approval covers.
pub fn question(decision: &Decision, digest: &str, verb: &str, url: &str) -> String {
    let mut sheet = Sheet::default();
    sheet.line(&format!("{verb} this request?"));
    sheet.title("What will run");
    sheet.field(
        "Mode",
        match decision.mode {
            Some(governance::Mode::Apply) => "apply: the real thing",
            _ => "dry_run: a rehearsal",
        },
    );
    sheet.line("  Goal:");
    sheet.block(decision.goal.as_deref().unwrap_or("—"));
    if let Some(plan) = &decision.plan {
        sheet.line("  Plan:");
        sheet.block(plan);
    }
    let requester = decision.requester.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string);
    sheet.field("Requested by", &requester);
    if let Some(rules) = &decision.policy {
        sheet.title("Policy");
        policy(&mut sheet, rules);
    }
    sheet.title("Which one");
    sheet.field("Id", decision.id.as_str());
    sheet.field("Digest", digest);
    sheet.field("Page", url);
    sheet.finish()
}
