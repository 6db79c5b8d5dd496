//! One act of every kind that the workspace's log knows, done as people do it.

use crate::attempts::{invitation, key_input};
use crate::proofs::{app_code, enrol, proven};
use crate::scene::{ADDRESS, PASSWORD, Scene};
use control::{Caller, KeyScope, Role};
use governance::workspace_log::ActKind;
use governance::{WorkspaceId, json};

/// What an act must have left: where, by whom, about whom, and whether there is something before and after.
pub struct Left {
    pub workspace: WorkspaceId,
    pub actor: String,
    pub about: String,
    pub before: bool,
    pub after: bool,
}

fn left(caller: &Caller, about: &str, before: bool, after: bool) -> Left {
    let (workspace, actor) = (caller.workspace.clone(), caller.actor.id().to_owned());
    Left { workspace, actor, about: about.to_owned(), before, after }
}

/// Does one act of this kind and nothing else that is one, after `lengths` was taken.
pub async fn act(scene: &Scene, kind: ActKind, lengths: &mut Vec<usize>) -> Left {
    let control = &scene.control;
    let admin = &scene.admin;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let (who, name) = (&bo.person, bo.actor.id());
    let from_here = async |lengths: &mut Vec<usize>| lengths.push(scene.log(&admin.workspace).await.len());
    match kind {
        ActKind::SecondFactorDisabled | ActKind::SecondFactorReset => drop(enrol(scene, &bo).await),
        ActKind::SecondFactorEnabled => control.begin_second_factor(&bo).await.unwrap(),
        ActKind::PersonRestored => scene.suspend(&bo, true).await,
        ActKind::IdentityUnlinked => drop(scene.link(&bo, &proven("bo", None)).await.unwrap()),
        ActKind::PeopleMerged => drop(scene.link(admin, &proven("bo", None)).await.unwrap()),
        _ => {}
    }
    match kind {
        ActKind::WorkspaceCreated => {
            lengths.push(0);
            let made = control.create_workspace(admin, "Southwind").await.unwrap();
            Left { workspace: made.id, ..left(admin, "Southwind", false, false) }
        }
        ActKind::InvitationRevoked => {
            let (record, _) = control.invite(admin, invitation("ivy")).await.unwrap();
            from_here(lengths).await;
            control.revoke_invitation(admin, &record.id).await.unwrap();
            left(admin, &record.email, true, false)
        }
        ActKind::PersonJoined => {
            let (record, token) = control.invite(admin, invitation("ivy")).await.unwrap();
            from_here(lengths).await;
            control.join_with_password(&token, "Ivy", PASSWORD, ADDRESS).await.unwrap();
            Left { actor: record.email.clone(), ..left(admin, &record.email, false, true) }
        }
        ActKind::KeyRevoked => {
            let (record, _) = control.create_key(admin, key_input(&[KeyScope::Read])).await.unwrap();
            from_here(lengths).await;
            control.revoke_key(admin, &record.id).await.unwrap();
            left(admin, &record.id, true, false)
        }
        ActKind::PeopleMerged => {
            from_here(lengths).await;
            scene.link(&bo, &proven("bo", None)).await.unwrap();
            left(&bo, name, true, true)
        }
        _ => {
            from_here(lengths).await;
            simple(scene, kind, &bo, who, name).await
        }
    }
}

async fn simple(scene: &Scene, kind: ActKind, bo: &Caller, who: &governance::PersonId, name: &str) -> Left {
    let control = &scene.control;
    let admin = &scene.admin;
    match kind {
        ActKind::WorkspaceRenamed => {
            control.rename_workspace(admin, "Eastwind").await.unwrap();
            left(admin, "Eastwind", true, true)
        }
        ActKind::SelfApprovalChanged => {
            control.set_forbid_self_approval(admin, false).await.unwrap();
            left(admin, "Northwind", true, true)
        }
        ActKind::PersonRenamed => {
            control.rename(bo, "Bo B").await.unwrap();
            left(bo, name, true, true)
        }
        ActKind::RolesChanged => {
            control.set_roles(admin, who, &[Role::Author]).await.unwrap();
            left(admin, name, true, true)
        }
        ActKind::PersonSuspended | ActKind::PersonRestored => {
            control.set_suspended(admin, who, kind == ActKind::PersonSuspended).await.unwrap();
            left(admin, name, true, true)
        }
        ActKind::PasswordChanged => {
            control.change_password(bo, PASSWORD, "a much longer one", None).await.unwrap();
            left(bo, name, false, false)
        }
        ActKind::PasswordReset => {
            control.reset_password(admin, who, "a much longer one").await.unwrap();
            left(admin, name, false, false)
        }
        ActKind::SecondFactorEnabled => {
            let secret = control.enrolment(bo).await.unwrap().unwrap().secret;
            control.confirm_second_factor(bo, &app_code(scene, &secret, 0)).await.unwrap();
            left(bo, name, false, false)
        }
        ActKind::SecondFactorDisabled => {
            control.remove_second_factor(bo).await.unwrap();
            left(bo, name, false, false)
        }
        ActKind::SecondFactorReset => {
            control.reset_second_factor(admin, who).await.unwrap();
            left(admin, name, false, false)
        }
        ActKind::IdentityLinked => {
            scene.link(bo, &proven("bo", None)).await.unwrap();
            left(bo, name, false, true)
        }
        ActKind::IdentityUnlinked => {
            control.unlink(bo, &proven("bo", None).issuer, "bo").await.unwrap();
            left(bo, name, true, false)
        }
        ActKind::SessionsEnded => {
            control.end_sessions_of(admin, who, None).await.unwrap();
            left(admin, name, true, false)
        }
        ActKind::InvitationCreated => {
            let (record, _) = control.invite(admin, invitation("ivy")).await.unwrap();
            left(admin, &record.email, false, true)
        }
        ActKind::KeyCreated => {
            let (record, _) = control.create_key(admin, key_input(&[KeyScope::Read])).await.unwrap();
            left(admin, &record.id, false, true)
        }
        ActKind::ProvidersChanged => {
            control.record_providers(&json::parse("[\"corp\"]").unwrap()).await.unwrap();
            Left { actor: "nexus-control".to_owned(), ..left(admin, "sign-in providers", true, true) }
        }
        ActKind::LogExported => {
            control.export_log(admin).await.unwrap();
            left(admin, admin.workspace.as_str(), false, false)
        }
        ActKind::WorkspaceCreated
        | ActKind::InvitationRevoked
        | ActKind::PersonJoined
        | ActKind::KeyRevoked
        | ActKind::PeopleMerged => unreachable!("done by its own"),
    }
}
