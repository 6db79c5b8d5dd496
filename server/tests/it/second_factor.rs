//! The second step of a sign-in: one code, of this browser, once.

use crate::app::{Answer, PASSWORD, TestApp};
use crate::browser::Browser;
use totp_rs::{Builder, Secret};

/// Puts a second factor in force for somebody; its secret and the recovery codes.
async fn enrol(app: &TestApp, name: &str) -> (String, Vec<String>) {
    let caller = app.call(name).await;
    app.control.begin_second_factor(&caller).await.unwrap();
    let secret = app.control.enrolment(&caller).await.unwrap().unwrap().secret;
    let codes = app.control.confirm_second_factor(&caller, &code(app, &secret)).await.unwrap();
    // The step of that code is used up.
    app.pass(60);
    (secret, codes)
}

/// The code that an app would show now.
fn code(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    totp.generate(u64::try_from(app.seconds()).unwrap()).to_string()
}

/// The state that the browser was sent on with.
fn state(answer: &Answer) -> String {
    let rest = answer.location().strip_prefix("/sign-in/code?state=").unwrap_or_else(|| panic!("{answer:?}"));
    rest.split('&').next().unwrap().to_owned()
}

async fn step(browser: &mut Browser<'_>, state: &str, code: &str) -> Answer {
    browser.post("/sign-in/code", &[("state", state), ("code", code)]).await
}

#[tokio::test]
async fn a_password_alone_no_longer_signs_in() {
    let app = TestApp::with_people().await;
    let (secret, recovery) = enrol(&app, "approver").await;
    let mut browser = app.browser();
    let first = browser.sign_in("approver", PASSWORD).await;
    let waiting = state(&first);
    assert!(browser.session().is_none() && !browser.is_in().await, "{first:?}");
    let cookie = first.cookie("nexus-browser").unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=3600"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let right = code(&app, &secret);
    let answer = step(&mut browser, &waiting, &right).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/"), "{answer:?}");
    assert!(browser.is_in().await);

    // Neither the state nor the code works twice.
    let mut second = app.browser();
    second.cookies = browser.cookies.clone();
    second.cookies.remove("nexus-session");
    assert_eq!(step(&mut second, &waiting, &right).await.location(), "/sign-in?error=SSO_STATE");
    let waiting = state(&second.sign_in("approver", PASSWORD).await);
    let answer = step(&mut second, &waiting, &right).await;
    assert!(answer.location().ends_with("&error=INVALID_INPUT"), "{answer:?}");
    // A recovery code does, once.
    let answer = step(&mut second, &state(&answer), &recovery[0]).await;
    assert_eq!(answer.location(), "/");
    let mut third = app.browser();
    let waiting = state(&third.sign_in("approver", PASSWORD).await);
    let answer = step(&mut third, &waiting, &recovery[0]).await;
    assert!(answer.location().ends_with("&error=INVALID_INPUT"), "{answer:?}");
}

#[tokio::test]
async fn another_browsers_state_is_nothing() {
    let app = TestApp::with_people().await;
    let (secret, _) = enrol(&app, "approver").await;
    let mut browser = app.browser();
    let waiting = state(&browser.sign_in("approver", PASSWORD).await);
    let right = code(&app, &secret);
    let mut thief = app.browser();
    assert_eq!(step(&mut thief, &waiting, &right).await.location(), "/sign-in?error=SSO_STATE");
    thief.cookies.insert("nexus-browser".to_owned(), "f".repeat(64));
    assert_eq!(step(&mut thief, &waiting, &right).await.location(), "/sign-in?error=SSO_STATE");
    assert!(thief.session().is_none());
    for none in ["", "0", &"0".repeat(64)] {
        assert_eq!(step(&mut browser, none, &right).await.location(), "/sign-in?error=SSO_STATE");
    }
    app.pass(10 * 60);
    assert_eq!(
        step(&mut browser, &waiting, &code(&app, &secret)).await.location(),
        "/sign-in?error=SSO_STATE"
    );
}

#[tokio::test]
async fn after_five_wrong_codes_the_right_one_comes_too_late() {
    let app = TestApp::with_people().await;
    let (secret, _) = enrol(&app, "approver").await;
    let mut browser = app.browser();
    let mut waiting = state(&browser.sign_in("approver", PASSWORD).await);
    for wrong in ["000000", "12345", "", "abcdef"] {
        let answer = step(&mut browser, &waiting, wrong).await;
        assert!(answer.location().ends_with("&error=INVALID_INPUT"), "{wrong}: {answer:?}");
        waiting = state(&answer);
    }
    let answer = step(&mut browser, &waiting, "111111").await;
    assert_eq!(answer.location(), "/sign-in?error=SECOND_FACTOR");
    // The right password does not make it good again.
    let waiting = state(&browser.sign_in("approver", PASSWORD).await);
    let answer = step(&mut browser, &waiting, &code(&app, &secret)).await;
    assert_eq!(answer.status, 429, "{answer:?}");
    app.pass(15 * 60 + 1);
    let waiting = state(&browser.sign_in("approver", PASSWORD).await);
    assert_eq!(step(&mut browser, &waiting, &code(&app, &secret)).await.location(), "/");
}

#[tokio::test]
async fn proving_oneself_again_asks_for_the_code_too_and_gives_a_new_session() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("approver").await;
    let (secret, _) = enrol(&app, "approver").await;
    let before = browser.session().unwrap();
    let fields = [("password", PASSWORD), ("next", "/decisions?x=1")];
    let answer = browser.post("/sign-in/again", &fields).await;
    let waiting = state(&answer);
    assert_eq!(browser.session().as_ref(), Some(&before));
    let answer = step(&mut browser, &waiting, &code(&app, &secret)).await;
    assert_eq!(answer.location(), "/decisions?x=1", "{answer:?}");
    assert_ne!(browser.session(), Some(before.clone()));
    assert!(browser.is_in().await && !Browser::with(&app, &before).is_in().await);
}

#[tokio::test]
async fn the_picture_of_a_secret_is_for_whose_it_is() {
    let app = TestApp::with_people().await;
    let mut browser = app.signed_in("approver").await;
    assert_eq!(browser.get("/account/second-factor.svg").await.status, 404);
    app.control.begin_second_factor(&app.call("approver").await).await.unwrap();
    let picture = browser.get("/account/second-factor.svg").await;
    assert_eq!((picture.status.as_u16(), picture.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(picture.header("cache-control"), "no-store");
    let mut admin = app.signed_in("admin").await;
    assert_eq!(admin.get("/account/second-factor.svg").await.status, 404);
}
