//! Writing a group of changes: every table takes one statement, whatever the size of the group. The rows travel
//! as JSON that the calling tasks have written already, so that the one writer does little more than pass it on.

use crate::change::{Change, ModelChange};
use crate::error::StoreError;
use crate::projection::DecisionProjection;
use crate::stream::Appended;
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

/// Begins, and tells where each stream stands and where the log ends. `?1`: `[[workspace, decision], …]`.
pub const CHECK: &str = "
    BEGIN IMMEDIATE;
    SELECT k.key, s.generation, s.version, s.origin, (SELECT max(position) FROM events)
    FROM jsonb_each(?1) AS k
    LEFT JOIN streams AS s ON s.workspace_id = k.value ->> 0 AND s.decision_id = k.value ->> 1";

/// The rows of a group, one parameter for each table. Named `$6` and not `?6`, because the driver counts the
/// latter from the first parameter of each statement.
macro_rules! write_rows {
    ($end:literal) => {
        concat!(
            "
    INSERT INTO streams (generation, workspace_id, decision_id, version, origin)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each($1) WHERE true
    ON CONFLICT (workspace_id, decision_id) DO UPDATE SET version = excluded.version;

    INSERT INTO events (position, generation, workspace_id, decision_id, seq, type, ts, ts_us, actor_kind, actor_id,
                        payload, digest, door)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
           value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12
    FROM jsonb_each($2);

    INSERT INTO outbox (position, workspace_id, decision_id, version, type, created_us)
    SELECT value ->> 0, value ->> 2, value ->> 3, (value ->> 4) + 1, value ->> 5, value ->> 7 FROM jsonb_each($2);

    INSERT INTO decisions (workspace_id, decision_id, origin, phase, version, goal, mode, requester, template, labels,
                           min_approvals, forbid_self_approval, approved_until_us, created_us, updated_us)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
           value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14
    FROM jsonb_each($3);

    UPDATE decisions SET version = r.value ->> 2, approved_until_us = r.value ->> 3, updated_us = r.value ->> 4
    FROM jsonb_each($4) AS r
    WHERE decisions.workspace_id = r.value ->> 0 AND decisions.decision_id = r.value ->> 1;

    UPDATE decisions SET version = r.value ->> 2, approved_until_us = r.value ->> 3, updated_us = r.value ->> 4,
                         phase = r.value ->> 5
    FROM jsonb_each($5) AS r
    WHERE decisions.workspace_id = r.value ->> 0 AND decisions.decision_id = r.value ->> 1;

    INSERT INTO decision_approvals (workspace_id, decision_id, actor_id, granted_us, expires_us, revoked, fills_seat)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
    FROM jsonb_each($6) WHERE true
    ON CONFLICT (workspace_id, decision_id, actor_id) DO UPDATE SET
        granted_us = excluded.granted_us, expires_us = excluded.expires_us, revoked = excluded.revoked,
        fills_seat = excluded.fills_seat;

    INSERT INTO decision_labels (workspace_id, label, created_us, decision_id)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each($7);

    INSERT INTO decision_people (workspace_id, actor_id, created_us, decision_id)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each($8) WHERE true
    ON CONFLICT DO NOTHING;

    INSERT INTO decision_words (workspace_id, word, created_us, decision_id)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each($9);

    INSERT INTO decision_digests (workspace_id, digest, created_us, decision_id)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each($11) WHERE true
    ON CONFLICT DO NOTHING;

    INSERT INTO runs (workspace_id, run_id, decision_id, adapter_id, status, started_us, finished_us, bundle)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
    FROM jsonb_each($10) WHERE true
    ON CONFLICT (workspace_id, run_id) DO UPDATE SET
        decision_id = excluded.decision_id, adapter_id = excluded.adapter_id, status = excluded.status,
        started_us = excluded.started_us, finished_us = excluded.finished_us, bundle = excluded.bundle;

    INSERT INTO daily_figures (workspace_id, day, what, who, number)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each($12) WHERE true
    ON CONFLICT (workspace_id, day, what, who) DO UPDATE SET number = number + excluded.number;
    ",
            $end
        )
    };
}

const WRITE: &str = write_rows!("");
const WRITE_AND_COMMIT: &str = write_rows!("COMMIT");

/// A change with its rows as JSON. Where the writer has to put figures in front, the bracket is left off.
pub struct Prepared {
    stream: String,
    events: Vec<String>,
    decision: String,
    touched: String,
    phased: String,
    approvals: String,
    labels: String,
    people: String,
    words: String,
    digests: String,
    run: String,
    figures: String,
    /// The change; its rows are in the fragments.
    pub change: Change,
}

impl AsRef<Change> for Prepared {
    fn as_ref(&self) -> &Change {
        &self.change
    }
}

impl Prepared {
    /// Writes the rows of a change as JSON.
    pub fn new(change: Change) -> Result<Self, StoreError> {
        let (workspace, id) = (change.workspace.as_str(), change.id.as_str());
        let created_us = change.model.created_us();
        let keyed = |values: &mut dyn Iterator<Item = &String>| {
            rows(values.map(|value| (workspace, value.as_str(), created_us, id)))
        };
        let (mut decision, mut touched, mut phased) = (String::new(), String::new(), String::new());
        let (mut labels, mut words) = (String::new(), String::new());
        match &change.model {
            ModelChange::Whole { rows, .. } => {
                decision = decision_row(workspace, id, rows)?;
                labels = keyed(&mut rows.labels.iter())?;
                words = keyed(&mut rows.words.iter())?;
            }
            ModelChange::Part { phase: None, approved_until_us, updated_us, .. } => {
                touched = row(&(workspace, id, change.version, approved_until_us, updated_us))?;
            }
            ModelChange::Part { phase: Some(phase), approved_until_us, updated_us, .. } => {
                phased = row(&(workspace, id, change.version, approved_until_us, updated_us, phase))?;
            }
        }
        let approvals = rows(change.model.approvals().iter().map(|approval| {
            let actor = approval.actor_id.as_str();
            let (granted, expires) = (approval.granted_us, approval.expires_us);
            (workspace, id, actor, granted, expires, approval.revoked, approval.fills_seat)
        }))?;
        let run = rows(change.run.iter().map(|run| {
            let finished = run.finished_at.map(governance::Timestamp::micros);
            let (run_id, decision) = (run.run_id.as_str(), run.decision_id.as_str());
            (
                workspace,
                run_id,
                decision,
                &run.adapter_id,
                &run.status,
                run.started_at.micros(),
                finished,
                &run.bundle,
            )
        }))?;
        let people = keyed(&mut change.model.people().iter())?;
        let digests = keyed(&mut change.model.digests().iter())?;
        let figures = rows(
            change
                .model
                .figures()
                .iter()
                .map(|(key, number)| (workspace, key.day.as_str(), key.what, key.who.as_str(), *number)),
        )?;
        let events = change.events.iter().map(|event| {
            let (kind, actor) = (event.actor_kind, event.actor_id.as_str());
            let fact = (&event.payload, event.digest.as_str());
            row(&(
                workspace,
                id,
                event.seq,
                event.type_name,
                &event.ts,
                event.ts_us,
                kind,
                actor,
                fact.0,
                fact.1,
                event.door,
            ))
            .map(open)
        });
        let events = events.collect::<Result<Vec<String>, StoreError>>()?;
        let stream = open(row(&(workspace, id, change.version, change.origin))?);
        Ok(Self {
            stream,
            events,
            decision,
            touched,
            phased,
            approvals,
            labels,
            people,
            words,
            digests,
            run,
            figures,
            change,
        })
    }
}

fn decision_row(workspace: &str, id: &str, rows: &DecisionProjection) -> Result<String, StoreError> {
    row(&(
        workspace,
        id,
        rows.origin,
        rows.phase,
        rows.version,
        &rows.goal,
        rows.mode,
        &rows.requester,
        &rows.template,
        &rows.labels_json,
        rows.min_approvals,
        rows.forbid_self_approval,
        rows.approved_until_us,
        rows.created_us,
        rows.updated_us,
    ))
}

/// The parameters of one group.
#[derive(Default)]
pub struct Batch {
    streams: Array,
    events: Array,
    decisions: Array,
    touched: Array,
    phased: Array,
    approvals: Array,
    labels: Array,
    people: Array,
    words: Array,
    runs: Array,
    digests: Array,
    figures: Array,
}

impl Batch {
    /// Adds a change at this generation of its stream; its events follow `head`.
    pub fn add(&mut self, prepared: &Prepared, generation: i64, head: &mut i64) -> Appended {
        self.streams.add(&format!("[{generation},"), &prepared.stream);
        for event in &prepared.events {
            *head += 1;
            self.events.add(&format!("[{head},{generation},"), event);
        }
        self.add_model(prepared);
        self.runs.add("", &prepared.run);
        Appended { version: prepared.change.version, position: *head }
    }

    /// Adds the rows of the read model alone.
    pub fn add_model(&mut self, prepared: &Prepared) {
        self.decisions.add("", &prepared.decision);
        self.touched.add("", &prepared.touched);
        self.phased.add("", &prepared.phased);
        self.approvals.add("", &prepared.approvals);
        self.labels.add("", &prepared.labels);
        self.people.add("", &prepared.people);
        self.words.add("", &prepared.words);
        self.digests.add("", &prepared.digests);
        self.figures.add("", &prepared.figures);
    }

    /// Writes all of it inside the transaction that is open.
    pub async fn write(self, conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        self.execute(WRITE, conn).await
    }

    /// Writes all of it and commits.
    pub async fn commit(self, conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        self.execute(WRITE_AND_COMMIT, conn).await
    }

    async fn execute(self, statement: &'static str, conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        sqlx::query(statement)
            .bind(self.streams.close())
            .bind(self.events.close())
            .bind(self.decisions.close())
            .bind(self.touched.close())
            .bind(self.phased.close())
            .bind(self.approvals.close())
            .bind(self.labels.close())
            .bind(self.people.close())
            .bind(self.words.close())
            .bind(self.runs.close())
            .bind(self.digests.close())
            .bind(self.figures.close())
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// Removes the rows of a decision as it was before. What a projection wrote is known without asking.
pub async fn remove(
    conn: &mut SqliteConnection,
    workspace: &str,
    id: &str,
    stale: &DecisionProjection,
) -> Result<(), sqlx::Error> {
    for statement in [
        "DELETE FROM decisions WHERE workspace_id = ?1 AND decision_id = ?2",
        "DELETE FROM decision_approvals WHERE workspace_id = ?1 AND decision_id = ?2",
    ] {
        sqlx::query(statement).bind(workspace).bind(id).execute(&mut *conn).await?;
    }
    for (statement, values) in [
        (
            "DELETE FROM decision_labels WHERE workspace_id = ?1 AND label = ?2 AND created_us = ?3 AND decision_id = ?4",
            &stale.labels,
        ),
        (
            "DELETE FROM decision_people WHERE workspace_id = ?1 AND actor_id = ?2 AND created_us = ?3 AND decision_id = ?4",
            &stale.people,
        ),
        (
            "DELETE FROM decision_words WHERE workspace_id = ?1 AND word = ?2 AND created_us = ?3 AND decision_id = ?4",
            &stale.words,
        ),
        (
            "DELETE FROM decision_digests WHERE workspace_id = ?1 AND digest = ?2 AND created_us = ?3 AND decision_id = ?4",
            &stale.digests,
        ),
    ] {
        for value in values {
            let query = sqlx::query(statement).bind(workspace).bind(value).bind(stale.created_us).bind(id);
            query.execute(&mut *conn).await?;
        }
    }
    for (key, number) in &stale.figures {
        sqlx::query(
            "UPDATE daily_figures SET number = number - ?5
             WHERE workspace_id = ?1 AND day = ?2 AND what = ?3 AND who = ?4",
        )
        .bind(workspace)
        .bind(&key.day)
        .bind(key.what)
        .bind(&key.who)
        .bind(number)
        .execute(&mut *conn)
        .await?;
        // What became nothing has no row, as after a rebuild.
        sqlx::query(
            "DELETE FROM daily_figures
             WHERE workspace_id = ?1 AND day = ?2 AND what = ?3 AND who = ?4 AND number = 0",
        )
        .bind(workspace)
        .bind(&key.day)
        .bind(key.what)
        .bind(&key.who)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A JSON array in the making.
#[derive(Default)]
pub struct Array(String);

impl Array {
    /// Adds a row, or several that are joined already; nothing when empty.
    pub fn add(&mut self, head: &str, rows: &str) {
        if !rows.is_empty() {
            self.0.push(if self.0.is_empty() { '[' } else { ',' });
            self.0.push_str(head);
            self.0.push_str(rows);
        }
    }

    /// The array.
    pub fn close(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "[]" } else { "]" });
        self.0
    }
}

fn row<T: Serialize>(row: &T) -> Result<String, StoreError> {
    // INVARIANT: tuples of texts and numbers always serialize.
    serde_json::to_string(row).map_err(|error| StoreError::Database(sqlx::Error::Encode(Box::new(error))))
}

fn rows<T: Serialize>(rows: impl Iterator<Item = T>) -> Result<String, StoreError> {
    let mut joined = String::new();
    for one in rows {
        if !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(&row(&one)?);
    }
    Ok(joined)
}

/// Takes the opening bracket off.
fn open(mut row: String) -> String {
    row.remove(0);
    row
}
