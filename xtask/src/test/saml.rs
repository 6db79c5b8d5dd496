//! SAML, which is off by default because it needs C libraries: installs those, then checks and tests what uses them.
//! Refuses to guess a library's version: that it is there is enough, and its build says the rest.

use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use anyhow::Result;

use super::tally::Tally;
use crate::{debian, process, tree};

const A_WHILE: Duration = Duration::from_secs(10);

/// What shows that a package is there, on systems of other kinds too.
enum Sign {
    Program(&'static str),
    /// By the name that pkg-config knows.
    Library(&'static str),
    /// The library that reads C headers; pkg-config does not know it.
    Clang,
}

const NEEDED: [(&str, Sign); 6] = [
    ("pkg-config", Sign::Program("pkg-config")),
    ("libxml2-dev", Sign::Library("libxml-2.0")),
    ("libxmlsec1-dev", Sign::Library("xmlsec1")),
    ("libssl-dev", Sign::Library("openssl")),
    ("libclang-dev", Sign::Clang),
    ("xmlsec1", Sign::Program("xmlsec1")),
];

/// Clippy over the server with the feature, its doors, then the tests against another implementation.
pub fn check(tally: &mut Tally) -> Result<()> {
    ensure_libraries()?;
    let mut clippy = tree::cargo()?;
    clippy.args(["clippy", "--locked", "--package", "server", "--features", "saml"]);
    process::run(clippy.args(["--", "-D", "warnings"]))?;
    let mut doors = tree::cargo()?;
    doors.args(["test", "--locked", "--package", "server", "--features", "saml", "--test", "it"]);
    super::counted(doors.args(["--", "saml::"]), tally)?;
    let mut tests = tree::cargo()?;
    tests.args(["test", "--locked", "--no-fail-fast", "--manifest-path", "sso/saml-tests/Cargo.toml"]);
    // Their dependencies are built with other features; in one folder the two would push each other out.
    tests.env("CARGO_TARGET_DIR", tree::target_dir()?.join("saml"));
    super::counted(&mut tests, tally)
}

fn ensure_libraries() -> Result<()> {
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(_, sign)| !sign.is_seen()).map(|(package, _)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(&missing, &format!("what SAML is built with ({})", missing.join(", ")))
}

impl Sign {
    fn is_seen(&self) -> bool {
        match self {
            Self::Program(name) => tree::find_program(&[name]).is_some(),
            Self::Library(name) => {
                process::succeeds_within(Command::new("pkg-config").args(["--exists", name]), A_WHILE)
            }
            Self::Clang => {
                env::var_os("LIBCLANG_PATH").is_some()
                    || tree::find_program(&["llvm-config"]).is_some()
                    || is_clang_below(Path::new("/usr/lib"))
            }
        }
    }
}

/// Debian keeps each version in a folder of its own: `/usr/lib/llvm-14/lib/libclang.so`.
fn is_clang_below(libraries: &Path) -> bool {
    let Ok(entries) = fs::read_dir(libraries) else { return false };
    let versions = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with("llvm-"));
    versions.into_iter().any(|version| version.path().join("lib/libclang.so").exists())
}
