//! The tools: what nexus-router does with a request, its published response, and the record of the run.

use crate::Options;
use crate::ask::{Mode, Request};
use governance::{json, router_bundle};
use serde_json::{Value, json};

/// The runs of this process.
pub struct Router {
    options: Options,
    runs: Vec<Value>,
}

/// What a tool says, and whether that is an error.
pub struct Said(pub Value, pub bool);

impl Router {
    pub fn new(options: Options) -> Self {
        Self { options, runs: Vec::new() }
    }

    pub fn tools(&self) -> Value {
        let tool = |name: &str, required: Value| json!({"name": name, "inputSchema": {"type": "object", "required": required}});
        let mut tools = vec![tool("nexus-router.inspect", json!([]))];
        if !self.options.is("no-run") {
            tools.push(tool("nexus-router.run", json!(["goal"])));
        }
        if !self.options.is("no-adapters") {
            tools.push(tool("nexus-router.adapters", json!([])));
        }
        if self.options.is("db-path") {
            tools.push(tool("nexus-router.export", json!(["db_path", "run_id"])));
        } else if !self.options.is("no-export") && !self.options.is("tells-secret") {
            tools.push(tool("nexus-router.export", json!(["run_id"])));
        }
        json!({"tools": tools})
    }

    pub fn call(&mut self, name: &str, arguments: &Value) -> Said {
        self.options.note(name);
        match name {
            "nexus-router.adapters" => Said(self.adapters(), false),
            "nexus-router.run" => match Request::read(arguments) {
                Ok(request) => self.run(&request, arguments),
                Err(why) => Said(json!(format!("the request is not valid: {why}")), true),
            },
            "nexus-router.export" => Said(self.export(arguments), false),
            other => Said(json!(format!("no such tool: {other}")), true),
        }
    }

    fn capabilities(&self) -> Vec<&'static str> {
        let times = self.options.noted("nexus-router.adapters");
        if self.options.is("loses-capability") && times > 1 {
            vec!["apply", "dry_run"]
        } else {
            vec!["apply", "dry_run", "external", "timeout"]
        }
    }

    fn adapters(&self) -> Value {
        let deploy = if self.options.is("loses-adapter") && self.options.noted("nexus-router.adapters") > 1 {
            "gone"
        } else {
            "deploy"
        };
        json!({
            "adapters": [
                {"adapter_id": deploy, "adapter_kind": "subprocess", "capabilities": self.capabilities()},
                {"adapter_id": "null", "adapter_kind": "null", "capabilities": ["dry_run"]},
            ],
            "default_adapter_id": "null",
            "total": 2,
        })
    }

    fn run(&mut self, request: &Request, arguments: &Value) -> Said {
        let mode = if request.mode == Mode::Apply { "apply" } else { "dry_run" };
        let adapter = request.dispatch.adapter_id.as_deref().unwrap_or("null");
        let run_id = format!("run-{}-{}", std::process::id(), self.runs.len());
        if self.options.is("tool-error") {
            return Said(json!("the adapter has a bug"), true);
        }
        let lacking = request
            .dispatch
            .require_capabilities
            .iter()
            .any(|one| !self.capabilities().contains(&one.as_str()));
        if adapter != "deploy" || lacking || self.options.is("refuses") {
            return Said(refused(&run_id, mode), false);
        }
        assert!(request.policy.allow_apply || mode == "dry_run", "apply was not allowed");
        let plan = arguments.get("plan_override").cloned().unwrap_or_else(|| json!([]));
        let most = request.policy.max_steps.map_or(usize::MAX, |most| most.get() as usize);
        assert!(request.plan_override.len() <= most, "more steps than were allowed");
        let mut results = Vec::new();
        let mut events = vec![
            ("RUN_STARTED", json!({"mode": mode, "goal": request.goal})),
            ("DISPATCH_SELECTED", json!({"adapter_id": adapter, "capabilities": self.capabilities()})),
            ("PLAN_CREATED", json!({"plan": plan})),
        ];
        for step in &request.plan_override {
            let bad = step.call.args.contains_key("fail");
            let status = if bad { "error" } else { "ok" };
            let output =
                json!({"tool": step.call.tool, "method": step.call.method, "took": 0.1, "text": "größer"});
            events.push(("STEP_STARTED", json!({"step_id": step.id})));
            events.push(("STEP_COMPLETED", json!({"step_id": step.id, "status": status, "output": output})));
            results.push(json!({
                "step_id": step.id, "status": status, "simulated": self.options.is("simulates"),
                "output": if self.options.is("tells-secret") { json!({"key": std::env::var("PATH").unwrap_or_default()}) } else { output },
                "evidence": [],
            }));
        }
        let failed =
            results.iter().any(|result| result["status"] == "error") || self.options.is("record-failed");
        events.push(if failed {
            ("RUN_FAILED", json!({"outcome": "error"}))
        } else {
            ("RUN_COMPLETED", json!({"outcome": "ok"}))
        });
        let status = if failed { "FAILED" } else { "COMPLETED" };
        if self.options.is("tells-secret-in-record") {
            events[0].1["key"] = json!(std::env::var("PATH").unwrap_or_default());
        }
        self.runs.push(record(&run_id, mode, &request.goal, status, &events));
        let o = &self.options;
        let adapter = if o.is("other-adapter") { "null" } else { adapter };
        let steps = if o.is("many-steps") { 99 } else { results.len() };
        Said(
            json!({
                "summary": {
                    "mode": if o.is("other-mode") { "dry_run" } else { mode }, "steps": steps, "tools_used": [],
                    "outputs_total": results.len(), "outputs_applied": results.len(), "outputs_skipped": 0,
                    "adapter_id": adapter,
                },
                "dispatch": {"adapter_id": adapter, "adapter_kind": "subprocess", "selection_source": "request"},
                "run": {"run_id": run_id, "events_committed": events.len()},
                "plan": if o.is("other-plan") { json!([]) } else { plan },
                "results": if o.is("other-plan") { json!([]) } else { json!(results) },
                "provenance": {"artifacts": [], "records": []},
            }),
            false,
        )
    }

    fn export(&self, arguments: &Value) -> Value {
        let found = self.runs.iter().find(|run| run["run"]["run_id"] == arguments["run_id"]);
        if self.options.is("db-path") && arguments["db_path"] != "runs.db" {
            return json!({"ok": false, "error": {"code": "NO_PATH", "message": "where?"}});
        }
        let Some(found) = found.filter(|_| !self.options.is("no-record")) else {
            return json!({"ok": false, "error": {"code": "RUN_NOT_FOUND", "message": "no such run"}});
        };
        let mut record = found.clone();
        match self.options.mode.as_str() {
            "other-run" => record["run"]["run_id"] = json!("run-of-yesterday"),
            "other-goal" => record["run"]["goal"] = json!("something else"),
            "edited-record" => record["events"][0]["payload"]["goal"] = json!("edited"),
            _ => {}
        }
        json!({"ok": true, "artifact": record})
    }
}

fn refused(run_id: &str, mode: &str) -> Value {
    json!({
        "summary": {"mode": mode, "steps": 0, "tools_used": [], "outputs_total": 0, "outputs_applied": 0,
            "outputs_skipped": 0, "adapter_id": "none"},
        "dispatch": {"adapter_id": "none", "adapter_kind": "none", "selection_source": "failed"},
        "run": {"run_id": run_id, "events_committed": 2}, "plan": [], "results": [],
        "provenance": {"artifacts": [], "records": []},
        "error": {"code": "UNKNOWN_ADAPTER", "message": "no such adapter"},
    })
}

fn record(run_id: &str, mode: &str, goal: &str, status: &str, events: &[(&str, Value)]) -> Value {
    let at = "2026-11-21T12:00:00.000Z";
    let events: Vec<Value> = events
        .iter()
        .enumerate()
        .map(|(seq, (kind, payload))| {
            json!({"event_id": format!("e{seq}"), "run_id": run_id, "seq": seq, "type": kind, "payload": payload, "ts": at})
        })
        .collect();
    let mut bundle = json!({
        "bundle_version": "0.3", "exported_at": at,
        "run": {"run_id": run_id, "mode": mode, "goal": goal, "status": status, "created_at": at},
        "events": events,
    });
    let digest = router_bundle::content_digest(&json::parse(&bundle.to_string()).unwrap());
    bundle["digests"] = json!({"sha256": digest});
    bundle
}
