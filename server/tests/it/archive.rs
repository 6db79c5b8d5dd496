//! The archive as it leaves the server and as the command line checks it: its length is told, it is not packed twice, and
//! whatever is changed in it afterwards is found.

use crate::app::TestApp;
use axum::body::{Body, to_bytes};
use axum::http::Method;
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
    assert!(said.contains("VERIFIED: all 5 checks"), "{said}");
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
