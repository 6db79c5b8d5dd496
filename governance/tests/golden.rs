//! Golden files of our own making: one decision of each kind, in the layout of the conformance vectors, and the
//! packages of those that ran, whole and edited. `UPDATE_GOLDEN=1` writes them again; a diff is then for review.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use governance::decide::{self, Context, Outcome, PolicyInput, Request};
use governance::json::{Value, object};
use governance::package::{self, RouterPart};
use governance::router_bundle::{self, RunFact, RunHeader};
use governance::{
    Actor, ActorKind, Decision, DecisionId, Event, Lost, Mode, NewEvent, Origin, PersonId, Refusal, Standing,
    Template, Timestamp, Voice, bundle, canonical, digest, inspect, lifecycle, timeline, verify,
};
use std::path::Path;

const HOSTILE: &str = "</title><script>alert(1)</script> \u{202e}rtl \u{7f} déploie \"x\" \\ 🚀";

fn at(second: i64) -> Timestamp {
    Timestamp::parse("2026-11-21T09:00:00.000123+00:00").unwrap().plus_seconds(second)
}

fn actor(id: &str) -> Actor {
    Actor::new(ActorKind::Human, id).unwrap()
}

struct Story {
    decision: Decision,
    second: i64,
}

impl Story {
    fn new(name: &str, mode: Mode, policy: PolicyInput, template: Option<&Template>) -> Self {
        let id = DecisionId::new(format!("golden-{name}")).unwrap();
        let mut story = Self { decision: Decision::empty(id, Origin::Native), second: 0 };
        let request = Request {
            goal: format!("Rotate the keys of {HOSTILE}"),
            plan: Some("{\"tag\":\"v1\"}".to_owned()),
            mode,
            template,
            policy,
            forbid_self_approval: true,
        };
        story.add(decide::request(&story.by("ana@example.com"), request));
        story
    }

    fn by(&self, id: &str) -> Context {
        Context::new(at(self.second), actor(id))
    }

    fn add(&mut self, events: Result<Vec<NewEvent>, Refusal>) {
        for new in events.unwrap() {
            let seq = self.decision.version();
            self.decision.evolve(Event::record(new, seq, at(self.second)));
            self.second += 60;
        }
    }

    fn approve(mut self, id: &str, comment: Option<&str>, expires: Option<&str>) -> Self {
        let expires = expires.map(|text| Timestamp::parse(text).unwrap());
        // Given at an earlier moment, an expiry in 2001 is no past one.
        let now = Timestamp::parse("2000-01-01T00:00:00+00:00").unwrap();
        let context = Context::new(if expires.is_some() { now } else { at(self.second) }, actor(id));
        self.add(decide::approve(&self.decision, &context, comment.map(str::to_owned), expires));
        self
    }

    fn revoke(mut self, id: &str) -> Self {
        self.add(decide::revoke(&self.decision, &self.by(id), Some("second thoughts".to_owned())));
        self
    }

    fn run(self, outcome: Outcome) -> Self {
        self.run_with(Standing::of_the_log(), outcome)
    }

    fn run_with(mut self, standing: Standing, outcome: Outcome) -> Self {
        let capabilities = ["timeout".to_owned()];
        let context = self.by("ana@example.com").with_standing(standing);
        self.add(decide::execute(&self.decision, &context, "subprocess:rotate", &capabilities, None));
        self.add(decide::finish(&self.decision, "run-golden", outcome));
        self
    }
}

fn two() -> PolicyInput {
    PolicyInput { min_approvals: Some(2), ..PolicyInput::default() }
}

fn recent() -> PolicyInput {
    PolicyInput { max_sign_in_age_minutes: Some(15), ..two() }
}

/// Bo has two addresses, Dee lost the role, Eve is suspended.
fn directory() -> Standing {
    let people = [
        ("ana@example.com", "ana", None),
        ("bo@example.com", "bo", None),
        ("bo@example.org", "bo", None),
        ("cy@example.com", "cy", None),
        ("dee@example.com", "dee", Some(Lost::Role)),
        ("eve@example.com", "eve", Some(Lost::Suspended)),
    ];
    let voice = |person, lost| Voice { person: PersonId::new(person).unwrap(), lost };
    let voices = people.into_iter().map(|(id, person, lost)| (id.to_owned(), voice(person, lost)));
    Standing::new(voices.collect())
}

fn router_bundle() -> bundle::Artifact {
    let header = RunHeader {
        run_id: "run-golden".to_owned(),
        mode: "apply".to_owned(),
        goal: HOSTILE.to_owned(),
        status: "completed".to_owned(),
        created_at: at(0),
    };
    let payload =
        object([("stdout", HOSTILE.into()), ("exit_code", 0_i64.into()), ("load", Value::Float(0.1))]);
    let facts = [
        RunFact { ts: at(1), kind: "RUN_STARTED".to_owned(), payload: object([]) },
        RunFact { ts: at(2), kind: "STEP_COMPLETED".to_owned(), payload },
    ];
    router_bundle::build(&header, &facts, at(3))
}

fn stories() -> Vec<(&'static str, Decision)> {
    let completed = || Outcome::Completed { response_digest: router_bundle().digest, steps_executed: 2 };
    let policy = PolicyInput { labels: Some(vec!["prod".to_owned()]), max_steps: Some(5), ..two() };
    let (policy, _) = decide::resolve(None, policy, Mode::Apply, true).unwrap();
    let template =
        Template::new("prod-deploy", HOSTILE, policy, at(-60), actor("autor@example.com")).unwrap();
    let overrides =
        PolicyInput { min_approvals: Some(1), labels: Some(Vec::new()), ..PolicyInput::default() };
    let open = |name| Story::new(name, Mode::Apply, two(), None);
    let ready = |name| {
        open(name).approve("bo@example.com", Some(HOSTILE), None).approve("cy@example.com", None, None)
    };
    let mut rejected = open("rejected");
    let context = rejected.by("bo@example.com");
    rejected.add(decide::reject(&rejected.decision, &context, HOSTILE));
    let mut withdrawn = open("withdrawn");
    let context = withdrawn.by("ana@example.com");
    withdrawn.add(decide::withdraw(&withdrawn.decision, &context, None));
    let mut stepped_up = Story::new("step_up", Mode::Apply, recent(), None);
    let context = stepped_up.by("bo@example.com").with_sign_in(Some(at(0)));
    stepped_up.add(decide::approve(&stepped_up.decision, &context, None, None));
    let failed = Outcome::Failed { code: "TIMED_OUT".to_owned(), message: HOSTILE.to_owned() };
    let expired = open("expired").approve("bo@example.com", None, Some("2001-01-01T00:00:00+00:00")).approve(
        "cy@example.com",
        None,
        Some("2099-01-01T00:00:00+00:00"),
    );
    let stories = [
        ("pending", open("pending").approve("bo@example.com", None, None)),
        ("approved", ready("approved")),
        ("expired", expired),
        ("revoked", ready("revoked").revoke("cy@example.com")),
        ("completed", ready("completed").run(completed())),
        ("failed", ready("failed").run(failed)),
        ("rejected", rejected),
        ("step_up", stepped_up),
        (
            "not_counted",
            ready("not_counted")
                .approve("bo@example.org", None, None)
                .approve("dee@example.com", None, None)
                .approve("eve@example.com", None, None)
                .run_with(directory(), completed()),
        ),
        ("withdrawn", withdrawn),
        (
            "template",
            Story::new("template", Mode::Apply, overrides, Some(&template))
                .approve("bo@example.com", None, None)
                .run(completed()),
        ),
    ];
    stories.into_iter().map(|(name, story)| (name, story.decision)).collect()
}

fn now() -> Timestamp {
    Timestamp::parse("2026-11-21T12:00:00+00:00").unwrap()
}

fn case(decision: &Decision) -> Value {
    let log = Standing::of_the_log();
    let exported = bundle::export(decision, now());
    let full = timeline::compute(decision).iter().map(timeline::TimelineEntry::to_value).collect();
    let computed = lifecycle::compute(decision, now(), &log, lifecycle::DEFAULT_TIMELINE_LIMIT);
    object([
        ("bundle", exported.value),
        ("digest", digest::prefixed(&exported.digest).into()),
        ("state", decision.state(now(), &log).as_str().into()),
        ("active_approvals", decision.active_approvals(now(), &log).into()),
        ("lifecycle", computed.to_value()),
        ("full_timeline", Value::Array(full)),
        ("compiled_router_request", inspect::compiled_router_request(decision).unwrap_or(Value::Null)),
        ("inspect", inspect::sections(decision, now())),
        ("rendered", inspect::render(decision, now()).into()),
    ])
}

fn golden(path: &str, value: &Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/conformance").join(path);
    let text = canonical::to_string(value) + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, text).unwrap();
    } else {
        let stored =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(stored, text, "{} is not what the rules give now", file.display());
    }
}

#[test]
fn decisions_are_what_they_were() {
    for (name, decision) in stories() {
        golden(&format!("decisions/{name}.json"), &case(&decision));
    }
}

fn edit(value: &Value, path: &[&str], with: Value) -> Value {
    let (Value::Object(map), [first, rest @ ..]) = (value, path) else { return with };
    let mut map = map.clone();
    let inner = map.get(*first).cloned().unwrap_or(Value::Null);
    map.insert((*first).to_owned(), edit(&inner, rest, with));
    Value::Object(map)
}

#[test]
fn packages_are_what_they_were_and_edits_are_found() {
    let run = router_bundle();
    for (name, decision) in stories().into_iter().filter(|(name, _)| ["completed", "template"].contains(name))
    {
        for (mode, part) in [
            ("reference", RouterPart::Reference { digest: None }),
            ("embedded", RouterPart::Embedded { bundle: &run.value }),
        ] {
            let package = package::export(&decision, part, now()).unwrap().value;
            let other =
                Value::from("sha256:0000000000000000000000000000000000000000000000000000000000000000");
            let edits: [(&str, &[&str], Value); 7] = [
                ("as_exported", &["package_version"], package::PACKAGE_VERSION.into()),
                ("meta_edited", &["meta", "exported_at"], "2020-01-01T00:00:00+00:00".into()),
                ("goal_edited", &["control_bundle", "decision", "goal"], "something else".into()),
                ("slipped_in", &["control_bundle", "decision", "note"], "not covered?".into()),
                ("version_edited", &["package_version"], "0.7".into()),
                ("router_digest_edited", &["binding", "router_digest"], other.clone()),
                ("link_edited", &["control_bundle", "router_link", "control_router_link_digest"], other),
            ];
            for (what, path, with) in edits {
                let package = edit(&package, path, with);
                let report = verify::verify_package(&package).unwrap();
                assert_eq!(report.ok, ["as_exported", "meta_edited"].contains(&what), "{name} {mode} {what}");
                let checks =
                    report.checks.iter().map(|check| (check.name.to_owned(), check.ok.into())).collect();
                let case = object([
                    ("package", package),
                    ("ok", report.ok.into()),
                    ("checks", Value::Object(checks)),
                ]);
                golden(&format!("audit_packages/{name}__{mode}__{what}.json"), &case);
            }
        }
        let package =
            package::export(&decision, RouterPart::Embedded { bundle: &run.value }, now()).unwrap().value;
        let package = edit(&package, &["router", "bundle", "run", "goal"], "something else".into());
        let case =
            object([("package", package), ("ok", false.into()), ("failing_check", "router_digest".into())]);
        golden(&format!("stricter/{name}__router_goal_edited.json"), &case);
    }
}

#[test]
fn imports_are_what_they_were() {
    let (_, decision) = stories().into_iter().find(|(name, _)| *name == "completed").unwrap();
    let good = bundle::export(&decision, now()).value;
    let case = |name: &str, bundle: Value, mode: &str, code: Option<&str>| {
        object([
            ("name", name.into()),
            ("bundle", bundle),
            ("conflict_mode", mode.into()),
            ("error_code", code.into()),
            ("events_imported", decision.version().into()),
        ])
    };
    let edited = edit(&good, &["decision", "goal"], "something else".into());
    let cases = vec![
        case("good", good.clone(), "overwrite", None),
        case("edited", edited, "reject_on_conflict", Some("INTEGRITY_MISMATCH")),
        case("unknown mode", good, "merge", Some("CONFLICT_MODE_INVALID")),
        case("no bundle", object([]), "reject_on_conflict", Some("BUNDLE_INVALID_SCHEMA")),
    ];
    golden("imports/cases.json", &Value::Array(cases));
}
