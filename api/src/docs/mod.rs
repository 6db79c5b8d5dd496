//! `/api/docs`: the OpenAPI document as a page for people. Made from the document alone, so that the two never differ;
//! without any script (docs/adr/0019).

mod operation;
pub mod page;
mod schema;

use crate::{Api, Door, problems_page};
use axum::extract::State;
use axum::response::Response;
use operation::Operation;
use page::{escaped, paragraphs};
use serde_json::Value;
use std::fmt::Write as _;

pub(crate) fn doors() -> Vec<Door> {
    vec![Door::get("/api/docs", docs), Door::get(page::STYLE_PATH, page::style)]
}

async fn docs(State(api): State<Api>) -> Response {
    let document = crate::openapi::document();
    page::page(&api, "API", &body(document, &api.public_url))
}

/// What the document says, in the order in which it says it.
fn body(document: &Value, server: &str) -> String {
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let operations = operations(document);
    // As the document puts them, which is how one comes to need them.
    let listed = document.get("tags").and_then(Value::as_array).into_iter().flatten();
    let listed = listed.filter_map(|tag| tag.get("name")?.as_str());
    let mut tags: Vec<&str> = Vec::new();
    for tag in listed.chain(operations.iter().map(Operation::tag)) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let mut html = paragraphs(text("/info/description"));
    html.push_str("<nav aria-label=\"Operations\">\n<h2>Operations</h2>\n");
    for tag in &tags {
        let _ = writeln!(html, "<h3>{}</h3>\n<ul>", escaped(tag));
        for operation in operations.iter().filter(|operation| operation.tag() == *tag) {
            let (id, summary) = (escaped(operation.id()), page::line(operation.summary()));
            let _ = writeln!(html, "<li>{} <a href=\"#{id}\">{summary}</a></li>", operation.line());
        }
        html.push_str("</ul>\n");
    }
    html.push_str("<p><a href=\"#schemas\">Schemas</a> · <a href=\"#problems\">Problems</a></p>\n</nav>\n");
    for tag in &tags {
        let _ = writeln!(html, "<h2>{}</h2>\n{}", escaped(tag), paragraphs(words_of(document, tag)));
        for operation in operations.iter().filter(|operation| operation.tag() == *tag) {
            html.push_str(&operation.article(document, server));
        }
    }
    if let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object) {
        html.push_str(&schema::all(schemas));
    }
    html.push_str(&problems_page::list());
    html
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            let methods = methods.filter(|(_, value)| value.get("operationId").is_some());
            methods.map(move |(method, value)| Operation { path, method, value })
        })
        .collect()
}

fn words_of<'a>(document: &'a Value, tag: &str) -> &'a str {
    let mut tags = document.get("tags").and_then(Value::as_array).into_iter().flatten();
    let tag = tags.find(|one| one.get("name").and_then(Value::as_str) == Some(tag));
    tag.and_then(|tag| tag.get("description")).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_operation_of_the_document_is_on_the_page() {
        let document = crate::openapi::document();
        let html = body(document, "https://nexus.example");
        let operations = operations(document);
        assert!(operations.len() >= 10, "{}", operations.len());
        for operation in operations {
            assert!(html.contains(&format!("<article id=\"{}\">", operation.id())), "{}", operation.id());
            assert!(html.contains(&format!("<a href=\"#{}\">", operation.id())), "{}", operation.id());
        }
        assert!(!html.contains("<code></code>"), "something has no name");
        // Each link leads somewhere on the page.
        for link in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(html.contains(&format!("id=\"{link}\"")), "{link}");
        }
    }

    #[test]
    fn a_call_can_be_copied_to_a_shell() {
        let document = json!({
            "security": [{"key": []}],
            "paths": {"/api/v1/x": {"post": {
                "operationId": "x", "summary": "It's <x>", "tags": ["X"],
                "requestBody": {"content": {"application/json": {
                    "schema": {"type": "object"}, "example": {"goal": "don't"}}}},
                "responses": {"200": {"description": "done"}}
            }}}
        });
        let html = body(&document, "https://nexus.example");
        assert!(html.contains("curl -X POST &#39;https://nexus.example/api/v1/x&#39;"), "{html}");
        assert!(html.contains("Bearer $NEXUS_KEY"), "{html}");
        assert!(html.contains("don&#39;\\&#39;&#39;t"), "{html}");
        assert!(html.contains("It&#39;s &lt;x&gt;") && !html.contains("<x>"), "{html}");
    }
}
