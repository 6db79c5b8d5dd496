//! Rows as both engines give them back, and what they become. A row that makes no sense is `Corrupt`, with its
//! table and key; nothing is repaired silently.

use crate::cursor::{self, Place};
use crate::error::StoreError;
use crate::projection::{NEVER_US, corrupt, origin_of, state_of, texts_of};
use crate::query::{DecisionRow, Page};
use crate::stream::{RunWrite, Stream};
use governance::{
    Actor, ActorKind, DecisionId, Event, Origin, PersonId, RunId, Template, Timestamp, WorkspaceId, json,
};
use sqlx::FromRow;

/// One row of the log, with the head of its stream.
#[derive(Debug, FromRow)]
pub struct LogRow {
    pub position: i64,
    pub workspace_id: String,
    pub decision_id: String,
    pub generation: i64,
    pub seq: i64,
    #[sqlx(rename = "type")]
    pub type_name: String,
    pub ts: String,
    pub actor_kind: String,
    pub actor_id: String,
    pub payload: String,
    pub digest: String,
    /// The stream's origin, where the query joined it.
    #[sqlx(default)]
    pub origin: String,
}

impl LogRow {
    fn key(&self) -> String {
        format!("{}/{}/{}/{}", self.workspace_id, self.decision_id, self.generation, self.seq)
    }

    /// The event, its digest checked.
    pub fn event(self) -> Result<Event, StoreError> {
        let fault = |problem: &dyn std::fmt::Display| corrupt("events", self.key(), problem.to_string());
        let payload = json::parse(&self.payload).map_err(|error| fault(&error))?;
        let ts = Timestamp::parse(&self.ts).map_err(|error| fault(&error))?;
        let kind = ActorKind::parse(&self.actor_kind).ok_or_else(|| fault(&"unknown kind of actor"))?;
        let actor = Actor::new(kind, self.actor_id.as_str()).map_err(|error| fault(&error))?;
        let seq = u32::try_from(self.seq).map_err(|error| fault(&error))?;
        Event::restore(seq, &self.type_name, ts, actor, payload, self.digest.clone())
            .map_err(|error| fault(&error))
    }

    /// The decision's id.
    pub fn decision(&self) -> Result<DecisionId, StoreError> {
        decision_id(&self.decision_id, "events")
    }
}

/// The streams that these rows of one decision make up, one for each generation, in order.
pub fn streams(rows: Vec<LogRow>) -> Result<Vec<Stream>, StoreError> {
    let mut streams: Vec<(i64, Stream)> = Vec::new();
    for row in rows {
        let (generation, key) = (row.generation, row.key());
        let origin = origin_of(&row.origin, "streams", &row.key())?;
        let event = row.event()?;
        if streams.last().is_none_or(|(last, _)| *last != generation) {
            streams.push((generation, Stream { origin, events: Vec::new() }));
        }
        if let Some((_, stream)) = streams.last_mut() {
            if usize::try_from(event.seq).ok() != Some(stream.events.len()) {
                return Err(corrupt("events", key, "the stream has a hole"));
            }
            stream.events.push(event);
        }
    }
    Ok(streams.into_iter().map(|(_, stream)| stream).collect())
}

/// One row of a list.
#[derive(Debug, FromRow)]
pub struct ListRow {
    pub decision_id: String,
    pub origin: String,
    pub phase: String,
    pub version: i64,
    pub goal: String,
    pub mode: String,
    pub requester: String,
    pub template: Option<String>,
    pub labels: String,
    pub min_approvals: i64,
    pub approved_until_us: i64,
    pub created_us: i64,
    pub updated_us: i64,
    pub active_approvals: i64,
    pub next_expiry_us: Option<i64>,
}

impl ListRow {
    /// Where the row stands.
    pub fn place(&self) -> Place {
        Place { created_us: self.created_us, id: self.decision_id.clone() }
    }

    /// The row as callers see it at this moment.
    pub fn decision(self, now: Timestamp) -> Result<DecisionRow, StoreError> {
        let key = self.decision_id.clone();
        // Enough of the log at this moment, and enough of those whose approval still counts.
        let approved = self.approved_until_us > now.micros() && self.active_approvals >= self.min_approvals;
        Ok(DecisionRow {
            id: decision_id(&key, "decisions")?,
            origin: origin_of(&self.origin, "decisions", &key)?,
            state: state_of(&self.phase, approved, &key)?,
            version: small(self.version, "decisions", &key)?,
            goal: self.goal,
            mode: self.mode,
            requester: self.requester,
            template: self.template,
            labels: texts_of(&self.labels, "decisions", &key)?,
            min_approvals: small(self.min_approvals, "decisions", &key)?,
            active_approvals: small(self.active_approvals, "decisions", &key)?,
            created_at: Timestamp::from_micros(self.created_us),
            updated_at: Timestamp::from_micros(self.updated_us),
            next_expiry: self.next_expiry_us.filter(|at| *at != NEVER_US).map(Timestamp::from_micros),
        })
    }
}

/// Puts the decision with the id that was searched for in its place among those found by words.
pub fn merge(rows: &mut Vec<ListRow>, exact: Vec<ListRow>, oldest_first: bool) {
    for row in exact {
        if rows.iter().any(|other| other.decision_id == row.decision_id) {
            continue;
        }
        let before = |other: &ListRow| {
            let order = (other.created_us, &other.decision_id).cmp(&(row.created_us, &row.decision_id));
            if oldest_first { order.is_lt() } else { order.is_gt() }
        };
        let at = rows.iter().take_while(|other| before(other)).count();
        rows.insert(at, row);
    }
}

/// Rows as a page, the one beyond it cut off.
pub fn page_of(rows: Vec<ListRow>, limit: usize, now: Timestamp) -> Result<Page<DecisionRow>, StoreError> {
    let page = cursor::cut(rows, limit, ListRow::place);
    let rows = page.rows.into_iter().map(|row| row.decision(now)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page { rows, next: page.next })
}

/// The same in the order of their ends.
pub fn ended_page_of(
    rows: Vec<ListRow>,
    limit: usize,
    now: Timestamp,
) -> Result<Page<DecisionRow>, StoreError> {
    let place = |row: &ListRow| Place { created_us: row.updated_us, id: row.decision_id.clone() };
    let page = cursor::cut(rows, limit, place);
    let rows = page.rows.into_iter().map(|row| row.decision(now)).collect::<Result<Vec<_>, _>>()?;
    Ok(Page { rows, next: page.next })
}

/// One decision of the read model, whole, for dumps.
#[derive(Debug, FromRow)]
#[expect(dead_code, reason = "a dump prints the fields through Debug")]
pub struct DumpRow {
    pub workspace_id: String,
    pub decision_id: String,
    pub origin: String,
    pub phase: String,
    pub version: i64,
    pub goal: String,
    pub mode: String,
    pub requester: String,
    pub template: Option<String>,
    pub labels: String,
    pub min_approvals: i64,
    pub forbid_self_approval: bool,
    pub approved_until_us: i64,
    pub created_us: i64,
    pub updated_us: i64,
}

/// A run.
#[derive(Debug, FromRow)]
pub struct RunRow {
    pub run_id: String,
    pub decision_id: String,
    pub adapter_id: String,
    pub status: String,
    pub started_us: i64,
    pub finished_us: Option<i64>,
    pub bundle: Option<String>,
}

impl RunRow {
    /// The record.
    pub fn record(self) -> Result<RunWrite, StoreError> {
        Ok(RunWrite {
            run_id: run_id(&self.run_id, "runs")?,
            decision_id: decision_id(&self.decision_id, "runs")?,
            adapter_id: self.adapter_id,
            status: self.status,
            started_at: Timestamp::from_micros(self.started_us),
            finished_at: self.finished_us.map(Timestamp::from_micros),
            bundle: self.bundle,
        })
    }
}

/// A template.
#[derive(Debug, FromRow)]
pub struct TemplateRow {
    pub name: String,
    pub body: String,
    pub created_us: i64,
}

impl TemplateRow {
    /// Where the row stands.
    pub fn place(&self) -> Place {
        Place { created_us: self.created_us, id: self.name.clone() }
    }

    /// The template.
    pub fn template(self) -> Result<Template, StoreError> {
        let fault = |problem: String| corrupt("templates", self.name.as_str(), problem);
        let value = json::parse(&self.body).map_err(|error| fault(error.to_string()))?;
        Template::from_value(&value).map_err(|error| fault(error.to_string()))
    }
}

/// Reads a decision id.
pub fn decision_id(text: &str, table: &'static str) -> Result<DecisionId, StoreError> {
    DecisionId::new(text).map_err(|error| corrupt(table, text, error.to_string()))
}

/// Reads a run id.
pub fn run_id(text: &str, table: &'static str) -> Result<RunId, StoreError> {
    RunId::new(text).map_err(|error| corrupt(table, text, error.to_string()))
}

/// Reads a workspace id.
pub fn workspace_id(text: &str, table: &'static str) -> Result<WorkspaceId, StoreError> {
    WorkspaceId::new(text).map_err(|error| corrupt(table, text, error.to_string()))
}

/// Reads an origin of a stream.
pub fn origin(word: &str, key: &str) -> Result<Origin, StoreError> {
    origin_of(word, "streams", key)
}

/// Reads a person id.
pub fn person_id(text: &str, table: &'static str) -> Result<PersonId, StoreError> {
    PersonId::new(text).map_err(|error| corrupt(table, text, error.to_string()))
}

/// Reads a count.
pub fn small(number: i64, table: &'static str, key: &str) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|error| corrupt(table, key, error.to_string()))
}
