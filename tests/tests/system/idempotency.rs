//! S35: a request that is sent again happens once, and its answer never holds a secret again.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use twostep_api::{Activation, ChangeRoles, ChangeStanding, Role};
use twostep_client::MembersPage;
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Browser, Latest, Office, Raw, Reply, member_of, password, token};

#[tokio::test]
async fn s35_a_repeated_request_happens_once_and_tells_no_secret_again() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let mut product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "once").await.unwrap();
    in_parallel_with_one_body(&product, &inbox, &office).await.unwrap();
    in_parallel_with_two_bodies(&product, &office).await.unwrap();
    an_old_promotion_brings_nobody_back(&product, &inbox, &office).await.unwrap();
    what_changed_nothing_is_remembered_too(&product, &inbox, &office).await.unwrap();
    after_a_restart(&mut product, &inbox, &office).await.unwrap();
    one_key_never_acts_on_two_groups_of_people(&product, &inbox, &office).await.unwrap();
    a_form_sent_twice_happens_once(&product, &office).await.unwrap();
    secrets_are_told_once(&product, &office).await.unwrap();
}

fn invitation(office: &Office, name: &str) -> Value {
    json!({ "name": "Somebody", "email": office.login(name), "roles": ["technician"] })
}

/// Ten copies of each request at the same time.
async fn in_parallel_with_one_body(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let members = format!("/companies/{}/members", office.id);
    let raw = Raw::new(product).with_token(&office.holder.token);
    let body = invitation(office, "parallel");
    let answers = ten_times(&raw.with_header("idempotency-key", "invite"), "POST", &members, &body).await?;
    ensure!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    let ids: BTreeSet<String> = answers.iter().map(id_of).collect::<anyhow::Result<_>>()?;
    ensure!(ids.len() == 1, "ten copies of one invitation made {} people", ids.len());

    let groups = format!("/companies/{}/groups", office.id);
    let answers =
        ten_times(&raw.with_header("idempotency-key", "group"), "POST", &groups, &json!({ "name": "One" }))
            .await?;
    ensure!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    let shown = office.holder.session.groups(office.id).await?.groups;
    ensure!(shown.len() == 1, "ten copies of one request made {} groups", shown.len());

    let path = format!("/companies/{}/policy", office.id);
    let before = raw.call("GET", &path, None).await?;
    let mut policy = before.json()?;
    policy["code_life_seconds"] = json!(240);
    let put = raw
        .with_header("idempotency-key", "policy")
        .with_header("if-match", &before.etag.context("no ETag")?);
    let answers = ten_times(&put, "PUT", &path, &json!({ "policy": policy, "reason": "once" })).await?;
    ensure!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let etags: BTreeSet<_> = answers.iter().map(|answer| answer.etag.clone()).collect();
    ensure!(etags.len() == 1, "one change of the policy has the revisions {etags:?}");

    // One invitation, one mail: what comes next in the mailbox was asked for later.
    let login = office.login("parallel");
    let first = inbox.next(&login, 0).await?;
    let id = ids.first().context("no id")?;
    raw.call("POST", &format!("{members}/{id}/invitation"), None).await?;
    let second = inbox.next(&login, first.id).await?;
    ensure!(
        first.links != second.links && inbox.all(&login).await?.len() == 2,
        "the invitation was mailed twice"
    );
    Ok(())
}

/// One key, two bodies, at the same time and later: one is carried out, and the other leaves no trace.
async fn in_parallel_with_two_bodies(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let members = format!("/companies/{}/members", office.id);
    let raw = Raw::new(product).with_token(&office.holder.token);
    for round in 0..4 {
        let keyed = raw.with_header("idempotency-key", &format!("two bodies {round}"));
        let names = [format!("left{round}"), format!("right{round}")];
        let bodies = names.clone().map(|name| invitation(office, &name));
        let (left, right) = tokio::join!(
            keyed.call("POST", &members, Some(&bodies[0])),
            keyed.call("POST", &members, Some(&bodies[1]))
        );
        let statuses = [left?.status, right?.status];
        let loser = match statuses {
            [201, 422] => &bodies[1],
            [422, 201] => &bodies[0],
            _ => anyhow::bail!("one key with two bodies: {statuses:?}"),
        };
        let again = keyed.call("POST", &members, Some(loser)).await?;
        ensure!(again.problem == "idempotency-key-reused", "{again:?}");
        // The loser's login was not kept.
        let free = raw.call("POST", &members, Some(loser)).await?;
        ensure!(free.status == 201, "a refused request kept the login: {free:?}");
    }
    Ok(())
}

/// A repeated promotion, demotion or re-enabling does nothing to what was decided since.
async fn an_old_promotion_brings_nobody_back(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let person = office.person(product, inbox, "fallen", &[Role::Technician], None).await?;
    let raw = Raw::new(product).with_token(&office.holder.token);
    let (promote, demote) =
        (raw.with_header("idempotency-key", "up"), raw.with_header("idempotency-key", "down"));
    let disable = raw.with_header("idempotency-key", "out");
    let member = format!("/companies/{}/members/{}", office.id, person.id);
    let (up, down) = (json!({ "roles": ["master_admin"] }), json!({ "roles": ["technician"] }));
    let roster =
        async || anyhow::Ok(holder.company(office.id).await?.value.master_admins.contains(&person.id));
    // Each request as it was first sent: with the revision of then.
    let seen = async |keyed: &Raw| {
        let etag = raw.call("GET", &member, None).await?.etag.context("no ETag")?;
        anyhow::Ok(keyed.with_header("if-match", &etag))
    };
    let put = async |keyed: &Raw, what: &str, body: &Value| {
        anyhow::Ok(keyed.call("PUT", &format!("{member}/{what}"), Some(body)).await?.status)
    };

    let promote = seen(&promote).await?;
    ensure!(put(&promote, "roles", &up).await? == 200 && roster().await?, "not promoted");
    let demote = seen(&demote).await?;
    ensure!(put(&demote, "roles", &down).await? == 200 && !roster().await?, "not demoted");
    ensure!(put(&promote, "roles", &up).await? == 200, "a repeat is no error");
    ensure!(!roster().await?, "a repeated promotion took a demoted person into the roster again");
    holder.save_roles(office.id, person.id, &ChangeRoles { roles: vec![Role::MasterAdmin] }).await?;
    put(&demote, "roles", &down).await?;
    ensure!(roster().await?, "a repeated demotion took a Master Admin out of the roster");
    let out = json!({ "enabled": false });
    let disable = seen(&disable).await?;
    ensure!(put(&disable, "standing", &out).await? == 200 && !roster().await?, "not disabled");
    let enable = ChangeStanding { enabled: true, reason: String::new() };
    holder.save_standing(office.id, person.id, &enable).await?;
    put(&disable, "standing", &out).await?;
    ensure!(roster().await?, "a repeated disabling took an enabled Master Admin out of the roster");

    // The same of an invitation, also of somebody who was erased since.
    let members = format!("/companies/{}/members", office.id);
    let invite = raw.with_header("idempotency-key", "invite a master");
    let body = json!({ "name": "Somebody", "email": office.login("master"), "roles": ["master_admin"] });
    let id: uuid::Uuid = id_of(&invite.call("POST", &members, Some(&body)).await?)?.parse()?;
    holder.erase_member(office.id, id).await?;
    let repeated = invite.call("POST", &members, Some(&body)).await?;
    ensure!(repeated.status == 201 && repeated.json()?["standing"] == "erased", "{repeated:?}");
    let company = holder.company(office.id).await?.value;
    ensure!(!company.master_admins.contains(&id), "an erased person is in the roster again");
    Ok(())
}

/// An answer is an answer also where there was nothing to do.
async fn what_changed_nothing_is_remembered_too(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let person = office.person(product, inbox, "steady", &[Role::Technician], None).await?;
    let raw = Raw::new(product).with_token(&office.holder.token);
    let member = format!("/companies/{}/members/{}", office.id, person.id);
    let etag = raw.call("GET", &member, None).await?.etag.context("no ETag")?;
    let keyed = raw.with_header("idempotency-key", "steady");
    let (enable, disable) = (json!({ "enabled": true }), json!({ "enabled": false }));
    let put = async |etag: &str, body: &Value| {
        keyed.with_header("if-match", etag).call("PUT", &format!("{member}/standing"), Some(body)).await
    };
    let enabled = put(&etag, &enable).await?;
    ensure!(enabled.status == 200, "{enabled:?}");
    let seen = enabled.etag.context("no ETag")?;
    let other = put(&seen, &disable).await?;
    ensure!(other.problem == "idempotency-key-reused", "{other:?}");
    let off =
        raw.with_header("if-match", &seen).call("PUT", &format!("{member}/standing"), Some(&disable)).await?;
    ensure!(off.status == 200 && off.json()?["standing"] == "disabled", "{off:?}");
    let again = put(&etag, &enable).await?;
    ensure!(again.status == 200 && again.json()?["standing"] == "disabled", "enabled again: {again:?}");
    Ok(())
}

/// The memory of keys is in the log: a restart forgets none.
async fn after_a_restart(product: &mut Standalone, inbox: &Inbox, office: &Office) -> anyhow::Result<()> {
    let members = format!("/companies/{}/members", office.id);
    let groups = format!("/companies/{}/groups", office.id);
    let policy = format!("/companies/{}/policy", office.id);
    let raw = Raw::new(product).with_token(&office.holder.token);
    let (invited, group) = (invitation(office, "restart"), json!({ "name": "Two" }));
    let invite = raw.with_header("idempotency-key", "restart invite");
    let create = raw.with_header("idempotency-key", "restart group");
    let seen = raw.call("GET", &policy, None).await?;
    let etag = seen.etag.clone().context("no ETag")?;
    let mut new = seen.json()?;
    new["code_life_seconds"] = json!(200);
    let new = json!({ "policy": new, "reason": "before the restart" });
    let save = raw.with_header("idempotency-key", "restart policy").with_header("if-match", &etag);
    let first = [
        invite.call("POST", &members, Some(&invited)).await?,
        create.call("POST", &groups, Some(&group)).await?,
        save.call("PUT", &policy, Some(&new)).await?,
    ];
    product.kill_and_restart()?;
    let raw = Raw::new(product).with_token(&office.holder.token);
    let invite = raw.with_header("idempotency-key", "restart invite");
    let create = raw.with_header("idempotency-key", "restart group");
    let save = raw.with_header("idempotency-key", "restart policy").with_header("if-match", &etag);
    let session = product.api()?.with_token(&office.holder.token);
    let again = [
        invite.call("POST", &members, Some(&invited)).await?,
        create.call("POST", &groups, Some(&group)).await?,
        save.call("PUT", &policy, Some(&new)).await?,
    ];
    for (first, again) in first.iter().zip(&again) {
        ensure!(first.status == again.status && first.text == again.text, "{first:?} became {again:?}");
    }
    let other = invitation(office, "another");
    ensure!(
        invite.call("POST", &members, Some(&other)).await?.problem == "idempotency-key-reused",
        "another body"
    );
    ensure!(session.groups(office.id).await?.groups.len() == 2, "a group was made twice");
    let page = session.members(office.id, &MembersPage::default()).await?;
    let named = page
        .members
        .iter()
        .filter(|member| member.email.as_deref() == Some(&office.login("restart")))
        .count();
    ensure!(named == 1, "{named} people of one invitation");
    // The key belongs to one route and one person: elsewhere it is a new one.
    ensure!(
        invite.call("POST", &groups, Some(&json!({ "name": "Three" }))).await?.status == 201,
        "another route"
    );
    inbox.next(&office.login("restart"), 0).await?;
    Ok(())
}

/// Resets name people in their body, each with a stream of their own; the other commands name one in their path.
async fn one_key_never_acts_on_two_groups_of_people(
    product: &Standalone,
    inbox: &Inbox,
    office: &Office,
) -> anyhow::Result<()> {
    let token = token(product, &office.slug, &office.holder.login, &password("holder")).await?;
    let raw = Raw::new(product).with_token(&token);
    let session = product.api()?.with_token(&token);
    let mut people = Vec::new();
    for name in ["one", "two", "three"] {
        let roles = [Role::Technician];
        people.push(member_of(product, inbox, &session, office.id, &office.login(name), &roles, None).await?);
    }
    let standing = async |id| anyhow::Ok(session.member(office.id, id).await?.value.activation);
    let resets = format!("/companies/{}/members/resets", office.id);
    let keyed = raw.with_header("idempotency-key", "resets");
    let (first, other) = (json!({ "members": [people[0]] }), json!({ "members": [people[1], people[2]] }));
    let done = keyed.call("POST", &resets, Some(&first)).await?;
    ensure!(done.status == 200 && done.json()?["members"][0]["reset"] == true, "{done:?}");
    let again = keyed.call("POST", &resets, Some(&first)).await?;
    ensure!(again.status == 200 && again.text == done.text, "{again:?}");
    ensure!(keyed.call("POST", &resets, Some(&other)).await?.problem == "idempotency-key-reused", "acted");
    ensure!(standing(people[0]).await? == Activation::Reset, "not reset");
    for id in &people[1..] {
        ensure!(standing(*id).await? == Activation::Off, "a key that was used reset somebody else");
    }
    // Both at once: one body wins, whole.
    let racing = raw.with_header("idempotency-key", "racing resets");
    let (left, right) = (json!({ "members": [people[1]] }), json!({ "members": [people[2]] }));
    let (left, right) =
        tokio::join!(racing.call("POST", &resets, Some(&left)), racing.call("POST", &resets, Some(&right)));
    let mut statuses = [left?.status, right?.status];
    statuses.sort_unstable();
    ensure!(statuses == [200, 422], "{statuses:?}");
    let reset = [standing(people[1]).await?, standing(people[2]).await?];
    ensure!(reset.iter().filter(|it| **it == Activation::Reset).count() == 1, "{reset:?}");

    // An erasure that is repeated with its key is answered like the first one.
    let erase = format!("/companies/{}/members/{}/personal-data", office.id, people[0]);
    let keyed = raw.with_header("idempotency-key", "erase");
    for _ in 0..2 {
        let erased = keyed.call("DELETE", &erase, None).await?;
        ensure!(erased.status == 204, "{erased:?}");
    }
    Ok(())
}

/// The same page sent twice, as by an impatient finger: one invitation; with another name in it, none.
async fn a_form_sent_twice_happens_once(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let mut browser = Browser::new(product)?;
    browser.sign_in(&office.slug, &office.holder.login, &password("holder")).await?;
    let drawn = browser.open("/organisation").await?;
    let new_group = |name| [("name", name)];
    for _ in 0..2 {
        let page = browser.send(&drawn, "/organisation/groups", &new_group("Twice")).await?;
        ensure!(page.status == 200 && page.says("The group is created"), "{}: {}", page.status, page.html);
    }
    let page = browser.send(&drawn, "/organisation/groups", &new_group("Other")).await?;
    ensure!(page.status == 422 && page.says("was sent before"), "{}: {}", page.status, page.html);
    let page = browser.send(&page, "/organisation/groups", &new_group("Other")).await?;
    ensure!(page.says("The group is created"), "a new page holds a new key: {}", page.html);
    let (address, role) = (office.login("finger"), ("role", "technician"));
    let invitation = [("name", "Finger"), ("email", address.as_str()), role];
    for _ in 0..2 {
        let page = browser.send(&drawn, "/organisation/invitations", &invitation).await?;
        ensure!(page.status == 200 && page.says("Invited"), "{}: {}", page.status, page.html);
    }
    let token = token(product, &office.slug, &office.holder.login, &password("holder")).await?;
    let session = product.api()?.with_token(&token);
    let groups = session.groups(office.id).await?.groups;
    let named = |name| groups.iter().filter(|group| group.name == name).count();
    ensure!((named("Twice"), named("Other")) == (1, 1), "{groups:?}");
    let sought = MembersPage { email: Some(address), ..MembersPage::default() };
    ensure!(session.members(office.id, &sought).await?.members.len() == 1, "invited twice, or not found");
    Ok(())
}

/// Seeds, printed codes and tokens: the same request again gives none of them again.
async fn secrets_are_told_once(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let holder = token(product, &office.slug, &office.holder.login, &password("holder")).await?;
    let keyed = Raw::new(product).with_token(&holder).with_header("idempotency-key", "secret");
    keyed.call("POST", "/set-up", Some(&json!({}))).await?;
    let sign_in = json!({
        "company": office.slug, "login": office.holder.login, "password": password("holder"),
    });
    for (path, body) in
        [("/set-up/authenticator", json!({})), ("/set-up/recovery-codes", json!({})), ("/sign-ins", sign_in)]
    {
        let first = keyed.call("POST", path, Some(&body)).await?;
        let again = keyed.call("POST", path, Some(&body)).await?;
        ensure!((first.status, again.status) == (201, 201), "{path}: {first:?}, {again:?}");
        let secrets = secrets_in(&first);
        ensure!(!secrets.is_empty(), "POST {path} tells no secret: {first:?}");
        for secret in secrets {
            ensure!(!again.text.contains(&secret), "POST {path} told a secret twice");
        }
    }
    Ok(())
}

/// The seed of an answer, its printed codes, or its token.
fn secrets_in(answer: &Reply) -> Vec<String> {
    let body = answer.json().unwrap_or_default();
    let codes = body["codes"].as_array().cloned().unwrap_or_default();
    codes
        .iter()
        .chain([&body["secret"], &body["uri"], &body["token"]])
        .filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

async fn ten_times(raw: &Raw, method: &str, path: &str, body: &Value) -> anyhow::Result<Vec<Reply>> {
    let copies = (0..10).map(|_| raw.call(method, path, Some(body)));
    futures::future::join_all(copies).await.into_iter().collect()
}

fn id_of(answer: &Reply) -> anyhow::Result<String> {
    Ok(answer.json()?["id"].as_str().with_context(|| format!("no id in {answer:?}"))?.to_owned())
}
