//! Identifiers: UUIDs with a type each, so that one can't stand where another belongs.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Slug;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl $name {
            /// The id that follows from `cause` under the label `role`: the same every time it is asked for.
            #[must_use]
            pub fn derived(cause: Uuid, role: &str) -> Self {
                Self(Uuid::new_v5(&cause, format!("{}:{role}", stringify!($name)).as_bytes()))
            }
        }
    };
}

id!(/// A company, the tenant.
    CompanyId);
id!(/// A person of a company.
    MemberId);
id!(/// A technician group.
    GroupId);
id!(/// One event.
    EventId);
id!(/// A pending sign-in, from the accepted password to the session.
    SignInId);
id!(/// A session.
    SessionId);
id!(/// One run through the set-up, from its start to its activation.
    SetUpId);
id!(/// One seed shown as a QR code, and the authenticator that holds it.
    PairingId);
id!(/// What a code or a verification link proves: one per code that is asked for.
    ChallengeId);
id!(/// An invitation or password-reset link.
    LinkId);
id!(/// The wish to send something: the event's own id for codes and links.
    IntentId);
id!(/// One message to one recipient; its stream's key.
    DeliveryId);

/// The namespace under which a company's id follows from its slug.
const COMPANIES: Uuid = Uuid::from_u128(0x6f2b_1a53_7c0e_5d1f_9a44_2b8e_d3c7_0f61);

impl CompanyId {
    /// The id of the company with this slug: registering it at revision 0 is the claim of the slug.
    #[must_use]
    pub fn of(slug: &Slug) -> Self {
        Self(Uuid::new_v5(&COMPANIES, slug.as_str().as_bytes()))
    }
}
