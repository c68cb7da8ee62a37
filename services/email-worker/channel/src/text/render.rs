//! One mail's subject, text and HTML.

use askama::Template;
use twostep_delivery::{Payload, SubmitError};
use twostep_domain::Time;
use twostep_domain::delivery::MessageKind;
use twostep_languages::{Args, Language};

use super::Texts;
use super::fact::Fact;
use super::facts;
use super::instant::instant;

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
    colon: String,
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
        MessageKind::TextsStopped => ("texts-stopped", Needs::Nothing),
        MessageKind::MasterAdminsChanged => ("master-admins-changed", Needs::Nothing),
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
    let when = |at: Option<Time>| at.and_then(|at| instant(language, payload, at));
    if let Some(at) = when(content.code_expires_at) {
        args.set("code-until", at);
    }
    if let Some(at) = when(content.link_expires_at) {
        args.set("link-until", at);
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
        colon: say("colon")?,
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
mod tests;
