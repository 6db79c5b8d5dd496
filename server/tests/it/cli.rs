//! The program itself: its exit codes, and a server's life from the first line to the signal.

use crate::app::TestApp;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A folder of its own, where no configuration file lies about.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nexus-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nexus-control"));
        command.current_dir(&self.0).args(arguments).env_clear().env("NEXUS_LISTEN", "127.0.0.1:0");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn verify_answers_with_its_exit_code() {
    let folder = Folder::new("verify");
    let app = TestApp::demo().await;
    let mut browser = app.browser();
    browser.post("/demo-sign-in", &[("actor_id", "erin@northwind.example")]).await;
    let page = browser.get("/decisions?state=completed").await.body;
    let id = page.split("href=\"/decisions/").nth(1).unwrap().split('"').next().unwrap();
    let good = browser.get(&format!("/decisions/{id}/bundle.json")).await.body;
    folder.write("good.json", &good);
    folder.write("bad.json", &good.replace("northwind.example", "southwind.example"));
    folder.write("none.json", "{}");
    for (files, code, says) in [
        (&["good.json"][..], 0, "VERIFIED: all"),
        (&["good.json", "bad.json"], 1, "FAILED"),
        (&["bad.json", "none.json"], 2, "NOT READABLE"),
        (&["missing.json"], 2, "NOT READABLE"),
        (&["--json", "bad.json"], 1, "\"ok\": false"),
        (&[], 2, ""),
    ] {
        let output = folder.run(&[&["verify"], files].concat());
        assert_eq!(output.status.code(), Some(code), "{files:?}: {output:?}");
        assert!(text(&output.stdout).contains(says), "{files:?}: {output:?}");
    }
}

#[test]
fn a_configuration_that_is_not_understood_stops_it() {
    let folder = Folder::new("config");
    folder.write("nexus-control.toml", "[http]\nlistem = '127.0.0.1:1'\n");
    let output = folder.run(&["serve"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("unknown field `listem`"), "{output:?}");
    folder.write("nexus-control.toml", "");
    let output = folder.command(&["serve"]).env("NEXUS_LISTN", "x").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("NEXUS_LISTN"), "{output:?}");
}

#[test]
fn without_a_command_it_explains_itself() {
    let output = Folder::new("help").run(&[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("Exit codes:"), "{output:?}");
}

#[test]
fn it_lives_from_the_first_link_to_the_signal() {
    let folder = Folder::new("life");
    assert_eq!(folder.run(&["migrate"]).status.code(), Some(0));
    let link = text(&folder.run(&["setup-link"]).stdout);
    assert!(link.contains("/set-up?token="), "{link}");

    let mut server = folder.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map(Result::unwrap);
    let link = lines.find(|line| line.contains("/set-up?token=")).unwrap();
    let address = link.trim().strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ready\n"), "{answer}");
    // One process, one file.
    assert_eq!(folder.run(&["rebuild"]).status.code(), Some(1));

    let stopped = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
    let output = folder.run(&["rebuild"]);
    assert!(text(&output.stdout).contains("0 events"), "{output:?}");
}
