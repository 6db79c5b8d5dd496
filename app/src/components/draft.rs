//! What stands in the fields of a form that is checked while it is filled in, by their ids: as it was typed, and as the
//! query of an address, in which it travels.

use crate::query::{Query, address};
use leptos::prelude::*;

/// The fields.
#[derive(Clone, Copy)]
pub struct Draft(StoredValue<Vec<(&'static str, RwSignal<String>)>>);

impl Draft {
    /// These fields, with what the query says of them.
    pub fn new(names: &[&[&'static str]], query: &Query) -> Self {
        let each = names.iter().flat_map(|some| some.iter());
        Self(StoredValue::new(each.map(|name| (*name, RwSignal::new(query.get(name)))).collect()))
    }

    /// One field. What is none of them is kept by nobody.
    pub fn field(self, name: &str) -> RwSignal<String> {
        let found =
            self.0.with_value(|all| all.iter().find(|(one, _)| *one == name).map(|(_, value)| *value));
        found.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    /// All that stands in them, but for the field of this name; follows every one of them.
    pub fn query(self, but: &str) -> String {
        let all = self.0.get_value();
        let values: Vec<_> =
            all.iter().filter(|(name, _)| *name != but).map(|(name, value)| (*name, value.get())).collect();
        let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address("", &pairs)
    }
}
