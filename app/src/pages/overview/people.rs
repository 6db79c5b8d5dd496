//! Who approved how often: bars for those who did most, and everybody who is drawn by month in the table behind. It
//! refuses to draw two hundred people: the others are one bar.

use super::charts::{Bar, bars, spark};
use super::words::{self, counted, grouped, month, short_month};
use crate::components::empty::empty;
use crate::components::exact::Said;
use crate::components::panel::panel;
use control::overview::{Approver, Month, Overview};
use leptos::prelude::*;

/// People who are drawn.
const PEOPLE: usize = 12;

/// Who approved how often.
pub fn approvals(seen: &Overview) -> AnyView {
    if seen.approvers.is_empty() {
        let none = empty("Nobody approved anything in this time.", "Whoever approves is counted here.", None);
        return panel("approvals-part", "Approvals by person", none);
    }
    let (first, rest) = seen.approvers.split_at(seen.approvers.len().min(PEOPLE));
    let others = others(rest, seen.months.len());
    let shown: Vec<&Approver> = first.iter().chain(others.as_ref()).collect();
    let drawn: Vec<Bar> = shown
        .iter()
        .map(|one| Bar { label: one.name.clone(), parts: (one.total, 0), words: grouped(one.total) })
        .collect();
    let heads: Vec<_> = seen
        .months
        .iter()
        .map(|one| view! { <th scope="col" class="number">{short_month(&one.month)}</th> })
        .collect();
    let rows: Vec<_> = shown.iter().map(|one| person(one, &seen.months)).collect();
    let body = view! {
        <p class="hint">{words::GIVEN}</p>
        <figure class="chart">{bars("approvals", "Approvals by person", &drawn)}</figure>
        <details class="behind">
            <summary>"Approvals by person and month, as a table"</summary>
            <div class="wide" tabindex="0" role="group" aria-label="Approvals by person and month">
                <table>
                    <caption class="unheard">"Approvals by person and month"</caption>
                    <thead><tr><th scope="col">"Person"</th>{heads}<th scope="col" class="number">"All"</th><th scope="col">"Course"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    };
    panel("approvals-part", "Approvals by person", body)
}

fn person(one: &Approver, months: &[Month]) -> AnyView {
    let cells: Vec<_> =
        one.by_month.iter().map(|number| view! { <td class="number">{grouped(*number)}</td> }).collect();
    let said: Vec<String> = months
        .iter()
        .zip(&one.by_month)
        .map(|(at, number)| format!("{} in {}", grouped(*number), month(&at.month)))
        .collect();
    view! {
        <tr>
            <th scope="row"><Said text=one.name.clone() /></th>
            {cells}
            <td class="number"><strong>{grouped(one.total)}</strong></td>
            <td>{spark(&one.by_month, said.join(", "))}</td>
        </tr>
    }
    .into_any()
}

/// Those who are not drawn, as one.
fn others(rest: &[Approver], months: usize) -> Option<Approver> {
    if rest.is_empty() {
        return None;
    }
    let mut by_month = vec![0_u64; months];
    for one in rest {
        for (sum, number) in by_month.iter_mut().zip(&one.by_month) {
            *sum += number;
        }
    }
    let total = rest.iter().map(|one| one.total).sum();
    Some(Approver {
        id: String::new(),
        name: counted(u64::try_from(rest.len()).unwrap_or(u64::MAX), "other", "others"),
        by_month,
        total,
    })
}

#[cfg(test)]
mod tests {
    use super::others;
    use control::overview::Approver;

    #[test]
    fn those_who_are_not_drawn_are_one() {
        let one = |by_month: &[u64]| Approver {
            id: "a".to_owned(),
            name: "A".to_owned(),
            by_month: by_month.to_vec(),
            total: by_month.iter().sum(),
        };
        assert_eq!(others(&[], 2), None);
        let rest: Vec<Approver> = (0..188).map(|_| one(&[1, 2])).collect();
        let found = others(&rest, 2).unwrap();
        assert_eq!((found.name.as_str(), found.by_month, found.total), ("188 others", vec![188, 376], 564));
        assert_eq!(others(&rest[..1], 2).unwrap().name, "1 other");
    }
}
