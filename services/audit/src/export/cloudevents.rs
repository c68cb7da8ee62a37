//! An event in the shape of CloudEvents 1.0, JSON format.

use serde_json::{Map, Value, json};
use twostep_api::{AuditEvent, ClientKind};

use crate::table::by;

/// The version of the shape.
pub(super) const VERSION: &str = "1.0";

/// The line. Extension attributes are lower-case words with texts: integers there have 32 bits only.
pub(super) fn line(event: &AuditEvent) -> Value {
    let mut line = Map::new();
    let mut set = |name: &str, value: Value| line.insert(name.to_owned(), value);
    set("specversion", VERSION.into());
    set("id", event.id.to_string().into());
    set("source", format!("/companies/{}", event.company).into());
    set("type", format!("twostep.{}", event.event_type).into());
    set("subject", format!("{}/{}", event.kind, event.key).into());
    set("time", json!(event.recorded_at));
    set("dataschema", format!("urn:twostep:events:{}:{}", event.event_type, event.version).into());
    set("datacontenttype", "application/json".into());
    set("number", event.number.to_string().into());
    set("revision", event.revision.to_string().into());
    set("actor", by(&event.actor).into());
    if let Some(roles) = event.actor["roles"].as_array() {
        let roles: Vec<&str> = roles.iter().filter_map(Value::as_str).collect();
        set("actorroles", roles.join(",").into());
    }
    set("correlation", event.correlation.to_string().into());
    if let Some(causation) = event.causation {
        set("causation", causation.to_string().into());
    }
    if let Some(client) = event.client {
        let name = match client {
            ClientKind::Web => "web",
            ClientKind::Console => "console",
        };
        set("client", name.into());
    }
    if let Some(version) = &event.client_version {
        set("clientversion", version.clone().into());
    }
    if let Some(address) = &event.address {
        set("clientaddress", address.clone().into());
    }
    set("data", event.data.clone());
    line.into()
}
