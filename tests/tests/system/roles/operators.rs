//! S22: what is the operator's is behind a socket in the data directory, and not on the port that everybody reaches.

use anyhow::{Context as _, ensure};
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Office, Raw};

#[tokio::test]
async fn s22_the_operators_routes_are_nobody_s_on_the_public_port() {
    behind_the_socket_alone().await.unwrap();
}

const OPERATORS: [&str; 9] = [
    "/backups",
    "/break-glass",
    "/channel-keys",
    "/companies",
    "/dead-letters/00000000-0000-0000-0000-000000000000/redrives",
    "/master-key-rotations",
    "/possession-challenges",
    "/read-models/rebuilds",
    "/unmaskings",
];

async fn behind_the_socket_alone() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let office = Office::open(&product, "office").await?;
    let socket = product.data().join("operator.sock");
    let operator = reqwest::Client::builder().unix_socket(socket).no_proxy().build()?;
    let holder = Raw::new(&product).with_token(&office.holder.token);
    for route in OPERATORS {
        let asked = operator.post(format!("http://operator/api/v1{route}"));
        let heard = asked.header(CONTENT_TYPE, "application/json").body("{}").send().await?.status();
        ensure!(![404, 405].contains(&heard.as_u16()), "{route} isn't the operator's: {heard}");
        for asking in [&holder, &Raw::new(&product)] {
            let answer = asking.call("POST", route, Some(&json!({}))).await.context(route)?;
            ensure!((answer.status, &*answer.problem) == (404, "not-found"), "{route}: {answer:?}");
        }
    }
    for asking in [&holder, &Raw::new(&product)] {
        let answer = asking.call("GET", "/dead-letters", None).await?;
        ensure!((answer.status, &*answer.problem) == (404, "not-found"), "{answer:?}");
    }
    Ok(())
}
