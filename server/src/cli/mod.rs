//! The command line: what runs beside the database is here, what talks to a server is the crate `client`. Exit codes:
//! 0 done; 1 it failed (`verify`: a check failed); 2 the command line, the configuration or a file could not be read;
//! the gate has more, and says them in its help.

mod archive;
mod first_key;
mod manual;
mod rebuild;
mod verify;

use crate::config::{Config, ConfigError};
use crate::problem::chain;
use crate::serve::{self, ServeError};
use clap::{CommandFactory as _, Parser, Subcommand};
use client::keys::{KeysAct, KeysArgs};
use std::path::PathBuf;
use std::process::ExitCode;
use thiserror::Error;

/// The program.
#[derive(Debug, Parser)]
#[command(name = "nexus-control", version, about = ABOUT, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    #[arg(long, global = true, value_name = "FILE", help = CONFIG_HELP)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

const ABOUT: &str =
    "Approval and audit for automated actions: requested, allowed, approved, executed once, provable.";
const CONFIG_HELP: &str =
    "The server's configuration file [default: $NEXUS_CONFIG, or ./nexus-control.toml when it is there]";
const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  it failed; for `verify`: a check failed
  2  the command line, the configuration or a file could not be read

Settings come from the configuration file and from NEXUS_… variables, which win:
  NEXUS_LISTEN=127.0.0.1:3000           NEXUS_DATABASE_URL=sqlite://nexus.db
  NEXUS_PUBLIC_URL=https://…            NEXUS_TRUSTED_PROXIES=10.0.0.0/8,::1
  NEXUS_LOG=info                        NEXUS_LOG_FORMAT=text
  NEXUS_SESSION_IDLE_MINUTES=120        NEXUS_SESSION_HOURS=12
  NEXUS_SIGN_IN_LOCAL=true              NEXUS_OIDC_NAME_CLIENT_SECRET=…";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard until a signal comes
    #[command(after_help = "\
Examples:
  nexus-control serve
  nexus-control serve --demo
  NEXUS_LISTEN=0.0.0.0:8080 NEXUS_PUBLIC_URL=https://nexus.example.com nexus-control serve
  NEXUS_DATABASE_URL=postgres://nexus@db/nexus nexus-control serve --config /etc/nexus-control.toml

On the first start it prints a one-time link that creates the workspace and its first administrator.")]
    Serve {
        /// Fill an empty database with an invented company, and let everyone be anyone in it
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database to this program's schema and stop
    #[command(after_help = "\
Example:
  NEXUS_DATABASE_URL=postgres://nexus@db/nexus nexus-control migrate

`serve` does the same when it starts; this is for those who migrate first and deploy later.")]
    Migrate,
    /// Verify audit packages, bundles and archives, without a server or a network
    #[command(after_help = "\
Examples:
  nexus-control verify decision-42.embedded.audit.json
  nexus-control verify --json evidence/*.json
  nexus-control verify northwind-decisions.zip

Every check is printed with what the file states and what was computed; of an archive, its own checks and each document
that does not hold, and with --json every document. Exit code 0: all hold in every file; 1: a check failed; 2: a file
could not be read or is neither a package, a bundle, a log nor an archive.")]
    Verify {
        /// Files to verify
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Print one JSON array instead of text
        #[arg(long)]
        json: bool,
    },
    /// Make the read model again from the log
    #[command(after_help = "\
Example:
  nexus-control rebuild

The log is the truth and is not touched. Needed only after a restore, or when asked to by a release note.")]
    Rebuild,
    #[command(flatten)]
    Client(client::Command),
    /// Print what a shell completes this program's words with
    #[command(after_help = "\
Example:
  nexus-control completions bash > /etc/bash_completion.d/nexus-control")]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for every command
    #[command(after_help = "\
Examples:
  nexus-control man | man -l -
  nexus-control man /usr/local/share/man/man1")]
    Man {
        /// Folder that the pages are written into
        #[arg(value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// Print a fresh one-time set-up link while nobody has an account
    #[command(hide = true)]
    SetupLink,
}

/// Why a command did not do what it should.
#[derive(Debug, Error)]
enum CommandError {
    #[error("the configuration is refused")]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error("the database failed")]
    Store(#[from] store::StoreError),
    #[error("{0}")]
    Control(#[from] control::Error),
    #[error("people have accounts already; sign in, or ask an admin for a new password")]
    AlreadySetUp,
}

impl Cli {
    /// Runs the command. What goes wrong is printed here, once.
    pub async fn run(self) -> ExitCode {
        let result = match self.command {
            None => {
                // Without a terminal to print to there is nothing left to do.
                drop(Self::command().print_help());
                return ExitCode::SUCCESS;
            }
            Some(Command::Verify { files, json }) => return verify::run(&files, json),
            Some(Command::Completions { shell }) => return manual::completions(Self::command(), shell),
            Some(Command::Man { folder }) => return manual::man(Self::command(), folder.as_deref()),
            Some(Command::Client(command)) if !is_on_database(&command) => return command.run().await,
            Some(command) => run(command, self.config).await,
        };
        match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {}", chain(&error));
                ExitCode::from(if matches!(error, CommandError::Config(_)) { 2 } else { 1 })
            }
        }
    }
}

/// Whether a client's command works on the server's database all the same.
fn is_on_database(command: &client::Command) -> bool {
    let client::Command::Keys(KeysArgs { act: KeysAct::Create(args) }) = command else { return false };
    args.on_database
}

async fn run(command: Command, file: Option<PathBuf>) -> Result<(), CommandError> {
    let config = Config::load(file.as_deref(), std::env::vars())?;
    config.log.start();
    match command {
        Command::Serve { demo } => serve::serve(config, demo).await?,
        Command::Migrate => {
            serve::open(&config, false).await?.close().await;
            println!("The database is at this program's schema.");
        }
        Command::Rebuild => rebuild::run(&config).await?,
        Command::SetupLink => {
            let store = serve::open(&config, false).await?;
            let control = serve::control(&config, false, store.clone())?;
            let token = control.issue_setup_token().await?;
            store.close().await;
            let token = token.ok_or(CommandError::AlreadySetUp)?;
            println!("{}", serve::setup_link(&config.public_url(), &token));
        }
        Command::Client(client::Command::Keys(KeysArgs { act: KeysAct::Create(args) })) => {
            first_key::run(&config, &args).await?;
        }
        Command::Client(_) | Command::Verify { .. } | Command::Completions { .. } | Command::Man { .. } => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        let mut checked = 0;
        for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Example"), "{}", command.get_name());
            checked += 1;
        }
        assert!(checked >= 16, "{checked}");
    }
}
