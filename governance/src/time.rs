//! Moments in time, to the microsecond, as the reference writes them: `2026-11-21T06:48:12.634503+00:00`.
//! There is no clock here. Calendar arithmetic is the proleptic Gregorian one (days from civil, H. Hinnant).

use std::fmt;

const DAY: i64 = 86_400_000_000;

/// A moment: microseconds since 1970-01-01T00:00:00Z, and the offset in seconds that it was written with.
#[derive(Debug, Clone, Copy)]
pub struct Timestamp {
    micros: i64,
    offset: i32,
}

/// A text that is no timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeError;

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time such as `2026-11-21T06:48:12+00:00` with its offset")
    }
}

impl std::error::Error for TimeError {}

impl Timestamp {
    /// A moment in UTC. Values outside the years 1 to 9999 are brought to the nearest that is inside.
    pub fn from_micros(micros: i64) -> Self {
        Self { micros: micros.clamp(-62_135_596_800_000_000, 253_402_300_799_999_999), offset: 0 }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.micros
    }

    /// The moment this many seconds later (earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.micros.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Reads ISO 8601 with an offset: `T` or a space, optional fraction, `Z` or `+hh:mm`. A time without an
    /// offset is refused, because nobody could say when it was.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bytes = text.as_bytes();
        if bytes.len() < 20 || !text.is_ascii() {
            return Err(TimeError);
        }
        let number = |from: usize, to: usize| -> Result<i64, TimeError> {
            let part = text.get(from..to).ok_or(TimeError)?;
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(TimeError);
            }
            part.parse().map_err(|_| TimeError)
        };
        let sign = |at: usize, any: &[u8]| bytes.get(at).is_some_and(|byte| any.contains(byte));
        if !(sign(4, b"-") && sign(7, b"-") && sign(10, b"T ") && sign(13, b":") && sign(16, b":")) {
            return Err(TimeError);
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let in_range = year >= 1
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if !in_range {
            return Err(TimeError);
        }
        let mut at = 19;
        let mut fraction = 0;
        if sign(at, b".,") {
            at += 1;
            let start = at;
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            let digits = text.get(start..at.min(start + 6)).unwrap_or_default();
            if digits.is_empty() {
                return Err(TimeError);
            }
            fraction = format!("{digits:0<6}").parse::<i64>().map_err(|_| TimeError)?;
        }
        let offset = match text.get(at..).unwrap_or_default() {
            "Z" | "z" => 0,
            rest if rest.len() == 6 && sign(at, b"+-") && sign(at + 3, b":") => {
                let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
                if hours > 23 || minutes > 59 {
                    return Err(TimeError);
                }
                let seconds = hours * 3600 + minutes * 60;
                if sign(at, b"-") { -seconds } else { seconds }
            }
            _ => return Err(TimeError),
        };
        let seconds =
            days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
        let offset = i32::try_from(offset).map_err(|_| TimeError)?;
        Ok(Self { micros: seconds * 1_000_000 + fraction, offset })
    }

    /// `2026-11-21 06:48:12 UTC`, for people.
    pub fn to_plain(self) -> String {
        let (year, month, day, rest) = civil(self.micros);
        let seconds = rest / 1_000_000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.micros == other.micros
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.micros.cmp(&other.micros)
    }
}

impl fmt::Display for Timestamp {
    /// As Python's `isoformat`: the fraction only when there is one, then six digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, rest) = civil(self.micros + i64::from(self.offset) * 1_000_000);
        let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if micros != 0 {
            write!(f, ".{micros:06}")?;
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let offset = self.offset.abs();
        write!(f, "{sign}{:02}:{:02}", offset / 3600, offset / 60 % 60)
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month, day and the microseconds into that day.
fn civil(micros: i64) -> (i64, i64, i64, i64) {
    let days = micros.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, micros.rem_euclid(DAY))
}
