//! `twostep break-glass`: the way in when everybody is locked out.

use std::path::Path;
use std::process::Output;

use anyhow::{Context as _, ensure};
use twostep_api::{
    AcceptInvitation, GlassBroken, Next, Policy, ProblemType, ProofKind, RequestPasswordReset, ResetPassword,
    Role, Verify,
};
use twostep_client::{Client, Error};
use twostep_tests::harness::{Inbox, Product as _, Standalone, operate};
use twostep_tests::story::{
    NOBODYS_CODE, Technician, member_of, new_company, password, refused, save_policy, sign_in,
};
use uuid::Uuid;

const REASON: &str = "Nobody has a phone any more";

fn break_glass(home: &Path, key: &str, member: &str) -> anyhow::Result<Output> {
    let key = home.join(key).display().to_string();
    let arguments = [
        "--output",
        "json",
        "break-glass",
        "--company",
        "glass",
        "--member",
        member,
        "--reason",
        REASON,
        "--master-key-path",
        &key,
    ];
    operate(&home.join("data"), &arguments)
}

fn says(output: &Output, text: &str) -> bool {
    !output.status.success() && String::from_utf8_lossy(&output.stderr).contains(text)
}

#[tokio::test]
async fn the_operator_with_the_master_key_lets_a_locked_out_master_admin_in() {
    let_in().await.unwrap();
}

async fn let_in() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (company, holder) = new_company(&product, "glass").await?;
    let (login, technician) = ("master@glass.example", "tech@glass.example");
    let roles = [Role::MasterAdmin];
    let member = member_of(&product, &inbox, &holder, company.id, login, &roles, None).await?;
    member_of(&product, &inbox, &holder, company.id, technician, &[Role::Technician], None).await?;
    save_policy(&holder, company.id, |policy| Policy { admins: true, ..policy }).await?;
    let (_, session, _) = Technician::set_up(&product, &inbox, login).await?;

    std::fs::write(home.path().join("wrong-key"), "07".repeat(32))?;
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(home.path().join("wrong-key"), private)?;
    let wrong = break_glass(home.path(), "wrong-key", login)?;
    ensure!(says(&wrong, "the master key doesn't fit this installation"), "another key was taken: {wrong:?}");
    let missing = break_glass(home.path(), "no-key", login)?;
    ensure!(says(&missing, "there is no master key"), "no key was needed: {missing:?}");
    let nobody = break_glass(home.path(), "master-key", "nobody@glass.example")?;
    ensure!(
        says(&nobody, "nobody in this company has that login"),
        "somebody unknown was let in: {nobody:?}"
    );
    let elsewhere =
        ["break-glass", "--company", "elsewhere", "--member", login, "--reason", REASON, "--master-key-path"];
    let key = home.path().join("master-key").display().to_string();
    let elsewhere = operate(&home.path().join("data"), &[&elsewhere[..], &[key.as_str()]].concat())?;
    ensure!(says(&elsewhere, "no company has the short name elsewhere"), "{elsewhere:?}");
    let other = break_glass(home.path(), "master-key", technician)?;
    ensure!(says(&other, "this person is none"), "a technician was let in: {other:?}");
    ensure!(session.me().await.is_ok(), "what was refused ended a session");

    for name in [login.to_owned(), member.to_string()] {
        let broken = break_glass(home.path(), "master-key", &name)?;
        ensure!(broken.status.success(), "{}", String::from_utf8_lossy(&broken.stderr));
        let GlassBroken { url, member: who, .. } = serde_json::from_slice(&broken.stdout)?;
        ensure!(who == member, "another person was let in");
        refused(session.me().await, ProblemType::NotSignedIn)?;
        let token = url.rsplit('/').next().context("the link has no token")?;
        let api = product.api()?;
        // Whoever knows the login can't end the operator's link.
        let before = inbox.all(technician).await?.len();
        for forgotten in [login, technician] {
            api.request_password_reset(&RequestPasswordReset { company: None, login: forgotten.to_owned() })
                .await?;
            product.advance(301).await?;
        }
        while inbox.all(technician).await?.len() == before {}
        let new = format!("a new {}", password(&name));
        api.reset_password(token, &ResetPassword { password: new.clone() }).await?;
        refused(
            api.reset_password(token, &ResetPassword { password: new.clone() }).await,
            ProblemType::LinkDead,
        )?;
        let pending = sign_in(&api, login, &new).await?;
        ensure!(pending.next == Next::SetUp, "the second step wasn't reset: {:?}", pending.next);
    }
    for told in [login, "holder@glass.example"] {
        let mail = inbox
            .next_that(told, 0, |mail| {
                mail.subject.as_deref().unwrap_or_default().to_lowercase().contains("emergency")
            })
            .await
            .with_context(|| format!("{told} wasn't told"))?;
        for line in ["Done by: the operator of Rescue", "Change: The emergency link is for Person master."] {
            ensure!(mail.text.lines().any(|other| other == line), "{line}: {}", mail.text);
        }
    }
    let mails = inbox.all(login).await?;
    let with_link = mails.iter().filter(|mail| !mail.links.is_empty()).count();
    ensure!(with_link == 1, "the link was mailed: {with_link} mails to {login} have one");
    Ok(())
}

#[tokio::test]
async fn twenty_wrong_codes_do_not_keep_out_whom_the_operator_lets_in() {
    unlocked().await.unwrap();
}

async fn unlocked() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (company, holder) = new_company(&product, "glass").await?;
    let login = "master@glass.example";
    member_of(&product, &inbox, &holder, company.id, login, &[Role::MasterAdmin], None).await?;
    save_policy(&holder, company.id, |policy| Policy { admins: true, ..policy }).await?;
    let (_, _, recovery) = Technician::set_up(&product, &inbox, login).await?;
    let api = product.api()?;
    for failures in 0..20_u32 {
        if let Some(doublings) = failures.checked_sub(3) {
            product.advance((1_i64 << doublings).min(900) + 1).await?;
        }
        wrong_code(&api, login).await?;
    }
    let locked = asked(&api, login, &password(login)).await?;
    refused(locked.1.verify(locked.0, &nobodys()).await, ProblemType::Locked)?;

    let broken = break_glass(home.path(), "master-key", login)?;
    ensure!(broken.status.success(), "{}", String::from_utf8_lossy(&broken.stderr));
    let GlassBroken { url, .. } = serde_json::from_slice(&broken.stdout)?;
    let token = url.rsplit('/').next().context("the link has no token")?;
    api.reset_password(token, &ResetPassword { password: password(login) }).await?;
    let (_, session, anew) = Technician::set_up(&product, &inbox, login).await?;
    ensure!(anew.len() == 10 && anew != recovery, "the recovery codes are the old ones");
    session.me().await?;
    Ok(())
}

fn nobodys() -> Verify {
    Verify { method: ProofKind::Printed, code: NOBODYS_CODE.to_owned() }
}

async fn asked(api: &Client, login: &str, password: &str) -> anyhow::Result<(Uuid, Client)> {
    let pending = sign_in(api, login, password).await?;
    ensure!(pending.next == Next::Verify, "no code is asked for: {:?}", pending.next);
    Ok((pending.id, api.with_token(&pending.token.context("no token for the second step")?)))
}

/// One wrong code, in a sign-in of its own.
async fn wrong_code(api: &Client, login: &str) -> anyhow::Result<()> {
    let (id, api) = asked(api, login, &password(login)).await?;
    match api.verify(id, &nobodys()).await {
        Err(Error::Problem(problem))
            if matches!(problem.kind, ProblemType::CodeRejected | ProblemType::Locked) =>
        {
            Ok(())
        }
        Ok(_) => anyhow::bail!("a wrong code was accepted"),
        Err(other) => anyhow::bail!("a wrong code was answered with {other}"),
    }
}

#[tokio::test]
async fn the_link_dies_after_thirty_minutes() {
    link_dies().await.unwrap();
}

async fn link_dies() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    new_company(&product, "glass").await?;
    let broken = break_glass(home.path(), "master-key", "holder@glass.example")?;
    ensure!(broken.status.success(), "{}", String::from_utf8_lossy(&broken.stderr));
    let GlassBroken { url, .. } = serde_json::from_slice(&broken.stdout)?;
    let token = url.rsplit('/').next().context("the link has no token")?;
    product.advance(29 * 60).await?;
    product.api()?.password_reset(token).await?;
    product.advance(60).await?;
    let new = ResetPassword { password: password("late") };
    refused(product.api()?.reset_password(token, &new).await, ProblemType::LinkDead)
}

#[tokio::test]
async fn an_account_holder_whose_first_link_was_lost_gets_another_one_as_the_operator_is_told() {
    lost_link().await.unwrap();
}

async fn lost_link() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (data, login) = (home.path().join("data"), "holder@glass.example");
    let create = [
        "company",
        "create",
        "--slug",
        "glass",
        "--name",
        "Glass",
        "--country",
        "DE",
        "--holder-name",
        "Holder",
        "--holder-email",
        login,
    ];
    let first = operate(&data, &create)?;
    let said = String::from_utf8_lossy(&first.stdout).into_owned();
    ensure!(first.status.success() && said.contains("until 20"), "{first:?}");
    let lost = said.split_whitespace().last().and_then(|url| url.rsplit('/').next()).context("no link")?;
    let again = operate(&data, &create)?;
    ensure!(
        says(&again, "also resets their second step") && says(&again, "all Master Admins are told"),
        "{again:?}"
    );
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    let told = told.split('`').nth(1).context("no command is told")?;
    let key = home.path().join("master-key").display().to_string();
    let filled = told.split(' ').map(|word| match word {
        "LOGIN" => login,
        "TEXT" => REASON,
        "FILE" => &key,
        other => other,
    });
    let words: Vec<_> = filled.collect();
    let arguments =
        words.strip_prefix(&["twostep", "--data", "DIRECTORY"]).context("not as it is installed")?;
    let broken = operate(&data, &[&["--output", "json"], arguments].concat())?;
    ensure!(broken.status.success(), "{}", String::from_utf8_lossy(&broken.stderr));
    let GlassBroken { url, .. } = serde_json::from_slice(&broken.stdout)?;
    let token = url.rsplit('/').next().context("the link has no token")?;
    let (api, accept) = (product.api()?, AcceptInvitation { password: password(login) });
    refused(api.accept_invitation(lost, &accept).await, ProblemType::LinkDead)?;
    api.accept_invitation(token, &accept).await?;
    ensure!(sign_in(&api, login, &password(login)).await?.next == Next::SignedIn, "not signed in");
    Ok(())
}
