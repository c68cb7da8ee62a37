//! How people come, move, are reset and go.

use anyhow::{Context as _, ensure};
use serde_json::json;
use twostep_api::{
    AcceptInvitation, ChangeRoles, ChangeStanding, MoveMember, Policy, ProblemType, ResetMembers, Role,
    Standing, Technicians, TransferAccount,
};
use twostep_client::{AuditPage, Client, MembersPage};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{
    Browser, Latest, Office, Person, Raw, Technician, password, refused, save_policy, sign_in, token,
};
use uuid::Uuid;

#[tokio::test]
async fn people_come_move_are_reset_and_go() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "people").await.unwrap();
    a_renewed_invitation_kills_the_old_link(&product, &inbox, &office).await.unwrap();
    one_login_is_given_once(&office).await.unwrap();
    every_member_is_on_one_page(&office).await.unwrap();
    a_login_or_address_finds_its_person(&product, &inbox, &office).await.unwrap();
    somebody_disabled_is_out_until_enabled(&product, &inbox, &office).await.unwrap();
    no_half_of_a_refused_demotion_is_kept(&product, &inbox, &office).await.unwrap();
    several_are_reset_at_once(&product, &inbox, &office).await.unwrap();
}

async fn a_renewed_invitation_kills_the_old_link(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let invited =
        holder.invite_member(office.id, &office.invitation("late", &[Role::Technician], None)).await?;
    ensure!(invited.standing == Standing::Invited, "{invited:?}");
    let login = office.login("late");
    let first = inbox.next_that(&login, 0, |mail| !mail.links.is_empty()).await?;
    holder.renew_invitation(office.id, invited.id).await?;
    let second = inbox.next_that(&login, first.id, |mail| !mail.links.is_empty()).await?;
    let token = |links: &[String]| links[0].rsplit('/').next().unwrap_or_default().to_owned();
    let (old, new) = (token(&first.links), token(&second.links));
    let accept = AcceptInvitation { password: password("late") };
    let api = product.api()?;
    refused(api.invitation(&old).await, ProblemType::LinkDead)?;
    refused(api.accept_invitation(&old, &accept).await, ProblemType::LinkDead)?;
    api.invitation(&new).await?;
    api.accept_invitation(&new, &accept).await?;
    refused(api.accept_invitation(&new, &accept).await, ProblemType::LinkDead)?;
    refused(holder.renew_invitation(office.id, invited.id).await, ProblemType::Conflict)
}

/// Two invitations with one login at the same time: one is taken, the other is told so.
async fn one_login_is_given_once(office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    for round in 0..4 {
        let invitation = office.invitation(&format!("same{round}"), &[Role::Technician], None);
        let (a, b) = tokio::join!(
            holder.invite_member(office.id, &invitation),
            holder.invite_member(office.id, &invitation)
        );
        let kinds: Vec<_> = [a, b].into_iter().filter_map(|answer| answer.err()?.problem_type()).collect();
        ensure!(kinds == [ProblemType::LoginTaken], "two invitations with one login: {kinds:?}");
    }
    Ok(())
}

async fn every_member_is_on_one_page(office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let whole =
        holder.members(office.id, &MembersPage { limit: Some(200), ..MembersPage::default() }).await?;
    ensure!(
        whole.next.is_none() && whole.members.len() >= 6,
        "{} members on the only page",
        whole.members.len()
    );
    let (mut pages, mut cursor, mut found) = (0, None, Vec::new());
    loop {
        let page = holder
            .members(office.id, &MembersPage { cursor, limit: Some(2), ..MembersPage::default() })
            .await?;
        ensure!(page.members.len() <= 2, "a page is too long");
        found.extend(page.members);
        (cursor, pages) = (page.next, pages + 1);
        if cursor.is_none() {
            break;
        }
    }
    ensure!(
        found == whole.members && pages == whole.members.len().div_ceil(2),
        "{pages} pages with {} members",
        found.len()
    );
    Ok(())
}

/// Exactly what was asked for, whatever page it would be on, and nothing of what a mask hides.
async fn a_login_or_address_finds_its_person(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let auditor = office.person(product, inbox, "looker", &[Role::Auditor], None).await?;
    let mut invitation = office.invitation("found", &[Role::Technician], None);
    invitation.login = Some("found-by-this".to_owned());
    let id = holder.invite_member(office.id, &invitation).await?.id;
    let by_login = |login: &str| MembersPage { login: Some(login.to_owned()), ..MembersPage::default() };
    let by_email = |email: &str| MembersPage { email: Some(email.to_owned()), ..MembersPage::default() };
    let ids = async |by: &Client, page: MembersPage| {
        let found = by.members(office.id, &page).await?.members;
        anyhow::Ok(found.into_iter().map(|member| member.id).collect::<Vec<_>>())
    };
    ensure!(ids(holder, by_login(" Found-By-This ")).await? == [id], "not found by the login");
    ensure!(ids(holder, by_email("FOUND@people.example")).await? == [id], "not found by the address");
    ensure!(ids(holder, by_login("found")).await?.is_empty(), "found by a part");
    ensure!(
        ids(&auditor.session, by_email("found@people.example")).await?.is_empty(),
        "found through the mask"
    );
    ensure!(ids(&auditor.session, by_login(&auditor.login)).await? == [auditor.id], "not even oneself");
    let auditors = MembersPage { role: Some(Role::Auditor), ..MembersPage::default() };
    ensure!(ids(holder, auditors).await? == [auditor.id], "not by the role");
    refused(holder.members(office.id, &by_email("no address")).await, ProblemType::InvalidFields)?;

    let mut browser = Browser::new(product)?;
    browser.sign_in(&office.slug, &office.holder.login, &password("holder")).await?;
    let page = browser.open("/organisation?find=found-by-this").await?;
    ensure!(page.says("Person found") && !page.says("Person looker"), "{}", page.html);
    let page = browser.open("/organisation?find=nobody%40people.example").await?;
    ensure!(page.says("Nobody whom you may see has exactly this"), "{}", page.html);
    Ok(())
}

async fn somebody_disabled_is_out_until_enabled(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let (from, to) = (office.group("From", None).await?, office.group("To", None).await?);
    let person = office.person(product, inbox, "mover", &[Role::Technician], Some(from)).await?;
    let moved = holder.save_group(office.id, person.id, &MoveMember { group: Some(to) }).await?;
    ensure!(moved.group == Some(to) && holder.group(office.id, from).await?.value.members == 0, "not moved");
    let disable = ChangeStanding { enabled: false, reason: "on leave".to_owned() };
    let disabled = holder.save_standing(office.id, person.id, &disable).await?;
    ensure!(disabled.standing == Standing::Disabled, "{disabled:?}");
    refused(person.session.me().await, ProblemType::NotSignedIn)?;
    let refused_to = sign_in(&product.api()?, &person.login, &password(&person.login)).await;
    ensure!(refused_to.is_err(), "somebody disabled signed in");
    let enable = ChangeStanding { enabled: true, reason: String::new() };
    holder.save_standing(office.id, person.id, &enable).await?;
    // The old session stays dead; a new one is let in.
    refused(person.session.me().await, ProblemType::NotSignedIn)?;
    token(product, &office.slug, &person.login, &password(&person.login)).await?;
    an_admin_cannot_bring_back_a_disabled_master_admin(product, inbox, office, to).await
}

async fn an_admin_cannot_bring_back_a_disabled_master_admin(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
    group: Uuid,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let roles = [Role::MasterAdmin, Role::Technician];
    let master = office.person(product, inbox, "suspended", &roles, Some(group)).await?;
    let admin = office.person(product, inbox, "friend", &[Role::Admin], None).await?;
    holder.assign_group_admin(office.id, group, admin.id).await?;
    holder
        .save_standing(office.id, master.id, &ChangeStanding { enabled: false, reason: String::new() })
        .await?;
    let enable = ChangeStanding { enabled: true, reason: String::new() };
    refused(admin.session.save_standing(office.id, master.id, &enable).await, ProblemType::Forbidden)?;
    holder.save_standing(office.id, master.id, &enable).await?;
    ensure!(
        holder.company(office.id).await?.value.master_admins.contains(&master.id),
        "enabled, but not in the roster"
    );
    Ok(())
}

/// Roles that can't be set leave a Master Admin what they are; so does a reason that is too long.
async fn no_half_of_a_refused_demotion_is_kept(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let master = office.person(product, inbox, "kept", &[Role::MasterAdmin], None).await?;
    refused(
        holder.save_roles(office.id, master.id, &ChangeRoles { roles: vec![] }).await,
        ProblemType::InvalidFields,
    )?;
    let long = ChangeStanding { enabled: false, reason: "x".repeat(501) };
    refused(holder.save_standing(office.id, master.id, &long).await, ProblemType::InvalidFields)?;
    ensure!(holder.company(office.id).await?.value.master_admins.contains(&master.id), "out of the roster");
    master.session.policy(office.id).await?;
    let no_master = office.person(product, inbox, "auditing", &[Role::Auditor], None).await?.id;
    for (to, kind) in [(no_master, ProblemType::InvalidFields), (Uuid::nil(), ProblemType::NotFound)] {
        refused(holder.transfer_account(office.id, &TransferAccount { to }).await, kind)?;
    }
    Ok(())
}

async fn several_are_reset_at_once(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let group = office.group("Resets", None).await?;
    let admin = office.person(product, inbox, "resetter", &[Role::Admin], None).await?;
    holder.assign_group_admin(office.id, group, admin.id).await?;
    let own = office.person(product, inbox, "own", &[Role::Technician], Some(group)).await?;
    let other = office.person(product, inbox, "elsewhere", &[Role::Technician], None).await?;
    save_policy(holder, office.id, |policy| Policy { technicians: Technicians::All, ..policy }).await?;
    let (_, session, _) = Technician::set_up(product, inbox, &own.login).await?;
    let members = vec![own.id, other.id, admin.id, office.holder.id, Uuid::nil()];
    let twice = members.iter().chain(&members).copied().collect();
    let reset = ResetMembers { members: twice, reason: "new phones".to_owned() };
    let outcomes = admin.session.reset_members(office.id, &reset).await?.members;
    let asked: Vec<Uuid> = outcomes.iter().map(|outcome| outcome.member).collect();
    ensure!(asked == members, "not one answer for each, in the order asked");
    let done: Vec<bool> = outcomes.iter().map(|outcome| outcome.reset).collect();
    ensure!(done == [true, false, false, false, false], "{outcomes:?}");
    ensure!(
        outcomes[1..].iter().all(|outcome| outcome.reason.is_some()),
        "a refusal without a reason: {outcomes:?}"
    );
    refused(session.me().await, ProblemType::NotSignedIn)?;
    let forced = AuditPage {
        event_type: Some("MfaResetForced".to_owned()),
        member: Some(own.id),
        ..AuditPage::default()
    };
    let forced = holder.audit_events(&forced).await?.events.len();
    ensure!(forced == 1, "whoever was named twice was reset {forced} times");
    unlocking_is_for_those_in_charge(product, inbox, office, &admin, &own).await
}

/// Twenty wrong codes lock the second step; an Admin in charge opens it, no other does.
async fn unlocking_is_for_those_in_charge(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
    admin: &Person,
    own: &Person,
) -> anyhow::Result<()> {
    let (mut technician, _, _) = Technician::set_up(product, inbox, &own.login).await?;
    let mut wrong = 0;
    while !guess(product, own).await? {
        wrong += 1;
    }
    ensure!(wrong == 19, "locked after {wrong} and one wrong codes");
    let mut pending = technician.sign_in(product).await;
    ensure!(pending.is_err(), "a right code passed the lock");
    // Hours have passed: sessions are over.
    let stranger =
        token(product, &office.slug, &office.login("friend"), &password(&office.login("friend"))).await?;
    let path = format!("/companies/{}/members/{}/unlock", office.id, own.id);
    let answer = Raw::new(product).with_token(&stranger).call("POST", &path, None).await?;
    ensure!(answer.problem == "not-found", "an Admin of another group: {answer:?}");
    let admin = token(product, &office.slug, &admin.login, &password(&admin.login)).await?;
    let raw = Raw::new(product).with_token(&admin);
    let shown = format!("/companies/{}/members/{}", office.id, own.id);
    ensure!(raw.call("GET", &shown, None).await?.json()?["locked"] == true, "the lock isn't shown");
    let answer = raw.call("POST", &path, None).await?;
    ensure!(answer.status == 204, "{answer:?}");
    ensure!(raw.call("GET", &shown, None).await?.json()?["locked"] == false, "still shown as locked");
    pending = technician.sign_in(product).await;
    pending.context("unlocked, but not let in").map(drop)
}

/// One wrong code, and the wait that it costs; whether it locked.
async fn guess(product: &Standalone, person: &Person) -> anyhow::Result<bool> {
    let pending = sign_in(&product.api()?, &person.login, &password(&person.login)).await?;
    let raw = Raw::new(product).with_token(&pending.token.context("no token")?);
    let body = json!({ "method": "app", "code": "000000" });
    let answer = raw.call("POST", &format!("/sign-ins/{}/verifications", pending.id), Some(&body)).await?;
    if answer.problem != "locked" {
        ensure!(answer.problem == "code-rejected", "{answer:?}");
    }
    if let Some(next_at) = answer.json()?["next_at"].as_str() {
        let next_at: chrono::DateTime<chrono::Utc> = next_at.parse()?;
        let wait = next_at - product.now().await?;
        product.advance(wait.num_seconds().max(0) + 1).await?;
    }
    let admin = product
        .api()?
        .with_token(&token(product, "people", "holder@people.example", &password("holder")).await?);
    let company = admin.me().await?.company;
    Ok(admin.member(company, person.id).await?.value.locked)
}
