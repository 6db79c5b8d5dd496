//! Decisions of another system, brought in as evidence: made by the same rules as a sister company's server would
//! make them, exported, and imported here.

use super::stage::Stage;
use super::story::Start;
use control::Error;
use governance::decide::{self, Context, Outcome, PolicyInput, Request};
use governance::{
    Actor, ActorKind, Decision, DecisionId, Event, Mode, NewEvent, Origin, Timestamp, bundle, canonical,
    digest,
};

struct Evidence {
    id: &'static str,
    days_ago: i64,
    goal: &'static str,
    requester: &'static str,
    approver: &'static str,
    ran: bool,
}

const BUNDLES: [Evidence; 2] = [
    Evidence {
        id: "5b1e6c2a-0f5d-4c53-9d9e-2f6a7b1c8e01",
        days_ago: 30,
        goal: "Shut the Fabrikam warehouse API down after its last order was moved to Northwind",
        requester: "olga@fabrikam.example",
        approver: "pieter@fabrikam.example",
        ran: true,
    },
    Evidence {
        id: "0c9f27d4-71aa-4a7e-8b3f-94d1e5a6c702",
        days_ago: 27,
        goal: "Hand the signing key of fabrikam.example over to Northwind's custody",
        requester: "olga@fabrikam.example",
        approver: "sana@fabrikam.example",
        ran: false,
    },
];

/// Imports them.
pub async fn import(stage: &Stage) -> Result<(), Error> {
    for evidence in &BUNDLES {
        let began = stage.moment(Start::Day(evidence.days_ago, 9, 12));
        let decision = decide_elsewhere(evidence, began)?;
        let exported = bundle::export(&decision, began.plus_seconds(7200));
        stage.at(stage.moment(Start::Day(evidence.days_ago - 4, 15, 5)));
        let text = canonical::to_string(&exported.value);
        stage.control.import_bundle(stage.caller("alice")?, &text, "reject_on_conflict").await?;
    }
    Ok(())
}

fn decide_elsewhere(evidence: &Evidence, began: Timestamp) -> Result<Decision, Error> {
    let id = DecisionId::new(evidence.id).map_err(|error| Error::Fault(error.to_string()))?;
    let mut decision = Decision::empty(id, Origin::Native);
    let at = |minutes: i64| began.plus_seconds(minutes * 60);
    let by = |actor: &str, minutes: i64| -> Result<Context, Error> {
        let actor = Actor::new(ActorKind::Human, actor).map_err(|error| Error::Fault(error.to_string()))?;
        Ok(Context::new(at(minutes), actor))
    };
    let request = Request {
        goal: evidence.goal.to_owned(),
        plan: None,
        mode: Mode::Apply,
        template: None,
        policy: PolicyInput { min_approvals: Some(1), ..PolicyInput::default() },
        forbid_self_approval: false,
    };
    add(&mut decision, at(0), decide::request(&by(evidence.requester, 0)?, request)?);
    let reason = Some("as agreed in the merger plan".to_owned());
    let approved = decide::approve(&decision, &by(evidence.approver, 25)?, reason, None)?;
    add(&mut decision, at(25), approved);
    if evidence.ran {
        let started =
            decide::execute(&decision, &by(evidence.requester, 40)?, "subprocess:shutdown", &[], None)?;
        add(&mut decision, at(40), started);
        let response_digest = digest::sha256_hex(evidence.goal.as_bytes());
        let outcome = Outcome::Completed { response_digest, steps_executed: 4 };
        let ended = decide::finish(&decision, "run_fabrikam_0412", outcome)?;
        add(&mut decision, at(44), ended);
    }
    Ok(decision)
}

fn add(decision: &mut Decision, at: Timestamp, events: Vec<NewEvent>) {
    for new in events {
        let seq = decision.version();
        decision.evolve(Event::record(new, seq, at));
    }
}
