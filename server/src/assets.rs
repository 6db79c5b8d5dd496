//! What the browser loads, from inside this binary: the script, the wasm and the style sheet under `/pkg/<hash>/`,
//! and the files of `public/` at the root. Refuses to read the disk at run time, so that one file is all there is to deploy.

use std::borrow::Cow;
use std::fmt::Write as _;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// The name in the path changes with the content, so a copy is good for as long as anyone keeps it.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// The name stays while the content may change.
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// Where the page finds its script, such as `pkg/0123456789abcdef`; just `pkg` where no site was embedded.
pub fn site_pkg_dir() -> String {
    pkg_dir_of(Site::iter()).unwrap_or_else(|| "pkg".to_owned())
}

/// Everything embedded. What is not there answers 404.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let packaged = |Path(path): Path<String>, headers: HeaderMap| async move {
        serve(&format!("pkg/{path}"), &headers, FOREVER)
    };
    let mut router = Router::new().route("/pkg/{*path}", get(packaged));
    for name in Site::iter().filter(|name| is_public(name)) {
        let path = format!("/{name}");
        let public = move |headers: HeaderMap| async move { serve(&name, &headers, FOR_AN_HOUR) };
        router = router.route(&path, get(public));
    }
    router
}

fn pkg_dir_of(mut names: impl Iterator<Item = Cow<'static, str>>) -> Option<String> {
    names.find_map(|name| {
        let (folder, file) = name.strip_prefix("pkg/")?.split_once('/')?;
        (file == "nexus-control.wasm").then(|| format!("pkg/{folder}"))
    })
}

/// The compressed copies are answers to the plain name, never addresses of their own.
fn is_public(name: &str) -> bool {
    !name.starts_with("pkg/") && !is_compressed_copy(name) && !name.contains(['{', '}', '*'])
}

fn is_compressed_copy(name: &str) -> bool {
    matches!(name.rsplit_once('.'), Some((_, "br" | "gz")))
}

fn serve(name: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    if is_compressed_copy(name) {
        return not_found();
    }
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let packed = preferred(accepted).iter().find_map(|encoding| {
        let copy = Site::get(&format!("{name}{}", encoding.suffix()))?;
        Some((copy, Some(encoding.name())))
    });
    let Some((file, encoding)) = packed.or_else(|| Some((Site::get(name)?, None))) else {
        return not_found();
    };
    // Of the bytes sent: two encodings of one file must not share a strong tag.
    let tag = tag_of(&file.metadata.sha256_hash());
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let head: [(HeaderName, Cow<'static, str>); 4] = [
        (ETAG, tag.clone().into()),
        (CACHE_CONTROL, cache.into()),
        (VARY, "accept-encoding".into()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
    ];
    let head = head.map(|(name, value)| (name, value.into_owned()));
    if matches_tag(known, &tag) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let mut response = (head, [(CONTENT_TYPE, content_type(name))], file.data.into_owned()).into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(CONTENT_ENCODING, axum::http::HeaderValue::from_static(encoding));
    }
    response
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (CACHE_CONTROL, "no-store")])
        .into_response()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// What the client takes, best first; brotli wins a tie because it is smaller. What is not named is not sent.
fn preferred(accepted: &str) -> Vec<Encoding> {
    let mut weighed: Vec<(u16, Encoding)> = [Encoding::Brotli, Encoding::Gzip]
        .into_iter()
        .map(|encoding| (weight(accepted, encoding.name()), encoding))
        .filter(|(weight, _)| *weight > 0)
        .collect();
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighed.into_iter().map(|(_, encoding)| encoding).collect()
}

/// The q value in thousandths; `*` speaks for whatever is not named.
fn weight(accepted: &str, encoding: &str) -> u16 {
    let mut of_any = 0;
    for item in accepted.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let q = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let q = q.map_or(1000, thousandths);
        if name.eq_ignore_ascii_case(encoding) {
            return q;
        }
        if name == "*" {
            of_any = q;
        }
    }
    of_any
}

/// `1`, `0.5` or `0.125`; whatever is not a number in that form counts as refused.
fn thousandths(q: &str) -> u16 {
    let (whole, fraction) = q.trim().split_once('.').unwrap_or((q.trim(), ""));
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u16>(), padded.parse::<u16>()) {
        (Ok(0), Ok(fraction)) => fraction,
        (Ok(1), Ok(_)) => 1000,
        _ => 0,
    }
}

fn tag_of(digest: &[u8; 32]) -> String {
    let mut tag = String::from("\"");
    for byte in digest.iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn matches_tag(known: &str, tag: &str) -> bool {
    known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "wasm" => "application/wasm",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[test]
    fn brotli_wins_a_tie_and_weights_win_over_it() {
        assert_eq!(preferred("gzip, deflate, br, zstd"), [Encoding::Brotli, Encoding::Gzip]);
        assert_eq!(preferred("br;q=0.5, gzip;q=0.8"), [Encoding::Gzip, Encoding::Brotli]);
        assert_eq!(preferred("gzip;q=1.0, br;q=0"), [Encoding::Gzip]);
        assert_eq!(preferred("*;q=0.1, br;q=0"), [Encoding::Gzip]);
        assert_eq!(preferred("GZIP"), [Encoding::Gzip]);
        assert!(preferred("").is_empty());
        assert!(preferred("identity").is_empty());
        assert!(preferred("br;q=nonsense").is_empty());
    }

    #[test]
    fn a_tag_matches_itself_in_a_list() {
        assert!(matches_tag("\"a\", W/\"b\"", "\"b\""));
        assert!(matches_tag("*", "\"b\""));
        assert!(!matches_tag("", "\"b\""));
    }

    #[test]
    fn the_package_folder_is_found_by_its_module() {
        let names = ["favicon.svg", "pkg/00ff/nexus-control.js", "pkg/00ff/nexus-control.wasm"];
        assert_eq!(pkg_dir_of(names.into_iter().map(Cow::Borrowed)).unwrap(), "pkg/00ff");
        assert!(pkg_dir_of(std::iter::empty()).is_none());
    }

    #[test]
    fn copies_are_no_addresses() {
        assert!(is_public("robots.txt"));
        assert!(!is_public("robots.txt.gz"));
        assert!(!is_public("pkg/00ff/nexus-control.js"));
    }

    async fn ask(path: &str, headers: &[(HeaderName, &str)]) -> Response {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        routes::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_not_embedded_is_not_found() {
        for path in ["/pkg/none.js", "/none.txt", "/pkg/../Cargo.toml", "/pkg/none/nexus-control.wasm.br"] {
            assert_eq!(ask(path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    /// On a tree whose site was never built there is nothing to ask for, and the case above is all that holds.
    #[tokio::test]
    async fn every_packaged_file_is_served_compressed_and_forever() {
        for name in Site::iter().filter(|name| name.starts_with("pkg/") && !is_compressed_copy(name)) {
            let path = format!("/{name}");
            let plain = ask(&path, &[]).await;
            assert_eq!(plain.status(), StatusCode::OK);
            assert_eq!(plain.headers()[CACHE_CONTROL], FOREVER);
            assert_eq!(plain.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_ne!(plain.headers()[CONTENT_TYPE], "application/octet-stream");
            assert!(!plain.headers().contains_key(CONTENT_ENCODING));
            let tag = plain.headers()[ETAG].to_str().unwrap().to_owned();
            assert_eq!(ask(&path, &[(IF_NONE_MATCH, &tag)]).await.status(), StatusCode::NOT_MODIFIED);
            if Site::get(&format!("{name}.br")).is_some() {
                let packed = ask(&path, &[(ACCEPT_ENCODING, "gzip, br")]).await;
                assert_eq!(packed.headers()[CONTENT_ENCODING], "br");
                assert_eq!(packed.headers()[CONTENT_TYPE], plain.headers()[CONTENT_TYPE]);
                assert_ne!(packed.headers()[ETAG], plain.headers()[ETAG]);
                assert_eq!(ask(&format!("{path}.br"), &[]).await.status(), StatusCode::NOT_FOUND);
            }
        }
    }
}
