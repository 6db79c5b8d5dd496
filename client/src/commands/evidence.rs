//! `export` and `import`: bundles and audit packages, byte for byte as the server wrote them.

use super::request::read;
use super::{PATIENCE, id, print_json};
use crate::printable::printable;
use crate::screen::{Screen, print};
use crate::server::Call;
use crate::settings::Access;
use crate::stop::Stop;
use clap::{Args, ValueEnum};
use governance::json;
use governance::verify::{Kind, Report, VerifyError, verify};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// A large one takes a while.
const WHOLE: Duration = Duration::from_mins(2);

/// What `export` is told.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    access: Access,
    /// The decision
    #[arg(value_name = "ID")]
    id: String,
    /// The decision's bundle alone: its whole log, without the run's record
    #[arg(long, conflicts_with = "package")]
    bundle: bool,
    /// The audit package, with the run's record or a reference to it
    #[arg(long, value_name = "KIND", default_value = "embedded")]
    package: Package,
    /// Where it is written; `-` is standard output [default: nexus-<decision>.<kind>.json]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print what was written and whether it verifies as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How a package holds the run's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Package {
    /// By its digest
    Reference,
    /// Whole
    Embedded,
}

/// What `import` is told.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    #[command(flatten)]
    access: Access,
    /// The bundle; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What happens where the decision is there already
    #[arg(long, value_name = "MODE", default_value = "reject")]
    conflict_mode: Conflict,
    /// Print the server's answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What happens where the decision is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Conflict {
    /// It is refused
    #[value(alias = "reject_on_conflict")]
    Reject,
    /// It gets a new id
    #[value(alias = "new_decision_id")]
    NewId,
    /// It replaces evidence that was imported before
    Overwrite,
}

/// Runs `export`.
pub async fn export(args: &ExportArgs) -> Result<u8, Stop> {
    let server = args.access.server(Screen::new(args.json))?;
    let id = id(&args.id)?;
    let (path, kind) = match (args.bundle, args.package) {
        (true, _) => (format!("/decisions/{id}/bundle"), "bundle"),
        (false, Package::Reference) => (format!("/decisions/{id}/package?mode=reference"), "reference.audit"),
        (false, Package::Embedded) => (format!("/decisions/{id}/package?mode=embedded"), "audit"),
    };
    let text = server.call(&Call::get(path).within(WHOLE), PATIENCE).await?.text;
    let kind_asked = if args.bundle { Kind::Bundle } else { Kind::Package };
    let (_, report, others) = judged(&text, kind_asked, id).map_err(|error| {
        Stop::new(crate::exit::Exit::Failed, format!("what came is not readable: {error}"))
    })?;
    let verified = report.ok && others.is_none();
    let words = match (verified, others) {
        (true, _) => "verified".to_owned(),
        (false, Some(others)) => format!("NOT VERIFIED: {others}"),
        (false, None) => "NOT VERIFIED".to_owned(),
    };
    let file = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("nexus-{id}.{kind}.json")));
    if file.as_os_str() == "-" {
        print(&text);
        server.screen().say(&words);
    } else {
        std::fs::write(&file, &text)
            .map_err(|error| Stop::usage(format!("{} cannot be written: {error}", file.display())))?;
        if args.json {
            print_json(&json!({ "file": file.display().to_string(), "verified": verified }));
        } else {
            print(&format!("{}: {words}\n", file.display()));
        }
    }
    Ok(u8::from(!verified))
}

/// What came, whether it verifies, and in words why it is not what was asked for: something whole may still be another's.
pub fn judged(
    text: &str,
    kind: Kind,
    id: &str,
) -> Result<(json::Value, Report, Option<String>), VerifyError> {
    let document = json::parse(text).map_err(VerifyError::Json)?;
    let report = verify(&document)?;
    let bundle = document.get("control_bundle").unwrap_or(&document);
    let named = bundle.get("decision").and_then(|decision| decision.get("decision_id")?.as_str());
    let others = if report.kind != kind {
        Some("it is evidence of another kind than was asked for".to_owned())
    } else if named != Some(id) {
        Some(format!("it is about another decision, {}", printable(named.unwrap_or("of no name"))))
    } else {
        None
    };
    Ok((document, report, others))
}

/// Runs `import`.
pub async fn import(args: &ImportArgs) -> Result<u8, Stop> {
    let server = args.access.server(Screen::new(args.json))?;
    let mode = match args.conflict_mode {
        Conflict::Reject => "reject_on_conflict",
        Conflict::NewId => "new_decision_id",
        Conflict::Overwrite => "overwrite",
    };
    // As text: digests are over what stands there, numbers to the last digit.
    let body = json!({ "bundle": read(&args.file)?, "conflict_mode": mode });
    let answer = server.call(&Call::post("/bundles", &body).within(WHOLE), PATIENCE).await?;
    let answer: Value = answer.read()?;
    if args.json {
        print_json(&answer);
    } else {
        let id = answer.get("decision_id").and_then(Value::as_str).unwrap_or_default();
        print(&format!("{}\n", printable(id)));
        server.screen().say("Imported as evidence; it can never run here.");
    }
    Ok(0)
}
