//! `cargo xtask`: builds, runs and tests Nexus Control on a machine that has Rust and nothing else prepared.
//! Refuses to hide what it does: every command it starts is printed, and what it cannot install it names.

mod bench;
mod build;
mod debian;
mod demo_sso;
mod fingerprint;
mod node;
mod process;
mod run;
mod site;
mod styles;
mod test;
mod tree;
mod wasm;
mod wasm_opt;
mod wasm_target;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run and test Nexus Control")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the browser's half and the server into one binary, target/release/nexus-control.
    Build {
        /// Compile the server with the dev profile; the browser's half is always optimised.
        #[arg(long)]
        dev: bool,
    },
    /// Build, then serve; what stands after `--` goes to the server.
    Run {
        /// Fill a database of its own, nexus-demo.db, with an example to click through.
        #[arg(long)]
        demo: bool,
        /// The same, with a sign-in provider beside it: a first look at single sign-on.
        #[arg(long)]
        sso: bool,
        /// Arguments for `nexus-control serve`.
        #[arg(last = true)]
        forwarded: Vec<String>,
    },
    /// Type-check the browser's half for wasm32, without optimising it.
    CheckWasm,
    /// Everything that must hold before a change is merged.
    Test(test::Selection),
    /// Measure the server.
    Bench {
        /// Arguments for the benchmark.
        #[arg(last = true)]
        forwarded: Vec<String>,
    },
}

fn main() -> ExitCode {
    let interrupted = || {
        process::stop_current();
        test::postgres::stop();
        std::process::exit(130);
    };
    let outcome = match ctrlc::set_handler(interrupted) {
        Ok(()) => perform(Arguments::parse().task),
        Err(error) => Err(error.into()),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    process::say(&format!("{error:#}"));
    ExitCode::FAILURE
}

fn perform(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Build { dev } => {
            let binary = build::build(build::Profile::from_dev_flag(dev))?;
            process::say(&format!("one binary, assets inside: {}", binary.display()));
            Ok(())
        }
        Task::Run { demo, sso, forwarded } => run::run(run::Data::chosen(demo, sso), &forwarded),
        Task::CheckWasm => wasm::check(),
        Task::Test(selection) => test::run(&selection),
        Task::Bench { forwarded } => bench::run(&forwarded),
    }
}
