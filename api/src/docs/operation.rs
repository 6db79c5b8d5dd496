//! One operation of the OpenAPI document as a part of the page: what it takes, what it answers, and a call to copy.

use super::page::{escaped, line, paragraphs};
use super::schema::{members, row, type_of};
use serde_json::Value;
use std::fmt::Write as _;

/// An operation, and where it stands in the document.
pub struct Operation<'a> {
    /// Its address.
    pub path: &'a str,
    /// `get` or `post`.
    pub method: &'a str,
    /// The rest of it.
    pub value: &'a Value,
}

impl Operation<'_> {
    /// Its name in programs; the anchor on the page.
    pub fn id(&self) -> &str {
        self.text("operationId")
    }

    /// What it is for, in a few words.
    pub fn summary(&self) -> &str {
        self.text("summary")
    }

    /// The heading that it stands under.
    pub fn tag(&self) -> &str {
        self.value.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default()
    }

    /// `GET /api/v1/me`, with the method as a label.
    pub fn line(&self) -> String {
        let method = escaped(self.method);
        let word = method.to_uppercase();
        format!("<span class=\"method {method}\">{word}</span> <code>{}</code>", escaped(self.path))
    }

    /// All of it. `server` is where it is reached.
    pub fn article(&self, document: &Value, server: &str) -> String {
        let mut html = format!(
            "<article id=\"{}\">\n<h3>{}</h3>\n<p><strong>{}</strong></p>\n{}",
            escaped(self.id()),
            self.line(),
            line(self.summary()),
            paragraphs(self.text("description"))
        );
        if !self.is_signed_in(document) {
            html.push_str("<p class=\"quiet\">Anybody may ask; no key is needed.</p>\n");
        }
        self.parameters(document, &mut html);
        self.body(document, &mut html);
        self.answers(document, &mut html);
        let call = escaped(&self.call(document, server));
        let _ =
            writeln!(html, "<details><summary>A call</summary>\n<pre tabindex=\"0\">{call}</pre></details>");
        html.push_str("</article>\n");
        html
    }

    fn text(&self, name: &str) -> &str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn is_signed_in(&self, document: &Value) -> bool {
        let security = self.value.get("security").or_else(|| document.get("security"));
        security.and_then(Value::as_array).is_some_and(|ways| {
            let none = |way: &Value| way.as_object().is_some_and(serde_json::Map::is_empty);
            !ways.is_empty() && !ways.iter().any(none)
        })
    }

    fn parameters(&self, document: &Value, html: &mut String) {
        let Some(parameters) = self.value.get("parameters").and_then(Value::as_array) else { return };
        if parameters.is_empty() {
            return;
        }
        html.push_str(
            "<h4>Parameters</h4>\n<div class=\"scroll\"><table>\n\
             <thead><tr><th>name</th><th>type</th><th>meaning</th></tr></thead>\n<tbody>\n",
        );
        for parameter in parameters.iter().map(|parameter| resolved(document, parameter)) {
            let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
            let need = match parameter.get("required").and_then(Value::as_bool) {
                Some(true) => "",
                _ => ", may be left out",
            };
            let note = format!(" <span class=\"quiet\">{}{need}</span>", escaped(text("in")));
            let mut schema = parameter.get("schema").cloned().unwrap_or_default();
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".to_owned(), text("description").into());
            }
            row(html, text("name"), &note, &schema);
        }
        html.push_str("</tbody></table></div>\n");
    }

    fn body(&self, document: &Value, html: &mut String) {
        let Some(schema) = self.json("/requestBody/content").and_then(|json| json.get("schema")) else {
            return;
        };
        let _ = writeln!(html, "<h4>Body: {}</h4>", type_of(schema));
        html.push_str(&members(resolved(document, schema)));
    }

    fn answers(&self, document: &Value, html: &mut String) {
        let Some(answers) = self.value.get("responses").and_then(Value::as_object) else { return };
        html.push_str("<h4>Answers</h4>\n<div class=\"scroll\"><table>\n");
        html.push_str("<thead><tr><th>status</th><th>body</th><th>when</th></tr></thead>\n<tbody>\n");
        for (status, answer) in answers {
            let answer = resolved(document, answer);
            let content = answer.get("content").and_then(Value::as_object);
            let bodies = content.into_iter().flatten().map(|(kind, body)| match body.get("schema") {
                Some(schema) => type_of(schema),
                None => escaped(kind),
            });
            let bodies = bodies.collect::<Vec<_>>().join(", ");
            let words = answer.get("description").and_then(Value::as_str).unwrap_or_default();
            let _ = writeln!(
                html,
                "<tr><th scope=\"row\">{}</th><td>{bodies}</td><td>{}</td></tr>",
                escaped(status),
                line(words)
            );
        }
        html.push_str("</tbody></table></div>\n");
    }

    /// A call for the shell.
    fn call(&self, document: &Value, server: &str) -> String {
        let mut call = String::from("curl");
        if self.method != "get" {
            let _ = write!(call, " -X {}", self.method.to_uppercase());
        }
        let _ = write!(call, " '{server}{}'", self.path);
        if self.is_signed_in(document) {
            call.push_str(" \\\n  -H \"Authorization: Bearer $NEXUS_KEY\"");
        }
        if let Some(json) = self.json("/requestBody/content") {
            call.push_str(" \\\n  -H 'Content-Type: application/json'");
            let example = example(json).or_else(|| example(resolved(document, json.get("schema")?)));
            let example = example.map_or_else(|| "{}".to_owned(), Value::to_string);
            // The one character that ends a word in quotes.
            let _ = write!(call, " \\\n  -d '{}'", example.replace('\'', "'\\''"));
        }
        call
    }

    fn json(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)?.get("application/json")
    }
}

fn example(of: &Value) -> Option<&Value> {
    let named = || of.get("examples")?.as_object()?.values().find_map(|example| example.get("value"));
    let listed = || of.get("examples")?.as_array()?.first();
    of.get("example").or_else(named).or_else(listed)
}

/// The part of the document itself, where it is only named.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let path = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
    path.and_then(|path| document.pointer(path)).unwrap_or(schema)
}
