//! What a person's old sign-ins cost the next one.

use std::time::{Duration, Instant};

use anyhow::ensure;
use twostep_api::ProofKind;

use twostep_tests::harness::Product as _;
use twostep_tests::story::{Enrolled, Stage};

use crate::history::repeat_last_sign_in;
use crate::row::{Row, median_ms};

/// Sign-ins measured of each person, after each of which the product is started anew or not.
const SAMPLES: usize = 9;

/// A whole sign-in, password and app's code, of a person with 100,000 old ones beside one with 10: as the first of the
/// person after a start of the product, and again.
///
/// # Errors
/// The product doesn't do what it should.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let mut stage = Stage::enforcing("history").await?;
    let mut few = stage.technician("few").await?;
    let mut many = stage.technician("many").await?;
    for person in [&mut few, &mut many] {
        for _ in 0..10 {
            stage.into_next_step().await?;
            person.sign_in(&stage).await?;
        }
    }
    lengthen(&mut stage, &many, 100_000).await?;
    // The first one ever folds the whole history and leaves a snapshot.
    for person in [&mut few, &mut many] {
        timed(&stage, person).await?;
    }

    let (mut cold, mut warm) = ([vec![], vec![]], [vec![], vec![]]);
    for _ in 0..SAMPLES {
        for (which, person) in [&mut few, &mut many].into_iter().enumerate() {
            stage.restart().await?;
            // Somebody else pays for the first of everything: the process is warm, the person isn't.
            ensure!(stage.sign_in("nobody@history.example").await.is_err(), "nobody signed in");
            cold[which].push(timed(&stage, person).await?);
            warm[which].push(timed(&stage, person).await?);
        }
    }
    Ok(vec![
        row("sign-in with 100,000 old ones, the first after a start, beside one with 10", cold),
        row("sign-in with 100,000 old ones, a later one, beside one with 10", warm),
    ])
}

fn row(name: &'static str, [few, many]: [Vec<Duration>; 2]) -> Row {
    Row::at_most(name, "ms", median_ms(many), median_ms(few), 1.25)
}

async fn lengthen(stage: &mut Stage, person: &Enrolled, times: i64) -> anyhow::Result<()> {
    let log = stage.product.data().join("log.db");
    let now = stage.product.now().await?;
    ensure!(stage.product.stop()?, "the product did not stop well");
    let later = repeat_last_sign_in(&log, stage.company, person.id, times).await?;
    stage.product.kill_and_restart()?;
    let behind = now + later - stage.product.now().await?;
    stage.product.advance(behind.num_seconds() + 3_600).await?;
    Ok(())
}

async fn timed(stage: &Stage, person: &mut Enrolled) -> anyhow::Result<Duration> {
    stage.into_next_step().await?;
    let code = person.next_code(stage).await?;
    let started = Instant::now();
    let pending = stage.sign_in(person.login()).await?;
    pending.verify(ProofKind::App, &code).await?;
    Ok(started.elapsed())
}
