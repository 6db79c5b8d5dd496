//! A demo server for steps that need a real one, with keys that were made as people make them.
//! Refuses to leave it running: it ends with the value that stands for it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, Result, bail};

use crate::{process, tree};

const PATIENCE: Duration = Duration::from_mins(1);
/// Steps call faster than people and their programs do.
const SETTINGS: &str = "[http]\ncalls_per_minute = 100000\n";

/// The server, while this lives.
pub struct Demo {
    child: Child,
    folder: PathBuf,
    /// Where it is.
    pub url: String,
    /// `NEXUS_KEY` (a machine's), `NEXUS_TOKEN` and `NEXUS_APPROVER_TOKEN` (people's own).
    pub keys: Vec<(String, String)>,
}

impl Demo {
    /// Starts one on a fresh database and makes keys there with this Python.
    pub fn start(server: &Path, python: &Path, name: &str) -> Result<Self> {
        let folder = tree::target_dir()?.join("demo").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("nexus-control.toml"), SETTINGS)?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = fs::File::create(folder.join("log.txt"))?;
        let mut command = Command::new(server);
        command.args(["serve", "--demo"]).current_dir(&folder);
        command.env("NEXUS_LISTEN", format!("127.0.0.1:{port}"));
        command.env("NEXUS_DATABASE_URL", format!("sqlite://{}", folder.join("demo.db").display()));
        command.env_remove("NEXUS_PUBLIC_URL").env_remove("NEXUS_CONFIG");
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().context("the demo server cannot be started")?;
        let url = format!("http://127.0.0.1:{port}");
        let mut demo = Self { child, folder, url, keys: Vec::new() };
        demo.keys = demo.make_keys(python)?;
        Ok(demo)
    }

    /// Tells a program where the server is and which keys there are.
    pub fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let keys = self.keys.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        command.env("NEXUS_URL", &self.url).envs(keys)
    }

    /// The key of that name.
    pub fn key(&self, name: &str) -> Result<&str> {
        let found = self.keys.iter().find(|(known, _)| known == name);
        found.map(|(_, key)| key.as_str()).with_context(|| format!("no key {name} was made"))
    }

    fn make_keys(&mut self, python: &Path) -> Result<Vec<(String, String)>> {
        self.wait_until_ready()?;
        let mut maker = Command::new(python);
        maker.arg(tree::root()?.join("api/tests/demo_keys.py")).env("NEXUS_URL", &self.url);
        let lines = process::capture(&mut maker)?;
        let pairs = lines.lines().filter_map(|line| line.split_once('='));
        Ok(pairs.map(|(name, key)| (name.to_owned(), key.to_owned())).collect())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        let address = self.url.trim_start_matches("http://").to_owned();
        // It listens before it has filled its database, and answers when that is done.
        while !answers(&address) {
            if let Some(status) = self.child.try_wait()? {
                let log = fs::read_to_string(self.folder.join("log.txt")).unwrap_or_default();
                bail!("the demo server ended with {status}:\n{log}");
            }
            if begun.elapsed() > PATIENCE {
                bail!("the demo server was not ready after {} s", PATIENCE.as_secs());
            }
            thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It is a demo: nothing in it has to end well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answers(address: &str) -> bool {
    use std::io::{Read as _, Write as _};
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let asked = write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut start = [0; 12];
    asked.is_ok() && stream.read_exact(&mut start).is_ok() && start.ends_with(b" 200")
}
