//! The organisation tree over HTTP: groups in groups, who reaches whom; below, how people come, move and go.

mod people;

use anyhow::{Context as _, ensure};
use twostep_api::{
    ChangeGroup, ChangeStanding, Choice, CreateGroup, Enforcement, Lock, Policy, ProblemType, PutEnforcement,
    Reach, Role, Technicians,
};
use twostep_client::{Client, Error};
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Browser, Latest, Office, Person, password, refused, save_policy};
use uuid::Uuid;

#[tokio::test]
async fn groups_nest_and_reach_down_to_those_below() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "tree").await.unwrap();
    the_tree(&product, &inbox, &office).await.unwrap();
    a_box_over_subgroups_and_its_lock(&product, &inbox, &office).await.unwrap();
    a_box_says_how_many_it_reaches(&product, &office).await.unwrap();
}

async fn the_tree(product: &Standalone, inbox: &Inbox, office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let (top, side) = (office.group("Top", None).await?, office.group("Side", None).await?);
    let middle = office.group("Middle", Some(top)).await?;
    let bottom = office.group("Bottom", Some(middle)).await?;
    let names: Vec<String> =
        holder.groups(office.id).await?.groups.into_iter().map(|group| group.name).collect();
    ensure!(names == ["Side", "Top", "Middle", "Bottom"], "not parents before children: {names:?}");

    // Two that nobody could tell apart never lie in one place; elsewhere the name is free.
    for taken in ["Middle", " middle ", "ｍiddle"] {
        let create = CreateGroup { name: taken.to_owned(), parent: Some(top) };
        refused(holder.create_group(office.id, &create).await, ProblemType::InvalidFields)?;
    }
    let beside = office.group("middle", None).await?;
    let onto = ChangeGroup { name: "MIDDLE".to_owned(), parent: Some(top) };
    refused(holder.save_place(office.id, beside, &onto).await, ProblemType::InvalidFields)?;
    let own = ChangeGroup { name: "Middle".to_owned(), parent: None };
    holder.save_place(office.id, beside, &own).await.context("another way to write the own name")?;

    // A group can't lie below itself, and a refused move leaves the old name too.
    let into_itself = ChangeGroup { name: "Renamed".to_owned(), parent: Some(bottom) };
    refused(holder.save_place(office.id, top, &into_itself).await, ProblemType::InvalidFields)?;
    let shown = holder.group(office.id, top).await?.value;
    ensure!(shown.name == "Top" && shown.parent.is_none(), "half of a refused change was kept: {shown:?}");

    let admin = office.person(product, inbox, "reach", &[Role::Admin], None).await?;
    let technician = office.person(product, inbox, "below", &[Role::Technician], Some(bottom)).await?;
    refused(admin.session.member(office.id, technician.id).await, ProblemType::NotFound)?;
    holder.assign_group_admin(office.id, top, admin.id).await?;
    admin.session.member(office.id, technician.id).await?;
    let seen: Vec<String> =
        admin.session.groups(office.id).await?.groups.into_iter().map(|group| group.name).collect();
    ensure!(seen == ["Top", "Middle", "Bottom"], "an Admin of the top group sees {seen:?}");

    // Out of the tree, out of reach.
    let away = ChangeGroup { name: "Middle".to_owned(), parent: Some(side) };
    holder.save_place(office.id, middle, &away).await?;
    refused(admin.session.member(office.id, technician.id).await, ProblemType::NotFound)?;
    let disable = ChangeStanding { enabled: false, reason: String::new() };
    refused(admin.session.save_standing(office.id, technician.id, &disable).await, ProblemType::NotFound)?;
    let back = ChangeGroup { name: "Middle".to_owned(), parent: Some(top) };
    holder.save_place(office.id, middle, &back).await?;
    admins_invite_plain_technicians_into_own_groups(office, &admin, bottom, side).await?;
    holder.remove_group_admin(office.id, top, admin.id).await?;
    refused(admin.session.group(office.id, bottom).await, ProblemType::NotFound)
}

async fn admins_invite_plain_technicians_into_own_groups(
    office: &Office,
    admin: &Person,
    own: Uuid,
    other: Uuid,
) -> anyhow::Result<()> {
    let session = &admin.session;
    let plain = [Role::Technician];
    session.invite_member(office.id, &office.invitation("new", &plain, Some(own))).await?;
    for (roles, group, answer) in [
        (&plain[..], Some(other), ProblemType::NotFound),
        (&plain[..], None, ProblemType::InvalidFields),
        (&[Role::Technician, Role::Admin][..], Some(own), ProblemType::Forbidden),
        (&[Role::Admin][..], None, ProblemType::Forbidden),
        (&[Role::MasterAdmin][..], None, ProblemType::Forbidden),
        (&[Role::Auditor][..], None, ProblemType::Forbidden),
    ] {
        let invitation = office.invitation("never", roles, group);
        refused(session.invite_member(office.id, &invitation).await, answer)?;
    }
    // What was refused claimed nothing: the login is free.
    office.holder.session.invite_member(office.id, &office.invitation("never", &plain, None)).await?;
    Ok(())
}

/// *Also subgroups* reaches down, the own value wins, and a lock from above beats it.
async fn a_box_over_subgroups_and_its_lock(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    save_policy(holder, office.id, |policy| Policy { technicians: Technicians::SelectedGroups, ..policy })
        .await?;
    let top = office.group("Region", None).await?;
    let low = office.group("Town", Some(top)).await?;
    let technician = office.person(product, inbox, "town", &[Role::Technician], Some(low)).await?;
    let admin = office.person(product, inbox, "mayor", &[Role::Admin], None).await?;
    holder.assign_group_admin(office.id, low, admin.id).await?;
    let covered = async || anyhow::Ok(holder.member(office.id, technician.id).await?.value.covered);

    tick(holder, office.id, top, Choice::Enforce, false).await?;
    ensure!(!covered().await?, "the box reached a subgroup without 'also subgroups'");
    tick(holder, office.id, top, Choice::Enforce, true).await?;
    ensure!(covered().await?, "'also subgroups' didn't reach the subgroup");
    tick(&admin.session, office.id, low, Choice::Dont, false).await?;
    ensure!(!covered().await?, "the group's own value didn't win");

    holder.save_lock(office.id, top, &Lock { locked: true }).await?;
    ensure!(covered().await?, "the lock above didn't win");
    refused(tick(&admin.session, office.id, low, Choice::Follow, false).await, ProblemType::Forbidden)?;
    let shown = admin.session.group(office.id, low).await?.value;
    ensure!(shown.locked_above == Some(top) && shown.effective, "the lock isn't shown: {shown:?}");
    // The lock holds Admins off, not Master Admins.
    tick(holder, office.id, low, Choice::Enforce, false).await?;
    holder.save_lock(office.id, top, &Lock { locked: false }).await?;
    tick(&admin.session, office.id, low, Choice::Dont, false).await?;
    holder.save_lock(office.id, low, &Lock { locked: true }).await?;
    refused(tick(&admin.session, office.id, low, Choice::Enforce, false).await, ProblemType::Forbidden)?;
    // *All technicians* covers every group, whatever its box says.
    save_policy(holder, office.id, |policy| Policy { technicians: Technicians::All, ..policy }).await?;
    ensure!(covered().await?, "'all technicians' left somebody out");
    Ok(())
}

/// Fact 14: heads are counted before the box is saved, in the group and in those that follow it.
async fn a_box_says_how_many_it_reaches(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let top = office.group("Country", None).await?;
    let (follows, says) = (office.group("North", Some(top)).await?, office.group("South", Some(top)).await?);
    let deep = office.group("Deep", Some(follows)).await?;
    for (number, group) in [top, follows, follows, deep, says].into_iter().enumerate() {
        let invitation = office.invitation(&format!("head{number}"), &[Role::Technician], Some(group));
        holder.invite_member(office.id, &invitation).await?;
    }
    tick(holder, office.id, says, Choice::Dont, false).await?;
    let reach = |here, below, subgroups| Reach { here, below, subgroups };
    let shown = holder.group(office.id, top).await?.value;
    ensure!((shown.members, shown.reach) == (1, reach(1, 3, 2)), "{shown:?}");
    let listed = holder.groups(office.id).await?.groups;
    for (id, expected) in
        [(top, reach(1, 3, 2)), (follows, reach(2, 1, 1)), (deep, reach(1, 0, 0)), (says, reach(1, 0, 0))]
    {
        let listed = listed.iter().find(|group| group.id == id).context("not listed")?;
        ensure!(listed.reach == expected, "{listed:?}");
    }
    let mut browser = Browser::new(product)?;
    browser.sign_in(&office.slug, &office.holder.login, &password("holder")).await?;
    let page = browser.open(&format!("/organisation/groups/{top}")).await?;
    ensure!(page.says("For technicians of this group: 1 person."), "{}", page.html);
    ensure!(page.says("For subgroups that follow this one: 3 people in 2 of them."), "{}", page.html);
    // A lock above speaks for those below: their own boxes reach nobody.
    tick(holder, office.id, top, Choice::Enforce, true).await?;
    holder.save_lock(office.id, top, &Lock { locked: true }).await?;
    let shown = holder.group(office.id, follows).await?.value;
    ensure!(shown.reach == reach(0, 0, 0), "{shown:?}");
    let page = browser.open(&format!("/organisation/groups/{follows}")).await?;
    ensure!(
        page.says("decides for this group and those below it too: 2 people in this group."),
        "{}",
        page.html
    );
    ensure!(page.says("Makes no difference while the lock above holds."), "{}", page.html);
    ensure!(!page.says("Admins of this group can change the box"), "they can't: {}", page.html);
    ensure!(!page.says("0 people"), "nobody asks about nobody: {}", page.html);
    ensure!(holder.group(office.id, top).await?.value.reach == reach(1, 4, 3), "the lock reaches all");
    Ok(())
}

async fn tick(
    by: &Client,
    company: Uuid,
    group: Uuid,
    choice: Choice,
    also_subgroups: bool,
) -> Result<(), Error> {
    let etag = by.group(company, group).await?.etag.unwrap_or_default();
    let enforcement = Enforcement { choice, also_subgroups };
    by.put_enforcement(company, group, &etag, &PutEnforcement { enforcement, reason: String::new() }).await?;
    Ok(())
}
