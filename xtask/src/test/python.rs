//! A Python of our own with the packages of one list, below target/.
//! Refuses the system's packages: what a step uses is what its list names.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use std::{fs, path::Path};

use anyhow::Result;

use crate::fingerprint::{self, Fingerprint};
use crate::{debian, process, tree};

const A_WHILE: Duration = Duration::from_secs(20);

/// Makes sure of it; says where its programs are. `list` stands below the tree's root.
pub fn ensure(name: &str, list: &str) -> Result<PathBuf> {
    let root = tree::root()?;
    let folder = tree::target_dir()?.join(name).join("venv");
    let digest = Fingerprint::of("python").with_path(&root, list)?.finish();
    let stamp = folder.join("nexus-stamp");
    if !fingerprint::is_stamped(&stamp, &digest) {
        if !process::succeeds_within(Command::new("python3").args(["-c", "import ensurepip, venv"]), A_WHILE)
        {
            debian::install(&["python3", "python3-venv"], "Python 3 with its module venv")?;
        }
        process::timed(&format!("installing the packages of {list}"), || install(&folder, &root.join(list)))?;
        fingerprint::write_stamp(&stamp, &digest)?;
    }
    Ok(folder.join("bin"))
}

fn install(folder: &Path, list: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    process::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(list))
}
