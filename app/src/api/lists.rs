//! Lists of decisions: the inbox, and everything with filters. What is only read of them travels as it was made.

#[cfg(feature = "ssr")]
use crate::api::Who;
use crate::components::made::Made;
use serde::{Deserialize, Serialize};

/// One row.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Decision id.
    pub id: String,
    /// Goal, shortened.
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
    /// When something last happened: of what is over, its end.
    pub updated_at: i64,
    /// When an approval that counts lapses next.
    pub next_expiry: Option<i64>,
    /// Imported evidence.
    pub imported: bool,
}

/// A page of rows.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<Row>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// The lists of an inbox, in the order of its tabs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InboxTab {
    /// What waits for the reader, most urgent first.
    #[default]
    Mine,
    /// The reader's own open requests, newest first.
    Requested,
    /// All that is open, newest first.
    Open,
    /// What ended lately, newest end first.
    Decided,
}

impl InboxTab {
    /// Every tab.
    pub const ALL: [Self; 4] = [Self::Mine, Self::Requested, Self::Open, Self::Decided];

    /// Its word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Requested => "requested",
            Self::Open => "open",
            Self::Decided => "decided",
        }
    }

    /// Reads the word; none for what is no tab.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.as_str() == word)
    }
}

/// One tab of the inbox, with the numbers of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Which.
    pub tab: InboxTab,
    /// How many there are behind each tab, in their order.
    pub counts: [u32; 4],
    /// Whether the reader may approve at all.
    pub approver: bool,
    /// Its rows, or why there are none.
    pub list: Made,
}

/// Decisions that match, with the form that narrows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// All of it.
    pub body: Made,
    /// Whether a filter makes no sense.
    pub wrong: bool,
}

/// What a list is narrowed to; empty text narrows nothing.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    use super::{Filter, Found, Inbox, InboxTab, Row, Rows};
    use crate::api::Who;
    use crate::components::made::Made;
    use crate::error::AppError;
    use crate::pages::decisions::found;
    use crate::pages::inbox::list::{List, list};
    use crate::pages::inbox::words;
    use crate::query::Query;
    use crate::text::shortened;
    use control::lists::{DecisionFilter, DecisionRow, Page, PageRequest};
    use control::{Caller, Control, Operation, Scope};
    use governance::{Origin, State, Timestamp};
    use std::collections::{BTreeMap, BTreeSet};

    /// Most characters of a goal in a list: more than two lines of it are not seen.
    const GOAL: usize = 240;

    /// One tab of the inbox. Without a word the reader's own: what waits for them, or what they wait for.
    pub(crate) async fn inbox(
        control: &Control,
        caller: &Caller,
        tab: &str,
        after: &str,
    ) -> Result<Inbox, AppError> {
        let approver = caller.scope(Operation::Approve) != Scope::No;
        let own = if approver { InboxTab::Mine } else { InboxTab::Requested };
        let tab = InboxTab::parse(tab).unwrap_or(own);
        let found = match tab {
            InboxTab::Mine => control.urgent(caller, &page(after, true)).await?,
            InboxTab::Requested | InboxTab::Open => {
                let mine = (tab == InboxTab::Requested).then(|| caller.actor.id().to_owned());
                let filter = DecisionFilter { open_only: true, requester: mine, ..DecisionFilter::default() };
                control.list(caller, filter, &page(after, false)).await?
            }
            InboxTab::Decided => control.ended_lately(caller, &page(after, false)).await?,
        };
        let counts = control.counts(caller).await?;
        let ended = control.count_ended_lately(caller).await?;
        let why = match found.rows.first() {
            Some(first) if tab == InboxTab::Mine && after.is_empty() && found.rows.len() > 1 => {
                words::why_first(first.next_expiry, first.mode == "apply")
            }
            _ => String::new(),
        };
        let made = List {
            tab,
            rows: rows(control, caller, found).await?,
            why,
            approver,
            requests: caller.scope(Operation::CreateRequest) != Scope::No,
            any_open: counts.open > 0,
        };
        Ok(Inbox {
            tab,
            counts: [counts.waiting, counts.requested, counts.open, ended],
            approver,
            list: Made::of(list(made, after)),
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

    /// The page of those that match, by the query of its address.
    pub(crate) async fn found(control: &Control, caller: &Caller, search: &str) -> Result<Found, AppError> {
        let query = Query::parse(search);
        match matching(control, caller, &query).await {
            Ok(matching) => Ok(Found { body: Made::of(found::shown(matching, &query)), wrong: false }),
            Err(error @ AppError::Invalid { .. }) => {
                Ok(Found { body: Made::of(found::wrong_filter(&error, &query)), wrong: true })
            }
            Err(error) => Err(error),
        }
    }

    async fn matching(
        control: &Control,
        caller: &Caller,
        query: &Query,
    ) -> Result<found::Matching, AppError> {
        let filter = found::filter(query);
        let total = control.count(caller, narrowed(filter.clone())?).await?;
        let week_ago = control.now().plus_seconds(-7 * 86_400).to_string();
        Ok(found::Matching {
            rows: decisions(control, caller, filter).await?,
            total,
            me: caller.actor.id().to_owned(),
            week_ago: week_ago.get(..10).unwrap_or_default().to_owned(),
        })
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
            label: given(&filter.label),
            template: given(&filter.template),
            text: given(&filter.text),
            from: day(&filter.from, "from")?,
            until,
            ..DecisionFilter::default()
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
            goal: shortened(&found.goal, GOAL),
            state: found.state.as_str().to_owned(),
            mode: found.mode,
            requester: who(found.requester, names),
            template: found.template,
            labels: found.labels,
            given: found.active_approvals,
            needed: found.min_approvals,
            created_at: found.created_at.micros(),
            updated_at: found.updated_at.micros(),
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
