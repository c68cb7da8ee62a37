//! S22: what belongs to another company isn't there, whether its id stands in a path or in a body.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde_json::json;
use twostep_api::Role;
use twostep_client::AuditPage;
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Office, Raw, Reply};
use uuid::Uuid;

use super::cast::Cast;
use super::filled;
use super::table::{self, TABLE};

/// With the account holder's own token and company, whatever else is in the path is another company's.
pub(super) async fn ids_in_paths_are_not_there(product: &Standalone, cast: &Cast) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&cast.office.holder.token).with_header("if-match", "\"0\"");
    let foreign = (cast.foreign_group, cast.foreign_member);
    let mut asked = 0;
    for route in TABLE {
        let variants = [(foreign.0, cast.technician), (cast.group, foreign.1)];
        let sought = ["{group}", "{member}"];
        for (part, (group, member)) in sought.into_iter().zip(variants) {
            if !route.path.contains(part) {
                continue;
            }
            if route.method == "DELETE" && route.path.ends_with("/admins/{member}") && part == "{member}" {
                is_like_nobody(product, route, cast).await?;
                asked += 1;
                continue;
            }
            let path = filled(route.path, cast.office.id, group, member);
            let body = table::body(route, group, member, "somebody@office.example", "holder");
            let answer = raw.call(route.method, &path, body.as_ref()).await?;
            ensure!(
                answer.problem == "not-found",
                "{} {path} with a foreign {part}: {answer:?}",
                route.method
            );
            asked += 1;
        }
        if route.path.starts_with("/companies/{id}") {
            let path = filled(route.path, cast.foreign.id, foreign.0, foreign.1);
            let body = table::body(route, foreign.0, foreign.1, "somebody@foreign.example", "holder");
            let answer = raw.call(route.method, &path, body.as_ref()).await?;
            ensure!(
                answer.problem == "not-found",
                "{} {path} of a foreign company: {answer:?}",
                route.method
            );
            asked += 1;
        }
    }
    ensure!(asked > 30, "only {asked} requests were made");
    let there = cast.foreign.holder.session.member(cast.foreign.id, cast.foreign_member).await?.value;
    ensure!(
        there.name.is_some() && there.group == Some(cast.foreign_group),
        "the foreign member was changed"
    );
    Ok(())
}

/// Taking a group from somebody who never had it says just that, whoever it is: somebody of another company is nobody.
async fn is_like_nobody(product: &Standalone, route: &table::Route, cast: &Cast) -> anyhow::Result<()> {
    let raw = Raw::new(product).with_token(&cast.office.holder.token);
    let mut answers = Vec::new();
    for member in [cast.foreign_member, Uuid::from_u128(1)] {
        let path = filled(route.path, cast.office.id, cast.group, member);
        let answer = raw.call(route.method, &path, None).await?;
        let text = answer.text.replace(&member.to_string(), "{member}");
        answers.push((answer.status, answer.problem, text, answer.etag, answer.position.is_some()));
    }
    ensure!(answers[0] == answers[1], "{} {}: {answers:?}", route.method, route.path);
    ensure!(answers[0].1 == "nothing-changed", "refused for another reason: {answers:?}");
    Ok(())
}

#[tokio::test]
async fn s22_ids_of_another_company_in_bodies_are_not_there() {
    in_bodies().await.unwrap();
}

/// Where a body of `companies` names something by its id.
const IDS_IN_BODIES: [(&str, &str, &str); 6] = [
    ("POST", "/companies/{id}/account-holder", "to"),
    ("POST", "/companies/{id}/groups", "parent"),
    ("POST", "/companies/{id}/members", "group"),
    ("POST", "/companies/{id}/members/resets", "members"),
    ("PUT", "/companies/{id}/groups/{group}", "parent"),
    ("PUT", "/companies/{id}/members/{member}/group", "group"),
];

/// Somebody and something of a company, which another one's requests may name.
struct Things {
    office: Office,
    group: Uuid,
    technician: Uuid,
    admin: Uuid,
    master: Uuid,
}

impl Things {
    async fn of(product: &Standalone, inbox: &Inbox, slug: &str) -> anyhow::Result<Self> {
        let office = Office::open(product, slug).await?;
        let group = office.group("Support", None).await?;
        let person = async |name: &str, role, group| {
            anyhow::Ok(office.person(product, inbox, name, &[role], group).await?.id)
        };
        let technician = person("tech", Role::Technician, Some(group)).await?;
        let admin = person("admin", Role::Admin, None).await?;
        let master = person("master", Role::MasterAdmin, None).await?;
        Ok(Self { office, group, technician, admin, master })
    }

    /// The id that `field` is to hold.
    fn id(&self, field: &str) -> Uuid {
        match field {
            "to" => self.master,
            "members" => self.technician,
            _ => self.group,
        }
    }
}

async fn in_bodies() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    every_id_is_judged(&product).await?;
    let theirs = Things::of(&product, &inbox, "foreign").await?;
    let own = Things::of(&product, &inbox, "office").await?;
    let other = own.office.group("Other", None).await?;
    let before = [history(&own.office).await?, history(&theirs.office).await?];
    for (method, path, field) in IDS_IN_BODIES {
        let foreign = ask(&product, &own, (method, path, field), theirs.id(field)).await?;
        is_not_there(&foreign).with_context(|| format!("{method} {path} with a foreign {field}"))?;
        let nobody = ask(&product, &own, (method, path, field), Uuid::from_u128(1)).await?;
        let told = |answer: &Reply, id: Uuid| answer.text.replace(&id.to_string(), "ID");
        ensure!(
            told(&foreign, theirs.id(field)) == told(&nobody, Uuid::from_u128(1)),
            "{method} {path} tells foreign ids from those that nobody has: {foreign:?} {nobody:?}"
        );
    }
    for stranger in [theirs.admin, theirs.master, theirs.office.holder.id] {
        let raw = Raw::new(&product).with_token(&own.office.holder.token);
        let path = format!("/companies/{}/groups/{}/admins/{stranger}", own.office.id, own.group);
        is_not_there(&raw.call("PUT", &path, None).await?).context("a foreign Admin of a group")?;
    }
    let after = [history(&own.office).await?, history(&theirs.office).await?];
    ensure!(before == after, "something was changed: {before:?} {after:?}");
    // It was the id alone: the same requests go through with one of the own company.
    for (method, path, field) in IDS_IN_BODIES {
        let id = if own.id(field) == own.group { other } else { own.id(field) };
        let answer = ask(&product, &own, (method, path, field), id).await?;
        ensure!((200..300).contains(&answer.status), "{method} {path} with an own {field}: {answer:?}");
        ensure!(field != "members" || answer.json()?["members"][0]["reset"] == true, "{answer:?}");
    }
    Ok(())
}

/// Every id in a body under `companies`, as the service describes itself.
async fn every_id_is_judged(product: &Standalone) -> anyhow::Result<()> {
    let document = Raw::new(product).call("GET", "/openapi.json", None).await?.json()?;
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().context("no paths")? {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        for (method, operation) in item.as_object().context("a path without methods")? {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let Some(name) = schema.as_str().and_then(|name| name.rsplit('/').next()) else { continue };
            let fields = document["components"]["schemas"][name]["properties"].as_object();
            for (field, inner) in fields.into_iter().flatten() {
                if inner["format"] == "uuid" || inner["items"]["format"] == "uuid" {
                    found.insert((method.to_uppercase(), path.to_owned(), field.clone()));
                }
            }
        }
    }
    let judged: BTreeSet<_> = IDS_IN_BODIES
        .map(|(method, path, field)| (method.to_owned(), path.to_owned(), field.to_owned()))
        .into();
    ensure!(found == judged, "ids in bodies are {found:?}, and {judged:?} are judged");
    Ok(())
}

/// The request of `office`'s account holder that names `id`, all else as it should be.
async fn ask(
    product: &Standalone,
    own: &Things,
    (method, path, field): (&str, &str, &str),
    id: Uuid,
) -> anyhow::Result<Reply> {
    let raw = Raw::new(product).with_token(&own.office.holder.token);
    let read = match path {
        "/companies/{id}/groups/{group}" => path,
        _ => "/companies/{id}/members/{member}",
    };
    let fill = |path: &str| filled(path, own.office.id, own.group, own.technician);
    let seen = raw.call("GET", &fill(read), None).await?;
    let raw = raw.with_header("if-match", &seen.etag.context("no ETag")?);
    let body = match field {
        "to" => json!({ "to": id }),
        "parent" if method == "POST" => json!({ "name": "New", "parent": id }),
        "parent" => json!({ "name": "Support", "parent": id }),
        "members" => json!({ "members": [id] }),
        _ if method == "POST" => json!({
            "name": "Somebody", "email": own.office.login("new"), "roles": ["admin", "technician"], "group": id,
        }),
        _ => json!({ "group": id }),
    };
    raw.call(method, &fill(path), Some(&body)).await
}

/// Refused as not there; where people are answered by themselves, the only one asked about.
fn is_not_there(answer: &Reply) -> anyhow::Result<()> {
    if answer.status == 200 {
        let outcome = &answer.json()?["members"][0];
        let reason = outcome["reason"].as_str().unwrap_or_default();
        ensure!(outcome["reset"] == false && reason.contains("there is no such thing"), "{answer:?}");
        return Ok(());
    }
    ensure!((answer.status, &*answer.problem) == (404, "not-found"), "{answer:?}");
    Ok(())
}

/// What happened in a company, but for messages that were on their way and for being asked.
async fn history(office: &Office) -> anyhow::Result<Vec<Uuid>> {
    let session = &office.holder.session;
    let (mut page, mut all) = (AuditPage { limit: Some(200), ..AuditPage::default() }, Vec::new());
    loop {
        let found = session.audit_events(&page).await?;
        let events = found.events.into_iter();
        let told = events.filter(|event| event.kind != "delivery" && event.event_type != "SessionSeen");
        all.extend(told.map(|event| event.id));
        if found.next.is_none() {
            return Ok(all);
        }
        page.cursor = found.next;
    }
}
