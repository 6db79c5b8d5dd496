//! The commands that talk to a server, as one set that the program takes in beside its own.

use crate::bridge::{self, McpArgs};
use crate::commands::{cancel, evidence, execute, keys, request, status, templates};
use crate::exit::Exit;
use crate::gate::{self, GateArgs};
use crate::screen::{Screen, Tone};
use clap::Subcommand;
use std::process::ExitCode;

/// A command of the client.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Ask for approval, wait for it, and run a command exactly once: what was approved is what runs
    #[command(after_help = GATE)]
    Gate(Box<GateArgs>),
    /// Ask for a decision, and do not wait
    #[command(after_help = "\
Examples:
  nexus-control request --goal \"Rotate the keys\" --template key-rotation --plan '{\"region\":\"eu\"}'
  id=$(nexus-control request --template prod-deploy --goal \"Deploy v2.1.0\" -- ./deploy.sh --tag v2.1.0)
  nexus-control gate --decision \"$id\" -- ./deploy.sh --tag v2.1.0

Prints the decision's id.")]
    Request(Box<request::RequestArgs>),
    /// Show how a decision stands
    #[command(after_help = "\
Examples:
  nexus-control status dec_42
  nexus-control status dec_42 --json
  nexus-control status dec_42 --watch")]
    Status(status::StatusArgs),
    /// Wait until a decision is approved, decided or over
    #[command(after_help = "\
Example:
  nexus-control wait dec_42 --for approved --wait-limit 1h && echo go

Exit codes: 0 it is; 1 its run failed; 210 rejected; 211 withdrawn; 212 not in time; 213 not in time, and approvals had
lapsed; 214 unreachable; 215 refused; 220 interrupted.")]
    Wait(status::WaitArgs),
    /// Run an approved decision through an adapter of the server
    #[command(after_help = "\
Example:
  nexus-control execute dec_42 --adapter subprocess:key-rotation

Exit codes: 0 it ran; 1 its run failed; 214 unreachable; 215 refused.")]
    Execute(execute::ExecuteArgs),
    /// Ask that a run stops
    #[command(after_help = "Example:\n  nexus-control cancel dec_42")]
    Cancel(cancel::CancelArgs),
    /// Take a bundle or an audit package away, verified on arrival
    #[command(after_help = "\
Examples:
  nexus-control export dec_42 -o evidence/42.audit.json
  nexus-control export dec_42 --bundle -o - | jq .events")]
    Export(evidence::ExportArgs),
    /// Bring a bundle in as evidence
    #[command(after_help = "\
Example:
  nexus-control import 42.bundle.json --conflict-mode new-id")]
    Import(evidence::ImportArgs),
    /// List, show or make templates
    #[command(after_help = "\
Examples:
  nexus-control templates
  nexus-control templates get prod-deploy --json
  nexus-control templates create prod-deploy.json")]
    Templates(templates::TemplatesArgs),
    /// Make, list or revoke API keys
    #[command(after_help = "Example:\n  nexus-control keys create --name ci --scope request --scope execute")]
    Keys(keys::KeysArgs),
    /// Let a program that speaks MCP over its standard streams talk to a server
    #[command(after_help = "\
Example:
  NEXUS_URL=https://nexus.example.com NEXUS_KEY_FILE=~/.nexus-key nexus-control mcp

Started by MCP clients, not by people; ends with its standard input. See docs/mcp.md.")]
    Mcp(McpArgs),
}

const GATE: &str = concat!(
    "\
Examples:
  nexus-control gate --template prod-deploy --goal \"Deploy v2.1.0\" -- ./deploy.sh --tag v2.1.0
  nexus-control gate --decision dec_42 --wait-limit 1h -- ./deploy.sh --tag v2.1.0
  nexus-control gate --bind values.yaml --json -- helm upgrade shop ./chart -f values.yaml

The request's plan is the exact command, the working folder and the digests of bound files. Its output goes through
byte for byte; what the gate has to say goes to standard error.

",
    include_str!("gate/exit-codes.txt")
);

impl Command {
    /// Runs it. What goes wrong is printed here, once.
    pub async fn run(self) -> ExitCode {
        let (json, ended) = match &self {
            // At once: a reader that takes nothing holds a write in a thread that the runtime would wait for.
            Self::Gate(args) => std::process::exit(gate::run(args).await.into()),
            Self::Request(args) => (args.json, request::run(args).await),
            Self::Status(args) => (args.json, status::status(args).await),
            Self::Wait(args) => (args.json, status::wait(args).await),
            Self::Execute(args) => (args.json, execute::run(args).await),
            Self::Cancel(args) => (args.json, cancel::run(args).await),
            Self::Export(args) => (args.json, evidence::export(args).await),
            Self::Import(args) => (args.json, evidence::import(args).await),
            Self::Templates(args) => (args.json, templates::run(args).await),
            Self::Keys(args) => (args.is_json(), keys::run(args).await),
            Self::Mcp(args) => (false, bridge::run(args).await.map(|()| Exit::Done.code())),
        };
        let screen = Screen::new(json);
        ExitCode::from(ended.unwrap_or_else(|stop| {
            let words = format!("{} {}", screen.paint(Tone::Bad, "error:"), stop.words);
            screen.tell("error", &words, &stop.to_json());
            stop.exit.code()
        }))
    }
}
