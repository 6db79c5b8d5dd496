//! Every door beside the pages and their functions; those of the machines are in `machines`.

use super::cast::Cast;
use super::{Row, knock, machines, same};
use axum::http::Method;
use control::KeyScope;

/// What everybody gets. `in`: sent to sign in.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    //  nobody owner other approver author auditor keeper suspended elsewhere
    // The sixth wrong password has to wait, whoever sends it.
    ("POST /sign-in", "email=x&password=wrong",
        "in     in    in    in       in     429     429    429       429"),
    ("POST /sign-in/code", "state=x&code=000000",
        "in     in    in    in       in     in      in     in        in"),
    ("POST /sign-in/again", "password=wrong",
        "in     in    in    in       in     in      in     in        in"),
    ("GET /sign-in/oidc/{name}", "",
        "in     in    in    in       in     in      in     in        in"),
    ("GET /sign-in/oidc/{name}?purpose=link", "",
        "in     in    in    in       in     in      in     in        in"),
    ("GET /sign-in/oidc/{name}?purpose=again", "",
        "in     in    in    in       in     in      in     in        in"),
    ("GET /sign-in/oidc/{name}/callback?state=x&code=x", "",
        "in     in    in    in       in     in      in     in        in"),
    ("POST /sign-in/oidc/{name}/back-channel-logout", "logout_token=x",
        "400    400   400   400      400    400     400    400       400"),
    ("POST /sign-out", "",
        "in     in    in    in       in     in      in     in        in"),
    ("POST /set-up", "token=x&workspace=x&name=x&email=x%40x.example&password=long+enough+password",
        "303    303   303   303      303    303     303    303       303"),
    ("POST /join", "token=x&name=x&password=long+enough+password",
        "303    303   303   303      303    303     303    303       303"),
    ("POST /join/signed-in", "token=x",
        "303    303   303   303      303    303     303    303       303"),
    ("POST /demo-sign-in", "actor_id=zebra_owner%40test.example",
        "404    404   404   404      404    404     404    404       404"),
    ("POST /workspace", "id={workspace}",
        "401    303   303   303      303    303     303    401       404"),
    ("POST /workspace", "id=wsp_elsewhere",
        "401    404   404   404      404    404     404    401       303"),
    ("POST /log/export", "",
        "401    403   403   403      403    200     200    401       200"),
    ("GET /live", "",
        "401    200   200   200      200    200     200    401       200"),
    ("GET /live?decision={decision}", "",
        "401    200   404   200      200    200     200    401       404"),
    ("GET /account/second-factor.svg", "",
        "401    404   404   404      404    404     404    401       404"),
    ("GET /audit/decisions.zip", "",
        "401    200   200   200      200    200     200    401       200"),
    ("GET /audit/decisions.zip?digest=00", "",
        "401    200   200   422      422    422     422    401       422"),
    ("GET /decisions/{decision}/bundle.json", "",
        "401    200   404   200      200    200     200    401       404"),
    ("GET /decisions/{decision}/package.json?mode=reference", "",
        "401    409   404   409      409    409     409    401       404"),
    ("GET /decisions/{decision}/package.txt", "",
        "401    409   404   409      409    409     409    401       404"),
];

/// What keys get: with the scope to request, execute, read, export, evaluate; and with all of them elsewhere.
#[rustfmt::skip]
const KEYS: &[Row] = &[
    //  request execute read export evaluate elsewhere
    ("POST /workspace", "id={workspace}",
        "401     401     401  401    401      401"),
    ("POST /workspace", "id=wsp_elsewhere",
        "401     401     401  401    401      401"),
    ("POST /log/export", "",
        "401     401     401  401    401      401"),
    ("GET /live", "",
        "401     401     401  401    401      401"),
    ("GET /live?decision={decision}", "",
        "401     401     401  401    401      401"),
    ("GET /account/second-factor.svg", "",
        "401     401     401  401    401      401"),
    ("GET /audit/decisions.zip", "",
        "401     401     401  401    401      401"),
    ("GET /decisions/{decision}/bundle.json", "",
        "404     403     403  200    404      404"),
    ("GET /decisions/{decision}/package.json?mode=reference", "",
        "404     403     403  409    404      404"),
    ("GET /decisions/{decision}/package.txt", "",
        "404     403     403  409    404      404"),
    ("GET /", "",
        "in      in      in   in     in       in"),
    ("GET /decisions/{decision}", "",
        "in      in      in   in     in       in"),
    ("GET /decisions/none.json", "",
        "in      in      in   in     in       in"),
    ("GET /keys", "",
        "in      in      in   in     in       in"),
    ("POST /api/load", "{\"ask\":{\"Me\":\"/\"}}",
        "401     401     401  401    401      401"),
    ("POST /api/create_key", "name=x&scopes[0]=read",
        "401     401     401  401    401      401"),
    ("POST /api/approve", "id={decision}&expected_version={version}",
        "401     401     401  401    401      401"),
];

const SCOPES: [&str; 6] = ["request", "execute", "read", "export", "evaluate", "elsewhere"];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_door_answers_everybody_as_promised() {
    let mut cast = Cast::assembled().await;
    let mut knocked = knock(&mut cast, TABLE).await;
    knocked.extend(knock(&mut cast, machines::TABLE).await);
    let served = server::web::doors().iter().map(|(method, path)| format!("{method} {path}")).collect();
    same(&knocked, &served);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_opens_what_its_scopes_say_and_no_other_door() {
    let cast = Cast::assembled().await;
    let mut wrong = Vec::new();
    for (door, body, expected) in KEYS.iter().chain(machines::KEYS) {
        let (method, address) = door.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let mut got = Vec::new();
        for key in SCOPES {
            got.push(cast.knock_with(key, &method, address.trim(), body).await);
        }
        if got != expected.split_whitespace().collect::<Vec<_>>() {
            wrong.push(format!("{door} {body}\n  expected {expected}\n  got      {}", got.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "keys: {SCOPES:?}\n{}", wrong.join("\n"));
    let of_machines = KeyScope::ALL.into_iter().filter(|scope| scope.is_for(false));
    assert_eq!(of_machines.map(KeyScope::as_str).collect::<Vec<_>>(), SCOPES[..5]);
}
