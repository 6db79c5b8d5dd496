//! An endpoint on a real socket that answers, or misbehaves, as a test says; and a router that asks it.

use control::{Clock, Live, Router, RunReport, RunRequest, SystemClock};
use governance::json::{self, object};
use governance::{RunId, Value};
use routers::http::Secrets;
use routers::{HttpConfig, HttpRouter};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// `0123456789abcdefghijklmn` and `ABCDEFGHIJKLMNOPQRSTUVWX`.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u";
pub const OLD_SECRET: &str = "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldY";

/// What the endpoint does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, further header lines, body. `RUN` in the body stands for the request's run id.
    Says(u16, &'static str, String),
    /// Closes the connection without a word.
    HangsUp,
    /// Promises more than it sends, and closes.
    HalfAnAnswer,
    /// Never stops sending.
    Endless,
    /// Says nothing until the other side closes.
    Silence,
}

pub fn completed(steps: u32) -> Reply {
    Reply::Says(200, "", format!(r#"{{"run_id":"RUN","status":"completed","steps_executed":{steps}}}"#))
}

pub fn says(body: &str) -> Reply {
    Reply::Says(200, "", body.to_owned())
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub line: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Seen {
    pub fn json(&self) -> Value {
        json::parse(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Book {
    seen: Mutex<Vec<Seen>>,
    connections: AtomicU32,
    left: AtomicU32,
}

/// The endpoint. Its first request gets the first reply; the last reply is for all that follow.
pub struct Endpoint {
    pub port: u16,
    book: Arc<Book>,
}

impl Endpoint {
    pub async fn start(replies: Vec<Reply>) -> Self {
        Self::serve(TcpListener::bind("127.0.0.1:0").await.unwrap(), replies, None)
    }

    pub async fn with_tls(replies: Vec<Reply>, acceptor: TlsAcceptor) -> Self {
        Self::serve(TcpListener::bind("127.0.0.1:0").await.unwrap(), replies, Some(acceptor))
    }

    pub fn serve(listener: TcpListener, replies: Vec<Reply>, acceptor: Option<TlsAcceptor>) -> Self {
        let port = listener.local_addr().unwrap().port();
        let book = Arc::new(Book::default());
        let told = book.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                told.connections.fetch_add(1, Ordering::SeqCst);
                let (book, replies, acceptor) = (told.clone(), replies.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => answer(stream, &replies, &book).await,
                        Some(acceptor) => match acceptor.accept(stream).await {
                            Ok(stream) => answer(stream, &replies, &book).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Self { port, book }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.book.seen.lock().unwrap().clone()
    }

    pub fn connections(&self) -> u32 {
        self.book.connections.load(Ordering::SeqCst)
    }

    /// Waits until somebody who got silence has gone away.
    pub async fn left(&self) {
        while self.book.left.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// A declaration of this endpoint, without TLS.
    pub fn config(&self, more: &str) -> HttpConfig {
        config(&format!("http://127.0.0.1:{}/run?token=t0ken", self.port), more)
    }

    pub fn router(&self, more: &str) -> HttpRouter {
        HttpRouter::new(self.config(more), clock()).unwrap()
    }

    /// One run through it.
    pub async fn run(&self, more: &str) -> RunReport {
        self.router(more).run(&request(), &Live::default()).await
    }
}

/// Reads one request and does what the script says. `None` where the other side went away before.
async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    replies: &[Reply],
    book: &Book,
) -> Option<()> {
    let seen = read(&mut stream).await?;
    let run_id = seen.json().get("run_id").and_then(Value::as_str).unwrap().to_owned();
    let number = {
        let mut all = book.seen.lock().unwrap();
        all.push(seen);
        all.len() - 1
    };
    let reply = replies.get(number).or(replies.last()).unwrap();
    match reply {
        Reply::Says(status, headers, body) => {
            let body = body.replace("RUN", &run_id);
            let length = body.len();
            let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n{headers}\r\n");
            stream.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
        }
        Reply::HangsUp => {}
        Reply::HalfAnAnswer => {
            let half = "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{\"run_id\":";
            stream.write_all(half.as_bytes()).await.ok()?;
        }
        Reply::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.ok()?;
            let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
            while stream.write_all(chunk.as_bytes()).await.is_ok() {}
        }
        Reply::Silence => {
            let _ = stream.read(&mut [0; 16]).await;
            book.left.fetch_add(1, Ordering::SeqCst);
        }
    }
    stream.shutdown().await.ok()
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: BTreeMap<String, String> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Seen { line, headers, body: String::from_utf8(bytes[end + 4..].to_vec()).unwrap() })
}

/// A declaration with its secrets. `more` is TOML and wins over nothing: it only adds.
pub fn config(url: &str, more: &str) -> HttpConfig {
    let opened = if more.contains("allow_private") { "" } else { "allow_private = [\"127.0.0.0/8\"]\n" };
    let text = format!("name = \"keys\"\nurl = \"{url}\"\ncapabilities = [\"rotate\"]\n{opened}{more}");
    let mut config: HttpConfig = toml::from_str(&text).unwrap();
    config.secrets = Secrets::parse(&format!("{SECRET} {OLD_SECRET}")).unwrap();
    config
}

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

pub fn request() -> RunRequest {
    RunRequest {
        run_id: RunId::new("run_7").unwrap(),
        adapter_id: "http:keys".to_owned(),
        goal: "Rotate the keys".to_owned(),
        plan: Some("{\"key\":\"checkout\"}".to_owned()),
        dry_run: false,
        max_steps: Some(4),
        request: object([("goal", "Rotate the keys".into())]),
        started_at: clock().now(),
    }
}

/// Code and words of a run that failed.
pub fn error(report: &RunReport) -> (&str, &str) {
    let (code, words) = report.error.as_ref().unwrap();
    (code, words)
}
