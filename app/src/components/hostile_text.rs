//! Hostile text through every component that shows anybody's text: none of it may become markup, and none of it
//! may stay invisible.

use crate::api::Who;
use crate::api::decision::{Approval, DecisionPage, Earlier, GatePlan, Line, TemplateUse, Term};
use crate::api::decision_parts::Live;
use crate::api::lists::Row;
use crate::api::run::{Printed, Run, Trouble};
use crate::components::act::Act;
use crate::components::decision_table::{Columns, decisions};
use crate::components::exact::{Digest, Exact, Said};
use crate::components::header::demo_switch;
use crate::components::made::Made;
use crate::components::secret::{Secret, secret};
use crate::components::text_area::TextArea;
use crate::error::AppError;
use crate::pages::templates::Shown;
use crate::query::{Query, address};
use control::keys::KeyView;
use control::lists::{InvitationRecord, KeyRecord, PersonRecord};
use control::view::TemplateView;
use governance::json::{self, Value};
use governance::workspace_log::{self, ActKind, Door, Entry, NewEntry};
use governance::{Actor, ActorKind, PersonId, Policy, Template, Timestamp, WorkspaceId};
use leptos::prelude::*;
use std::collections::BTreeMap;

pub(super) const HOSTILE: &str =
    "</textarea></title></pre><script>alert(1)</script>\"><img src=x onerror=alert(1)>'\u{202e}\u{200b}";

pub(super) fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    owner.with(|| view().into_view().to_html())
}

#[track_caller]
pub(super) fn harmless(html: &str) {
    for word in ["<script", "<img", "</textarea></title", "</pre><s"] {
        assert!(!html.contains(word), "{word} in {html}");
    }
}

fn who() -> Who {
    Who { id: HOSTILE.to_owned(), name: HOSTILE.to_owned() }
}

fn run() -> Run {
    let text = || HOSTILE.to_owned();
    Run {
        status: text(),
        run_id: text(),
        adapter: text(),
        at_the_gate: true,
        started_by: who(),
        started_at: Some(0),
        finished_at: Some(0),
        seconds: 1,
        steps: Some(1),
        exit: Some(text()),
        trouble: Some(Trouble { code: text(), meaning: text(), message: text() }),
        printed: vec![Printed {
            step: None,
            errors: true,
            text: text(),
            missing: text(),
            sha256: Some(text()),
        }],
        request_digest: Some(text()),
        response_digest: Some(text()),
        live: Some(Live {
            silent: 60,
            steps: 1,
            doing: text(),
            tail: text(),
            wish: Some((text(), Made::of(crate::pages::decisions::wish(HOSTILE, 0)))),
        }),
    }
}

fn page() -> DecisionPage {
    let text = || HOSTILE.to_owned();
    DecisionPage {
        id: text(),
        version: 2,
        goal: text(),
        plan: Some(text()),
        gate: Some(GatePlan {
            line: text(),
            command: vec![text()],
            working_dir: text(),
            files: vec![(text(), text())],
            resume: text(),
        }),
        mode: text(),
        state: "failed".to_owned(),
        imported: true,
        labels: vec![text()],
        requester: who(),
        machine: true,
        created_at: 0,
        lapses_at: Some(1),
        rule: text(),
        policy: vec![text()],
        template: Some(TemplateUse {
            name: text(),
            digest: text(),
            terms: vec![Term { name: text(), template: text(), here: text() }],
        }),
        request_digest: text(),
        given: 0,
        needed: 1,
        approvals: vec![Approval {
            who: who(),
            machine: true,
            status: text(),
            why: text(),
            granted_at: 0,
            expires_at: Some(1),
            comment: Some(text()),
            revoke_reason: Some(text()),
        }],
        blocked: Vec::new(),
        checks: Vec::new(),
        earlier: Some(Earlier { words: text(), link: Some(text()), lines: vec![("+".to_owned(), text())] }),
        next: Some((text(), text())),
        actions: Vec::new(),
        step_up: Some(5),
        draft: Some((text(), text())),
        adapters: Vec::new(),
        run: Some(run()),
        timeline: vec![Line {
            seq: 0,
            computed: false,
            category: text(),
            summary: text(),
            did: text(),
            said: Some(text()),
            actor: Some(who()),
            machine: true,
            mine: true,
            door: text(),
            at: 0,
            digest: text(),
        }],
    }
}

#[test]
fn a_text_area_keeps_text_as_text() {
    let made = html(|| {
        let value = RwSignal::new(HOSTILE.to_owned());
        view! { <TextArea name="comment" value=value /> }
    });
    assert_eq!(made.matches("</textarea>").count(), 1, "{made}");
    harmless(&made);
}

#[test]
fn exact_text_shows_what_cannot_be_seen() {
    let made =
        html(|| view! { <Exact text=HOSTILE label="x" /> <Said text=HOSTILE /> <Digest hex=HOSTILE /> });
    harmless(&made);
    assert!(!made.contains('\u{202e}') && !made.contains('\u{200b}'));
    assert_eq!(made.matches("⟨U+202E⟩").count(), 3);
}

#[test]
fn a_row_keeps_text_as_text() {
    let row = Row {
        id: HOSTILE.to_owned(),
        goal: HOSTILE.to_owned(),
        state: HOSTILE.to_owned(),
        mode: HOSTILE.to_owned(),
        requester: who(),
        template: Some(HOSTILE.to_owned()),
        labels: vec![HOSTILE.to_owned()],
        given: 0,
        needed: 1,
        created_at: 0,
        updated_at: 0,
        next_expiry: Some(0),
        imported: true,
    };
    for columns in [Columns::Ticked, Columns::Plain, Columns::Ended] {
        harmless(&html(|| decisions(std::slice::from_ref(&row), "x", columns)));
    }
}

#[test]
fn a_whole_decision_keeps_text_as_text() {
    let made = html(|| {
        leptos_meta::provide_meta_context();
        crate::pages::decisions::shown_for_test(&page())
    });
    harmless(&made);
    assert!(!made.contains('\u{202e}'));
}

#[test]
fn a_run_that_goes_on_keeps_text_as_text() {
    let made = html(|| {
        leptos_meta::provide_meta_context();
        let state = "executing".to_owned();
        crate::pages::decisions::shown_for_test(&DecisionPage { state, ..page() })
    });
    for words in ["Running for", "asked that it stops", "Last heard of 1 min 00 s ago."] {
        assert!(made.contains(words), "{words} in {made}");
    }
    harmless(&made);
    assert!(!made.contains('\u{202e}'));
}

#[test]
fn a_template_keeps_text_as_text() {
    let policy =
        Policy::new(1, &["apply".to_owned()], vec![HOSTILE.to_owned()], None, vec![HOSTILE.to_owned()]);
    // A name holds no control characters; all else that deceives may stand in it.
    let name: String = HOSTILE.chars().filter(|c| !c.is_control()).collect();
    let by = Actor::new(ActorKind::Human, "ada@x.example").unwrap();
    let template = Template::new(name, HOSTILE, policy.unwrap(), moment(), by).unwrap();
    let found = Shown {
        view: TemplateView { template, uses: 0, author: HOSTILE.to_owned() },
        lately: Vec::new(),
        warning: Some(HOSTILE.to_owned()),
        may: (true, true),
        others: vec![HOSTILE.to_owned()],
    };
    let made = html(|| {
        leptos_meta::provide_meta_context();
        crate::pages::templates::shown_for_test(found)
    });
    harmless(&made);
}

fn moment() -> Timestamp {
    Timestamp::from_micros(0)
}

#[test]
fn a_person_and_an_invitation_keep_text_as_text() {
    let workspace = WorkspaceId::new("wsp_1").unwrap();
    let person = PersonRecord {
        id: PersonId::new("prs_1").unwrap(),
        actor_id: HOSTILE.to_owned(),
        aliases: vec![HOSTILE.to_owned()],
        name: HOSTILE.to_owned(),
        password_hash: None,
        roles: vec![HOSTILE.to_owned(), "admin".to_owned()],
        given_roles: vec![HOSTILE.to_owned()],
        suspended: true,
        elsewhere: true,
        second_factor: true,
        created_at: moment(),
    };
    let invitation = InvitationRecord {
        workspace,
        id: HOSTILE.to_owned(),
        token_hash: String::new(),
        email: HOSTILE.to_owned(),
        name: HOSTILE.to_owned(),
        roles: vec![HOSTILE.to_owned()],
        invited_by: HOSTILE.to_owned(),
        created_at: moment(),
        expires_at: moment(),
        accepted_at: None,
        revoked_at: None,
    };
    let query = Query::parse(&address("", &[("email", HOSTILE), ("name", HOSTILE), ("roles", HOSTILE)]));
    for made in [
        html(|| crate::pages::people::line_for_test(&person, true)),
        html(|| {
            let (invite, revoke) = (Act::new("/api/invite"), Act::new("/api/revoke_invitation"));
            crate::pages::people::invited_for_test(vec![invitation], invite, revoke, &query, moment())
        }),
    ] {
        harmless(&made);
    }
}

#[test]
fn a_key_and_what_is_shown_once_keep_text_as_text() {
    let key = KeyView {
        record: KeyRecord {
            workspace: WorkspaceId::new("wsp_1").unwrap(),
            id: HOSTILE.to_owned(),
            secret_hash: String::new(),
            name: HOSTILE.to_owned(),
            owner: PersonId::new("prs_1").unwrap(),
            personal: false,
            scopes: vec![HOSTILE.to_owned()],
            created_at: moment(),
            expires_at: None,
            revoked_at: None,
            used_at: Some(moment()),
            used_from: Some(HOSTILE.to_owned()),
        },
        owner: HOSTILE.to_owned(),
        in_force: true,
    };
    harmless(&html(|| crate::pages::keys::line(key, Act::new("/api/revoke_key"))));
    let shown = Secret {
        title: "Key",
        about: HOSTILE.to_owned(),
        label: "Key",
        value: HOSTILE.to_owned(),
        hint: HOSTILE.to_owned(),
        back: ("/keys", "Back"),
    };
    harmless(&html(|| secret(shown)));
}

#[test]
fn an_entry_of_the_log_keeps_text_as_text() {
    let text = || Value::from(HOSTILE);
    let act = workspace_log::Act {
        kind: ActKind::PersonRenamed,
        about: HOSTILE.to_owned(),
        before: json::object([(HOSTILE, text())]),
        after: Value::Array(vec![text(), Value::Null]),
    };
    let new =
        NewEntry { ts: moment(), actor: Actor::control(), door: Door::Web, address: HOSTILE.to_owned(), act };
    let mut entry = Entry::record(new, 0, None);
    entry.door = HOSTILE.to_owned();
    entry.kind = HOSTILE.to_owned();
    let names = BTreeMap::from([(HOSTILE.to_owned(), HOSTILE.to_owned())]);
    let made = html(|| crate::pages::log::line(&entry, &names));
    harmless(&made);
    assert!(!made.contains('\u{202e}'), "{made}");
}

#[test]
fn names_in_choices_keep_text_as_text() {
    let person =
        crate::api::me::DemoPerson { actor_id: HOSTILE.into(), name: HOSTILE.into(), roles: HOSTILE.into() };
    harmless(&html(|| demo_switch(vec![person], String::new(), "x")));
}

#[test]
fn a_failure_keeps_text_as_text() {
    let error = AppError::Changed { since: vec![HOSTILE.to_owned()] };
    harmless(&html(|| crate::components::failure::notice(&error)));
    let error = AppError::Refused { code: HOSTILE.to_owned(), message: HOSTILE.to_owned() };
    harmless(&html(|| crate::components::failure::notice(&error)));
}
