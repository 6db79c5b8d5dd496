//! A list that is here whole, shown a page at a time: people and keys of a workspace are few enough to be read at once
//! and too many to be looked at at once.

use crate::query::address;
use leptos::prelude::*;

/// Rows on one page.
const ROWS: usize = 50;

/// One page of a list.
pub struct Part<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// How many rows the whole list has.
    pub total: usize,
    /// Which page it is, from 1.
    number: usize,
    /// The last page.
    last: usize,
}

impl<T> Part<T> {
    /// The page of this number, as an address says it. What is no number, or lies outside, is the nearest page.
    pub fn of(rows: Vec<T>, number: &str) -> Self {
        let total = rows.len();
        let last = total.div_ceil(ROWS).max(1);
        let number = number.parse().unwrap_or(1_usize).clamp(1, last);
        let rows = rows.into_iter().skip((number - 1) * ROWS).take(ROWS).collect();
        Self { rows, total, number, last }
    }

    /// Links to the pages beside it; nothing where there is only one. `kept` is what else the address says.
    pub fn pager(&self, path: &str, kept: &[(&str, &str)]) -> Option<AnyView> {
        let to = |number: usize| {
            let number = number.to_string();
            address(path, &[kept, &[("page", number.as_str())]].concat())
        };
        let before = (self.number > 1).then(|| to(self.number - 1));
        let after = (self.number < self.last).then(|| to(self.number + 1));
        (self.last > 1).then(|| {
            view! {
                <nav class="pager" aria-label="Pages">
                    {before.map(|href| view! { <a class="button quiet" href=href rel="prev">"Previous page"</a> })}
                    <span class="quiet-text">{format!("Page {} of {}", self.number, self.last)}</span>
                    {after.map(|href| view! { <a class="button quiet" href=href rel="next">"Next page"</a> })}
                </nav>
            }
            .into_any()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn a_page_outside_of_the_list_is_the_nearest() {
        let cases = [("", 0, 50), ("1", 0, 50), ("3", 100, 20), ("9", 100, 20), ("0", 0, 50), ("x", 0, 50)];
        for (number, first, rows) in cases {
            let part = Part::of((0..120).collect(), number);
            assert_eq!((part.rows.first(), part.rows.len()), (Some(&first), rows), "{number}");
        }
        let none = Part::<u8>::of(Vec::new(), "2");
        assert!(none.rows.is_empty() && none.pager("/x", &[]).is_none());
    }
}
