//! A mail, taken apart.

use mail_parser::{MessageParser, PartType};

use crate::Channel;
use crate::inbox::Arrival;

/// Takes a mail apart; what can't be parsed is kept as text.
pub(super) fn parse(bytes: &[u8], from: &str, to: Vec<String>, encrypted: bool) -> Arrival {
    let raw = || String::from_utf8_lossy(bytes).into_owned();
    let Some(mail) = MessageParser::default().parse(bytes) else {
        let (channel, from, text) = (Channel::Email, from.to_owned(), raw());
        return Arrival {
            channel,
            from,
            to,
            subject: None,
            text,
            html: None,
            headers: Vec::new(),
            encrypted,
        };
    };
    let headers: Vec<_> =
        mail.headers_raw().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    let written = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("from"));
    let from = written.map_or_else(|| from.to_owned(), |(_, value)| value.clone());
    let html = mail.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.clone().into_owned()),
        _ => None,
    });
    Arrival {
        channel: Channel::Email,
        from,
        to,
        subject: mail.subject().map(str::to_owned),
        text: mail.body_text(0).map_or_else(raw, std::borrow::Cow::into_owned),
        html,
        headers,
        encrypted,
    }
}
