//! Our icons: strokes on a grid of 24, in the colour of the text around them. An icon never speaks alone: beside it
//! stands a word, seen or heard.

use leptos::prelude::*;

/// What an icon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// What waits for the reader.
    Inbox,
    /// A decision.
    Decision,
    /// A template.
    Template,
    /// The audit room.
    Audit,
    /// Verifying a file.
    Verify,
    /// Figures.
    Overview,
    /// Something new.
    Plus,
    /// Searching.
    Search,
    /// Yes, done, in order.
    Check,
    /// No, failed, not in order.
    Cross,
    /// Waiting, a moment in time.
    Clock,
    /// Look out.
    Warning,
    /// Good to know.
    Info,
    /// One person.
    Person,
    /// Several people.
    People,
    /// A key or a token.
    Key,
    /// Settings.
    Settings,
    /// A list of what happened.
    Log,
    /// Copying a text.
    Copy,
    /// Taking a file.
    Download,
    /// Onwards.
    Next,
    /// Back.
    Back,
    /// Running.
    Run,
    /// Taken back.
    Undo,
    /// The connection stands.
    Live,
    /// There is no connection.
    Offline,
    /// The address of one thing.
    Link,
    /// On paper.
    Print,
    /// Sealed, or not allowed.
    Lock,
    /// Narrowing a list.
    Filter,
    /// Keys to press.
    Keyboard,
    /// Two texts side by side.
    Compare,
}

impl Icon {
    /// Every icon and its name, for the gallery.
    pub const ALL: [(Self, &'static str); 32] = [
        (Self::Inbox, "Inbox"),
        (Self::Decision, "Decision"),
        (Self::Template, "Template"),
        (Self::Audit, "Audit"),
        (Self::Verify, "Verify"),
        (Self::Overview, "Overview"),
        (Self::Plus, "Plus"),
        (Self::Search, "Search"),
        (Self::Check, "Check"),
        (Self::Cross, "Cross"),
        (Self::Clock, "Clock"),
        (Self::Warning, "Warning"),
        (Self::Info, "Info"),
        (Self::Person, "Person"),
        (Self::People, "People"),
        (Self::Key, "Key"),
        (Self::Settings, "Settings"),
        (Self::Log, "Log"),
        (Self::Copy, "Copy"),
        (Self::Download, "Download"),
        (Self::Next, "Next"),
        (Self::Back, "Back"),
        (Self::Run, "Run"),
        (Self::Undo, "Undo"),
        (Self::Live, "Live"),
        (Self::Offline, "Offline"),
        (Self::Link, "Link"),
        (Self::Print, "Print"),
        (Self::Lock, "Lock"),
        (Self::Filter, "Filter"),
        (Self::Keyboard, "Keyboard"),
        (Self::Compare, "Compare"),
    ];

    /// Its strokes.
    fn strokes(self) -> &'static str {
        match self {
            Self::Inbox => "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
            Self::Decision => "M12 3v18M6 21h12M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
            Self::Template => "M4 4h16v16H4zM4 9h16M9 9v11",
            Self::Audit => "M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7",
            Self::Verify => "M12 3l8 3v6c0 4.5-3 7.5-8 9-5-1.5-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5",
            Self::Overview => "M4 4v16h16M8 16v-4M12.5 16V7M17 16v-6",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
            Self::Check => "M4.5 12.5l5 5 10-11",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
            Self::Warning => "M12 4l9.5 16h-19zM12 10v4.5M12 17.3v.2",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7.3v.2",
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20.5c.5-4 3.5-6 8-6s7.5 2 8 6",
            Self::People => {
                "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5c.5-3.5 3-5 6.5-5s6 1.5 6.5 5M16 5.5a3.5 3.5 0 0 1 0 6M18 15c2 .7 3.2 2 3.5 4.5"
            }
            Self::Key => "M8 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM11.2 12.3L20 3.5M17 6.5l3 3M14.5 9l2 2",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM9 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"
            }
            Self::Log => "M8 6h12M8 12h12M8 18h12M4 6v.1M4 12v.1M4 18v.1",
            Self::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Self::Download => "M12 4v11M7 10.5l5 5 5-5M4 20h16",
            Self::Next => "M5 12h14M13 6l6 6-6 6",
            Self::Back => "M19 12H5M11 6l-6 6 6 6",
            Self::Run => "M7 4.5l12 7.5-12 7.5z",
            Self::Undo => "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H8",
            Self::Live => {
                "M12 11v2M8.5 8.5a5 5 0 0 0 0 7M15.5 8.5a5 5 0 0 1 0 7M5.5 5.5a9 9 0 0 0 0 13M18.5 5.5a9 9 0 0 1 0 13"
            }
            Self::Offline => {
                "M4 4l16 16M8.5 8.5a5 5 0 0 0 0 7M5.5 5.5a9 9 0 0 0 0 13M17 11a5 5 0 0 0-1.5-2.5M20.5 15a9 9 0 0 0-2-9.5"
            }
            Self::Link => {
                "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"
            }
            Self::Print => "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
            Self::Lock => "M5 11h14v10H5zM8 11V7.5a4 4 0 0 1 8 0V11",
            Self::Filter => "M4 5h16M7 12h10M10 19h4",
            Self::Keyboard => "M2.5 6h19v12h-19zM6.5 10v.1M10 10v.1M14 10v.1M17.5 10v.1M8 14h8",
            Self::Compare => "M4 4h6v16H4zM14 4h6v16h-6zM6 8h2M16 8h2M6 12h2M16 12h2M16 16h2",
        }
    }
}

/// The icon, silent: the words beside it say what it stands for.
pub fn icon(which: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=which.strokes()></path>
        </svg>
    }
    .into_any()
}
