//! What a router offers: its tools, and the adapters behind them. Read anew before every run.

use super::config::{NexusRouterConfig, is_adapter_id};
use super::session::Session;
use super::trouble::Trouble;
use control::AdapterInfo;
use control::router::{ROUTER_ANSWER_INVALID, ROUTER_REFUSED};
use control::routers::SecretValues;
use governance::json::Value;
use rmcp::model::{JsonObject, Tool};

/// Runs a request.
pub(super) const RUN: &str = "nexus-router.run";
/// Says which adapters there are.
const ADAPTERS: &str = "nexus-router.adapters";
/// Hands over a run's record.
pub(super) const EXPORT: &str = "nexus-router.export";
/// The capability without which nothing is really run.
const APPLY: &str = "apply";
/// Most adapters that are taken from one router.
const MOST: usize = 200;

/// An offer.
#[derive(Debug)]
pub(super) struct Offer {
    /// The adapters, under our ids.
    pub(super) adapters: Vec<AdapterInfo>,
    /// Whether it hands over its runs' records.
    pub(super) exports: bool,
}

/// What our ids of a router's adapters begin with.
pub(super) fn prefix(router: &str) -> String {
    format!("nexus-router:{router}:")
}

impl Offer {
    /// Asks for it.
    pub(super) async fn ask(session: &Session, config: &NexusRouterConfig) -> Result<Self, Trouble> {
        let tools = session.tools().await?;
        let offered = |name: &str| tools.iter().find(|tool| tool.name == name);
        if offered(RUN).is_none() {
            return Err(Trouble::new(ROUTER_REFUSED, format!("the server offers no tool `{RUN}`")));
        }
        let export = offered(EXPORT);
        if export.is_some_and(needs_path) && config.db_path.is_none() {
            let words =
                format!("`{EXPORT}` must be told where the runs are kept: set db_path of this router");
            return Err(Trouble::new(ROUTER_REFUSED, words));
        }
        let adapters = if offered(ADAPTERS).is_some() {
            let list = session.call(ADAPTERS, JsonObject::new(), std::future::pending()).await?;
            read(&config.name, &list, session.secrets())?
        } else {
            let declared = config.adapters.iter();
            declared
                .map(|one| info(&config.name, &one.id, one.description.clone(), one.capabilities.clone()))
                .collect()
        };
        Ok(Self { adapters, exports: export.is_some() })
    }

    /// Refuses an adapter that is gone or can no longer do what the policy requires.
    pub(super) fn still_has(&self, id: &str, required: &[String]) -> Result<(), Trouble> {
        let adapter = self.adapters.iter().find(|adapter| adapter.id == id);
        let Some(adapter) = adapter else {
            return Err(Trouble::new(ROUTER_REFUSED, format!("the router no longer offers `{id}`")));
        };
        has_all(&adapter.capabilities, required)
    }
}

/// Refuses capabilities among which a required one is missing.
pub(super) fn has_all(capabilities: &[String], required: &[String]) -> Result<(), Trouble> {
    let missing: Vec<&str> =
        required.iter().filter(|needed| !capabilities.contains(needed)).map(String::as_str).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let words = format!("the adapter no longer has what the policy requires: {}", missing.join(", "));
    Err(Trouble::new("MISSING_CAPABILITIES", words))
}

fn needs_path(tool: &Tool) -> bool {
    let required = tool.input_schema.get("required").and_then(serde_json::Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == "db_path"))
}

fn read(router: &str, list: &Value, secrets: &SecretValues) -> Result<Vec<AdapterInfo>, Trouble> {
    let invalid = |what: &str| Trouble::new(ROUTER_ANSWER_INVALID, format!("`{ADAPTERS}` {what}"));
    let items = list.get("adapters").and_then(Value::as_array);
    let items = items.ok_or_else(|| invalid("answered without a list of adapters"))?;
    if items.len() > MOST {
        return Err(invalid("answered with more adapters than are taken"));
    }
    let mut adapters: Vec<AdapterInfo> = Vec::with_capacity(items.len());
    for item in items {
        let id = item.get("adapter_id").and_then(Value::as_str).filter(|id| is_adapter_id(id));
        let id = id.ok_or_else(|| invalid("names an adapter whose id cannot be part of ours"))?;
        let capabilities = item.get("capabilities").and_then(Value::as_array).unwrap_or_default();
        let capabilities: Vec<String> =
            capabilities.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if capabilities.iter().map(String::as_str).chain([id]).any(|text| secrets.are_in(text)) {
            return Err(invalid("names an adapter or a capability with a secret that it was given"));
        }
        let words = ["description", "adapter_kind"].iter().find_map(|name| item.get(name)?.as_str());
        let description = secrets.clean(words.unwrap_or_default()).chars().take(200).collect();
        let adapter = info(router, id, description, capabilities);
        if adapters.iter().any(|other| other.id == adapter.id) {
            return Err(invalid("names an adapter twice"));
        }
        adapters.push(adapter);
    }
    Ok(adapters)
}

fn info(router: &str, id: &str, description: String, capabilities: Vec<String>) -> AdapterInfo {
    AdapterInfo {
        id: format!("{}{id}", prefix(router)),
        description,
        dry_run_only: !capabilities.iter().any(|one| one == APPLY),
        capabilities,
        command: Vec::new(),
        at_the_caller: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governance::json::parse;

    fn secrets() -> SecretValues {
        SecretValues::new(["s3cret".to_owned()])
    }

    #[test]
    fn adapters_get_our_ids_and_only_those_that_apply_really_run() {
        let list = r#"{"adapters":[{"adapter_id":"null","adapter_kind":"null","capabilities":["dry_run"]},
            {"adapter_id":"sub:a","adapter_kind":"subprocess","description":"key s3cret","capabilities":["apply","timeout"]}],"total":2}"#;
        let adapters = read("ops", &parse(list).unwrap(), &secrets()).unwrap();
        let short: Vec<_> = adapters.iter().map(|one| (one.id.as_str(), one.dry_run_only)).collect();
        assert_eq!(short, [("nexus-router:ops:null", true), ("nexus-router:ops:sub:a", false)]);
        assert_eq!(adapters[1].capabilities, ["apply", "timeout"]);
        assert_eq!(adapters[1].description, "key [redacted]");
    }

    #[test]
    fn a_list_that_makes_no_sense_is_refused_whole() {
        for list in [
            "[]",
            r#"{"adapters":[{"capabilities":[]}]}"#,
            r#"{"adapters":[{"adapter_id":"a b"}]}"#,
            r#"{"adapters":[{"adapter_id":"a-s3cret"}]}"#,
            r#"{"adapters":[{"adapter_id":"a","capabilities":["s3cret"]}]}"#,
            r#"{"adapters":[{"adapter_id":"a"},{"adapter_id":"a"}]}"#,
        ] {
            read("ops", &parse(list).unwrap(), &secrets()).unwrap_err();
        }
    }
}
