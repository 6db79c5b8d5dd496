//! The workspace log: what an entry is made of, and that no change of an exported log goes unseen. The golden file
//! fixes the bytes; `UPDATE_GOLDEN=1` writes it again, and a diff is then for review.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use governance::json::{self, Value, object};
use governance::verify::{self, Kind, Report};
use governance::workspace_log::{self, Act, ActKind, Door, Entry, EntryError, NewEntry, export, verify_log};
use governance::{Actor, ActorKind, Timestamp, WorkspaceId, canonical, digest};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

const HOSTILE: &str = "</title><script>alert(1)</script> \u{202e}rtl \u{7f} déploie \"x\" \\ 🚀";
const CHECKS: [&str; 6] =
    ["log_format", "entry_digests", "entry_order", "entry_chain", "log_head", "log_digest"];

fn at(second: i64) -> Timestamp {
    Timestamp::parse("2026-11-21T09:00:00.000123+00:00").unwrap().plus_seconds(second)
}

fn new(second: i64, kind: ActKind, about: &str, before: Value, after: Value) -> NewEntry {
    let act = Act { kind, about: about.to_owned(), before, after };
    let actor = Actor::new(ActorKind::Human, "ana@example.com").unwrap();
    NewEntry { ts: at(second), actor, door: Door::Web, address: "192.0.2.7".to_owned(), act }
}

fn log_of(acts: impl IntoIterator<Item = NewEntry>) -> Vec<Entry> {
    let mut log: Vec<Entry> = Vec::new();
    for new in acts {
        let previous = log.last().map(|entry| entry.chain.clone());
        log.push(Entry::record(new, u32::try_from(log.len()).unwrap(), previous.as_deref()));
    }
    log
}

fn entries() -> Vec<Entry> {
    let roles = |names: &[&str]| Value::Array(names.iter().map(|name| Value::from(*name)).collect());
    let mut server =
        new(4, ActKind::ProvidersChanged, "golden", object([]), object([("count", 1_i64.into())]));
    (server.actor, server.door, server.address) = (Actor::control(), Door::Server, String::new());
    log_of([
        new(0, ActKind::WorkspaceCreated, "golden", Value::Null, object([("name", HOSTILE.into())])),
        new(
            1,
            ActKind::PersonJoined,
            "bo@example.com",
            Value::Null,
            object([("roles", roles(&["approver"]))]),
        ),
        new(
            2,
            ActKind::RolesChanged,
            "bo@example.com",
            roles(&["approver"]),
            roles(&["approver", "auditor"]),
        ),
        new(3, ActKind::KeyCreated, "k7f3", Value::Null, object([("label", HOSTILE.into())])),
        server,
    ])
}

fn document(entries: &[Entry]) -> Value {
    export(&WorkspaceId::new("golden").unwrap(), HOSTILE, entries, at(60))
}

fn failing(report: &Report) -> Vec<&'static str> {
    report.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect()
}

/// The same document with another digest over everything, as somebody who knows the format would leave it.
fn resealed(document: &Value) -> Value {
    let Value::Object(mut map) = document.clone() else { panic!("a log is an object") };
    map.remove("integrity");
    let sha = digest::prefixed(&digest::of_value(&Value::Object(map.clone())));
    map.insert("integrity".to_owned(), object([("alg", "sha256".into()), ("canonical_digest", sha.into())]));
    Value::Object(map)
}

fn with_entries(document: &Value, change: impl FnOnce(&mut Vec<Value>)) -> Value {
    let Value::Object(mut map) = document.clone() else { panic!("a log is an object") };
    let mut entries = document.get("entries").and_then(Value::as_array).unwrap().to_vec();
    change(&mut entries);
    map.insert("entries".to_owned(), Value::Array(entries));
    resealed(&Value::Object(map))
}

fn edited(value: &Value, name: &str, with: Value) -> Value {
    let Value::Object(mut map) = value.clone() else { panic!("not an object") };
    map.insert(name.to_owned(), with);
    Value::Object(map)
}

#[test]
fn every_kind_has_a_word_of_its_own() {
    let words: BTreeSet<&str> = ActKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!((words.len(), ActKind::ALL.len()), (23, 23));
    for kind in ActKind::ALL {
        assert_eq!(ActKind::parse(kind.as_str()), Some(*kind));
        // The word follows from the name, so that nobody has to learn two.
        let name = format!("{kind:?}");
        let spelled: String = name
            .chars()
            .flat_map(|letter| {
                let gap = if letter.is_uppercase() { "_" } else { "" };
                gap.chars().chain(letter.to_uppercase()).collect::<Vec<char>>()
            })
            .collect();
        assert_eq!(spelled.trim_start_matches('_'), kind.as_str());
    }
    for word in ["", "workspace_created", "WORKSPACE_CREATED ", "SOMETHING_ELSE"] {
        assert_eq!(ActKind::parse(word), None, "{word}");
    }
}

#[test]
fn an_entry_is_what_the_format_says() {
    let entries = entries();
    let [first, second, ..] = entries.as_slice() else { panic!("entries") };
    let payload = r#"{"event_type":"PERSON_JOINED","payload":{"about":"bo@example.com","after":{"roles":["approver"]},"before":null}}"#;
    assert_eq!(second.digest, digest::sha256_hex(payload.as_bytes()));
    let link = format!(
        r#"{{"actor":{{"id":"ana@example.com","type":"human"}},"address":"192.0.2.7","digest":"{}","door":"web","previous":"{}","seq":1,"ts":"2026-11-21T09:00:01.000123+00:00"}}"#,
        second.digest, first.chain
    );
    assert_eq!(second.chain, digest::sha256_hex(link.as_bytes()));
    assert_eq!(second.act_kind(), Some(ActKind::PersonJoined));
    assert_eq!((second.about(), second.before()), ("bo@example.com", &Value::Null));
    assert_eq!(canonical::to_string(second.after()), r#"{"roles":["approver"]}"#);
    for (door, word) in [
        (Door::Web, "web"),
        (Door::Api, "api"),
        (Door::Cli, "cli"),
        (Door::Sso, "sso"),
        (Door::Server, "server"),
    ] {
        assert_eq!(door.as_str(), word);
    }
    // One moment is one text, however the caller's clock writes it.
    let mut elsewhere = new(1, ActKind::PersonJoined, "x", Value::Null, Value::Null);
    elsewhere.ts = Timestamp::parse("2026-11-21T10:00:01+01:00").unwrap();
    let entry = Entry::record(elsewhere, 0, None);
    assert_eq!(entry.ts.to_string(), "2026-11-21T09:00:01+00:00");
}

#[test]
fn what_a_store_gives_back_is_checked() {
    let entries = entries();
    for (index, entry) in entries.iter().enumerate() {
        assert_eq!(Entry::restore(entry.clone()).as_ref(), Ok(entry));
        let previous = index.checked_sub(1).map(|before| &entries[before]);
        assert_eq!(entry.follows(previous), Ok(()));
        for other in entries.iter().filter(|other| Some(*other) != previous) {
            assert_eq!(entry.follows(Some(other)), Err(EntryError::Chain));
        }
        assert_eq!(entry.follows(None).is_ok(), index == 0);
    }
    let entry = || entries[2].clone();
    let digest = [
        Entry { kind: "PERSON_JOINED".to_owned(), ..entry() },
        Entry { payload: object([]), ..entry() },
        Entry { digest: entries[1].digest.clone(), ..entry() },
    ];
    for edited in digest {
        assert_eq!(Entry::restore(edited), Err(EntryError::Digest));
    }
    let chained = [
        Entry { seq: 3, ..entry() },
        Entry { ts: at(3), ..entry() },
        Entry { actor: Actor::control(), ..entry() },
        Entry { door: "api".to_owned(), ..entry() },
        Entry { address: "192.0.2.8".to_owned(), ..entry() },
        Entry { digest: entries[1].digest.clone(), ..entry() },
        Entry { chain: entries[1].chain.clone(), ..entry() },
    ];
    for edited in chained {
        assert_eq!(edited.follows(Some(&entries[1])), Err(EntryError::Chain), "{edited:?}");
    }
    // A kind of a later version is kept and hashed, not refused.
    let mut later = entry();
    later.kind = "SOMETHING_NEW".to_owned();
    later.digest = governance::event::event_digest(&later.kind, &later.payload);
    assert_eq!(Entry::restore(later).unwrap().act_kind(), None);
}

#[test]
fn the_exported_log_is_what_it_was() {
    let document = document(&entries());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/workspace_log/as_exported.json");
    let text = canonical::to_string(&document) + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "not what the rules give now");
    let report = verify::verify_text(&text).unwrap();
    assert_eq!((report.kind, report.ok), (Kind::WorkspaceLog, true), "{report:?}");
    assert_eq!(report.checks.iter().map(|check| check.name).collect::<Vec<_>>(), CHECKS);
    assert!(report.summary.contains(&("Entries", "5".to_owned())));
    // A log without entries is one too.
    assert!(verify_log(&self::document(&[])).unwrap().ok);
}

#[test]
fn edits_are_found_by_name_even_under_a_new_digest() {
    let good = document(&entries());
    let entry = |index: usize| good.get("entries").unwrap().as_array().unwrap()[index].clone();
    let replaced =
        |name: &str, with: Value| with_entries(&good, |entries| entries[2] = edited(&entry(2), name, with));
    let top = |name: &str, with: Value| edited(&good, name, with);
    let head =
        |count: i64| object([("count", count.into()), ("chain", entry(4).get("chain").unwrap().clone())]);
    let zeros = || Value::from("0".repeat(64));
    let cases: [(&str, Value, &[&str]); 22] = [
        ("nothing", good.clone(), &[]),
        ("digest only", top("integrity", object([])), &["log_digest"]),
        ("name", top("workspace", object([("name", "x".into())])), &["log_digest"]),
        ("moment", top("exported_at", "2020-01-01T00:00:00+00:00".into()), &["log_digest"]),
        ("slipped in", top("note", "not covered?".into()), &["log_digest"]),
        ("format", resealed(&top("format", "other".into())), &["log_format"]),
        ("version", resealed(&top("version", "2.0".into())), &["log_format"]),
        ("type", replaced("type", "PERSON_JOINED".into()), &["entry_digests"]),
        ("payload", replaced("payload", object([])), &["entry_digests"]),
        ("digest", replaced("digest", zeros()), &["entry_digests", "entry_chain"]),
        ("who", replaced("actor", Actor::control().to_value()), &["entry_chain"]),
        ("when", replaced("ts", "2020-01-01T00:00:00+00:00".into()), &["entry_chain"]),
        ("door", replaced("door", "cli".into()), &["entry_chain"]),
        ("address", replaced("address", "".into()), &["entry_chain"]),
        ("place", replaced("seq", 3_i64.into()), &["entry_order", "entry_chain"]),
        ("chain", replaced("chain", zeros()), &["entry_chain"]),
        (
            "no entry",
            with_entries(&good, |entries| entries[2] = Value::Null),
            &["entry_digests", "entry_order", "entry_chain"],
        ),
        (
            "first removed",
            with_entries(&good, |entries| drop(entries.remove(0))),
            &["entry_order", "entry_chain", "log_head"],
        ),
        ("last removed", with_entries(&good, |entries| drop(entries.pop())), &["log_head"]),
        ("all removed", with_entries(&good, Vec::clear), &["log_head"]),
        ("swapped", with_entries(&good, |entries| entries.swap(1, 2)), &["entry_order", "entry_chain"]),
        ("count", resealed(&top("head", head(4))), &["log_head"]),
    ];
    for (what, document, expected) in cases {
        let report = verify_log(&document).unwrap();
        assert_eq!(failing(&report), expected, "{what}");
        assert_eq!((report.ok, report.checks.len()), (expected.is_empty(), CHECKS.len()), "{what}");
    }
}

#[test]
fn what_is_no_log_is_refused_and_not_judged() {
    let good = document(&entries());
    for name in ["format", "version", "entries", "head", "integrity"] {
        let Value::Object(mut map) = good.clone() else { panic!("a log is an object") };
        map.remove(name);
        let refused = verify_log(&Value::Object(map)).unwrap_err().to_string();
        assert!(refused.contains(&format!("`{name}`")), "{refused}");
    }
    for text in ["null", "[]", "{}", r#"{"format":1}"#, r#"{"format":"nexus-control.workspace-log"}"#] {
        assert!(verify_log(&json::parse(text).unwrap()).is_err(), "{text}");
        assert!(verify::verify_text(text).is_err(), "{text}");
    }
    assert_eq!(workspace_log::FORMAT, "nexus-control.workspace-log");
}

#[test]
fn every_flipped_bit_is_found() {
    let good = document(&entries()[..2]);
    let text = canonical::to_string(&good);
    let mut flips = 0;
    for index in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[index] ^= 1 << bit;
            let Ok(flipped) = String::from_utf8(bytes) else { continue };
            let Ok(value) = json::parse(&flipped) else { continue };
            flips += 1;
            let unseen = verify_log(&value).is_ok_and(|report| report.ok);
            assert!(!unseen || value == good, "bit {bit} of byte {index} changed unseen: {flipped}");
        }
    }
    assert!(flips > 1000, "{flips} flips are no test");
}

fn acts() -> impl Strategy<Value = Vec<NewEntry>> {
    let kind = prop::sample::select(ActKind::ALL);
    let act = (kind, "\\PC{0,8}", "\\PC{0,8}", 0..5_i64, any::<bool>());
    let act = act.prop_map(|(kind, about, after, second, cli)| {
        let after = if after.is_empty() { Value::Null } else { after.into() };
        let mut entry = new(second, kind, &about, Value::Null, after);
        entry.door = if cli { Door::Cli } else { Door::Web };
        entry
    });
    prop::collection::vec(act, 1..12)
}

proptest! {
    #[test]
    fn any_removed_moved_or_doubled_entry_is_found(acts in acts(), from in 0..12_usize, to in 0..12_usize) {
        let log = log_of(acts);
        let good = document(&log);
        prop_assert!(verify_log(&good).unwrap().ok);
        let (from, to) = (from % log.len(), to % log.len());
        let removed = with_entries(&good, |entries| drop(entries.remove(from)));
        prop_assert!(!verify_log(&removed).unwrap().ok);
        let doubled = with_entries(&good, |entries| entries.insert(to, entries[from].clone()));
        prop_assert!(!verify_log(&doubled).unwrap().ok);
        let swapped = with_entries(&good, |entries| entries.swap(from, to));
        prop_assert_eq!(verify_log(&swapped).unwrap().ok, from == to);
        let cut = with_entries(&good, |entries| entries.truncate(from));
        prop_assert!(!verify_log(&cut).unwrap().ok);
    }

    #[test]
    fn damaged_logs_never_panic(cut in 0..4000_usize, insert in "\\PC{0,6}") {
        let mut text = canonical::to_string(&document(&entries()));
        let at = (0..=cut.min(text.len() - 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &insert);
        let _ = verify::verify_text(&text);
        text.truncate(at);
        prop_assert!(verify::verify_text(&text).is_err());
    }
}
