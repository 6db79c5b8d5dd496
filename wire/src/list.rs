//! Decisions as rows.

use crate::{Mode, Origin, State, page};
use control::lists::{DecisionRow, Page};
use governance::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct DecisionList {
    /// Its rows.
    pub decisions: Vec<Summary>,
    /// What to give as `after` for the next page; `null` on the last.
    pub next: Option<String>,
}

impl DecisionList {
    /// Of a page of rows.
    pub fn of(found: &Page<DecisionRow>, public_url: &str) -> Self {
        let decisions = found.rows.iter().map(|row| Summary::of(row, public_url)).collect();
        Self { decisions, next: found.next.clone() }
    }
}

/// One decision in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, JsonSchema)]
pub struct Summary {
    /// Its id.
    pub decision_id: String,
    /// Its page, for people.
    #[schema(format = "uri")]
    pub url: String,
    /// Decided here, or brought in as evidence.
    pub origin: Origin,
    /// Its state at this moment.
    pub state: State,
    /// How many events it has.
    pub version: u32,
    /// What is to be achieved.
    pub goal: String,
    /// Rehearsed or real.
    pub mode: Option<Mode>,
    /// Actor id of who asked.
    pub requester: String,
    /// The name of the template that its rules came from.
    pub template: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Approvals that count now.
    pub approvals_current: u32,
    /// Approvals needed.
    pub approvals_required: u32,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When something last happened.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// The next moment at which an approval that counts now lapses.
    #[schema(format = DateTime)]
    pub next_expiry: Option<String>,
}

impl Summary {
    /// Of a row.
    pub fn of(row: &DecisionRow, public_url: &str) -> Self {
        Self {
            decision_id: row.id.to_string(),
            url: page(public_url, &row.id),
            origin: row.origin.into(),
            state: row.state.into(),
            version: row.version,
            goal: row.goal.clone(),
            mode: governance::Mode::parse(&row.mode).map(Mode::from),
            requester: row.requester.clone(),
            template: row.template.clone(),
            labels: row.labels.clone(),
            approvals_current: row.active_approvals,
            approvals_required: row.min_approvals,
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
            next_expiry: row.next_expiry.as_ref().map(Timestamp::to_string),
        }
    }
}
