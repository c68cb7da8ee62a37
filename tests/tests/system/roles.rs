//! S22 and S23: who may do what, for every route that the service describes.

mod cast;
mod foreign;
mod looks_on;
mod masks;
mod operators;
mod secrets;
mod stale;
mod succeeds;
mod table;

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};
use serde_json::json;
use twostep_api::TransferAccount;
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Raw, Reply, password, routes, token};
use uuid::Uuid;

use cast::{Cast, cast};
use table::{COLUMNS, Route, TABLE};

#[tokio::test]
async fn s22_every_route_answers_every_role_as_the_table_says() {
    every_cell().await.unwrap();
}

async fn every_cell() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let cast = cast(&product, &inbox).await?;
    let routes = routes(&Raw::new(&product)).await?;
    every_route_is_in_the_table(&routes)?;
    let mut wrong = Vec::new();
    let raw = Raw::new(&product);
    for route in TABLE {
        let expected: Vec<&str> = route.expected.split_whitespace().collect();
        ensure!(
            expected.len() == COLUMNS.len(),
            "{} {} has {} cells",
            route.method,
            route.path,
            expected.len()
        );
        for (column, expected) in COLUMNS.iter().zip(expected) {
            let answer = ask(&raw, &cast, route, column).await?;
            let found = cell(route, &answer)?;
            if found != expected {
                let Route { method, path, .. } = route;
                wrong.push(format!(
                    "{method} {path} as {column}: {expected} was due, not {found}: {answer:?}"
                ));
            }
        }
    }
    ensure!(wrong.is_empty(), "{} cells differ:\n{}", wrong.len(), wrong.join("\n"));
    foreign::ids_in_paths_are_not_there(&product, &cast).await?;
    what_somebody_does_not_see_is_not_there(&product, &cast).await?;
    nobody_acts_on_themselves(&product, &cast).await?;
    the_account_is_only_handed_over(&product, &cast).await
}

fn every_route_is_in_the_table(routes: &[(String, String)]) -> anyhow::Result<()> {
    let described: BTreeSet<_> =
        routes.iter().map(|(method, path)| (method.as_str(), path.as_str())).collect();
    let judged: BTreeSet<_> = TABLE.iter().map(|route| (route.method, route.path)).collect();
    let missing: Vec<_> = described.difference(&judged).collect();
    ensure!(missing.is_empty(), "routes that nobody judged: add them to the table: {missing:?}");
    let gone: Vec<_> = judged.difference(&described).collect();
    ensure!(gone.is_empty(), "the table has routes that don't exist: {gone:?}");
    Ok(())
}

/// One request of the table. Each column has an address of its own, so that limits on addresses don't mix.
async fn ask(nobody: &Raw, cast: &Cast, route: &Route, column: &str) -> anyhow::Result<Reply> {
    let address = COLUMNS.iter().position(|name| *name == column).context("no such column")?;
    let mut raw = nobody
        .with_header("x-forwarded-for", &format!("203.0.113.{}", address + 1))
        .with_header("if-match", "\"999999\"");
    if let Some(token) = cast.tokens.get(column).context("nobody plays this column")? {
        raw = raw.with_token(token);
    }
    let harmful = route.path.ends_with("/resets") || route.path.ends_with("/personal-data");
    let member = if harmful { cast.victim } else { cast.technician };
    let path = filled(route.path, cast.office.id, cast.group, member);
    let body = table::body(route, cast.group, member, &cast.office.login("tech"), column);
    raw.call(route.method, &path, body.as_ref()).await
}

fn filled(path: &str, company: Uuid, group: Uuid, member: Uuid) -> String {
    let company_or_nothing = if path.starts_with("/companies/") { company } else { Uuid::nil() };
    path.replace("{id}", &company_or_nothing.to_string())
        .replace("{group}", &group.to_string())
        .replace("{member}", &member.to_string())
        .replace("{token}", "no-token-of-ours")
}

/// What an answer means for the question who may: `401`, `403`, `404`, or `yes` for whatever a role isn't refused.
fn cell(route: &Route, answer: &Reply) -> anyhow::Result<&'static str> {
    // Resets answer a person each.
    if route.path.ends_with("/resets") && answer.status == 200 {
        let outcome = &answer.json()?["members"][0];
        let unseen =
            outcome["reason"].as_str().is_some_and(|reason| reason.contains("there is no such thing"));
        return Ok(match outcome["reset"].as_bool() {
            Some(true) => "yes",
            _ if unseen => "404",
            _ => "403",
        });
    }
    match (answer.status, answer.problem.as_str()) {
        (401, "not-signed-in") => Ok("401"),
        (403, "forbidden") => Ok("403"),
        (404, "not-found") => Ok("404"),
        (200..=299, _) | (403, "not-signed") => Ok("yes"),
        // The rules, not the role, had the last word; sign-ins and passwords have their own.
        (400 | 401 | 409 | 410 | 412 | 422, kind) if !kind.is_empty() => Ok("yes"),
        _ => bail!("{} {}: an answer that nobody thought of: {answer:?}", route.method, route.path),
    }
}

/// To an Admin, an id of their own company that they don't see is like one that nobody has: word by word.
async fn what_somebody_does_not_see_is_not_there(product: &Standalone, cast: &Cast) -> anyhow::Result<()> {
    let token = cast.tokens["admin"].clone().context("no admin")?;
    let raw = Raw::new(product).with_token(&token).with_header("if-match", "\"0\"");
    let (company, nothing) = (cast.office.id, Uuid::from_u128(1));
    let unseen = [
        (cast.elsewhere, cast.technician),
        (cast.group, cast.office.holder.id),
        (cast.group, cast.master.id),
        (cast.group, cast.auditor),
    ];
    let mut asked = 0;
    for route in TABLE.iter().filter(|route| route.path.starts_with("/companies/{id}/")) {
        for (group, member) in unseen {
            let missing = if group == cast.elsewhere { (nothing, member) } else { (group, nothing) };
            let asking = |group, member| {
                let body = table::body(route, group, member, "somebody@office.example", "admin");
                (filled(route.path, company, group, member), body)
            };
            let (of_somebody, of_nobody) = (asking(group, member), asking(missing.0, missing.1));
            if of_somebody == of_nobody {
                continue;
            }
            let mut answers = Vec::new();
            for (path, body) in [&of_somebody, &of_nobody] {
                let answer = raw.call(route.method, path, body.as_ref()).await?;
                let ids = [group, member, nothing].map(|id| id.to_string());
                let told = ids.iter().fold(answer.text, |told, id| told.replace(id, "ID"));
                answers.push((answer.status, told));
            }
            ensure!(answers[0] == answers[1], "{} {}: {answers:?}", route.method, of_somebody.0);
            asked += 1;
        }
    }
    ensure!(asked > 30, "only {asked} requests were made");
    Ok(())
}

/// A Master Admin who isn't the holder, and an Admin who is a technician of the own group: neither acts on themselves.
async fn nobody_acts_on_themselves(product: &Standalone, cast: &Cast) -> anyhow::Result<()> {
    let company = cast.office.id;
    let mut asked = 0;
    for own in [&cast.master, &cast.both, &cast.office.holder] {
        let raw = Raw::new(product).with_token(&own.token).with_header("if-match", "\"0\"");
        for route in TABLE.iter().filter(|route| route.method != "GET") {
            let about_a_person = route.path.contains("/members/{member}") || route.path.ends_with("/resets");
            if !about_a_person {
                continue;
            }
            let path = filled(route.path, company, cast.group, own.id);
            let body = table::body(route, cast.group, own.id, "somebody@office.example", "holder");
            let answer = raw.call(route.method, &path, body.as_ref()).await?;
            ensure!(cell(route, &answer)? == "403", "{} {path} on oneself: {answer:?}", route.method);
            asked += 1;
        }
    }
    ensure!(asked >= 21, "only {asked} requests were made");
    Ok(())
}

/// Demoting, disabling and erasing the holder is refused to a Master Admin; handing over works, and then the roles are swapped.
async fn the_account_is_only_handed_over(product: &Standalone, cast: &Cast) -> anyhow::Result<()> {
    let (company, old, new) = (cast.office.id, &cast.office.holder, &cast.master);
    refuse_to_remove(product, company, &new.token, old.id).await?;
    old.session.transfer_account(company, &TransferAccount { to: new.id }).await?;
    refuse_to_remove(product, company, &old.token, new.id).await?;
    let shown = new.session.company(company).await?.value;
    ensure!(
        shown.account_holder == new.id && shown.master_admins.contains(&old.id),
        "not handed over: {shown:?}"
    );
    // Now that it is somebody else's, the old holder is a Master Admin like any other.
    let raw = Raw::new(product).with_token(&new.token);
    let path = format!("/companies/{company}/members/{}/roles", old.id);
    let seen = raw.call("GET", &format!("/companies/{company}/members/{}", old.id), None).await?;
    let raw = raw.with_header("if-match", &seen.etag.context("no ETag")?);
    let demoted = raw.call("PUT", &path, Some(&json!({ "roles": ["auditor"] }))).await?;
    ensure!(demoted.status == 200, "{demoted:?}");
    let session = token(product, "office", &old.login, &password("holder")).await?;
    let policy = Raw::new(product)
        .with_token(&session)
        .with_header("if-match", "\"0\"")
        .call("PUT", &format!("/companies/{company}/branding"), Some(&table::branding()))
        .await?;
    ensure!(policy.problem == "forbidden", "a demoted Master Admin still writes: {policy:?}");
    Ok(())
}

async fn refuse_to_remove(product: &Standalone, company: Uuid, by: &str, holder: Uuid) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(by);
    let member = format!("/companies/{company}/members/{holder}");
    let attempts = [
        ("PUT", format!("{member}/roles"), Some(json!({ "roles": ["technician"] }))),
        ("PUT", format!("{member}/standing"), Some(json!({ "enabled": false }))),
        ("DELETE", format!("{member}/personal-data"), None),
    ];
    let seen = raw.call("GET", &member, None).await?;
    let raw = raw.with_header("if-match", &seen.etag.context("no ETag")?);
    for (method, path, body) in attempts {
        let answer = raw.call(method, &path, body.as_ref()).await?;
        ensure!(
            answer.status == 409 && answer.text.contains("transfer the account first"),
            "{method} {path}: {answer:?}"
        );
    }
    let shown = raw.call("GET", &member, None).await?.json()?;
    ensure!(
        shown["account_holder"] == true && shown["standing"] == "active",
        "the holder was changed: {shown}"
    );
    Ok(())
}
