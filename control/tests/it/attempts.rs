//! Every use case that an operation stands for, tried on somebody else's things: who is refused, and how.

use crate::scene::{ADDRESS, Scene, input};
use control::access::invitation::Invitation;
use control::keys::KeyInput;
use control::overview::Span;
use control::permission::Operation;
use control::requests::RequestInput;
use control::search::Search;
use control::{Caller, Door, Error, KeyScope, Role};
use governance::decide::PolicyInput;
use governance::{DecisionId, Mode, PersonId};
use std::fmt::Debug;
use store::{DecisionFilter, PageRequest};

/// What the use cases are tried on. None of it is the caller's.
pub struct Targets {
    pub decision: DecisionId,
    pub person: PersonId,
    pub key: String,
    pub invitation: String,
}

impl Targets {
    /// Fresh ones, the admin's.
    pub async fn new(scene: &Scene, name: &str) -> Self {
        let admin = &scene.admin;
        let decision = scene.request(admin, 9).await;
        let person = scene.person(&format!("target-{name}"), &[Role::Requester]).await.person;
        let key = KeyInput { name: "robot".to_owned(), scopes: vec![KeyScope::Read], days: None };
        let key = scene.control.create_key(admin, key).await.unwrap().0.id;
        let invitation =
            scene.control.invite(admin, invitation(&format!("invited-{name}"))).await.unwrap().0.id;
        Self { decision, person, key, invitation }
    }
}

/// One use case's answer: what was tried, what was said, and the refusal where it was one.
pub struct Answer {
    pub what: &'static str,
    pub said: String,
    pub refused: Option<Error>,
}

fn answer<T: Debug>(what: &'static str, result: Result<T, Error>) -> Answer {
    Answer { what, said: format!("{result:?}"), refused: result.err() }
}

pub fn invitation(name: &str) -> Invitation {
    Invitation {
        email: format!("{name}@invited.example"),
        name: name.to_owned(),
        roles: vec![Role::Requester],
    }
}

/// What a machine's key may have.
pub const MACHINE: [KeyScope; 5] =
    [KeyScope::Request, KeyScope::Execute, KeyScope::Read, KeyScope::Export, KeyScope::Evaluate];

/// What a personal token may have.
pub const PERSONAL: [KeyScope; 6] = [
    KeyScope::Request,
    KeyScope::Execute,
    KeyScope::Read,
    KeyScope::Export,
    KeyScope::Decide,
    KeyScope::Manage,
];

/// A new token of this person, and the caller behind it.
pub async fn token_of(scene: &Scene, owner: &Caller, scopes: &[KeyScope]) -> (Caller, String) {
    let input = KeyInput { name: "laptop".to_owned(), scopes: scopes.to_vec(), days: Some(30) };
    let (_, token) = scene.control.create_token(owner, input).await.unwrap();
    (scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap(), token)
}

pub fn key_input(scopes: &[KeyScope]) -> KeyInput {
    KeyInput { name: "robot".to_owned(), scopes: scopes.to_vec(), days: None }
}

/// Whether the operation is done to one decision.
pub fn on_a_decision(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::SeeDecisions
            | Operation::Withdraw
            | Operation::Execute
            | Operation::Cancel
            | Operation::Approve
            | Operation::Reject
            | Operation::Revoke
            | Operation::Export
    )
}

/// Does everything that the operation stands for.
pub async fn attempt(scene: &Scene, caller: &Caller, operation: Operation, on: &Targets) -> Vec<Answer> {
    let control = &scene.control;
    let id = &on.decision;
    let page = PageRequest { limit: 50, ..PageRequest::default() };
    match operation {
        Operation::SeeDecisions => vec![answer("decision", control.decision(caller, id).await)],
        Operation::SeeTemplates => vec![
            answer("templates", control.templates(caller, None, &page).await),
            answer("adapters", control.adapters(caller).await),
        ],
        Operation::CreateRequest => {
            // Told apart from what was there before, so that whoever asks for it may read of it later.
            let own = || RequestInput { goal: "Renew their own keys".to_owned(), ..input(Mode::DryRun, 1) };
            vec![
                answer("request", control.request(caller, own()).await),
                answer("preview", control.preview(caller, own()).await),
            ]
        }
        Operation::Withdraw => vec![answer("withdraw", control.withdraw(caller, id, None, None).await)],
        Operation::Execute => {
            vec![answer("execute", control.execute(caller, id, None, "simulate", None).await)]
        }
        Operation::Cancel => vec![answer("cancel", control.cancel(caller, id).await)],
        Operation::Approve => vec![answer("approve", control.approve(caller, id, None, None, None).await)],
        Operation::Reject => vec![answer("reject", control.reject(caller, id, Some(0), "no").await)],
        Operation::Revoke => vec![answer("revoke", control.revoke(caller, id, Some(0), None).await)],
        Operation::CreateTemplate => {
            let name = format!("by {}", caller.actor.id());
            let policy = PolicyInput::default();
            vec![answer("create_template", control.create_template(caller, &name, "", policy).await)]
        }
        Operation::Export => vec![
            answer("export_bundle", control.export_bundle(caller, id).await),
            answer("export_package", control.export_package(caller, id, false).await),
        ],
        Operation::Import => vec![answer("import", control.import_bundle(caller, "{}", "overwrite").await)],
        Operation::SeePeople => vec![answer("people", control.people(caller).await)],
        Operation::ManagePeople => manage_people(scene, caller, on).await,
        Operation::ManageKeys => vec![
            answer("keys", control.keys(caller).await),
            answer("create_key", control.create_key(caller, key_input(&[KeyScope::Read])).await),
            answer("revoke_key", control.revoke_key(caller, &on.key).await),
        ],
        Operation::ManageSettings => vec![
            answer("rename_workspace", control.rename_workspace(caller, "Southwind").await),
            answer("set_forbid_self_approval", control.set_forbid_self_approval(caller, false).await),
        ],
        Operation::CreateWorkspace => {
            vec![answer("create_workspace", control.create_workspace(caller, "Another").await)]
        }
        Operation::SeeLog => vec![
            answer("workspace_log", control.workspace_log(caller, None).await),
            answer("export_log", control.export_log(caller).await),
            answer("overview", control.overview(caller, Span::default()).await),
        ],
    }
}

async fn manage_people(scene: &Scene, caller: &Caller, on: &Targets) -> Vec<Answer> {
    let control = &scene.control;
    let who = &on.person;
    let whom = invitation(&format!("of-{}", caller.actor.id().replace('@', "-")));
    vec![
        answer("invite", control.invite(caller, whom).await),
        answer("invitations", control.invitations(caller).await),
        answer("revoke_invitation", control.revoke_invitation(caller, &on.invitation).await),
        answer("sessions_of", control.sessions_of(caller, who).await),
        answer("end_sessions_of", control.end_sessions_of(caller, who, None).await),
        answer("reset_password", control.reset_password(caller, who, "a much longer one").await),
        answer("set_roles", control.set_roles(caller, who, &[Role::Auditor]).await),
        answer("set_suspended", control.set_suspended(caller, who, true).await),
    ]
}

/// What asks for no permission, because it only ever answers with what the caller may know.
pub async fn read_all(scene: &Scene, caller: &Caller, on: &Targets) -> Vec<Answer> {
    let control = &scene.control;
    let page = PageRequest { limit: 50, ..PageRequest::default() };
    let by_id = DecisionFilter { text: Some(on.decision.to_string()), ..DecisionFilter::default() };
    let by_goal = DecisionFilter { text: Some("staging".to_owned()), ..DecisionFilter::default() };
    let of_admin =
        DecisionFilter { person: Some(scene.admin.actor.id().to_owned()), ..DecisionFilter::default() };
    let ids = [scene.admin.actor.id().to_owned(), on.key.clone()];
    vec![
        answer("list", control.list(caller, DecisionFilter::default(), &page).await),
        answer("list by id", control.list(caller, by_id, &page).await),
        answer("list by goal", control.list(caller, by_goal, &page).await),
        answer("list by person", control.list(caller, of_admin, &page).await),
        answer("search", control.search(caller, &Search::default(), &page).await),
        answer("estimate", control.estimate(caller, &Search::default()).await),
        answer("inbox", control.inbox(caller, &page).await),
        answer("urgent", control.urgent(caller, &page).await),
        answer("next waiting", control.next_waiting(caller, &on.decision).await),
        answer("ended lately", control.ended_lately(caller, &page).await),
        answer("count ended lately", control.count_ended_lately(caller).await),
        answer("count", control.count(caller, DecisionFilter::default()).await),
        answer("counts", control.counts(caller).await),
        answer("names", control.names(caller, &ids).await),
        answer("settings", control.settings(caller).await),
    ]
}
