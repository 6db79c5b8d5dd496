//! A gate on a real terminal: the line that lives, the question after Ctrl-C, and a command that asks something itself.

use crate::works::Works;
use nix::pty::openpty;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

struct Terminal {
    keys: File,
    seen: Arc<Mutex<Vec<u8>>>,
    child: Child,
}

impl Terminal {
    /// A gate in front of a terminal that is its own.
    fn gate(works: &Works, arguments: &[&str]) -> Self {
        let pty = openpty(None, None).unwrap();
        let (keys, screen) = (File::from(pty.master), File::from(pty.slave));
        let template = works.command(&[]);
        let child = Command::new("setsid")
            .args(["--ctty", "--wait", env!("CARGO_BIN_EXE_nexus-control"), "gate"])
            .args(arguments)
            .current_dir(works.path(""))
            .env_clear()
            .envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("TERM", "xterm")
            .stdin(Stdio::from(screen.try_clone().unwrap()))
            .stdout(Stdio::from(screen.try_clone().unwrap()))
            .stderr(Stdio::from(screen))
            .spawn()
            .unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (mut from, to) = (keys.try_clone().unwrap(), seen.clone());
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                to.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        Self { keys, seen, child }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    fn until(&self, text: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.text().contains(text) {
            assert!(Instant::now() < until, "{text:?} never came:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    fn decision(&self) -> String {
        self.until("  decision ");
        self.until("left");
        let text = self.text();
        text.split("  decision ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
    }

    fn end(mut self) -> i32 {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap();
            }
            assert!(Instant::now() < until, "it never ended:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn ctrl_c_while_waiting_asks_and_a_yes_withdraws() {
    let works = Works::start();
    for (answer, code, state) in
        [("y\n", 211, "withdrawn"), ("n\n", 220, "pending_approval"), ("\u{3}", 220, "pending_approval")]
    {
        let mut terminal = Terminal::gate(&works, &["--", "true"]);
        let id = terminal.decision();
        terminal.press("\u{3}");
        terminal.until("Withdraw the request? [y/N]");
        terminal.press(answer);
        assert_eq!((terminal.end(), works.state(&id).as_str()), (code, state), "{answer:?}");
    }
}

#[test]
fn a_command_that_asks_something_is_answered_and_ctrl_c_reaches_it() {
    let works = Works::start();
    let mut terminal =
        Terminal::gate(&works, &["--", "sh", "-c", "echo name?; read name; echo hello $name; sleep 60"]);
    let id = terminal.decision();
    works.approve(&works.ben, &id);
    terminal.until("name?");
    terminal.press("Ada\n");
    terminal.until("hello Ada");
    terminal.press("\u{3}");
    assert_eq!(terminal.end(), 130);
    assert_eq!((works.state(&id).as_str(), works.error_code(&id).as_str()), ("failed", "SIGNALLED"));
}

#[test]
fn ctrl_z_does_not_hold_a_run_that_is_on_record() {
    let works = Works::start();
    let script = "echo up; sleep 1; echo still; sleep 1";
    let mut terminal = Terminal::gate(&works, &["--", "sh", "-c", script]);
    let id = terminal.decision();
    works.approve(&works.ben, &id);
    terminal.until("up");
    terminal.press("\u{1a}");
    terminal.until("cannot pause");
    assert_eq!(terminal.end(), 0);
    assert_eq!(works.state(&id), "completed");
}
