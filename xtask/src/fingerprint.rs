//! A digest of the files a build step reads, so that a step whose inputs did not change is left out.
//! Refuses modification times: a fresh clone or a switched branch changes those without changing a byte.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Collects inputs; order matters, so that callers get the same digest on every machine.
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Starts with a label, so that two steps with equal inputs do not share a stamp.
    pub fn of(label: &str) -> Self {
        Self(Sha256::new()).with("label", label.as_bytes())
    }

    /// Adds bytes under a name, both with their length, so that no two sequences run together.
    pub fn with(mut self, name: &str, bytes: &[u8]) -> Self {
        for part in [name.as_bytes(), bytes] {
            self.0.update((part.len() as u64).to_be_bytes());
            self.0.update(part);
        }
        self
    }

    /// Adds a file, or each file of a folder, by its path below `root` and its content. What is absent counts as absent.
    pub fn with_path(mut self, root: &Path, path: &str) -> Result<Self> {
        for file in files_below(&root.join(path))? {
            let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
            let bytes = fs::read(&file).with_context(|| format!("{name} cannot be read"))?;
            self = self.with(&name, &bytes);
        }
        Ok(self)
    }

    /// Sixteen hexadecimal digits: enough to tell versions of one program apart.
    pub fn finish(self) -> String {
        let mut digits = String::new();
        for byte in self.0.finalize().iter().take(8) {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        digits
    }
}

/// Whether the stamp says that this step has been done for these inputs.
pub fn is_stamped(stamp: &Path, digest: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|found| found.trim() == digest)
}

/// Records that the step is done. Called last, so that an interrupted step is done again.
pub fn write_stamp(stamp: &Path, digest: &str) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, digest).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// All files below a folder in name order; a file stands for itself, an absent path for nothing.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let Ok(folder) = fs::read_dir(path) else { return Ok(Vec::new()) };
    let mut entries = folder
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("{} cannot be listed", path.display()))?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_below(&entry)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_boundary_changes_the_digest() {
        let one = Fingerprint::of("x").with("a", b"bc").finish();
        let other = Fingerprint::of("x").with("ab", b"c").finish();
        assert_ne!(one, other);
        assert_eq!(one.len(), 16);
    }
}
