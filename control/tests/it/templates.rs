//! What a template would mean before it is saved: its name, today's members, and what was decided before.

use crate::scene::{Scene, code, input};
use control::quorum::Quorum;
use control::requests::RequestInput;
use control::{Caller, Role};
use governance::Mode;
use governance::decide::PolicyInput;

fn policy(approvals: i64, forbid: bool) -> PolicyInput {
    PolicyInput {
        min_approvals: Some(approvals),
        forbid_self_approval: Some(forbid),
        ..PolicyInput::default()
    }
}

async fn quorum(scene: &Scene, approvals: i64, forbid: bool) -> Quorum {
    let policy = scene.control.template_policy(&scene.admin, policy(approvals, forbid)).await.unwrap();
    scene.control.quorum(&scene.admin, &policy).await.unwrap()
}

#[tokio::test]
async fn a_quorum_counts_the_people_who_may_approve_today() {
    for scene in Scene::each().await {
        // The admin has every role.
        assert_eq!(quorum(&scene, 1, true).await, Quorum { needed: 1, approvers: 1, others_only: true });
        assert!(
            quorum(&scene, 1, true).await.fails_for_approvers(),
            "nobody else could approve for the admin"
        );
        assert!(!quorum(&scene, 1, false).await.fails_for_approvers(), "they may approve it themselves");
        assert!(!quorum(&scene, 2, false).await.can_be_met());

        let bo = scene.person("bo", &[Role::Approver]).await;
        scene.person("cy", &[Role::Requester, Role::Author, Role::Auditor]).await;
        let two = quorum(&scene, 2, true).await;
        assert_eq!((two.approvers, two.can_be_met(), two.fails_for_approvers()), (2, true, true));
        assert!(!quorum(&scene, 3, false).await.can_be_met(), "other roles do not approve");

        scene.suspend(&bo, true).await;
        assert_eq!(quorum(&scene, 2, false).await.approvers, 1, "whoever is suspended gives nothing");
        scene.suspend(&bo, false).await;
        scene.control.set_roles(&scene.admin, &bo.person, &[Role::Author]).await.unwrap();
        assert_eq!(quorum(&scene, 2, false).await.approvers, 1, "nor whoever lost the role");
        scene.control.set_roles(&scene.admin, &bo.person, &[Role::Approver]).await.unwrap();
        assert!(quorum(&scene, 2, false).await.can_be_met());

        // Elsewhere is elsewhere.
        let there = scene.elsewhere("Southwind").await;
        scene.also(&there.workspace, &bo, &[Role::Approver]).await;
        assert_eq!(quorum(&scene, 2, false).await.approvers, 2);
    }
}

#[tokio::test]
async fn a_machine_fills_no_seat_of_a_quorum() {
    for scene in Scene::each().await {
        let policy =
            governance::Policy::new(2, &["dry_run".to_owned()], Vec::new(), None, Vec::new()).unwrap();
        let machines = policy.clone().allowing_machine_approvals(true);
        let figures = scene.control.quorum(&scene.admin, &machines).await.unwrap();
        assert_eq!(figures, scene.control.quorum(&scene.admin, &policy).await.unwrap());
        assert_eq!((figures.approvers, figures.can_be_met()), (1, false));
    }
}

#[tokio::test]
async fn the_preview_of_a_request_leaves_whoever_asks_out() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver, Role::Requester]).await;
        let cy = scene.person("cy", &[Role::Requester]).await;
        for (caller, forbid, possible) in [(&bo, true, 1), (&bo, false, 2), (&cy, true, 2), (&cy, false, 2)] {
            let asked = RequestInput { policy: policy(2, forbid), ..input(Mode::DryRun, 2) };
            let preview = scene.control.preview(caller, asked).await.unwrap();
            assert_eq!(preview.possible_approvers, possible, "{} {forbid}", caller.name);
        }
    }
}

#[tokio::test]
async fn a_name_is_free_once_and_the_next_one_is_offered() {
    for scene in Scene::each().await {
        let (control, admin) = (&scene.control, &scene.admin);
        assert!(control.check_template_name(admin, " prod-deploy ").await.is_ok());
        for name in ["prod-deploy", "prod-deploy-2"] {
            control.create_template(admin, name, "", policy(1, true)).await.unwrap();
        }
        for (name, refused) in [
            ("prod-deploy", "ALREADY_EXISTS"),
            ("  ", "INVALID_TEMPLATE"),
            ("a\u{7}b", "INVALID_TEMPLATE"),
            ("a/b", "INVALID_INPUT"),
            ("new", "INVALID_INPUT"),
            ("compare", "INVALID_INPUT"),
        ] {
            let check = code(control.check_template_name(admin, name).await);
            let save = code(control.create_template(admin, name, "", policy(1, true)).await);
            assert_eq!(check, save, "the check says what saving says: {name:?}");
            assert!(refused == check || refused == "ALREADY_EXISTS", "{name:?}: {check}");
        }
        let next = control.next_template_name(admin, "prod-deploy").await.unwrap();
        assert_eq!(next.as_deref(), Some("prod-deploy-3"));
        let there = scene.elsewhere("Southwind").await;
        assert!(
            control.check_template_name(&there, "prod-deploy").await.is_ok(),
            "names are a workspace's own"
        );
    }
}

/// A request from a template, with a label.
async fn asked(scene: &Scene, by: &Caller, template: Option<&str>, label: &str) -> String {
    let labels = Some(vec![label.to_owned()]);
    let asked = RequestInput {
        template: template.map(str::to_owned),
        policy: PolicyInput { labels, ..PolicyInput::default() },
        ..input(Mode::DryRun, 1)
    };
    scene.clock.advance(1);
    scene.control.request(by, asked).await.unwrap().id.as_str().to_owned()
}

#[tokio::test]
async fn a_new_template_is_tried_on_what_its_reader_may_see() {
    for scene in Scene::each().await {
        let (control, admin) = (&scene.control, &scene.admin);
        control.create_template(admin, "base", "", policy(1, false)).await.unwrap();
        let first = asked(&scene, admin, Some("base"), "a").await;
        let second = asked(&scene, admin, Some("base"), "b").await;
        let labelled = asked(&scene, admin, None, "night").await;
        asked(&scene, admin, None, "other").await;
        assert_eq!(control.template(admin, "base").await.unwrap().uses, 2);

        let tried = async |caller: &Caller, copied: Option<&str>, labels: &[&str], most| {
            let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
            let found = control.sample_decisions(caller, copied, &labels, most).await.unwrap();
            found.into_iter().map(|decision| decision.id.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            tried(admin, Some("base"), &["night", "a"], 5).await,
            [&second, &first, &labelled].map(Clone::clone)
        );
        assert_eq!(tried(admin, Some("base"), &["night"], 1).await, std::slice::from_ref(&second));
        assert_eq!(tried(admin, None, &["night"], 5).await, std::slice::from_ref(&labelled));
        assert!(tried(admin, None, &[], 5).await.is_empty());

        let author = scene.person("cy", &[Role::Author, Role::Requester]).await;
        let own = asked(&scene, &author, Some("base"), "a").await;
        let seen = tried(&author, Some("base"), &["night"], 5).await;
        let lists_all = seen.contains(&first);
        assert!(seen.contains(&own));
        let listed = control.decision(&author, &governance::DecisionId::new(first).unwrap()).await.is_ok();
        assert_eq!(lists_all, listed, "no more than they could open");
    }
}

#[tokio::test]
async fn whoever_may_not_write_templates_learns_nothing_by_checking_one() {
    for scene in Scene::each().await {
        let bo = scene.person("bo", &[Role::Approver]).await;
        let control = &scene.control;
        assert_eq!(code(control.check_template_name(&bo, "x").await), "FORBIDDEN");
        assert_eq!(code(control.next_template_name(&bo, "x").await), "FORBIDDEN");
        assert_eq!(code(control.template_policy(&bo, policy(1, true)).await), "FORBIDDEN");
    }
}
