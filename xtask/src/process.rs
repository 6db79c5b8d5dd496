//! Starting other programs: printed before they run, streamed while they run, timed when they are long.
//! Refuses to swallow a failure; a program that Ctrl-C finds running is stopped with us.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use anyhow::{Context, Result, bail};

/// The program that is running now, so that an interrupt can end it.
static CURRENT: Mutex<Option<u32>> = Mutex::new(None);

/// A progress line.
pub fn say(line: &str) {
    // Errors are ignored: a closed terminal must not keep a temporary database from being deleted.
    let _ = writeln!(io::stdout(), "xtask: {line}");
    let _ = io::stdout().flush();
}

/// Says what begins and, afterwards, how long it took.
pub fn timed<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(&format!("{what} …"));
    let begun = Instant::now();
    let outcome = work();
    let ending = if outcome.is_ok() { "done" } else { "failed" };
    say(&format!("{what}: {ending} in {:.1} s", begun.elapsed().as_secs_f64()));
    outcome
}

/// Runs with its output on ours, and fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    show(command);
    let mut child = start(command)?;
    let status = child.wait();
    forget();
    let status = status.with_context(|| format!("{} was lost", name(command)))?;
    if status.success() { Ok(()) } else { bail!("`{}` ended with {status}", line_of(command)) }
}

/// Runs with its output on ours and shows each line of standard output to `reader` too.
pub fn run_reading(command: &mut Command, mut reader: impl FnMut(&str)) -> Result<()> {
    show(command);
    let mut child = start(command.stdout(Stdio::piped()))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.context("output could not be read")?;
            let line = String::from_utf8_lossy(&line);
            let _ = writeln!(io::stdout(), "{line}");
            reader(&line);
        }
    }
    let status = child.wait();
    forget();
    let status = status.with_context(|| format!("{} was lost", name(command)))?;
    if status.success() { Ok(()) } else { bail!("`{}` ended with {status}", line_of(command)) }
}

/// Runs for at most so long; says whether it succeeded in that time. Its output is dropped.
pub fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else { return false };
    let deadline = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(100)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// What it prints on standard output, trimmed. Fails with its standard error when it fails.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{} cannot be started", name(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let mut reason = String::from_utf8_lossy(&output.stderr).into_owned();
    let _ = write!(reason, "{}", String::from_utf8_lossy(&output.stdout));
    bail!("`{}` ended with {}: {}", line_of(command), output.status, reason.trim())
}

/// Ends the program that is running now, if one is.
pub fn stop_current() {
    if let Some(id) = current().take() {
        // From a terminal the program had the interrupt too and may be gone already: no complaint about that.
        let _ = Command::new("kill").arg(id.to_string()).stderr(Stdio::null()).status();
    }
}

fn start(command: &mut Command) -> Result<Child> {
    let child = command.spawn().with_context(|| format!("{} cannot be started", name(command)))?;
    *current() = Some(child.id());
    Ok(child)
}

fn forget() {
    *current() = None;
}

fn current() -> MutexGuard<'static, Option<u32>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

fn show(command: &Command) {
    say(&format!("$ {}", line_of(command)));
}

fn name(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}

fn line_of(command: &Command) -> String {
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(name(command)).chain(arguments).collect::<Vec<_>>().join(" ")
}
