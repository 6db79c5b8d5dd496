//! `completions` and `man`: made from the command line itself, so that they never say anything else.

use clap::Command;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Prints what a shell completes with.
pub fn completions(mut command: Command, shell: clap_complete::Shell) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, "nexus-control", &mut text);
    // A reader that stops early changes nothing.
    drop(std::io::stdout().write_all(&text));
    ExitCode::SUCCESS
}

/// Writes a page for the program and one for each command into a folder; without one prints the program's page.
pub fn man(command: Command, folder: Option<&Path>) -> ExitCode {
    let written = match folder {
        Some(folder) => {
            std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(visible(command), folder))
        }
        None => {
            let mut text = Vec::new();
            let rendered = clap_mangen::Man::new(visible(command)).render(&mut text);
            drop(std::io::stdout().write_all(&text));
            rendered
        }
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: the manual cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Without the page of `help`, which says nothing that is not in the others.
fn visible(command: Command) -> Command {
    command.disable_help_subcommand(true)
}
