//! What a change does to those who are set up (facts 12, 13 and 16).

use anyhow::{Context as _, ensure};
use twostep_api::{
    Activation, ClientKind, ConfirmCode, Method, Next, Policy, ProblemType, ProofKind, PutPolicy,
    RequestCode, Role, SetUpReason, SignIn, StartSetUp, StartSignIn, Technicians, Transition, Verify,
    VerifyPhone,
};
use twostep_client::MembersPage;
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{
    Office, Technician, front, password, refused, require_everybody, save_policy, save_policy_as, sign_in,
    token,
};

const PHONE: &str = "+4915123456789";

#[tokio::test]
async fn a_change_of_the_policy_loses_nobodys_methods_unless_it_says_so() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "change").await.unwrap();
    changes(&product, &inbox, &office).await.unwrap();
}

async fn changes(product: &Standalone, inbox: &Inbox, office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let person = office.person(product, inbox, "tech", &[Role::Technician], None).await?;
    let racer = office.person(product, inbox, "racer", &[Role::Technician], None).await?;
    require_everybody(holder, office.id).await?;
    let (mut technician, session, _) = Technician::set_up(product, inbox, &person.login).await?;

    // A backup that becomes the primary swaps roles: nothing is asked for.
    save_policy(holder, office.id, |policy| Policy {
        primary: Method::Email,
        backups: vec![ProofKind::App, ProofKind::Sms, ProofKind::Printed],
        ..policy
    })
    .await?;
    session.me().await.context("a lossless change ended a session")?;
    let pending = sign_in(&product.api()?, &person.login, &password(&person.login)).await?;
    ensure!(
        pending.next == Next::Verify && kinds(&pending).first() == Some(&ProofKind::Email),
        "{:?}",
        kinds(&pending)
    );
    an_old_console_gets_what_it_can_show(product, &person.login).await?;
    let app = technician.sign_in(product).await?;
    ensure!(
        app.me().await?.methods.first().is_some_and(|first| first.kind == ProofKind::Email),
        "roles aren't swapped"
    );

    only_what_is_new_is_asked_for(product, inbox, office, &mut technician).await?;
    policy_only_adds(product, office, &mut technician).await?;
    a_mass_reset_reaches_a_set_up_under_way(product, office, &racer.login).await
}

/// A console that says nothing, or app and SMS, is never let past, nor shown what it can't show (fact 13).
async fn an_old_console_gets_what_it_can_show(product: &Standalone, login: &str) -> anyhow::Result<()> {
    let console = front(ClientKind::Console, &[Method::App, Method::Sms]);
    let says_nothing = twostep_api::Client { capabilities: None, ..console.clone() };
    for client in [Some(console), Some(says_nothing), None] {
        let start = StartSignIn {
            company: None,
            login: login.to_owned(),
            password: password(login),
            client: client.clone(),
        };
        let pending = product.api()?.start_sign_in(&start).await?;
        let shown = kinds(&pending);
        ensure!(pending.next == Next::Verify && shown.contains(&ProofKind::App), "{client:?}: {shown:?}");
        ensure!(!shown.contains(&ProofKind::Email), "an old console was offered e-mail: {shown:?}");
    }
    Ok(())
}

/// The primary is SMS now: an old method is proven, then the number alone is set up.
async fn only_what_is_new_is_asked_for(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
    technician: &mut Technician,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    save_policy(holder, office.id, |policy| Policy {
        primary: Method::Sms,
        backups: vec![ProofKind::App, ProofKind::Email, ProofKind::Printed],
        ..policy
    })
    .await?;
    let pending = sign_in(&product.api()?, &technician.login, &password(&technician.login)).await?;
    ensure!(pending.next == Next::Verify, "the old method wasn't asked for first");
    let asked = product.api()?.with_token(&pending.token.context("no token")?);
    refused(asked.start_set_up(&StartSetUp::default()).await, ProblemType::Conflict)?;
    let code = technician.next_code(product).await?;
    let proven = asked.verify(pending.id, &Verify { method: ProofKind::App, code }).await?;
    ensure!(
        proven.next == Next::SetUp && proven.set_up == Some(SetUpReason::NewPrimary),
        "{:?}",
        proven.next
    );
    let asked = match &proven.token {
        Some(token) => product.api()?.with_token(token),
        None => asked,
    };
    asked.start_set_up(&StartSetUp::default()).await?;
    asked.set_up_phone(&VerifyPhone { number: PHONE.to_owned() }).await?;
    let text = inbox.next_that(PHONE, 0, |text| text.code.is_some()).await?;
    let shown = asked.confirm_phone(&ConfirmCode { code: text.code.context("no code")? }).await?;
    ensure!(shown.ready, "more than the number is asked for: {:?}", shown.steps);
    let activated = asked.activate().await?;
    let session = product.api()?.with_token(&activated.token.context("no session")?);
    let held: Vec<_> = session.me().await?.methods.into_iter().map(|method| method.kind).collect();
    ensure!(
        held.first() == Some(&ProofKind::Sms) && held.contains(&ProofKind::App),
        "methods were lost: {held:?}"
    );
    // The next sign-in asks for the new primary first, by text.
    let pending = sign_in(&product.api()?, &technician.login, &password(&technician.login)).await?;
    ensure!(kinds(&pending).first() == Some(&ProofKind::Sms), "{:?}", kinds(&pending));
    product.advance(31).await?;
    let asked = product.api()?.with_token(&pending.token.context("no token")?);
    asked.request_code(pending.id, &RequestCode { method: Method::Sms }).await?;
    let text = inbox.next_that(PHONE, text.id, |text| text.code.is_some()).await?;
    let verify = Verify { method: ProofKind::Sms, code: text.code.context("no code")? };
    ensure!(
        asked.verify(pending.id, &verify).await?.next == Next::SignedIn,
        "the text's code doesn't sign in"
    );
    Ok(())
}

/// No longer covered, still asked; until a Master Admin turns it off for people no longer covered.
async fn policy_only_adds(
    product: &Standalone,
    office: &Office,
    technician: &mut Technician,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    save_policy(holder, office.id, |policy| Policy { technicians: Technicians::None, ..policy }).await?;
    let pending = sign_in(&product.api()?, &technician.login, &password(&technician.login)).await?;
    ensure!(pending.next == Next::Verify, "a policy that covers nobody took a second step away");
    let shown = holder.policy(office.id).await?;
    let put = PutPolicy {
        policy: shown.value,
        reason: "left".to_owned(),
        transition: Transition::Lossless,
        turn_off_uncovered: true,
    };
    let sought = MembersPage { email: Some(technician.login.clone()), ..MembersPage::default() };
    let activation = async || {
        let found = holder.members(office.id, &sought).await?.members;
        found.first().map(|member| member.activation).context("not found")
    };
    ensure!(activation().await? == Activation::On, "off before it was turned off");
    holder.put_policy(office.id, &shown.etag.context("no ETag")?, &put).await?;
    ensure!(activation().await? == Activation::Off, "shown as on, though a password alone signs in");
    token(product, &office.slug, &technician.login, &password(&technician.login)).await.map(drop)
}

/// An activation that races with a mass reset doesn't outlive it, whoever is first.
async fn a_mass_reset_reaches_a_set_up_under_way(
    product: &Standalone,
    office: &Office,
    login: &str,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let primary = |policy| Policy {
        primary: Method::App,
        technicians: Technicians::All,
        backups: vec![ProofKind::Printed],
        ..policy
    };
    save_policy(holder, office.id, primary).await?;
    let mut outdated = 0;
    for round in 0..4 {
        let pending = sign_in(&product.api()?, login, &password(login)).await?;
        ensure!(pending.next == Next::SetUp, "round {round}: the reset before left something in force");
        let api = product.api()?.with_token(&pending.token.context("no token")?);
        api.start_set_up(&StartSetUp::default()).await?;
        let secret = api.start_pairing().await?.secret;
        let now = product.advance(30).await?;
        let code = twostep_tests::harness::code_at(&secret, now.timestamp())?;
        api.confirm_pairing(&ConfirmCode { code }).await?;
        api.make_recovery_codes().await?;
        let reset = async || save_policy_as(holder, office.id, Transition::Reset, |policy| policy).await;
        let activated = if round == 0 {
            reset().await?;
            api.activate().await
        } else {
            let (saved, activated) = tokio::join!(reset(), api.activate());
            saved?;
            activated
        };
        if let Err(error) = activated {
            ensure!(error.problem_type() == Some(ProblemType::SetUpOutdated), "{error}");
            outdated += 1;
        }
    }
    ensure!(outdated >= 1, "no activation was overtaken");
    let pending = sign_in(&product.api()?, login, &password(login)).await?;
    ensure!(pending.next == Next::SetUp, "the last reset left something in force");
    Ok(())
}

fn kinds(pending: &SignIn) -> Vec<ProofKind> {
    pending.methods.iter().map(|method| method.kind).collect()
}
