//! Lengths of time as people write them: `90s`, `30m`, `1h30m`, `2d`.

use std::time::Duration;

/// Reads one. The refusal says how it is written.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no length of time such as 90s, 30m, 1h30m or 2d");
    let mut seconds: u64 = 0;
    let mut digits = String::new();
    for character in text.trim().chars() {
        let unit = match character {
            digit if digit.is_ascii_digit() => {
                digits.push(digit);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            _ => return Err(wrong()),
        };
        let count: u64 = digits.parse().map_err(|_| wrong())?;
        let part = count.checked_mul(unit).ok_or_else(wrong)?;
        seconds = seconds.checked_add(part).ok_or_else(wrong)?;
        digits.clear();
    }
    // A year is longer than any approval; larger numbers are mistakes.
    if !digits.is_empty() || seconds == 0 || seconds > 366 * 24 * 3600 {
        return Err(wrong());
    }
    Ok(Duration::from_secs(seconds))
}

/// In words, the two largest units.
pub fn words(length: Duration) -> String {
    let seconds = length.as_secs();
    match (seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0, s) => format!("{s}s"),
        (0, 0, m, s) => format!("{m}m {s:02}s"),
        (0, h, m, _) => format!("{h}h {m:02}m"),
        (d, h, _, _) => format!("{d}d {h:02}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_written() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("1h30m", 5400), ("2d", 172_800), (" 1h ", 3600)]
        {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "0s", "5", "h", "1x", "-1s", "1h5", "99999999999999999999h", "1.5h", "400d"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_are_short() {
        for (seconds, expected) in [(5, "5s"), (65, "1m 05s"), (3_720, "1h 02m"), (90_000, "1d 01h")] {
            assert_eq!(words(Duration::from_secs(seconds)), expected);
        }
    }
}
