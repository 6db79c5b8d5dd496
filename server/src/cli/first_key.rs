//! `keys create --on-database`: a key for a machine, made where the database is. For the first key, before anybody has a
//! token to make one with. Refuses what the owner may not do.

use super::CommandError;
use crate::config::Config;
use crate::serve;
use client::keys::CreateArgs;
use control::{Error, KeyScope};
use governance::WorkspaceId;
use store::Store;

/// Makes the key and prints it.
pub async fn run(config: &Config, args: &CreateArgs) -> Result<(), CommandError> {
    let scopes = args.scopes.iter().map(|word| scope(word)).collect::<Result<Vec<_>, _>>()?;
    let store = serve::open(config, false).await?;
    let control = serve::control(config, false, store.clone())?;
    let workspace = match &args.workspace {
        Some(wanted) => Some(find(store.as_ref(), wanted).await?),
        None => None,
    };
    let owner = args.owner.as_deref().unwrap_or_default();
    let made = control.first_key(workspace.as_ref(), owner, &args.name, scopes, args.days).await;
    store.close().await;
    let (record, key) = made?;
    args.show(&record.id, &key);
    Ok(())
}

fn scope(word: &str) -> Result<KeyScope, Error> {
    KeyScope::parse(word).ok_or_else(|| {
        let words: Vec<&str> =
            KeyScope::ALL.into_iter().filter(|scope| !scope.is_personal()).map(KeyScope::as_str).collect();
        let message = format!("`{word}` is no scope; there are {}", words.join(", "));
        Error::Invalid { field: "scopes", message }
    })
}

/// A workspace by its id, else by its name where only one is called so.
async fn find(store: &dyn Store, wanted: &str) -> Result<WorkspaceId, CommandError> {
    let all = store.workspaces().await?;
    if let Some(one) = all.iter().find(|workspace| workspace.id.as_str() == wanted) {
        return Ok(one.id.clone());
    }
    let mut called = all.into_iter().filter(|workspace| workspace.name == wanted);
    match (called.next(), called.next()) {
        (Some(only), None) => Ok(only.id),
        (None, _) => Err(Error::NotFound("workspace").into()),
        (Some(_), Some(_)) => {
            let message = format!("several workspaces are called `{wanted}`; give the id");
            Err(Error::Invalid { field: "workspace", message }.into())
        }
    }
}
