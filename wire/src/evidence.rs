//! Evidence: what is brought in, and what a verification says.

use crate::{ConflictMode, VerifiedKind};
use control::view;
use governance::verify;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// A bundle to bring in as evidence. Described here; read by hand, because a bundle's own integers may be of any size.
#[derive(Debug, Clone, ToSchema, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "bundle": { "bundle_version": "0.5" }, "conflict_mode": "reject_on_conflict" }))]
pub struct Import {
    /// The bundle: a JSON object, or the same as text.
    #[schema(schema_with = bundle)]
    #[schemars(with = "serde_json::Value")]
    pub bundle: String,
    /// What to do when the decision's id is taken.
    pub conflict_mode: ConflictMode,
}

fn bundle() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
    let either = SchemaType::from_iter([Type::Object, Type::String]);
    let described = "The bundle: a JSON object, or the same as text.";
    ObjectBuilder::new().schema_type(either).description(Some(described)).into()
}

/// A bundle that was brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Imported {
    /// The decision's id here.
    pub decision_id: String,
    /// Its id in the bundle.
    pub original_id: String,
    /// How many events came.
    pub events: u32,
}

impl From<&view::Imported> for Imported {
    fn from(imported: &view::Imported) -> Self {
        Self {
            decision_id: imported.decision_id.to_string(),
            original_id: imported.original_id.to_string(),
            events: imported.events,
        }
    }
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Verification {
    /// Whether every check holds.
    pub ok: bool,
    /// What was verified.
    pub kind: VerifiedKind,
    /// What the document says of itself.
    pub summary: Vec<Fact>,
    /// The checks, in order.
    pub checks: Vec<Check>,
}

impl From<&verify::Report> for Verification {
    fn from(report: &verify::Report) -> Self {
        let fact = |(name, value): &(&'static str, String)| Fact { name, value: value.clone() };
        Self {
            ok: report.ok,
            kind: report.kind.into(),
            summary: report.summary.iter().map(fact).collect(),
            checks: report.checks.iter().map(Check::from).collect(),
        }
    }
}

/// Something that a document says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Fact {
    /// What.
    pub name: &'static str,
    /// What it says.
    pub value: String,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Check {
    /// Its stable name.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What the document states.
    pub expected: Option<String>,
    /// What was computed or found.
    pub actual: Option<String>,
    /// What the check is about.
    pub detail: &'static str,
}

impl From<&verify::Check> for Check {
    fn from(check: &verify::Check) -> Self {
        Self {
            name: check.name,
            ok: check.ok,
            expected: check.expected.clone(),
            actual: check.actual.clone(),
            detail: check.detail,
        }
    }
}
