//! What Northwind may run: commands that every machine has and that change nothing, each showing one kind of field.

use control::routers::{FieldConfig, SubprocessConfig};
use std::collections::BTreeMap;

/// Refuses release candidates, so that a failed run is there to be looked at.
const DEPLOY: &str = r#"case "$2" in *-rc*) echo "gate: $2 is a release candidate" >&2; exit 4;; esac
echo "1/3 image $1:$2 pulled"
echo "2/3 canary healthy"
echo "3/3 $1 $2 is live""#;

const ROTATE: &str = r#"echo "new key for $1 issued"
echo "old key stays valid for $2 hours""#;

const RESTART: &str = r#"echo "draining node n3"
echo "node n3 did not drain in time, 2 pods are stuck" >&2
exit 3"#;

/// The demo's adapters.
pub fn adapters() -> Vec<SubprocessConfig> {
    vec![
        adapter(
            "deploy",
            "Rolls a service out to production, canary first",
            &["/bin/sh", "-c", DEPLOY, "deploy", "{service}", "{version}"],
            &["deploy", "apply", "rollback"],
            [("service", text(60)), ("version", text(40))],
        ),
        adapter(
            "rotate-key",
            "Issues a new signing key and retires the old one",
            &["/bin/sh", "-c", ROTATE, "rotate", "{key}", "{overlap_hours}"],
            &["rotate_keys", "apply"],
            [("key", text(80)), ("overlap_hours", FieldConfig::Integer { min: 0, max: 168 })],
        ),
        adapter(
            "export-table",
            "Writes a table to the encrypted vault",
            &["/bin/echo", "table {table} written to the vault, masked: {masked}"],
            &["export", "apply"],
            [("table", text(80)), ("masked", FieldConfig::Boolean)],
        ),
        adapter(
            "dns",
            "Changes one DNS record of northwind.example",
            &["/bin/echo", "{kind} {name} now points to {target}"],
            &["dns", "apply"],
            [("kind", choice(&["A", "AAAA", "CNAME", "TXT"])), ("name", text(120)), ("target", text(200))],
        ),
        adapter(
            "refund",
            "Sends money back to a customer",
            &["/bin/echo", "order {order}: {euros} EUR sent back"],
            &["refund", "apply"],
            [("order", text(40)), ("euros", FieldConfig::Integer { min: 1, max: 50_000 })],
        ),
        adapter(
            "grant-access",
            "Adds somebody to a group until a day",
            &["/bin/echo", "{person} is in {group} until {until}"],
            &["grant_access", "apply"],
            [("person", text(100)), ("group", text(60)), ("until", text(10))],
        ),
        adapter(
            "restart-cluster",
            "Restarts the cluster, node by node",
            &["/bin/sh", "-c", RESTART],
            &["restart", "apply"],
            [],
        ),
    ]
}

fn adapter<const N: usize>(
    name: &str,
    description: &str,
    command: &[&str],
    capabilities: &[&str],
    fields: [(&str, FieldConfig); N],
) -> SubprocessConfig {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    SubprocessConfig {
        name: name.to_owned(),
        description: description.to_owned(),
        command: owned(command),
        capabilities: owned(capabilities),
        timeout_seconds: 30,
        working_dir: None,
        env: Vec::new(),
        secret_env: Vec::new(),
        output_limit_bytes: 16 * 1024,
        fields: fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect::<BTreeMap<_, _>>(),
    }
}

fn text(max_length: usize) -> FieldConfig {
    FieldConfig::Text { max_length, choices: Vec::new() }
}

fn choice(choices: &[&str]) -> FieldConfig {
    FieldConfig::Text { max_length: 40, choices: choices.iter().map(|one| (*one).to_owned()).collect() }
}
