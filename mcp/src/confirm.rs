//! A person's own yes. Nothing is approved, and no approval taken back, that its person was not shown in the moment
//! before: goal, plan, mode, requester, policy and digest, in a form of their client, at a version that must still
//! stand when the answer comes.
//!
//! Clients of the current protocol get the form as an answer that requires input, and call again; what they send back
//! is sealed, so that nobody can answer a question that was not put. Older ones are asked inside the call. Clients
//! that cannot ask are refused: nobody approves unseen. See `docs/adr/0018`.

use crate::call::Call;
use crate::refusal::Refusal;
use crate::render;
use control::DecisionView;
use governance::digest::sha256_hex;
use rmcp::model::{
    BooleanSchema, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema,
    InputRequest, InputRequests, InputRequiredResult, PrimitiveSchemaDefinition, ProtocolVersion,
    SealOptions,
};
use std::time::Duration;

/// How long a person may think about it.
const PATIENCE: Duration = Duration::from_mins(15);
/// Longer texts are read on the page: no form shows them so that they are read.
const MOST_CHARS: usize = 20_000;
/// The question's name, and its one field.
const QUESTION: &str = "confirm";

/// What came of asking.
pub enum Confirmed {
    /// They said yes to this version.
    Yes(u32),
    /// They have to be asked first.
    Ask(Box<InputRequiredResult>),
}

/// Asks the person behind the call. `verb` is what they are asked to do, `words` what else their yes covers.
pub async fn confirm(
    call: &Call<'_>,
    view: &DecisionView,
    verb: &str,
    words: &[Option<&str>],
) -> Result<Confirmed, Refusal> {
    let decision = &view.decision;
    let url = call.page(&decision.id);
    let elsewhere = |why: &str| Refusal::new("CONFIRMATION_NEEDED", why).at(url.clone());
    if !can_ask(call) {
        return Err(elsewhere(
            "your client cannot ask the person (it declares no form elicitation), and nothing is approved unseen",
        ));
    }
    let mut text = render::question(decision, &view.request_digest, verb, &url);
    for said in words.iter().flatten() {
        text.push_str("\n\nWith these words of yours:\n");
        let mut sheet = render::Sheet::default();
        sheet.block(said);
        text.push_str(&sheet.finish());
    }
    if text.chars().count() > MOST_CHARS {
        return Err(elsewhere(
            "this request is too long to be read in a form; it has to be read on its page",
        ));
    }
    let covered = covered(call, view, verb, words);
    let declined =
        || Refusal::new("DECLINED", "the person did not say yes; nothing was recorded").at(url.clone());
    if !asks_by_answering(call) {
        let _seat = call.seat()?;
        let asked = call.context.peer.create_elicitation_with_timeout(form(text)?, Some(PATIENCE)).await;
        let answer = asked.map_err(|error| {
            tracing::debug!(%error, "a person could not be asked");
            elsewhere("your client did not bring the person's answer")
        })?;
        return if is_yes(&answer) { Ok(Confirmed::Yes(decision.version())) } else { Err(declined()) };
    }
    if let (Some(answers), Some(state)) = (&call.answers, &call.state) {
        let seen = call.seal.open_json_with::<u32>(state, &covered).map_err(|error| {
            tracing::debug!(%error, "the state of a question did not open");
            elsewhere("this answers no question of this server, or one too old; call again without answers to be asked")
        })?;
        let answer = answers.get(QUESTION).cloned().and_then(|answer| serde_json::from_value(answer).ok());
        return if answer.as_ref().is_some_and(is_yes) { Ok(Confirmed::Yes(seen)) } else { Err(declined()) };
    }
    let options = SealOptions::new().associated_data(&covered).ttl(PATIENCE);
    let state = call.seal.seal_json_with(&decision.version(), &options).map_err(|error| {
        Refusal::from(control::Error::Fault(format!("a question could not be sealed: {error}")))
    })?;
    let question = InputRequest::Elicitation(ElicitRequest::new(form(text)?));
    let questions = InputRequests::from([(QUESTION.to_owned(), question)]);
    Ok(Confirmed::Ask(Box::new(InputRequiredResult::new(Some(questions), Some(state)))))
}

/// Whether the protocol of this call has the client call again, and forbids asking inside of it.
fn asks_by_answering(call: &Call<'_>) -> bool {
    call.context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
}

/// Whether the client says that it can show a form. One that names no kind of elicitation means forms.
fn can_ask(call: &Call<'_>) -> bool {
    let capabilities = call.context.client_capabilities();
    let elicitation = capabilities.and_then(|capabilities| capabilities.elicitation);
    elicitation.is_some_and(|able| able.form.is_some() || able.url.is_none())
}

fn is_yes(answer: &ElicitResult) -> bool {
    let said = answer.content.as_ref().and_then(|content| content.get(QUESTION)?.as_bool());
    answer.action == ElicitationAction::Accept && said == Some(true)
}

/// What a sealed question is bound to: who was asked, about what, and with which words.
fn covered(call: &Call<'_>, view: &DecisionView, verb: &str, words: &[Option<&str>]) -> Vec<u8> {
    let caller = &call.caller;
    let mut parts = vec![caller.workspace.as_str(), caller.actor.id(), view.decision.id.as_str(), verb];
    parts.extend(words.iter().map(|said| said.unwrap_or("\0")));
    // Each part by its digest, so that no two lists of parts look alike.
    parts.into_iter().flat_map(|part| sha256_hex(part.as_bytes()).into_bytes()).collect()
}

fn form(message: String) -> Result<ElicitRequestParams, Refusal> {
    let yes = BooleanSchema::new()
        .title("I have read this, and I say yes")
        .description("Only you can answer this.");
    let schema = ElicitationSchema::builder()
        .required_property(QUESTION, PrimitiveSchemaDefinition::Boolean(yes))
        .build()
        .map_err(|error| control::Error::Fault(format!("a form could not be made: {error}")))?;
    Ok(ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema: schema })
}
