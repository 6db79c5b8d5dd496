//! Every page answers every role with a page: never with a fault, never with half of one.

mod cast;
mod doors;
mod functions;
mod machines;
mod pages;

use crate::app::{Answer, TestApp};
use crate::browser::Browser;
use axum::http::Method;
use cast::{COLUMNS, Cast};
use std::collections::BTreeSet;

const PAGES: [&str; 9] = [
    "/",
    "/decisions",
    "/decisions?state=approved&text=none&after=nonsense",
    "/requests/new",
    "/templates",
    "/templates/new",
    "/audit",
    "/people",
    "/account",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_is_whole_for_every_role() {
    let app = TestApp::with_people().await;
    for name in ["admin", "requester", "approver", "author", "auditor"] {
        let mut browser = app.signed_in(name).await;
        for path in PAGES {
            let answer = browser.get(path).await;
            assert!([200, 403, 422].contains(&answer.status.as_u16()), "{name} {path}: {answer:?}");
            assert!(whole(&answer), "{name} {path}: {answer:?}");
        }
        for path in ["/decisions/none", "/templates/none", "/nowhere"] {
            assert_eq!(browser.get(path).await.status, 404, "{name} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_not_signed_in_sees_nothing_of_it() {
    let app = TestApp::with_people().await;
    let mut browser = app.browser();
    for path in PAGES {
        let answer = browser.get(path).await;
        let refused = answer.status == 401 || answer.location().starts_with("/sign-in");
        assert!(refused, "{path}: {answer:?}");
        assert!(!answer.body.contains("Test"), "{path}: {answer:?}");
    }
    for path in ["/sign-in", "/set-up?token=x", "/verify"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
}

/// Rendering waits for several answers at once; a page that waits for itself would hang here.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_readers_at_once_get_whole_pages() {
    let app = std::sync::Arc::new(TestApp::demo().await);
    let mut browser = app.browser();
    browser.post("/demo-sign-in", &[("actor_id", "alice@northwind.example")]).await;
    let cookie = browser.session().unwrap();
    let readers: Vec<_> = (0..20)
        .map(|_| {
            let (app, cookie) = (app.clone(), cookie.clone());
            tokio::spawn(async move {
                let mut browser = Browser::with(&app, &cookie);
                for path in ["/", "/decisions", "/templates", "/audit", "/people"] {
                    let page = browser.get(path).await;
                    assert_eq!(page.status, 200, "{path}");
                    assert!(whole(&page), "{path}: {page:?}");
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
}

/// Whether nothing was cut off: a page that is alive ends with what its browser's half needs, a plain one as HTML does.
pub fn whole(page: &Answer) -> bool {
    let alive = page.body.ends_with("__INCOMPLETE_CHUNKS=[];</script>") && page.body.contains("</html>");
    // Markers of what was rendered stand behind the last tag.
    alive || (page.body.replace("<!>", "").ends_with("</html>") && !page.body.contains("<script"))
}

/// A row of a table: method and address, body, and what every column gets.
type Row = (&'static str, &'static str, &'static str);

/// Knocks at every row as every column. Answers with the addresses that were knocked at.
async fn knock(cast: &mut Cast, table: &[Row]) -> BTreeSet<String> {
    let (mut wrong, mut knocked) = (Vec::new(), BTreeSet::new());
    for (door, body, expected) in table {
        let (method, address) = door.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let address = address.trim();
        let mut got = Vec::new();
        for column in COLUMNS {
            got.push(cast.knock(column, &method, address, body).await);
        }
        let expected: Vec<&str> = expected.split_whitespace().collect();
        if got != expected {
            wrong.push(format!("{door} {body}\n  expected {expected:?}\n  got      {}", got.join(" ")));
        }
        let path = address.split('?').next().unwrap();
        knocked.insert(format!("{method} {path}"));
    }
    assert!(wrong.is_empty(), "columns: {COLUMNS:?}\n{}", wrong.join("\n"));
    knocked
}

/// An address as routes write it: what stands in a hole does not matter here.
fn as_route(address: &str) -> String {
    let plain = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    address.split('/').map(plain).collect::<Vec<_>>().join("/")
}

/// Every address has its row, and every row an address.
fn same(rows: &BTreeSet<String>, served: &BTreeSet<String>) {
    let routes = |set: &BTreeSet<String>| set.iter().map(|one| as_route(one)).collect::<BTreeSet<_>>();
    let (rows, served) = (routes(rows), routes(served));
    let missing: Vec<_> = served.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&served).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "without an expectation: {missing:?}; not served: {gone:?}"
    );
}
