//! A plain page of this door's: its frame, its style sheet, and text made safe. No script: it works offline, under the
//! strictest policy, on paper and with a screen reader.

use crate::Api;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use std::fmt::Write as _;

/// Where the style sheet is.
pub const STYLE_PATH: &str = "/api/docs/style.css";

/// The dashboard's colours and sizes, and what these pages do with them.
const STYLE: &str = concat!(include_str!("../../../style/00-tokens.css"), include_str!("style.css"));

/// `GET /api/docs/style.css`.
pub async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// A page with this title around what is HTML already.
pub fn page(api: &Api, title: &str, body: &str) -> Response {
    let home = escaped(&api.public_url);
    let title = escaped(title);
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} · Nexus Control</title>\n<link rel=\"stylesheet\" href=\"{STYLE_PATH}\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the content</a>\n\
         <header><a href=\"{home}/\">Nexus Control</a> <a href=\"/api/docs\">API</a> \
         <a href=\"/api/v1/openapi.json\">OpenAPI</a></header>\n\
         <main id=\"main\">\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    );
    Html(text).into_response()
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// Text on one line as HTML, with what stands between backticks as code.
pub fn line(text: &str) -> String {
    let mut html = String::new();
    for (number, part) in text.split('`').enumerate() {
        let part = escaped(part);
        if number % 2 == 1 {
            html.push_str("<code>");
            html.push_str(&part);
            html.push_str("</code>");
        } else {
            html.push_str(&part);
        }
    }
    html
}

/// Text with empty lines between its paragraphs as HTML.
pub fn paragraphs(text: &str) -> String {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.fold(String::new(), |mut html, part| {
        // Writing to a String cannot fail.
        let _ = writeln!(html, "<p>{}</p>", line(&part.replace('\n', " ")));
        html
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_becomes_markup() {
        assert_eq!(escaped("<b a='1' c=\"2\">&"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
        assert_eq!(line("use `<key>` <now>"), "use <code>&lt;key&gt;</code> &lt;now&gt;");
        assert_eq!(paragraphs("one\nline\n\n\n\ntwo"), "<p>one line</p>\n<p>two</p>\n");
    }
}
