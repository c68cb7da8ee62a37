//! Second steps and whole sign-ins over HTTP, of many people.

use std::time::{Duration, Instant};

use anyhow::ensure;
use argon2::{Algorithm, Argon2, Params, Version};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use twostep_domain::CompanyId;
use twostep_event_store::{Partition, Reader as _};
use twostep_event_store_sqlite::SqliteReader;
use twostep_tests::harness::{Inbox, Standalone};
use twostep_tests::load::{Heard, Load, Pending, Person, Target, begin, codes, seed, verify};
use uuid::Uuid;

use crate::row::{Row, Side, median};
use crate::spent::{Meter, Spent, resident_mib};
use crate::{appends, empty_route, peers};

/// People, each of whom verifies once in a round.
const PEOPLE: usize = 1_024;

/// Rounds, of which the median counts.
const ROUNDS: usize = 5;

/// People of a round of whole sign-ins.
const SIGN_INS: usize = 256;

/// Memory of one password's hash, MiB.
const HASH_MIB: f64 = 19.0;

/// A product with people.
struct Crowd {
    product: Standalone,
    target: Target,
    people: Vec<Person>,
    _inbox: Inbox,
    _home: tempfile::TempDir,
}

/// How a round's second steps went.
struct Went {
    side: Side,
    p99_ms: f64,
}

/// The rows.
///
/// # Errors
/// The product doesn't do what it should.
pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let crowd = Crowd::gather().await?;
    let (child, empty) = empty_route::start()?;
    let (mut ours, mut empties) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let work = (0..PEOPLE)
            .map(|_| (Pending { id: Uuid::nil(), api: empty.with_token("tst_none") }, "123456".to_owned()));
        empties.push(went(child.id(), work.collect(), 64).await?);
        ours.push(crowd.second_steps(64).await?);
    }
    drop(child);
    let (ours, empties) = (middle(&ours), middle(&empties));
    let limit = 1.0 / (1.0 / empties.side.figure + 1.0 / appends::limit(64).await?);

    let mut eight = Vec::new();
    for _ in 0..ROUNDS {
        eight.push(crowd.second_steps(8).await?);
    }
    let eight = middle(&eight);
    let memory = resident_mib(crowd.product.id())?;
    let spent = eight.side.spent.unwrap_or_default();
    let cpu_ms = spent.cpu_seconds * 1_000.0 / f64::from(u32::try_from(ROUNDS * PEOPLE)?);
    let mut rows = vec![
        Row::at_least(
            "second steps, 64 connections, beside an empty route and an append by hand",
            "/s",
            ours.side,
            limit,
            0.6,
        ),
        Row::at_most("p99 of a second step, 64 connections, beside 20 ms", "ms", ours.p99_ms, 20.0, 1.0),
        Row::at_least(
            "second steps, 8 connections, beside privacyIDEA",
            "/s",
            eight.side,
            peers::PRIVACYIDEA.per_second,
            500.0,
        ),
        Row::at_most(
            "processor of a second step, beside privacyIDEA",
            "ms",
            cpu_ms,
            peers::PRIVACYIDEA.cpu_seconds * 1_000.0,
            1.0 / 400.0,
        ),
        Row::at_most(
            "p99 of a second step, 8 connections, beside privacyIDEA",
            "ms",
            eight.p99_ms,
            peers::PRIVACYIDEA.p99_ms,
            1.0 / 50.0,
        ),
        Row::at_most(
            "memory under second steps less two passwords' hashes, beside privacyIDEA",
            "MiB",
            memory - 2.0 * HASH_MIB,
            peers::PRIVACYIDEA.memory_mib,
            0.1,
        ),
    ];
    rows.extend(crowd.passwords().await?);
    Ok(rows)
}

impl Crowd {
    async fn gather() -> anyhow::Result<Self> {
        let (home, inbox) = (tempfile::tempdir()?, Inbox::start()?);
        let product = Standalone::start_in(home.path(), &inbox, vec![("TWOSTEP_LOG", "info".into())])?;
        let target = Target::of(&product);
        let people = seed(&target, &inbox, PEOPLE).await?;
        Ok(Self { product, target, people, _inbox: inbox, _home: home })
    }

    /// Everybody's second step, their passwords done before.
    async fn second_steps(&self, connections: usize) -> anyhow::Result<Went> {
        let pending = begin(&self.target, &self.people).await?;
        let codes = codes(&self.target, &self.people).await?;
        let before = self.events().await?;
        let mut went = went(self.product.id(), pending.into_iter().zip(codes).collect(), connections).await?;
        let events = self.events().await? - before;
        went.side.spent = went.side.spent.map(|spent| Spent { events, ..spent });
        Ok(went)
    }

    /// Whole sign-ins beside the hash alone, and second steps while passwords are hashed.
    async fn passwords(&self) -> anyhow::Result<Vec<Row>> {
        let (mut whole, mut raw) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            raw.push(hashes()?);
            whole.push(self.sign_ins().await?);
        }
        let (idle, busy) = (self.paced(false).await?, self.paced(true).await?);
        Ok(vec![
            Row::at_least(
                "whole sign-ins, password included, beside Argon2id alone on both processors",
                "/s",
                Side::median(&whole),
                median(raw),
                0.9,
            ),
            Row::at_most(
                "p99 of a second step while passwords are hashed, beside none hashed; 100/s",
                "ms",
                busy,
                idle,
                2.0,
            ),
        ])
    }

    /// Password and second step of some people, eight at once.
    async fn sign_ins(&self) -> anyhow::Result<Side> {
        let people = &self.people[..SIGN_INS];
        let codes = codes(&self.target, people).await?;
        let meter = Meter::of(&[self.product.id()])?;
        let begun = Instant::now();
        let work = people.iter().zip(codes).map(|(person, code)| async move {
            let mut heard = Heard::new()?;
            let pending = begin(&self.target, std::slice::from_ref(person)).await?;
            let work = pending.into_iter().map(|pending| (pending, code.clone())).collect();
            verify(work, load(1, None), &mut heard).await?;
            anyhow::Ok(heard.errors())
        });
        let errors: Vec<usize> = stream::iter(work).buffer_unordered(8).try_collect().await?;
        let took = begun.elapsed().as_secs_f64();
        let spent = meter.read(u64::try_from(SIGN_INS)?, u64::try_from(errors.iter().sum::<usize>())?)?;
        Ok(Side { figure: f64::from(u32::try_from(SIGN_INS)?) / took, spent: Some(spent) })
    }

    /// The p99 of second steps that begin 100 in a second, while other people's passwords are hashed or not.
    async fn paced(&self, hashing: bool) -> anyhow::Result<f64> {
        let (others, people) = self.people.split_at(PEOPLE / 2);
        let pending = begin(&self.target, people).await?;
        let codes = codes(&self.target, people).await?;
        let work = pending.into_iter().zip(codes).collect();
        let mut heard = Heard::new()?;
        let verifying = verify(work, load(64, Some(100.0)), &mut heard);
        if hashing {
            let others = async {
                loop {
                    begin(&self.target, others).await?;
                }
            };
            tokio::select! {
                verified = verifying => { verified?; }
                broken = others => { return broken; }
            }
        } else {
            verifying.await?;
        }
        ensure!(heard.errors() == 0, "codes were refused");
        Ok(heard.outcome(0.0).p99_ms)
    }

    /// How many events the log has.
    async fn events(&self) -> anyhow::Result<u64> {
        let head = SqliteReader::open(self.target.data.join("log.db"))?.head(CompanyId(Uuid::nil())).await?;
        Ok(head.offset(Partition::ONLY))
    }
}

async fn went(process: u32, work: Vec<(Pending, String)>, connections: usize) -> anyhow::Result<Went> {
    let (mut heard, count) = (Heard::new()?, work.len());
    let meter = Meter::of(&[process])?;
    let rate = verify(work, load(connections, None), &mut heard).await?;
    let spent = meter.read(u64::try_from(count)?, u64::try_from(heard.errors())?)?;
    Ok(Went { side: Side { figure: rate, spent: Some(spent) }, p99_ms: heard.outcome(rate).p99_ms })
}

fn load(connections: usize, rate: Option<f64>) -> Load {
    Load { people: PEOPLE, connections, rate, rounds: 1 }
}

fn middle(rounds: &[Went]) -> Went {
    let sides: Vec<_> = rounds.iter().map(|round| round.side).collect();
    Went { side: Side::median(&sides), p99_ms: median(rounds.iter().map(|round| round.p99_ms).collect()) }
}

/// Argon2id hashes in a second, as many threads as there are processors: 19 MiB, 2 passes, 1 lane (S4).
fn hashes() -> anyhow::Result<f64> {
    let threads = std::thread::available_parallelism()?.get();
    let until = Instant::now() + Duration::from_secs(3);
    let hash = || {
        let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|error| anyhow::anyhow!("{error}"))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let (mut count, mut out) = (0_u32, [0; 32]);
        while Instant::now() < until {
            let hashed = argon.hash_password_into(b"correct horse battery", b"a salt of sixteen", &mut out);
            hashed.map_err(|error| anyhow::anyhow!("{error}"))?;
            count += 1;
        }
        anyhow::Ok(count)
    };
    let begun = Instant::now();
    let counts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(hash)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Ok(0))).collect()
    });
    let count = counts.into_iter().sum::<anyhow::Result<u32>>()?;
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}
