//! Who may do what: the table, printed; every use case as every role; another workspace sees nothing.

use crate::scene::{Scene, input};
use control::permission::{Operation, Role, Scope, scope};
use control::{Caller, Error};
use governance::decide::PolicyInput;
use governance::{DecisionId, Mode, WorkspaceId};
use std::fmt::Write as _;
use store::{DecisionFilter, PageRequest};

const TABLE: &str = "\
operation        requester  approver   author     auditor    admin
see decisions    own        all        all        all        all
see templates    all        all        all        all        all
create request   all        all        all        -          all
withdraw         own        own        own        -          own
execute          own        all        all        -          all
approve          -          all        -          -          -
reject           -          all        -          -          -
revoke           -          all        -          -          -
create template  -          -          all        -          all
export           own        all        all        all        all
import           -          -          -          -          all
see people       -          all        all        all        all
manage people    -          -          -          -          all
";

#[test]
fn the_table_is_the_design() {
    let mut printed = format!("{:<17}", "operation");
    let names: Vec<String> = Role::ALL.iter().map(|role| format!("{:<11}", role.as_str())).collect();
    printed.push_str(names.concat().trim_end());
    printed.push('\n');
    for operation in Operation::ALL {
        let cells: Vec<String> = Role::ALL
            .iter()
            .map(|role| match scope(*role, operation) {
                Scope::No => format!("{:<11}", "-"),
                Scope::Own => format!("{:<11}", "own"),
                Scope::All => format!("{:<11}", "all"),
            })
            .collect();
        writeln!(printed, "{:<17}{}", operation.as_str(), cells.concat().trim_end()).unwrap();
    }
    println!("{printed}");
    assert_eq!(printed, TABLE);
}

/// Does the operation on somebody else's decision as this caller; what the answer says about permission.
async fn attempt(scene: &Scene, caller: &Caller, operation: Operation, id: &DecisionId) -> Option<Error> {
    let control = &scene.control;
    let page = PageRequest { limit: 10, ..PageRequest::default() };
    let forbidden = |error: Error| match error {
        Error::Forbidden { .. } | Error::NotFound(_) | Error::Unauthenticated => Some(error),
        _ => None,
    };
    match operation {
        Operation::SeeDecisions => control.decision(caller, id).await.err(),
        Operation::SeeTemplates => control.templates(caller, None, &page).await.err(),
        Operation::CreateRequest => control.request(caller, input(Mode::DryRun, 1)).await.err(),
        Operation::Withdraw => control.withdraw(caller, id, None, None).await.err(),
        Operation::Execute => control.execute(caller, id, None, "simulate", None).await.err(),
        Operation::Approve => control.approve(caller, id, None, None, None).await.err(),
        Operation::Reject => control.reject(caller, id, Some(0), "no").await.err(),
        Operation::Revoke => control.revoke(caller, id, Some(0), None).await.err(),
        Operation::CreateTemplate => {
            control.create_template(caller, caller.actor.id(), "", PolicyInput::default()).await.err()
        }
        Operation::Export => control.export_bundle(caller, id).await.err(),
        Operation::Import => control.import_bundle(caller, "{}", "overwrite").await.err(),
        Operation::SeePeople => control.people(caller).await.err(),
        Operation::ManagePeople => control.set_forbid_self_approval(caller, true).await.err(),
    }
    .and_then(forbidden)
}

#[tokio::test]
async fn every_role_does_what_the_table_says_and_nothing_else() {
    let scene = Scene::new().await;
    for role in Role::ALL {
        let caller = scene.person(role.as_str(), &[role]).await;
        for operation in Operation::ALL {
            let id = scene.request(&scene.admin, 9).await;
            let refused = attempt(&scene, &caller, operation, &id).await;
            // Where only one's own decisions are in reach, somebody else's must not be.
            match (operation, scope(role, operation)) {
                (_, Scope::All) => assert!(refused.is_none(), "{role:?} {operation:?}: {refused:?}"),
                (Operation::Withdraw, Scope::Own) if role != Role::Requester => {
                    assert!(refused.is_none(), "the rule answers, not the role");
                }
                (_, Scope::Own) => {
                    assert!(
                        matches!(refused, Some(Error::NotFound(_))),
                        "{role:?} {operation:?}: {refused:?}"
                    );
                }
                (_, Scope::No) => assert!(refused.is_some(), "{role:?} may not {operation:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_requester_sees_own_decisions_only() {
    let scene = Scene::new().await;
    let requester = scene.person("rey", &[Role::Requester]).await;
    let own = scene.request(&requester, 1).await;
    let other = scene.request(&scene.admin, 1).await;
    assert!(scene.control.decision(&requester, &own).await.is_ok());
    assert!(matches!(scene.control.decision(&requester, &other).await, Err(Error::NotFound(_))));
    let page = PageRequest { limit: 50, ..PageRequest::default() };
    let rows = scene.control.list(&requester, DecisionFilter::default(), &page).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| &row.id).collect::<Vec<_>>(), [&own]);
}

#[tokio::test]
async fn another_workspace_finds_nothing() {
    let scene = Scene::new().await;
    let id = scene.request(&scene.admin, 1).await;
    let mut stranger = scene.person("sam", &Role::ALL).await;
    stranger.workspace = WorkspaceId::new("wsp_other").unwrap();
    for operation in Operation::ALL {
        let on_a_decision = matches!(
            operation,
            Operation::SeeDecisions
                | Operation::Withdraw
                | Operation::Execute
                | Operation::Approve
                | Operation::Reject
                | Operation::Revoke
                | Operation::Export
        );
        if on_a_decision {
            let refused = attempt(&scene, &stranger, operation, &id).await;
            assert!(matches!(refused, Some(Error::NotFound(_))), "{operation:?}: {refused:?}");
        }
    }
    let page = PageRequest { limit: 50, ..PageRequest::default() };
    assert!(scene.control.list(&stranger, DecisionFilter::default(), &page).await.unwrap().rows.is_empty());
    assert!(scene.control.inbox(&stranger, &page).await.unwrap().rows.is_empty());
    assert!(scene.control.people(&stranger).await.unwrap().is_empty());
}
