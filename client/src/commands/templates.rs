//! `templates`: named policies, which never change.

use super::request::read;
use super::{PATIENCE, print_json};
use crate::printable::printable;
use crate::screen::{Screen, print};
use crate::server::{Call, Server};
use crate::settings::Access;
use crate::stop::Stop;
use clap::{Args, Subcommand};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;

/// What `templates` is told.
#[derive(Debug, Clone, Args)]
pub struct TemplatesArgs {
    #[command(flatten)]
    access: Access,
    #[command(subcommand)]
    act: Option<Act>,
    /// Print the server's answer as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Subcommand)]
enum Act {
    /// List them (also without a word)
    List {
        /// Only those with this label
        #[arg(long, value_name = "LABEL")]
        label: Option<String>,
    },
    /// Show one
    Get {
        /// Its name
        name: String,
    },
    /// Make one from a JSON file: {"name": …, "description": …, "policy": {…}}
    Create {
        /// The file; `-` reads standard input
        file: PathBuf,
    },
}

/// Runs it.
pub async fn run(args: &TemplatesArgs) -> Result<u8, Stop> {
    let server = args.access.server(Screen::new(args.json))?;
    let answer = match &args.act {
        Some(Act::Get { name }) => {
            server.call(&Call::get(format!("/templates/{}", segment(name)?)), PATIENCE).await?.read()?
        }
        Some(Act::Create { file }) => {
            // As it is: what is read twice in it, such as a member that stands there twice, is for the server to refuse.
            server.call(&Call::post_text("/templates", read(file)?), PATIENCE).await?.read()?
        }
        Some(Act::List { label }) => return list(&server, label.as_deref(), args.json).await,
        None => return list(&server, None, args.json).await,
    };
    if args.json {
        print_json(&answer);
    } else {
        show(&answer);
    }
    Ok(0)
}

/// Every page of the list.
async fn list(server: &Server, label: Option<&str>, as_json: bool) -> Result<u8, Stop> {
    let mut after: Option<String> = None;
    let mut all = Vec::new();
    loop {
        let mut query = vec!["limit=200".to_owned()];
        query.extend(label.map(|label| format!("label={}", encoded(label))));
        query.extend(after.as_deref().map(|after| format!("after={}", encoded(after))));
        let page: Value = server.get(&format!("/templates?{}", query.join("&")), PATIENCE).await?;
        let templates = page.get("templates").and_then(Value::as_array).cloned().unwrap_or_default();
        all.extend(templates);
        let next = page.get("next").and_then(Value::as_str).map(str::to_owned);
        if next.is_none() || next == after {
            break;
        }
        after = next;
    }
    if as_json {
        print_json(&Value::Array(all));
    } else {
        all.iter().for_each(show);
    }
    Ok(0)
}

fn show(template: &Value) {
    let text = |name: &str| printable(template.get(name).and_then(Value::as_str).unwrap_or_default());
    let policy = template.get("policy").unwrap_or(&Value::Null);
    let count = policy.get("min_approvals").and_then(Value::as_i64).unwrap_or(0);
    let list = |name: &str| {
        let items = policy.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let items: Vec<String> = items.iter().filter_map(Value::as_str).map(printable).collect();
        items.join(", ")
    };
    print(&format!(
        "{}: {}\n  {count} approvals; modes: {}\n",
        text("name"),
        text("description"),
        list("allowed_modes")
    ));
}

/// A name as a part of a path. Empty ones, and those that addresses understand as a way, lead elsewhere.
fn segment(name: &str) -> Result<String, Stop> {
    if matches!(name, "" | "." | "..") {
        return Err(Stop::usage(format!("`{name}` cannot be looked up by name; `templates list` shows all")));
    }
    Ok(encoded(name))
}

/// A value as it stands in an address.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // INVARIANT: writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_part_of_a_path_whatever_stands_in_it() {
        assert_eq!(segment("Büro 1/2?#%").unwrap(), "B%C3%BCro%201%2F2%3F%23%25");
        for elsewhere in ["", ".", ".."] {
            assert!(segment(elsewhere).is_err(), "{elsewhere:?}");
        }
    }
}
