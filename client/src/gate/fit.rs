//! What would be refused at the start is found before people are asked: a key that may not do it, a policy that the gate
//! does not fit. The server decides all the same; this only saves everybody's time.

use super::GateArgs;
use crate::answers::Decision;
use crate::exit::Exit;
use crate::printable::printable;
use crate::server::{CallError, Server};
use crate::stop::Stop;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// The adapter that stands for the gate.
const ADAPTER: &str = "gate";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Me {
    scopes: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Adapters {
    adapters: Vec<Adapter>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Adapter {
    adapter_id: String,
    capabilities: Vec<String>,
}

/// Whether the key may do what comes. Only what it says of itself counts; a caller without scopes is left to the server.
pub async fn key(server: &Server, args: &GateArgs, patience: Duration) -> Result<(), Stop> {
    let me: Me = server.get("/me", patience).await?;
    let Some(scopes) = me.scopes else { return Ok(()) };
    let has = |scope: &str| scopes.iter().any(|one| one == scope);
    let needed: &[&str] = if args.decision.is_some() { &["execute"] } else { &["request", "execute"] };
    let missing: Vec<&str> = needed.iter().copied().filter(|scope| !has(scope)).collect();
    if !missing.is_empty() {
        let words = format!(
            "the key lacks the scope {}; nobody was asked and nothing was started. The gate takes a key with `request` \
             and `execute`, and `export` for the audit package",
            missing.join(" and ")
        );
        return Err(Stop { exit: Exit::Refused, words, code: Some("FORBIDDEN".to_owned()) });
    }
    if !has("export") && !args.no_package {
        let words = "the key lacks the scope `export`, so there will be no audit package";
        server.screen().tell("note", words, &json!({ "message": words }));
    }
    Ok(())
}

/// Whether the policy can be met by what runs here. The words say what it asks for in vain.
pub async fn policy(server: &Server, decision: &Decision, patience: Duration) -> Result<(), Stop> {
    let needed = decision.policy.get("require_adapter_capabilities").and_then(Value::as_array);
    let Some(needed) = needed.filter(|needed| !needed.is_empty()) else { return Ok(()) };
    if decision.mode.as_deref() != Some("apply") {
        return Ok(());
    }
    let found: Adapters = match server.get("/adapters", patience).await {
        Ok(found) => found,
        // Whoever may not see them finds out at the start.
        Err(CallError::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let Some(gate) = found.adapters.iter().find(|adapter| adapter.adapter_id == ADAPTER) else {
        return Ok(());
    };
    let able = |needed: &&str| gate.capabilities.iter().any(|capability| capability == needed);
    let missing: Vec<&str> = needed.iter().filter_map(Value::as_str).filter(|one| !able(one)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let words = format!(
        "the policy requires {}, which the gate is not said to be able to; nothing was started. An operator declares \
         what it is able to under [gate] in the server's configuration",
        printable(&missing.join(", "))
    );
    Err(Stop { exit: Exit::Refused, words, code: Some("MISSING_CAPABILITIES".to_owned()) })
}
