//! How events become bytes and come back: one JSON object per event, its type and schema version beside it.

use schemars::Schema;

/// An event of one aggregate, as the log stores it.
pub trait Event: Clone + Send + Sync + Sized + 'static {
    /// The types that this program writes.
    const TYPES: &'static [&'static str];

    /// The event's type, `PascalCase`, as it stands in the envelope.
    fn type_name(&self) -> &'static str;

    /// The version of the schema that `encode` writes.
    fn version(&self) -> u16;

    /// The event's data as a JSON object.
    fn encode(&self) -> Vec<u8>;

    /// Reads data that `encode` of this or an earlier version wrote.
    ///
    /// # Errors
    /// A type or version that this program doesn't know (it is older than the log), or data that doesn't fit.
    fn decode(type_name: &str, version: u16, data: &[u8]) -> Result<Self, DecodeError>;

    /// Every type that this program writes, with its schema.
    fn catalogue() -> Vec<EventType>;
}

/// One entry of the catalogue of events.
#[derive(Clone, Debug)]
pub struct EventType {
    /// The type, as it stands in the envelope.
    pub name: &'static str,
    /// The version written today.
    pub version: u16,
    /// The JSON Schema of the data.
    pub schema: Schema,
}

/// Why stored bytes are not an event of this aggregate.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The log holds a newer type than this program knows; it must not be skipped.
    #[error(
        "event type {name} version {version} is not known to this program: it is older than the log, upgrade it"
    )]
    Unknown {
        /// The type that was read.
        name: String,
        /// The version that was read.
        version: u16,
    },
    /// The type is known, the data doesn't fit its schema.
    #[error("the data of {name} version {version} does not fit its schema")]
    Malformed {
        /// The type that was read.
        name: String,
        /// The version that was read.
        version: u16,
        /// What does not fit.
        #[source]
        source: serde_json::Error,
    },
}

/// Declares an aggregate's events: an enum over one struct per event, each with the version that is written today.
macro_rules! events {
    ($(#[$meta:meta])* pub enum $name:ident { $($event:ident = $version:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("See [`", stringify!($event), "`].")] $event($event),)*
        }

        $(impl From<$event> for $name {
            fn from(event: $event) -> Self {
                Self::$event(event)
            }
        })*

        impl $crate::Event for $name {
            const TYPES: &'static [&'static str] = &[$(stringify!($event)),*];

            fn type_name(&self) -> &'static str {
                match self { $(Self::$event(_) => stringify!($event),)* }
            }

            fn version(&self) -> u16 {
                match self { $(Self::$event(_) => $version,)* }
            }

            fn encode(&self) -> Vec<u8> {
                let encoded = match self { $(Self::$event(event) => serde_json::to_vec(event),)* };
                encoded.expect("an event has string keys only and no failing serializer")
            }

            fn decode(name: &str, version: u16, data: &[u8]) -> Result<Self, $crate::DecodeError> {
                let decoded = match (name, version) {
                    $((stringify!($event), $version) => serde_json::from_slice::<$event>(data).map(Self::$event),)*
                    _ => return Err($crate::DecodeError::Unknown { name: name.to_owned(), version }),
                };
                decoded.map_err(|source| $crate::DecodeError::Malformed { name: name.to_owned(), version, source })
            }

            fn catalogue() -> Vec<$crate::EventType> {
                vec![$($crate::EventType {
                    name: stringify!($event),
                    version: $version,
                    schema: schemars::schema_for!($event),
                },)*]
            }
        }
    };
}

pub(crate) use events;
