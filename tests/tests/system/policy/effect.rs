//! Saving a policy says who must set up, and who would be stuck in an old Technician Console (fact 13).

use std::collections::BTreeSet;

use anyhow::Context as _;
use twostep_api::{
    ChangeStanding, ClientKind, Method, Policy, PolicyEffect, ProofKind, PutPolicy, Role, Technicians,
    Transition,
};
use twostep_client::Client;
use twostep_tests::harness::Product as _;
use twostep_tests::story::{
    Browser, Latest as _, Stage, front, member_of, password, sign_in, with_a_mailbox,
};

#[tokio::test]
async fn saving_a_policy_says_who_must_set_up_and_who_is_stuck_in_an_old_console() {
    let stage = Stage::open("stuck").await.unwrap();
    let effect = save(&stage, Transition::Lossless, mail(&[ProofKind::Printed])).await.unwrap();
    assert_eq!(counts(&effect), (0, 0, 0, 0), "{effect:?}");

    let (ann, _) = with_a_mailbox(&stage, "ann").await.unwrap();
    let (bob, _) = with_a_mailbox(&stage, "bob").await.unwrap();
    stage.hire("cat").await.unwrap();
    let (_, dan) = stage.hire("dan").await.unwrap();
    let away = ChangeStanding { enabled: false, reason: String::new() };
    stage.holder.save_standing(stage.company, dan, &away).await.unwrap();
    let old = front(ClientKind::Console, &[Method::App, Method::Sms]);
    stage.sign_in_with(&ann, old).await.unwrap();
    let new = front(ClientKind::Console, &[Method::App, Method::Sms, Method::Email]);
    stage.sign_in_with(&bob, new).await.unwrap();

    // Dan is disabled, Bob's console shows e-mail, and Cat could set up nothing that an old one shows.
    let change = |policy| Policy { code_life_seconds: 240, ..mail(&[ProofKind::Printed])(policy) };
    let effect = save(&stage, Transition::Lossless, change).await.unwrap();
    assert_eq!(counts(&effect), (3, 1, 2, 1), "{effect:?}");
    assert_eq!(names(&effect), [("Person ann", true), ("Person cat", false)]);
    assert_eq!(effect, stage.holder.policy_effect(stage.company).await.unwrap());
    names_are_masked_for_auditors(&stage, &effect).await.unwrap();

    // Cat may choose the app now; Ann has what she has.
    let apps = mail(&[ProofKind::App, ProofKind::Printed]);
    let effect = save(&stage, Transition::Lossless, apps).await.unwrap();
    assert_eq!((counts(&effect), names(&effect)), ((3, 1, 1, 1), vec![("Person ann", true)]));
    // The app is what everybody lacks, and what every console shows.
    let app = |policy| Policy { primary: Method::App, ..mail(&[ProofKind::Email])(policy) };
    let effect = save(&stage, Transition::Lossless, app).await.unwrap();
    assert_eq!(counts(&effect), (3, 3, 0, 0), "{effect:?}");
    // After a reset everybody is as free to choose as Cat was.
    let effect = save(&stage, Transition::Reset, mail(&[ProofKind::App])).await.unwrap();
    assert_eq!(counts(&effect), (3, 3, 0, 0), "{effect:?}");
    let nobody = |policy| Policy { technicians: Technicians::None, ..policy };
    let effect = save(&stage, Transition::Lossless, nobody).await.unwrap();
    assert_eq!(counts(&effect), (0, 0, 0, 0), "{effect:?}");
}

#[tokio::test]
async fn whoever_is_left_without_a_backup_is_named_to_whoever_took_it_from_the_policy() {
    let stage = Stage::enforcing("left").await.unwrap();
    stage.technician("ann").await.unwrap();
    stage.hire("bob").await.unwrap();
    let backups = |kinds: &[ProofKind]| {
        let backups = kinds.to_vec();
        |policy| Policy { backups, ..policy }
    };
    let effect =
        save(&stage, Transition::Lossless, backups(&[ProofKind::Email, ProofKind::Sms])).await.unwrap();
    assert_eq!((effect.without_backup, effect.without_backup_people), (0, vec![]));
    // Ann's e-mail isn't offered any more; Bob, who has nothing yet, sets up both.
    let effect = save(&stage, Transition::Lossless, backups(&[ProofKind::Sms])).await.unwrap();
    let named: Vec<_> = effect.without_backup_people.iter().map(|person| person.name.as_deref()).collect();
    assert_eq!((effect.without_backup, named), (1, vec![Some("Person ann")]));
    let mut browser = Browser::new(&stage.product).unwrap();
    browser.sign_in(&stage.slug, &stage.login("holder"), &password("holder")).await.unwrap();
    let settings = browser.open("/settings/two-step").await.unwrap();
    assert!(settings.says("1 person has no backup that is allowed: Person ann."), "{}", settings.html);
    // Her address as the primary: the app beside it is a backup once it is allowed.
    let mail = |policy| Policy { primary: Method::Email, ..policy };
    let effect = save(&stage, Transition::Lossless, mail).await.unwrap();
    assert_eq!(effect.without_backup, 1);
    let effect = save(&stage, Transition::Lossless, backups(&[ProofKind::App])).await.unwrap();
    assert_eq!(effect.without_backup, 0);
}

#[tokio::test]
async fn the_page_after_save_changes_says_who_is_stuck_and_what_to_do() {
    let stage = Stage::open("told").await.unwrap();
    stage.hire("ann").await.unwrap();
    let mut browser = Browser::new(&stage.product).unwrap();
    browser.sign_in(&stage.slug, &stage.login("holder"), &password("holder")).await.unwrap();
    let settings = browser.open("/settings/two-step").await.unwrap();
    assert!(settings.says("Nobody is covered. Nobody has to set anything up."), "{}", settings.html);
    let save = [
        ("technicians", "all"),
        ("primary", "email"),
        ("backup", "printed"),
        ("code_life_seconds", "300"),
        ("transition", "lossless"),
        ("reason", "a test"),
    ];
    let saved = browser.send(&settings, "/settings/two-step", &save).await.unwrap();
    assert!(saved.says("Changes saved"), "{}", saved.html);
    assert!(saved.says("1 person is covered. 1 person must set up at the next sign-in."), "{}", saved.html);
    let stuck = "1 person can&#39;t verify in an old Technician Console (7.50.3572 and earlier)";
    assert!(saved.says(stuck) && saved.says("methods: Person ann."), "{}", saved.html);
    assert!(saved.says("None of them has signed in with such a console yet."), "{}", saved.html);
    assert!(saved.says("allow the authenticator app or text messages as backup"), "{}", saved.html);
    // With a text as backup nobody is.
    let save = save.map(|(name, value)| if name == "backup" { (name, "sms") } else { (name, value) });
    let saved = browser.send(&saved, "/settings/two-step", &save).await.unwrap();
    assert!(saved.says("Changes saved") && !saved.says("can&#39;t verify in an old"), "{}", saved.html);
}

/// All technicians by e-mail, with these backups.
fn mail(backups: &[ProofKind]) -> impl FnOnce(Policy) -> Policy {
    |policy| Policy {
        technicians: Technicians::All,
        primary: Method::Email,
        backups: backups.to_vec(),
        ..policy
    }
}

async fn save(
    stage: &Stage,
    transition: Transition,
    change: impl FnOnce(Policy) -> Policy,
) -> anyhow::Result<PolicyEffect> {
    let shown = stage.holder.policy(stage.company).await?;
    let policy = change(shown.value);
    let reason = "a test".to_owned();
    let put = PutPolicy { policy: policy.clone(), reason, transition, turn_off_uncovered: false };
    let etag = shown.etag.context("the policy has no ETag")?;
    let saved = stage.holder.put_policy(stage.company, &etag, &put).await?.value;
    let kinds =
        |policy: &Policy| policy.backups.iter().map(|kind| format!("{kind:?}")).collect::<BTreeSet<_>>();
    anyhow::ensure!(
        saved.policy.primary == policy.primary && kinds(&saved.policy) == kinds(&policy),
        "another policy was saved: {saved:?}"
    );
    saved.effect.context("the effect can't be told in time")
}

fn counts(effect: &PolicyEffect) -> (u64, u64, u64, u64) {
    (effect.covered, effect.to_set_up, effect.stuck, effect.stuck_seen)
}

fn names(effect: &PolicyEffect) -> Vec<(&str, bool)> {
    let named = effect.stuck_people.iter();
    named.map(|person| (person.name.as_deref().unwrap_or("nobody"), person.seen)).collect()
}

async fn names_are_masked_for_auditors(stage: &Stage, effect: &PolicyEffect) -> anyhow::Result<()> {
    let login = stage.login("eve");
    let (product, inbox) = (&stage.product, &stage.inbox);
    member_of(product, inbox, &stage.holder, stage.company, &login, &[Role::Auditor], None).await?;
    let signed_in = sign_in(&product.api()?, &login, &password(&login)).await?;
    let auditor: Client = product.api()?.with_token(&signed_in.token.context("no session")?);
    let masked = auditor.policy_effect(stage.company).await?;
    anyhow::ensure!(counts(&masked) == counts(effect), "an auditor counts others: {masked:?}");
    anyhow::ensure!(
        names(&masked) == [("P••• a•••", true), ("P••• c•••", false)],
        "an auditor sees names: {masked:?}"
    );
    Ok(())
}
