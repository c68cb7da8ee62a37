//! `twostep break-glass`: the way in when everybody is locked out.

use std::path::Path;
use std::process::Output;

use anyhow::{Context as _, ensure};
use twostep_api::{GlassBroken, Next, Policy, ProblemType, ResetPassword, Role};
use twostep_tests::harness::{Inbox, Standalone, operate};
use twostep_tests::story::{Technician, member_of, new_company, password, refused, save_policy, sign_in};

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
    ensure!(says(&wrong, "master key"), "another key was taken: {wrong:?}");
    let missing = break_glass(home.path(), "no-key", login)?;
    ensure!(says(&missing, "there is no master key"), "no key was needed: {missing:?}");
    let nobody = break_glass(home.path(), "master-key", "nobody@glass.example")?;
    ensure!(says(&nobody, "no such thing"), "somebody unknown was let in: {nobody:?}");
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
        inbox
            .next_that(told, 0, |mail| {
                mail.subject.as_deref().unwrap_or_default().to_lowercase().contains("emergency")
            })
            .await
            .with_context(|| format!("{told} wasn't told"))?;
    }
    let mails = inbox.all(login).await?;
    let with_link = mails.iter().filter(|mail| !mail.links.is_empty()).count();
    ensure!(with_link == 1, "the link was mailed: {with_link} mails to {login} have one");
    Ok(())
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
