//! The operator rebuilds the read models of a running service.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use twostep_api::Role;
use twostep_tests::harness::{Inbox, Product as _, Standalone, operate};
use twostep_tests::story::{Office, Raw, password};

/// People who sign in, and are invited, meanwhile.
const BUSY: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn read_models_rebuilt_beside_the_live_ones_are_the_same_and_sign_ins_go_on() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "rebuilt").await.unwrap();
    let somebody = office.person(&product, &inbox, "somebody", &[Role::Technician], None).await.unwrap();
    let busy =
        tokio::spawn(keep_busy(Raw::new(&product), office.holder.token.clone(), office.id, somebody.login));
    let data = product.data().to_owned();
    let rebuilding = tokio::task::spawn_blocking(move || {
        (0..3).map(|_| rebuild(&data)).collect::<anyhow::Result<Vec<_>>>()
    });
    let (rebuilt, busy) = tokio::join!(rebuilding, busy);
    busy.unwrap().unwrap();
    for models in rebuilt.unwrap().unwrap() {
        let same = |model: &str| json!({ "model": model, "same": true });
        assert_eq!(
            models,
            json!({ "models": [same("directory"), same("delivery status"), same("audit index")] })
        );
    }
}

fn rebuild(data: &std::path::Path) -> anyhow::Result<Value> {
    let output = operate(data, &["--output", "json", "read-models", "rebuild"])?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("reading what the command printed")
}

async fn keep_busy(raw: Raw, token: String, company: uuid::Uuid, login: String) -> anyhow::Result<()> {
    let holder = raw.with_token(&token);
    let members = format!("/companies/{company}/members");
    for number in 0..BUSY {
        let email = format!("invited{number}@rebuilt.example");
        let person = json!({ "name": "Somebody", "email": email, "roles": ["technician"] });
        let invited = holder.call("POST", &members, Some(&person)).await?;
        ensure!(invited.status == 201, "{invited:?}");
        let credentials = json!({ "login": login, "password": password(&login) });
        let signed_in = raw.call("POST", "/sign-ins", Some(&credentials)).await?;
        ensure!(signed_in.status == 201, "{signed_in:?}");
    }
    Ok(())
}
