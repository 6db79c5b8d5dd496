//! Who may do what: the tables, printed; every use case as every role, and as a key with every scope.

use crate::attempts::{MACHINE, PERSONAL, Targets, attempt, key_input, on_a_decision, token_of};
use crate::scene::{ADDRESS, Scene};
use control::permission::{Operation, Role, Scope, of_key, open_to_keys, scope};
use control::{Caller, Door, Error, KeyScope};
use std::fmt::Write as _;
use store::{DecisionFilter, PageRequest};

const ROLES: &str = "\
operation         requester  approver   author     auditor    admin
see decisions     own        all        all        all        all
see templates     all        all        all        all        all
create request    all        all        all        -          all
withdraw          own        own        own        -          own
execute           own        all        all        -          all
cancel            own        all        all        -          all
approve           -          all        -          -          -
reject            -          all        -          -          -
revoke            -          all        -          -          -
create template   -          -          all        -          all
export            own        all        all        all        all
import            -          -          -          -          all
see people        -          all        all        all        all
manage people     -          -          -          -          all
manage keys       -          -          -          -          all
manage settings   -          -          -          -          all
create workspace  -          -          -          -          all
see log           -          -          -          all        all
";

const KEYS: &str = "\
operation         request    execute    read       export     evaluate   decide     manage
see decisions     own        all        all        all        -          all        all
see templates     all        all        all        -          -          all        all
create request    all        -          -          -          -          -          -
withdraw          all        -          -          -          -          -          -
execute           -          all        -          -          -          -          -
cancel            own        all        -          -          -          all        -
approve           -          -          -          -          -          all        -
reject            -          -          -          -          -          all        -
revoke            -          -          -          -          -          all        -
create template   -          -          -          -          -          -          all
export            -          -          -          all        -          -          -
import            -          -          -          -          -          -          all
see people        -          -          -          -          -          -          all
manage people     -          -          -          -          -          -          all
manage keys       -          -          -          -          -          -          all
manage settings   -          -          -          -          -          -          -
create workspace  -          -          -          -          -          -          -
see log           -          -          -          -          -          -          all
";

fn printed(columns: &[&str], reach: impl Fn(Operation, usize) -> Scope) -> String {
    let mut printed = format!("{:<18}", "operation");
    let names: Vec<String> = columns.iter().map(|name| format!("{name:<11}")).collect();
    printed.push_str(names.concat().trim_end());
    printed.push('\n');
    for operation in Operation::ALL {
        let cells: Vec<String> = (0..columns.len())
            .map(|column| match reach(operation, column) {
                Scope::No => format!("{:<11}", "-"),
                Scope::Own => format!("{:<11}", "own"),
                Scope::All => format!("{:<11}", "all"),
            })
            .collect();
        writeln!(printed, "{:<18}{}", operation.as_str(), cells.concat().trim_end()).unwrap();
    }
    println!("{printed}");
    printed
}

#[test]
fn the_table_of_roles_is_the_design() {
    let roles = Role::ALL.map(Role::as_str);
    assert_eq!(printed(&roles, |operation, at| scope(Role::ALL[at], operation)), ROLES);
}

#[test]
fn the_table_of_keys_is_the_design() {
    let scopes = KeyScope::ALL.map(KeyScope::as_str);
    assert_eq!(printed(&scopes, |operation, at| of_key(KeyScope::ALL[at], operation)), KEYS);
}

/// Whether an answer says no because of who asks.
fn by_permission(refused: Option<&Error>) -> bool {
    matches!(
        refused,
        Some(Error::Forbidden { .. } | Error::NotFound(_) | Error::Unauthenticated | Error::KeyForbidden)
    )
}

#[tokio::test]
async fn every_role_does_what_the_table_says_and_nothing_else() {
    let scene = Scene::new().await;
    for role in Role::ALL {
        let caller = scene.person(role.as_str(), &[role]).await;
        for operation in Operation::ALL {
            let on = Targets::new(&scene, &format!("{role:?}-{operation:?}")).await;
            for answer in attempt(&scene, &caller, operation, &on).await {
                let Some(refused) = answer.refused.filter(|refused| by_permission(Some(refused))) else {
                    // The rule answers, not the role, where somebody may withdraw what is their own.
                    let withdraw = operation == Operation::Withdraw && role != Role::Requester;
                    let reach = scope(role, operation);
                    let allowed = reach == Scope::All || (reach == Scope::Own && withdraw);
                    assert!(allowed, "{role:?} {operation:?} {}", answer.what);
                    continue;
                };
                // Somebody else's decision is out of sight where only one's own are in reach.
                let hidden = on_a_decision(operation) && scope(role, Operation::SeeDecisions) == Scope::Own;
                let expected = match scope(role, operation) {
                    _ if hidden => "NOT_FOUND",
                    Scope::No => "FORBIDDEN",
                    Scope::Own | Scope::All => "nothing",
                };
                assert_eq!(refused.code(), expected, "{role:?} {operation:?} {}: {refused}", answer.what);
            }
        }
    }
}

#[tokio::test]
async fn every_key_does_what_the_table_says_and_nothing_else() {
    for scope in MACHINE {
        let scene = Scene::new().await;
        // Another person's things, so that the reach of the key is tried and not that of its owner.
        let owner = scene.person("owner", &Role::ALL).await;
        let (_, key) = scene.control.create_key(&owner, key_input(&[scope])).await.unwrap();
        let caller = scene.control.key_caller(&key, Door::Api, ADDRESS).await.unwrap();
        as_the_table_says(&scene, &caller, scope, false).await;
    }
}

#[tokio::test]
async fn every_personal_token_does_what_the_table_says_and_nothing_else() {
    for scope in PERSONAL {
        let scene = Scene::new().await;
        let owner = scene.person("owner", &Role::ALL).await;
        let (caller, _) = token_of(&scene, &owner, &[scope]).await;
        as_the_table_says(&scene, &caller, scope, true).await;
    }
}

async fn as_the_table_says(scene: &Scene, caller: &Caller, scope: KeyScope, personal: bool) {
    for operation in Operation::ALL {
        let on = Targets::new(scene, &format!("{operation:?}")).await;
        let hidden = on_a_decision(operation) && of_key(scope, Operation::SeeDecisions) != Scope::All;
        for answer in attempt(scene, caller, operation, &on).await {
            let refused = answer.refused.filter(|refused| by_permission(Some(refused)));
            let said = refused.as_ref().map(Error::code);
            let expected = match of_key(scope, operation) {
                // How somebody signs in is changed by people who are there.
                _ if answer.what == "reset_password" => Some("KEY_FORBIDDEN"),
                Scope::No if operation == Operation::SeeDecisions => Some("NOT_FOUND"),
                _ if hidden => Some("NOT_FOUND"),
                Scope::All => None,
                _ if !open_to_keys(operation, personal) => Some("KEY_FORBIDDEN"),
                _ => Some("FORBIDDEN"),
            };
            assert_eq!(said, expected, "{scope:?} {operation:?} {} {personal}", answer.what);
            if let Some(Error::Forbidden { need }) = refused {
                assert!(need.starts_with("a key with the scope `"), "{operation:?}: {need}");
                let beyond = ["decide", "manage"].iter().any(|word| need.contains(word));
                assert!(personal || !beyond, "a machine is not told what it cannot have: {need}");
            }
        }
    }
}

#[tokio::test]
async fn a_key_with_every_scope_still_looks_after_nobody() {
    let scene = Scene::new().await;
    let (_, key) = scene.control.create_key(&scene.admin, key_input(&MACHINE)).await.unwrap();
    let caller = scene.control.key_caller(&key, Door::Api, ADDRESS).await.unwrap();
    let on = Targets::new(&scene, "every").await;
    for operation in Operation::ALL.into_iter().filter(|operation| !open_to_keys(*operation, false)) {
        for answer in attempt(&scene, &caller, operation, &on).await {
            let said = answer.refused.as_ref().map(Error::code);
            assert_eq!(said, Some("KEY_FORBIDDEN"), "{operation:?} {}", answer.what);
        }
    }
    let people = scene.control.people(&scene.admin).await.unwrap();
    assert!(people.iter().all(|person| !person.suspended), "nothing happened");
    assert_eq!(scene.load(&on.decision).await.version(), 2, "nothing happened");
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
