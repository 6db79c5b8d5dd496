//! The supply gate over `deny.toml`: cargo-deny where it is installed, else the same three checks over `cargo metadata`.
//! Refuses to compile cargo-deny by itself, which takes longer than all our tests; and refuses settings it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::licence;
use crate::{process, tree};

/// Fails with every violation at once.
pub fn check() -> Result<()> {
    if tree::find_program(&["cargo-deny"]).is_some() {
        // Advisories need a database from the network; these three do not.
        return process::run(tree::cargo()?.args(["deny", "check", "bans", "licenses", "sources"]));
    }
    process::say("cargo-deny is not installed: checking deny.toml against cargo metadata");
    let text = fs::read_to_string(tree::root()?.join("deny.toml")).context("deny.toml cannot be read")?;
    let rules: toml::Table = text.parse().context("deny.toml is no TOML")?;
    let metadata = process::capture(tree::cargo()?.args(["metadata", "--locked", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let graph = Graph::read(&metadata)?;
    let mut complaints = licences(&rules, &graph);
    complaints.extend(bans(&rules, &graph));
    complaints.extend(sources(&graph));
    if complaints.is_empty() {
        process::say(&format!("{} packages keep the rules of deny.toml", graph.packages.len()));
        return Ok(());
    }
    bail!("{} violations of deny.toml:\n  {}", complaints.len(), complaints.join("\n  "))
}

struct Package {
    name: String,
    version: String,
    licence: String,
    source: Option<String>,
}

struct Graph {
    packages: BTreeMap<String, Package>,
    /// Names of the packages that use a package, by its id.
    users: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Only what the resolver chose: metadata also lists packages behind features that are off.
    fn read(metadata: &Value) -> Result<Self> {
        let nodes =
            metadata.pointer("/resolve/nodes").and_then(Value::as_array).context("no resolved graph")?;
        let resolved: BTreeSet<&str> = nodes.iter().map(|node| text(node, "id")).collect();
        let listed = metadata.get("packages").and_then(Value::as_array).context("no packages")?;
        let mut packages = BTreeMap::new();
        for package in listed.iter().filter(|package| resolved.contains(text(package, "id"))) {
            let source = package.get("source").and_then(Value::as_str).map(str::to_owned);
            let read = Package {
                name: text(package, "name").to_owned(),
                version: text(package, "version").to_owned(),
                licence: text(package, "license").to_owned(),
                source,
            };
            packages.insert(text(package, "id").to_owned(), read);
        }
        let mut used_by: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in nodes {
            let Some(user) = packages.get(text(node, "id")) else { continue };
            for dependency in node.get("dependencies").and_then(Value::as_array).into_iter().flatten() {
                let dependency = dependency.as_str().unwrap_or_default().to_owned();
                used_by.entry(dependency).or_default().insert(user.name.clone());
            }
        }
        Ok(Self { packages, users: used_by })
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn licences(rules: &toml::Table, graph: &Graph) -> Vec<String> {
    let section = rules.get("licenses");
    let general = strings(section.and_then(|section| section.get("allow")));
    let mut complaints = Vec::new();
    // Packages of this workspace have no source and are ours.
    for package in graph.packages.values().filter(|package| package.source.is_some()) {
        let mut allowed = general.clone();
        for exception in tables(section.and_then(|section| section.get("exceptions"))) {
            if name_of(exception) == package.name {
                allowed.extend(strings(exception.get("allow")));
            }
        }
        if !licence::satisfies(&package.licence, &|licence| allowed.contains(licence)) {
            complaints.push(format!("{} {}: licence `{}`", package.name, package.version, package.licence));
        }
    }
    complaints
}

fn bans(rules: &toml::Table, graph: &Graph) -> Vec<String> {
    let mut complaints = Vec::new();
    for rule in tables(rules.get("bans").and_then(|section| section.get("deny"))) {
        let name = name_of(rule);
        let found: Vec<_> = graph.packages.iter().filter(|(_, package)| package.name == name).collect();
        if rule.get("deny-multiple-versions").and_then(toml::Value::as_bool) == Some(true) {
            if found.len() > 1 {
                let versions: Vec<_> = found.iter().map(|(_, package)| package.version.as_str()).collect();
                complaints
                    .push(format!("{name}: only one version may be used, not {}", versions.join(" and ")));
            }
            continue;
        }
        let wrappers = strings(rule.get("wrappers"));
        for (id, package) in found {
            let users = graph.users.get(id).into_iter().flatten();
            let wrong: Vec<_> = users.filter(|user| !wrappers.contains(*user)).map(String::as_str).collect();
            if !wrong.is_empty() {
                complaints.push(format!(
                    "{name} {}: banned, but used by {}",
                    package.version,
                    wrong.join(", ")
                ));
            }
        }
    }
    complaints
}

/// One registry and nothing else: a git dependency can change or vanish under a lock file.
fn sources(graph: &Graph) -> Vec<String> {
    let sources: BTreeSet<&str> =
        graph.packages.values().filter_map(|package| package.source.as_deref()).collect();
    let (registries, others): (Vec<&str>, Vec<&str>) = sources
        .into_iter()
        .partition(|source| source.starts_with("registry+") || source.starts_with("sparse+"));
    let mut complaints: Vec<_> =
        others.iter().map(|source| format!("source `{source}` is no registry")).collect();
    if registries.len() > 1 {
        complaints.push(format!("more than one registry: {}", registries.join(", ")));
    }
    complaints
}

fn name_of(rule: &toml::Table) -> &str {
    rule.get("crate").and_then(toml::Value::as_str).unwrap_or_default()
}

fn tables(value: Option<&toml::Value>) -> impl Iterator<Item = &toml::Table> {
    value.and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_table)
}

fn strings(value: Option<&toml::Value>) -> BTreeSet<String> {
    let items = value.and_then(toml::Value::as_array).into_iter().flatten();
    items.filter_map(toml::Value::as_str).map(str::to_owned).collect()
}
