//! Every message that lies in the queue.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use twostep_delivery::{DeadLetter, Report, Request};

/// One kind of message.
pub struct Shape {
    /// Its name, as its schema's file begins.
    pub name: &'static str,
    /// The version that is written today, where it carries one.
    pub version: Option<u16>,
    /// Its JSON Schema.
    pub schema: Schema,
    /// Reads a message of this or an earlier version and writes it again as it is written today.
    pub reencode: fn(&[u8]) -> anyhow::Result<Value>,
}

/// All kinds.
#[must_use]
pub fn messages() -> Vec<Shape> {
    let request = |bytes: &[u8]| Ok(serde_json::from_slice(&Request::decode(bytes)?.encode())?);
    vec![
        Shape { reencode: request, ..shape::<Request>("Request", Some(Request::VERSION)) },
        shape::<Report>("Report", None),
        shape::<DeadLetter>("DeadLetter", Some(DeadLetter::VERSION)),
    ]
}

fn shape<T: JsonSchema + Serialize + DeserializeOwned>(name: &'static str, version: Option<u16>) -> Shape {
    let reencode = |bytes: &[u8]| Ok(serde_json::to_value(serde_json::from_slice::<T>(bytes)?)?);
    Shape { name, version, schema: schema_for!(T), reencode }
}
