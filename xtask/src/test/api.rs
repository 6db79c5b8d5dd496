//! The machines' interface, from outside: a client that knows the OpenAPI document and nothing else, and schemathesis, which
//! calls every operation with what the document allows and what it does not.
//! Refuses a server that others use: it really asks, approves and runs.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::{demo::Demo, python};
use crate::{process, tree};

const FOLDER: &str = "api/tests";

/// Asks this server binary.
pub fn check(server: &Path) -> Result<()> {
    let programs = python::ensure("api", &format!("{FOLDER}/requirements.txt"))?;
    let python = programs.join("python");
    let demo = Demo::start(server, &python, "api")?;
    let mut contract = Command::new(python);
    contract.arg(tree::root()?.join(FOLDER).join("contract.py"));
    contract.env("SCHEMATHESIS", programs.join("schemathesis"));
    // No folder of compiled files beside the sources.
    contract.env("PYTHONDONTWRITEBYTECODE", "1");
    process::run(demo.tell(&mut contract))
}
