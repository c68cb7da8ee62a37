//! Through a server, the program tells what it tells of the server's own log.

use std::fs;

use serde_json::Value;
use twostep_api::{AuditEvent, AuditState, Role};
use twostep_tests::harness::{Inbox, Product as _, Standalone, auditor, lines};
use twostep_tests::story::Office;

#[tokio::test]
async fn a_server_and_its_log_tell_an_auditor_the_same_while_it_runs() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    Office::open(&product, "foreign").await.unwrap();
    let office = Office::open(&product, "audited").await.unwrap();
    let person = office.person(&product, &inbox, "auditor", &[Role::Auditor], None).await.unwrap();
    let (url, data) = (product.url(), product.data());
    let token = [("TWOSTEP_TOKEN", &*person.token)];
    let server = |arguments: &[&str]| auditor(&[&["--server", &url], arguments].concat(), &token).unwrap();
    let file = |arguments: &[&str]| {
        auditor(&[&["--data", data.to_str().unwrap()], arguments].concat(), &[]).unwrap()
    };
    // Messages may still be on their way.
    let told: Vec<AuditEvent> = lines(server(&["replay"])).unwrap();
    let last = told.last().unwrap().number.to_string();
    let from_file = ["replay", "--company", "audited", "--to", &last];
    let same: Vec<Value> = lines(file(&from_file)).unwrap();
    assert_eq!(lines::<Value>(server(&["replay", "--to", &last])).unwrap(), same);
    assert!(same.len() > 10);
    let some: Vec<Value> = lines(server(&["replay", "--from", "3", "--to", "5"])).unwrap();
    assert_eq!(some, same[2..5]);

    let (at, id) = (product.now().await.unwrap().to_rfc3339(), person.id.to_string());
    let question = ["state", "--at", &at, "member", &id];
    let states = [server(&question), file(&question)].map(|command| lines::<Value>(command).unwrap());
    assert_eq!(states[0], states[1]);
    let state: AuditState = serde_json::from_value(states[0][0].clone()).unwrap();
    assert_eq!((state.id, &state.state["standing"]), (person.id, &"enabled".into()));

    let [there, here] = ["there", "here"].map(|name| home.path().join(name));
    let export = ["export", "--to", &last, "--into"];
    lines::<Value>(server(&[&export[..], &[there.to_str().unwrap()]].concat())).unwrap();
    let of_company = [&export[..], &[here.to_str().unwrap(), "--company", "audited"]].concat();
    lines::<Value>(file(&of_company)).unwrap();
    let read = |folder: &std::path::Path| fs::read_to_string(folder.join("events.jsonl")).unwrap();
    assert_eq!(read(&there), read(&here));
}

#[tokio::test]
async fn a_token_comes_from_the_environment_or_a_file_and_goes_nowhere_unencrypted() {
    let home = tempfile::tempdir().unwrap();
    let inbox = Inbox::start().unwrap();
    let product = Standalone::start(home.path(), &inbox).unwrap();
    let office = Office::open(&product, "audited").await.unwrap();
    let url = product.url();
    let file = home.path().join("token");
    fs::write(&file, format!("{}\n", office.holder.token)).unwrap();
    let said = |arguments: &[&str], environment: &[(&str, &str)]| {
        let output = auditor(arguments, environment).unwrap().output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let from_file = ["--server", &url, "--token-file", file.to_str().unwrap(), "replay", "--to", "1"];
    assert_eq!(said(&from_file, &[]).0, Some(0));
    let (code, why) = said(&["--server", &url, "replay"], &[]);
    assert!(code == Some(1) && why.contains("TWOSTEP_TOKEN"), "{code:?}: {why}");
    let (code, why) = said(&["--server", &url, "replay"], &[("TWOSTEP_TOKEN", "nobody's")]);
    assert!(code == Some(1) && why.contains("sign in"), "{code:?}: {why}");
    let far = ["--server", "http://login.example", "replay"];
    let (code, why) = said(&far, &[("TWOSTEP_TOKEN", &office.holder.token)]);
    assert!(code == Some(1) && why.contains("unencrypted") && !why.contains(&office.holder.token), "{why}");
}
