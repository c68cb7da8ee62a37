//! The admin port's metrics, as an operator's Prometheus reads them.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;
use twostep_api::{Method, RequestCode, Role};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{Stage, Technician, member_of, new_company, password, require_everybody, sign_in};

#[tokio::test]
async fn s10_metrics_count_what_happens_and_name_nobody() {
    metrics().await.unwrap();
}

async fn metrics() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (company, holder) = new_company(&product, "measured").await?;
    let login = "tech@measured.example";
    let member = member_of(&product, &inbox, &holder, company.id, login, &[Role::Technician], None).await?;
    require_everybody(&holder, company.id).await?;
    Technician::set_up(&product, &inbox, login).await?;
    let api = product.api()?;
    ensure!(sign_in(&api, login, "not the password at all").await.is_err(), "any password will do");
    let pending = sign_in(&api, login, &password(login)).await?;
    let asked = api.with_token(pending.token.as_deref().context("no token")?);
    let address = format!("backup.{login}");
    let before = inbox.all(&address).await?.iter().map(|mail| mail.id).max().unwrap_or(0);
    asked.request_code(pending.id, &RequestCode { method: Method::Email }).await?;
    inbox.next_that(&address, before, |mail| mail.code.is_some()).await?;

    let http = reqwest::Client::builder().no_proxy().build()?;
    let answer = http.get(format!("{}/metrics", product.admin_url())).send().await?.error_for_status()?;
    let media = answer.headers().get("content-type").context("no media type")?.to_str()?.to_owned();
    ensure!(media.starts_with("application/openmetrics-text"), "{media}");
    let text = answer.text().await?;
    for begin in [
        r#"twostep_http_requests_total{method="POST",route="/api/v1/sign-ins/{id}/codes",status="2xx"} 1"#,
        r#"twostep_http_request_duration_seconds_bucket{le="5.0",method="POST",route="/api/v1/sign-ins"}"#,
        r#"twostep_sign_ins_total{outcome="wrong_credentials"} 1"#,
        r#"twostep_sign_ins_total{outcome="second_step_asked"} 1"#,
        r#"twostep_sign_ins_total{outcome="activated"} 1"#,
        r#"twostep_delivery_outcomes_total{channel="email",outcome="submitted"}"#,
        r#"twostep_delivery_waiting{channel="email",urgency="urgent"} 0"#,
        r#"twostep_delivery_in_hand{channel="sms",urgency="notice"} 0"#,
        r#"twostep_relay_leads 1"#,
        r#"twostep_relay_backlog "#,
        r#"twostep_delivery_breaker_open{channel="email",provider="inbox"} 0"#,
        r#"twostep_delivery_breaker_open{channel="sms",provider="inbox"} 0"#,
        r#"twostep_read_model_following{model="directory"} 1"#,
        r#"twostep_log_appends_total{stream="second-step",outcome="durable"}"#,
        "# EOF",
    ] {
        ensure!(text.lines().any(|line| line.starts_with(begin)), "{begin} is not in\n{text}");
    }
    for canary in [company.id.to_string(), member.to_string(), pending.id.to_string()] {
        ensure!(!text.contains(&canary), "{canary} is in the metrics");
    }
    for canary in [login, "measured"] {
        ensure!(!text.contains(canary), "{canary} is in the metrics");
    }
    Ok(())
}

#[tokio::test]
async fn a_relay_that_is_left_alone_is_a_metric() {
    let stage = Stage::open("broken").await.unwrap();
    let down = json!({ "mail": [{ "stage": "mail", "drop": true }] });
    stage.inbox.misbehave(&down).await.unwrap();
    for name in ["ann", "ben", "cid", "dan", "eve", "fay"] {
        stage.holder.invite_member(stage.company, &stage.invitation(name)).await.unwrap();
    }
    let open = r#"twostep_delivery_breaker_open{channel="email",provider="inbox"} 1"#;
    let opens = async { while !stage.metrics().await.unwrap().contains(open) {} };
    tokio::time::timeout(Duration::from_secs(20), opens).await.expect("the breaker stays closed");
}
