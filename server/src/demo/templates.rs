//! Northwind's templates. They are as old as the oldest decision.

use super::stage::Stage;
use control::Error;
use governance::decide::PolicyInput;

struct Draft {
    name: &'static str,
    author: &'static str,
    description: &'static str,
    min_approvals: i64,
    modes: &'static [&'static str],
    capabilities: &'static [&'static str],
    max_steps: Option<i64>,
    labels: &'static [&'static str],
}

const BOTH: &[&str] = &["dry_run", "apply"];

const DRAFTS: [Draft; 8] = [
    Draft {
        name: "prod-deploy",
        author: "grace",
        description: "A release of a service to production. Two approvers, canary first, with a way back.",
        min_approvals: 2,
        modes: BOTH,
        capabilities: &["deploy", "rollback"],
        max_steps: Some(20),
        labels: &["production", "deploy"],
    },
    Draft {
        name: "key-rotation",
        author: "dmitri",
        description: "A new signing or encryption key. Two approvers, since a wrong key locks customers out.",
        min_approvals: 2,
        modes: BOTH,
        capabilities: &["rotate_keys"],
        max_steps: Some(5),
        labels: &["security", "keys"],
    },
    Draft {
        name: "data-export",
        author: "dmitri",
        description: "Customer data leaves a production database. Say in the goal who asked for it and why.",
        min_approvals: 2,
        modes: BOTH,
        capabilities: &["export"],
        max_steps: Some(3),
        labels: &["privacy", "data"],
    },
    Draft {
        name: "dns-change",
        author: "grace",
        description: "One record of northwind.example.",
        min_approvals: 1,
        modes: BOTH,
        capabilities: &["dns"],
        max_steps: Some(2),
        labels: &["network"],
    },
    Draft {
        name: "hotfix",
        author: "grace",
        description: "A release that cannot wait for the second approver. Reviewed again on the next working day.",
        min_approvals: 1,
        modes: BOTH,
        capabilities: &["deploy"],
        max_steps: Some(5),
        labels: &["production", "hotfix"],
    },
    Draft {
        name: "refund-over-1000",
        author: "dmitri",
        description: "A refund of more than 1000 EUR. Two approvers, none of them the one who asks.",
        min_approvals: 2,
        modes: &["apply"],
        capabilities: &["refund"],
        max_steps: Some(1),
        labels: &["finance", "customer"],
    },
    Draft {
        name: "access-grant",
        author: "grace",
        description: "Somebody gets access to a production system, until a day.",
        min_approvals: 1,
        modes: BOTH,
        capabilities: &["grant_access"],
        max_steps: Some(1),
        labels: &["security", "access"],
    },
    Draft {
        name: "dry-run-rehearsal",
        author: "grace",
        description: "A rehearsal. Touches nothing, and can never become the real thing.",
        min_approvals: 1,
        modes: &["dry_run"],
        capabilities: &[],
        max_steps: None,
        labels: &["rehearsal"],
    },
];

/// Creates them.
pub async fn create(stage: &Stage) -> Result<(), Error> {
    let owned = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    for draft in &DRAFTS {
        let policy = PolicyInput {
            min_approvals: Some(draft.min_approvals),
            allowed_modes: owned(draft.modes),
            require_adapter_capabilities: owned(draft.capabilities),
            max_steps: draft.max_steps,
            labels: owned(draft.labels),
            forbid_self_approval: None,
            max_sign_in_age_minutes: None,
        };
        stage
            .control
            .create_template(stage.caller(draft.author)?, draft.name, draft.description, policy)
            .await?;
    }
    Ok(())
}
