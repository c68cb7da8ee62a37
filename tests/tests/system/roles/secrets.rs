//! S23: what administrators read holds no secret of anybody, and nothing they write sets one.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use twostep_api::{
    ConfirmCode, ConfirmContact, Method, RequestCode, RequestPasswordReset, StartSetUp, VerifyEmail,
};
use twostep_client::Client;
use twostep_tests::harness::{Inbox, Message, Product as _, Standalone, code_at};
use twostep_tests::story::{Raw, Reply, Sought, everything_read, holds, password, sign_in_at};
use uuid::Uuid;

use super::cast::{Cast, cast};

#[tokio::test]
async fn s23_no_administrator_sees_or_chooses_a_secret() {
    no_secret_is_seen().await.unwrap();
}

/// Whoever is in charge of somebody, or looks on.
const WATCHING: [&str; 7] = ["holder", "master", "admin", "both", "other", "auditor", "operator"];

/// What the test must have to look for.
const SOUGHT: [&str; 8] = [
    "a first screen's code",
    "a link's token",
    "a mailed code",
    "a password",
    "a printed code",
    "a seed",
    "a session's token",
    "a sign-in's token",
];

/// A secret, and what it is.
type Secrets = Vec<(&'static str, String)>;

/// Everything that an administrator reads and is answered, and no secret in it; and no way to choose one for somebody.
async fn no_secret_is_seen() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let cast = cast(&product, &inbox).await?;
    let (sign_in, mut secrets) = secrets(&product, &inbox, &cast).await?;
    let mut heard = Vec::new();
    for column in WATCHING {
        let raw = Raw::new(&product).with_token(cast.tokens[column].as_deref().context("no token")?);
        let (triggered, links) = triggered(&raw, &inbox, &cast, column).await?;
        secrets.extend(links);
        heard.extend(triggered.into_iter().map(|answer| (format!("what {column} triggered"), answer)));
    }
    // Read when all of it has happened, and stands in the history.
    let sought = Sought {
        company: cast.office.id,
        groups: vec![cast.group],
        members: vec![cast.technician, cast.covered, cast.both.id, cast.office.holder.id],
        sign_ins: vec![sign_in],
    };
    for column in WATCHING {
        let raw = Raw::new(&product).with_token(cast.tokens[column].as_deref().context("no token")?);
        let read = everything_read(&raw, &sought).await?;
        heard.extend(read.into_iter().map(|(path, answer)| (format!("GET {path} as {column}"), answer)));
    }
    let kinds: BTreeSet<_> = secrets.iter().map(|(what, _)| *what).collect();
    ensure!(kinds == BTreeSet::from(SOUGHT), "only these are looked for: {kinds:?}");
    for (from, answer) in &heard {
        for (what, secret) in &secrets {
            ensure!(!holds(&answer.text, secret), "{from} holds {what}: {}", answer.text);
        }
    }
    let told = heard.iter().filter(|(_, answer)| (200..300).contains(&answer.status)).count();
    ensure!(told >= 60, "only {told} answers told something");
    nobody_chooses_a_secret_for_somebody_else(&product).await
}

/// Seeds, codes, links, tokens and passwords of the company's people, used and unused; and a sign-in that is under way.
async fn secrets(product: &Standalone, inbox: &Inbox, cast: &Cast) -> anyhow::Result<(Uuid, Secrets)> {
    let login = cast.office.login("covered");
    let mut secrets =
        vec![("a password", password(&cast.office.login("tech"))), ("a password", password(&login))];
    // Somebody who has set up, with everything that showed and mailed.
    let token = cast.tokens["pending"].as_deref().context("no pending sign-in")?;
    secrets.push(("a sign-in's token", token.to_owned()));
    let pending = product.api()?.with_token(token);
    let (seed, code) = set_up(&pending, inbox, &login, &mut secrets).await?;
    let now = product.now().await?.timestamp();
    pending.confirm_pairing(&ConfirmCode { code: code_at(&seed, now)? }).await?;
    pending.confirm_email(&ConfirmContact { code: Some(code) }).await?;
    let activated = pending.activate().await?;
    secrets.push(("a session's token", activated.token.context("no session")?));
    let printed = activated.recovery_codes.into_iter();
    secrets
        .extend(printed.flat_map(|code| [code.replace('-', ""), code]).map(|code| ("a printed code", code)));
    // The same person in a sign-in that waits for its code, and somebody in the middle of a set-up.
    let again = sign_in_at(&product.api()?, &cast.office.slug, &login, &password(&login)).await?;
    let token = again.token.context("no sign-in")?;
    let asked = product.api()?.with_token(&token);
    asked.request_code(again.id, &RequestCode { method: Method::Email }).await?;
    secrets.push(("a sign-in's token", token));
    let mail =
        inbox.next_that(&backup(&login), 0, |mail| mail.code.is_some() && mail.links.is_empty()).await?;
    secrets.push(("a mailed code", mail.code.context("no code")?));
    let tech = product.api()?.with_token(cast.tokens["technician"].as_deref().context("no technician")?);
    set_up(&tech, inbox, &cast.office.login("tech"), &mut secrets).await?;
    // The links that brought everybody in, and one that resets a password.
    let forgotten =
        RequestPasswordReset { company: Some(cast.office.slug.clone()), login: cast.both.login.clone() };
    product.api()?.request_password_reset(&forgotten).await?;
    let reset = |mail: &Message| mail.links.iter().any(|link| link.contains("/password-resets/"));
    inbox.next_that(&cast.both.login, 0, reset).await?;
    for name in ["tech", "both", "covered", "master", "auditor"] {
        let mails = inbox.all(&cast.office.login(name)).await?;
        secrets.extend(mails.iter().flat_map(links));
    }
    Ok((again.id, secrets))
}

/// Pairs an app and has an address mailed to, up to what has to be confirmed; gives the seed and the mailed code.
async fn set_up(
    api: &Client,
    inbox: &Inbox,
    login: &str,
    secrets: &mut Secrets,
) -> anyhow::Result<(String, String)> {
    api.start_set_up(&StartSetUp::default()).await?;
    let seed = api.start_pairing().await?.secret;
    secrets.extend([("a seed", seed.replace(' ', "")), ("a seed", seed.clone())]);
    let shown = api.set_up_email(&VerifyEmail { address: backup(login) }).await?;
    secrets.push(("a first screen's code", shown.first_screen_code.context("no code on the first screen")?));
    let mail = inbox.next_that(&backup(login), 0, |mail| mail.code.is_some()).await?;
    secrets.extend(links(&mail));
    let code = mail.code.context("no code")?;
    secrets.push(("a mailed code", code.clone()));
    Ok((seed, code))
}

fn backup(login: &str) -> String {
    format!("backup.{login}")
}

fn links(mail: &Message) -> Secrets {
    let tokens = mail.links.iter().filter_map(|link| link.rsplit('/').next());
    tokens.map(|token| ("a link's token", token.to_owned())).collect()
}

/// An invitation, the same again, and a reset: what they are answered, and the links that were mailed for them.
async fn triggered(
    raw: &Raw,
    inbox: &Inbox,
    cast: &Cast,
    column: &str,
) -> anyhow::Result<(Vec<Reply>, Secrets)> {
    let login = cast.office.login(&format!("new.{column}"));
    let people = format!("/companies/{}/members", cast.office.id);
    let invite =
        json!({ "name": "Somebody new", "email": login, "roles": ["technician"], "group": cast.group });
    let mut heard = vec![raw.call("POST", &people, Some(&invite)).await?];
    let mut secrets = Vec::new();
    let mut somebody = cast.victim.to_string();
    if heard[0].status == 201 {
        let first = inbox.next_that(&login, 0, |mail| !mail.links.is_empty()).await?;
        somebody = heard[0].json()?["id"].as_str().context("no id")?.to_owned();
        heard.push(raw.call("POST", &format!("{people}/{somebody}/invitation"), None).await?);
        let second = inbox.next_that(&login, first.id, |mail| !mail.links.is_empty()).await?;
        secrets.extend([links(&first), links(&second)].concat());
    }
    heard.push(raw.call("POST", &format!("{people}/resets"), Some(&json!({ "members": [somebody] }))).await?);
    Ok((heard, secrets))
}

/// The only requests that take a password: links, and their owner's.
const TAKE_A_PASSWORD: [(&str, &str); 4] = [
    ("post", "/api/v1/invitations/{token}"),
    ("post", "/api/v1/me/password"),
    ("post", "/api/v1/password-resets/{token}"),
    ("post", "/api/v1/sign-ins"),
];

/// Passwords are taken by those routes alone, and no request under `companies` has a field that would set any secret.
async fn nobody_chooses_a_secret_for_somebody_else(product: &Standalone) -> anyhow::Result<()> {
    let document = Raw::new(product).call("GET", "/openapi.json", None).await?.json()?;
    let mut take_a_password = BTreeSet::new();
    for (path, item) in document["paths"].as_object().context("no paths")? {
        for (method, operation) in item.as_object().context("a path without methods")? {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let mut fields = BTreeSet::new();
            fields_of(&document, schema, &mut fields);
            // Some are `old` and `new`, and what they are is said of them.
            if fields.iter().any(|(name, about)| name.contains("password") || about.contains("password")) {
                take_a_password.insert((method.as_str(), path.as_str()));
            }
            for (field, _) in &fields {
                let secret =
                    ["password", "secret", "seed", "token", "pin"].iter().any(|word| field.contains(word));
                let set_for_others = secret && path.starts_with("/api/v1/companies");
                ensure!(!set_for_others, "{method} {path} takes a field {field}");
            }
        }
    }
    ensure!(take_a_password == BTreeSet::from(TAKE_A_PASSWORD), "a password is taken by {take_a_password:?}");
    Ok(())
}

/// The fields of a schema at any depth, with what is said of them.
fn fields_of(document: &Value, schema: &Value, fields: &mut BTreeSet<(String, String)>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        fields_of(document, &document["components"]["schemas"][name], fields);
    }
    let choices = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|kind| schema[kind].as_array());
    for inner in choices.flatten().chain(schema.get("items")).chain(schema.get("additionalProperties")) {
        fields_of(document, inner, fields);
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let about = inner["description"].as_str().unwrap_or_default().to_lowercase();
        fields.insert((name.clone(), about));
        fields_of(document, inner, fields);
    }
}
