//! Streams of server-sent events, which OpenAPI 3.1 has no words for: the name of the event and the shape of its data.

use serde_json::json;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{ContentBuilder, RefOr, Type};

/// The media type of such a stream.
const STREAM: &str = "text/event-stream";

/// The one event that any stream has so far.
pub(crate) const DELIVERY: &str = "delivery";

/// Says what the events of an operation that answers with a stream are.
pub(super) fn describe(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        if !response.content.contains_key(STREAM) {
            continue;
        }
        let data = json!({ "$ref": "#/components/schemas/DeliveryState" });
        let events = ExtensionsBuilder::new().add("x-events", json!({ DELIVERY: data })).build();
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(
            "Server-sent events. x-events has the shape of the data of each event by its name; lines that begin with a \
             colon only keep the connection alive.",
        ));
        let example = "event: delivery\ndata: {\"method\":\"email\",\"state\":\"submitted\",\"at\":\"2026-01-01T12:00:00Z\"}\n\n";
        let content = ContentBuilder::new().schema(Some(text)).example(Some(json!(example)));
        let content = content.extensions(Some(events)).build();
        response.content.insert(STREAM.to_owned(), RefOr::T(content));
    }
}
