//! The flags of `gate`.

use crate::ask::Ask;
use crate::duration;
use crate::settings::Access;
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// What `gate` is told.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Clone, Args)]
pub struct GateArgs {
    #[command(flatten)]
    pub access: Access,
    #[command(flatten)]
    pub ask: Ask,
    /// What is to be achieved, for those who approve [default: the command]
    #[arg(long, value_name = "TEXT")]
    pub goal: Option<String>,
    /// Take up a request that is there, such as after a restart of the job; its plan must be this very command
    #[arg(long, value_name = "ID", conflicts_with_all = ["goal", "template", "approvals", "labels", "capabilities", "max_steps", "forbid_self_approval", "max_sign_in_age", "dry_run"])]
    pub decision: Option<String>,
    /// Bind a file: its content is approved too, and a changed one is refused; may be given several times. The program
    /// itself is bound where it is named by a path
    #[arg(long = "bind", value_name = "FILE")]
    pub bind: Vec<OsString>,
    /// Rehearse: ask in mode `dry_run` and simulate; the command is not started
    #[arg(long)]
    pub dry_run: bool,
    /// Longest wait for a decision
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration::parse)]
    pub wait_limit: Duration,
    /// How long the server may be unreachable while waiting
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    pub offline_limit: Duration,
    /// Withdraw the request when the wait is interrupted, without asking
    #[arg(long)]
    pub withdraw_on_interrupt: bool,
    /// Leave the API key's variables in the command's environment
    #[arg(long)]
    pub keep_key: bool,
    /// Where the audit package is written [default: nexus-<decision>.audit.json]
    #[arg(long, value_name = "FILE", conflicts_with = "no_package")]
    pub package: Option<PathBuf>,
    /// Write no audit package
    #[arg(long)]
    pub no_package: bool,
    /// One JSON object a line on standard output; the command's own output goes to standard error
    #[arg(long)]
    pub json: bool,
    /// Write the command's output to this file instead
    #[arg(long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    /// Send a result that an earlier gate could not deliver
    #[arg(long, value_name = "FILE", conflicts_with_all = ["decision", "command"])]
    pub report: Option<PathBuf>,
    /// The command, after `--`
    #[arg(last = true, value_name = "COMMAND", required_unless_present = "report")]
    pub command: Vec<OsString>,
}
