//! What counts is decided when it runs: whoever has lost the role by then, or is suspended, has no voice.

use crate::scene::{Scene, TestClock, code};
use control::{Caller, Clock, Control, Error, Role, Routers, SystemEntropy};
use governance::timeline::TimelineEntry;
use governance::{Body, DecisionId, Lost, State, Timestamp, Value};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use store::{DecisionFilter, PageRequest};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

const PAGE: PageRequest = PageRequest { after: None, limit: 50, oldest_first: false };

/// A decision that this approver has made ready.
async fn approved(scene: &Scene, by: &[&Caller], needed: i64) -> DecisionId {
    let id = scene.request(&scene.admin, needed).await;
    for approver in by {
        scene.control.approve(approver, &id, None, None, None).await.unwrap();
    }
    id
}

async fn run(scene: &Scene, id: &DecisionId) -> Result<(), Error> {
    scene.control.execute(&scene.admin, id, None, "simulate", None).await.map(drop)
}

/// The list, the numbers and the page say the same of one decision: state, and approvals that count.
async fn everywhere(scene: &Scene, id: &DecisionId, state: State, counted: u32) {
    let view = scene.control.decision(&scene.admin, id).await.unwrap();
    assert_eq!((view.lifecycle.state, view.lifecycle.progress.approvals_current), (state, counted));
    for asked in [State::Approved, State::PendingApproval] {
        let filter = DecisionFilter { state: Some(asked), ..DecisionFilter::default() };
        let rows = scene.control.list(&scene.admin, filter, &PAGE).await.unwrap().rows;
        let row = rows.iter().find(|row| row.id == *id);
        assert_eq!(row.is_some(), asked == state, "in the list of {asked:?}");
        assert!(row.is_none_or(|row| (row.state, row.active_approvals) == (state, counted)));
    }
}

#[tokio::test]
async fn an_approval_counts_while_its_giver_may_give_it() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver, Role::Author]).await;
        let cy = scene.person("cy", &[Role::Approver]).await;
        let id = approved(&scene, &[&bo], 1).await;
        everywhere(&scene, &id, State::Approved, 1).await;
        assert!(scene.control.inbox(&cy, &PAGE).await.unwrap().rows.is_empty());

        for (lost, word) in [(Lost::Suspended, "suspended"), (Lost::Role, "role_lost")] {
            match lost {
                Lost::Suspended => scene.suspend(&bo, true).await,
                _ => scene.control.set_roles(&scene.admin, &bo.person, &[Role::Author]).await.unwrap(),
            }
            everywhere(&scene, &id, State::PendingApproval, 0).await;
            let view = scene.control.decision(&scene.admin, &id).await.unwrap();
            let reason = &view.lifecycle.blocking_reasons[0];
            assert_eq!(reason.code.as_str(), "APPROVER_NOT_ENTITLED");
            let details = governance::canonical::to_string(&reason.details);
            assert!(details.contains(word) && details.contains(bo.actor.id()), "{details}");
            assert_eq!(view.not_counted.len(), 1);
            assert_eq!(view.not_counted[0].reason.as_str(), word);
            assert_eq!(code(run(&scene, &id).await), "BLOCKED");
            assert!(scene.load(&id).await.executions.is_empty(), "nothing was recorded");
            assert_eq!(scene.control.inbox(&cy, &PAGE).await.unwrap().rows.len(), 1, "it waits for others");
            assert_eq!(scene.control.counts(&cy).await.unwrap().waiting, 1);

            scene.suspend(&bo, false).await;
            scene.control.set_roles(&scene.admin, &bo.person, &[Role::Approver]).await.unwrap();
            everywhere(&scene, &id, State::Approved, 1).await;
        }
        run(&scene, &id).await.unwrap();
    }
}

#[tokio::test]
async fn what_did_not_count_is_in_the_log_of_the_run() {
    for scene in Scene::each().await {
        let mut approvers = Vec::new();
        for name in ["bo", "cy", "di"] {
            approvers.push(scene.person(name, &[Role::Approver]).await);
        }
        let id = approved(&scene, &approvers.iter().collect::<Vec<_>>(), 2).await;
        scene.suspend(&approvers[1], true).await;
        run(&scene, &id).await.unwrap();
        let decision = scene.load(&id).await;
        let requested = decision.events.iter().find_map(|event| match &event.body {
            Body::ExecutionRequested { approvals_not_counted, .. } => Some(approvals_not_counted.clone()),
            _ => None,
        });
        let requested = requested.unwrap();
        assert_eq!(requested.len(), 1);
        assert_eq!(requested[0].actor, approvers[1].actor.id());
        assert_eq!(requested[0].reason.as_str(), "suspended");
        // Whatever becomes of people afterwards, the evidence stays and explains itself.
        for approver in [&approvers[0], &approvers[2]] {
            scene.suspend(approver, true).await;
        }
        let package = scene.control.export_package(&scene.admin, &id, true).await.unwrap();
        assert!(governance::verify::verify_text(&package.json).unwrap().ok);
        let view = scene.control.decision(&scene.admin, &id).await.unwrap();
        assert_eq!(view.lifecycle.state, State::Completed);
        let names = |line: &&TimelineEntry| line.summary.contains(approvers[1].actor.id());
        let told: Vec<_> = view.lifecycle.timeline.iter().filter(names).map(|line| line.event_type).collect();
        assert_eq!(told, ["APPROVAL_GRANTED", "EXECUTION_REQUESTED"], "{:?}", view.lifecycle.timeline);
    }
}

#[tokio::test]
async fn a_dry_run_of_nobodys_approvals_records_an_empty_list() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = approved(&scene, &[&bo], 1).await;
    run(&scene, &id).await.unwrap();
    let decision = scene.load(&id).await;
    let event = decision.events.iter().find(|event| event.body.type_name() == "EXECUTION_REQUESTED").unwrap();
    // Absent or empty: older logs do not have it.
    let said = event.body.payload().get("approvals_not_counted").and_then(Value::as_array).map(<[_]>::len);
    assert!(said.is_none_or(|count| count == 0), "{said:?}");
}

/// A clock that stops its first reader, until it is told to go on: what others do then happens between reading and
/// writing.
struct Pausing {
    clock: Arc<TestClock>,
    reached: Mutex<Option<oneshot::Sender<()>>>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

impl Clock for Pausing {
    fn now(&self) -> Timestamp {
        if let Some(reached) = self.reached.lock().unwrap().take() {
            reached.send(()).unwrap();
            // What waits behind this task on its thread, such as a connection's way back, goes on elsewhere.
            let wait = || self.go_on.lock().unwrap().recv_timeout(Duration::from_secs(20));
            tokio::task::block_in_place(wait).unwrap();
        }
        self.clock.now()
    }
}

fn pausing(scene: &Scene) -> (Control, oneshot::Receiver<()>, mpsc::Sender<()>) {
    let (reached, when_reached) = oneshot::channel();
    let (go, go_on) = mpsc::channel();
    let pausing =
        Arc::new(Pausing { clock: scene.clock.clone(), reached: Mutex::new(None), go_on: Mutex::new(go_on) });
    let clock: Arc<dyn Clock> = pausing.clone();
    let routers = Routers::new(Vec::new(), &clock).unwrap();
    let control = Control::new(scene.control.store().clone(), routers, clock, Arc::new(SystemEntropy));
    // Not before: coming up reads the clock, too.
    *pausing.reached.lock().unwrap() = Some(reached);
    (control, when_reached, go)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_suspension_between_reading_and_writing_stops_the_run() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver]).await;
        let id = approved(&scene, &[&bo], 1).await;
        let (control, reached, go) = pausing(&scene);
        let (admin, decision) = (scene.admin.clone(), id.clone());
        let running =
            tokio::spawn(async move { control.execute(&admin, &decision, None, "simulate", None).await });
        reached.await.unwrap();
        scene.suspend(&bo, true).await;
        go.send(()).unwrap();
        assert_eq!(code(running.await.unwrap()), "BLOCKED");
        assert!(scene.load(&id).await.executions.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_role_that_is_lost_between_reading_and_writing_stops_the_approval() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver]).await;
        let id = scene.request(&scene.admin, 1).await;
        let (control, reached, go) = pausing(&scene);
        let (as_bo, decision) = (bo.clone(), id.clone());
        let approving =
            tokio::spawn(async move { control.approve(&as_bo, &decision, None, None, None).await });
        reached.await.unwrap();
        scene.control.set_roles(&scene.admin, &bo.person, &[Role::Auditor]).await.unwrap();
        go.send(()).unwrap();
        assert_eq!(code(approving.await.unwrap()), "FORBIDDEN");
        assert!(scene.load(&id).await.approvals.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_unrelated_act_between_reading_and_writing_stops_nothing() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver]).await;
        let cy = scene.person("cy", &[Role::Approver]).await;
        let id = approved(&scene, &[&bo], 1).await;
        let (control, reached, go) = pausing(&scene);
        let (admin, decision) = (scene.admin.clone(), id.clone());
        let running =
            tokio::spawn(async move { control.execute(&admin, &decision, None, "simulate", None).await });
        reached.await.unwrap();
        scene.suspend(&cy, true).await;
        go.send(()).unwrap();
        running.await.unwrap().unwrap();
        assert_eq!(scene.load(&id).await.executions.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_starts_that_began_after_the_suspension_was_done() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver]).await;
        let mut ready = Vec::new();
        for _ in 0..50 {
            ready.push(approved(&scene, &[&bo], 1).await);
        }
        let done = Arc::new(AtomicBool::new(false));
        let mut runs = JoinSet::new();
        for id in ready {
            let (control, admin, done) = (scene.control.clone(), scene.admin.clone(), done.clone());
            runs.spawn(async move {
                let began_after = done.load(Ordering::SeqCst);
                let ran = control.execute(&admin, &id, None, "simulate", None).await;
                assert!(!(began_after && ran.is_ok()), "{id} began after the suspension and ran");
                let refused = ran.as_ref().err().map(Error::code);
                assert!(refused.is_none_or(|code| code == "BLOCKED"), "{refused:?}");
                (began_after, ran.is_ok())
            });
        }
        scene.suspend(&bo, true).await;
        done.store(true, Ordering::SeqCst);
        let ended = runs.join_all().await;
        let ran = ended.iter().filter(|(_, ran)| *ran).count();
        println!("{ran} of {} ran before the suspension", ended.len());
        let executed = DecisionFilter { state: Some(State::Completed), ..DecisionFilter::default() };
        let rows = scene.control.list(&scene.admin, executed, &PAGE).await.unwrap().rows;
        assert_eq!(rows.len(), ran, "what was refused did not run");
    }
}
