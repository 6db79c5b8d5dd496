//! What is said of the connection: in a word while all is well, in sentences when it is not.

use super::{Link, Refused};

/// The words that stand beside the dot. `heard`: when the server was last heard, microseconds.
pub fn shown(link: Link, refused: Option<Refused>, heard: Option<i64>) -> String {
    let words = match (link, refused) {
        (Link::Off, _) => return String::new(),
        (Link::Connecting, _) => return "Connecting…".to_owned(),
        (Link::Live, _) => return "Live".to_owned(),
        (Link::Lost, None) => "Connection lost. Trying again…",
        (Link::Lost, Some(Refused::Crowded)) => {
            "Not live: too many of your pages are open. Close one of them."
        }
        (Link::Lost, Some(Refused::Over)) => {
            "Not live: you are signed out, or may not see this any more. Reload the page."
        }
        (Link::Offline, _) => "You are offline.",
    };
    match heard {
        Some(at) => format!("{words} What you see is from {} UTC.", minute(at)),
        None => words.to_owned(),
    }
}

/// The minute of a moment, by the clock of UTC: `14:02`.
fn minute(at: i64) -> String {
    let minutes = at.div_euclid(60_000_000).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// What is said aloud once it is well again.
pub const AGAIN: &str = "Live again. What you see is kept up to date.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_live_says_of_when_it_is() {
        let over = Some(Refused::Over);
        for (link, refused, words) in [
            (Link::Off, None, ""),
            (Link::Connecting, over, "Connecting…"),
            (Link::Live, None, "Live"),
            (Link::Lost, None, "Connection lost. Trying again… What you see is from 04:42 UTC."),
            (
                Link::Lost,
                over,
                "Not live: you are signed out, or may not see this any more. Reload the page. What you see is from 04:42 UTC.",
            ),
            (Link::Offline, over, "You are offline. What you see is from 04:42 UTC."),
        ] {
            assert_eq!(shown(link, refused, Some(1_763_700_125_000_000)), words);
        }
        assert_eq!(shown(Link::Offline, None, None), "You are offline.");
    }

    #[test]
    fn a_minute_is_of_utc() {
        for (at, expected) in
            [(0, "00:00"), (-1, "23:59"), (86_399_000_000, "23:59"), (86_400_000_000, "00:00")]
        {
            assert_eq!(minute(at), expected);
        }
    }
}
