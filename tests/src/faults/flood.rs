//! A mass reset's notices ahead of one code that somebody waits for.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;
use twostep_api::{Method, RequestCode, ResetMembers, Role};
use twostep_domain::delivery::MessageKind;

use super::field::Field;
use super::outcomes::Outcomes;
use super::{Length, Row};
use crate::harness::{Product as _, Workers};
use crate::story::{Technician, member_of, password, require_everybody, sign_in};

/// People whom each reset is about.
const PEOPLE: usize = 50;

pub(super) async fn rows(length: Length) -> anyhow::Result<Vec<Row>> {
    let mut field = Field::open("flood", Workers { email: 1, sms: 0 }).await?;
    require_everybody(&field.holder, field.company).await?;
    let login = "waits@flood.example";
    let (cluster, inbox) = (&field.cluster, &field.inbox);
    member_of(cluster, inbox, &field.holder, field.company, login, &[Role::Technician], None).await?;
    Technician::set_up(cluster, inbox, login).await?;
    field.wish(PEOPLE).await?;
    field.count("invited", 1, 0).await?;

    let resets = length.of(6, 1_000);
    let slow = json!({ "mail": [{ "stage": "end_of_data", "delay_ms": length.of(100, 10) }] });
    field.inbox.misbehave(&slow).await?;
    let reset = ResetMembers { members: field.everybody(), reason: "a flood".to_owned() };
    for _ in 0..resets {
        field.holder.reset_members(field.company, &reset).await?;
    }
    let total = resets * PEOPLE;
    let still_there = code_arrives(&field, login).await?;
    ensure!(still_there < total, "the code waited for all {total} notices");

    let (log, patience) = (field.cluster.data().join("log.db"), Duration::from_secs(60 + total as u64 / 10));
    let kind = MessageKind::ResetByAdmin;
    let outcomes = Outcomes::until(&log, kind, patience, |outcomes| outcomes.number_ended() >= total).await?;
    Ok(vec![Row {
        fault: "notices of a mass reset lie ahead of one code",
        runs: 1,
        intents: total + 1,
        lost: outcomes.number_ended() - outcomes.number_submitted(),
        duplicated: 0,
        bound: 0,
        never_ended: total.saturating_sub(outcomes.number_ended()),
    }])
}

/// Signs in, asks for a code by mail and waits for it; gives how many notices had gone out by then.
async fn code_arrives(field: &Field, login: &str) -> anyhow::Result<usize> {
    let api = field.cluster.api()?;
    let pending = sign_in(&api, login, &password(login)).await?;
    let asked = api.with_token(pending.token.as_deref().context("no token")?);
    let address = format!("backup.{login}");
    let before = field.inbox.all(&address).await?.iter().map(|mail| mail.id).max().unwrap_or(0);
    asked.request_code(pending.id, &RequestCode { method: Method::Email }).await?;
    field.inbox.next_that(&address, before, |mail| mail.code.is_some()).await?;
    let log = field.cluster.data().join("log.db");
    let now = Outcomes::until(&log, MessageKind::ResetByAdmin, Duration::ZERO, |_| false).await?;
    Ok(now.number_ended())
}
