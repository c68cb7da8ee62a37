//! Refusals, as RFC 9457 has them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

/// A refusal (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What kind of refusal: stable, programs decide by it.
    #[serde(rename = "type")]
    pub kind: ProblemType,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time and what to do.
    pub detail: String,
    /// When the same request can succeed, where that is a matter of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<DateTime<Utc>>,
    /// The fields that are wrong, where fields are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Its name.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

macro_rules! problem_types {
    ($($variant:ident = $urn:literal, $status:literal, $title:literal;)*) => {
        /// The kinds of refusals, each a URN that never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemType {
            $(
                #[doc = concat!($title, ".")]
                #[serde(rename = $urn)]
                $variant,
            )*
        }

        impl ProblemType {
            /// The URN that stands in a problem document.
            #[must_use]
            pub const fn urn(self) -> &'static str {
                match self { $(Self::$variant => $urn,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The kind in words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

problem_types! {
    Malformed = "urn:twostep:problem:malformed", 400, "The request can't be read";
    InvalidFields = "urn:twostep:problem:invalid-fields", 400, "Some fields are wrong";
    NotSignedIn = "urn:twostep:problem:not-signed-in", 401, "Sign in first";
    WrongCredentials = "urn:twostep:problem:wrong-credentials", 401, "The login or the password is wrong";
    Forbidden = "urn:twostep:problem:forbidden", 403, "Not with your role";
    SecondStepRequired = "urn:twostep:problem:second-step-required", 403, "A second step is required";
    StepUpRequired = "urn:twostep:problem:step-up-required", 403, "Prove your second step again";
    NotSigned = "urn:twostep:problem:not-signed", 403, "The signature is missing or wrong";
    Locked = "urn:twostep:problem:locked", 403, "The second step is locked";
    NotFound = "urn:twostep:problem:not-found", 404, "There is no such thing";
    MethodNotAllowed = "urn:twostep:problem:method-not-allowed", 405, "Not with this method";
    TooSlow = "urn:twostep:problem:too-slow", 408, "The request took too long";
    Conflict = "urn:twostep:problem:conflict", 409, "That doesn't fit the present state";
    NotYetVerified = "urn:twostep:problem:not-yet-verified", 409, "Not confirmed yet";
    NothingChanged = "urn:twostep:problem:nothing-changed", 409, "Nothing would change";
    WouldLockOut = "urn:twostep:problem:would-lock-out", 409, "No Master Admin could sign in any more";
    LoginTaken = "urn:twostep:problem:login-taken", 409, "The login is taken";
    SetUpOutdated = "urn:twostep:problem:set-up-outdated", 409, "The set-up must start again";
    WorkAddressFirst = "urn:twostep:problem:work-address-first", 409, "Confirm your work address first";
    LinkDead = "urn:twostep:problem:link-dead", 410, "The link doesn't work any more";
    StaleRevision = "urn:twostep:problem:stale-revision", 412, "Somebody changed it meanwhile";
    TooLarge = "urn:twostep:problem:too-large", 413, "The request is too large";
    NotJson = "urn:twostep:problem:not-json", 415, "The body must be JSON";
    CodeRejected = "urn:twostep:problem:code-rejected", 422, "The code is wrong";
    CodeExpired = "urn:twostep:problem:code-expired", 422, "The code has expired";
    CodeUsed = "urn:twostep:problem:code-used", 422, "The code was used already";
    ClientCannotVerify = "urn:twostep:problem:client-cannot-verify", 422, "This client can't show your methods";
    PasswordRefused = "urn:twostep:problem:password-refused", 422, "The password can't be used";
    KeyReused = "urn:twostep:problem:idempotency-key-reused", 422, "The idempotency key belongs to another request";
    RevisionRequired = "urn:twostep:problem:revision-required", 428, "If-Match is required";
    TooSoon = "urn:twostep:problem:too-soon", 429, "Not yet";
    Busy = "urn:twostep:problem:busy", 429, "Too many requests at once";
    Internal = "urn:twostep:problem:internal", 500, "A fault of ours";
    Unavailable = "urn:twostep:problem:unavailable", 503, "Not available at present";
}

/// By hand: the derived one takes the variants' names, which aren't what is sent.
impl PartialSchema for ProblemType {
    fn schema() -> RefOr<Schema> {
        let urns = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The kinds of refusals, each a URN that never changes."))
            .enum_values(Some(Self::ALL.iter().map(|kind| kind.urn())));
        RefOr::T(Schema::Object(urns.build()))
    }
}

impl ToSchema for ProblemType {}

impl Problem {
    /// A refusal of `kind`; `detail` says what was wrong and what to do.
    #[must_use]
    pub fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: detail.into(),
            next_at: None,
            fields: Vec::new(),
        }
    }

    /// The same, with the time from which on it can succeed.
    #[must_use]
    pub fn next_at(mut self, next_at: DateTime<Utc>) -> Self {
        self.next_at = Some(next_at);
        self
    }

    /// The same, naming a wrong field.
    #[must_use]
    pub fn field(mut self, field: &str, message: impl Into<String>) -> Self {
        self.fields.push(FieldError { field: field.to_owned(), message: message.into() });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_knows_every_kind_as_it_is_sent() {
        let schema = serde_json::to_value(ProblemType::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::to_value(ProblemType::ALL).unwrap());
        assert_eq!(schema["enum"][0], "urn:twostep:problem:malformed");
    }
}
