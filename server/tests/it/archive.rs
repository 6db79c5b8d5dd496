//! The archive as it leaves the server and as the command line checks it: its length is told, it is not packed twice, and
//! whatever is changed in it afterwards is found.

use crate::app::TestApp;
use axum::body::{Body, to_bytes};
use axum::http::Method;
use governance::digest::sha256_hex;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::Command;
use tower::ServiceExt as _;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The archive of everything in the demo that the auditor sees and this narrows.
async fn taken(query: &str) -> Vec<u8> {
    let app = TestApp::demo().await;
    let mut browser = app.browser();
    browser.post("/demo-sign-in", &[("actor_id", "erin@northwind.example")]).await;
    let request = browser.prepared(Method::GET, &format!("/audit/decisions.zip{query}"));
    let request = request.header("accept-encoding", "br, gzip").body(Body::empty()).unwrap();
    let response = app.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (length, encoding) = (header("content-length"), header("content-encoding"));
    assert_eq!(encoding, None);
    assert_eq!(header("content-type").as_deref(), Some("application/zip"));
    assert_eq!(header("cache-control").as_deref(), Some("no-store"));
    assert!(header("content-disposition").unwrap().ends_with("-decisions.zip\""));
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
    assert_eq!(length, Some(bytes.len().to_string()));
    bytes
}

/// The same files packed again, each as `edit` leaves it.
fn repacked(archive: &[u8], edit: impl Fn(&str, Vec<u8>) -> Option<(String, Vec<u8>)>) -> Vec<u8> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut made = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if let Some((name, bytes)) = edit(&entry.name().unwrap(), bytes) {
            made.start_file(name, SimpleFileOptions::default()).unwrap();
            made.write_all(&bytes).unwrap();
        }
    }
    made.finish().unwrap().into_inner()
}

/// Its exit code and what it says.
fn verify(file: &Path, bytes: &[u8], arguments: &[&str]) -> (i32, String) {
    std::fs::write(file, bytes).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_nexus-control"));
    let output = command.arg("verify").args(arguments).arg(file).env_clear().output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_changed_afterwards_is_found() {
    let archive = taken("?state=completed").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    let (code, said) = verify(&file, &archive, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("VERIFIED: all 6 checks"), "{said}");
    let same = |name: &str, bytes| Some((name.to_owned(), bytes));
    assert_eq!(verify(&file, &repacked(&archive, same), &[]).0, 0, "how it is packed proves nothing");
    let edited = |wanted: &'static str| {
        move |name: &str, mut bytes: Vec<u8>| {
            if name.ends_with(wanted) {
                let at = bytes.len() / 2;
                bytes[at] ^= 1;
            }
            Some((name.to_owned(), bytes))
        }
    };
    for wanted in ["package.json", "bundle.json", "package.txt", "decisions.csv", "README.txt"] {
        let (code, said) = verify(&file, &repacked(&archive, edited(wanted)), &[]);
        assert_eq!(code, 1, "{wanted}: {said}");
        assert!(said.contains("FAILED  checksums") && said.contains(wanted), "{wanted}: {said}");
    }
    let without = |wanted: &'static str| {
        move |name: &str, bytes| (!name.ends_with(wanted)).then(|| (name.to_owned(), bytes))
    };
    assert_eq!(verify(&file, &repacked(&archive, without("decisions.csv")), &[]).0, 1);
    for wanted in ["manifest.json", "SHA256SUMS"] {
        assert_eq!(verify(&file, &repacked(&archive, without(wanted)), &[]).0, 2, "{wanted}");
    }
    let renamed = |name: &str, bytes| {
        let name = if name == "README.txt" { "../README.txt" } else { name };
        Some((name.to_owned(), bytes))
    };
    let (code, said) = verify(&file, &repacked(&archive, renamed), &[]);
    assert!(code == 1 && said.contains("is no plain name"), "{said}");
    for (bytes, code) in [(&archive[..archive.len() / 2], 2), (b"PK\x03\x04", 2), (b"PK\x03\x04 and more", 2)]
    {
        assert_eq!(verify(&file, bytes, &[]).0, code);
    }
}

/// Whoever edits a document and makes all sums right again is still found by the document's own digests.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_document_is_judged_by_itself() {
    let archive = taken("?state=completed").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    let (code, said) = verify(&file, &archive, &["--json"]);
    assert_eq!(code, 0, "{said}");
    let listed: serde_json::Value = serde_json::from_str(&said).unwrap();
    let documents = listed[0]["documents"].as_array().unwrap();
    assert!(documents.len() > 5 && documents.iter().all(|one| one["ok"] == true), "{said}");
    let forged = |name: &str, bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap().replace("northwind.example", "southwind.example");
        Some((name.to_owned(), text.into_bytes()))
    };
    let (code, said) = verify(&file, &repacked(&archive, forged), &["--json"]);
    assert_eq!(code, 1);
    let listed: serde_json::Value = serde_json::from_str(&said).unwrap();
    let failed = |name: &str| {
        listed[0]["checks"].as_array().unwrap().iter().any(|c| c["name"] == name && c["ok"] == false)
    };
    assert!(failed("documents") && failed("checksums"), "{said}");
}

/// Its files in their order.
fn files(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
    let read = |at| {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..ZipArchive::new(Cursor::new(archive)).unwrap().len()).map(read).collect()
}

/// The archive with one of its files edited, to the same length but for the manifest, and all sums made right again.
fn forged(archive: &[u8], wanted: &str, edit: impl Fn(&str) -> String) -> Vec<u8> {
    let mut files = files(archive);
    let mut sums = Vec::new();
    let mut replace = |name: &str, edit: &dyn Fn(&str) -> String| {
        let (_, bytes) = files.iter_mut().find(|(found, _)| found.ends_with(name)).unwrap();
        let before = String::from_utf8(bytes.clone()).unwrap();
        let after = edit(&before);
        sums.push((sha256_hex(before.as_bytes()), sha256_hex(after.as_bytes())));
        *bytes = after.into_bytes();
        sums.clone()
    };
    let known = replace(wanted, &edit);
    assert!(known[0].0 != known[0].1, "nothing was edited");
    let known = if wanted == "manifest.json" {
        known
    } else {
        replace("manifest.json", &|text| text.replace(&known[0].0, &known[0].1))
    };
    replace("SHA256SUMS", &|text| {
        known.iter().fold(text.to_owned(), |text, (before, after)| text.replace(before, after))
    });
    packed(&files, |_| {})
}

fn packed(files: &[(String, Vec<u8>)], more: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut made = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        made.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        made.write_all(bytes).unwrap();
    }
    more(&mut made);
    made.finish().unwrap().into_inner()
}

/// Every byte has its right sum; what one file says of another is wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_contradicts_the_documents_is_found_although_every_sum_is_right() {
    let archive = taken("?state=completed").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    let manifest = files(&archive).into_iter().find(|(name, _)| name == "manifest.json").unwrap().1;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let first = &manifest["decisions"][0];
    let id = first["decision_id"].as_str().unwrap().to_owned();
    let version = first["version"].as_i64().unwrap();
    let version = (format!("\"version\":{version}"), format!("\"version\":{}", version + 1));
    let id = (format!("\"decision_id\":\"{id}\""), "\"decision_id\":\"another\"".to_owned());
    let status = ("\"status\":\"completed\"".to_owned(), "\"status\":\"rejected\"".to_owned());
    let text = ("COMPLETED".to_owned(), "CANCELLED".to_owned());
    for (wanted, (before, after), name) in [
        ("package.txt", text, "readable"),
        ("manifest.json", id, "manifest_decisions"),
        ("manifest.json", version, "manifest_decisions"),
        ("manifest.json", status, "manifest_decisions"),
    ] {
        let (code, said) =
            verify(&file, &forged(&archive, wanted, |text| text.replacen(&before, &after, 1)), &[]);
        assert_eq!(code, 1, "{wanted}: {said}");
        assert!(said.contains(&format!("FAILED  {name}")), "{wanted}: {said}");
        assert!(said.contains("NOT VERIFIED: 1 of 6"), "the sums are right again: {said}");
    }
}

/// One program would show one thing and another something else.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_archive_that_programs_read_differently_is_refused() {
    let archive = taken("?state=completed").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    let files = files(&archive);
    let plain = SimpleFileOptions::default();
    let renamed = |mut bytes: Vec<u8>, before: &[u8], after: &[u8], most: usize| {
        let found: Vec<usize> =
            (0..bytes.len() - before.len()).filter(|at| bytes[*at..].starts_with(before)).collect();
        assert!(!found.is_empty());
        for at in found.into_iter().take(most) {
            bytes[at..at + after.len()].copy_from_slice(after);
        }
        bytes
    };
    let more = packed(&files, |made| {
        made.start_file("decisions.csw", plain).unwrap();
        made.write_all(b"another table").unwrap();
    });
    let cases = [
        ("a name twice", renamed(more, b"decisions.csw", b"decisions.csv", usize::MAX)),
        ("two names of one file", renamed(packed(&files, |_| {}), b"README.txt", b"README.tst", 1)),
        ("something in front", [&archive[..200], &archive[..]].concat()),
        ("a link", packed(&files, |made| made.add_symlink("link", "/etc/passwd", plain).unwrap())),
        ("a folder", packed(&files, |made| made.add_directory("empty", plain).unwrap())),
        ("a comment", packed(&files, |made| made.set_comment("PK").unwrap())),
    ];
    for (what, bytes) in cases {
        let (code, said) = verify(&file, &bytes, &[]);
        assert_eq!(code, 2, "{what}: {said}");
        assert!(said.contains("NOT READABLE"), "{what}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    let large = usize::try_from(control::archive::MOST_FILE_BYTES).unwrap() + 1;
    let files = [("decisions/a/bundle.json".to_owned(), vec![b'['; large])];
    let (code, said) = verify(&file, &packed(&files, |_| {}), &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("unpacks to more than"), "{said}");
}

/// Weighing all that is found is done once, not for every page of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_of_it_is_offered_on_the_first_page_alone() {
    let app = TestApp::demo().await;
    let mut browser = app.browser();
    browser.post("/demo-sign-in", &[("actor_id", "erin@northwind.example")]).await;
    let first = browser.get("/audit").await.body;
    assert!(first.contains("decisions.zip"), "{first}");
    let next = first.split("href=\"").find(|rest| rest.starts_with("/audit?after=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let second = browser.get(&next).await.body;
    assert!(second.contains("audit-rows") && !second.contains("decisions.zip"), "{second}");
}
