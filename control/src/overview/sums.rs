//! Sums as months and people: what the overview's charts and tables are made of. Pure. It refuses to divide: times are
//! picked from those that were measured, and where there is none there is no figure.

use super::{Approver, Month};
use governance::PersonId;
use std::collections::BTreeMap;
use store::directory::ActorRecord;
use store::overview::{Figure, What};

/// The sums, month by month and person by person. Months without anything are there, too.
pub fn by_month(figures: &[Figure], from: &str, until: &str) -> (Vec<Month>, Vec<Approver>) {
    let mut months: Vec<Month> =
        months(from, until).into_iter().map(|month| Month { month, ..Month::default() }).collect();
    let mut times: BTreeMap<usize, BTreeMap<u64, u64>> = BTreeMap::new();
    let mut people: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    let count = months.len();
    for figure in figures {
        // A clock that ran ahead may have written beyond today; nobody asked for that.
        let Some(at) = months.iter().position(|month| month.month == figure.month) else { continue };
        let Some(month) = months.get_mut(at) else { continue };
        let number = figure.number;
        match &figure.what {
            What::Asked => month.asked += number,
            What::Rejected => month.rejected += number,
            What::Ran { mode } if mode == "apply" => month.applied.0 += number,
            What::Ran { .. } => month.rehearsed.0 += number,
            What::Failed { mode } if mode == "apply" => month.applied.1 += number,
            What::Failed { .. } => month.rehearsed.1 += number,
            What::Decided { seconds } => {
                month.decided += number;
                *times.entry(at).or_default().entry(*seconds).or_default() += number;
            }
            What::Approved { by } => {
                month.approvals += number;
                let person = people.entry(by).or_insert_with(|| vec![0; count]);
                if let Some(sum) = person.get_mut(at) {
                    *sum += number;
                }
            }
        }
    }
    for (at, times) in &times {
        if let Some(month) = months.get_mut(*at) {
            month.within = within(times, 50).zip(within(times, 90));
        }
    }
    let approver = |(id, by_month): (&str, Vec<u64>)| {
        let total = by_month.iter().sum();
        Approver { id: id.to_owned(), name: String::new(), by_month, total }
    };
    (months, people.into_iter().map(approver).collect())
}

/// The same by person, most approvals first: who approved with two accounts that became one is there once. A machine is
/// not its owner.
pub fn people(approvers: Vec<Approver>, known: &[ActorRecord]) -> Vec<Approver> {
    let mut people: Vec<(Option<&PersonId>, Approver)> = Vec::new();
    for mut approver in approvers {
        let actor = known.iter().find(|actor| actor.actor_id == approver.id);
        approver.name = actor.map_or_else(|| approver.id.clone(), |actor| actor.name.clone());
        let person = actor.filter(|actor| !actor.is_key).map(|actor| &actor.person);
        match people.iter_mut().find(|(other, _)| person.is_some() && *other == person) {
            None => people.push((person, approver)),
            Some((_, one)) => {
                one.total += approver.total;
                for (sum, more) in one.by_month.iter_mut().zip(approver.by_month) {
                    *sum += more;
                }
            }
        }
    }
    let mut people: Vec<Approver> = people.into_iter().map(|(_, approver)| approver).collect();
    people.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.id.cmp(&b.id)));
    people
}

/// The time within which this many of a hundred were decided; `None` where nothing was.
fn within(times: &BTreeMap<u64, u64>, percent: u64) -> Option<u64> {
    let all: u64 = times.values().sum();
    let needed = all.saturating_mul(percent).div_ceil(100);
    let mut seen = 0_u64;
    times.iter().find_map(|(seconds, number)| {
        seen = seen.saturating_add(*number);
        (seen >= needed && seen > 0).then_some(*seconds)
    })
}

/// The months from one day to another, both among them.
fn months(from: &str, until: &str) -> Vec<String> {
    let of = |day: &str| -> Option<(u16, u8)> {
        let mut parts = day.split('-');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    let (Some(mut at), Some(end)) = (of(from), of(until)) else { return Vec::new() };
    let mut months = Vec::new();
    // No span has more; a day that makes no sense must not go on for ever.
    while at <= end && months.len() < 24 {
        months.push(format!("{:04}-{:02}", at.0, at.1));
        at = if at.1 >= 12 { (at.0.saturating_add(1), 1) } else { (at.0, at.1 + 1) };
    }
    months
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, months, within};

    #[test]
    fn half_and_nine_of_ten() {
        let times = |pairs: &[(u64, u64)]| pairs.iter().copied().collect::<BTreeMap<_, _>>();
        let cases = [
            (times(&[]), None, None),
            (times(&[(7, 1)]), Some(7), Some(7)),
            (times(&[(1, 1), (9, 1)]), Some(1), Some(9)),
            (times(&[(1, 5), (2, 4), (60, 1)]), Some(1), Some(2)),
            (times(&[(1, 4), (2, 4), (60, 2)]), Some(2), Some(60)),
            (times(&[(0, 3)]), Some(0), Some(0)),
        ];
        for (times, half, most) in cases {
            assert_eq!((within(&times, 50), within(&times, 90)), (half, most), "{times:?}");
        }
    }

    #[test]
    fn months_go_over_the_turn_of_the_year() {
        assert_eq!(months("2025-11-30", "2026-02-01"), ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!(months("2026-02-01", "2026-02-28"), ["2026-02"]);
        assert_eq!(months("2026-03-01", "2026-02-28"), [""; 0]);
        assert_eq!(months("", "nonsense"), [""; 0]);
        assert_eq!(months("0000-01-01", "9999-01-01").len(), 24);
    }
}
