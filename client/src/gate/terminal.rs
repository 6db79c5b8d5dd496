//! The terminal's foreground. The command has a process group of its own, so that it can be stopped with all that it
//! started; on a terminal that group must be the one in front, or its first question would stop it.

use nix::sys::signal::{SigSet, Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp};
use std::io::IsTerminal as _;

/// The foreground, lent to a command; taken back when dropped.
#[derive(Debug)]
pub struct Foreground {
    before: Pid,
}

impl Foreground {
    /// Lends it to this group, where standard input is a terminal and we are in front ourselves.
    pub fn lend(group: Pid) -> Option<Self> {
        let before = tcgetpgrp(std::io::stdin()).ok()?;
        if !std::io::stdin().is_terminal() || before != getpgrp() {
            return None;
        }
        put(group)?;
        // It may have asked before it was in front, and been stopped for that.
        signal(group, Signal::SIGCONT);
        Some(Self { before })
    }
}

impl Drop for Foreground {
    fn drop(&mut self) {
        put(self.before);
    }
}

/// Whoever is not in front and moves the foreground is stopped for it, unless the signal is blocked.
fn put(group: Pid) -> Option<()> {
    let mut stop = SigSet::empty();
    stop.add(Signal::SIGTTOU);
    stop.thread_block().ok()?;
    let moved = tcsetpgrp(std::io::stdin(), group);
    let _ = stop.thread_unblock();
    moved.ok()
}

/// Sends a signal to a whole group. Where nobody is left of it, nobody needs one.
pub fn signal(group: Pid, signal: Signal) {
    let _ = killpg(group, signal);
}

/// Whether Ctrl-Z stopped the command. Its end is not looked at: somebody else waits for that.
pub fn is_stopped(child: Pid) -> bool {
    let flags = WaitPidFlag::WSTOPPED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    matches!(waitid(Id::Pid(child), flags), Ok(WaitStatus::Stopped(..)))
}
