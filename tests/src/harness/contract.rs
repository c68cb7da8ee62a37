//! Whether an answer is what the OpenAPI document says of its route: everything that goes over plain HTTP here is asked.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::{Context as _, bail, ensure};
use jsonschema::Validator;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Value, json};

use crate::repository;

/// The media type of refusals.
const PROBLEM: &str = "application/problem+json";

/// The document that is served; that it is the checked-in one is a test of its crate.
static CONTRACT: LazyLock<anyhow::Result<Contract>> = LazyLock::new(Contract::read);

/// Compares the answer to `method` at `path` with the document; a path that isn't the API's is nobody's business.
///
/// # Errors
/// The answer isn't one that the document names, or has another shape or other headers.
pub fn fulfils(method: &str, path: &str, status: u16, headers: &HeaderMap, body: &str) -> anyhow::Result<()> {
    if !path.starts_with("/api/v1/") || path == "/api/v1/openapi.json" || method == "HEAD" {
        return Ok(());
    }
    let contract =
        CONTRACT.as_ref().map_err(|error| anyhow::anyhow!("the document can't be read: {error:#}"))?;
    let about = format!("{method} {path}: {status}: {body:.400}");
    contract.check(method, path, status, headers, body).with_context(|| format!("not as documented: {about}"))
}

struct Contract {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    fn read() -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(repository().join("schemas/openapi.json"))?;
        Ok(Self { document: serde_json::from_str(&text)?, validators: Mutex::default() })
    }

    fn check(
        &self,
        method: &str,
        path: &str,
        status: u16,
        headers: &HeaderMap,
        body: &str,
    ) -> anyhow::Result<()> {
        let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if let Some(operation) = self.operation(method, path)
            && status != 500
        {
            let pointer = format!("{operation}/responses/{status}");
            let response = self.document.pointer(&pointer).context("the route names no such status")?;
            let (pointer, response) = match response["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
                Some(followed) => {
                    (followed.to_owned(), self.document.pointer(followed).context("a dead reference")?)
                }
                None => (pointer, response),
            };
            for header in ["etag", "retry-after", "twostep-position"] {
                let named = response["headers"].as_object().into_iter().flatten();
                let named = named.into_iter().any(|(name, _)| name.eq_ignore_ascii_case(header));
                ensure!(named || !headers.contains_key(header), "{header} is not in the document");
                ensure!(header != "etag" || !named || headers.contains_key(header), "no ETag");
            }
            let Some(content) = response.get("content") else {
                ensure!(body.is_empty(), "the document names no body");
                return Ok(());
            };
            ensure!(content.get(media).is_some(), "{media:?} is not in the document");
            if media == "text/event-stream" {
                return Ok(());
            }
            return self.fits(&format!("{pointer}/content/{}/schema", escaped(media)), body);
        }
        // No route, not with this method, or a fault of ours: what holds for all.
        ensure!([404, 405, 500].contains(&status), "no route is that, and the answer is {status}");
        ensure!(media == PROBLEM, "a refusal of media type {media:?}");
        self.fits("/components/schemas/Problem", body)
    }

    /// Where in the document the operation stands.
    fn operation(&self, method: &str, path: &str) -> Option<String> {
        let asked: Vec<_> = path.split('/').collect();
        let paths = self.document["paths"].as_object()?;
        let fits = |template: &str| {
            let parts: Vec<_> = template.split('/').collect();
            parts.len() == asked.len()
                && parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
        };
        // The most literal of them, as the router takes it.
        let template = paths.keys().filter(|it| fits(it)).min_by_key(|it| it.matches('{').count())?;
        let method = method.to_ascii_lowercase();
        paths[template].get(&method)?;
        Some(format!("/paths/{}/{method}", escaped(template)))
    }

    fn fits(&self, pointer: &str, body: &str) -> anyhow::Result<()> {
        let body: Value = serde_json::from_str(body).context("the body is no JSON")?;
        let validator = self.validator(pointer)?;
        let errors: Vec<_> =
            validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        if !errors.is_empty() {
            bail!("the body doesn't fit {pointer}: {errors:?}");
        }
        Ok(())
    }

    fn validator(&self, pointer: &str) -> anyhow::Result<Arc<Validator>> {
        let mut known = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = known.get(pointer) {
            return Ok(validator.clone());
        }
        let mut schema = self.document.pointer(pointer).context("no schema")?.clone();
        let mut components = json!({ "schemas": self.document["components"]["schemas"] });
        close(&mut components);
        close(&mut schema);
        schema.as_object_mut().context("no schema")?.insert("components".to_owned(), components);
        let validator = jsonschema::options().should_validate_formats(true).build(&schema);
        let validator = Arc::new(validator.map_err(|error| anyhow::anyhow!("{error}"))?);
        known.insert(pointer.to_owned(), validator.clone());
        Ok(validator)
    }
}

/// Takes nothing that isn't in the document: a reader may not mind a further field, but its documentation is missing.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
                fields.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A name as a part of a JSON pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, media: &'static str, body: &str) -> anyhow::Result<()> {
        let headers =
            [(CONTENT_TYPE, reqwest::header::HeaderValue::from_static(media))].into_iter().collect();
        fulfils("GET", "/api/v1/me", status, &headers, body)
    }

    #[test]
    fn an_answer_that_is_not_in_the_document_is_found() {
        let problem = |kind: &str| {
            json!({ "type": kind, "title": "Sign in first", "status": 401, "detail": "sign in" }).to_string()
        };
        answer(401, PROBLEM, &problem("urn:twostep:problem:not-signed-in")).unwrap();
        answer(401, PROBLEM, &problem("NotSignedIn")).unwrap_err();
        answer(401, "application/json", &problem("urn:twostep:problem:not-signed-in")).unwrap_err();
        answer(418, PROBLEM, &problem("urn:twostep:problem:not-signed-in")).unwrap_err();
        answer(200, "application/json", "{}").unwrap_err();
    }
}
