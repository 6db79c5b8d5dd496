//! The sentences of the audit page.

use crate::text::count;

/// Under the heading.
pub const BYLINE: &str = "Find decisions and take their evidence away. ";
/// Above the fields.
pub const FORM: &str = "Search all decisions";
/// What the person field takes.
pub const PERSON_HINT: &str = "By name or address: who asked, approved, rejected or withdrew";
/// What the digest field takes.
pub const DIGEST_HINT: &str =
    "From 8 digits on: of a request, a first event, a template or a run. Or a whole id";
/// Of the first day.
pub const DAYS_HINT: &str = "First day of asking, UTC";
/// Of the last day.
pub const LAST_DAY_HINT: &str = "Last day, included";
/// Nothing has been decided yet.
pub const NONE: (&str, &str) = (
    "There is no decision here yet.",
    "As soon as something is requested, it stands here with its evidence.",
);
/// The filters find nothing.
pub const NOTHING: (&str, &str) = (
    "Nothing matches.",
    "All fields have to match, days are in UTC, and you find what your roles let you see. Take a filter away, or clear them all.",
);
/// What the archive is.
pub const ARCHIVE: &str = "One ZIP with each decision's bundle, its audit package where it ran, a table and checksums. Downloaded twice, the same decisions give the same bytes.";
/// How an archive is checked.
pub const CHECK: &str = "Anyone can check it offline: ";
/// Where there is too much for one archive.
pub const TOO_MUCH: (&str, &str) = (
    "This is more than one archive holds.",
    "An archive holds up to 2,000 decisions or 256 MB. Narrow the search, by days for example, and download one part after the other.",
);
/// What an import is.
pub const IMPORT: &str =
    "An imported decision is evidence: it can be read, exported and verified here, never approved or run.";

/// How many were found.
pub fn found(decisions: usize, over: bool) -> String {
    match (decisions, over) {
        (_, true) => "More than 2,000 decisions".to_owned(),
        (1, false) => "1 decision".to_owned(),
        (many, false) => format!("{} decisions", count(u32::try_from(many).unwrap_or(u32::MAX))),
    }
}

/// A size as people say it: to two figures, no more is known.
pub fn size(bytes: u64) -> String {
    // Tenths, rounded up: a download is never larger than a person was led to expect by much.
    let tenths = |unit: u64| bytes.saturating_mul(10).div_ceil(unit);
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000).max(1)),
        _ if tenths(1_000_000) < 100 => {
            let tenths = tenths(1_000_000);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::{found, size};

    #[test]
    fn sizes_are_said_as_people_say_them() {
        for (bytes, said) in [
            (0, "1 kB"),
            (999, "1 kB"),
            (1_001, "2 kB"),
            (999_999, "1000 kB"),
            (3_400_000, "3.4 MB"),
            (9_910_000, "10 MB"),
            (31_200_000, "32 MB"),
        ] {
            assert_eq!(size(bytes), said, "{bytes}");
        }
    }

    #[test]
    fn one_is_one_and_many_are_many() {
        assert_eq!(found(1, false), "1 decision");
        assert_eq!(found(212, false), "212 decisions");
        assert_eq!(found(2_001, true), "More than 2,000 decisions");
    }
}
