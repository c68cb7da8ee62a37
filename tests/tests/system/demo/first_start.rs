//! Whom a new demo has, what it says of them, and where it keeps their passwords.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, ensure};
use twostep_api::{Next, Role};
use twostep_client::{Client, MembersPage};
use twostep_tests::harness::{Child, Port};

use super::{demo, holder, password, runs, sign_in};

/// Everybody, with what they may do and the groups that they are in, outermost first.
const CAST: &[(&str, &[Role], &[&str])] = &[
    ("holder@demo.example", &[Role::MasterAdmin], &[]),
    ("master@demo.example", &[Role::MasterAdmin], &[]),
    ("admin@demo.example", &[Role::Admin], &[]),
    ("tech.europe@demo.example", &[Role::Technician], &["Support", "Support Europe"]),
    ("tech.night@demo.example", &[Role::Technician], &["Support", "Support Europe", "Night shift"]),
    ("both@demo.example", &[Role::Admin, Role::Technician], &["Support"]),
    ("auditor@demo.example", &[Role::Auditor], &[]),
    ("operator@demo.example", &[Role::Operator], &[]),
];

#[tokio::test]
async fn a_demo_has_one_of_each_kind_and_says_who_where_and_what_to_try_first() {
    begins().await.unwrap();
}

async fn begins() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let held = Port::row(3)?;
    let port = held[0].number();
    let (running, _) = Child::start(demo(home.path(), port, &[])?, runs)?;
    let said = running.output();

    let web = reqwest::Client::builder().no_proxy().build()?;
    for (what, port, path) in [
        ("Web pages", port, "/"),
        ("Inbox", port + 2, "/"),
        ("API", port, "/api/v1/openapi.json"),
        ("Admin port", port + 1, "/readyz"),
    ] {
        let address = format!("http://127.0.0.1:{port}{path}");
        let line = said.lines().find(|line| line.trim_start().starts_with(what)).context(what)?;
        ensure!(line.split_whitespace().any(|word| word == address), "{address} isn't in {line}");
        let answer = web.get(&address).send().await?;
        ensure!(answer.status().is_success(), "{address}: {}", answer.status());
    }
    for (place, (login, ..)) in (1..).zip(CAST) {
        let progress = format!("{place} of {}  {login}", CAST.len());
        ensure!(said.contains(&progress), "{progress} isn't in {said}");
        let line = said.lines().find(|line| line.trim_start().starts_with(login)).context(*login)?;
        ensure!(line.contains(&password(home.path(), login)?), "another password: {line}");
    }
    let (_, first) = said.split_once("Try this first").context("nothing to try first")?;
    ensure!(first.contains("Sign in as tech.europe@demo.example"), "{first}");
    let tried = sign_in(home.path(), port, "tech.europe@demo.example").await?;
    ensure!(tried.next == Next::SetUp, "what is to be tried first leads to {:?}", tried.next);

    let kept = home.path().join("demo/credentials.json");
    ensure!(said.contains(&format!("(kept in {})", kept.display())), "{said}");
    let mode = fs::metadata(&kept)?.permissions().mode() & 0o777;
    ensure!(mode == 0o600, "others may read the passwords: {mode:o}");
    is_the_cast(&holder(home.path(), port).await?).await
}

/// Members, roles and groups are those of the cast, and nobody else is there.
async fn is_the_cast(holder: &Client) -> anyhow::Result<()> {
    let company = holder.me().await?.company;
    let groups: BTreeMap<_, _> =
        holder.groups(company).await?.groups.into_iter().map(|group| (group.id, group)).collect();
    let mut found = BTreeMap::new();
    for member in holder.all_members(company, MembersPage::default()).await? {
        let login = member.login.context("somebody without a login")?;
        ensure!(member.account_holder == (login == "holder@demo.example"), "{login} holds the account");
        let mut path = Vec::new();
        let mut next = member.group;
        while let Some(group) = next {
            path.insert(0, groups[&group].name.clone());
            next = groups[&group].parent;
        }
        if login == "admin@demo.example" {
            let managed: Vec<_> = groups.values().filter(|group| group.admins.contains(&member.id)).collect();
            ensure!(managed.len() == 1 && managed[0].name == "Support", "the Admin manages {managed:?}");
        }
        found.insert(login, (member.roles.into_iter().collect::<BTreeSet<_>>(), path));
    }
    let cast: BTreeMap<_, _> = CAST
        .iter()
        .map(|(login, roles, groups)| {
            let roles: BTreeSet<_> = roles.iter().copied().collect();
            ((*login).to_owned(), (roles, groups.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()))
        })
        .collect();
    ensure!(found == cast, "{found:#?}");
    Ok(())
}

#[tokio::test]
async fn s31_no_two_demos_have_a_password_in_common() {
    let held = [Port::row(3).unwrap(), Port::row(3).unwrap()];
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let start = |index: usize| {
        let command = demo(homes[index].path(), held[index][0].number(), &[]).unwrap();
        Child::start(command, runs).unwrap()
    };
    let _running = [start(0), start(1)];
    let passwords =
        |home: &Path| -> Vec<_> { CAST.iter().map(|(login, ..)| password(home, login).unwrap()).collect() };
    let all: Vec<_> = homes.iter().flat_map(|home| passwords(home.path())).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 2 * CAST.len(), "a password twice: {all:?}");
}
