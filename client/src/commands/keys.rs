//! `keys`: API keys, by whoever may look after them. The key itself is printed once, alone on standard output, so that it
//! can go straight into a file.

use super::{PATIENCE, id, print_json};
use crate::printable::printable;
use crate::screen::{Screen, print};
use crate::server::Call;
use crate::settings::Access;
use crate::stop::Stop;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// What `keys` is told.
#[derive(Debug, Clone, Args)]
pub struct KeysArgs {
    /// What to do.
    #[command(subcommand)]
    pub act: KeysAct,
}

/// What to do with keys.
#[derive(Debug, Clone, Subcommand)]
pub enum KeysAct {
    /// Make a key and print it, once
    #[command(after_help = "\
Examples:
  nexus-control keys create --name ci --scope request --scope execute --scope export > ci.key && chmod 600 ci.key
  nexus-control keys create --on-database --workspace Works --owner ana@works.example --name first --scope request

The first needs a personal token with the scope `manage`; the second runs where the server's database is, with the
server's configuration, for the very first key.")]
    Create(CreateArgs),
    /// List the keys of the workspace
    #[command(after_help = "Example:\n  nexus-control keys list --json")]
    List {
        /// The server.
        #[command(flatten)]
        access: Access,
        /// Print the server's answer as JSON
        #[arg(long)]
        json: bool,
    },
    /// End a key; the next call with it is refused
    #[command(after_help = "Example:\n  nexus-control keys revoke nxc_0a1b2c3d4e5f")]
    Revoke {
        /// The server.
        #[command(flatten)]
        access: Access,
        /// The key's id: its part before the second `_`; of a whole key nothing else is sent
        #[arg(value_name = "KEY_ID")]
        id: String,
    },
}

/// What `keys create` is told.
#[derive(Debug, Clone, Args)]
pub struct CreateArgs {
    /// The server.
    #[command(flatten)]
    pub access: Access,
    /// What it is called
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What it may do: request, execute, read, export, evaluate; may be given several times
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    pub scopes: Vec<String>,
    /// After how many days it ends [default: when it is revoked]
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u32>,
    /// Print it with its id as JSON
    #[arg(long)]
    pub json: bool,
    /// Make it on the server's database, without the server's word: for the first key
    #[arg(long, requires = "owner")]
    pub on_database: bool,
    /// With --on-database: workspace, by name or id [default: the only one]
    #[arg(long, value_name = "WORKSPACE", requires = "on_database")]
    pub workspace: Option<String>,
    /// With --on-database: address of the person who owns it, an admin
    #[arg(long, value_name = "EMAIL", requires = "on_database")]
    pub owner: Option<String>,
}

impl CreateArgs {
    /// Prints a new key.
    pub fn show(&self, key_id: &str, key: &str) {
        if self.json {
            print_json(&json!({ "key_id": key_id, "key": key }));
        } else {
            print(&format!("{key}\n"));
            Screen::new(false).say(&format!("The key {} is shown this once.", printable(key_id)));
        }
    }
}

impl KeysArgs {
    pub(crate) fn is_json(&self) -> bool {
        match &self.act {
            KeysAct::Create(args) => args.json,
            KeysAct::List { json, .. } => *json,
            KeysAct::Revoke { .. } => false,
        }
    }
}

/// Runs it, over the server.
pub async fn run(args: &KeysArgs) -> Result<u8, Stop> {
    match &args.act {
        KeysAct::Create(args) => {
            let server = args.access.server(Screen::new(args.json))?;
            let mut body = json!({ "name": args.name, "scopes": args.scopes });
            if let (Some(days), Some(body)) = (args.days, body.as_object_mut()) {
                body.insert("days".to_owned(), days.into());
            }
            let made: Value = server.call(&Call::post("/keys", &body), PATIENCE).await?.read()?;
            let text = |name: &str| made.get(name).and_then(Value::as_str);
            match text("key") {
                Some(key) => args.show(text("key_id").unwrap_or_default(), key),
                // The answer was lost, and a second one leaves the secret out.
                None => {
                    let id = printable(text("key_id").unwrap_or_default());
                    let words = format!(
                        "the key {id} was made, and the answer with it was lost; revoke it and make another"
                    );
                    return Err(Stop::new(crate::exit::Exit::Failed, words));
                }
            }
        }
        KeysAct::List { access, json } => {
            let server = access.server(Screen::new(*json))?;
            let found: Value = server.get("/keys", PATIENCE).await?;
            if *json {
                print_json(&found);
            } else {
                found.get("keys").and_then(Value::as_array).into_iter().flatten().for_each(show);
            }
        }
        KeysAct::Revoke { access, id: key } => {
            let server = access.server(Screen::new(false))?;
            let path = format!("/keys/{}/revoke", id(without_secret(key))?);
            server.call(&Call::post(path, &json!({})), PATIENCE).await?;
            server.screen().say("Revoked.");
        }
    }
    Ok(0)
}

/// The id of a key that was given whole: what follows the second `_` is secret, and belongs into no address.
fn without_secret(key: &str) -> &str {
    let second = key.match_indices('_').nth(1);
    second.and_then(|(at, _)| key.get(..at)).unwrap_or(key)
}

fn show(key: &Value) {
    let text = |name: &str| printable(key.get(name).and_then(Value::as_str).unwrap_or_default());
    let scopes = key.get("scopes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let scopes: Vec<String> = scopes.iter().filter_map(Value::as_str).map(printable).collect();
    let ended = if key.get("in_force").and_then(Value::as_bool) == Some(false) { "  (ended)" } else { "" };
    print(&format!(
        "{}  {}  {}  of {}{ended}\n",
        text("key_id"),
        text("name"),
        scopes.join(","),
        text("owner")
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_whole_key_only_the_id_is_used() {
        assert_eq!(without_secret("nxc_0a1b_secret_more"), "nxc_0a1b");
        assert_eq!(without_secret("nxc_0a1b"), "nxc_0a1b");
        assert_eq!(without_secret("other"), "other");
    }
}
