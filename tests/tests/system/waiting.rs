//! Waiting for a code: the message's state as it happens, and what a stop does to those who wait.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures::{Stream, StreamExt as _};
use twostep_api::{DeliveryState, Method, ProblemType, ProofKind, Role, SignIn};
use twostep_client::{Client, Error};
use twostep_tests::harness::{Inbox, Product as _, Standalone};
use twostep_tests::story::{
    Stage, Technician, member_of, new_company, password, refused, require_everybody, sign_in,
};

const LOGIN: &str = "tech@wait.example";

/// Longest wait for one event.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody with a password behind them who can have codes mailed.
async fn pending(product: &Standalone, inbox: &Inbox) -> anyhow::Result<(Client, SignIn)> {
    let (company, holder) = new_company(product, "wait").await?;
    member_of(product, inbox, &holder, company.id, LOGIN, &[Role::Technician], None).await?;
    require_everybody(&holder, company.id).await?;
    Technician::set_up(product, inbox, LOGIN).await?;
    let pending = sign_in(&product.api()?, LOGIN, &password(LOGIN)).await?;
    Ok((product.api()?.with_token(pending.token.as_deref().context("no token")?), pending))
}

/// The states up to `last`.
async fn states_until(
    states: impl Stream<Item = Result<DeliveryState, Error>>,
    last: &str,
) -> anyhow::Result<Vec<String>> {
    let mut states = std::pin::pin!(states);
    let mut seen: Vec<String> = Vec::new();
    while seen.last().is_none_or(|state| state != last) {
        let next = tokio::time::timeout(PATIENCE, states.next()).await;
        let next = next.with_context(|| format!("no {last} came after {seen:?}"))?;
        seen.push(next.with_context(|| format!("the stream ended after {seen:?}"))??.state);
    }
    Ok(seen)
}

#[tokio::test]
async fn the_page_sees_its_code_requested_and_submitted() {
    submitted().await.unwrap();
}

async fn submitted() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (api, pending) = pending(&product, &inbox).await?;
    // A slow mail server, so that the state before the last is there to be seen.
    let slow = serde_json::json!({ "mail": [{ "stage": "mail", "delay_ms": 1500 }] });
    inbox.misbehave(&slow).await?;
    let states = api.sign_in_deliveries(pending.id).await?;
    api.request_code(pending.id, &twostep_api::RequestCode { method: Method::Email }).await?;
    let seen = states_until(states, "submitted").await?;
    ensure!(seen == ["requested", "submitted"], "seen were {seen:?}");
    Ok(())
}

#[tokio::test]
async fn the_page_sees_that_the_mail_server_asks_for_patience() {
    retrying().await.unwrap();
}

async fn retrying() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let product = Standalone::start(home.path(), &inbox)?;
    let (api, pending) = pending(&product, &inbox).await?;
    let busy = serde_json::json!({ "mail": [{ "stage": "rcpt", "reply": 450, "times": 2 }] });
    inbox.misbehave(&busy).await?;
    let states = api.sign_in_deliveries(pending.id).await?;
    api.request_code(pending.id, &twostep_api::RequestCode { method: Method::Email }).await?;
    let seen = states_until(states, "submitted").await?;
    ensure!(seen.iter().any(|state| state == "retrying"), "seen were {seen:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_the_streams_and_takes_ten_seconds_at_most() {
    stop().await.unwrap();
}

async fn stop() -> anyhow::Result<()> {
    let home = tempfile::tempdir()?;
    let inbox = Inbox::start()?;
    let mut product = Standalone::start(home.path(), &inbox)?;
    let (api, pending) = pending(&product, &inbox).await?;
    let first = api.sign_in_deliveries(pending.id).await?;
    let _second = api.sign_in_deliveries(pending.id).await?;
    let began = Instant::now();
    let ended_well = tokio::task::block_in_place(|| product.stop())?;
    ensure!(began.elapsed() < Duration::from_secs(10), "it took {:?}", began.elapsed());
    ensure!(ended_well, "it said:\n{}", product.output());
    let mut first = std::pin::pin!(first);
    let after = tokio::time::timeout(PATIENCE, first.next()).await.context("the stream goes on")?;
    ensure!(after.is_none(), "the stream broke off instead of ending: {after:?}");
    Ok(())
}

#[tokio::test]
async fn a_stream_ends_with_the_sign_in_that_asks() {
    ends_with_its_sign_in().await.unwrap();
}

async fn ends_with_its_sign_in() -> anyhow::Result<()> {
    let stage = Stage::enforcing("streams").await?;
    let mut ann = stage.technician("ann").await?;
    let pending = stage.sign_in(ann.login()).await?;
    let mut states = std::pin::pin!(pending.api.sign_in_deliveries(pending.id).await?);
    pending.send(Method::Email).await?;
    let first = tokio::time::timeout(PATIENCE, states.next()).await.context("no state came")?;
    ensure!(first.is_some(), "the stream ended before the sign-in");
    let code = ann.next_code(&stage).await?;
    pending.verify(ProofKind::App, &code).await?;
    let rest = states.filter(|state| std::future::ready(state.is_err()));
    let errors: Vec<_> = tokio::time::timeout(PATIENCE, rest.collect()).await.context("it goes on")?;
    ensure!(errors.is_empty(), "it broke off: {errors:?}");
    Ok(())
}

#[tokio::test]
async fn one_person_has_four_streams_at_once() {
    let stage = Stage::enforcing("four").await.unwrap();
    let ann = stage.technician("ann").await.unwrap();
    let pending = stage.sign_in(ann.login()).await.unwrap();
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(pending.api.sign_in_deliveries(pending.id).await.unwrap());
    }
    let fifth = pending.api.sign_in_deliveries(pending.id).await.map(drop);
    refused(fifth, ProblemType::Busy).unwrap();
    drop(open);
}
