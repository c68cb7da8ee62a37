//! Messages that ended badly: the operator sees them, mends what was wrong, and sends them once more.

use serde_json::{Value, json};
use twostep_api::Method;
use twostep_tests::harness::{Product as _, operate};
use twostep_tests::story::Stage;

use crate::message_trouble::PATIENCE;

/// `twostep dead-letters`: whether it was done, what it printed, what it said on standard error.
fn dead_letters(stage: &Stage, arguments: &[&str]) -> (bool, String, String) {
    let arguments = [&["dead-letters"], arguments].concat();
    let output = operate(&stage.product.data(), &arguments).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// The list as JSON.
fn listed(stage: &Stage) -> Vec<Value> {
    let output = operate(&stage.product.data(), &["--output", "json", "dead-letters", "list"]).unwrap();
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    listed["dead_letters"].as_array().unwrap().clone()
}

/// The list once it has so many.
async fn listed_once_there_are(stage: &Stage, number: usize) -> Vec<Value> {
    let looks = async {
        loop {
            let listed = listed(stage);
            if listed.len() == number {
                return listed;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, looks).await.unwrap_or_else(|_| panic!("{:?}", listed(stage)))
}

/// What says that two-step verification is on is out of the way.
async fn notice_arrived(stage: &Stage, address: &str) {
    stage.inbox.next_that(address, 0, |mail| mail.code.is_none()).await.unwrap();
}

fn id(letter: &Value) -> &str {
    letter["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_refused_mail_is_listed_and_arrives_once_when_the_operator_sends_it_again() {
    let mut stage = Stage::open("dead").await.unwrap();
    let (login, other) = (stage.login("ann"), stage.login("bob"));
    let refuses = json!({ "mail": [{ "stage": "rcpt", "address": login, "reply": 550 }] });
    stage.inbox.misbehave(&refuses).await.unwrap();
    let invited = stage.holder.invite_member(stage.company, &stage.invitation("ann")).await.unwrap();

    let letters = listed_once_there_are(&stage, 1).await;
    let letter = &letters[0];
    for (field, value) in [
        ("company", json!("dead")),
        ("channel", json!("email")),
        ("kind", json!("invitation")),
        ("error", json!("rejected")),
        ("attempts", json!(1)),
        ("recipient", json!(invited.id)),
        ("may_be_redriven", json!(true)),
    ] {
        assert_eq!(letter[field], value, "{field}: {letter}");
    }
    let (_, printed, _) = dead_letters(&stage, &["list"]);
    assert!(printed.contains(id(letter)) && printed.contains("may be redriven"), "{printed}");
    let (_, shown, _) = dead_letters(&stage, &["show", id(letter)]);
    assert!(shown.contains("550"), "{shown}");
    for text in [&printed, &shown, &letter.to_string()] {
        assert!(!text.contains(&login) && !text.contains("http"), "it names an address or a link: {text}");
    }

    // While nothing is mended it ends the same way again.
    let (_, said, _) = dead_letters(&stage, &["redrive", id(letter), "--reason", "hope"]);
    assert!(said.contains("on its way again"), "{said}");
    let again = listed_once_there_are(&stage, 1).await;
    assert_eq!((id(&again[0]), &again[0]["attempts"]), (id(letter), &json!(1)));

    stage.inbox.misbehave(&json!({})).await.unwrap();
    let (_, nothing, _) = dead_letters(&stage, &["redrive", "--by-error", "unknown", "--reason", "mended"]);
    assert!(nothing.contains("nothing to send"), "{nothing}");
    let (done, said, error) =
        dead_letters(&stage, &["redrive", "--by-error", "rejected", "--reason", "mended"]);
    assert!(done && said.contains(id(letter)), "{said}{error}");
    let mail = stage.inbox.next_that(&login, 0, |mail| !mail.links.is_empty()).await.unwrap();
    // The link is the one that the log knows.
    stage.product.api().unwrap().invitation(&mail.link_token().unwrap()).await.unwrap();
    let (done, _, error) = dead_letters(&stage, &["redrive", id(letter), "--reason", "again"]);
    assert!(!done && error.contains("it may be on its way again, or have arrived"), "{error}");

    // The relay reads all of it again, and sends nothing twice.
    stage.restart().await.unwrap();
    stage.invite("bob").await.unwrap();
    assert_eq!(stage.inbox.all(&other).await.unwrap().len(), 1);
    assert_eq!(stage.inbox.all(&login).await.unwrap().len(), 1, "it was sent twice");
    assert_eq!(listed(&stage), Vec::<Value>::new());
}

#[tokio::test]
async fn a_code_that_died_is_never_sent_again() {
    let stage = Stage::enforcing("died").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let address = ann.backup();
    notice_arrived(&stage, &address).await;
    let arrived = stage.inbox.all(&address).await.unwrap().len();
    let refuses = json!({ "mail": [{ "stage": "rcpt", "address": address, "reply": 550 }] });
    stage.inbox.misbehave(&refuses).await.unwrap();
    stage.product.advance(31).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    pending.send(Method::Email).await.unwrap();
    let letters = listed_once_there_are(&stage, 1).await;
    assert_eq!(letters[0]["kind"], json!("sign_in_code"));

    stage.inbox.misbehave(&json!({})).await.unwrap();
    stage.product.advance(300).await.unwrap();
    assert_eq!(listed(&stage)[0]["may_be_redriven"], json!(false));
    let (done, _, error) = dead_letters(&stage, &["redrive", id(&letters[0]), "--reason", "late"]);
    assert!(!done && error.contains("has died"), "{error}");
    let (done, said, _) = dead_letters(&stage, &["redrive", "--all", "--reason", "late"]);
    assert!(done && said.contains("nothing to send"), "{said}");
    assert_eq!(stage.inbox.all(&address).await.unwrap().len(), arrived);
}

#[tokio::test]
async fn a_code_that_still_lives_is_sent_again_and_works() {
    let stage = Stage::enforcing("lives").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let address = ann.backup();
    notice_arrived(&stage, &address).await;
    let refuses = json!({ "mail": [{ "stage": "rcpt", "address": address, "reply": 550 }] });
    stage.inbox.misbehave(&refuses).await.unwrap();
    stage.product.advance(31).await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let before = stage.last(&address).await.unwrap();
    pending.send(Method::Email).await.unwrap();
    listed_once_there_are(&stage, 1).await;
    stage.inbox.misbehave(&json!({})).await.unwrap();
    let (done, _, error) = dead_letters(&stage, &["redrive", "--all", "--reason", "mended"]);
    assert!(done, "{error}");
    let mail = stage.inbox.next_that(&address, before, |mail| mail.code.is_some()).await.unwrap();
    pending.verify(twostep_api::ProofKind::Email, &mail.code.unwrap()).await.unwrap();
}

#[test]
fn whoever_sends_something_again_says_what_and_why() {
    for arguments in [
        &["redrive", "--all"][..],
        &["redrive", "--reason", "x"],
        &["redrive", "--all", "--by-error", "unknown", "--reason", "x"],
    ] {
        let arguments = [&["dead-letters"], arguments].concat();
        let output = operate(std::path::Path::new("/nowhere"), &arguments).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
