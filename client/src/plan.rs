//! The plan of a gate: the exact command, the working folder and the digests of files, as canonical JSON. What people
//! approve is this text, and the server compares it to the letter before anything starts. The environment is not in it.

use crate::stop::Stop;
use governance::{GatePlan, digest, json};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// What will run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Where.
    pub working_dir: String,
    /// Digests of the files that are bound, by path as given.
    pub files: BTreeMap<String, String>,
}

impl Plan {
    /// What would run now. A program that is named by a path is bound like the files of `bind`.
    pub fn of(command: &[OsString], bind: &[OsString]) -> Result<Self, Stop> {
        let command = command.iter().map(|word| text(word, "the command")).collect::<Result<Vec<_>, _>>()?;
        let Some(program) = command.first().filter(|program| !program.is_empty()) else {
            return Err(Stop::usage("which command? It stands after `--`"));
        };
        let folder = std::env::current_dir()
            .map_err(|error| Stop::usage(format!("the working folder cannot be read: {error}")))?;
        let working_dir = text(folder.as_os_str(), "the working folder")?;
        let mut paths: BTreeSet<String> =
            bind.iter().map(|path| text(path, "--bind")).collect::<Result<_, _>>()?;
        if program.contains('/') {
            paths.insert(program.clone());
        }
        let files = paths
            .into_iter()
            .map(|path| {
                let digest = of_file(Path::new(&path))
                    .map_err(|error| Stop::usage(format!("`{path}` cannot be bound: {error}")))?;
                Ok((path, digest))
            })
            .collect::<Result<_, Stop>>()?;
        Ok(Self { command, working_dir, files })
    }

    /// The same command with the digests of this moment.
    pub fn again(&self) -> Result<Self, Stop> {
        let words: Vec<OsString> = self.command.iter().map(OsString::from).collect();
        let bind: Vec<OsString> = self.files.keys().map(OsString::from).collect();
        Self::of(&words, &bind)
    }

    /// What would run at this moment and is not that approved plan, in words; `None` where it still is the same. What
    /// cannot be looked at any more is not the same.
    pub fn changed_since(&self, approved: &str) -> Option<String> {
        match self.again() {
            Ok(now) => now.difference(approved),
            Err(stop) => Some(format!("{}; that", stop.words)),
        }
    }

    /// The text that is approved.
    pub fn canonical(&self) -> String {
        let Self { command, working_dir, files } = self.clone();
        GatePlan { command, working_dir, files }.canonical()
    }

    /// What of an approved plan this is not, in words; `None` where it is the same to the letter.
    pub fn difference(&self, approved: &str) -> Option<String> {
        let ours = self.canonical();
        if ours == approved {
            return None;
        }
        let (Ok(ours), Ok(approved)) = (json::parse(&ours), json::parse(approved)) else {
            return Some("what was approved is no plan of a gate; everything".to_owned());
        };
        let words = [
            ("command", "the command"),
            ("working_dir", "the working folder"),
            ("files", "the bound files or their content"),
        ];
        let differ: Vec<&str> = words
            .into_iter()
            .filter(|(member, _)| ours.get(member) != approved.get(member))
            .map(|(_, words)| words)
            .collect();
        Some(if differ.is_empty() { "the plan".to_owned() } else { differ.join(", ") })
    }
}

/// A JSON text is UTF-8; anything else could not be shown to those who approve.
fn text(word: &std::ffi::OsStr, what: &str) -> Result<String, Stop> {
    let word = word.to_str();
    word.map(str::to_owned)
        .ok_or_else(|| Stop::usage(format!("{what} is not UTF-8, so nobody could approve it")))
}

fn of_file(path: &Path) -> std::io::Result<String> {
    // Without waiting: a pipe that nobody writes to would hold everything up before it could be refused.
    let mut file = std::fs::OpenOptions::new().read(true).custom_flags(nix::libc::O_NONBLOCK).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("it is not a file; bind files one by one"));
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hash.update(bytes);
    }
    Ok(digest::prefixed(&digest::hex(&hash.finalize())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_plan_is_the_exact_command_in_canonical_json() {
        let plan = Plan::of(&words(&["echo", "a b", "ü\"\n"]), &[]).unwrap();
        let folder = std::env::current_dir().unwrap();
        let expected =
            format!(r#"{{"command":["echo","a b","ü\"\n"],"working_dir":"{}"}}"#, folder.display());
        assert_eq!(plan.canonical(), expected);
    }

    #[test]
    fn a_program_with_a_path_is_bound_and_a_change_of_its_content_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("deploy.sh");
        std::fs::write(&script, "echo 1").unwrap();
        let name = script.to_str().unwrap();
        let plan = Plan::of(&words(&[name, "--tag"]), &words(&[name])).unwrap();
        let digest = digest::prefixed(&digest::sha256_hex(b"echo 1"));
        assert_eq!(plan.files, BTreeMap::from([(name.to_owned(), digest)]));
        assert_eq!(plan.difference(&plan.canonical()), None);
        std::fs::write(&script, "echo 2").unwrap();
        let words = plan.again().unwrap().difference(&plan.canonical()).unwrap();
        assert_eq!(words, "the bound files or their content");
    }

    #[test]
    fn what_cannot_be_looked_at_any_more_is_not_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let bound = folder.path().join("values");
        std::fs::write(&bound, "a: 1").unwrap();
        let plan = Plan::of(&words(&["true"]), &words(&[bound.to_str().unwrap()])).unwrap();
        let approved = plan.canonical();
        assert_eq!(plan.changed_since(&approved), None);
        std::fs::remove_file(&bound).unwrap();
        assert!(plan.changed_since(&approved).unwrap().contains("cannot be bound"));
        std::fs::create_dir(&bound).unwrap();
        assert!(plan.changed_since(&approved).unwrap().contains("not a file"));
    }

    #[test]
    fn a_pipe_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let (say, said) = std::sync::mpsc::channel();
        std::thread::spawn(move || say.send(of_file(&pipe).unwrap_err().to_string()));
        let words = said.recv_timeout(std::time::Duration::from_secs(5)).unwrap();
        assert!(words.contains("not a file"), "{words}");
    }

    #[test]
    fn what_differs_is_named() {
        let plan = Plan::of(&words(&["echo", "a"]), &[]).unwrap();
        let other = Plan::of(&words(&["echo", "b"]), &[]).unwrap();
        assert_eq!(other.difference(&plan.canonical()).unwrap(), "the command");
        let elsewhere = Plan { working_dir: "/".to_owned(), ..plan.clone() };
        assert_eq!(elsewhere.difference(&plan.canonical()).unwrap(), "the working folder");
        assert!(plan.difference("restart it").unwrap().contains("no plan of a gate"));
    }

    #[test]
    fn what_cannot_be_approved_is_refused() {
        use std::os::unix::ffi::OsStringExt as _;
        let raw = OsString::from_vec(vec![b'e', 0xff]);
        for (command, bind) in [
            (vec![], vec![]),
            (words(&[""]), vec![]),
            (vec![raw], vec![]),
            (words(&["echo"]), words(&["/nowhere/at/all"])),
            (words(&["echo"]), words(&["/"])),
        ] {
            assert_eq!(Plan::of(&command, &bind).unwrap_err().exit.code(), 2, "{command:?} {bind:?}");
        }
    }
}
