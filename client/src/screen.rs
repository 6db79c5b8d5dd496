//! What is said while something goes on. For people: lines on standard error, and on a terminal one line that lives. For
//! programs (`--json`): one JSON object a line on standard output. Results of a command are no talk: they are printed.

use crate::printable::json as json_line;
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

/// A screen. Cheap to clone; several tasks may talk at once.
#[derive(Debug, Clone)]
pub struct Screen(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    json: bool,
    live: bool,
    colour: bool,
    /// The line that lives, while it is shown.
    line: Mutex<Option<String>>,
}

/// How a word is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// People should look.
    Bad,
    /// Beside.
    Quiet,
}

impl Screen {
    /// For this process: colours and a line that lives only where a terminal shows them.
    pub fn new(json: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(Arc::new(Inner {
            json,
            live: terminal && !dumb && !json,
            colour: terminal && !dumb && !plain && !json,
            line: Mutex::new(None),
        }))
    }

    /// Whether programs read this.
    pub fn is_json(&self) -> bool {
        self.0.json
    }

    /// Whether a line may live on it.
    pub fn is_live(&self) -> bool {
        self.0.live
    }

    /// Tells what happened: in words for people, or as `{"event": …, …}`.
    pub fn tell(&self, event: &str, words: &str, members: &Value) {
        if self.0.json {
            let mut object = json!({ "event": event });
            if let (Some(object), Some(members)) = (object.as_object_mut(), members.as_object()) {
                object.extend(members.clone());
            }
            print(&format!("{}\n", json_line(&object)));
        } else {
            self.say(words);
        }
    }

    /// A line for people alone.
    pub fn say(&self, words: &str) {
        if self.0.json {
            return;
        }
        let line = self.line();
        let clear = if line.is_some() { "\r\x1b[K" } else { "" };
        let again = line.as_deref().unwrap_or_default();
        err(&format!("{clear}{words}\n{again}"));
    }

    /// Changes the line that lives.
    pub fn live(&self, words: &str) {
        if self.0.live {
            let mut line = self.line();
            // Cut before the edge: a line that wraps cannot be taken back.
            let words: String = words.chars().take(columns()).collect();
            if line.as_deref() != Some(&words) {
                err(&format!("\r\x1b[K{words}"));
                *line = Some(words);
            }
        }
    }

    /// Takes the line away.
    pub fn quiet(&self) {
        if self.line().take().is_some() {
            err("\r\x1b[K");
        }
    }

    /// A word in its colour, where there are colours.
    pub fn paint(&self, tone: Tone, word: &str) -> String {
        let colour = match tone {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Quiet => "2",
        };
        if self.0.colour { format!("\x1b[{colour}m{word}\x1b[0m") } else { word.to_owned() }
    }

    fn line(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        // Whoever held it only moved words about.
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn columns() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    columns.unwrap_or(80).clamp(20, 400) - 1
}

/// Prints a result. A reader that stops early, such as `head`, is no error.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

fn err(text: &str) {
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}
