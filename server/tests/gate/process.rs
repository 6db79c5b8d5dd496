//! A gate that runs, and what it has said so far.

use crate::works::Works;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A gate.
pub struct Gate {
    child: Child,
    out: Arc<Mutex<Vec<u8>>>,
    err: Arc<Mutex<Vec<u8>>>,
    readers: Vec<std::thread::JoinHandle<()>>,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
}

impl Gate {
    /// Starts one in the works: `gate`, these arguments.
    pub fn start(works: &Works, arguments: &[&str]) -> Self {
        Self::of(&mut works.command(&[&["gate"], arguments].concat()))
    }

    /// Starts a command.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err) = (Arc::default(), Arc::default());
        let readers =
            vec![read(child.stdout.take().unwrap(), &out), read(child.stderr.take().unwrap(), &err)];
        Self { child, out, err, readers }
    }

    /// What it said on standard error.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&self.err.lock().unwrap()).into_owned()
    }

    /// What it said on standard output.
    pub fn printed(&self) -> String {
        String::from_utf8_lossy(&self.out.lock().unwrap()).into_owned()
    }

    /// Waits until it has said this.
    pub fn until(&self, text: &str) {
        self.until_within(text, Duration::from_secs(30));
    }

    /// The same with more patience.
    pub fn until_within(&self, text: &str, within: Duration) {
        let until = Instant::now() + within;
        while !self.said().contains(text) && !self.printed().contains(text) {
            assert!(Instant::now() < until, "never said {text:?}:\n{}\n{}", self.said(), self.printed());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The decision that it asked for.
    pub fn decision(&self) -> String {
        self.until("  decision ");
        self.until("approvals");
        let said = self.said();
        said.split("  decision ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Its death, without a word.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its end.
    pub fn end(mut self) -> Ended {
        let until = Instant::now() + Duration::from_mins(2);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < until, "it never ended:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        };
        for reader in std::mem::take(&mut self.readers) {
            reader.join().unwrap();
        }
        let (out, err) = (self.out.lock().unwrap().clone(), self.said());
        Ended { code: status.code(), out, err }
    }
}

impl Ended {
    /// The lines of `--json`.
    pub fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.out.clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read(mut from: impl Read + Send + 'static, to: &Arc<Mutex<Vec<u8>>>) -> std::thread::JoinHandle<()> {
    let to = to.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count) = from.read(&mut buffer) {
            if count == 0 {
                break;
            }
            to.lock().unwrap().extend_from_slice(&buffer[..count]);
        }
    })
}
