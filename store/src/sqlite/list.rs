//! Lists and counts on SQLite. One index drives each question and gives its order; everything else is checked
//! on the rows that it yields. There is no OFFSET, and no count that does not stop.

use super::{SqliteStore, beginning, inbox, last, plans, voices};
use crate::cursor::{self, Place};
use crate::error::StoreError;
use crate::projection::{key, phase_word, plain, words};
use crate::query::{
    Beginnings, COUNT_CAP, Counts, DecisionFilter, DecisionRow, Like, Page, PageRequest, ReadModel, Weight,
    rows_counted,
};
use crate::rows::{self, ListRow};
use async_trait::async_trait;
use governance::{DecisionId, State, Timestamp, WorkspaceId};
use sqlx::{QueryBuilder, Sqlite};

pub(super) const OPEN: &str = " AND d.phase IN ('draft', 'open', 'executing')";

/// What a list is read from, in the order of the list.
enum Driver<'a> {
    Id(&'a str),
    Word(&'a str),
    Person(&'a str),
    Label(&'a str),
    Digest(&'a str),
    People(&'a [String]),
    Table(&'static str),
}

impl Driver<'_> {
    /// The table that has the columns of the order.
    fn order(&self) -> &'static str {
        if matches!(self, Driver::Table(_) | Driver::Id(_) | Driver::People(_)) { "d" } else { "k" }
    }
}

/// One list query: everything but the driver.
pub(super) struct Question<'a> {
    pub workspace: &'a str,
    pub filter: &'a DecisionFilter,
    pub place: Option<&'a Place>,
    pub oldest_first: bool,
    pub limit: usize,
    pub now: Timestamp,
}

#[async_trait]
impl ReadModel for SqliteStore {
    async fn list(
        &self,
        workspace: &WorkspaceId,
        filter: &DecisionFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError> {
        let place = cursor::after(page)?;
        let limit = cursor::limit(page);
        // Nobody sees nothing.
        if [&filter.visible_to, &filter.people].into_iter().flatten().any(Vec::is_empty) {
            return rows::page_of(Vec::new(), limit, now);
        }
        let question = Question {
            workspace: workspace.as_str(),
            filter,
            place: place.as_ref(),
            oldest_first: page.oldest_first,
            limit,
            now,
        };
        let text = filter.text.as_deref().map(plain).filter(|text| !text.trim().is_empty());
        let mut rows = Vec::new();
        match text.as_deref().map(str::trim) {
            None => rows = question.by_filter("").build_query_as().fetch_all(&self.readers).await?,
            Some(text) => {
                let words = words(text);
                if !words.is_empty() {
                    rows = question.by_words("", &words).build_query_as().fetch_all(&self.readers).await?;
                }
                let exact: Vec<ListRow> =
                    question.by_id("", text).build_query_as().fetch_all(&self.readers).await?;
                rows::merge(&mut rows, exact, page.oldest_first);
            }
        }
        rows::page_of(rows, limit, now)
    }

    async fn waiting_for(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<DecisionRow>, StoreError> {
        let place = cursor::after(page)?;
        let limit = cursor::limit(page);
        if actor_ids.is_empty() {
            return rows::page_of(Vec::new(), limit, now);
        }
        let mut query = inbox::page("", workspace.as_str(), actor_ids, place.as_ref(), limit, now);
        rows::page_of(query.build_query_as().fetch_all(&self.readers).await?, limit, now)
    }

    async fn counts(
        &self,
        workspace: &WorkspaceId,
        actor_ids: &[String],
        now: Timestamp,
    ) -> Result<Counts, StoreError> {
        if actor_ids.is_empty() {
            return Ok(Counts::default());
        }
        let mut query = inbox::counts("", workspace.as_str(), actor_ids, now);
        let (waiting, requested, open): (u32, u32, u32) =
            query.build_query_as().fetch_one(&self.readers).await?;
        Ok(Counts { waiting, requested, open })
    }

    async fn template_uses(&self, workspace: &WorkspaceId, name: &str) -> Result<u32, StoreError> {
        let query =
            sqlx::query_scalar(TEMPLATE_USES).bind(workspace.as_str()).bind(key(name)).bind(COUNT_CAP);
        Ok(query.fetch_one(&self.readers).await?)
    }

    async fn last_completed(
        &self,
        workspace: &WorkspaceId,
        like: Like<'_>,
        before: (Timestamp, &DecisionId),
    ) -> Result<Option<DecisionId>, StoreError> {
        last::completed(self, workspace.as_str(), like, before).await
    }

    async fn beginning_with(&self, workspace: &WorkspaceId, text: &str) -> Result<Beginnings, StoreError> {
        beginning::beginning_with(self, workspace.as_str(), text).await
    }

    async fn weights(&self, workspace: &WorkspaceId, ids: &[String]) -> Result<Vec<Weight>, StoreError> {
        beginning::weights(self, workspace.as_str(), ids).await
    }

    async fn query_plans(&self, workspace: &WorkspaceId) -> Result<Vec<(String, String)>, StoreError> {
        plans::query_plans(self, workspace.as_str()).await
    }
}

pub(super) const TEMPLATE_USES: &str = "SELECT count(*) FROM (
    SELECT 1 FROM decisions INDEXED BY decisions_by_template WHERE workspace_id = ?1 AND template = ?2 LIMIT ?3)";

impl Question<'_> {
    /// The page of those whose goals hold all these words.
    pub fn by_words(&self, head: &str, words: &std::collections::BTreeSet<String>) -> QueryBuilder<Sqlite> {
        // The longest word is the rarest one that can be known without statistics.
        let longest = words.iter().max_by_key(|word| word.len()).map_or("", String::as_str);
        let mut query = self.start(head, &Driver::Word(longest));
        for word in words.iter().filter(|word| *word != longest) {
            query.push(
                " AND EXISTS (SELECT 1 FROM decision_words AS w WHERE w.workspace_id = d.workspace_id
                  AND w.created_us = d.created_us AND w.decision_id = d.decision_id AND w.word = ",
            );
            query.push_bind(word.clone()).push(")");
        }
        self.finish(query, "k")
    }

    /// The one with this id, when it matches and belongs on the page.
    pub fn by_id(&self, head: &str, id: &str) -> QueryBuilder<Sqlite> {
        let query = self.start(head, &Driver::Id(id));
        self.finish(query, "d")
    }

    /// The page of those that match, for a filter without a text.
    pub fn by_filter(&self, head: &str) -> QueryBuilder<Sqlite> {
        let driver = self.driver();
        let query = self.start(head, &driver);
        self.finish(query, driver.order())
    }

    /// What a filter without a text is read from.
    fn driver(&self) -> Driver<'_> {
        let filter = self.filter;
        let by_requester = filter.requester.is_some() || filter.visible_to.is_some();
        let lives = matches!(
            filter.state,
            Some(State::Draft | State::PendingApproval | State::Approved | State::Executing)
        );
        // What is open is little beside what is done, so it goes first; then what names one person.
        if let Some(id) = &filter.id {
            Driver::Id(id)
        } else if let Some(digest) = &filter.digest {
            Driver::Digest(digest)
        } else if by_requester && filter.open_only {
            Driver::Table("decisions_open_by_requester")
        } else if lives {
            Driver::Table("decisions_by_phase")
        } else if filter.open_only {
            Driver::Table("decisions_open")
        } else if by_requester {
            Driver::Table("decisions_by_requester")
        } else if let Some(person) = &filter.person {
            Driver::Person(person)
        } else if let Some(label) = &filter.label {
            Driver::Label(label)
        } else if let Some(people) = &filter.people {
            Driver::People(people)
        } else if filter.template.is_some() {
            Driver::Table("decisions_by_template")
        } else if filter.state.is_some() {
            Driver::Table("decisions_by_phase")
        } else {
            Driver::Table("decisions_by_created")
        }
    }

    fn start(&self, head: &str, driver: &Driver<'_>) -> QueryBuilder<Sqlite> {
        let mut query = select(head, self.now);
        self.drive(&mut query, driver);
        query
    }

    /// ` FROM` the driver, `WHERE` it is of the workspace.
    fn drive(&self, query: &mut QueryBuilder<Sqlite>, driver: &Driver<'_>) {
        let side = |query: &mut QueryBuilder<Sqlite>, from: &'static str, value: &str| {
            // CROSS JOIN keeps SQLite from turning the order of the tables round.
            query.push(from).push(
                " AS k CROSS JOIN decisions AS d
                  ON d.workspace_id = k.workspace_id AND d.decision_id = k.decision_id WHERE k.workspace_id = ",
            );
            query.push_bind(self.workspace.to_owned());
            query.push(match from {
                " FROM decision_words" => " AND k.word = ",
                " FROM decision_people" => " AND k.actor_id = ",
                " FROM decision_digests" => " AND k.digest = ",
                _ => " AND k.label = ",
            });
            query.push_bind(value.to_owned());
        };
        match driver {
            Driver::Word(word) => side(query, " FROM decision_words", word),
            Driver::Person(person) => side(query, " FROM decision_people", &plain(person)),
            Driver::Label(label) => side(query, " FROM decision_labels", &key(label)),
            Driver::Digest(digest) => side(query, " FROM decision_digests", &plain(digest)),
            Driver::People(people) => {
                // All that any of them had to do with, each decision once, put in order afterwards: people with several
                // ids are few.
                query.push(
                    " FROM decisions AS d INDEXED BY sqlite_autoindex_decisions_1 WHERE d.workspace_id = ",
                );
                query.push_bind(self.workspace.to_owned());
                query.push(
                    " AND d.decision_id IN
                      (SELECT p.decision_id FROM decision_people AS p WHERE p.workspace_id = ",
                );
                query.push_bind(self.workspace.to_owned()).push(" AND p.actor_id");
                one_of(query, people);
                query.push(")");
            }
            Driver::Table(index) => {
                query.push(" FROM decisions AS d INDEXED BY ").push(index).push(" WHERE d.workspace_id = ");
                query.push_bind(self.workspace.to_owned());
            }
            Driver::Id(id) => {
                query.push(" FROM decisions AS d WHERE d.workspace_id = ");
                query.push_bind(self.workspace.to_owned());
                query.push(" AND d.decision_id = ").push_bind((*id).to_owned());
            }
        }
    }

    fn finish(&self, mut query: QueryBuilder<Sqlite>, order: &'static str) -> QueryBuilder<Sqlite> {
        self.conditions(&mut query);
        bounds(&mut query, order, self.filter, self.place, self.oldest_first);
        let way = if self.oldest_first { "" } else { " DESC" };
        for part in [" ORDER BY ", order, ".created_us", way, ", ", order, ".decision_id", way, " LIMIT "] {
            query.push(part);
        }
        query.push_bind(i64::try_from(self.limit + 1).unwrap_or(1));
        query
    }

    fn conditions(&self, query: &mut QueryBuilder<Sqlite>) {
        let filter = self.filter;
        if let Some(state) = filter.state {
            query.push(" AND d.phase = ").push_bind(phase_word(state));
            match state {
                State::PendingApproval => voices::not_approved(query, self.now),
                State::Approved => voices::approved(query, self.now),
                _ => {}
            }
        }
        if filter.open_only {
            query.push(OPEN);
        }
        if let Some(requester) = &filter.requester {
            query.push(" AND d.requester = ").push_bind(plain(requester));
        }
        if let Some(actors) = &filter.visible_to {
            query.push(" AND d.requester");
            one_of(query, actors);
        }
        if let Some(person) = &filter.person {
            query.push(
                " AND EXISTS (SELECT 1 FROM decision_people AS p WHERE p.workspace_id = d.workspace_id
                  AND p.created_us = d.created_us AND p.decision_id = d.decision_id AND p.actor_id = ",
            );
            query.push_bind(plain(person)).push(")");
        }
        if let Some(label) = &filter.label {
            query.push(
                " AND EXISTS (SELECT 1 FROM decision_labels AS l WHERE l.workspace_id = d.workspace_id
                  AND l.created_us = d.created_us AND l.decision_id = d.decision_id AND l.label = ",
            );
            query.push_bind(key(label)).push(")");
        }
        if let Some(people) = &filter.people {
            query.push(
                " AND EXISTS (SELECT 1 FROM decision_people AS p WHERE p.workspace_id = d.workspace_id
                  AND p.created_us = d.created_us AND p.decision_id = d.decision_id AND p.actor_id",
            );
            one_of(query, people);
            query.push(")");
        }
        if let Some(digest) = &filter.digest {
            query.push(
                " AND EXISTS (SELECT 1 FROM decision_digests AS g WHERE g.workspace_id = d.workspace_id
                  AND g.created_us = d.created_us AND g.decision_id = d.decision_id AND g.digest = ",
            );
            query.push_bind(digest.clone()).push(")");
        }
        if let Some(id) = &filter.id {
            query.push(" AND d.decision_id = ").push_bind(id.clone());
        }
        if let Some(template) = &filter.template {
            query.push(" AND d.template = ").push_bind(key(template));
        }
    }
}

/// How many rows are read, and how many of them match. What an index answers by itself is looked up; the rest of the filter
/// is asked of the rows that come from there, up to a number of them.
pub(super) fn count(
    head: &str,
    workspace: &str,
    filter: &DecisionFilter,
    now: Timestamp,
) -> QueryBuilder<Sqlite> {
    let walked = filter.walked();
    let question = |filter| Question { workspace, filter, place: None, oldest_first: false, limit: 0, now };
    let mut query = QueryBuilder::new(head);
    query.push("SELECT count(*), count(*) FILTER (WHERE matches) FROM (SELECT (TRUE");
    question(filter).conditions(&mut query);
    query.push(") AS matches");
    let rows = question(&walked);
    let driver = rows.driver();
    rows.drive(&mut query, &driver);
    rows.conditions(&mut query);
    bounds(&mut query, driver.order(), &walked, None, false);
    query.push(" LIMIT ").push_bind(rows_counted(filter)).push(")");
    query
}

/// What is compared with these actor ids. One id keeps the order of an index; several are merged from it.
pub(super) fn one_of(query: &mut QueryBuilder<Sqlite>, actor_ids: &[String]) {
    if let [actor] = actor_ids {
        query.push(" = ").push_bind(plain(actor));
        return;
    }
    query.push(" IN (");
    let mut list = query.separated(", ");
    for actor in actor_ids {
        list.push_bind(plain(actor));
    }
    query.push(")");
}

/// The columns of a row, with what stands at this moment.
pub(super) fn select(head: &str, now: Timestamp) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(head);
    query.push(
        "SELECT d.decision_id, d.origin, d.phase, d.version, d.goal, d.mode, d.requester, d.template, d.labels,
                d.min_approvals, d.approved_until_us, d.created_us, d.updated_us, ",
    );
    voices::count(&mut query, now);
    query.push(" AS active_approvals, ");
    voices::next_expiry(&mut query, now);
    query.push(" AS next_expiry_us");
    query
}

/// Where the page begins and the span of time ends.
pub(super) fn bounds(
    query: &mut QueryBuilder<Sqlite>,
    order: &'static str,
    filter: &DecisionFilter,
    place: Option<&Place>,
    oldest_first: bool,
) {
    let (from, until, place) = cursor::narrow(filter, place, oldest_first);
    if let Some(from) = from {
        query.push(" AND ").push(order).push(".created_us >= ").push_bind(from);
    }
    if let Some(until) = until {
        query.push(" AND ").push(order).push(".created_us < ").push_bind(until);
    }
    if let Some(place) = place {
        for part in [" AND (", order, ".created_us, ", order, ".decision_id)"] {
            query.push(part);
        }
        query.push(if oldest_first { " > (" } else { " < (" });
        query.push_bind(place.created_us).push(", ").push_bind(place.id.clone()).push(")");
    }
}
