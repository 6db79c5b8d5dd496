//! What is found about one file, for people: a verdict in a word, the checks behind it, digests to compare by eye, and
//! what the file says happened. The browser's module and the server make it alike, from the bytes alone.
//!
//! It refuses to say anything about the content of what it cannot read, and offers no digest of an altered file for
//! comparing: an altered file may still state the digest of the original.

use crate::digest;
use crate::json::{self, Value, object};
use crate::story::{self, Step};
use crate::verify::{self, Check, Kind, VerifyError};
use crate::visible::visible;
use crate::workspace_log;

/// The verdict about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every check holds.
    Verified,
    /// At least one check does not.
    Altered,
    /// Evidence of which a part is missing, so that the checks cannot be made.
    Incomplete,
    /// Nothing that can be checked.
    Unreadable,
}

impl Verdict {
    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Altered => "altered",
            Self::Incomplete => "incomplete",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Why no check could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// No byte in it.
    Empty,
    /// A ZIP archive.
    Archive,
    /// Not UTF-8.
    NotText,
    /// Its end is missing.
    CutOff,
    /// The same key twice in one object.
    DuplicateKey,
    /// Nested deeper than is read.
    TooDeep,
    /// Not JSON for another reason.
    NotJson,
    /// A package, bundle or log that lacks what the checks need.
    PartsMissing,
    /// JSON of another kind.
    NotEvidence,
}

impl Problem {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Empty,
        Self::Archive,
        Self::NotText,
        Self::CutOff,
        Self::DuplicateKey,
        Self::TooDeep,
        Self::NotJson,
        Self::PartsMissing,
        Self::NotEvidence,
    ];

    /// Its stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::Archive => "ARCHIVE",
            Self::NotText => "NOT_TEXT",
            Self::CutOff => "CUT_OFF",
            Self::DuplicateKey => "DUPLICATE_KEY",
            Self::TooDeep => "TOO_DEEP",
            Self::NotJson => "NOT_JSON",
            Self::PartsMissing => "PARTS_MISSING",
            Self::NotEvidence => "NOT_EVIDENCE",
        }
    }

    /// The verdict about a file that has it.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::CutOff | Self::PartsMissing => Verdict::Incomplete,
            _ => Verdict::Unreadable,
        }
    }
}

/// What is found about one file. Texts from the file are visible ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// What the file is, where that can be told.
    pub kind: Option<Kind>,
    /// Why no check could be made, and the same exactly.
    pub problem: Option<(Problem, String)>,
    /// SHA-256 of the file's bytes, as other tools print it.
    pub file_digest: String,
    /// Digests to compare with those from another source, by their names. Of a verified file only.
    pub digests: Vec<(&'static str, String)>,
    /// The checks.
    pub checks: Vec<Check>,
    /// What the file says of itself: name and value.
    pub summary: Vec<(&'static str, String)>,
    /// What it says happened.
    pub story: Vec<Step>,
    /// How many more steps there are.
    pub more_steps: usize,
}

/// Looks at a file.
pub fn of(bytes: &[u8]) -> Finding {
    let file_digest = digest::sha256_hex(bytes);
    match read(bytes) {
        Ok(document) => judged(&document, file_digest),
        Err((problem, detail)) => unread(problem, &detail, file_digest),
    }
}

fn read(bytes: &[u8]) -> Result<Value, (Problem, String)> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err((Problem::Empty, format!("{} bytes", bytes.len())));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err((Problem::Archive, String::new()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| (Problem::NotText, error.to_string()))?;
    json::parse(text).map_err(|error| {
        let ended = text.trim_start().starts_with('{') && error.at >= text.trim_end().len();
        let problem = match error.reason {
            json::DUPLICATE_KEY => Problem::DuplicateKey,
            json::TOO_DEEP => Problem::TooDeep,
            _ if ended => Problem::CutOff,
            _ => Problem::NotJson,
        };
        (problem, error.to_string())
    })
}

fn judged(document: &Value, file_digest: String) -> Finding {
    let report = match verify::verify(document) {
        Ok(report) => report,
        Err(VerifyError::Shape(missing)) => {
            let problem = if is_ours(document) { Problem::PartsMissing } else { Problem::NotEvidence };
            return unread(problem, &missing, file_digest);
        }
        Err(VerifyError::Json(error)) => return unread(Problem::NotJson, &error.to_string(), file_digest),
    };
    let (story, more_steps) = story::of(document);
    let shown = |text: Option<String>| text.map(|text| visible(&text));
    Finding {
        verdict: if report.ok { Verdict::Verified } else { Verdict::Altered },
        kind: Some(report.kind),
        problem: None,
        file_digest,
        digests: if report.ok { digests(report.kind, document) } else { Vec::new() },
        checks: report
            .checks
            .into_iter()
            .map(|check| Check { expected: shown(check.expected), actual: shown(check.actual), ..check })
            .collect(),
        summary: report.summary.into_iter().map(|(name, value)| (name, visible(&value))).collect(),
        story,
        more_steps,
    }
}

fn unread(problem: Problem, detail: &str, file_digest: String) -> Finding {
    Finding {
        verdict: problem.verdict(),
        kind: None,
        problem: Some((problem, visible(detail))),
        file_digest,
        digests: Vec::new(),
        checks: Vec::new(),
        summary: Vec::new(),
        story: Vec::new(),
        more_steps: 0,
    }
}

/// Whether it wants to be evidence: it has a member that only evidence has.
fn is_ours(document: &Value) -> bool {
    let has = |name: &str| document.get(name).is_some();
    let is_log = document.get("format").and_then(Value::as_str) == Some(workspace_log::FORMAT);
    is_log || ["control_bundle", "binding", "package_version", "bundle_version"].into_iter().any(has)
}

/// The digests that were checked, as whoever wrote them down elsewhere knows them.
fn digests(kind: Kind, document: &Value) -> Vec<(&'static str, String)> {
    let at = |path: &[&str]| {
        let found = path.iter().try_fold(document, |value, name| value.get(name)).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    match kind {
        Kind::Package => vec![
            ("Binding digest", at(&["integrity", "binding_digest"])),
            ("Bundle digest", at(&["binding", "control_digest"])),
            ("Run digest", at(&["binding", "router_digest"])),
        ],
        Kind::Bundle => vec![("Bundle digest", at(&["integrity", "canonical_digest"]))],
        Kind::WorkspaceLog => vec![
            ("Log digest", at(&["integrity", "canonical_digest"])),
            ("Chain of the last entry", at(&["head", "chain"])),
        ],
    }
}

impl Finding {
    /// As the browser's module hands it to its page.
    pub fn to_value(&self) -> Value {
        let pairs = |pairs: &[(&str, String)]| {
            let pair =
                |(name, value): &(&str, String)| Value::Array(vec![(*name).into(), value.as_str().into()]);
            Value::Array(pairs.iter().map(pair).collect())
        };
        let check = |check: &Check| {
            object([
                ("name", check.name.into()),
                ("ok", check.ok.into()),
                ("expected", check.expected.clone().into()),
                ("actual", check.actual.clone().into()),
            ])
        };
        let step = |step: &Step| {
            object([
                ("ts", step.ts.as_str().into()),
                ("actor", step.actor.as_str().into()),
                ("event", step.event.as_str().into()),
                ("words", step.words.as_str().into()),
            ])
        };
        let problem = self.problem.as_ref().map(|(problem, detail)| {
            object([("code", problem.as_str().into()), ("detail", detail.as_str().into())])
        });
        object([
            ("verdict", self.verdict.as_str().into()),
            ("kind", self.kind.map(Kind::as_str).into()),
            ("problem", problem.into()),
            ("file_digest", self.file_digest.as_str().into()),
            ("digests", pairs(&self.digests)),
            ("checks", Value::Array(self.checks.iter().map(check).collect())),
            ("summary", pairs(&self.summary)),
            ("story", Value::Array(self.story.iter().map(step).collect())),
            ("more_steps", u32::try_from(self.more_steps).unwrap_or(u32::MAX).into()),
        ])
    }
}
