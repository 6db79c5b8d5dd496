//! Every code of a problem, with what it means and what to do: the pages that problems point to.

/// One kind of problem.
pub struct Code {
    /// The stable code.
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

const fn code(code: &'static str, meaning: &'static str, remedy: &'static str) -> Code {
    Code { code, meaning, remedy }
}

/// All of them: who asks, what was sent, what is there, what is ours.
pub const ALL: [Code; 59] = [
    code(
        "UNAUTHENTICATED",
        "The call says nothing about who makes it, or its key or token is wrong, revoked or expired.",
        "Send `Authorization: Bearer nxc_…` with a key or token that is in force. An admin of the workspace makes keys; \
         everybody makes their own personal tokens on their account page.",
    ),
    code(
        "FORBIDDEN",
        "You may see this, but not do it: your role, or a scope of your key, is missing.",
        "`detail` names what it takes. Ask an admin of the workspace.",
    ),
    code(
        "KEY_FORBIDDEN",
        "No key can do this, whatever its scopes: a person has to.",
        "Do it signed in to a browser, or with a personal token where those are allowed to.",
    ),
    code(
        "WRONG_CREDENTIALS",
        "E-mail or password is wrong. Which of them is not said.",
        "Try again, or ask an admin for a new password.",
    ),
    code(
        "LOCAL_ACCOUNTS_OFF",
        "Sign-in with a password is switched off on this server.",
        "Sign in with your provider.",
    ),
    code(
        "CROSS_SITE",
        "The request came from another site's page, in the name of somebody who is signed in here.",
        "Call without a cookie and with a key, or from a page of this server.",
    ),
    code(
        "THROTTLED",
        "Too many calls, or too many wrong attempts, in a short time.",
        "Wait as long as `Retry-After` says. The headers `RateLimit-Remaining` and `RateLimit-Reset` of every answer \
         say how much is left.",
    ),
    code(
        "CONFIRMATION_NEEDED",
        "Approving over MCP takes the person's own confirmation, and this client cannot ask for it.",
        "Open the decision's page and approve there, or use a client that supports elicitation.",
    ),
    code(
        "TOO_MANY_OPEN",
        "You have too many waits and streams open at once.",
        "End some, or listen to `GET /api/v1/events`, which tells of all decisions in one stream.",
    ),
    code(
        "NOT_FOUND",
        "There is no such thing here, or you may not know of it. The two look the same on purpose.",
        "Look at the id and at the workspace that your key belongs to.",
    ),
    code(
        "METHOD_NOT_ALLOWED",
        "The address exists, but does not take this method.",
        "The header `Allow` says which methods it takes.",
    ),
    code(
        "INVALID_INPUT",
        "A member, parameter or header makes no sense, or is not known.",
        "`field` says which one, `detail` what is wrong with it.",
    ),
    code(
        "INVALID_JSON",
        "The body is not JSON that every program reads alike: broken, not UTF-8, or with two members of one name.",
        "Send the JSON that your library writes, as it is.",
    ),
    code(
        "WRONG_CONTENT_TYPE",
        "The body does not say that it is JSON.",
        "Send the header `Content-Type: application/json`.",
    ),
    code("TOO_LARGE", "The body has more than 2 MiB.", "Send less."),
    code(
        "ALREADY_EXISTS",
        "The name or id is taken.",
        "Choose another. Templates never change and are never replaced.",
    ),
    code(
        "CHANGED",
        "The decision has changed since the version that you expected.",
        "`changes` says what happened since, `version` where it stands now. Look at it and decide again.",
    ),
    code(
        "BLOCKED",
        "The decision cannot run now.",
        "`blocking_reasons` has every reason, with a stable code and words.",
    ),
    code("INVALID_POLICY", "The policy makes no sense.", "`detail` says which value and why."),
    code("INVALID_TEMPLATE", "The template makes no sense.", "`detail` says which value and why."),
    code("MODE_NOT_ALLOWED", "The policy does not allow this mode.", "`detail` says which modes it allows."),
    code(
        "MODE_NOT_REQUESTED",
        "The decision was requested, and approved, for the other mode.",
        "Run it in the mode that it was requested for, or make a new request.",
    ),
    code(
        "NOT_OPEN",
        "The decision is in a state in which this cannot happen any more.",
        "Look at its state; for another attempt make a new request.",
    ),
    code("ALREADY_APPROVED", "You approved this already.", "Nothing is to be done: one person counts once."),
    code(
        "SELF_APPROVAL_FORBIDDEN",
        "You requested it, and its policy forbids to approve one's own requests.",
        "Somebody else must approve.",
    ),
    code("MACHINE_APPROVAL_FORBIDDEN", "A machine cannot approve.", "A person must."),
    code("EXPIRY_IN_PAST", "The expiry lies in the past.", "Choose a later time, or none."),
    code(
        "STEP_UP_REQUIRED",
        "The policy asks for a sign-in shortly before an approval, and yours is older or not known.",
        "Sign in again in a browser and approve there.",
    ),
    code(
        "NOTHING_TO_REVOKE",
        "You have no approval here that could be taken back.",
        "Nothing is to be done.",
    ),
    code("NOT_REQUESTER", "Only the requester can do this.", "Ask them."),
    code(
        "IMPORTED_EVIDENCE",
        "The decision was imported as evidence. It can be read and verified, never changed or run.",
        "Make a new request here.",
    ),
    code(
        "MISSING_CAPABILITIES",
        "The adapter lacks what the policy requires.",
        "Choose one of the decision's `adapters`.",
    ),
    code(
        "NOT_EXECUTING",
        "The decision is not running: there is nothing to stop, and no result to report.",
        "Look at its state. A report of another outcome than the recorded one is never taken.",
    ),
    code(
        "PLAN_CHANGED",
        "What is about to run is not, to the letter, what was approved.",
        "Run exactly the approved plan, or make a new request.",
    ),
    code(
        "RUNS_AT_THE_CALLER",
        "What was approved is a command for the gate, or the gate was asked to run on the server.",
        "Start it where it was asked for, with `nexus-control gate --decision ID`.",
    ),
    code(
        "NOT_FOR_THE_GATE",
        "What was approved is no command for the gate.",
        "Execute it through an adapter of the server. A run of one's own needs a plan that `nexus-control gate` wrote.",
    ),
    code("NOT_YOUR_RUN", "Somebody else began this run.", "Only they can say how it goes."),
    code(
        "BUNDLE_INVALID_SCHEMA",
        "What was sent is no bundle of a format that is known here.",
        "Send the bundle as it was exported.",
    ),
    code(
        "CONFLICT_MODE_INVALID",
        "There is no such conflict mode.",
        "Choose `reject_on_conflict`, `new_decision_id` or `overwrite`.",
    ),
    code(
        "INTEGRITY_MISMATCH",
        "The bundle does not have the digest that it states: it was changed after it was exported.",
        "Get it again from where it was exported.",
    ),
    code(
        "DECISION_EXISTS",
        "A decision of this id is here already.",
        "Import it under a new id with `new_decision_id`.",
    ),
    code(
        "REPLAY_INVALID",
        "The bundle's events contradict each other.",
        "It is no evidence of a decision; ask whoever exported it.",
    ),
    code(
        "NO_ROUTER_LINK",
        "The decision has no run, so no audit package can be made of it.",
        "Export the bundle.",
    ),
    code(
        "ROUTER_DIGEST_MISMATCH",
        "The run's record does not have the digest that the decision states.",
        "Tell whoever operates this server: something changed the record.",
    ),
    code(
        "IDEMPOTENCY_KEY_REUSED",
        "This `Idempotency-Key` was used for another call.",
        "Use a new key for every new call, and the same key only to repeat the very same call.",
    ),
    code(
        "IDEMPOTENCY_KEY_IN_USE",
        "The first call with this `Idempotency-Key` is still going on.",
        "Ask again after `Retry-After`; you will get its answer.",
    ),
    code(
        "IDEMPOTENCY_OUTCOME_UNKNOWN",
        "The first call with this `Idempotency-Key` was interrupted, and nobody knows how far it came.",
        "Look whether it was done. If it was not, call again with a new key.",
    ),
    code(
        "TIMEOUT",
        "The server took too long. What was asked for may still happen.",
        "Look before you ask again; with an `Idempotency-Key`, just ask again.",
    ),
    code(
        "NOT_READY",
        "The server cannot serve: its database does not answer, or it is stopping.",
        "Try later.",
    ),
    code(
        "FAULT",
        "Something broke here. Nobody is told what, except in the server's log.",
        "Tell whoever operates this server the `trace_id`.",
    ),
    code(
        "SSO_STATE",
        "The sign-in was begun elsewhere or too long ago, or used already.",
        "Begin it again from the sign-in page.",
    ),
    code(
        "SSO_NOT_PROVEN",
        "What the provider sent proves nothing.",
        "Tell whoever looks after the provider.",
    ),
    code("SSO_DENIED", "The provider let nobody in.", "Ask whoever looks after the provider."),
    code("SSO_UNREACHABLE", "The provider does not answer.", "Try later."),
    code("SSO_DOMAIN", "Addresses of this domain may not sign in here.", "Ask an admin."),
    code("SSO_NO_ROLE", "The provider's groups give you no role here.", "Ask an admin."),
    code("SSO_UNKNOWN", "Nobody here is linked to this account.", "Ask an admin for an invitation."),
    code(
        "SSO_ADDRESS_TAKEN",
        "Somebody here has this address already, and addresses never link accounts.",
        "Ask an admin for an invitation, and open it signed in.",
    ),
    code("SSO_OTHER_PERSON", "This account belongs to somebody else here.", "Sign in as yourself."),
];

/// The code that an address names: `plan-changed` is `PLAN_CHANGED`.
pub fn by_slug(slug: &str) -> Option<&'static Code> {
    ALL.iter().find(|code| wire::slug(code.code) == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where codes are made.
    const SOURCES: [&str; 13] = [
        include_str!("../../control/src/error.rs"),
        include_str!("../../control/src/access/refusal.rs"),
        include_str!("../../governance/src/refusal.rs"),
        include_str!("../../governance/src/import.rs"),
        include_str!("../../governance/src/package.rs"),
        include_str!("../../server/src/defence/cross_site.rs"),
        include_str!("../../server/src/defence/time_limit.rs"),
        include_str!("../../server/src/web/health.rs"),
        include_str!("body.rs"),
        include_str!("evidence.rs"),
        include_str!("idempotency.rs"),
        include_str!("limits.rs"),
        include_str!("problem.rs"),
    ];

    /// Texts in capitals that stand where a code does: after an arrow, or as an argument.
    fn codes_in(source: &str) -> Vec<&str> {
        let source = source.split("#[cfg(test)]").next().unwrap();
        let quoted = source.match_indices('"').filter_map(|(at, _)| {
            let before = source[..at].trim_end();
            let text = source[at + 1..].split('"').next()?;
            // The one name of an event in these files.
            let is_code = text.len() > 4
                && text != "DECISION_CREATED"
                && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
            (is_code && before.ends_with(['>', ',', '('])).then_some(text)
        });
        quoted.collect()
    }

    #[test]
    fn every_code_has_its_page() {
        let mut seen = 0;
        for found in SOURCES.into_iter().flat_map(codes_in) {
            let known = ALL.iter().any(|code| code.code == found);
            assert!(known, "{found} has no page");
            seen += 1;
        }
        assert!(seen > 50, "{seen}");
    }

    #[test]
    fn no_code_stands_twice() {
        let mut codes: Vec<_> = ALL.iter().map(|code| code.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        assert_eq!(by_slug("plan-changed").unwrap().code, "PLAN_CHANGED");
        assert!(by_slug("PLAN_CHANGED").is_none() && by_slug("").is_none());
    }
}
