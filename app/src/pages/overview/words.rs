//! What the overview says: months, lengths of time, sentences about numbers. It refuses to say a number that is none.

/// The page's sentences.
pub const TITLE: &str = "Overview";
/// What its figures are of, below the heading.
pub const OF_WHAT: &str = "Decisions that were made in this workspace; imported evidence is not counted. \
                           Days and months are those of UTC.";
/// How times are counted.
pub const ROUNDED: &str = "From the request to the moment when enough approvals stood for the first time, or to the \
                           rejection before that. Times are rounded up, by a sixteenth at most.";
/// What counts as an approval.
pub const GIVEN: &str = "Every approval that was given, those that were taken back later among them.";
/// What counts as a run.
pub const RUNS: &str = "A run of which nobody knows how it ended counts as failed.";

/// Above sums that cannot be.
pub const DISAGREE: &str = "These figures disagree with the log.";
/// Why, and what to do.
pub const DISAGREE_WHY: &str = "Do not rely on them. A server of an older release may have run beside this one. Nothing is \
                                lost: they are made again from the log when the server starts next, or with \
                                nexus-control rebuild.";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2026-11` as `November 2026`; what is no month, as it is.
pub fn month(month: &str) -> String {
    named(month).map_or_else(|| month.to_owned(), |(name, year)| format!("{name} {year}"))
}

/// `2026-11` as `Nov 2026`.
pub fn short_month(month: &str) -> String {
    named(month)
        .map_or_else(|| month.to_owned(), |(name, year)| format!("{} {year}", name.get(..3).unwrap_or(name)))
}

/// `2026-11-21` as `21 November 2026`.
pub fn day(day: &str) -> String {
    let said = || {
        let (before, number) = day.rsplit_once('-')?;
        let (name, year) = named(before)?;
        Some(format!("{} {name} {year}", number.trim_start_matches('0')))
    };
    said().unwrap_or_else(|| day.to_owned())
}

fn named(month: &str) -> Option<(&'static str, &str)> {
    let (year, number) = month.split_once('-')?;
    let at = number.parse::<usize>().ok()?.checked_sub(1)?;
    Some((MONTHS.get(at).copied()?, year))
}

/// A length of time in its two largest units, as `2 h 10 min`.
pub fn lasting(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "under a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => counted(days, "day", "days"),
        (days, hours, _) => format!("{} {hours} h", counted(days, "day", "days")),
    }
}

/// `1 run`, `2 runs`, `1,234 runs`.
pub fn counted(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { more })
}

/// Thousands apart, as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut made = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            made.push(',');
        }
        made.push(digit);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{counted, day, grouped, lasting, month, short_month};

    #[test]
    fn lengths_of_time_have_two_units() {
        let cases = [
            (0, "under a minute"),
            (59, "under a minute"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (7_800, "2 h 10 min"),
            (86_399, "23 h 59 min"),
            (86_400, "1 day"),
            (90_000, "1 day 1 h"),
            (864_000, "10 days"),
            (u64::MAX, "213,503,982,334,601 days 7 h"),
        ];
        for (seconds, said) in cases {
            assert_eq!(lasting(seconds), said, "{seconds}");
        }
    }

    #[test]
    fn months_and_days_have_names() {
        assert_eq!((month("2026-11"), short_month("2026-01")), ("November 2026".into(), "Jan 2026".into()));
        assert_eq!(day("2026-03-07"), "7 March 2026");
        for odd in ["", "2026", "2026-13", "2026-00", "x-y"] {
            assert_eq!((month(odd), short_month(odd), day(odd)), (odd.into(), odd.into(), odd.into()));
        }
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (number, said) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), said);
        }
        assert_eq!((counted(1, "run", "runs"), counted(0, "run", "runs")), ("1 run".into(), "0 runs".into()));
    }
}
