//! What single keys mean. Plain functions, so that tests read them; nothing here touches a page. No key decides
//! anything: the most that one does is open a form.

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The row below.
    Next,
    /// The row above.
    Previous,
    /// The page of the row, or this decision's own, with this form ready: `approve` or `reject`.
    Form(&'static str),
    /// Ticking the row.
    Tick,
    /// The search field.
    Search,
    /// Another page.
    Go(&'static str),
    /// The list of keys.
    Help,
    /// The first key of two.
    First,
}

/// What a key means; `second`: `g` was pressed just before.
pub fn meaning(second: bool, key: &str) -> Option<Meaning> {
    if second {
        return match key {
            "i" => Some(Meaning::Go("/")),
            "d" => Some(Meaning::Go("/decisions")),
            "t" => Some(Meaning::Go("/templates")),
            _ => None,
        };
    }
    match key {
        "j" => Some(Meaning::Next),
        "k" => Some(Meaning::Previous),
        "a" => Some(Meaning::Form("approve")),
        "r" => Some(Meaning::Form("reject")),
        "x" => Some(Meaning::Tick),
        "/" => Some(Meaning::Search),
        "n" => Some(Meaning::Go("/requests/new")),
        "?" => Some(Meaning::Help),
        "g" => Some(Meaning::First),
        _ => None,
    }
}

/// Every key, and what it does, as the help lists them.
pub const LIST: [(&[&str], &str); 13] = [
    (&["j"], "Next row"),
    (&["k"], "Row before"),
    (&["Enter"], "Open the row"),
    (&["a"], "Open the form to approve; nothing is approved yet"),
    (&["r"], "Open the form to reject; nothing is rejected yet"),
    (&["x"], "Tick the row, to decide several together"),
    (&["/"], "Search"),
    (&["g", "i"], "Go to the inbox"),
    (&["g", "d"], "Go to all decisions"),
    (&["g", "t"], "Go to the templates"),
    (&["n"], "New request"),
    (&["?"], "This list"),
    (&["Esc"], "Close this list"),
];

#[cfg(test)]
mod tests {
    use super::{LIST, Meaning, meaning};

    #[test]
    fn every_key_of_the_list_means_something_and_only_those() {
        for (keys, what) in LIST {
            match keys {
                ["Enter" | "Esc"] => {}
                [one] => assert!(meaning(false, one).is_some(), "{what}"),
                [first, second] => {
                    assert_eq!(meaning(false, first), Some(Meaning::First));
                    assert!(meaning(true, second).is_some(), "{what}");
                }
                other => panic!("{other:?}"),
            }
        }
        let known: Vec<char> = ('!'..='~').filter(|c| meaning(false, &c.to_string()).is_some()).collect();
        assert_eq!(known, ['/', '?', 'a', 'g', 'j', 'k', 'n', 'r', 'x']);
        let second: Vec<char> = ('!'..='~').filter(|c| meaning(true, &c.to_string()).is_some()).collect();
        assert_eq!(second, ['d', 'i', 't']);
        assert_eq!(meaning(false, "Enter"), None, "a link opens itself");
    }
}
