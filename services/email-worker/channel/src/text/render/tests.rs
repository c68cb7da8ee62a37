use std::time::Duration;

use twostep_delivery::{Content, Doer, PolicyChange, RosterChange, RosterStep};
use twostep_domain::company::{Policy, TechnicianScope};
use twostep_domain::delivery::Failure;
use twostep_domain::{BackupKind, ClientKind, Locale, Method, TimeZone};

use super::*;

const KINDS: [MessageKind; 19] = [
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
    MessageKind::TextsStopped,
    MessageKind::MasterAdminsChanged,
];

const LOCALES: [Locale; 5] = [Locale::En, Locale::De, Locale::Fr, Locale::Es, Locale::Hu];

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
        by: None,
        roster: None,
        policy: None,
    };
    Payload {
        destination: "ada@x.example".to_owned(),
        person: person.to_owned(),
        company: "Acme".to_owned(),
        product: "Rescue".to_owned(),
        sender: "Acme".to_owned(),
        locale: Locale::En,
        time_zone: TimeZone::default(),
        content,
    }
}

#[test]
fn every_kind_says_who_when_from_where_and_what_to_do_if_it_was_not_you() {
    let texts = Texts::new();
    for kind in KINDS {
        let rendered = texts.render(kind, &payload("Ada")).unwrap();
        for part in ["Acme", "Rescue", "Ada", "1 January 1970, 00:00 UTC", "website", "ada.l", "lost phone"] {
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
        "The code works once, until 1 January 1970, 00:05 UTC.",
        "The link works once, until 1 January 1970, 01:00 UTC.",
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
        ("Europe/Budapest", "1 January 1970, 01:05 CET (UTC+01:00)"),
        ("Mars/Olympus", "1 January 1970, 00:05 UTC"),
    ] {
        let mut payload = payload("Ada");
        payload.time_zone = TimeZone(zone.to_owned());
        let mail = Texts::new().render(MessageKind::SignInCode, &payload).unwrap();
        assert!(mail.text.contains(shown), "{zone}: {}", mail.text);
        assert!(mail.html.contains(shown), "{zone}: {}", mail.html);
    }
}

fn news(locale: Locale) -> Payload {
    let mut payload = payload("Ada");
    payload.locale = locale;
    payload.content.by = Some(Doer::Person(Some("Eve".to_owned())));
    payload
}

#[test]
fn master_admins_hear_who_did_what_to_whom() {
    for (step, sentence) in [
        (RosterStep::Joined, "Bea <b> is now a Master Admin."),
        (RosterStep::Demoted, "Bea <b> is no longer a Master Admin."),
        (RosterStep::Disabled, "Bea <b> was disabled and is no longer a Master Admin."),
        (RosterStep::Erased, "The data of a Master Admin was erased."),
        (RosterStep::LetIn, "The emergency link is for Bea <b>."),
        (
            RosterStep::HoldsTheAccount,
            "Bea <b> is now the Master Account Holder; before it was somebody whose data was erased.",
        ),
    ] {
        let mut payload = news(Locale::En);
        let change = RosterChange { step, whom: Some("Bea <b>".to_owned()), before: None };
        payload.content.roster = Some(change);
        let mail = Texts::new().render(MessageKind::MasterAdminsChanged, &payload).unwrap();
        assert!(mail.text.contains("Done by: Eve\n"), "{}", mail.text);
        assert!(mail.text.contains(&format!("Change: {sentence}\n")), "{}", mail.text);
        assert!(!mail.html.contains("<b>"), "{}", mail.html);
    }
    for (by, said) in [
        (Doer::Operator, "Done by: the operator of Rescue"),
        (Doer::Product, "Done by: Rescue itself"),
        (Doer::Person(None), "Done by: somebody whose data was erased"),
    ] {
        let mut payload = news(Locale::En);
        payload.content.by = Some(by);
        let mail = Texts::new().render(MessageKind::MasterAdminsChanged, &payload).unwrap();
        assert!(mail.text.contains(said), "{}", mail.text);
    }
}

/// Every setting is another one, and everything else happens, too.
fn all_different() -> PolicyChange {
    let old = Policy::default();
    let new = Policy {
        admins: true,
        technicians: TechnicianScope::SelectedGroups,
        primary: Method::Email,
        backups: [BackupKind::App, BackupKind::Printed].into(),
        code_life_seconds: 90,
        confirm_work_address_first: true,
    };
    PolicyChange { old, new, reset: true, turns_off: true, undo: true }
}

#[test]
fn a_changed_policy_is_told_as_it_was_and_as_it_is() {
    let mut payload = news(Locale::En);
    payload.content.policy = Some(Box::new(all_different()));
    let mail = Texts::new().render(MessageKind::PolicyChanged, &payload).unwrap();
    for line in [
        "Reason: lost phone",
        "Done by: Eve",
        "Administrators: need not verify → must verify",
        "Technicians who must verify: none → members of selected groups",
        "Primary method: authenticator app → e-mail",
        "Backup methods: authenticator app, text message, e-mail, printed codes → authenticator app, printed codes",
        "Codes are valid for: 300 s → 90 s",
        "Work address confirmed before the set-up: no → yes",
        "Also: Everybody sets up anew at the next sign-in.",
        "Also: Two-step verification is turned off for everybody whom the policy no longer covers.",
        "Also: This takes the change before it back.",
    ] {
        assert!(mail.text.contains(&format!("{line}\n")), "{line}\n{}", mail.text);
        assert!(mail.html.contains(line.split_once(": ").unwrap().1), "{line}\n{}", mail.html);
    }
    let same = PolicyChange {
        old: all_different().new,
        reset: false,
        turns_off: false,
        undo: false,
        ..all_different()
    };
    payload.content.policy = Some(Box::new(same));
    let mail = Texts::new().render(MessageKind::PolicyChanged, &payload).unwrap();
    assert!(!mail.text.contains('→') && !mail.text.contains("Also:"), "{}", mail.text);
}

/// What a kind says beside its facts.
fn news_of(kind: MessageKind, locale: Locale) -> Payload {
    let mut payload = news(locale);
    match kind {
        MessageKind::PolicyChanged => payload.content.policy = Some(Box::new(all_different())),
        MessageKind::MasterAdminsChanged => {
            let (step, before) = (RosterStep::HoldsTheAccount, None);
            payload.content.roster = Some(RosterChange { step, whom: Some("Bea".to_owned()), before });
        }
        _ => {}
    }
    payload
}

#[test]
fn every_kind_is_whole_in_every_language_and_only_english_is_in_english() {
    let texts = Texts::new();
    for kind in KINDS {
        let english = texts.render(kind, &news_of(kind, Locale::En)).unwrap();
        let lines = |mail: &Rendered| mail.text.lines().map(str::to_owned).collect::<Vec<_>>();
        for locale in LOCALES {
            let tag = locale.tag();
            let mail = texts.render(kind, &news_of(kind, locale)).unwrap();
            assert_eq!(mail.language, tag);
            assert!(
                mail.html.starts_with(&format!("<!doctype html>\n<html lang=\"{tag}\">")),
                "{}",
                mail.html
            );
            assert_eq!(lines(&mail).len(), lines(&english).len(), "{tag} {kind:?}\n{}", mail.text);
            for part in ["Acme", "Rescue", "Ada", "ada.l", "lost phone", "Eve", "1970"] {
                assert!(mail.text.contains(part) && mail.html.contains(part), "{tag} {kind:?}: {part}");
            }
            assert!(!mail.text.contains(['{', '}', '\u{2068}']), "{tag} {kind:?}\n{}", mail.text);
            assert!(!mail.subject.contains("123"), "{tag} {kind:?}");
            // What is the same in both: the code, the link, and what is nobody's language.
            let common: Vec<_> =
                lines(&mail).into_iter().filter(|line| lines(&english).contains(line)).collect();
            let words = common.iter().filter(|line| line.contains(' ') && !line.starts_with("--")).count();
            assert!(locale == Locale::En || words <= 1, "{tag} {kind:?}: {common:?}");
        }
    }
}

#[test]
fn instants_are_written_in_the_way_of_each_language() {
    for (locale, month_s_first, later) in [
        (Locale::En, "1 January 1970, 01:05 CET (UTC+01:00)", "24 November 2026, 22:49 CET (UTC+01:00)"),
        (
            Locale::De,
            "1. Januar 1970, 01:05 Uhr CET (UTC+01:00)",
            "24. November 2026, 22:49 Uhr CET (UTC+01:00)",
        ),
        (Locale::Fr, "1er janvier 1970 à 01:05 CET (UTC+01:00)", "24 novembre 2026 à 22:49 CET (UTC+01:00)"),
        (
            Locale::Es,
            "1 de enero de 1970, 01:05 CET (UTC+01:00)",
            "24 de noviembre de 2026, 22:49 CET (UTC+01:00)",
        ),
        (Locale::Hu, "1970. január 1. 01:05 CET (UTC+01:00)", "2026. november 24. 22:49 CET (UTC+01:00)"),
    ] {
        let mut payload = payload("Ada");
        payload.locale = locale;
        payload.time_zone = TimeZone("Europe/Budapest".to_owned());
        let first = Texts::new().render(MessageKind::SignInCode, &payload).unwrap();
        assert!(first.text.contains(month_s_first), "{}", first.text);
        payload.content.at = Some("2026-11-24T21:49:00Z".parse().unwrap());
        let mail = Texts::new().render(MessageKind::SignInCode, &payload).unwrap();
        assert!(mail.text.contains(later) && mail.html.contains(later), "{}", mail.text);
    }
}
