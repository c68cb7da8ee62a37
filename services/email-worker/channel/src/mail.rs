//! Putting a mail together: headers by type, text first, HTML as the alternative.

use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use twostep_delivery::{Payload, SubmitError};
use twostep_domain::delivery::Failure;
use twostep_domain::{DeliveryId, Time};
use twostep_languages::one_line;

use crate::text::Rendered;

/// Whom mails come from.
pub(crate) struct Sender {
    pub(crate) address: Address,
    pub(crate) host: String,
}

/// A mail, ready to hand over.
pub(crate) struct Mail {
    pub(crate) envelope: Envelope,
    pub(crate) bytes: Vec<u8>,
}

impl Mail {
    /// Whether an address needs SMTPUTF8 (RFC 6531).
    pub(crate) fn is_international(&self) -> bool {
        let ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        !self.envelope.from().into_iter().chain(self.envelope.to()).all(ascii)
    }
}

/// Tells answering machines to be silent (RFC 3834, 5).
#[derive(Clone)]
struct AutoSubmitted;

/// Tells the reader's program which language it is (RFC 3282).
#[derive(Clone)]
struct ContentLanguage(String);

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(tag: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(tag.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

impl Sender {
    /// Puts the mail together; its id follows from the delivery's, so that a second copy is known as one.
    pub(crate) fn assemble(
        &self,
        id: DeliveryId,
        payload: &Payload,
        rendered: Rendered,
        now: Time,
    ) -> Result<Mail, SubmitError> {
        let to: Address = payload.destination.parse().map_err(|_| refuse("the destination is no address"))?;
        let message = Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.host)))
            .date(now.into())
            .from(Mailbox::new(Some(one_line(&payload.sender)), self.address.clone()))
            .to(Mailbox::new(Some(one_line(&payload.person)), to))
            .subject(one_line(&rendered.subject))
            .header(AutoSubmitted)
            .header(ContentLanguage(rendered.language.to_owned()))
            .multipart(MultiPart::alternative_plain_html(rendered.text, rendered.html))
            .map_err(|_| refuse("the mail can't be put together"))?;
        Ok(Mail { envelope: message.envelope().clone(), bytes: message.formatted() })
    }
}

fn refuse(reason: &str) -> SubmitError {
    SubmitError::Reject { because: Failure::Rejected, reason: reason.to_owned() }
}
