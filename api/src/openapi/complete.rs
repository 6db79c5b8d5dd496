//! What is true of every door alike, added to the document in one place: how one says who one is, the problems that any
//! call can meet, the headers of every answer, the key that makes a call safe to repeat, and the true bounds of integers.

use serde_json::{Map, Value, json};

type Members = Map<String, Value>;

/// The largest integer that every program reads exactly: 2^53 - 1.
const LARGEST: i64 = (1 << 53) - 1;

/// Problems by status: name in the document, and when they come.
const PROBLEMS: [(&str, &str, &str); 11] = [
    ("400", "Unreadable", "The body is no JSON that everybody reads alike."),
    (
        "401",
        "Unauthenticated",
        "The call says nothing about who makes it, or its key is wrong, revoked or expired.",
    ),
    ("403", "Forbidden", "The caller may not do this."),
    ("404", "NotFound", "There is no such thing here, or the caller may not know of it."),
    (
        "409",
        "Conflict",
        "What is there now says no: it changed, is blocked or taken, or the `Idempotency-Key` is.",
    ),
    ("413", "TooLarge", "The body has more than 2 MiB."),
    ("415", "WrongContentType", "The body is not sent as `application/json`."),
    ("422", "Invalid", "What was sent says no: a member or parameter is unknown, missing or makes no sense."),
    ("429", "TooManyCalls", "Too many calls; `Retry-After` says how long to wait."),
    ("500", "Fault", "Something broke on the server; `trace_id` is what its log knows it by."),
    ("503", "Unavailable", "The server took too long, or is stopping."),
];

/// Adds it all.
pub fn complete(document: &mut Value) {
    bound(document);
    name_parts(document);
    let examples = examples(document);
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, methods) in paths {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                self::operation(path, method, operation, &examples);
            }
        }
    }
}

fn operation(path: &str, method: &str, operation: &mut Members, examples: &Members) {
    let changes = method == "post";
    let has_query = operation
        .get("parameters")
        .and_then(Value::as_array)
        .is_some_and(|all| all.iter().any(|one| one.get("in").is_some_and(|place| place == "query")));
    let named = |word: &str| path.contains(word);
    if changes {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
        }
    }
    if let Some(content) = operation.get_mut("requestBody").and_then(|body| body.get_mut("content")) {
        give_example(content, examples);
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, name, _) in PROBLEMS {
        let can_come = match status {
            "404" => named("{") || changes,
            "409" | "400" | "413" | "415" => changes,
            "422" => changes || has_query,
            _ => true,
        };
        if can_come && !responses.contains_key(status) {
            let reference = format!("#/components/responses/{name}");
            responses.insert(status.to_owned(), json!({ "$ref": reference }));
        }
    }
    for response in responses.values_mut().filter_map(Value::as_object_mut) {
        if response.contains_key("$ref") {
            continue;
        }
        if let Some(content) = response.get_mut("content") {
            give_example(content, examples);
        }
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        add_headers(headers, changes);
    }
}

/// The headers of every answer.
fn add_headers(headers: &mut Value, repeatable: bool) {
    let Some(headers) = headers.as_object_mut() else { return };
    let mut add = |header: &str, name: &str| {
        let reference = format!("#/components/headers/{name}");
        headers.insert(header.to_owned(), json!({ "$ref": reference }));
    };
    add("RateLimit-Limit", "RateLimitLimit");
    add("RateLimit-Remaining", "RateLimitRemaining");
    add("RateLimit-Reset", "RateLimitReset");
    if repeatable {
        add("Idempotency-Replayed", "IdempotencyReplayed");
    }
}

/// Where the content is of a schema that has an example, that example.
fn give_example(content: &mut Value, examples: &Members) {
    for media in content.as_object_mut().into_iter().flat_map(Members::values_mut) {
        let schema = media.pointer("/schema/$ref").and_then(Value::as_str);
        let name = schema.and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
        if let (Some(example), Some(media)) = (examples.get(name), media.as_object_mut()) {
            media.entry("example").or_insert_with(|| example.clone());
        }
    }
}

/// Real answers, by the name of their schema.
const ANSWERS: &str = include_str!("examples.json");

/// Examples by the name of their schema: of answers real ones, of what is sent those that stand with the type.
fn examples(document: &Value) -> Members {
    let mut examples: Members = serde_json::from_str(ANSWERS).unwrap_or_default();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let example = |schema: &Value| schema.get("example").or_else(|| schema.pointer("/examples/0")).cloned();
    let of_types = schemas.into_iter().flatten();
    examples.extend(of_types.filter_map(|(name, schema)| Some((name.clone(), example(schema)?))));
    examples
}

/// Parts that operations refer to.
fn name_parts(document: &mut Value) {
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else { return };
    let whole = |text: &str| json!({ "description": text, "schema": { "type": "integer", "minimum": 0 } });
    let rates = [
        ("RateLimitLimit", "Most calls at once."),
        ("RateLimitRemaining", "Calls that may come now."),
        ("RateLimitReset", "Seconds until all of them may."),
    ];
    let mut headers: Members = rates.iter().map(|(name, text)| ((*name).to_owned(), whole(text))).collect();
    headers.insert("RetryAfter".to_owned(), whole("Seconds to wait before another attempt."));
    let replayed = "`true` where this is the answer of an earlier call with the same `Idempotency-Key`.";
    let replayed = json!({ "description": replayed, "schema": { "type": "string", "const": "true" } });
    headers.insert("IdempotencyReplayed".to_owned(), replayed);
    components.insert("headers".to_owned(), Value::Object(headers));
    components.insert("responses".to_owned(), Value::Object(PROBLEMS.iter().map(problem).collect()));
    components.insert(
        "parameters".to_owned(),
        json!({ "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Makes the call safe to repeat: the same key with the same call gets the answer of the first, \
                for 30 days. Choose a new one, such as a UUID, for every new call.",
            // Spaces around a header's value are no part of it (RFC 9110, 5.5).
            "schema": { "type": "string", "pattern": "^[ \\t]*[!-~]{1,255}[ \\t]*$" },
        }}),
    );
    components.insert(
        "securitySchemes".to_owned(),
        json!({
            "key": { "type": "http", "scheme": "bearer", "bearerFormat": "nxc_…",
                "description": "An API key or a personal token." },
            "session": { "type": "apiKey", "in": "cookie", "name": "__Host-nexus-session",
                "description": "Somebody who signed in to the pages. Without TLS the cookie is called `nexus-session`." },
        }),
    );
}

fn problem((status, name, text): &(&str, &str, &str)) -> (String, Value) {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    let mut headers = json!({});
    add_headers(&mut headers, false);
    if let (Some(headers), "429") = (headers.as_object_mut(), *status) {
        headers.insert("Retry-After".to_owned(), json!({ "$ref": "#/components/headers/RetryAfter" }));
    }
    let content = json!({ "application/problem+json": { "schema": schema } });
    ((*name).to_owned(), json!({ "description": text, "headers": headers, "content": content }))
}

/// Gives integers the bounds that they really have: those of their type, or of what every program reads exactly.
fn bound(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let unsigned = members.get("minimum").and_then(Value::as_i64).is_some_and(|least| least >= 0);
            let bounds = match (members.get("format").and_then(Value::as_str), unsigned) {
                (Some("int32"), true) => Some((0, i64::from(u32::MAX))),
                (Some("int32"), false) => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
                (Some("int64"), true) => Some((0, LARGEST)),
                (Some("int64"), false) => Some((-LARGEST, LARGEST)),
                _ => None,
            };
            if let Some((least, most)) = bounds {
                members.entry("minimum").or_insert_with(|| least.into());
                members.entry("maximum").or_insert_with(|| most.into());
                if (least, members.get("format").and_then(Value::as_str)) == (0, Some("int32")) {
                    // The word means signed ones.
                    members.insert("format".to_owned(), "uint32".into());
                }
            }
            members.values_mut().for_each(bound);
        }
        Value::Array(items) => items.iter_mut().for_each(bound),
        _ => {}
    }
}
