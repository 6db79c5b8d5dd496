//! Random histories: whatever a log holds, the model that grew with it is the model made again from it.

use crate::support::{self, Bench, Story, at, id, policy};
use governance::event::TemplateRef;
use governance::json::object;
use governance::{Body, Decision, Mode, Origin};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::sync::Arc;
use store::ImportWrite;

/// One step of a history: which decision, who, what, how long after the step before, and whether it is
/// written at once or together with the next.
#[derive(Debug, Clone)]
struct Step {
    decision: usize,
    actor: &'static str,
    body: Body,
    later: i64,
    flush: bool,
    import: bool,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-cA-C ]{0,12}",
        1 => proptest::string::string_regex("(?s).{0,24}").unwrap(),
        1 => Just("nul\0 „quotes“ 🔑".to_owned()),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let created = (text(), vec(text(), 0..4), any::<bool>()).prop_map(|(goal, labels, apply)| {
        let mode = if apply { Mode::Apply } else { Mode::DryRun };
        Body::DecisionCreated { goal, plan: None, mode, labels }
    });
    let attached = (1..4_i64, any::<bool>(), any::<bool>(), proptest::option::of(text())).prop_map(
        |(needed, forbid, machines, name)| {
            let name = name.filter(|name| !name.is_empty());
            let template = name.map(|name| TemplateRef {
                name,
                digest: String::new(),
                snapshot: object([]),
                overrides: object([]),
            });
            Body::PolicyAttached {
                policy: policy(needed, forbid).allowing_machine_approvals(machines),
                template,
            }
        },
    );
    let granted = proptest::option::of(0..100_i64).prop_map(|until| support::granted(until.map(at)));
    prop_oneof![
        3 => created,
        3 => attached,
        6 => granted,
        2 => Just(Body::ApprovalRevoked { reason: None }),
        1 => Just(Body::ExecutionRequested {
            adapter_id: "a".to_owned(), dry_run: true, approvals_not_counted: Vec::new(),
        }),
        1 => Just(Body::ExecutionStarted { router_request_digest: "00".to_owned() }),
        1 => Just(Body::ExecutionCompleted {
            run_id: "r".to_owned(), response_digest: "00".to_owned(), steps_executed: None,
        }),
        1 => Just(Body::ExecutionFailed {
            error_code: "E".to_owned(), error_message: "no".to_owned(), run_id: None,
        }),
        1 => text().prop_map(|reason| Body::DecisionRejected { reason }),
        1 => Just(Body::DecisionWithdrawn { reason: None }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let actor = prop::sample::select(vec!["ann", "bob", "cid", "o'neil \"x\"", "安"]);
    (0..4_usize, actor, body(), -3..9_i64, any::<bool>(), prop::bool::weighted(0.1)).prop_map(
        |(decision, actor, body, later, flush, import)| Step { decision, actor, body, later, flush, import },
    )
}

/// Plays a history and checks that rebuilding changes nothing.
async fn play(bench: &Bench, workspace: &str, steps: Vec<Step>) {
    let store = &bench.store;
    let name = |number: usize| format!("decision {number}");
    let mut tales: Vec<Story> = (0..4).map(|number| Story::new(workspace, &name(number))).collect();
    let mut now = 0;
    for step in steps {
        now += step.later;
        let tale = tales[step.decision].clone().then(now, step.actor, step.body);
        tales[step.decision] = tale;
        let tale = &mut tales[step.decision];
        if step.import {
            let decision = Decision::replay(
                id(&name(step.decision)),
                Origin::Imported,
                tale.decision.events.iter().cloned(),
            );
            let imported_at = at(now);
            let import = ImportWrite {
                workspace: tale.workspace.clone(),
                decision: Arc::new(decision.clone()),
                overwrite: true,
                imported_by: "ann".to_owned(),
                imported_at,
            };
            store.import(import).await.unwrap();
            let _ = tale.append();
            tale.decision = decision;
        } else if step.flush {
            tale.save(store).await;
        }
    }
    support::assert_rebuilt_is_equal(store).await;
    for tale in &mut tales {
        let unsaved = usize::try_from(tale.append().new_events).unwrap();
        let stream = store.load(&tale.workspace, &tale.decision.id).await.unwrap();
        let events = stream.map(|stream| stream.events).unwrap_or_default();
        assert_eq!(events, tale.decision.events[..tale.decision.events.len() - unsaved]);
    }
}

fn run(cases: u32, open: impl Future<Output = Bench>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bench = runtime.block_on(open);
    let number = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let result = runner.run(&vec(step(), 1..40), |steps| {
        number.set(number.get() + 1);
        runtime.block_on(play(&bench, &format!("w{}", number.get()), steps));
        Ok(())
    });
    runtime.block_on(bench.end());
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn live_is_rebuilt_on_sqlite() {
    run(64, support::sqlite());
}

#[test]
fn live_is_rebuilt_on_postgres() {
    run(16, support::postgres());
}
