//! The filters whose query plans are checked: each alone, and the combinations that pages offer.

use crate::query::DecisionFilter;
use governance::{State, Timestamp};

/// Filters by name.
pub fn shapes() -> Vec<(String, DecisionFilter)> {
    let text = |text: &str| Some(text.to_owned());
    let base = DecisionFilter::default;
    let mut shapes = vec![
        ("all".to_owned(), base()),
        ("open".to_owned(), DecisionFilter { open_only: true, ..base() }),
        ("person".to_owned(), DecisionFilter { person: text("a"), ..base() }),
        ("requester".to_owned(), DecisionFilter { requester: text("a"), ..base() }),
        ("visible".to_owned(), DecisionFilter { visible_to: text("a"), ..base() }),
        ("label".to_owned(), DecisionFilter { label: text("l"), ..base() }),
        ("template".to_owned(), DecisionFilter { template: text("t"), ..base() }),
        ("text".to_owned(), DecisionFilter { text: text("rotate"), ..base() }),
        (
            "span".to_owned(),
            DecisionFilter {
                from: Some(Timestamp::from_micros(0)),
                until: Some(Timestamp::from_micros(9)),
                ..base()
            },
        ),
        ("two words".to_owned(), DecisionFilter { text: text("rotate key"), ..base() }),
        ("open of requester".to_owned(), DecisionFilter { open_only: true, requester: text("a"), ..base() }),
        ("label and person".to_owned(), DecisionFilter { label: text("l"), person: text("a"), ..base() }),
        (
            "text, label and visible".to_owned(),
            DecisionFilter { text: text("rotate"), label: text("l"), visible_to: text("a"), ..base() },
        ),
    ];
    for state in State::ALL {
        shapes.push((state.as_str().to_owned(), DecisionFilter { state: Some(state), ..base() }));
    }
    shapes
}
