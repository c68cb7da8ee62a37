//! *Confirm the work address first*: a password alone doesn't set up somebody else's second step (S34).

use anyhow::{Context as _, ensure};
use twostep_api::{ConfirmCode, ConfirmContact, Policy, ProblemType, ProofKind, Role, StartSetUp};
use twostep_api::{Technicians, VerifyEmail};
use twostep_tests::harness::{Inbox, Product as _, Standalone, code_at};
use twostep_tests::story::{member_of, new_company, password, refused, save_policy, sign_in};

#[tokio::test]
async fn s34_the_first_set_up_waits_for_the_work_address_where_the_company_wants_it() {
    waits().await.unwrap();
}

async fn waits() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (company, holder) = new_company(&product, "careful").await?;
    let login = "tech@careful.example";
    member_of(&product, &inbox, &holder, company.id, login, &[Role::Technician], None).await?;
    save_policy(&holder, company.id, |policy| Policy {
        technicians: Technicians::All,
        backups: vec![ProofKind::Printed],
        confirm_work_address_first: true,
        ..policy
    })
    .await?;
    let pending = sign_in(&product.api()?, login, &password(login)).await?;
    let api = product.api()?.with_token(pending.token.as_deref().context("no token")?);
    ensure!(api.start_set_up(&StartSetUp::default()).await?.work_address_first, "it isn't asked for");
    refused(api.start_pairing().await, ProblemType::WorkAddressFirst)?;
    refused(api.make_recovery_codes().await, ProblemType::WorkAddressFirst)?;
    let elsewhere = VerifyEmail { address: "somebody@elsewhere.example".to_owned() };
    refused(api.set_up_email(&elsewhere).await, ProblemType::WorkAddressFirst)?;
    refused(api.activate().await, ProblemType::WorkAddressFirst)?;

    let before = inbox.all(login).await?.iter().map(|mail| mail.id).max().unwrap_or(0);
    api.set_up_email(&VerifyEmail { address: login.to_owned() }).await?;
    let mail = inbox.next_that(login, before, |mail| mail.code.is_some()).await?;
    let shown = api.confirm_email(&ConfirmContact { code: mail.code }).await?;
    ensure!(!shown.work_address_first && !shown.ready, "{:?}", shown.steps);
    let pairing = api.start_pairing().await?;
    let code = code_at(&pairing.secret, product.now().await?.timestamp())?;
    api.confirm_pairing(&ConfirmCode { code }).await?;
    api.make_recovery_codes().await?;
    let activated = api.activate().await?;
    let session = product.api()?.with_token(activated.token.as_deref().context("no session")?);
    let kinds: Vec<ProofKind> = session.me().await?.methods.iter().map(|method| method.kind).collect();
    ensure!(!kinds.contains(&ProofKind::Email), "an address became a method that isn't allowed: {kinds:?}");
    Ok(())
}
