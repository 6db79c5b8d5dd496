//! The audit package after the run: fetched, verified here and now, written. Nothing about it changes the exit code: the
//! run is over and recorded.

use super::GateArgs;
use crate::printable::printable;
use crate::screen::Tone;
use crate::server::{Call, Server};
use crate::signals::Signals;
use crate::stop::Stop;
use governance::verify::verify_text;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

/// A large one takes a while.
const WHOLE: Duration = Duration::from_mins(2);

/// Writes it; where it is, in words.
pub async fn write(server: &Server, args: &GateArgs, id: &str, signals: &mut Signals) -> Option<String> {
    if args.no_package {
        return None;
    }
    let screen = server.screen();
    let path = args.package.clone().unwrap_or_else(|| PathBuf::from(format!("nexus-{id}.audit.json")));
    let call = Call::get(format!("/decisions/{id}/package?mode=embedded")).within(WHOLE);
    let answer = tokio::select! {
        answer = server.call(&call, Duration::from_secs(30)) => answer,
        _ = signals.next() => return None,
    };
    let text = match answer {
        Ok(answer) => answer.text,
        Err(error) => {
            let why = Stop::from(error).words;
            let words =
                format!("nexus-control: there is no audit package (a key needs the scope `export`): {why}");
            screen.tell("package", &words, &json!({ "file": null, "message": why }));
            return None;
        }
    };
    let (verified, words) = match verify_text(&text) {
        Ok(report) if report.ok => (true, format!("all {} checks hold", report.checks.len())),
        Ok(report) => {
            let failed: Vec<&str> =
                report.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
            (false, format!("NOT VERIFIED: {} failed", failed.join(", ")))
        }
        Err(error) => (false, format!("NOT VERIFIED: {error}")),
    };
    if let Err(error) = std::fs::write(&path, &text) {
        let words = format!("nexus-control: {} cannot be written: {error}", path.display());
        screen.tell("package", &words, &json!({ "file": null, "message": error.to_string() }));
        return None;
    }
    let file = path.display().to_string();
    let shown = screen.paint(if verified { Tone::Good } else { Tone::Bad }, &printable(&words));
    let text = format!("nexus-control: audit package {}: {shown}", printable(&file));
    screen.tell("package", &text, &json!({ "file": file, "verified": verified, "message": words }));
    Some(file)
}
