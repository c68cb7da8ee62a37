//! What the document promises.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

/// The variable that lets the test write what it compares: `./just schemas` sets it.
const WRITE: &str = "TWOSTEP_WRITE_SCHEMAS";

fn document() -> Value {
    serde_json::from_str(&crate::openapi()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().unwrap();
            item.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

/// What a response's reference refers to.
fn followed<'a>(document: &'a Value, response: &'a Value) -> &'a Value {
    let pointer = response["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    pointer.map_or(response, |pointer| document.pointer(pointer).unwrap())
}

#[test]
fn the_checked_in_document_is_the_served_one() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../schemas/openapi.json");
    let served = crate::openapi() + "\n";
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &served).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(checked_in == served, "schemas/openapi.json is not the served one: run `./just schemas`");
}

#[test]
fn every_operation_has_a_summary_and_an_id_of_its_own() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(operation["summary"].as_str().is_some_and(|it| it.len() > 5), "{name} has no summary");
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(!id.is_empty() && ids.insert(id), "{name} has no operation id of its own: {id}");
    }
    assert!(ids.len() > 50, "only {} operations were found", ids.len());
}

#[test]
fn every_refusal_is_a_problem_and_every_operation_names_some() {
    let document = document();
    for (name, operation) in operations(&document) {
        let responses = operation["responses"].as_object().unwrap();
        let refusals: Vec<_> = responses.iter().filter(|(status, _)| status.as_str() >= "400").collect();
        assert!(refusals.len() >= 3, "{name} names {} refusals", refusals.len());
        for (status, response) in refusals {
            let response = followed(&document, response);
            let schema = &response["content"][super::refusals::PROBLEM]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{name}: {status}");
        }
        for (status, response) in responses {
            let response = followed(&document, response);
            assert!(!response["description"].as_str().unwrap_or_default().is_empty(), "{name}: {status}");
        }
    }
}

/// A PUT without a body adds or takes one thing by its name: it replaces nothing that somebody could have changed.
#[test]
fn every_put_that_replaces_something_wants_the_revision_that_was_seen() {
    let document = document();
    let puts = operations(&document)
        .into_iter()
        .filter(|(name, it)| name.starts_with("put ") && it.get("requestBody").is_some());
    let mut found = 0;
    for (name, operation) in puts {
        let parameters = operation["parameters"].as_array().unwrap();
        let if_match =
            parameters.iter().find(|it| it["name"] == "If-Match").unwrap_or_else(|| panic!("{name}"));
        assert_eq!((&if_match["in"], &if_match["required"]), (&"header".into(), &true.into()), "{name}");
        for status in ["412", "428"] {
            assert!(operation["responses"].get(status).is_some(), "{name} has no {status}");
        }
        found += 1;
    }
    assert!(found >= 9, "only {found} were found");
}

fn has_header(operation: &Value, name: &str) -> bool {
    let parameters = operation["parameters"].as_array();
    parameters.is_some_and(|all| all.iter().any(|it| it["name"] == name && it["in"] == "header"))
}

#[test]
fn every_question_takes_a_position_and_every_command_gives_one() {
    let document = document();
    for (name, operation) in operations(&document) {
        let open = operation["security"].as_array().unwrap().len() > 1;
        let asks = name.starts_with("get ");
        assert_eq!(has_header(operation, crate::positions::LEAST), asks && !open, "{name}");
        let responses = operation["responses"].as_object().unwrap();
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2')) {
            let told = response["headers"].get(crate::positions::POSITION).is_some();
            assert_eq!(told, !asks, "{name}: {status}");
        }
    }
}

#[test]
fn s35_every_write_of_an_administrator_takes_an_idempotency_key_and_nothing_else_does() {
    let document = document();
    for (name, operation) in operations(&document) {
        let takes = !name.starts_with("get ") && name.contains(" /api/v1/companies/");
        assert_eq!(has_header(operation, "Idempotency-Key"), takes, "{name}");
        assert!(!takes || operation["responses"].get("422").is_some(), "{name}");
    }
}

#[test]
fn whatever_is_not_open_needs_a_bearer_token() {
    let document = document();
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let mut open = BTreeSet::new();
    for (name, operation) in operations(&document) {
        let ways = operation["security"].as_array().unwrap();
        assert!(ways[0].get("bearer").is_some(), "{name}");
        if ways.len() > 1 {
            open.insert(name.split(' ').next_back().unwrap().to_owned());
        }
    }
    let expected: BTreeSet<String> = super::OPEN.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(open, expected);
}

#[test]
fn whatever_a_change_wants_the_revision_of_is_shown_with_it() {
    let document = document();
    let shown: BTreeSet<_> = operations(&document)
        .into_iter()
        .filter(|(_, it)| it["responses"]["200"]["headers"].get("ETag").is_some())
        .map(|(name, _)| name)
        .collect();
    let changes = operations(&document).into_iter().filter(|(_, it)| has_header(it, "If-Match"));
    let mut expected: BTreeSet<_> = changes.map(|(name, _)| name).collect();
    for item in ["", "/policy", "/groups/{group}", "/members/{member}"] {
        expected.insert(format!("get /api/v1/companies/{{id}}{item}"));
    }
    assert_eq!(shown, expected);
}

#[test]
fn whatever_can_be_tried_again_says_when() {
    for (name, operation) in operations(&document()) {
        for status in ["429", "503"] {
            let header = &operation["responses"][status]["headers"]["Retry-After"];
            assert_eq!(header["schema"]["type"], "integer", "{name}: {status}");
        }
    }
}

#[test]
fn a_body_that_is_too_slow_is_described_once() {
    for (name, operation) in operations(&document()) {
        let named = operation["responses"]["408"]["$ref"].as_str();
        let expected = operation.get("requestBody").map(|_| "#/components/responses/TooSlow");
        assert_eq!(named, expected, "{name}");
    }
}

#[test]
fn the_size_of_a_page_has_its_bounds() {
    let mut found = 0;
    for (name, operation) in operations(&document()) {
        let limits =
            operation["parameters"].as_array().into_iter().flatten().filter(|it| it["name"] == "limit");
        for limit in limits {
            let schema = &limit["schema"];
            assert_eq!((&schema["minimum"], &schema["maximum"]), (&1.into(), &200.into()), "{name}");
            found += 1;
        }
    }
    assert!(found >= 2, "only {found} were found");
}

#[test]
fn a_stream_names_its_events_and_the_shape_of_their_data() {
    let document = document();
    let stream = "/paths/~1api~1v1~1sign-ins~1{id}~1events/get/responses/200/content/text~1event-stream";
    let data = document.pointer(stream).unwrap()["x-events"][super::DELIVERY]["$ref"].as_str().unwrap();
    let shape = document.pointer(data.strip_prefix('#').unwrap()).unwrap();
    assert!(shape["properties"]["state"].is_object(), "{shape}");
}

/// A field that nobody reads is a mistake of the sender's, who hears so instead of being half obeyed.
#[test]
fn no_body_takes_a_field_that_it_does_not_know() {
    let document = document();
    let bodies: Vec<_> = operations(&document)
        .into_iter()
        .filter_map(|(name, it)| Some((name, it.get("requestBody")?)))
        .collect();
    assert!(bodies.len() > 20, "only {} bodies were found", bodies.len());
    for (name, body) in bodies {
        let schema = followed(&document, &body["content"]["application/json"]["schema"]);
        assert_eq!(schema["additionalProperties"], false, "{name} takes any field");
    }
}
