//! The OpenAPI document, made from the doors themselves, and committed as `api/openapi.json` so that a change of the
//! interface is seen in review. What is true of every door alike is added in [`complete`].

mod complete;

use crate::Door;
use crate::body::answer;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use std::sync::LazyLock;
use utoipa::OpenApi;

pub(crate) fn doors() -> Vec<Door> {
    vec![Door::get("/api/v1/openapi.json", openapi)]
}

async fn openapi() -> Response {
    answer(StatusCode::OK, document())
}

/// The document.
pub fn document() -> &'static Value {
    &DOCUMENT
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    // A struct of texts, numbers and maps by text always becomes JSON.
    let mut document = serde_json::to_value(Described::openapi()).unwrap_or_default();
    complete::complete(&mut document);
    document
});

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Nexus Control",
        description = "Approvals before actions, and the evidence of both.\n\n\
            Every call acts as the key, the personal token or the session that it carries, in that one workspace. Answers \
            are JSON; what did not work is a problem (RFC 9457) with a stable `code`. Times are RFC 3339 in UTC.\n\n\
            Bodies are read strictly: members that are not known, members that are there twice, and integers beyond 2^53 \
            are refused with words. Send `Idempotency-Key` with what must not be done twice, and repeat the call with the \
            same key when its answer was lost.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "This server.")),
    tags(
        (name = "Caller", description = "Who calls."),
        (name = "Decisions", description = "Asked for, approved, waited for."),
        (name = "Runs", description = "What was approved, carried out exactly once: by an adapter of the server, or by the caller."),
        (name = "Templates", description = "Named policies that never change."),
        (name = "Evidence", description = "Bundles and audit packages: taken away, brought in, verified."),
        (name = "Members", description = "People of the workspace."),
        (name = "Keys", description = "API keys of the workspace."),
    ),
    paths(
        crate::me::me,
        crate::decisions::list::list,
        crate::decisions::request::request,
        crate::decisions::read::one,
        crate::decisions::read::events,
        crate::decisions::act::approve,
        crate::decisions::act::revoke,
        crate::decisions::act::execute,
        crate::decisions::end::reject,
        crate::decisions::end::withdraw,
        crate::decisions::end::cancel,
        crate::wait::wait,
        crate::stream::decision::stream,
        crate::stream::news::stream,
        crate::runs::begin,
        crate::runs::one,
        crate::runs::progress,
        crate::runs::result,
        crate::templates::list,
        crate::templates::create,
        crate::templates::one,
        crate::evidence::bundle,
        crate::evidence::package,
        crate::evidence::import,
        crate::evidence::verify_document,
        crate::adapters::list,
        crate::members::list,
        crate::members::set_roles,
        crate::members::suspend,
        crate::members::restore,
        crate::keys::list,
        crate::keys::create,
        crate::keys::revoke,
    ),
    components(schemas(wire::Problem)),
    security(("key" = []), ("session" = []))
)]
struct Described;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_door_is_described_and_nothing_else() {
        let doors: BTreeSet<String> = crate::doors()
            .iter()
            .filter(|door| door.path.starts_with("/api/v1/") && door.path != "/api/v1/openapi.json")
            .map(|door| format!("{} {}", door.method, door.path))
            .collect();
        let mut described = BTreeSet::new();
        for (path, methods) in document()["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        assert_eq!(doors, described);
    }

    #[test]
    fn every_operation_says_what_it_is_and_how_it_can_end() {
        let mut ids = BTreeSet::new();
        for (path, methods) in document()["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let what = format!("{method} {path}");
                for member in ["summary", "description", "operationId"] {
                    assert!(
                        operation[member].as_str().is_some_and(|text| !text.is_empty()),
                        "{what}: {member}"
                    );
                }
                assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{what}");
                assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{what}");
                for status in ["401", "403", "429", "500", "503"] {
                    assert!(operation["responses"][status].is_object(), "{what}: {status}");
                }
                assert!(operation["responses"]["404"].is_object() || !path.contains('{'), "{what}");
                if method == "post" {
                    for status in ["400", "409", "413", "415", "422"] {
                        assert!(operation["responses"][status].is_object(), "{what}: {status}");
                    }
                }
            }
        }
    }

    /// `UPDATE_OPENAPI=1` writes the file anew.
    #[test]
    fn the_committed_document_is_fresh() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let now = format!("{:#}\n", document());
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(&file, &now).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == now, "api/openapi.json is old; run the tests of `api` with UPDATE_OPENAPI=1");
    }

    /// An example with a member that its schema does not know, or without one that it needs, would teach nonsense.
    fn fits(example: &Value, schema: &Value, what: &str) {
        if let Some(to) = schema["$ref"].as_str() {
            return fits(example, document().pointer(&to[1..]).unwrap(), what);
        }
        if let Some(parts) = schema["oneOf"].as_array() {
            let part = parts.iter().find(|part| part["type"] != "null").unwrap();
            if !example.is_null() {
                fits(example, part, what);
            }
            return;
        }
        if let Some(items) = example.as_array() {
            return items.iter().for_each(|item| fits(item, &schema["items"], what));
        }
        let Some(members) = example.as_object() else { return };
        let (mut known, mut needed) = (serde_json::Map::new(), Vec::new());
        let mut parts = vec![schema.clone()];
        while let Some(part) = parts.pop() {
            if let Some(to) = part["$ref"].as_str() {
                parts.push(document().pointer(&to[1..]).unwrap().clone());
            }
            parts.extend(part["allOf"].as_array().cloned().unwrap_or_default());
            known.extend(part["properties"].as_object().cloned().unwrap_or_default());
            needed.extend(part["required"].as_array().cloned().unwrap_or_default());
        }
        for name in needed {
            assert!(members.contains_key(name.as_str().unwrap()), "{what}: {name} is missing in {example}");
        }
        for (name, value) in members.iter().filter(|_| !known.is_empty()) {
            let member = known.get(name).unwrap_or_else(|| panic!("{what}: {name} is not known"));
            fits(value, member, &format!("{what}.{name}"));
        }
    }

    #[test]
    fn every_body_has_an_example_that_fits_it() {
        let mut seen = 0;
        let mut check = |content: &Value, what: &str| {
            let Some(media) = content.get("application/json") else { return };
            let example = media.get("example").or_else(|| media["schema"].get("example"));
            // What is evidence is shown by its own documentation.
            if media["schema"]["$ref"] == "#/components/schemas/Json" {
                return;
            }
            fits(example.unwrap_or_else(|| panic!("{what} has no example")), &media["schema"], what);
            seen += 1;
        };
        for methods in document()["paths"].as_object().unwrap().values() {
            for operation in methods.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                check(&operation["requestBody"]["content"], id);
                for response in operation["responses"].as_object().unwrap().values() {
                    check(&response["content"], id);
                }
            }
        }
        assert!(seen > 40, "{seen}");
    }

    /// Each reference leads somewhere in the document.
    #[test]
    fn no_reference_leads_nowhere() {
        fn walk(value: &Value) {
            match value {
                Value::Object(members) => {
                    if let Some(Value::String(to)) = members.get("$ref") {
                        let pointer = to.strip_prefix('#').unwrap();
                        assert!(document().pointer(pointer).is_some(), "{to}");
                    }
                    members.values().for_each(walk);
                }
                Value::Array(items) => items.iter().for_each(walk),
                _ => {}
            }
        }
        walk(document());
    }
}
