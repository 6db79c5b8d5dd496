//! The inbox: what is most urgent, what comes next after one was decided, what ended lately, and for whom.

use crate::scene::{Scene, input};
use control::lists::{DecisionRow, PageRequest};
use control::{Caller, Control, Role};
use governance::{DecisionId, Mode};

const PAGE: PageRequest = PageRequest { after: None, limit: 50, oldest_first: true };

fn ids(rows: Vec<DecisionRow>) -> Vec<String> {
    rows.into_iter().map(|row| row.id.to_string()).collect()
}

async fn urgent(control: &Control, caller: &Caller) -> Vec<String> {
    ids(control.urgent(caller, &PAGE).await.unwrap().rows)
}

async fn next(control: &Control, caller: &Caller, after: &DecisionId) -> Option<String> {
    control.next_waiting(caller, after).await.unwrap().map(|row| row.id.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_urgent_is_first_and_whoever_may_not_approve_has_nothing() {
    for scene in Scene::each().await {
        let control = &scene.control;
        let asker = scene.person("ann", &[Role::Requester]).await;
        let bo = scene.person("bo", &[Role::Approver]).await;
        let cy = scene.person("cy", &[Role::Approver]).await;
        let dry = scene.request(&asker, 1).await;
        scene.clock.advance(1);
        let real = control.request(&asker, input(Mode::Apply, 2)).await.unwrap().id.clone();
        scene.clock.advance(1);
        let lapsing = scene.request(&asker, 2).await;
        let until = control.now().plus_seconds(600);
        control.approve(&cy, &lapsing, None, None, Some(until)).await.unwrap();
        assert_eq!(urgent(control, &bo).await, [lapsing.as_str(), real.as_str(), dry.as_str()]);
        assert_eq!(urgent(control, &cy).await, [real.as_str(), dry.as_str()], "their approval stands");
        assert_eq!(urgent(control, &asker).await, [""; 0]);
        // What lapsed is urgent no more, and waits for its giver again.
        scene.clock.advance(600);
        assert_eq!(urgent(control, &cy).await, [real.as_str(), dry.as_str(), lapsing.as_str()]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_one_comes_the_next_and_after_the_last_the_first() {
    for scene in Scene::each().await {
        let control = &scene.control;
        let asker = scene.person("ann", &[Role::Requester]).await;
        let bo = scene.person("bo", &[Role::Approver]).await;
        let mut made = Vec::new();
        for _ in 0..3 {
            made.push(scene.request(&asker, 1).await);
            scene.clock.advance(1);
        }
        let [one, two, three] = &made[..] else { panic!("three were made") };
        assert_eq!(next(control, &bo, one).await.as_deref(), Some(two.as_str()));
        assert_eq!(next(control, &bo, two).await.as_deref(), Some(three.as_str()));
        assert_eq!(next(control, &bo, three).await.as_deref(), Some(one.as_str()));
        // Decided, rejected or never there: what comes next does not depend on it.
        control.approve(&bo, two, None, None, None).await.unwrap();
        assert_eq!(next(control, &bo, two).await.as_deref(), Some(three.as_str()));
        control.reject(&bo, three, None, "no").await.unwrap();
        assert_eq!(next(control, &bo, three).await.as_deref(), Some(one.as_str()));
        let gone = DecisionId::new("never-there").unwrap();
        assert_eq!(next(control, &bo, &gone).await.as_deref(), Some(one.as_str()));
        assert_eq!(next(control, &bo, one).await, None, "it is not its own next");
        assert_eq!(next(control, &asker, &gone).await, None, "whoever may not approve has no next");
        // A wall stays a wall.
        let stranger = scene.elsewhere("South").await;
        assert_eq!(next(control, &stranger, two).await, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_lately_is_for_fourteen_days_and_for_whom_it_concerns() {
    for scene in Scene::each().await {
        let control = &scene.control;
        let (ann, ben) =
            (scene.person("ann", &[Role::Requester]).await, scene.person("ben", &[Role::Requester]).await);
        let bo = scene.person("bo", &[Role::Approver]).await;
        let hers = scene.request(&ann, 1).await;
        let his = scene.request(&ben, 1).await;
        let open = scene.request(&ben, 1).await;
        control.reject(&bo, &his, None, "no").await.unwrap();
        scene.clock.advance(86_400);
        control.withdraw(&ann, &hers, None, None).await.unwrap();
        let lately = |caller: Caller| async move {
            let found = ids(control.ended_lately(&caller, &PAGE).await.unwrap().rows);
            let count = control.count_ended_lately(&caller).await.unwrap();
            assert_eq!(usize::try_from(count).unwrap(), found.len());
            found
        };
        assert_eq!(lately(bo.clone()).await, [hers.as_str(), his.as_str()], "newest end first, nothing open");
        assert_eq!(lately(ann.clone()).await, [hers.as_str()]);
        assert_eq!(lately(ben.clone()).await, [his.as_str()]);
        scene.clock.advance(13 * 86_400 + 1);
        assert_eq!(lately(bo.clone()).await, [hers.as_str()]);
        scene.clock.advance(86_400);
        assert_eq!(lately(bo.clone()).await, [""; 0]);
        let all = control.count(&ben, control::lists::DecisionFilter::default()).await.unwrap();
        assert_eq!(all, Some(2), "one's own, {open} among them");
    }
}
