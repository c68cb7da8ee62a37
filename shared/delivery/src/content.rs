//! What the worker needs to render and send a message: the only place where code, link and address stand together in clear.

use serde::{Deserialize, Serialize};
use twostep_domain::{ClientKind, Locale, Time, TimeZone};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Destination and content of one message; sealed while it travels, cleared when dropped.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Payload {
    /// The address or the number in E.164 form.
    pub destination: String,
    /// The recipient's name.
    pub person: String,
    /// The company's name.
    pub company: String,
    /// The product's name, as the company presents it.
    pub product: String,
    /// The display name of the sender.
    pub sender: String,
    /// The language to write in.
    #[zeroize(skip)]
    pub locale: Locale,
    /// The recipient's time zone.
    #[zeroize(skip)]
    pub time_zone: TimeZone,
    /// What the message carries beside its kind.
    pub content: Content,
}

/// What a message carries beside its kind; what a kind doesn't use stays empty.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Content {
    /// A code: six digits.
    pub code: Option<String>,
    /// A link, whole.
    pub link: Option<String>,
    /// The host that the last line of a text binds the code to (`@host #code`).
    pub host: Option<String>,
    /// When the cause happened.
    #[zeroize(skip)]
    pub at: Option<Time>,
    /// When code or link die.
    #[zeroize(skip)]
    pub expires_at: Option<Time>,
    /// From which front end.
    #[zeroize(skip)]
    pub client: Option<ClientKind>,
    /// A reason given by an administrator; shown as text.
    pub reason: Option<String>,
}
