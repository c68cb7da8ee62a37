//! S18: whoever changes something of the company's has proven their method lately, on every route.

use anyhow::ensure;
use twostep_api::{ConfirmCode, Role, StartSetUp};
use twostep_tests::harness::{Inbox, Product as _, Standalone, code_at};
use twostep_tests::story::{Office, Raw};

use super::table::{self, TABLE};

#[tokio::test]
async fn s18_every_administrators_write_asks_for_a_proof_of_the_last_fifteen_minutes() {
    every_write().await.unwrap();
}

async fn every_write() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let office = Office::open(&product, "office").await?;
    let group = office.group("Support", None).await?;
    let technician = office.person(&product, &inbox, "tech", &[Role::Technician], Some(group)).await?;
    let api = &office.holder.session;
    api.start_set_up(&StartSetUp::default()).await?;
    let secret = api.start_pairing().await?.secret;
    let now = product.now().await?.timestamp();
    api.confirm_pairing(&ConfirmCode { code: code_at(&secret, now)? }).await?;
    api.make_recovery_codes().await?;
    api.activate().await?;
    product.advance(16 * 60).await?;
    let raw = Raw::new(&product).with_token(&office.holder.token).with_header("if-match", "\"0\"");
    let mut wrong = Vec::new();
    let writes = TABLE.iter().filter(|it| it.method != "GET" && it.path.starts_with("/companies/"));
    for route in writes {
        let path = super::filled(route.path, office.id, group, technician.id);
        let login = office.login("new");
        let body = table::body(route, group, technician.id, &login, "holder");
        let answer = raw.call(route.method, &path, body.as_ref()).await?;
        if answer.problem != "step-up-required" {
            wrong.push(format!("{} {}: {answer:?}", route.method, route.path));
        }
    }
    ensure!(wrong.is_empty(), "{} writes go without a proof:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}
