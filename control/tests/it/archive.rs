//! Searching as an auditor does, and taking away what was found: the same bytes twice, sums that other tools check, and
//! nothing that the caller may not see.

use crate::attempts::key_input;
use crate::scene::{ADDRESS, Scene, code, input};
use control::archive::{Archive, MOST_AT_ONCE, MOST_DECISIONS, NoPlace};
use control::search::Search;
use control::{Caller, Door, Error, KeyScope, Role};
use governance::decide::PolicyInput;
use governance::json::{self, Value};
use governance::{DecisionId, Mode, State, verify};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::Command;
use store::PageRequest;
use zip::ZipArchive;

/// An archive, as whoever downloaded it has it.
struct Taken {
    bytes: Vec<u8>,
    files: BTreeMap<String, String>,
    name: String,
}

/// Makes it with a place of its own.
async fn packed(scene: &Scene, caller: &Caller, search: &Search) -> Result<Archive, Error> {
    let place = scene.control.archive_place(caller).unwrap();
    scene.control.archive(caller, search, place).await
}

async fn take(scene: &Scene, caller: &Caller, search: &Search) -> Taken {
    let mut archive = packed(scene, caller, search).await.unwrap();
    let mut bytes = Vec::new();
    archive.file.read_to_end(&mut bytes).unwrap();
    assert_eq!(u64::try_from(bytes.len()).unwrap(), archive.bytes);
    let mut zip = ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert!(files.insert(name.clone(), text).is_none(), "{name} is there twice");
    }
    Taken { bytes, files, name: archive.file_name }
}

impl Taken {
    fn manifest(&self) -> Value {
        json::parse(self.files.get("manifest.json").unwrap()).unwrap()
    }

    fn ids(&self) -> Vec<String> {
        let manifest = self.manifest();
        let decisions = manifest.get("decisions").unwrap().as_array().unwrap();
        decisions.iter().map(|one| one.get("decision_id").unwrap().as_str().unwrap().to_owned()).collect()
    }

    /// Unpacks it and lets the usual tool say whether its sums are right.
    fn checked_by_sha256sum(&self) -> bool {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in &self.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut sums = Command::new("sha256sum");
        sums.args(["--strict", "--quiet", "-c", "SHA256SUMS"]);
        sums.current_dir(folder.path()).status().unwrap().success()
    }
}

/// A machine's key of the admin's.
async fn key_of(scene: &Scene, scopes: &[KeyScope]) -> Caller {
    let (_, token) = scene.control.create_key(&scene.admin, key_input(scopes)).await.unwrap();
    scene.control.key_caller(&token, Door::Api, ADDRESS).await.unwrap()
}

fn sorted(ids: &[&DecisionId]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    ids.sort();
    ids
}

/// One that ran, one that waits, and one that was rejected.
async fn three(scene: &Scene, approver: &Caller) -> [DecisionId; 3] {
    let ran = scene.request(&scene.admin, 1).await;
    scene.control.approve(approver, &ran, None, Some("=1+1".to_owned()), None).await.unwrap();
    scene.control.execute(&scene.admin, &ran, None, "simulate", None).await.unwrap();
    let waits = scene.request(&scene.admin, 2).await;
    let rejected = scene.request(&scene.admin, 1).await;
    scene.control.reject(approver, &rejected, None, "no").await.unwrap();
    [ran, waits, rejected]
}

#[tokio::test]
async fn the_same_decisions_are_the_same_bytes() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let ids = three(&scene, &bo).await;
    let one = take(&scene, &scene.admin, &Search::default()).await;
    scene.clock.advance(86_400 * 40);
    let two = take(&scene, &scene.admin, &Search::default()).await;
    assert!(one.bytes == two.bytes, "forty days later the archive is another");
    assert_eq!(one.ids(), sorted(&[&ids[0], &ids[1], &ids[2]]));
    // What happens elsewhere does not change it, what happens to it does.
    let completed = Search { state: Some(State::Completed), ..Search::default() };
    let before = take(&scene, &scene.admin, &completed).await;
    scene.request(&scene.admin, 1).await;
    assert!(before.bytes == take(&scene, &scene.admin, &completed).await.bytes);
    scene.control.approve(&bo, &ids[1], None, None, None).await.unwrap();
    assert!(one.bytes != take(&scene, &scene.admin, &Search::default()).await.bytes);
}

#[tokio::test]
async fn every_file_is_what_it_says() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let [ran, waits, _] = three(&scene, &bo).await;
    let early = scene.control.export_bundle(&scene.admin, &ran).await.unwrap();
    scene.control.import_bundle(&scene.admin, &early.json, "new_decision_id").await.unwrap();
    let taken = take(&scene, &scene.admin, &Search::default()).await;
    assert_eq!(taken.name, format!("{}-decisions.zip", scene.admin.workspace.as_str()));
    assert!(taken.checked_by_sha256sum());
    let manifest = taken.manifest();
    assert_eq!(governance::canonical::to_string(&manifest), taken.files["manifest.json"]);
    assert_eq!(manifest.get("format").and_then(Value::as_str), Some("nexus-control.archive"));
    assert_eq!(manifest.get("count").and_then(Value::as_i64), Some(4));
    // Every file but the two that list the others is in the manifest, and no other.
    let listed = manifest.get("files").unwrap().as_array().unwrap().iter();
    let mut listed: Vec<&str> = listed.map(|file| file.get("name").unwrap().as_str().unwrap()).collect();
    listed.extend(["SHA256SUMS", "manifest.json"]);
    listed.sort_unstable();
    assert_eq!(listed, taken.files.keys().map(String::as_str).collect::<Vec<_>>());
    for (name, text) in &taken.files {
        if name.ends_with("bundle.json") || name.ends_with("package.json") {
            let report = verify::verify_text(text).unwrap();
            assert!(report.ok, "{name}: {report:?}");
        }
    }
    let names = |id: &DecisionId| {
        let folder = format!("decisions/{}/", id.as_str());
        taken.files.keys().filter_map(|name| name.strip_prefix(&folder)).collect::<Vec<_>>()
    };
    assert_eq!(names(&ran), ["bundle.json", "package.json", "package.txt"]);
    assert_eq!(names(&waits), ["bundle.json", "bundle.txt"]);
    let package = json::parse(&taken.files[&format!("decisions/{}/package.json", ran.as_str())]).unwrap();
    assert_eq!(package.get("router").unwrap().get("mode").and_then(Value::as_str), Some("embedded"));
    // One that was tampered with afterwards is found.
    let mut edited = taken;
    edited.files.entry("decisions.csv".to_owned()).and_modify(|text| text.push(' '));
    assert!(!edited.checked_by_sha256sum());
}

#[tokio::test]
async fn the_table_holds_no_formula_and_ids_make_no_paths() {
    let scene = Scene::new().await;
    let mut request = input(Mode::DryRun, 1);
    request.goal = "=HYPERLINK(\"http://x.example\",\"pay\")\r\n+1".to_owned();
    request.policy.labels = Some(vec!["@sum(1)".to_owned(), "-x".to_owned()]);
    let id = scene.control.request(&scene.admin, request).await.unwrap().id.clone();
    let bundle = scene.control.export_bundle(&scene.admin, &id).await.unwrap();
    let hostile = hostile(&bundle.json, "../../etc/cron.d/x");
    scene.control.import_bundle(&scene.admin, &hostile, "reject_on_conflict").await.unwrap();
    let taken = take(&scene, &scene.admin, &Search::default()).await;
    assert!(taken.checked_by_sha256sum());
    let table = &taken.files["decisions.csv"];
    assert_eq!(table.lines().count(), 3, "a line for each, and one for the names: {table}");
    assert!(table.contains("\"'=HYPERLINK(\"\"http://x.example\"\",\"\"pay\"\")"), "{table}");
    assert!(table.contains("\"'@sum(1), -x\""), "{table}");
    for cell in table.split("\",\"") {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    for name in taken.files.keys() {
        assert!(!name.contains("..") && !name.starts_with('/') && name.split('/').count() <= 3, "{name}");
    }
    assert!(taken.ids().contains(&"../../etc/cron.d/x".to_owned()));
}

/// The bundle as everything in it had been done by this one, its digest made right again.
fn done_by(bundle: &str, actor: &str) -> String {
    let Value::Object(mut map) = json::parse(bundle).unwrap() else { unreachable!() };
    if let Some(Value::Array(events)) = map.get_mut("events") {
        for event in events {
            let Value::Object(members) = event else { unreachable!() };
            members
                .insert("actor".to_owned(), json::object([("type", "human".into()), ("id", actor.into())]));
        }
    }
    sealed(map)
}

/// The bundle under another id, its digest made right again.
fn hostile(bundle: &str, id: &str) -> String {
    let Value::Object(mut map) = json::parse(bundle).unwrap() else { unreachable!() };
    let rename = |value: &mut Value| {
        if let Value::Object(members) = value {
            members.insert("decision_id".to_owned(), id.into());
        }
    };
    map.entry("decision".to_owned()).and_modify(rename);
    if let Some(Value::Array(events)) = map.get_mut("events") {
        for (seq, event) in events.iter_mut().enumerate() {
            rename(event);
            if let Value::Object(members) = event {
                members.insert("event_id".to_owned(), format!("{id}:{seq}").into());
            }
        }
    }
    sealed(map)
}

fn sealed(mut map: BTreeMap<String, Value>) -> String {
    let digest = governance::bundle::content_digest(&Value::Object(map.clone()));
    let integrity = json::object([
        ("alg", "sha256".into()),
        ("canonical_digest", governance::digest::prefixed(&digest).into()),
    ]);
    map.insert("integrity".to_owned(), integrity);
    governance::canonical::to_string(&Value::Object(map))
}

#[tokio::test]
async fn the_filter_decides_what_is_in_it() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let [ran, waits, rejected] = three(&scene, &bo).await;
    let view = scene.control.decision(&scene.admin, &waits).await.unwrap();
    let digest = view.request_digest.clone();
    let event = view.decision.events[0].digest.clone();
    let record = scene.load(&ran).await.latest_execution().unwrap().response_digest.clone().unwrap();
    let of = |fill: fn(&mut Search, &str), text: &str| {
        let mut search = Search::default();
        fill(&mut search, text);
        search
    };
    let by_digest: fn(&mut Search, &str) = |search, text| search.digest = text.to_owned();
    let by_person: fn(&mut Search, &str) = |search, text| search.person = text.to_owned();
    let all = sorted(&[&ran, &waits, &rejected]);
    let cases: Vec<(Search, Vec<String>)> = vec![
        (Search::default(), all.clone()),
        (Search { state: Some(State::Completed), ..Search::default() }, sorted(&[&ran])),
        (Search { open: true, ..Search::default() }, sorted(&[&waits])),
        (of(by_person, bo.actor.id()), sorted(&[&ran, &rejected])),
        (of(by_person, &bo.name.to_uppercase()), sorted(&[&ran, &rejected])),
        (of(by_person, "nobody of this name"), Vec::new()),
        (of(by_digest, &digest), sorted(&[&waits])),
        (of(by_digest, &format!("sha256:{digest}")), sorted(&[&waits])),
        (of(by_digest, &digest[..8]), sorted(&[&waits])),
        (of(by_digest, &digest[..20].to_uppercase()), sorted(&[&waits])),
        (of(by_digest, &format!(" {} ", &digest[..9])), sorted(&[&waits])),
        (of(by_digest, &event), Vec::new()),
        (of(by_digest, &record), sorted(&[&ran])),
        (of(by_digest, waits.as_str()), sorted(&[&waits])),
        (of(by_digest, &"0".repeat(64)), Vec::new()),
        (of(by_digest, "00000000"), Vec::new()),
        (Search { words: "staging".to_owned(), ..Search::default() }, all),
        (Search { words: "elsewhere".to_owned(), ..Search::default() }, Vec::new()),
        (Search { until: Some(view.decision.events[0].ts), ..Search::default() }, Vec::new()),
        (Search { state: Some(State::Rejected), ..of(by_digest, &digest) }, Vec::new()),
    ];
    for (search, expected) in cases {
        // Decisions of one goal, mode and labels share their first event's digest.
        let expected = if search.digest == event { sorted(&[&ran, &waits, &rejected]) } else { expected };
        let taken = take(&scene, &scene.admin, &search).await;
        assert_eq!(taken.ids(), expected, "{search:?}");
        let estimate = scene.control.estimate(&scene.admin, &search).await.unwrap();
        assert_eq!((estimate.decisions, estimate.too_much), (expected.len(), false), "{search:?}");
        let page = PageRequest { limit: 200, ..PageRequest::default() };
        let rows = scene.control.search(&scene.admin, &search, &page).await.unwrap().rows;
        assert_eq!(rows.len(), expected.len(), "{search:?}");
    }
    for text in ["abc", "0123456", "not a digest", "zzzzzzzzzz", "%", "sha256:"] {
        let search = of(by_digest, text);
        assert_eq!(code(packed(&scene, &scene.admin, &search).await), "INVALID_INPUT", "{text}");
    }
    let long = Search { label: "x".repeat(10_000), ..Search::default() };
    assert_eq!(code(packed(&scene, &scene.admin, &long).await), "INVALID_INPUT");
}

/// What was brought in from elsewhere may have been done by somebody whose id is the name of a member.
#[tokio::test]
async fn a_person_is_found_by_their_id_although_a_member_bears_it_as_a_name() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Requester]).await;
    let own = scene.request(&bo, 1).await;
    let other = scene.request(&scene.admin, 1).await;
    let bundle = scene.control.export_bundle(&scene.admin, &other).await.unwrap();
    let foreign = done_by(&bundle.json, &bo.name);
    let imported = scene.control.import_bundle(&scene.admin, &foreign, "new_decision_id").await.unwrap();
    let search = Search { person: bo.name.clone(), ..Search::default() };
    assert_eq!(take(&scene, &scene.admin, &search).await.ids(), sorted(&[&own, &imported.decision_id]));
}

/// Of a system that numbers its decisions by digests.
#[tokio::test]
async fn an_id_that_looks_like_a_digest_is_found() {
    let scene = Scene::new().await;
    let one = scene.request(&scene.admin, 1).await;
    let bundle = scene.control.export_bundle(&scene.admin, &one).await.unwrap();
    for id in ["ab".repeat(32), "AB".repeat(32)] {
        let foreign = hostile(&bundle.json, &id);
        scene.control.import_bundle(&scene.admin, &foreign, "reject_on_conflict").await.unwrap();
        let search = Search { digest: id.clone(), ..Search::default() };
        assert_eq!(take(&scene, &scene.admin, &search).await.ids(), [id.as_str()]);
        let search = Search { digest: format!("sha256:{id}"), ..Search::default() };
        assert_eq!(take(&scene, &scene.admin, &search).await.ids(), [""; 0], "that is a digest");
    }
}

#[tokio::test]
async fn one_archive_at_a_time_and_its_place_is_held_as_long_as_the_file_is() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let archive = packed(&scene, &scene.admin, &Search::default()).await.unwrap();
    assert_eq!(scene.control.archive_place(&scene.admin).unwrap_err(), NoPlace::Yours);
    let again = scene.again(&scene.admin).await.unwrap();
    assert_eq!(scene.control.archive_place(&again).unwrap_err(), NoPlace::Yours);
    drop(packed(&scene, &bo, &Search::default()).await.unwrap());
    drop(archive);
    drop(packed(&scene, &scene.admin, &Search::default()).await.unwrap());
    // One that is refused gives its place back.
    let wrong = Search { digest: "abc".to_owned(), ..Search::default() };
    assert_eq!(code(packed(&scene, &scene.admin, &wrong).await), "INVALID_INPUT");
    drop(packed(&scene, &scene.admin, &Search::default()).await.unwrap());
    // All together have as many as the disk is to hold.
    let mut held = Vec::new();
    for number in 0..MOST_AT_ONCE {
        let person = scene.person(&format!("auditor{number}"), &[Role::Auditor]).await;
        held.push(scene.control.archive_place(&person).unwrap());
    }
    assert_eq!(scene.control.archive_place(&bo).unwrap_err(), NoPlace::Everybodys);
    held.pop();
    drop(scene.control.archive_place(&bo).unwrap());
}

#[tokio::test]
async fn a_template_is_found_by_its_digest() {
    let scene = Scene::new().await;
    let policy = PolicyInput { min_approvals: Some(1), ..PolicyInput::default() };
    let template = scene.control.create_template(&scene.admin, "deploy", "", policy).await.unwrap();
    let mut request = input(Mode::DryRun, 1);
    request.template = Some("deploy".to_owned());
    let id = scene.control.request(&scene.admin, request).await.unwrap().id.clone();
    scene.request(&scene.admin, 1).await;
    for search in [
        Search { digest: template.digest(), ..Search::default() },
        Search { digest: template.digest()[..10].to_owned(), ..Search::default() },
        Search { template: "deploy".to_owned(), ..Search::default() },
    ] {
        assert_eq!(take(&scene, &scene.admin, &search).await.ids(), [id.as_str()], "{search:?}");
    }
}

#[tokio::test]
async fn nobody_takes_away_what_they_may_not_see() {
    let scene = Scene::new().await;
    let ann = scene.person("ann", &[Role::Requester]).await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let [ran, waits, _] = three(&scene, &bo).await;
    let own = scene.request(&ann, 1).await;
    let taken = take(&scene, &ann, &Search::default()).await;
    assert_eq!(taken.ids(), [own.as_str()]);
    assert!(taken.manifest().get("reach").unwrap().as_str().unwrap().contains("had requested"));
    assert_eq!(scene.control.estimate(&ann, &Search::default()).await.unwrap().decisions, 1);
    let theirs = scene.control.decision(&scene.admin, &waits).await.unwrap().request_digest;
    for digest in [theirs.as_str(), &theirs[..8], ran.as_str(), "abc", "nonsense"] {
        let search = Search { digest: digest.to_owned(), ..Search::default() };
        assert_eq!(take(&scene, &ann, &search).await.ids(), [""; 0], "{digest}");
    }
    // Those whom one may not see cannot be found by their names.
    let search = Search { person: bo.name.clone(), ..Search::default() };
    assert_eq!(take(&scene, &ann, &search).await.ids(), [""; 0]);
    // A key that only reads takes nothing away.
    let reader = key_of(&scene, &[KeyScope::Read]).await;
    assert_eq!(code(packed(&scene, &reader, &Search::default()).await), "FORBIDDEN");
    assert_eq!(code(scene.control.estimate(&reader, &Search::default()).await), "FORBIDDEN");
    let page = PageRequest { limit: 200, ..PageRequest::default() };
    assert_eq!(scene.control.search(&reader, &Search::default(), &page).await.unwrap().rows.len(), 4);
    let exporter = key_of(&scene, &[KeyScope::Export]).await;
    assert_eq!(take(&scene, &exporter, &Search::default()).await.ids().len(), 4);
    // One that sees its own alone and may export all that it sees takes its own.
    let asker = key_of(&scene, &[KeyScope::Request]).await;
    assert_eq!(code(packed(&scene, &asker, &Search::default()).await), "FORBIDDEN");
    let elsewhere = scene.elsewhere("eve").await;
    assert_eq!(take(&scene, &elsewhere, &Search::default()).await.ids(), [""; 0]);
}

#[tokio::test]
async fn what_runs_stands_as_of_its_version() {
    let scene = Scene::new().await;
    let bo = scene.person("bo", &[Role::Approver]).await;
    let id = scene.request(&scene.admin, 1).await;
    scene.control.approve(&bo, &id, None, None, None).await.unwrap();
    let begun = scene.control.decision(&scene.admin, &id).await.unwrap().decision.version();
    let taken = take(&scene, &scene.admin, &Search::default()).await;
    let manifest = taken.manifest();
    let decision = &manifest.get("decisions").unwrap().as_array().unwrap()[0];
    assert_eq!(decision.get("version").and_then(Value::as_i64), Some(i64::from(begun)));
    assert_eq!(
        decision.get("log_position").and_then(Value::as_i64),
        manifest.get("log_position").and_then(Value::as_i64)
    );
    assert_eq!(decision.get("status").and_then(Value::as_str), Some("approved"));
}

/// Twenty times as many as a page holds, and one more than an archive.
#[tokio::test]
async fn more_than_an_archive_holds_is_refused_and_said() {
    let scene = Scene::new().await;
    for _ in 0..=MOST_DECISIONS {
        scene.request(&scene.admin, 1).await;
    }
    let estimate = scene.control.estimate(&scene.admin, &Search::default()).await.unwrap();
    assert!(estimate.too_much && estimate.decisions == MOST_DECISIONS + 1);
    let refused = packed(&scene, &scene.admin, &Search::default()).await.unwrap_err();
    assert_eq!(refused.code(), "INVALID_INPUT");
    assert!(refused.to_string().contains("narrow the search"), "{refused}");
}
