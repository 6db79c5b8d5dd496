//! What an archive says of itself: what was asked, which decisions it holds at which version, and the SHA-256 of every file.
//! Canonical JSON, so that the same archive has the same manifest.

use governance::json::{Value, object};

/// What the manifest calls itself.
pub const FORMAT: &str = "nexus-control.archive";
/// The format's version.
pub const FORMAT_VERSION: &str = "1";

/// One decision in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its folder in `decisions/`.
    pub folder: String,
    /// Version of its stream: how many events stand in its bundle.
    pub version: u32,
    /// Position of its last event in the server's log.
    pub position: i64,
    /// Whether it came from elsewhere.
    pub imported: bool,
    /// State after its last event.
    pub status: String,
    /// Digest of its bundle.
    pub bundle_digest: String,
    /// Binding digest of its package, where there is one.
    pub binding_digest: Option<String>,
    /// Why there is no package although it ran.
    pub missing: Option<&'static str>,
    /// Goal.
    pub goal: String,
    /// Mode's word.
    pub mode: &'static str,
    /// Actor id of the requester.
    pub requester: String,
    /// Template's name, or empty.
    pub template: String,
    /// Labels.
    pub labels: Vec<String>,
    /// When it was asked for, UTC.
    pub created_at: String,
    /// When something last happened, UTC.
    pub updated_at: String,
}

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// SHA-256, bare hexadecimal.
    pub sha256: String,
    /// Its size in bytes, unpacked.
    pub size: u64,
}

/// The manifest. `head` says for whom and by which filter it was made.
pub fn manifest(head: Value, listed: &[Listed], files: &[Entry]) -> Value {
    let Value::Object(mut map) = head else { return head };
    let position = listed.iter().map(|one| one.position).max().unwrap_or(0);
    let members = [
        ("format", FORMAT.into()),
        ("format_version", FORMAT_VERSION.into()),
        ("count", number(listed.len())),
        ("log_position", Value::Int(position.to_string())),
        ("decisions", Value::Array(listed.iter().map(decision).collect())),
        ("files", Value::Array(files.iter().map(file).collect())),
    ];
    map.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Object(map)
}

fn decision(one: &Listed) -> Value {
    let mut value = object([
        ("decision_id", one.id.as_str().into()),
        ("folder", format!("decisions/{}", one.folder).into()),
        ("version", one.version.into()),
        ("log_position", Value::Int(one.position.to_string())),
        ("origin", if one.imported { "imported" } else { "native" }.into()),
        ("status", one.status.as_str().into()),
        ("bundle_digest", one.bundle_digest.as_str().into()),
    ]);
    if let Value::Object(map) = &mut value {
        let more = [("binding_digest", one.binding_digest.as_deref()), ("package_missing", one.missing)];
        map.extend(more.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
    }
    value
}

fn file(entry: &Entry) -> Value {
    object([
        ("name", entry.name.as_str().into()),
        ("sha256", entry.sha256.as_str().into()),
        ("size", Value::Int(entry.size.to_string())),
    ])
}

fn number(count: usize) -> Value {
    Value::Int(count.to_string())
}
