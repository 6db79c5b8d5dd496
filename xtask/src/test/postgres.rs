//! A Postgres for the tests: a cluster in a temporary folder on a free port, gone when they end.
//! Refuses to use a database that was there before; as root it runs under another account, since Postgres insists.

use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::{debian, process, tree};

/// How the tests learn where it is.
pub const VARIABLE: &str = "NEXUS_TEST_POSTGRES_URL";

const FOLDER_PREFIX: &str = "nexus-test-postgres-";

struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    account: Option<String>,
    port: u16,
}

static RUNNING: Mutex<Option<Cluster>> = Mutex::new(None);

/// Whether what is committed waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing outlives the tests, so nothing waits.
    Off,
    /// As delivered: for figures, which mean nothing without it.
    On,
}

/// Starts one unless it runs, and says its address.
pub fn ensure(durability: Durability) -> Result<String> {
    let mut running = running();
    if let Some(cluster) = running.as_ref() {
        return Ok(cluster.address());
    }
    let cluster = process::timed("starting a temporary Postgres", || {
        sweep();
        let cluster = Cluster::prepare()?;
        // Kept before it starts, so that a failed or interrupted start is cleaned up as well.
        let started = cluster.start(durability);
        if started.is_err() {
            cluster.remove();
        }
        started.map(|()| cluster)
    })?;
    let address = cluster.address();
    *running = Some(cluster);
    Ok(address)
}

/// Stops and deletes it, if it runs. The lock is held meanwhile: an interrupt waits for the end of this.
pub fn stop() {
    let mut running = running();
    if let Some(cluster) = running.take() {
        process::say("stopping the temporary Postgres");
        cluster.remove();
    }
}

fn running() -> MutexGuard<'static, Option<Cluster>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cluster {
    fn prepare() -> Result<Self> {
        let binaries = find_binaries()?;
        let folder = env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        let account = if debian::is_root() { Some(pick_account()?) } else { None };
        if let Some(account) = &account {
            let user = process::capture(Command::new("id").args(["-u", account]))?.parse()?;
            chown(&folder, Some(user), None)?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self { binaries, folder, account, port })
    }

    fn start(&self, durability: Durability) -> Result<()> {
        let data = self.folder.join("data");
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        process::capture(&mut initdb)?;
        let haste = match durability {
            Durability::Off => "-F -c synchronous_commit=off -c full_page_writes=off ",
            Durability::On => "",
        };
        let options = format!(
            "{haste}-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories='' -c max_connections=200",
            self.port
        );
        let mut start = self.command("pg_ctl");
        start
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(["-s", "-w", "-t", "60", "-o"]);
        // Its output must not be a pipe of ours: the server inherits it and would keep the pipe open.
        if start.arg(options).arg("start").status()?.success() {
            return Ok(());
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        bail!("postgres did not start: {}", log.trim())
    }

    fn remove(&self) {
        let data = self.folder.join("data");
        let mut stop = self.command("pg_ctl");
        let _ = process::capture(stop.arg("-D").arg(data).args(["-s", "-w", "-m", "immediate", "stop"]));
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn address(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn command(&self, program: &str) -> Command {
        let program = self.binaries.join(program);
        let mut command = match &self.account {
            Some(account) => {
                let mut switch = Command::new("runuser");
                switch.args(["-u", account, "--"]).arg(program);
                switch
            }
            None => Command::new(program),
        };
        // The other account may not be allowed where we stand.
        command.current_dir(&self.folder);
        command
    }
}

/// Clusters of runs that were killed outright: their process is gone, so theirs may go too.
fn sweep() {
    let Ok(entries) = fs::read_dir(env::temp_dir()) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(owner) = name.strip_prefix(FOLDER_PREFIX) else { continue };
        if owner.parse::<u32>().is_err() || !Path::new("/proc/self").exists() {
            continue;
        }
        if !Path::new("/proc").join(owner).exists()
            && let Ok(binaries) = find_binaries()
        {
            let account = if debian::is_root() { pick_account().ok() } else { None };
            Cluster { binaries, folder: entry.path(), account, port: 0 }.remove();
        }
    }
}

fn find_binaries() -> Result<PathBuf> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    debian::install(&["postgresql"], "a Postgres server (initdb, pg_ctl)")?;
    installed().context("postgresql was installed but its initdb was not found")
}

fn installed() -> Option<PathBuf> {
    let on_path = tree::find_program(&["initdb"]).and_then(|initdb| fs::canonicalize(initdb).ok());
    let beside = on_path.and_then(|initdb| initdb.parent().map(Path::to_path_buf));
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    // The newest packaged one comes last.
    folders.extend(beside);
    folders.into_iter().rev().find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

fn pick_account() -> Result<String> {
    for account in ["postgres", "nobody"] {
        if process::capture(Command::new("id").args(["-u", account])).is_ok() {
            return Ok(account.to_owned());
        }
    }
    bail!("Postgres refuses to run as root and there is no account `postgres` or `nobody` to run it")
}
