//! Every page, alive and plain.

use super::cast::Cast;
use super::{Row, knock, same};

/// What everybody gets. `in`: sent to sign in.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    //  nobody owner other approver author auditor keeper suspended elsewhere
    ("GET /", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /decisions", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /decisions?text=goal&after={cursor}", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /decisions/{decision}", "",
        "in     200   404   200      200    200     200    in        404"),
    ("GET /requests/new", "",
        "in     200   200   200      200    403     200    in        200"),
    ("GET /requests/new?form[template]={template}", "",
        "in     200   200   200      200    403     200    in        200"),
    ("GET /templates", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /templates/new?copy={template}", "",
        "in     403   403   403      200    403     200    in        404"),
    ("GET /templates/compare?a={template}&b={template}", "",
        "in     200   200   200      200    200     200    in        404"),
    ("GET /templates/{template}", "",
        "in     200   200   200      200    200     200    in        404"),
    ("GET /audit", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /audit?person=x&label=y&state=open&template=z&digest=0123456789&text=a&from=2026-01-01&until=2026-12-31", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /audit?from=yesterday", "",
        "in     422   422   422      422    422     422    in        422"),
    ("GET /verify", "",
        "200    200   200   200      200    200     200    200       200"),
    ("GET /decide?id={decision}&id=none", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /people", "",
        "in     403   403   200      200    200     200    in        200"),
    ("GET /people/{person}", "",
        "in     403   403   403      403    403     200    in        404"),
    ("GET /keys", "",
        "in     403   403   403      403    403     200    in        200"),
    ("GET /overview?days=90", "",
        "in     403   403   403      403    200     200    in        200"),
    ("GET /log", "",
        "in     403   403   403      403    200     200    in        200"),
    ("GET /settings", "",
        "in     403   403   403      403    403     200    in        200"),
    ("GET /account", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /join?token=x", "",
        "404    404   404   404      404    404     404    404       404"),
    ("GET /sign-in/code?state=x", "",
        "200    200   200   200      200    200     200    200       200"),
    ("GET /sign-in/again", "",
        "in     200   200   200      200    200     200    in        200"),
    ("GET /signed-out", "",
        "200    200   200   200      200    200     200    200       200"),
    // Only in the demo, and this is none.
    ("GET /styleguide", "",
        "404    404   404   404      404    404     404    404       404"),
    ("GET /sign-in", "",
        "200    200   200   200      200    200     200    200       200"),
    ("GET /set-up?token=x", "",
        "200    200   200   200      200    200     200    200       200"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_answers_everybody_as_promised() {
    let mut cast = Cast::assembled().await;
    let knocked = knock(&mut cast, TABLE).await;
    let pages = [cast.app.web.pages.clone(), cast.app.web.plain_pages.clone()];
    let served =
        pages.iter().flat_map(|pages| pages.iter().map(|page| format!("GET {}", page.path()))).collect();
    same(&knocked, &served);
}
