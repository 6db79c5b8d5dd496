//! Searching all decisions of a workspace, as an auditor asks: by person, label, time, state, template, words, and by what
//! they hold in their hands, a digest or an id. It finds what the caller may see and tells of nothing else.

use crate::{Caller, Control, Error, Operation, Scope};
use governance::{State, Timestamp};
use std::collections::BTreeSet;
use store::query::{Beginnings, DecisionRow, Page};
use store::{DecisionFilter, PageRequest};

/// Fewest digits of a beginning: with fewer, any would do.
pub const FEWEST_DIGITS: usize = 8;
/// Digits of a whole digest.
const WHOLE_DIGITS: usize = 64;
/// Longest text in a field, in characters. Ids and names are shorter.
const LONGEST: usize = 512;

/// What is searched for. Empty texts narrow nothing; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Who requested, approved, rejected or withdrew: a name, an address or an actor id.
    pub person: String,
    /// Label, exactly.
    pub label: String,
    /// State at the moment of the question.
    pub state: Option<State>,
    /// Only what is still open.
    pub open: bool,
    /// Template's name.
    pub template: String,
    /// A digest or the beginning of one, with or without `sha256:`, or a decision's id.
    pub digest: String,
    /// Words of the goal.
    pub words: String,
    /// Asked for at or after.
    pub from: Option<Timestamp>,
    /// Asked for before.
    pub until: Option<Timestamp>,
}

impl Control {
    /// Decisions that match and that the caller may see, newest first.
    pub async fn search(
        &self,
        caller: &Caller,
        search: &Search,
        page: &PageRequest,
    ) -> Result<Page<DecisionRow>, Error> {
        caller.require(Operation::SeeDecisions)?;
        match self.narrowed(caller, search, Operation::SeeDecisions).await? {
            Some(filter) => Ok(self.store.list(&caller.workspace, &filter, page, self.now()).await?),
            None => Ok(Page { rows: Vec::new(), next: None }),
        }
    }

    /// The filter that finds it, as far as the operation lets the caller reach; `None` where nothing can match.
    pub(crate) async fn narrowed(
        &self,
        caller: &Caller,
        search: &Search,
        operation: Operation,
    ) -> Result<Option<DecisionFilter>, Error> {
        let bounded = [
            ("person", &search.person),
            ("label", &search.label),
            ("template", &search.template),
            ("digest", &search.digest),
            ("text", &search.words),
        ];
        for (field, text) in bounded {
            if text.chars().count() > LONGEST {
                let message = format!("this is longer than {LONGEST} characters; nothing here is called so");
                return Err(Error::Invalid { field, message });
            }
        }
        let sees_all =
            [Operation::SeeDecisions, operation].iter().all(|one| caller.scope(*one) == Scope::All);
        let mut filter = DecisionFilter {
            state: search.state,
            open_only: search.open,
            label: given(&search.label),
            template: given(&search.template),
            text: given(&search.words),
            from: search.from,
            until: search.until,
            visible_to: if sees_all { None } else { Some(caller.actor_ids.clone()) },
            ..DecisionFilter::default()
        };
        if let Some(person) = given(&search.person) {
            let mut ids = self.ids_of(caller, person).await?;
            match (ids.pop_first(), ids.is_empty()) {
                (Some(only), true) => filter.person = Some(only),
                (first, _) => filter.people = Some(first.into_iter().chain(ids).collect()),
            }
        }
        if let Some(digest) = given(&search.digest)
            && !self.name_what_is_held(caller, &digest, sees_all, &mut filter).await?
        {
            return Ok(None);
        }
        Ok(Some(filter))
    }

    /// Every actor id that the text may mean: itself, and those of members who are called so. Members are looked up only
    /// for those who may see them; anybody may ask for an id that they know.
    async fn ids_of(&self, caller: &Caller, text: String) -> Result<BTreeSet<String>, Error> {
        // The id itself always: somebody else may bear its text as a name.
        let mut ids = BTreeSet::from([text.clone()]);
        if caller.scope(Operation::SeePeople) == Scope::All {
            let wanted = text.to_lowercase();
            let goes_by = |name: &str| name.to_lowercase() == wanted;
            for person in self.store.people(&caller.workspace).await? {
                let known = goes_by(&person.name)
                    || goes_by(&person.actor_id)
                    || person.aliases.iter().any(|alias| goes_by(alias));
                if known {
                    ids.insert(person.actor_id);
                    ids.extend(person.aliases);
                }
            }
        }
        Ok(ids)
    }

    /// Puts the digest or id that the text stands for into the filter. Answers whether there is one.
    async fn name_what_is_held(
        &self,
        caller: &Caller,
        text: &str,
        sees_all: bool,
        filter: &mut DecisionFilter,
    ) -> Result<bool, Error> {
        let bare = text.strip_prefix("sha256:").or_else(|| text.strip_prefix("SHA256:")).unwrap_or(text);
        let digits = bare.to_ascii_lowercase();
        let is_beginning = digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
            && (FEWEST_DIGITS..=WHOLE_DIGITS).contains(&digits.len());
        // An id is found as it is written; of a system that chose its own ids it may be anything, even what looks like a
        // digest. Written with `sha256:` it is the digest that is meant.
        let exact = self.store.beginning_with(&caller.workspace, text).await?;
        if exact.ids.first().is_some_and(|id| id == text) {
            filter.id = Some(text.to_owned());
            return Ok(true);
        }
        if digits.len() == WHOLE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            filter.digest = Some(digits);
            return Ok(true);
        }
        if !is_beginning {
            let message = format!(
                "this is no digest: write at least {FEWEST_DIGITS} of its hexadecimal digits, or a decision's whole id"
            );
            return if sees_all { Err(Error::Invalid { field: "digest", message }) } else { Ok(false) };
        }
        let Beginnings { digests, ids } = self.store.beginning_with(&caller.workspace, &digits).await?;
        match (digests.as_slice(), ids.as_slice()) {
            ([digest], []) => filter.digest = Some(digest.clone()),
            ([], [id]) => filter.id = Some(id.clone()),
            ([], []) => return Ok(false),
            // Whoever sees a part is not told of what else begins so.
            _ if !sees_all => return Ok(false),
            _ => {
                let message = "more than one digest or id begins with this; write more of it".to_owned();
                return Err(Error::Invalid { field: "digest", message });
            }
        }
        Ok(true)
    }
}

fn given(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() { None } else { Some(text.to_owned()) }
}
