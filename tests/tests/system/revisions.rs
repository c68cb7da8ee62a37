//! ETag and If-Match: whoever didn't see the latest overwrites nothing.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use twostep_api::{Branding, ChangeGroup, ChangeRoles, Policy, Role, Technicians};
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Browser, Latest, Office, Raw, Reply, password, save_policy};

#[tokio::test]
async fn every_put_wants_the_revision_that_was_seen() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "revisions").await.unwrap();
    every_put(&product, &inbox, &office).await.unwrap();
    one_tag_and_no_other_form(&product, &office).await.unwrap();
    two_moves_at_once_tie_no_ring(&product, &office).await.unwrap();
    a_stale_form_shows_what_changed(&product, &office).await.unwrap();
}

/// What is read, what is put below it, and two bodies that each change something.
struct Put {
    read: String,
    put: &'static str,
    bodies: [Value; 2],
}

async fn every_put(product: &Standalone, inbox: &Inbox, office: &Office) -> anyhow::Result<()> {
    let (top, side) = (office.group("Top", None).await?, office.group("Side", None).await?);
    let person = office.person(product, inbox, "tech", &[Role::Technician], Some(top)).await?;
    let names = |name: &str| json!({ "product_name": name, "account_name": name, "sender_name": name });
    let policy = |life: u16| {
        json!({ "reason": "a test", "policy": {
            "admins": false, "technicians": "none", "primary": "app", "backups": ["email"], "code_life_seconds": life,
        } })
    };
    let company = format!("/companies/{}", office.id);
    let group = format!("{company}/groups/{top}");
    let member = format!("{company}/members/{}", person.id);
    let puts = [
        (&company, "/branding", [names("One"), names("Two")]),
        (&company, "/sms-countries", [json!({ "countries": ["AT"] }), json!({ "countries": ["HU"] })]),
        (&company, "/policy", [policy(100), policy(101)]),
        (&group, "", [json!({ "name": "One" }), json!({ "name": "Two", "parent": side })]),
        (
            &group,
            "/enforcement",
            [
                json!({ "enforcement": { "choice": "enforce" } }),
                json!({ "enforcement": { "choice": "dont" } }),
            ],
        ),
        (&group, "/enforcement/lock", [json!({ "locked": true }), json!({ "locked": false })]),
        (
            &member,
            "/roles",
            [json!({ "roles": ["admin", "technician"] }), json!({ "roles": ["technician"] })],
        ),
        (&member, "/group", [json!({ "group": side }), json!({ "group": null })]),
        (&member, "/standing", [json!({ "enabled": false }), json!({ "enabled": true })]),
    ];
    let described = described(product).await?;
    ensure!(described == puts.len(), "{described} such routes are described, {} are tested", puts.len());
    for (read, put, bodies) in puts {
        let put = Put { read: read.clone(), put, bodies };
        only_the_latest(product, office, &put).await.with_context(|| format!("PUT {read}{}", put.put))?;
    }
    Ok(())
}

async fn only_the_latest(product: &Standalone, office: &Office, put: &Put) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let path = format!("{}{}", put.read, put.put);
    let [one, other] = &put.bodies;
    let blind = raw.call("PUT", &path, Some(one)).await?;
    ensure!((blind.status, &*blind.problem) == (428, "revision-required"), "{blind:?}");
    let etag = raw.call("GET", &put.read, None).await?.etag.context("no ETag")?;
    let saving = raw.with_header("if-match", &etag);
    let saved = saving.call("PUT", &path, Some(one)).await?;
    ensure!(saved.status == 200, "{saved:?}");
    let stale = saving.call("PUT", &path, Some(other)).await?;
    ensure!((stale.status, &*stale.problem) == (412, "stale-revision"), "{stale:?}");
    ensure!(stale.text.contains("GET it again"), "it doesn't say what to do: {stale:?}");
    // The answer of a change carries the next one's revision, and it is the one that is read.
    let read = raw.call("GET", &put.read, None).await?;
    ensure!(saved.etag.is_some() && saved.etag == read.etag, "{:?} and {:?}", saved.etag, read.etag);
    let next = raw.with_header("if-match", &saved.etag.unwrap_or_default());
    let saved = next.call("PUT", &path, Some(other)).await?;
    ensure!(saved.status == 200, "{saved:?}");
    Ok(())
}

/// One strong ETag, as it was given out (RFC 9110 §13.1.1); two lines are a list.
async fn one_tag_and_no_other_form(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let path = format!("/companies/{}/policy", office.id);
    let seen = raw.call("GET", &path, None).await?;
    let (etag, body) =
        (seen.etag.clone().context("no ETag")?, json!({ "policy": seen.json()?, "reason": "a test" }));
    let bare = etag.trim_matches('"').to_owned();
    let (weak, list, padded) = (format!("W/{etag}"), format!("{etag}, {etag}"), format!("\"0{bare}\""));
    for (lines, status) in [
        (vec![&*bare], 400),
        (vec![&*list], 400),
        (vec![&*etag, &*etag], 400),
        (vec!["\"\u{e4}\""], 412),
        (vec!["*"], 412),
        (vec![&*weak], 412),
        (vec![&*padded], 412),
        (vec!["\"nobody's\""], 412),
    ] {
        let put = lines.iter().fold(raw.clone(), |raw, line| raw.with_header("if-match", line));
        let answer = put.call("PUT", &path, Some(&body)).await?;
        ensure!(answer.status == status && answer.text.contains("If-Match"), "{lines:?}: {answer:?}");
    }
    ensure!(raw.call("GET", &path, None).await?.etag == Some(etag), "one of them was taken");
    Ok(())
}

/// How many PUTs replace something, as the service describes itself.
async fn described(product: &Standalone) -> anyhow::Result<usize> {
    let document = Raw::new(product).call("GET", "/openapi.json", None).await?.json()?;
    let items = document["paths"].as_object().context("no paths")?.values();
    Ok(items.filter(|item| item["put"]["requestBody"].is_object()).count())
}

/// Each below the other, again and again: one of the two is always refused.
async fn two_moves_at_once_tie_no_ring(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&office.holder.token);
    let (a, b) = (office.group("A", None).await?, office.group("B", None).await?);
    let path = |group| format!("/companies/{}/groups/{group}", office.id);
    let seen = async |group| {
        let etag = raw.call("GET", &path(group), None).await?.etag.context("no ETag")?;
        anyhow::Ok(raw.with_header("if-match", &etag))
    };
    for round in 0..20 {
        let (at_a, at_b) = (seen(a).await?, seen(b).await?);
        let below = |name: &str, parent| json!({ "name": name, "parent": parent });
        let (into_b, into_a) = (below("A", b), below("B", a));
        let (path_a, path_b) = (path(a), path(b));
        let (left, right) =
            tokio::join!(at_a.call("PUT", &path_a, Some(&into_b)), at_b.call("PUT", &path_b, Some(&into_a)));
        let answers: [Reply; 2] = [left?, right?];
        let moved = answers.iter().filter(|answer| answer.status == 200).count();
        let ring = answers.iter().filter(|answer| answer.problem == "invalid-fields").count();
        ensure!((moved, ring) == (1, 1), "round {round}: {answers:?}");
        for (group, name) in [(a, "A"), (b, "B")] {
            // Whichever is at the top already says that nothing would change.
            seen(group).await?.call("PUT", &path(group), Some(&json!({ "name": name }))).await?;
        }
    }
    Ok(())
}

/// Two Master Admins with the same page: the second is shown what the first did, and nothing is overwritten.
async fn a_stale_form_shows_what_changed(product: &Standalone, office: &Office) -> anyhow::Result<()> {
    let mut browser = Browser::new(product)?;
    browser.sign_in(&office.slug, &office.holder.login, &password("holder")).await?;
    let holder = &office.holder.session;
    let group = office.group("Seen", None).await?;
    let at = format!("/organisation/groups/{group}");
    let drawn = browser.open(&at).await?;
    let above = office.group("Above", None).await?;
    let faster = ChangeGroup { name: "Faster".to_owned(), parent: Some(above) };
    holder.save_place(office.id, group, &faster).await?;
    let page = browser.send(&drawn, &format!("{at}/place"), &[("name", "Slower")]).await?;
    ensure!(page.status == 412, "{}: {}", page.status, page.html);
    ensure!(page.says("Name: in force is “Faster”, you sent “Slower”."), "not told: {}", page.html);
    ensure!(!page.says("Lies in: in force"), "the place wasn't touched: {}", page.html);
    ensure!(holder.group(office.id, group).await?.value.name == "Faster", "overwritten unseen");
    // Having looked, they may insist.
    let page = browser.send(&page, &format!("{at}/place"), &[("name", "Slower")]).await?;
    ensure!(page.status == 200 && page.says("Slower"), "{}: {}", page.status, page.html);

    let drawn = browser.open("/settings/two-step").await?;
    let names = |name: &str| Branding {
        product_name: name.to_owned(),
        account_name: name.to_owned(),
        sender_name: name.to_owned(),
    };
    holder.save_branding(office.id, &names("Faster")).await?;
    let typed = [("product_name", "Slower"), ("account_name", "Faster"), ("sender_name", "Faster")];
    let page = browser.send(&drawn, "/settings/branding", &typed).await?;
    ensure!(page.status == 412, "{}: {}", page.status, page.html);
    ensure!(
        page.says("Product&#39;s name: in force is “Faster”, you sent “Slower”."),
        "not told: {}",
        page.html
    );
    ensure!(!page.says("Sender&#39;s name of mails: in force"), "what is the same is told too");

    a_stale_policy_names_what_was_touched(&mut browser, office).await?;

    let invitation = office.invitation("seen", &[Role::Technician], None);
    let person = holder.invite_member(office.id, &invitation).await?.id;
    let at = format!("/organisation/members/{person}");
    let drawn = browser.open(&at).await?;
    holder.save_roles(office.id, person, &ChangeRoles { roles: vec![Role::Auditor] }).await?;
    let page = browser.send(&drawn, &format!("{at}/roles"), &[("role", "admin")]).await?;
    ensure!(page.status == 412, "{}: {}", page.status, page.html);
    ensure!(page.says("Roles: in force is “Auditor”, you sent “Admin”."), "not told: {}", page.html);
    Ok(())
}

/// Three versions: as drawn, as sent, as in force. What only the other one changed isn't called sent.
async fn a_stale_policy_names_what_was_touched(browser: &mut Browser, office: &Office) -> anyhow::Result<()> {
    let holder = &office.holder.session;
    let drawn = browser.open("/settings/two-step").await?;
    let life = holder.policy(office.id).await?.value.code_life_seconds;
    let typed = |life: &'static str, reason: &'static str| {
        [
            ("technicians", "none"),
            ("primary", "app"),
            ("backup", "email"),
            ("code_life_seconds", life),
            ("reason", reason),
        ]
    };
    // Refused for want of a reason, the form goes on from where it was drawn.
    let page = browser.send(&drawn, "/settings/two-step", &typed("400", "")).await?;
    ensure!(page.status == 400 && page.says("value=\"400\""), "{}: {}", page.status, page.html);
    let faster = |policy| Policy { technicians: Technicians::All, code_life_seconds: life + 1, ..policy };
    save_policy(holder, office.id, faster).await?;
    for form in [&drawn, &page] {
        let page = browser.send(form, "/settings/two-step", &typed("400", "a test")).await?;
        ensure!(page.status == 412, "{}: {}", page.status, page.html);
        let told = format!("Life of codes: in force is “{}”, you sent “400”.", life + 1);
        ensure!(page.says(&told), "not told: {}", page.html);
        ensure!(!page.says("Technicians: in force"), "the mode wasn't touched: {}", page.html);
        ensure!(page.says("value=\"all\" checked"), "it doesn't show what is in force: {}", page.html);
    }
    Ok(())
}
