//! Charts as plain SVG: bars, some of them in two parts, and a line as small as a word. Made on the server; nothing in
//! them needs a script or a style of its own. Every value stands beside its bar in words, the second part is hatched and
//! not only coloured, and a table says it all again.
//!
//! It refuses to divide by nothing: where every value is 0, every bar has no length.

use crate::text::{shortened, visible};
use leptos::prelude::*;

/// Height of one bar with its words above it, in rem, and what is between it and the next.
const ROW: u32 = 3;
/// Longest label; the table has the whole.
const LABEL: usize = 26;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is of; may be anybody's text.
    pub label: String,
    /// Its length, and how much longer it is with its hatched part.
    pub parts: (u64, u64),
    /// Its value in words.
    pub words: String,
}

/// The bars, one below the other, on one scale.
pub fn bars(id: &'static str, title: &str, rows: &[Bar]) -> AnyView {
    let most = rows.iter().map(|bar| bar.parts.0.saturating_add(bar.parts.1)).max().unwrap_or(0);
    let said: Vec<String> =
        rows.iter().map(|bar| format!("{}: {}", visible(&bar.label), bar.words)).collect();
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let drawn: Vec<AnyView> = rows.iter().zip(0_u32..).map(|(bar, at)| row(id, bar, at, most)).collect();
    let height = format!("{}rem", count.saturating_mul(ROW));
    let (name, described) = (format!("{id}-title"), format!("{id}-desc"));
    let named = (name.clone(), described.clone());
    view! {
        <svg class="bars" role="img" width="100%" height=height aria-labelledby=named.0 aria-describedby=named.1>
            <title id=name>{title.to_owned()}</title>
            <desc id=described>{said.join("; ")}"."</desc>
            {hatching(id)}
            {drawn}
        </svg>
    }
    .into_any()
}

fn row(id: &str, bar: &Bar, at: u32, most: u64) -> AnyView {
    let top = at.saturating_mul(ROW);
    let (text, rect) = (format!("{top}.9rem"), format!("{}.25rem", top.saturating_add(1)));
    let (first, second) = (percent(bar.parts.0, most), percent(bar.parts.1, most));
    let hatched = format!("url(#{id}-hatch)");
    view! {
        <text class="what" x="0" y=text.clone()>{shortened(&visible(&bar.label), LABEL)}</text>
        <text class="value" x="100%" y=text text-anchor="end">{bar.words.clone()}</text>
        <rect class="track" x="0" y=rect.clone() width="100%" height="0.9rem" />
        <rect class="bar" x="0" y=rect.clone() width=first.clone() height="0.9rem" />
        <rect class="bar more" x=first y=rect width=second height="0.9rem" fill=hatched />
    }
    .into_any()
}

/// Slanted lines, so that the second part is told apart without its colour.
fn hatching(id: &str) -> AnyView {
    view! {
        <defs>
            <pattern id=format!("{id}-hatch") width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="between" width="6" height="6" />
                <line class="slant" x1="0" y1="0" x2="0" y2="6" />
            </pattern>
        </defs>
    }
    .into_any()
}

/// What the plain and the hatched part mean.
pub fn legend(id: &str, plain: &'static str, hatched: &'static str) -> AnyView {
    let fill = format!("url(#{id}-hatch)");
    view! {
        <p class="legend">
            <span><svg class="swatch" width="1rem" height="1rem" aria-hidden="true"><rect class="bar" width="100%" height="100%" /></svg> {plain}</span>
            <span><svg class="swatch" width="1rem" height="1rem" aria-hidden="true"><rect class="bar more" width="100%" height="100%" fill=fill /></svg> {hatched}</span>
        </p>
    }
    .into_any()
}

/// A line through these values, for a cell of a table. It has a name for those who do not see it.
pub fn spark(values: &[u64], name: String) -> AnyView {
    let most = values.iter().copied().max().unwrap_or(0);
    // A single value is a level line.
    let single = values.first().filter(|_| values.len() == 1);
    let points: Vec<String> = values
        .iter()
        .chain(single)
        .zip(0_u32..)
        .map(|(value, x)| format!("{x},{}", 20 - of(*value, most, 18)))
        .collect();
    let width = points.len().saturating_sub(1).max(1);
    view! {
        <svg class="spark" role="img" width="6rem" height="1.5rem" viewBox=format!("0 -1 {width} 22") preserveAspectRatio="none" aria-label=name>
            <polyline points=points.join(" ") fill="none" vector-effect="non-scaling-stroke" />
        </svg>
    }
    .into_any()
}

/// A part of the whole as a length. What is there at all can be seen.
fn percent(value: u64, most: u64) -> String {
    let thousandths = of(value, most, 1_000);
    let seen = if value > 0 { thousandths.max(5) } else { 0 };
    format!("{}.{}%", seen / 10, seen % 10)
}

/// How much of `scale` a value takes, of the largest there is.
fn of(value: u64, most: u64, scale: u64) -> u64 {
    if most == 0 {
        return 0;
    }
    let share = u128::from(value.min(most)) * u128::from(scale) / u128::from(most);
    u64::try_from(share).unwrap_or(scale)
}

#[cfg(test)]
mod tests {
    use super::{Bar, bars, of, percent, spark};
    use leptos::prelude::*;

    fn drawn(rows: &[Bar]) -> String {
        Owner::new().with(|| bars("x", "Title", rows).to_html())
    }

    fn bar(label: &str, parts: (u64, u64)) -> Bar {
        Bar { label: label.to_owned(), parts, words: format!("{} of something", parts.0) }
    }

    #[test]
    fn lengths_are_shares_of_the_longest() {
        let cases = [
            ((0, 0), "0.0%"),
            ((0, 9), "0.0%"),
            ((9, 9), "100.0%"),
            ((1, 3), "33.3%"),
            ((1, 1_000_000), "0.5%"),
        ];
        for ((value, most), length) in cases {
            assert_eq!(percent(value, most), length);
        }
        assert_eq!(of(u64::MAX, u64::MAX, 1_000), 1_000);
        assert_eq!(of(7, 3, 10), 10);
    }

    #[test]
    fn nothing_at_all_is_drawn_without_a_number_that_is_none() {
        for html in [
            drawn(&[]),
            drawn(&[bar("a", (0, 0))]),
            Owner::new().with(|| spark(&[], String::new()).to_html()),
        ] {
            assert!(html.contains("<svg") && !html.contains("NaN") && !html.contains("inf"), "{html}");
        }
        let level = Owner::new().with(|| spark(&[4], "4".to_owned()).to_html());
        assert!(level.contains("0,2 1,2"), "{level}");
    }

    #[test]
    fn a_chart_says_what_it_shows() {
        let html = drawn(&[bar("May", (3, 1)), bar("June", (0, 2))]);
        assert!(html.contains("May: 3 of something; June: 0 of something"), "{html}");
        assert!(
            html.contains("width=\"75.0%\"")
                && html.contains("x=\"75.0%\"")
                && html.contains("width=\"25.0%\"")
        );
        assert!(!html.contains("style="), "{html}");
    }

    #[test]
    fn names_stay_names() {
        let hostile = "</title></desc></svg><script>\u{202e}".to_owned() + &"x".repeat(200);
        let html = drawn(&[bar(&hostile, (1, 0))]);
        assert!(!html.contains("<script>") && html.matches("</svg>").count() == 1, "{html}");
        assert!(html.contains("⟨U+202E⟩") && html.contains('…'), "{html}");
    }
}
