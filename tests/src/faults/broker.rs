//! A broker that dies, loses everything, or stays away.

use anyhow::Context as _;

use super::field::Field;
use super::{Length, Row};
use crate::harness::{Product as _, Workers};
use crate::story::{Technician, member_of, require_everybody};

pub(super) async fn rows(length: Length) -> anyhow::Result<Vec<Row>> {
    let mut field = Field::open("broker", Workers { email: 2, sms: 0 }).await?;
    let rows = vec![
        killed_while_publishing(&mut field, length.of(3, 50)).await?,
        away_while_people_sign_in(&mut field).await?,
        everything_lost(&mut field, length.of(1, 5)).await?,
    ];
    Ok(rows)
}

async fn killed_while_publishing(field: &mut Field, runs: usize) -> anyhow::Result<Row> {
    for _ in 0..runs {
        field.wish(2).await?;
        field.cluster.nats.kill()?;
        field.wish(1).await?;
        field.cluster.nats.start_again()?;
    }
    field.count("nats-server is killed while messages are published", runs, runs).await
}

/// Nobody's sign-in by app waits for a broker (S30).
async fn away_while_people_sign_in(field: &mut Field) -> anyhow::Result<Row> {
    require_everybody(&field.holder, field.company).await?;
    let login = "app@broker.example";
    let (cluster, inbox) = (&field.cluster, &field.inbox);
    member_of(cluster, inbox, &field.holder, field.company, login, &[twostep_api::Role::Technician], None)
        .await?;
    let (mut technician, ..) = Technician::set_up(cluster, inbox, login).await?;
    field.cluster.nats.kill()?;
    for _ in 0..3 {
        technician.sign_in(&field.cluster).await.context("signing in by app without a broker")?;
        field.wish(1).await?;
    }
    field.cluster.nats.start_again()?;
    field.count("nats-server is away while people sign in by app", 1, 0).await
}

/// What lay there is gone, and the claims with it.
async fn everything_lost(field: &mut Field, runs: usize) -> anyhow::Result<Row> {
    for _ in 0..runs {
        field.cluster.email.clear();
        field.wish(5).await?;
        field.published().await?;
        field.cluster.nats.kill()?;
        std::fs::remove_dir_all(field.cluster.nats.store()).context("deleting the broker's store")?;
        field.cluster.nats.start_again()?;
        field.cluster.provision()?;
        // So long is a broker trusted with what somebody waits for.
        field.cluster.advance(61).await?;
        field.cluster.add_email_worker()?;
    }
    field.count("the broker's whole store is deleted", runs, runs).await
}
