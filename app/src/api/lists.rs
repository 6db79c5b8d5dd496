//! Lists of decisions: the inbox, and everything with filters.

use crate::api::Who;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Decision id.
    pub id: String,
    /// Goal.
    pub goal: String,
    /// State's word.
    pub state: String,
    /// Mode's word.
    pub mode: String,
    /// Who asked.
    pub requester: Who,
    /// Template's name.
    pub template: Option<String>,
    /// Labels.
    pub labels: Vec<String>,
    /// Approvals that count now.
    pub given: u32,
    /// Approvals needed.
    pub needed: u32,
    /// When it was asked for, microseconds.
    pub created_at: i64,
    /// When an approval that counts lapses next.
    pub next_expiry: Option<i64>,
    /// Imported evidence.
    pub imported: bool,
}

/// A page of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<Row>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// The inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Waiting for the reader, oldest first.
    pub waiting: Rows,
    /// The reader's own open requests, newest first.
    pub requested: Rows,
    /// How many wait.
    pub waiting_count: u32,
    /// How many of theirs are open.
    pub requested_count: u32,
    /// How many are open in all.
    pub open_count: u32,
    /// Whether the reader may approve at all.
    pub approver: bool,
    /// Whether the reader may create requests.
    pub requests: bool,
}

/// What a list is narrowed to; empty text narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// State's word, or `open`.
    pub state: String,
    /// Who requested, approved or ended it.
    pub person: String,
    /// Label.
    pub label: String,
    /// Template's name.
    pub template: String,
    /// Words of the goal, or an id.
    pub text: String,
    /// First day, `2026-11-21`.
    pub from: String,
    /// Last day, included.
    pub until: String,
    /// Cursor.
    pub after: String,
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use super::{Filter, Inbox, Row, Rows};
    use crate::api::Who;
    use crate::error::AppError;
    use control::lists::{DecisionFilter, DecisionRow, Page, PageRequest};
    use control::{Caller, Control, Operation, Scope};
    use governance::{Origin, State, Timestamp};
    use std::collections::{BTreeMap, BTreeSet};

    /// What waits for the reader, and what they wait for.
    pub(crate) async fn inbox(control: &Control, caller: &Caller, after: &str) -> Result<Inbox, AppError> {
        let counts = control.counts(caller).await?;
        let waiting = control.inbox(caller, &page(after, true)).await?;
        let mine = DecisionFilter {
            open_only: true,
            requester: Some(caller.actor.id().to_owned()),
            ..DecisionFilter::default()
        };
        let requested =
            control.list(caller, mine, &PageRequest { limit: 10, ..PageRequest::default() }).await?;
        Ok(Inbox {
            waiting: rows(control, caller, waiting).await?,
            requested: rows(control, caller, requested).await?,
            waiting_count: counts.waiting,
            requested_count: counts.requested,
            open_count: counts.open,
            approver: caller.scope(Operation::Approve) != Scope::No,
            requests: caller.scope(Operation::CreateRequest) != Scope::No,
        })
    }

    /// Decisions that match.
    pub(crate) async fn decisions(
        control: &Control,
        caller: &Caller,
        filter: Filter,
    ) -> Result<Rows, AppError> {
        let page = page(&filter.after, false);
        let found = control.list(caller, narrowed(filter)?, &page).await?;
        rows(control, caller, found).await
    }

    pub(crate) fn page(after: &str, oldest_first: bool) -> PageRequest {
        PageRequest { after: given(after), limit: 25, oldest_first }
    }

    fn given(text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() { None } else { Some(text.to_owned()) }
    }

    fn narrowed(filter: Filter) -> Result<DecisionFilter, AppError> {
        let until = day(&filter.until, "until")?.map(|midnight| midnight.plus_seconds(86_400));
        Ok(DecisionFilter {
            state: State::parse(&filter.state),
            open_only: filter.state == "open",
            person: given(&filter.person),
            requester: None,
            label: given(&filter.label),
            template: given(&filter.template),
            text: given(&filter.text),
            from: day(&filter.from, "from")?,
            until,
            visible_to: None,
        })
    }

    fn day(text: &str, field: &str) -> Result<Option<Timestamp>, AppError> {
        let Some(text) = given(text) else { return Ok(None) };
        let wrong = |_| AppError::Invalid {
            field: field.to_owned(),
            message: format!("the day `{text}` cannot be read; write it as 2026-11-21"),
        };
        Timestamp::parse(&format!("{text}T00:00:00Z")).map(Some).map_err(wrong)
    }

    async fn rows(control: &Control, caller: &Caller, page: Page<DecisionRow>) -> Result<Rows, AppError> {
        let actors: BTreeSet<&str> = page.rows.iter().map(|found| found.requester.as_str()).collect();
        let actors: Vec<String> = actors.into_iter().map(str::to_owned).collect();
        let names = control.names(caller, &actors).await?;
        let rows = page.rows.into_iter().map(|found| row(found, &names)).collect();
        Ok(Rows { rows, next: page.next })
    }

    fn row(found: DecisionRow, names: &BTreeMap<String, String>) -> Row {
        Row {
            id: found.id.as_str().to_owned(),
            goal: found.goal,
            state: found.state.as_str().to_owned(),
            mode: found.mode,
            requester: who(found.requester, names),
            template: found.template,
            labels: found.labels,
            given: found.active_approvals,
            needed: found.min_approvals,
            created_at: found.created_at.micros(),
            next_expiry: found.next_expiry.map(Timestamp::micros),
            imported: found.origin == Origin::Imported,
        }
    }

    /// An actor, named. A key says that it is one: its name alone could be anybody's.
    pub(crate) fn who(id: String, names: &BTreeMap<String, String>) -> Who {
        let name = match names.get(&id) {
            Some(name) if id.starts_with(control::key::PREFIX) => format!("{name} (API key)"),
            Some(name) => name.clone(),
            None => id.clone(),
        };
        Who { id, name }
    }
}
