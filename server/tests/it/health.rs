//! What a load balancer asks.

use crate::app::TestApp;

#[tokio::test]
async fn it_is_alive_and_ready_until_it_stops() {
    let app = TestApp::empty().await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/healthz").await.body, "ok\n");
    assert_eq!(browser.get("/readyz").await.status, 200);
    app.stopping.cancel();
    assert_eq!(browser.get("/healthz").await.status, 200);
    let answer = browser.get("/readyz").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "NOT_READY"));
}

#[tokio::test]
async fn it_is_not_ready_without_its_database() {
    let app = TestApp::empty().await;
    app.control.store().close().await;
    let answer = app.browser().get("/readyz").await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(!answer.body.contains("sqlite"), "{answer:?}");
}
