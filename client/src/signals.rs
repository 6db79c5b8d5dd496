//! Ctrl-C, SIGTERM and a terminal that closes, as something to wait for.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask for an end.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Option<Signal>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Got {
    /// Ctrl-C.
    Interrupt,
    /// Whoever started this wants it to end.
    Terminate,
    /// The terminal is gone.
    Hangup,
}

impl Signals {
    /// From now on they no longer end this process by themselves.
    pub fn new() -> std::io::Result<Self> {
        let hangup = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())?, hangup })
    }

    /// The next one.
    pub async fn next(&mut self) -> Got {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Got::Interrupt,
            _ = self.terminate.recv() => Got::Terminate,
            _ = hangup => Got::Hangup,
        }
    }
}

impl Got {
    /// The signal itself, to pass on.
    pub fn signal(self) -> nix::sys::signal::Signal {
        match self {
            Self::Interrupt => nix::sys::signal::Signal::SIGINT,
            Self::Terminate => nix::sys::signal::Signal::SIGTERM,
            Self::Hangup => nix::sys::signal::Signal::SIGHUP,
        }
    }
}

/// Whether `nohup` started this. A handler would undo what it asked for.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 != 0)
}
