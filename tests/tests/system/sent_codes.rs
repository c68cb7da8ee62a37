//! Mailed and texted codes.

use reqwest::Method as Verb;
use twostep_api::{
    ConfirmCode, ConfirmContact, Method, Policy, ProblemType, ProofKind, SmsCountries, StartSetUp,
    VerifyEmail, VerifyPhone,
};
use twostep_client::Error;
use twostep_tests::harness::{Plain, Product as _};
use twostep_tests::story::{Latest, Stage, refused, save_policy};

/// Six digits that aren't `code`.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn s4_a_sent_code_dies_after_five_minutes_and_after_five_wrong_tries() {
    let stage = Stage::enforcing("life").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let late = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    stage.product.advance(301).await.unwrap();
    refused(pending.verify(ProofKind::Email, &late).await, ProblemType::CodeExpired).unwrap();
    let tried = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    for _ in 0..5 {
        refused(pending.verify(ProofKind::Email, &other(&tried)).await, ProblemType::CodeRejected).unwrap();
        stage.product.advance(10).await.unwrap();
    }
    refused(pending.verify(ProofKind::Email, &tried).await, ProblemType::CodeRejected).unwrap();
    stage.product.advance(31).await.unwrap();
    let fresh = stage.sent_code(&pending, Method::Email, &ann.backup()).await.unwrap();
    pending.verify(ProofKind::Email, &fresh).await.unwrap();
    let longer =
        save_policy(&stage.holder, stage.company, |policy| Policy { code_life_seconds: 601, ..policy });
    assert!(longer.await.is_err(), "a code may live longer than ten minutes");
}

#[tokio::test]
async fn s4_leading_zeros_are_kept_all_the_way() {
    let stage = Stage::enforcing("zeros").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    // A tenth of the codes: within 150 tries one comes, but for one run in ten million.
    for _ in 0..150 {
        let step_up = stage.step_up(&ann.session).await.unwrap();
        let code = stage.sent_code(&step_up, Method::Email, &ann.backup()).await.unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        let zero = code.starts_with('0');
        if zero {
            refused(step_up.verify(ProofKind::Email, &code[1..]).await, ProblemType::InvalidFields).unwrap();
        }
        step_up.verify(ProofKind::Email, &code).await.unwrap();
        if zero {
            return;
        }
    }
    panic!("no code began with 0");
}

#[tokio::test]
async fn s6_a_code_of_another_sign_in_method_person_or_purpose_does_not_work() {
    let stage = Stage::enforcing("bound").await.unwrap();
    let (ann, bob) = (stage.technician("ann").await.unwrap(), stage.technician("bob").await.unwrap());
    // Ann gets a number, too, and begins to change her address.
    let edit = &ann.session;
    edit.start_set_up(&StartSetUp::default()).await.unwrap();
    edit.set_up_phone(&VerifyPhone { number: "+4915123456789".to_owned() }).await.unwrap();
    let text = stage.inbox.next_that("+4915123456789", 0, |text| text.code.is_some()).await.unwrap();
    edit.confirm_phone(&ConfirmCode { code: text.code.unwrap() }).await.unwrap();
    edit.activate().await.unwrap();
    edit.start_set_up(&StartSetUp::default()).await.unwrap();
    let address = "new.ann@bound.example";
    edit.set_up_email(&VerifyEmail { address: address.to_owned() }).await.unwrap();
    let mail = stage.inbox.next_that(address, 0, |mail| mail.code.is_some()).await.unwrap();
    let set_up_code = mail.code.unwrap();

    let mine = stage.sign_in(ann.login()).await.unwrap();
    let code = stage.sent_code(&mine, Method::Email, &ann.backup()).await.unwrap();
    let another = stage.sign_in(ann.login()).await.unwrap();
    let step_up = stage.step_up(&ann.session).await.unwrap();
    let hers = stage.sign_in(bob.login()).await.unwrap();
    let wrong = ProblemType::CodeRejected;
    refused(hers.verify(ProofKind::Email, &code).await, wrong).unwrap();
    refused(another.verify(ProofKind::Email, &code).await, wrong).unwrap();
    refused(mine.verify(ProofKind::Sms, &code).await, wrong).unwrap();
    refused(step_up.verify(ProofKind::Email, &code).await, wrong).unwrap();
    stage.product.advance(2).await.unwrap();
    refused(edit.confirm_email(&ConfirmContact { code: Some(code.clone()) }).await, wrong).unwrap();
    stage.product.advance(3).await.unwrap();
    refused(mine.verify(ProofKind::Email, &set_up_code).await, wrong).unwrap();
    stage.product.advance(5).await.unwrap();
    // Other people's sign-ins aren't there, whatever their id.
    let verify = twostep_api::Verify { method: ProofKind::Email, code: code.clone() };
    refused(hers.api.verify(mine.id, &verify).await, ProblemType::NotFound).unwrap();
    refused(another.api.verify(mine.id, &verify).await, ProblemType::NotFound).unwrap();
    mine.verify(ProofKind::Email, &code).await.unwrap();
}

#[tokio::test]
async fn s14_one_send_in_30_seconds_and_five_in_10_minutes_whoever_asks() {
    let stage = Stage::enforcing("sends").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    for send in 0..5 {
        // A new sign-in each time, and one that wasn't followed by a send: neither gives a fresh budget.
        let pending = stage.sign_in(ann.login()).await.unwrap();
        let sent = pending.send(Method::Email).await.unwrap();
        let now = stage.product.now().await.unwrap();
        let wait = (sent.next_send_at - now).num_seconds();
        assert!(if send < 4 { (25..=30).contains(&wait) } else { wait > 300 }, "after {send}: {wait} s");
        let again = stage.sign_in(ann.login()).await.unwrap();
        refused(again.send(Method::Email).await, ProblemType::TooSoon).unwrap();
        stage.product.advance(31).await.unwrap();
    }
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let Err(Error::Problem(problem)) = pending.send(Method::Email).await else { panic!("a sixth was sent") };
    assert_eq!(problem.kind, ProblemType::TooSoon);
    let wait = (problem.next_at.unwrap() - stage.product.now().await.unwrap()).num_seconds();
    stage.product.advance(wait + 1).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    pending.send(Method::Email).await.unwrap();
}

/// At most so many sends in so many seconds (S14).
const LIMITS: [(usize, i64); 4] = [(1, 30), (5, 600), (8, 3_600), (20, 86_400)];

/// When the next send is possible after sends at these times, oldest first.
fn opens_at(sent: &[i64]) -> i64 {
    let opens =
        LIMITS.iter().filter_map(|(most, seconds)| Some(sent[sent.len().checked_sub(*most)?] + seconds));
    opens.max().unwrap_or(0)
}

#[tokio::test]
async fn s14_eight_sends_in_an_hour_and_twenty_in_a_day_resends_and_failed_ones_included() {
    let stage = Stage::enforcing("budget").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    // What is never delivered was sent all the same.
    let away = serde_json::json!({ "mail": [{ "address": ann.backup(), "stage": "rcpt", "reply": 550 }] });
    stage.inbox.misbehave(&away).await.unwrap();
    let (mut sent, mut resent) = (Vec::new(), 0);
    let mut pending = stage.sign_in(ann.login()).await.unwrap();
    while sent.len() < 21 {
        // A sign-in of its own now and then: it gives no fresh budget.
        if sent.len() % 3 == 0 || pending.api.sign_in(pending.id).await.is_err() {
            pending = stage.sign_in(ann.login()).await.unwrap();
        }
        let before = stage.product.now().await.unwrap().timestamp();
        match pending.send(Method::Email).await {
            Ok(code) => {
                assert!(before + 2 >= opens_at(&sent), "{before} is too early after {sent:?}");
                resent += usize::from(code.same_code);
                sent.push(before);
                let told = code.next_send_at.timestamp();
                assert!((told - opens_at(&sent)).abs() <= 3, "{told} was told after {sent:?}");
            }
            Err(Error::Problem(problem)) => {
                assert_eq!(problem.kind, ProblemType::TooSoon);
                let told = problem.next_at.unwrap().timestamp();
                assert!((told - opens_at(&sent)).abs() <= 3, "{told} was told after {sent:?}");
                stage.product.advance(told - before + 1).await.unwrap();
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(resent > 0, "nothing was sent again");
    assert!(sent[8] - sent[0] >= 3_598 && sent[20] - sent[0] >= 86_398, "{sent:?}");
}

#[tokio::test]
async fn s14_texts_go_to_mobile_numbers_of_allowed_countries_only() {
    let stage = Stage::enforcing("texts").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let text =
        async |number: &str| pending.api.set_up_phone(&VerifyPhone { number: number.to_owned() }).await;
    // Premium, toll-free, fixed, another country, a satellite, nonsense.
    for number in
        ["+499001234567", "+498001234567", "+4930123456", "+436641234567", "+881612345678", "+49", "0", ""]
    {
        refused(text(number).await, ProblemType::InvalidFields).unwrap();
    }
    let countries = |countries: &[&str]| SmsCountries {
        countries: countries.iter().map(|it| (*it).into()).collect(),
        reason: String::new(),
    };
    stage.holder.save_sms_countries(stage.company, &countries(&["AT"])).await.unwrap();
    refused(text("+4915123456789").await, ProblemType::InvalidFields).unwrap();
    text("+436641234567").await.unwrap();
    assert!(stage.inbox.all("+4915123456789").await.unwrap().is_empty());
}

#[tokio::test]
async fn s14_a_country_taken_off_the_list_stops_texts_to_numbers_proven_before() {
    let stage = Stage::enforcing("off-list").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let number = "+4915123456789";
    let edit = &ann.session;
    edit.start_set_up(&StartSetUp::default()).await.unwrap();
    edit.set_up_phone(&VerifyPhone { number: number.to_owned() }).await.unwrap();
    let text = stage.inbox.next_that(number, 0, |text| text.code.is_some()).await.unwrap();
    edit.confirm_phone(&ConfirmCode { code: text.code.unwrap() }).await.unwrap();
    edit.activate().await.unwrap();
    stage.product.advance(31).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    stage.sent_code(&pending, Method::Sms, number).await.unwrap();
    let before = stage.last(number).await.unwrap();

    let countries = SmsCountries { countries: vec!["AT".into()], reason: String::new() };
    stage.holder.save_sms_countries(stage.company, &countries).await.unwrap();
    stage.product.advance(31).await.unwrap();
    let step_up = stage.step_up(&ann.session).await.unwrap();
    // Neither the same code again nor a new one.
    for asked in [&pending, &step_up] {
        let Err(Error::Problem(problem)) = asked.send(Method::Sms).await else { panic!("a text was sent") };
        assert_eq!(problem.kind, ProblemType::InvalidFields);
        let told = &problem.fields[0].message;
        assert!(told.contains("another method"), "{told}");
    }
    assert_eq!(stage.last(number).await.unwrap(), before);
    // The way on that the refusal names.
    let code = ann.next_code(&stage).await.unwrap();
    let session = pending.verify(ProofKind::App, &code).await.unwrap().token.unwrap();
    let session = stage.product.api().unwrap().with_token(&session);

    // Nor a notice, whose mails arrive.
    let mailed = stage.last(&ann.backup()).await.unwrap();
    session.make_recovery_codes().await.unwrap();
    stage.told(&ann.backup(), mailed, "Your verification methods").await.unwrap();
    let countries = SmsCountries { countries: vec!["DE".into()], reason: String::new() };
    stage.holder.save_sms_countries(stage.company, &countries).await.unwrap();
    session.start_set_up(&StartSetUp::default()).await.unwrap();
    // Notices leave in their order: the first text since is the one that the country is back for.
    let first = stage.inbox.next_that(number, before, |_| true).await.unwrap();
    assert!(first.text.contains("being set up"), "{first:?}");
}

#[tokio::test]
async fn s10_no_answer_but_the_showing_one_holds_a_code() {
    let stage = Stage::enforcing("silent").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let plain = Plain::new(&stage.product.url()).unwrap();
    let before = stage.last(&ann.backup()).await.unwrap();
    let path = format!("/api/v1/sign-ins/{}/codes", pending.id);
    let sent = plain.post(&path, Some(&pending.token), r#"{"method":"email"}"#).await.unwrap();
    assert_eq!(sent.status, 202, "{}", sent.body);
    let mail = stage.inbox.next_that(&ann.backup(), before, |mail| mail.code.is_some()).await.unwrap();
    let code = mail.code.unwrap();
    let path = format!("/api/v1/sign-ins/{}", pending.id);
    let standing = plain.send(Verb::GET, &path, Some(&pending.token)).await.unwrap();
    for answer in [&sent, &standing] {
        assert!(!answer.body.contains(&code), "the code is in {}", answer.body);
        assert!(!answer.body.contains(&ann.backup()), "the address is in {}", answer.body);
        let headers = format!("{:?}", answer.headers);
        assert!(!headers.contains(&code), "the code is in {headers}");
    }
}
