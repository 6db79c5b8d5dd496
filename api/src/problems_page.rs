//! `/problems/{slug}`: where a problem's `type` leads. One short page for each code: what it means and what to do.

use crate::codes::{ALL, by_slug};
use crate::docs::page::{escaped, line, page};
use crate::{Api, Door, Problem};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use std::fmt::Write as _;

pub(crate) fn doors() -> Vec<Door> {
    vec![Door::get("/problems/{slug}", problem)]
}

async fn problem(State(api): State<Api>, Path(slug): Path<String>) -> Response {
    let Some(code) = by_slug(&slug) else { return Problem::not_found().into_response() };
    let body = format!(
        "<h2>What it means</h2>\n<p>{}</p>\n<h2>What to do</h2>\n<p>{}</p>\n\
         <p><a href=\"/api/docs#problems\">All problems</a></p>\n",
        line(code.meaning),
        line(code.remedy)
    );
    page(&api, code.code, &body)
}

/// All of them, for the page about the whole door.
pub fn list() -> String {
    let mut html = String::from("<h2 id=\"problems\">Problems</h2>\n<ul>\n");
    for code in &ALL {
        let (slug, word) = (wire::slug(code.code), escaped(code.code));
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<li><a href=\"/problems/{slug}\"><code>{word}</code></a> {}</li>",
            line(code.meaning)
        );
    }
    html.push_str("</ul>\n");
    html
}
