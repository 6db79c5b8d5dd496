//! The five steps with plain forms, without any JavaScript: request, approve, execute, record, export. And what
//! the other roles get instead.

use crate::app::{Answer, TestApp};
use crate::browser::Browser;
use governance::verify::{Kind, verify_text};

/// The form of a page that goes to this address: from its tag to its end.
fn form<'a>(page: &'a Answer, action: &str) -> &'a str {
    let marker = format!("action=\"{action}\"");
    let (_, rest) =
        page.body.split_once(&marker).unwrap_or_else(|| panic!("no form to {action} in\n{}", page.body));
    rest.split_once("</form>").unwrap().0
}

/// The value of a hidden field.
fn hidden(form: &str, name: &str) -> String {
    let (_, rest) =
        form.split_once(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no `{name}` in\n{form}"));
    let tag = rest.split_once('>').unwrap().0;
    tag.split_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
}

async fn request(browser: &mut Browser<'_>, goal: &str, extra: &[(&str, &str)]) -> String {
    let page = browser.get("/requests/new").await;
    assert!(form(&page, "/api/request").contains("name=\"form[goal]\""), "{page:?}");
    let mut fields = vec![("form[goal]", goal)];
    fields.extend_from_slice(extra);
    for usual in [("form[mode]", "dry_run"), ("form[plan]", "1. look\r\n2. report")] {
        if !fields.iter().any(|(name, _)| *name == usual.0) {
            fields.push(usual);
        }
    }
    let answer = browser.post("/api/request", &fields).await;
    assert_eq!(answer.status, 302, "{answer:?}");
    assert!(answer.location().starts_with("/decisions/"), "{answer:?}");
    answer.location().to_owned()
}

/// Presses a button of the decision's page.
async fn act(browser: &mut Browser<'_>, decision: &str, verb: &str, extra: &[(&str, &str)]) -> Answer {
    let page = browser.get(decision).await;
    assert_eq!(page.status, 200, "{page:?}");
    let action = format!("/api/{verb}");
    let shown = form(&page, &action);
    let (id, version) = (hidden(shown, "id"), hidden(shown, "expected_version"));
    let mut fields = vec![("id", id.as_str()), ("expected_version", version.as_str())];
    fields.extend_from_slice(extra);
    browser.post(&action, &fields).await
}

/// Fails unless what was done is recorded and the answer leads to the place on the decision's page that says so.
fn recorded(answer: &Answer, decision: &str) {
    assert_eq!(answer.status, 302, "{answer:?}");
    let rest = answer.location().strip_prefix(decision).and_then(|rest| rest.strip_prefix("?recorded="));
    let version =
        rest.and_then(|rest| rest.strip_suffix("#recorded")).and_then(|text| text.parse::<u32>().ok());
    assert!(version.is_some_and(|version| version > 1), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rehearsal_from_request_to_package() {
    let app = TestApp::with_people().await;
    let mut requester = app.signed_in("requester").await;
    let mut approver = app.signed_in("approver").await;
    let goal = "Rehearse <b>the</b> failover";
    let decision = request(&mut requester, goal, &[("policy[labels]", "rehearsal, db")]).await;

    let page = requester.get(&decision).await;
    assert!(page.body.contains("Rehearse &lt;b&gt;the&lt;/b&gt; failover"), "{}", page.body);
    assert!(!page.body.contains("action=\"/api/approve\""), "the requester sees no button to approve");
    assert!(approver.get("/").await.body.contains("failover"), "it waits in the approver's inbox");

    let answer = act(&mut approver, &decision, "approve", &[("comment", "go ahead")]).await;
    recorded(&answer, &decision);
    let answer = act(&mut requester, &decision, "execute", &[("adapter", "simulate")]).await;
    recorded(&answer, &decision);

    let mut auditor = app.signed_in("auditor").await;
    for (path, kind, checks) in [
        ("bundle.json", Kind::Bundle, 3),
        ("package.json", Kind::Package, 6),
        ("package.json?mode=embedded", Kind::Package, 6),
        ("package.json?mode=reference", Kind::Package, 5),
    ] {
        let file = auditor.get(&format!("{decision}/{path}")).await;
        assert_eq!(file.status, 200, "{file:?}");
        assert_eq!(file.header("content-type"), "application/json");
        assert!(
            file.header("content-disposition").starts_with("attachment; filename=\"decision-"),
            "{file:?}"
        );
        assert_eq!(file.header("cache-control"), "no-store");
        let report = verify_text(&file.body).unwrap();
        assert!(report.ok, "{report:?}");
        assert_eq!((report.kind, report.checks.len()), (kind, checks));
        let forged = file.body.replace("failover", "takeover");
        assert!(!verify_text(&forged).unwrap().ok, "{path}");
    }
    let text = auditor.get(&format!("{decision}/package.txt")).await;
    assert!(text.header("content-disposition").contains(".txt\""), "{text:?}");
    assert!(text.body.contains("failover"), "{text:?}");
    let answer = auditor.get(&format!("{decision}/package.json?mode=whatever")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "INVALID_INPUT"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_may_not_see_is_not_there() {
    let app = TestApp::with_people().await;
    let mut requester = app.signed_in("requester").await;
    let decision = request(&mut requester, "Rehearse in private", &[]).await;
    let bundle = format!("{decision}/bundle.json");
    assert_eq!(requester.get(&bundle).await.status, 200);
    assert_eq!(app.browser().get(&bundle).await.status, 401);
    for (name, status) in
        [("other", 404), ("approver", 200), ("author", 200), ("auditor", 200), ("admin", 200)]
    {
        let answer = app.signed_in(name).await.get(&bundle).await;
        assert_eq!(answer.status.as_u16(), status, "{name}");
    }
    let mut other = app.signed_in("other").await;
    assert_eq!(other.get(&decision).await.status, 404);
    // Not executed yet: a package would prove nothing.
    let answer = requester.get(&format!("{decision}/package.json?mode=reference")).await;
    assert_eq!(answer.status, 409, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_form_that_is_not_yours_changes_nothing() {
    let app = TestApp::with_people().await;
    let mut requester = app.signed_in("requester").await;
    let decision = request(&mut requester, "Rehearse without permission", &[]).await;
    let id = decision.strip_prefix("/decisions/").unwrap().to_owned();
    let version = hidden(form(&requester.get(&decision).await, "/api/withdraw"), "expected_version");
    let fields = [
        ("id", id.as_str()),
        ("expected_version", version.as_str()),
        ("reason", "no"),
        ("adapter", "simulate"),
    ];
    for (name, verbs) in [
        ("requester", &["approve", "reject", "execute"][..]),
        ("other", &["approve", "withdraw", "execute"]),
        ("author", &["approve", "reject", "withdraw", "execute"]),
        ("auditor", &["approve", "reject", "withdraw", "execute"]),
        ("approver", &["withdraw", "execute"]),
    ] {
        let mut browser = app.signed_in(name).await;
        for verb in verbs {
            let answer = browser.post(&format!("/api/{verb}"), &fields).await;
            assert!(answer.location().contains("__err="), "{name} {verb}: {answer:?}");
        }
    }
    let answer = app.browser().post("/api/approve", &fields).await;
    assert!(answer.location().contains("__err="), "{answer:?}");
    let unchanged = hidden(form(&requester.get(&decision).await, "/api/withdraw"), "expected_version");
    assert_eq!(unchanged, version);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stale_form_is_refused_and_the_page_says_what_is_new() {
    let app = TestApp::with_people().await;
    let mut requester = app.signed_in("requester").await;
    let mut approver = app.signed_in("approver").await;
    let decision = request(&mut requester, "Rehearse twice", &[("policy[min_approvals]", "2")]).await;
    let page = approver.get(&decision).await;
    let shown = form(&page, "/api/approve");
    let (id, version) = (hidden(shown, "id"), hidden(shown, "expected_version"));
    let mut second = app.signed_in("second").await;
    recorded(&act(&mut second, &decision, "approve", &[]).await, &decision);
    let fields = [("id", id.as_str()), ("expected_version", version.as_str())];
    let answer = approver.post("/api/approve", &fields).await;
    assert!(answer.location().starts_with(&decision) && answer.location().contains("__err="), "{answer:?}");
    let page = approver.get(answer.location()).await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.body.contains("changed"), "{}", page.body);
}

const ADAPTER: &str = r#"
[[adapter]]
name = "greet"
command = ["/bin/echo", "hello {name}"]
capabilities = ["greet"]
fields = { name = { type = "text" } }
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_declared_command_runs_once_and_its_output_is_in_the_package() {
    let mut app = TestApp::configured(ADAPTER, false).await;
    app.move_in().await;
    let mut requester = app.signed_in("requester").await;
    let real = [
        ("form[mode]", "apply"),
        ("policy[capabilities]", "greet"),
        ("form[plan]", "{\"name\": \"Zoë; rm\"}"),
    ];
    let decision = request(&mut requester, "Greet somebody", &real).await;
    let mut approver = app.signed_in("approver").await;
    act(&mut approver, &decision, "approve", &[]).await;
    let page = requester.get(&decision).await;
    let shown = form(&page, "/api/execute");
    let (id, version) = (hidden(shown, "id"), hidden(shown, "expected_version"));
    let fields =
        [("id", id.as_str()), ("expected_version", version.as_str()), ("adapter", "subprocess:greet")];
    // Two tabs press the button: one run, and the second is told that it came too late.
    let answer = requester.post("/api/execute", &fields).await;
    recorded(&answer, &decision);
    let again = requester.post("/api/execute", &fields).await;
    assert!(again.location().contains("__err="), "{again:?}");
    let package = requester.get(&format!("{decision}/package.json")).await;
    assert!(package.body.contains("hello Zoë; rm"), "{package:?}");
    assert_eq!(package.body.matches("EXECUTION_STARTED").count(), 1);
    assert!(verify_text(&package.body).unwrap().ok);
}
