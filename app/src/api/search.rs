//! What the audit page is asked with: its address, read the same way by the page and by the door that gives the archive.

use crate::query::{Query, address};
use control::Error;
use control::search::Search;
use governance::{State, Timestamp};

/// The fields as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Name, address or actor id.
    pub person: String,
    /// Label.
    pub label: String,
    /// State's word, or `open`.
    pub state: String,
    /// Template's name.
    pub template: String,
    /// Digest, its beginning, or an id.
    pub digest: String,
    /// Words of the goal.
    pub text: String,
    /// First day.
    pub from: String,
    /// Last day, included.
    pub until: String,
    /// Cursor.
    pub after: String,
}

impl Typed {
    /// Reads an address' query.
    pub fn of(query: &Query) -> Self {
        let get = |name: &str| query.get(name).trim().to_owned();
        Self {
            person: get("person"),
            label: get("label"),
            state: get("state"),
            template: get("template"),
            digest: get("digest"),
            text: get("text"),
            from: get("from"),
            until: get("until"),
            after: get("after"),
        }
    }

    /// The address with these fields; `after` is the page.
    pub fn address(&self, path: &str, after: &str) -> String {
        let pairs = [
            ("person", self.person.as_str()),
            ("label", &self.label),
            ("state", &self.state),
            ("template", &self.template),
            ("digest", &self.digest),
            ("text", &self.text),
            ("from", &self.from),
            ("until", &self.until),
            ("after", after),
        ];
        address(path, &pairs)
    }

    /// Whether nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        *self == Self { after: self.after.clone(), ..Self::default() }
    }

    /// As the use cases want it. Fails with `Invalid` for a day that is none and a state that nobody knows: an archive of
    /// everything is not what somebody meant who mistyped.
    pub fn search(&self) -> Result<Search, Error> {
        let open = self.state == "open";
        let state = State::parse(&self.state);
        if state.is_none() && !open && !self.state.is_empty() {
            let message = "there is no such state; choose one of the list".to_owned();
            return Err(Error::Invalid { field: "state", message });
        }
        let (from, until) = (day(&self.from, "from")?, day(&self.until, "until")?);
        if from > until && until.is_some() {
            let message = "the last day is before the first; nothing lies between them".to_owned();
            return Err(Error::Invalid { field: "until", message });
        }
        Ok(Search {
            person: self.person.clone(),
            label: self.label.clone(),
            state,
            open,
            template: self.template.clone(),
            digest: self.digest.clone(),
            words: self.text.clone(),
            from,
            until: until.map(|midnight| midnight.plus_seconds(86_400)),
        })
    }
}

/// The beginning of a day, UTC.
fn day(text: &str, field: &'static str) -> Result<Option<Timestamp>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| Error::Invalid { field, message: "this is no day; write it as 2026-11-21".to_owned() };
    Timestamp::parse(&format!("{text}T00:00:00Z")).map(Some).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::{Query, Typed};

    fn typed(query: &str) -> Typed {
        Typed::of(&Query::parse(query))
    }

    #[test]
    fn an_address_reads_back() {
        let asked = typed(
            "person=Ben+Okafor&label=prod%2Feu&state=open&template=t&digest=sha256%3Aab&text=a%26b&from=2026-11-01&until=2026-11-30&after=x",
        );
        let address = asked.address("/audit", "x");
        assert_eq!(typed(address.split_once('?').unwrap().1), asked);
        assert_eq!(typed("").address("/audit", ""), "/audit");
        assert!(typed("after=x").is_empty() && !typed("text=x").is_empty());
    }

    #[test]
    fn days_are_whole_and_in_utc() {
        let search = typed("from=2026-11-21&until=2026-11-21").search().unwrap();
        let span = search.until.unwrap().micros() - search.from.unwrap().micros();
        assert_eq!(span, 86_400_000_000);
    }

    #[test]
    fn what_was_mistyped_does_not_find_everything() {
        for query in [
            "from=yesterday",
            "until=2026-13-01",
            "state=aproved",
            "from=2026-11-22&until=2026-11-21",
            "from=2026-11-21T00:00:00Z",
        ] {
            assert!(typed(query).search().is_err(), "{query}");
        }
        for query in ["", "state=open", "state=completed", "from=2026-11-21", "until=2026-11-21"] {
            assert!(typed(query).search().is_ok(), "{query}");
        }
    }
}
