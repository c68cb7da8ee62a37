//! Who is told what: whoever was there when it happened, and nobody who came later.

use serde_json::json;
use twostep_api::{ClientKind, Method, ProblemType, ResetMembers, Role, StartSetUp};
use twostep_client::Error;
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Stage, front, member_of};
use uuid::Uuid;

/// How the subject of a started set-up begins.
const STARTED: &str = "Two-step verification is being set up";

#[tokio::test]
async fn a_restart_tells_nobody_what_happened_before_they_were_there() {
    let mut stage = Stage::enforcing("before").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let backup = ann.backup();
    stage.told(&backup, 0, "Two-step verification is on").await.unwrap();
    // To whoever is a Master Admin now and was none when the policy was saved.
    let late = stage.login("late");
    let (product, inbox, roles) = (&stage.product, &stage.inbox, [Role::MasterAdmin]);
    member_of(product, inbox, &stage.holder, stage.company, &late, &roles, None).await.unwrap();
    stage.restart().await.unwrap();

    // Notices leave in the order of what they tell: when this one is there, the older ones have had their turn.
    let reset = ResetMembers { members: vec![ann.id], reason: "a test".to_owned() };
    let before = stage.last(&backup).await.unwrap();
    stage.holder.reset_members(stage.company, &reset).await.unwrap();
    stage.told(&backup, before, "Your two-step verification").await.unwrap();
    let wrong = |subject: &str| subject.contains("being set up") || subject.contains("password");
    for mail in stage.inbox.all(&backup).await.unwrap() {
        let subject = mail.subject.unwrap_or_default();
        assert!(!wrong(&subject), "the backup address was told: {subject}");
    }
    for mail in stage.inbox.all(&late).await.unwrap() {
        let subject = mail.subject.unwrap_or_default();
        assert!(!subject.contains("policy"), "the new Master Admin was told: {subject}");
    }
}

#[tokio::test]
async fn people_reset_with_one_key_are_all_told_also_when_the_mail_server_is_busy() {
    let stage = Stage::open("at-once").await.unwrap();
    let mut people = Vec::new();
    for name in ["ann", "ben"] {
        people.push(stage.hire(name).await.unwrap());
    }
    // Both notices fail once and come from their intents again.
    let busy: Vec<_> = people
        .iter()
        .map(|(login, _)| json!({ "stage": "rcpt", "address": login, "reply": 450, "times": 1 }))
        .collect();
    stage.inbox.misbehave(&json!({ "mail": busy })).await.unwrap();
    let members = people.iter().map(|(_, id)| *id).collect();
    let reset = ResetMembers { members, reason: "a test".to_owned() };
    let once = stage.holder.with_idempotency_key(Uuid::from_u128(1));
    once.reset_members(stage.company, &reset).await.unwrap();
    for (login, _) in &people {
        stage.told(login, 0, "Your two-step verification").await.unwrap();
    }
}

#[tokio::test]
async fn s14_whoever_knows_the_password_can_not_flood_the_work_address_with_started_set_ups() {
    let stage = Stage::enforcing("flood").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let mut started = 0;
    for _ in 0..4 {
        let pending = stage.sign_in(&login).await.unwrap();
        for _ in 0..10 {
            match pending.api.start_set_up(&StartSetUp::default()).await {
                Ok(_) => started += 1,
                Err(Error::Problem(problem)) => {
                    assert_eq!((problem.kind, problem.status), (ProblemType::TooSoon, 429));
                    let wait = problem.next_at.unwrap() - stage.product.now().await.unwrap();
                    assert!((500..=600).contains(&wait.num_seconds()), "{wait}");
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert_eq!(started, 5);
    // Notices leave in their order: when the sixth is there, the others have had their turn.
    stage.product.advance(601).await.unwrap();
    let pending = stage.sign_in(&login).await.unwrap();
    pending.api.start_set_up(&StartSetUp::default()).await.unwrap();
    let mut last = 0;
    for _ in 0..6 {
        last = stage.told(&login, last, STARTED).await.unwrap().id;
    }
    let told = stage.inbox.all(&login).await.unwrap();
    let of_starts =
        told.iter().filter(|mail| mail.subject.as_deref().is_some_and(|it| it.starts_with(STARTED)));
    assert_eq!(of_starts.count(), 6);
}

#[tokio::test]
async fn a_mail_says_which_client_was_used_and_an_administrator_s_reason() {
    let stage = Stage::enforcing("told").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let backup = ann.backup();
    for (kind, client) in [(ClientKind::Web, "the website"), (ClientKind::Console, "the Technician Console")]
    {
        stage.product.advance(31).await.unwrap();
        let pending =
            stage.sign_in_with(ann.login(), front(kind, &[Method::App, Method::Email])).await.unwrap();
        let before = stage.last(&backup).await.unwrap();
        pending.send(Method::Email).await.unwrap();
        let mail = stage.inbox.next_that(&backup, before, |mail| mail.code.is_some()).await.unwrap();
        assert!(mail.text.contains(&format!("Using: {client}")), "{}", mail.text);
    }
    let activated = stage.told(&backup, 0, "Two-step verification is on").await.unwrap();
    assert!(activated.text.contains("Using: the website"), "{}", activated.text);

    let reason = "the phone\nis lost".to_owned();
    stage.holder.reset_members(stage.company, &ResetMembers { members: vec![ann.id], reason }).await.unwrap();
    let reset = stage.told(ann.login(), 0, "Your two-step verification").await.unwrap();
    assert!(reset.text.contains("Reason: the phone is lost"), "{}", reset.text);
    // What an administrator used says nothing to whom it happens.
    assert!(!reset.text.contains("Using:"), "{}", reset.text);
}

#[tokio::test]
async fn a_reason_that_holds_a_link_is_not_mailed_on() {
    let stage = Stage::open("bait").await.unwrap();
    let (login, id) = stage.hire("ann").await.unwrap();
    let reason = "verify again at\nhttps://login.evil.example/x".to_owned();
    stage.holder.reset_members(stage.company, &ResetMembers { members: vec![id], reason }).await.unwrap();
    let reset = stage.told(&login, 0, "Your two-step verification").await.unwrap();
    for said in ["evil", "verify again", "Reason:"] {
        assert!(!reset.text.contains(said), "{}", reset.text);
    }
}

#[tokio::test]
async fn the_mail_about_a_changed_policy_promises_nothing_that_the_policy_page_can_not_do() {
    let stage = Stage::enforcing("promise").await.unwrap();
    let mail = stage.told(&stage.login("holder"), 0, "The verification policy").await.unwrap();
    assert!(mail.text.contains("shows what is in force") && !mail.text.contains("undone"), "{}", mail.text);
}
