//! A password reset against whoever signs in with the old password at the same moment (S16, S18).

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Barrier;
use twostep_api::{
    ChangePassword, Next, ProblemType, ProofKind, RequestPasswordReset, ResetPassword, SignIn, StartSetUp,
    Verify,
};
use twostep_client::{Client, Error};
use twostep_tests::harness::Product as _;
use twostep_tests::story::{Pending, Stage, refused, sign_in};

/// Sign-ins with the old password at once; more would wait in the queue of their login longer than it lets them.
const SIGN_INS: usize = 12;

/// How often it is raced.
const ROUNDS: usize = 4;

/// What the link of a newly mailed reset ends with.
async fn reset_token(stage: &Stage, login: &str) -> String {
    let before = stage.last(login).await.unwrap();
    let request = RequestPasswordReset { company: None, login: login.to_owned() };
    stage.product.api().unwrap().request_password_reset(&request).await.unwrap();
    let mail = stage.told(login, before, "Choose a new password").await.unwrap();
    mail.link_token().unwrap()
}

/// Resets the password to `new` while others sign in with `old`, and `meanwhile` goes on; gives the tokens handed out.
async fn race(
    stage: &Stage,
    login: &str,
    (old, new): (&str, &str),
    meanwhile: Vec<(Pending, Verify)>,
) -> Vec<SignIn> {
    let token = reset_token(stage, login).await;
    let barrier = Arc::new(Barrier::new(SIGN_INS + meanwhile.len() + 1));
    let api = stage.product.api().unwrap();
    let resetting = tokio::spawn({
        let (barrier, api, password) = (barrier.clone(), api.clone(), new.to_owned());
        async move {
            barrier.wait().await;
            api.reset_password(&token, &ResetPassword { password }).await
        }
    });
    let signing_in = (0..SIGN_INS).map(|_| {
        let (barrier, api) = (barrier.clone(), api.clone());
        let (login, old) = (login.to_owned(), old.to_owned());
        tokio::spawn(async move {
            barrier.wait().await;
            sign_in(&api, &login, &old).await.ok()
        })
    });
    let verifying = meanwhile.into_iter().map(|(pending, verify)| {
        let barrier = barrier.clone();
        tokio::spawn(async move {
            barrier.wait().await;
            pending.api.verify(pending.id, &verify).await.ok()
        })
    });
    let all: Vec<_> = signing_in.chain(verifying).collect();
    let all = join_all(all).await;
    resetting.await.unwrap().unwrap();
    all.into_iter().filter_map(Result::unwrap).collect()
}

/// Nothing that `begun` opened reaches anything.
async fn is_dead(stage: &Stage, begun: &SignIn, verify: &Verify) {
    let api = stage.product.api().unwrap().with_token(begun.token.as_deref().unwrap());
    let over = ProblemType::NotSignedIn;
    refused(api.me().await, over).unwrap();
    refused(api.sign_in(begun.id).await, over).unwrap();
    refused(api.start_set_up(&StartSetUp::default()).await, over).unwrap();
    refused(api.start_step_up().await, over).unwrap();
    refused(api.verify(begun.id, verify).await, over).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s16_a_session_opened_with_the_old_password_while_it_is_reset_is_dead() {
    let stage = Stage::open("raced").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let any = Verify { method: ProofKind::App, code: "000000".to_owned() };
    let mut old = twostep_tests::story::password(&login);
    let mut opened = 0;
    for round in 0..ROUNDS {
        let new = format!("a wholly new phrase, number {round}");
        let tokens = race(&stage, &login, (&old, &new), vec![]).await;
        for begun in &tokens {
            assert_eq!(begun.next, Next::SignedIn);
            is_dead(&stage, begun, &any).await;
        }
        opened += tokens.len();
        // Those who came late typed a wrong password: they are heard again after a while.
        stage.product.advance(3_601).await.unwrap();
        let api: &Client = &stage.product.api().unwrap();
        assert!(sign_in(api, &login, &old).await.is_err(), "the old password works");
        stage.product.advance(3_601).await.unwrap();
        assert!(sign_in(api, &login, &new).await.unwrap().token.is_some());
        old = new;
    }
    assert!(opened > 0, "nobody got in before a reset: nothing was raced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s16_of_a_reset_and_a_change_at_once_one_sets_the_password() {
    let stage = Stage::open("either").await.unwrap();
    let (login, _) = stage.hire("ann").await.unwrap();
    let mut present = twostep_tests::story::password(&login);
    let mut resets = 0;
    for round in 0..6_u64 {
        let thief = stage.product.api().unwrap();
        let token = sign_in(&thief, &login, &present).await.unwrap().token.unwrap();
        let (thief, owner) = (thief.with_token(&token), stage.product.api().unwrap());
        let link = reset_token(&stage, &login).await;
        let changed = format!("the thief's own phrase, number {round}");
        let reset = format!("the owner's own phrase, number {round}");
        let change = ChangePassword { old: present.clone(), new: changed.clone() };
        let set = ResetPassword { password: reset.clone() };
        let (changing, resetting) =
            tokio::join!(thief.change_password(&change), owner.reset_password(&link, &set));
        assert!(changing.is_ok() != resetting.is_ok(), "{changing:?} {resetting:?}");
        resets += usize::from(resetting.is_ok());
        present = if resetting.is_ok() { reset } else { changed };
        stage.product.advance(3_601).await.unwrap();
    }
    let api = stage.product.api().unwrap();
    assert!(sign_in(&api, &login, &present).await.unwrap().token.is_some());
    assert!(resets > 0, "the change was always faster: nothing was raced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s16_a_second_step_behind_the_old_password_while_it_is_reset_opens_nothing() {
    let stage = Stage::enforcing("proven").await.unwrap();
    let mut ann = stage.technician("ann").await.unwrap();
    let mut meanwhile = Vec::new();
    for printed in ann.recovery.iter().take(6) {
        let verify = Verify { method: ProofKind::Printed, code: printed.clone() };
        meanwhile.push((stage.sign_in(ann.login()).await.unwrap(), verify));
    }
    let login = ann.login().to_owned();
    let old = twostep_tests::story::password(&login);
    let tokens = race(&stage, &login, (&old, "a wholly new phrase"), meanwhile).await;
    let code = ann.next_code(&stage).await.unwrap();
    let right = Verify { method: ProofKind::App, code };
    for begun in &tokens {
        is_dead(&stage, begun, &right).await;
    }
    let kinds: Vec<_> = tokens.iter().map(|begun| begun.next).collect();
    assert!(kinds.contains(&Next::SignedIn) || kinds.contains(&Next::Verify), "nothing was raced");
    refused(ann.session.me().await, ProblemType::NotSignedIn).unwrap();
    stage.product.advance(3_601).await.unwrap();
    let api = stage.product.api().unwrap();
    let pending = sign_in(&api, &login, "a wholly new phrase").await.unwrap();
    let asked = api.with_token(&pending.token.unwrap());
    let code = ann.next_code(&stage).await.unwrap();
    let done: Result<SignIn, Error> =
        asked.verify(pending.id, &Verify { method: ProofKind::App, code }).await;
    assert_eq!(done.unwrap().next, Next::SignedIn);
}
