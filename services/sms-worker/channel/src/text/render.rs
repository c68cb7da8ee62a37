//! One text: the longest wording that is one segment.

use twostep_delivery::{Payload, SubmitError};
use twostep_domain::delivery::MessageKind;
use twostep_languages::{Args, one_line};

use super::{Texts, alphabet, segment};

/// The name of a kind's strings; `None` for what is about a link, which no text holds.
const fn strings(kind: MessageKind) -> Option<&'static str> {
    Some(match kind {
        MessageKind::SignInCode => "sign-in-code",
        MessageKind::SetUpCode => "set-up-code",
        MessageKind::VerificationLink | MessageKind::Invitation | MessageKind::PasswordReset => return None,
        MessageKind::SetUpStarted => "set-up-started",
        MessageKind::TwoStepActivated => "two-step-activated",
        MessageKind::MethodChanged => "method-changed",
        MessageKind::TwoStepTurnedOff => "two-step-turned-off",
        MessageKind::ResetByAdmin => "reset-by-admin",
        MessageKind::FiveFailures => "five-failures",
        MessageKind::Locked => "locked",
        MessageKind::Unlocked => "unlocked",
        MessageKind::RecoveryCodeUsed => "recovery-code-used",
        MessageKind::PasswordChanged => "password-changed",
        MessageKind::PolicyChanged => "policy-changed",
        MessageKind::GlassBroken => "glass-broken",
        MessageKind::TextsStopped => "texts-stopped",
        MessageKind::MasterAdminsChanged => "master-admins-changed",
    })
}

impl Texts {
    /// Renders a message of `kind`: its full wording, else its short one, whichever is one segment; where neither is, the same
    /// without the accents that the GSM alphabet lacks, which leave 70 characters of 160.
    ///
    /// # Errors
    /// What is about a link, lacks its code, or is too long in any wording: poison.
    pub(crate) fn render(&self, kind: MessageKind, payload: &Payload) -> Result<String, SubmitError> {
        let id = strings(kind).ok_or_else(|| SubmitError::poison("a link does not go by text"))?;
        let is_code = matches!(kind, MessageKind::SignInCode | MessageKind::SetUpCode);
        let code = payload.content.code.as_deref().filter(|_| is_code);
        if is_code && code.is_none() {
            return Err(SubmitError::poison("the message is about a code and has none"));
        }
        let mut args = Args::new();
        args.set("company", one_line(&payload.company));
        args.set("product", one_line(&payload.product));
        args.set("code", code.unwrap_or_default());
        let bound =
            code.zip(payload.content.host.as_deref()).map(|(code, host)| format!("\n\n@{host} #{code}"));
        let bound = bound.unwrap_or_default();
        let language = self.0.of(payload.locale);
        let wordings = [id.to_owned(), format!("{id}.short")].into_iter();
        let said: Vec<_> = wordings.filter_map(|wording| language.get(&wording, &args)).collect();
        let plain = said.iter().map(|said| alphabet::without_foreign_accents(said));
        said.iter()
            .cloned()
            .chain(plain)
            .map(|said| said + &bound)
            .find(|text| segment::is_one(text))
            .ok_or_else(|| SubmitError::poison("the text does not fit one segment"))
    }
}

#[cfg(test)]
mod tests {
    use twostep_delivery::Content;
    use twostep_domain::{Locale, TimeZone};

    use super::*;

    const LOCALES: [Locale; 5] = [Locale::En, Locale::De, Locale::Fr, Locale::Es, Locale::Hu];

    fn payload(company: &str) -> Payload {
        let code = Some("123456".to_owned());
        let host = Some("signin.twostep.example".to_owned());
        let mut content = Content::default();
        (content.code, content.host) = (code, host);
        Payload {
            destination: "+4915112345678".to_owned(),
            person: "Ada".to_owned(),
            company: company.to_owned(),
            product: "Rescue".to_owned(),
            sender: "Acme".to_owned(),
            locale: Locale::En,
            time_zone: TimeZone::default(),
            content,
        }
    }

    #[test]
    fn a_code_is_bound_to_its_host_in_the_last_line() {
        let text = Texts::new().render(MessageKind::SignInCode, &payload("Acme")).unwrap();
        assert!(text.starts_with("123456 "), "{text}");
        assert!(text.contains("Acme"), "{text}");
        assert_eq!(text.lines().last(), Some("@signin.twostep.example #123456"));
        assert!(!text.contains("http"), "{text}");
    }

    #[test]
    fn s29_every_text_is_one_segment_in_every_language_whatever_company_product_and_host_are_called() {
        let kinds = [
            MessageKind::SignInCode,
            MessageKind::SetUpCode,
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
            MessageKind::TextsStopped,
            MessageKind::MasterAdminsChanged,
        ];
        let texts = Texts::new();
        let names = ["Acme".to_owned(), "x".repeat(64), "€".repeat(64), "ő".repeat(64), "東".repeat(64)];
        // The longest host that `public_url` may have.
        for (name, host) in names.iter().flat_map(|name| [(name, 1), (name, 24), (name, 100)]) {
            for (kind, locale) in kinds.iter().flat_map(|kind| LOCALES.map(|locale| (*kind, locale))) {
                let mut payload = payload(name);
                payload.product.clone_from(name);
                payload.locale = locale;
                payload.content.host = Some("h".repeat(host));
                let text = texts.render(kind, &payload).unwrap();
                assert!(segment::is_one(&text), "{kind:?} {locale:?}: {text}");
                let last = text.lines().last().unwrap();
                let is_code = matches!(kind, MessageKind::SignInCode | MessageKind::SetUpCode);
                assert_eq!(last == format!("@{} #123456", "h".repeat(host)), is_code, "{text}");
                assert!(!text.contains(['\u{2068}', '{']), "{text}");
            }
        }
    }

    #[test]
    fn nobody_reads_hungarian_without_accents_where_they_fit() {
        let texts = Texts::new();
        let code = |host: usize| {
            let mut payload = payload("Acme");
            payload.locale = Locale::Hu;
            payload.content.host = Some("h".repeat(host));
            texts.render(MessageKind::SignInCode, &payload).unwrap()
        };
        assert!(code(24).starts_with("123456 az Ön belépési kódja.\n"), "{}", code(24));
        assert!(
            code(60).starts_with("123456 az Ön belépési kodja (Acme). Ne adja meg senkinek.\n"),
            "{}",
            code(60)
        );
    }

    #[test]
    fn links_do_not_go_by_text_and_names_write_no_lines() {
        assert!(Texts::new().render(MessageKind::Invitation, &payload("Acme")).is_err());
        let text = Texts::new().render(MessageKind::SignInCode, &payload("A\n@evil.example #1")).unwrap();
        assert_eq!(text.lines().filter(|line| line.starts_with('@')).count(), 1, "{text}");
    }
}
