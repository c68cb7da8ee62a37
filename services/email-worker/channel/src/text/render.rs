//! One mail's subject, text and HTML.

use askama::Template;
use twostep_delivery::{Payload, SubmitError};
use twostep_domain::Time;
use twostep_domain::delivery::MessageKind;
use twostep_languages::{Args, Language};

use super::Texts;
use super::facts::{self, Fact};

/// A rendered mail.
pub(crate) struct Rendered {
    pub(crate) language: &'static str,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a>(&'a Parts);

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a>(&'a Parts);

/// What both templates show.
struct Parts {
    language: &'static str,
    subject: String,
    greeting: String,
    intro: String,
    code: Option<Code>,
    link: Option<Link>,
    facts: Vec<Fact>,
    not_you: String,
    signature: String,
    automatic: String,
}

struct Code {
    label: String,
    digits: String,
    expiry: Option<String>,
}

struct Link {
    label: String,
    url: String,
    expiry: Option<String>,
}

/// The name of a kind's strings, and whether it can do without a code or a link.
const fn strings(kind: MessageKind) -> (&'static str, Needs) {
    match kind {
        MessageKind::SignInCode => ("sign-in-code", Needs::Code),
        MessageKind::SetUpCode => ("set-up-code", Needs::Code),
        MessageKind::VerificationLink => ("verification-link", Needs::Link),
        MessageKind::Invitation => ("invitation", Needs::Link),
        MessageKind::PasswordReset => ("password-reset", Needs::Link),
        MessageKind::SetUpStarted => ("set-up-started", Needs::Nothing),
        MessageKind::TwoStepActivated => ("two-step-activated", Needs::Nothing),
        MessageKind::MethodChanged => ("method-changed", Needs::Nothing),
        MessageKind::TwoStepTurnedOff => ("two-step-turned-off", Needs::Nothing),
        MessageKind::ResetByAdmin => ("reset-by-admin", Needs::Nothing),
        MessageKind::FiveFailures => ("five-failures", Needs::Nothing),
        MessageKind::Locked => ("locked", Needs::Nothing),
        MessageKind::Unlocked => ("unlocked", Needs::Nothing),
        MessageKind::RecoveryCodeUsed => ("recovery-code-used", Needs::Nothing),
        MessageKind::PasswordChanged => ("password-changed", Needs::Nothing),
        MessageKind::PolicyChanged => ("policy-changed", Needs::Nothing),
        MessageKind::GlassBroken => ("glass-broken", Needs::Nothing),
    }
}

enum Needs {
    Code,
    Link,
    Nothing,
}

impl Texts {
    /// Renders a message of `kind`.
    ///
    /// # Errors
    /// A payload without the code or link that this kind is about: poison.
    pub(crate) fn render(&self, kind: MessageKind, payload: &Payload) -> Result<Rendered, SubmitError> {
        let language = self.0.of(payload.locale);
        let parts = parts(language, kind, payload)?;
        let text = Text(&parts).render().map_err(|_| SubmitError::poison("the text can't be rendered"))?;
        let html = Html(&parts).render().map_err(|_| SubmitError::poison("the HTML can't be rendered"))?;
        Ok(Rendered { language: parts.language, subject: parts.subject, text, html })
    }
}

fn parts(language: &Language, kind: MessageKind, payload: &Payload) -> Result<Parts, SubmitError> {
    let (id, needs) = strings(kind);
    let content = &payload.content;
    match needs {
        Needs::Code if content.code.is_none() => {
            return Err(SubmitError::poison("the message is about a code and has none"));
        }
        Needs::Link if content.link.is_none() => {
            return Err(SubmitError::poison("the message is about a link and has none"));
        }
        Needs::Code | Needs::Link | Needs::Nothing => {}
    }
    let mut args = Args::new();
    args.set("person", payload.person.as_str());
    args.set("company", payload.company.as_str());
    args.set("product", payload.product.as_str());
    if let Some(at) = content.code_expires_at {
        args.set("code-until", facts::instant(payload, at));
    }
    if let Some(at) = content.link_expires_at {
        args.set("link-until", facts::instant(payload, at));
    }
    let say = |id: &str| language.get(id, &args).ok_or_else(|| SubmitError::poison("a string is missing"));
    let until = |at: Option<Time>, id: &str| at.and_then(|_| language.get(id, &args));
    let link = |url: &String| {
        let label = language.get(&format!("{id}.action"), &args)?;
        Some(Link { label, url: url.clone(), expiry: until(content.link_expires_at, "link-valid-until") })
    };
    let code = |code: &String| {
        let (label, digits) = (language.get("code-label", &args)?, readable(code));
        Some(Code { label, digits, expiry: until(content.code_expires_at, "code-valid-until") })
    };
    let link_alone =
        content.code.is_none().then(|| language.get(&format!("{id}.link-alone"), &args)).flatten();
    Ok(Parts {
        language: language.tag(),
        subject: say(&format!("{id}.subject"))?,
        greeting: say("greeting")?,
        intro: link_alone.map_or_else(|| say(id), Ok)?,
        code: content.code.as_ref().and_then(code),
        link: content.link.as_ref().and_then(link),
        facts: facts::of(language, payload),
        not_you: say(&format!("{id}.not-you"))?,
        signature: say("signature")?,
        automatic: say("automatic")?,
    })
}

/// `123456` as `123 456`.
fn readable(code: &str) -> String {
    match code.split_at_checked(code.len() / 2) {
        Some((first, second)) if code.len() == 6 => format!("{first} {second}"),
        _ => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use twostep_delivery::Content;
    use twostep_domain::delivery::Failure;
    use twostep_domain::{ClientKind, Locale, TimeZone};

    use super::*;

    const KINDS: [MessageKind; 17] = [
        MessageKind::SignInCode,
        MessageKind::SetUpCode,
        MessageKind::VerificationLink,
        MessageKind::Invitation,
        MessageKind::PasswordReset,
        MessageKind::SetUpStarted,
        MessageKind::TwoStepActivated,
        MessageKind::MethodChanged,
        MessageKind::TwoStepTurnedOff,
        MessageKind::ResetByAdmin,
        MessageKind::FiveFailures,
        MessageKind::Locked,
        MessageKind::Unlocked,
        MessageKind::RecoveryCodeUsed,
        MessageKind::PasswordChanged,
        MessageKind::PolicyChanged,
        MessageKind::GlassBroken,
    ];

    fn payload(person: &str) -> Payload {
        let content = Content {
            code: Some("123456".to_owned()),
            link: Some("https://x.example/v/abc?a=1&b=2".to_owned()),
            host: None,
            at: Some(Time::UNIX_EPOCH),
            code_expires_at: Some(Time::UNIX_EPOCH + Duration::from_secs(5 * 60)),
            link_expires_at: Some(Time::UNIX_EPOCH + Duration::from_secs(60 * 60)),
            client: Some(ClientKind::Web),
            login: Some("ada.l".to_owned()),
            reason: Some("lost phone".to_owned()),
        };
        Payload {
            destination: "ada@x.example".to_owned(),
            person: person.to_owned(),
            company: "Acme".to_owned(),
            product: "Rescue".to_owned(),
            sender: "Acme".to_owned(),
            locale: Locale::De,
            time_zone: TimeZone::default(),
            content,
        }
    }

    #[test]
    fn every_kind_says_who_when_from_where_and_what_to_do_if_it_was_not_you() {
        let texts = Texts::new();
        for kind in KINDS {
            let rendered = texts.render(kind, &payload("Ada")).unwrap();
            for part in ["Acme", "Rescue", "Ada", "1970-01-01 00:00 UTC", "website", "ada.l", "lost phone"] {
                assert!(rendered.text.contains(part), "{kind:?}: {part}\n{}", rendered.text);
                assert!(rendered.html.contains(part), "{kind:?}: {part}");
            }
            assert!(!rendered.subject.contains("123"), "{kind:?}");
            assert!(!rendered.text.contains('{') && !rendered.text.contains('\u{2068}'), "{kind:?}");
        }
    }

    #[test]
    fn the_code_is_readable_and_the_link_whole() {
        let rendered = Texts::new().render(MessageKind::VerificationLink, &payload("Ada")).unwrap();
        assert!(rendered.text.contains("123 456"));
        assert!(rendered.text.contains("https://x.example/v/abc?a=1&b=2"));
        assert_eq!(rendered.language, "en");
    }

    #[test]
    fn code_and_link_each_say_how_long_they_work() {
        let (code, link) = (
            "The code works once, until 1970-01-01 00:05 UTC.",
            "The link works once, until 1970-01-01 01:00 UTC.",
        );
        let mut payload = payload("Ada");
        let both = Texts::new().render(MessageKind::VerificationLink, &payload).unwrap();
        for rendered in [&both.text, &both.html] {
            assert!(rendered.contains(code) && rendered.contains(link), "{rendered}");
        }
        (payload.content.code, payload.content.code_expires_at) = (None, None);
        let alone = Texts::new().render(MessageKind::VerificationLink, &payload).unwrap();
        for rendered in [&alone.text, &alone.html] {
            assert!(!rendered.contains("code works") && rendered.contains(link), "{rendered}");
            assert!(!rendered.contains("or type the code"), "{rendered}");
        }
    }

    #[test]
    fn html_is_escaped_and_text_is_not() {
        let rendered = Texts::new().render(MessageKind::Locked, &payload("A <b>da</b> & Co")).unwrap();
        assert!(rendered.text.contains("A <b>da</b> & Co"));
        assert!(!rendered.html.contains("<b>da"));
    }

    #[test]
    fn a_message_about_a_code_without_one_is_poison() {
        let mut empty = payload("Ada");
        empty.content.code = None;
        let error = Texts::new().render(MessageKind::SignInCode, &empty).err().unwrap();
        assert!(matches!(error, SubmitError::Reject { because: Failure::Poison, .. }));
    }

    #[test]
    fn times_are_those_of_the_recipients_clock() {
        for (zone, shown) in [
            ("Europe/Budapest", "1970-01-01 01:05 CET (UTC+01:00)"),
            ("Mars/Olympus", "1970-01-01 00:05 UTC"),
        ] {
            let mut payload = payload("Ada");
            payload.time_zone = TimeZone(zone.to_owned());
            let mail = Texts::new().render(MessageKind::SignInCode, &payload).unwrap();
            assert!(mail.text.contains(shown), "{zone}: {}", mail.text);
            assert!(mail.html.contains(shown), "{zone}: {}", mail.html);
        }
    }
}
