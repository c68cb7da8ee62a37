//! S23: what administrators read holds no secret of anybody, and nothing they write sets one.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::story::{Raw, password};

use super::cast::{Cast, cast};
use super::{described, filled};

#[tokio::test]
async fn s23_no_administrator_sees_or_chooses_a_secret() {
    no_secret_is_seen().await.unwrap();
}

/// Everything that an administrator can read, and no secret in it; and no way to choose one for somebody.
async fn no_secret_is_seen() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let cast = cast(&product, &inbox).await?;
    let routes = described(&product).await?;
    let secrets = secrets(&product, &inbox, &cast).await?;
    let mut read = 0;
    for column in ["holder", "master", "admin", "both", "auditor"] {
        let token = cast.tokens[column].as_deref().context("no token")?;
        let raw = Raw::new(&product).with_token(token);
        for (_, path) in
            routes.iter().filter(|(method, path)| method == "GET" && path.starts_with("/companies"))
        {
            for member in [cast.technician, cast.both.id, cast.office.holder.id] {
                let answer = raw.call("GET", &filled(path, cast.office.id, cast.group, member), None).await?;
                for (what, secret) in &secrets {
                    ensure!(!answer.text.contains(secret), "GET {path} as {column} holds {what}");
                }
                read += usize::from(answer.status == 200);
            }
        }
    }
    ensure!(read >= 30, "only {read} answers were read");
    nobody_chooses_a_secret_for_somebody_else(&product).await
}

/// Seeds, codes, links and passwords of the company's people.
async fn secrets(
    product: &Standalone,
    inbox: &Inbox,
    cast: &Cast,
) -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut secrets = vec![("a password", password(&cast.office.login("tech")))];
    let token = cast.tokens["pending"].as_deref().context("no pending sign-in")?;
    secrets.push(("the token of a sign-in", token.to_owned()));
    let pending = product.api()?.with_token(token);
    pending.start_set_up(&twostep_api::StartSetUp::default()).await?;
    let seed = pending.start_pairing().await?.secret;
    secrets.push(("a seed", seed.replace(' ', "")));
    secrets.push(("a seed as it is shown", seed));
    for name in ["tech", "both", "covered"] {
        for mail in inbox.all(&cast.office.login(name)).await? {
            secrets.extend(
                mail.links
                    .iter()
                    .filter_map(|link| link.rsplit('/').next())
                    .map(|token| ("a link", token.to_owned())),
            );
        }
    }
    ensure!(secrets.len() >= 7, "too few secrets to look for");
    Ok(secrets)
}

/// No request under `companies` has a field that would set a password, a code or a seed.
async fn nobody_chooses_a_secret_for_somebody_else(product: &Standalone) -> anyhow::Result<()> {
    let document = Raw::new(product).call("GET", "/openapi.json", None).await?.json()?;
    for (path, item) in document["paths"].as_object().context("no paths")? {
        if !path.starts_with("/api/v1/companies") {
            continue;
        }
        for (method, operation) in item.as_object().context("a path without methods")? {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let mut fields = BTreeSet::new();
            fields_of(&document, schema, &mut fields);
            for field in &fields {
                let secret =
                    ["password", "secret", "seed", "token", "pin"].iter().any(|word| field.contains(word));
                ensure!(!secret, "{method} {path} takes a field {field}");
            }
        }
    }
    Ok(())
}

fn fields_of(document: &Value, schema: &Value, fields: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        fields_of(document, &document["components"]["schemas"][name], fields);
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        fields.insert(name.clone());
        fields_of(document, inner, fields);
    }
}
