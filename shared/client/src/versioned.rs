//! What is read to be written back.

/// A value with the revision that it was read at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// Its `ETag` as the API gave it, to be sent back as `If-Match`; none: the API gave none.
    pub etag: Option<String>,
}
