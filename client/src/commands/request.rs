//! `request`: asks, and does not wait.

use super::{PATIENCE, print_json};
use crate::answers::Decision;
use crate::ask::Ask;
use crate::plan::Plan;
use crate::printable::printable;
use crate::screen::{Screen, print};
use crate::server::Call;
use crate::settings::Access;
use crate::stop::Stop;
use clap::{Args, ValueEnum};
use std::ffi::OsString;
use std::io::Read as _;
use std::path::PathBuf;

/// What `request` is told.
#[derive(Debug, Clone, Args)]
pub struct RequestArgs {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    ask: Ask,
    /// What is to be achieved, for those who approve
    #[arg(long, value_name = "TEXT")]
    goal: String,
    /// Rehearsed or real [default: dry-run; with a command: apply]
    #[arg(long, value_name = "MODE")]
    mode: Option<Mode>,
    /// What exactly will run
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["plan_file", "command"])]
    plan: Option<String>,
    /// The same from a file; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "command")]
    plan_file: Option<PathBuf>,
    /// Bind a file to the command, as `gate` does; may be given several times
    #[arg(long = "bind", value_name = "FILE", requires = "command")]
    bind: Vec<OsString>,
    /// Print the server's answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Ask for this command, to be run later by `gate --decision ID -- COMMAND` in this very folder
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Rehearsed or real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Rehearsed
    #[value(alias = "dry_run")]
    DryRun,
    /// Real
    Apply,
}

impl Mode {
    /// The server's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DryRun => "dry_run",
            Self::Apply => "apply",
        }
    }
}

/// Runs it.
pub async fn run(args: &RequestArgs) -> Result<u8, Stop> {
    let screen = Screen::new(args.json);
    let server = args.access.server(screen)?;
    let plan = if args.command.is_empty() {
        match &args.plan_file {
            Some(path) => Some(read(path)?),
            None => args.plan.clone(),
        }
    } else {
        Some(Plan::of(&args.command, &args.bind)?.canonical())
    };
    let usual = if args.command.is_empty() { Mode::DryRun } else { Mode::Apply };
    let mode = args.mode.unwrap_or(usual).as_str();
    let call = Call::post("/decisions", &args.ask.body(&args.goal, plan.as_deref(), mode));
    let answer = server.call(&call, PATIENCE).await?;
    if args.json {
        print_json(&answer.read()?);
        return Ok(0);
    }
    let answer: Decision = answer.read()?;
    print(&format!("{}\n", printable(&answer.decision_id)));
    server.screen().say(&format!("Asked for. People decide at {}", answer.page()));
    Ok(0)
}

/// A text from a file, or from standard input.
pub fn read(path: &std::path::Path) -> Result<String, Stop> {
    /// No body may be larger.
    const MOST: u64 = 64 * 1024 * 1024;
    let refused = |error: std::io::Error| Stop::usage(format!("{}: {error}", path.display()));
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(MOST).read_to_string(&mut text).map_err(refused)?;
    } else {
        let file = std::fs::File::open(path).map_err(refused)?;
        file.take(MOST).read_to_string(&mut text).map_err(refused)?;
    }
    Ok(text)
}
