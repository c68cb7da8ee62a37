//! Caps on texts: past one nobody is texted, people read what else they can do, and the operator is told (S14).

use std::time::Duration;

use futures::StreamExt as _;
use twostep_api::{
    ConfirmCode, ConfirmContact, Method, ProofKind, SmsCountries, StartSetUp, VerifyEmail, VerifyPhone,
};
use twostep_client::AuditPage;
use twostep_tests::harness::{Message, Product as _};
use twostep_tests::story::{Latest, Pending, Stage, require_everybody};

use crate::message_trouble::{page, wait_for};

#[tokio::test]
async fn s14_a_company_s_texts_stop_at_their_cap_and_its_mails_go_on() {
    let cap = vec![("TWOSTEP_TEXTS__PER_DAY", "3".into())];
    let mut stage = Stage::open_in("cap", cap).await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let number = "+4915123456789";
    // The number's proof and the notice that it was added are two texts.
    let edit = &ann.session;
    edit.start_set_up(&StartSetUp::default()).await.unwrap();
    edit.set_up_phone(&VerifyPhone { number: number.to_owned() }).await.unwrap();
    let text = stage.inbox.next_that(number, 0, |text| text.code.is_some()).await.unwrap();
    edit.confirm_phone(&ConfirmCode { code: text.code.unwrap() }).await.unwrap();
    edit.activate().await.unwrap();
    let noticed = stage.inbox.next_that(number, text.id, |_| true).await.unwrap();

    let pending = stage.sign_in(ann.login()).await.unwrap();
    stage.product.advance(31).await.unwrap();
    stage.sent_code(&pending, Method::Sms, number).await.unwrap();
    let last = stage.last(number).await.unwrap();
    assert!(last > noticed.id);
    for _ in 0..2 {
        stage.product.advance(31).await.unwrap();
        let events = pending.api.sign_in_deliveries(pending.id).await.unwrap();
        let mut events = std::pin::pin!(events);
        // The one before has its outcome: else the restart might send it once more.
        while events.next().await.unwrap().unwrap().state == "requested" {}
        pending.send(Method::Sms).await.unwrap();
        let ends = async { while events.next().await.unwrap().unwrap().state != "failed" {} };
        tokio::time::timeout(Duration::from_secs(20), ends).await.expect("it never failed");
        let metrics = stage.metrics().await.unwrap();
        assert!(metrics.contains(r#"twostep_texts_refused_total{limit="day"} 1"#), "{metrics}");
        stage.restart().await.unwrap();
    }
    let texts = stage.inbox.all(number).await.unwrap();
    assert_eq!(texts.last().unwrap().id, last, "a text too many was sent: {texts:#?}");
    let code = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    pending.verify(ProofKind::Email, &code).await.unwrap();

    // The next day's texts go out.
    stage.product.advance(86_400).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    stage.sent_code(&pending, Method::Sms, number).await.unwrap();
}

/// Somebody new asks for a code to `number`, whose message ends as `state`.
async fn texted(stage: &Stage, name: &str, number: &str, state: &str) -> Pending {
    let (login, _) = stage.hire(name).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    pending.api.set_up_phone(&VerifyPhone { number: number.to_owned() }).await.unwrap();
    wait_for(&pending.api, ProofKind::Sms, state).await;
    pending
}

/// The metric and the log tell the operator that one text was kept back by `cap`, and nobody's number.
async fn told(stage: &Stage, cap: &str) {
    let metrics = stage.metrics().await.unwrap();
    let refused = format!(r#"twostep_texts_refused_total{{limit="{cap}"}} 1"#);
    assert!(metrics.contains(&refused), "{metrics}");
    let log = stage.product.output();
    let named = format!(r#""cap":"{cap}""#);
    let error = log.lines().find(|line| line.contains("ERROR") && line.contains(&named));
    let error = error.unwrap_or_else(|| panic!("the operator isn't told of the cap: {log}"));
    assert!(error.contains("somebody may be pumping texts, or the cap is too low"), "{error}");
    assert!(error.contains(r#""dialling_code":49"#) && !error.contains("1512"), "{error}");
}

#[tokio::test]
async fn s14_texts_to_one_prefix_and_to_one_dialling_code_stop_at_the_settings_caps() {
    let caps =
        vec![("TWOSTEP_TEXTS__PER_PREFIX", "1".into()), ("TWOSTEP_TEXTS__PER_DIALLING_CODE", "2".into())];
    let stage = Stage::open_in("caps", caps).await.unwrap();
    let countries = SmsCountries { countries: vec!["DE".into(), "AT".into()], reason: String::new() };
    stage.holder.save_sms_countries(stage.company, &countries).await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();
    let (first, beside) = ("+4915123456789", "+4915123450000");
    texted(&stage, "ann", first, "submitted").await;
    texted(&stage, "ben", beside, "failed").await;
    told(&stage, "prefix").await;
    // Another prefix is another cap; the dialling code's is reached with it.
    texted(&stage, "cid", "+4917612345678", "submitted").await;
    let last = "+4916012345678";
    let dan = texted(&stage, "dan", last, "failed").await;
    told(&stage, "dialling_code").await;
    texted(&stage, "eve", "+436641234567", "submitted").await;
    for (number, texts) in [(first, 1), (beside, 0), (last, 0)] {
        assert_eq!(stage.inbox.all(number).await.unwrap().len(), texts, "{number}");
    }

    // Dan reads what to do, and does it: a mailbox has no such cap.
    let page = page(&stage, &dan, "/set-up/phone/confirmation").await;
    assert!(
        page.contains("be delivered. Send it again, or type another number or choose another method."),
        "{page}"
    );
    let address = "dan@home.example";
    dan.api.set_up_email(&VerifyEmail { address: address.to_owned() }).await.unwrap();
    let mail = stage.inbox.next_that(address, 0, |mail| mail.code.is_some()).await.unwrap();
    dan.api.confirm_email(&ConfirmContact { code: mail.code }).await.unwrap();
}

/// How many people ask for codes that nobody types, and how often: together more than the fifty that are judged.
const PEOPLE: usize = 7;
const ROUNDS: usize = 8;

#[tokio::test]
async fn s14_master_admins_are_told_once_that_texts_which_nobody_types_were_stopped() {
    let stage = Stage::open("unused").await.unwrap();
    require_everybody(&stage.holder, stage.company).await.unwrap();
    let countries = SmsCountries { countries: vec!["DE".into(), "AT".into()], reason: String::new() };
    stage.holder.save_sms_countries(stage.company, &countries).await.unwrap();
    let mut people = Vec::new();
    for person in 0..PEOPLE {
        let (login, _) = stage.hire(&format!("p{person}")).await.unwrap();
        let pending = stage.sign_in(&login).await.unwrap();
        pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
        people.push((pending, format!("+4915123450{person:03}")));
    }
    for round in 0..ROUNDS {
        for (pending, number) in &people {
            pending.api.set_up_phone(&VerifyPhone { number: number.clone() }).await.unwrap();
            wait_for(&pending.api, ProofKind::Sms, "submitted").await;
        }
        // Five in ten minutes each, and no more.
        stage.product.advance(if round == 4 { 480 } else { 31 }).await.unwrap();
    }
    stage.product.advance(301).await.unwrap();
    texted(&stage, "late", "+4915123459999", "failed").await;
    texted(&stage, "later", "+4915123458888", "failed").await;
    // Where nobody has shown that they are of no use, texts go out.
    texted(&stage, "austrian", "+436641234567", "submitted").await;
    let stopped = AuditPage { event_type: Some("TextsStopped".to_owned()), ..AuditPage::default() };
    let stopped = stage.holder.audit_events(&stopped).await.unwrap().events;
    assert_eq!(stopped.len(), 1, "{stopped:?}");
    assert_eq!(stopped[0].data["dialling_code"], 49);
    let holder = stage.login("holder");
    let subject = |mail: &Message| {
        mail.subject.as_ref().is_some_and(|subject| subject.contains("Texts to one country stopped"))
    };
    let told = stage.inbox.next_that(&holder, 0, subject).await.unwrap();
    assert!(told.text.contains("the backup method"), "{}", told.text);
    let mails = stage.inbox.all(&holder).await.unwrap();
    assert_eq!(mails.iter().filter(|mail| subject(mail)).count(), 1);
}
