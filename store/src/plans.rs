//! The filters whose query plans are checked: each alone, and the combinations that pages offer.

use crate::query::DecisionFilter;
use governance::{State, Timestamp};

/// Actor ids of people who ask: most have one, some have several.
pub fn askers() -> [(&'static str, Vec<String>); 2] {
    let several = ["a", "b", "c"].map(str::to_owned);
    [("", vec!["a".to_owned()]), (" by several ids", several.to_vec())]
}

/// Filters by name.
pub fn shapes() -> Vec<(String, DecisionFilter)> {
    let text = |text: &str| Some(text.to_owned());
    let base = DecisionFilter::default;
    let [one, several] = askers().map(|(_, actors)| move || Some(actors.clone()));
    let mut shapes = vec![
        ("all".to_owned(), base()),
        ("open".to_owned(), DecisionFilter { open_only: true, ..base() }),
        ("person".to_owned(), DecisionFilter { person: text("a"), ..base() }),
        ("requester".to_owned(), DecisionFilter { requester: text("a"), ..base() }),
        ("visible".to_owned(), DecisionFilter { visible_to: one(), ..base() }),
        ("visible by several ids".to_owned(), DecisionFilter { visible_to: several(), ..base() }),
        (
            "open and visible by several ids".to_owned(),
            DecisionFilter { open_only: true, visible_to: several(), ..base() },
        ),
        ("label".to_owned(), DecisionFilter { label: text("l"), ..base() }),
        ("template".to_owned(), DecisionFilter { template: text("t"), ..base() }),
        ("text".to_owned(), DecisionFilter { text: text("rotate"), ..base() }),
        ("digest".to_owned(), DecisionFilter { digest: text("d"), ..base() }),
        ("digest and visible".to_owned(), DecisionFilter { digest: text("d"), visible_to: one(), ..base() }),
        ("id".to_owned(), DecisionFilter { id: text("d"), ..base() }),
        ("people by several ids".to_owned(), DecisionFilter { people: several(), ..base() }),
        (
            "label and people by several ids".to_owned(),
            DecisionFilter { label: text("l"), people: several(), ..base() },
        ),
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
            DecisionFilter { text: text("rotate"), label: text("l"), visible_to: one(), ..base() },
        ),
    ];
    for state in State::ALL {
        shapes.push((state.as_str().to_owned(), DecisionFilter { state: Some(state), ..base() }));
    }
    shapes
}
