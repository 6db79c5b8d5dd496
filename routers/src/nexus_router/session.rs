//! One conversation with a router over MCP: begin, ask, end. It knows nothing of runs; what an answer means is for
//! others to say.

use super::config::NexusRouterConfig;
use super::http::Remote;
use super::stdio::Process;
use super::trouble::{NOTHING, Trouble};
use super::wire::Wire;
use control::Live;
use control::router::{ROUTER_ANSWER_INVALID, ROUTER_REFUSED, ROUTER_RUN_FAILED, ROUTER_UNREACHABLE};
use control::routers::SecretValues;
use governance::RunId;
use governance::json::{self, Value};
use reqwest::Client;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, ClientCapabilities, ClientConfig, ClientRequest, Implementation,
    JsonObject, PaginatedRequestParams, ProgressNotificationParam, ProtocolVersion, RequestId, Tool,
};
use rmcp::service::{
    ClientInitializeError, ClientLifecycleMode, NotificationContext, PeerRequestOptions, RunningService,
    ServiceError, serve_client_with_lifecycle,
};
use rmcp::{ClientHandler, RoleClient};
use std::time::Duration;

/// How long a router may take to be told that it should stop.
const TELLING: Duration = Duration::from_secs(1);
/// Most pages of tools that are read.
const PAGES: usize = 20;

/// Errors that say that a request was not even taken: no JSON, no request, no such method. Wrong parameters are none of
/// them: a tool may find them wrong in the middle of its work.
const NOT_TAKEN: [i32; 3] = [-32700, -32600, -32601];

/// A conversation. It must be ended: what comes late is seen only then.
pub(super) struct Session {
    service: RunningService<RoleClient, Listener>,
    wire: Wire,
}

/// Hears what a router says while it works.
struct Listener {
    live: Live,
    wire: Wire,
}

impl ClientHandler for Listener {
    fn get_info(&self) -> ClientConfig {
        let us = Implementation::new("nexus-control", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), us)
            .with_protocol_version(ProtocolVersion::LATEST_WITH_INITIALIZE)
    }

    async fn on_progress(
        &self,
        progress: ProgressNotificationParam,
        _context: NotificationContext<RoleClient>,
    ) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of a float ends at the limits of the integer; this is shown and never counted"
        )]
        let steps = progress.progress as u32;
        let words = self.wire.secrets().clean(&progress.message.unwrap_or_default());
        self.live.step(steps, &self.wire.quoted(&words));
        if !words.is_empty() {
            self.live.output(&format!("{words}\n"));
        }
    }
}

impl Session {
    /// Begins: with the handshake that most servers know, and where a server says that it does not know it, in the
    /// manner of 2026-07-28, which has none. What fails here started nothing.
    pub(super) async fn open(
        config: &NexusRouterConfig,
        client: Option<&Client>,
        secrets: &SecretValues,
        run: Option<&RunId>,
        live: &Live,
    ) -> Result<Self, Trouble> {
        match Self::begin(config, client, secrets, run, live, ClientLifecycleMode::Initialize).await {
            Ok(session) => Ok(session),
            Err((_, true)) => {
                let discover =
                    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
                Self::begin(config, client, secrets, run, live, discover)
                    .await
                    .map_err(|(trouble, _)| trouble)
            }
            Err((trouble, false)) => Err(trouble),
        }
    }

    /// Begins in one manner. Beside the trouble: whether the server answered that it knows another.
    async fn begin(
        config: &NexusRouterConfig,
        client: Option<&Client>,
        secrets: &SecretValues,
        run: Option<&RunId>,
        live: &Live,
        manner: ClientLifecycleMode,
    ) -> Result<Self, (Trouble, bool)> {
        let wire = Wire::new(secrets.clone());
        let listener = Listener { live: live.clone(), wire: wire.clone() };
        let service = if let Some(client) = client {
            let remote = Remote::new(client.clone(), config, wire.clone());
            serve_client_with_lifecycle(listener, remote, manner).await
        } else {
            let process = Process::start(config, run, wire.clone()).map_err(|trouble| (trouble, false))?;
            serve_client_with_lifecycle(listener, process, manner).await
        };
        match service {
            Ok(service) => Ok(Self { service, wire }),
            Err(why) => {
                let words = wire.quoted(&why.to_string());
                let message = format!("the router did not begin to speak MCP: {words}");
                let trouble = wire.trouble().unwrap_or(Trouble::new(ROUTER_UNREACHABLE, message));
                Err((trouble, matches!(why, ClientInitializeError::JsonRpcError(_))))
            }
        }
    }

    /// What no words about it may hold.
    pub(super) fn secrets(&self) -> &SecretValues {
        self.wire.secrets()
    }

    /// The tools that are offered.
    pub(super) async fn tools(&self) -> Result<Vec<Tool>, Trouble> {
        let mut tools = Vec::new();
        let mut cursor = None;
        for _ in 0..PAGES {
            let mut page = PaginatedRequestParams::default();
            page.cursor = cursor;
            let list = self.service.peer().list_tools(Some(page)).await.map_err(|why| self.trouble(why))?;
            tools.extend(list.tools);
            cursor = list.next_cursor;
            if cursor.is_none() {
                return Ok(tools);
            }
        }
        Err(Trouble::new(ROUTER_ANSWER_INVALID, "the router's list of tools has no end"))
    }

    /// Calls a tool and answers with what it says in JSON. When `stop` ends first, the router is told, and its trouble
    /// is the answer.
    pub(super) async fn call(
        &self,
        tool: &'static str,
        arguments: JsonObject,
        stop: impl Future<Output = Trouble>,
    ) -> Result<Value, Trouble> {
        let call = CallToolRequest::new(CallToolRequestParams::new(tool).with_arguments(arguments));
        let options = PeerRequestOptions::no_options();
        let peer = self.service.peer();
        let sent = peer.send_cancellable_request(ClientRequest::CallToolRequest(call), options).await;
        let mut asked = sent.map_err(|why| self.trouble(why))?;
        let answer = tokio::select! {
            biased;
            answer = &mut asked.rx => answer,
            trouble = stop => {
                // A router that does not listen any more is ended with the session.
                let told = asked.cancel(Some(trouble.message.clone()));
                let _ = tokio::time::timeout(TELLING, told).await;
                return Err(trouble);
            }
        };
        match answer {
            Ok(Ok(_)) => self.read(tool, &asked.id),
            Ok(Err(why)) => Err(self.trouble(why)),
            Err(_) => Err(self.trouble(ServiceError::TransportClosed)),
        }
    }

    /// Ends. Says what came late and contradicts what was answered before.
    pub(super) async fn end(self) -> Result<(), Trouble> {
        let _ = self.service.cancel().await;
        self.wire.trouble().map_or(Ok(()), Err)
    }

    /// The JSON of a tool's answer, from the very text of it.
    fn read(&self, tool: &str, id: &RequestId) -> Result<Value, Trouble> {
        let invalid = |what: &str| Trouble::new(ROUTER_ANSWER_INVALID, format!("`{tool}` {what}"));
        let answer = self.wire.answer(id).ok_or_else(|| invalid("has no answer"))?;
        let result = answer.get("result").ok_or_else(|| invalid("answered without a result"))?;
        let text = result
            .get("content")
            .and_then(Value::as_array)
            .and_then(<[Value]>::first)
            .and_then(|content| content.get("text"))
            .and_then(Value::as_str);
        if result.get("isError").and_then(Value::as_bool) == Some(true) {
            let words = self.wire.quoted(text.unwrap_or("it gave no reason"));
            return Err(Trouble::new(
                ROUTER_RUN_FAILED,
                format!("the router says that `{tool}` failed: {words}"),
            ));
        }
        if let Some(value) = result.get("structuredContent").filter(|value| !value.is_null()) {
            return Ok(value.clone());
        }
        let text = text.ok_or_else(|| invalid("answered without structured content or text"))?;
        json::parse(text).map_err(|why| invalid(&format!("answered with text that is no JSON: {why}")))
    }

    fn trouble(&self, why: ServiceError) -> Trouble {
        if let Some(trouble) = self.wire.trouble() {
            return trouble;
        }
        match why {
            ServiceError::McpError(error) => {
                let words = format!("{} ({})", self.wire.quoted(&error.message), error.code.0);
                if NOT_TAKEN.contains(&error.code.0) {
                    return Trouble::new(ROUTER_REFUSED, format!("the router refused: {words}{NOTHING}"));
                }
                Trouble::new(ROUTER_RUN_FAILED, format!("the router says that it failed: {words}"))
            }
            ServiceError::UnexpectedResponse => Trouble::new(
                ROUTER_ANSWER_INVALID,
                "the router answered with something else than was asked for",
            ),
            _ => Trouble::lost("the router went away before it answered; nobody knows what it did"),
        }
    }
}
