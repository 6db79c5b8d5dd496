//! Server time of each page: the real router, asked without a network, from the request to the last byte of HTML. Each
//! page is asked in turn with one that needs no data (`/verify`), and stands as a ratio to it: what is left of the
//! machine is the same for both. Then the same with many times as many decisions.

use crate::report::{plain, rate, ratio};
use crate::scene::{PASSWORD, Scene};
use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, header};
use governance::decide::PolicyInput;
use server::config::Config;
use server::providers::Providers;
use server::web::{Web, router};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use store::{DecisionFilter, PageRequest};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// How often each page is asked; the middle time counts.
const REPEAT: usize = 41;
/// Rows of a list's page, and the page of a list that is far.
const ROWS: u32 = 50;
const FAR: u64 = 10_000;
/// A page that needs no data.
const STILL: &str = "/verify";

/// Server time of a page.
pub struct Timed {
    /// What the page is.
    pub what: &'static str,
    /// The middle of its times.
    pub time: Duration,
}

/// Prints the time of each page on this scene, which holds so many decisions.
pub async fn run(scene: &Scene, decisions: u64) -> Result<Vec<Timed>> {
    let browser = Browser::signed_in(scene).await?;
    let mut timed = Vec::new();
    for (what, path) in pages(scene, decisions).await? {
        let (mut ours, mut still) = (Vec::new(), Vec::new());
        for _ in 0..REPEAT {
            still.push(browser.time(STILL).await?);
            ours.push(browser.time(&path).await?);
        }
        let (time, base) = (middle(ours), middle(still));
        ratio(&format!("{what} / a page without data"), rate(1, time), rate(1, base), "-");
        plain("", &format!("{:.2} ms against {:.2} ms", millis(time), millis(base)));
        timed.push(Timed { what, time });
    }
    Ok(timed)
}

/// Prints how much slower the pages are with many decisions than with few.
pub fn compare(few: &[Timed], many: &[Timed]) {
    for (few, many) in few.iter().zip(many) {
        ratio(&format!("{}: few / many decisions", few.what), rate(1, many.time), rate(1, few.time), "-");
    }
}

/// What is asked, by name and address.
async fn pages(scene: &Scene, decisions: u64) -> Result<Vec<(&'static str, String)>> {
    let control = &scene.control;
    let mut page = PageRequest { after: None, limit: ROWS, oldest_first: false };
    let first = control.list(&scene.reader, DecisionFilter::default(), &page).await?;
    let newest = first.rows.first().context("there is a decision")?.id.clone();
    page.after = first.next;
    let mut number = 2;
    while number < FAR.min(decisions / u64::from(ROWS)) {
        let Some(next) = control.list(&scene.reader, DecisionFilter::default(), &page).await?.next else {
            break;
        };
        page.after = Some(next);
        number += 1;
    }
    control.create_template(&scene.reader, "standard", "Two approvers.", PolicyInput::default()).await?;
    Ok(vec![
        ("inbox", "/".to_owned()),
        ("decisions", "/decisions".to_owned()),
        ("decisions, far page", format!("/decisions?after={}", page.after.unwrap_or_default())),
        ("decision", format!("/decisions/{newest}")),
        ("templates", "/templates".to_owned()),
        ("audit search", "/audit?text=signing%20keys&state=pending_approval".to_owned()),
        ("overview", "/overview?days=365".to_owned()),
    ])
}

/// The real router, with somebody signed in.
struct Browser {
    router: Router,
    cookie: String,
}

impl Browser {
    async fn signed_in(scene: &Scene) -> Result<Self> {
        let config = Config::load(None, [])?;
        let providers = Providers::of(&config)?;
        let web = Web::new(scene.control.clone(), &config, providers, false, CancellationToken::new());
        let mut browser = Self { router: router(&web), cookie: String::new() };
        let form = format!("email={}&password={}", scene.reader.actor.id().replace('@', "%40"), PASSWORD);
        let request = browser.request("POST", "/sign-in");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = browser.router.clone().oneshot(request.body(Body::from(form))?).await?;
        browser.cookie = cookie(&answer).context("nobody was signed in")?;
        Ok(browser)
    }

    /// How long a page took, whole.
    async fn time(&self, path: &str) -> Result<Duration> {
        let request = self.request("GET", path).body(Body::empty())?;
        let started = Instant::now();
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await?;
        let time = started.elapsed();
        ensure!(status.is_success() && !body.is_empty(), "{path} answered {status}");
        Ok(time)
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))))
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin");
        if self.cookie.is_empty() { request } else { request.header(header::COOKIE, &self.cookie) }
    }
}

fn cookie(answer: &Response<Body>) -> Option<String> {
    let set = answer.headers().get_all(header::SET_COOKIE);
    let session =
        set.iter().filter_map(|value| value.to_str().ok()).find(|text| text.contains("nexus-session="));
    Some(session?.split(';').next()?.to_owned())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
