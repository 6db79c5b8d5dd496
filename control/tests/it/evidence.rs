//! What goes out can be verified by anyone; what comes in is evidence and never runs.

use crate::scene::{Scene, input};
use control::{Error, Role};
use governance::decide::PolicyInput;
use governance::{Mode, digest, json, verify};

#[tokio::test]
async fn packages_verify_and_bind_the_same_run_in_both_modes() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    let none = scene.control.export_package(&scene.admin, &id, false).await;
    assert_eq!(none.unwrap_err().code(), "NO_ROUTER_LINK");
    scene.control.approve(&bo, &id, None, Some("</script> \u{202e}".to_owned()), None).await.unwrap();
    scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
    let mut bound = Vec::new();
    for embed in [false, true] {
        let package = scene.control.export_package(&scene.admin, &id, embed).await.unwrap();
        let report = verify::verify_text(&package.json).unwrap();
        assert!(report.ok, "{report:?}");
        assert_eq!(report.checks.len(), if embed { 6 } else { 5 });
        let value = json::parse(&package.json).unwrap();
        bound.push(value.get("integrity").unwrap().clone());
        assert!(!package.text.is_empty());
    }
    assert_eq!(bound[0], bound[1], "the run's digest is the same, so the binding is");
    let bundle = scene.control.export_bundle(&scene.admin, &id).await.unwrap();
    assert!(verify::verify_text(&bundle.json).unwrap().ok);
}

#[tokio::test]
async fn imported_bundles_keep_their_digest_and_can_do_nothing() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let bundle = scene.control.export_bundle(&scene.admin, &id).await.unwrap();

    let taken = scene.control.import_bundle(&scene.admin, &bundle.json, "reject_on_conflict").await;
    assert_eq!(taken.unwrap_err().code(), "DECISION_EXISTS");
    let copy = scene.control.import_bundle(&scene.admin, &bundle.json, "new_decision_id").await.unwrap();
    assert_ne!(copy.decision_id, id);
    assert_eq!(copy.original_id, id);
    let id = copy.decision_id;
    for refused in [
        scene.control.approve(&bo, &id, None, None, None).await,
        scene.control.revoke(&bo, &id, None, None).await,
        scene.control.reject(&bo, &id, None, "no").await,
        scene.control.withdraw(&scene.admin, &id, None, None).await,
        scene.control.execute(&scene.admin, &id, None, "simulate", None).await,
    ] {
        assert_eq!(refused.unwrap_err().code(), "IMPORTED_EVIDENCE");
    }
    let edited = bundle.json.replace("staging", "production");
    let refused = scene.control.import_bundle(&scene.admin, &edited, "new_decision_id").await;
    assert_eq!(refused.unwrap_err().code(), "INTEGRITY_MISMATCH");
}

#[tokio::test]
async fn what_ran_here_is_never_overwritten() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    let early = scene.control.export_bundle(&scene.admin, &id).await.unwrap();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    scene.control.execute(&scene.admin, &id, None, "simulate", None).await.unwrap();
    let refused = scene.control.import_bundle(&scene.admin, &early.json, "overwrite").await;
    assert_eq!(refused.unwrap_err().code(), "DECISION_EXISTS");
    assert!(scene.control.export_package(&scene.admin, &id, true).await.is_ok());
}

#[tokio::test]
async fn overwriting_keeps_the_replaced_log() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    let early = scene.control.export_bundle(&scene.admin, &id).await.unwrap();
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    scene.control.import_bundle(&scene.admin, &early.json, "overwrite").await.unwrap();
    assert_eq!(scene.load(&id).await.version(), 2);
    let replaced = scene.control.store().replaced(&scene.admin.workspace, &id).await.unwrap();
    assert_eq!(replaced.len(), 1);
    assert_eq!(replaced[0].events.len(), 3, "the approval is still in the old log");
}

#[tokio::test]
async fn a_template_is_kept_by_digest_and_replaced_by_plain_names() {
    let scene = Scene::new().await;
    let policy = PolicyInput {
        min_approvals: Some(2),
        labels: Some(vec!["prod".to_owned()]),
        ..PolicyInput::default()
    };
    let template =
        scene.control.create_template(&scene.admin, "prod-deploy", "Deploys", policy.clone()).await.unwrap();
    assert!(template.policy().forbid_self_approval(), "the workspace's default is written down");
    let again = scene.control.create_template(&scene.admin, "prod-deploy", "", policy).await;
    assert!(matches!(again, Err(Error::Exists(_))));
    for name in ["", "new", "..", "a/b", "50%"] {
        let refused = scene.control.create_template(&scene.admin, name, "", PolicyInput::default()).await;
        assert!(["INVALID_INPUT", "INVALID_TEMPLATE"].contains(&refused.unwrap_err().code()), "{name}");
    }
    let mut request = input(Mode::DryRun, 3);
    request.template = Some("prod-deploy".to_owned());
    request.policy.labels = Some(Vec::new());
    let decision = scene.control.request(&scene.admin, request).await.unwrap();
    let policy = decision.policy.as_ref().unwrap();
    assert_eq!((policy.min_approvals(), policy.labels().len()), (3, 0), "overrides replace");
    let kept = decision.template.as_ref().unwrap();
    assert_eq!(kept.digest, digest::of_value(&template.to_value()));
    assert_eq!(kept.overrides.as_object().unwrap().keys().collect::<Vec<_>>(), ["labels", "min_approvals"]);
    assert_eq!(scene.control.template(&scene.admin, "prod-deploy").await.unwrap().uses, 1);
    let mut missing = input(Mode::DryRun, 1);
    missing.template = Some("nope".to_owned());
    assert!(matches!(scene.control.request(&scene.admin, missing).await, Err(Error::NotFound("template"))));
}
