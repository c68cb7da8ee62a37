//! What somebody with SQLite's own tools can and can't do to a log.

use rusqlite::Connection;
use twostep_event_store::{Reader as _, Writer as _};
use twostep_event_store_sqlite::SqliteStore;

use crate::given::{event, events, place, stream};

#[tokio::test]
async fn stock_sql_can_read_and_not_change_events() -> anyhow::Result<()> {
    let (_directory, path) = place();
    let store = SqliteStore::open(&path)?;
    let token = store.load(&stream(1), None).await?.token;
    store.append(token, events(3)).await?;
    let before = store.load(&stream(1), None).await?.events;

    let stock = Connection::open(&path)?;
    for (sql, answer) in [
        ("DELETE FROM events", "never deleted"),
        ("DELETE FROM events WHERE position = 3", "never deleted"),
        ("UPDATE events SET data = x'7b7d'", "never changed"),
        ("UPDATE OR REPLACE events SET position = 1 WHERE position = 2", "never changed"),
        ("REPLACE INTO events SELECT * FROM events WHERE position = 2", "only grows at its end"),
        (
            "REPLACE INTO events SELECT 4, stream, 1, id, 0, envelope, data FROM events LIMIT 1",
            "only grows at its end",
        ),
        (
            "INSERT INTO events SELECT 9, stream, 3, id, 0, envelope, data FROM events LIMIT 1",
            "only grows at its end",
        ),
        (
            "INSERT INTO events SELECT 4, stream, 4, id, 0, envelope, data FROM events LIMIT 1",
            "only grows at its end",
        ),
        ("DELETE FROM streams", "never deleted"),
        ("UPDATE streams SET key = 'other'", "never changed"),
        ("REPLACE INTO streams SELECT * FROM streams", "there already"),
        ("REPLACE INTO streams SELECT id + 1, company, kind, key FROM streams", "there already"),
    ] {
        let error = stock.execute(sql, []).expect_err(sql).to_string();
        assert!(error.contains(answer), "{sql}: {error}");
    }
    let after = store.load(&stream(1), None).await?.events;
    assert_eq!(
        before.iter().map(|event| &event.data).collect::<Vec<_>>(),
        after.iter().map(|event| &event.data).collect::<Vec<_>>()
    );

    let types: String = stock.query_row(
        "SELECT group_concat(CAST(envelope AS TEXT) ->> '$.type', ' ') FROM events",
        [],
        |row| row.get(0),
    )?;
    assert_eq!(types, "SomethingHappened SomethingHappened SomethingHappened");
    Ok(())
}

/// Somebody's open write transaction delays appends and takes nothing from them.
#[tokio::test(flavor = "multi_thread")]
async fn an_append_waits_for_a_foreign_transaction() -> anyhow::Result<()> {
    let (_directory, path) = place();
    let store = SqliteStore::open(&path)?;
    let token = store.load(&stream(1), None).await?.token;
    let stock = Connection::open(&path)?;
    stock.execute_batch("BEGIN IMMEDIATE")?;
    let append = store.append(token, vec![event()]);
    let release = async { stock.execute_batch("ROLLBACK") };
    let (appended, released) = futures::join!(append, release);
    released?;
    assert_eq!(appended?.position.offset(), 1);
    Ok(())
}

/// A command that the database refuses in the middle leaves nothing, and takes nothing from its neighbours.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_fails_half_way_leaves_nothing() -> anyhow::Result<()> {
    let (_directory, path) = place();
    let store = SqliteStore::open(&path)?;
    let stock = Connection::open(&path)?;
    stock.execute_batch(
        "CREATE TRIGGER sabotage BEFORE INSERT ON events WHEN NEW.revision = 2
         BEGIN SELECT RAISE(ABORT, 'not this one'); END",
    )?;
    let fresh = async |number| store.load(&stream(number), None).await.map(|loaded| loaded.token);
    let appends = futures::join!(
        store.append(fresh(1).await?, events(1)),
        store.append(fresh(2).await?, events(3)),
        store.append(fresh(3).await?, events(2)),
    );
    assert!(appends.0.is_ok() && appends.2.is_ok());
    let refused = appends.1.expect_err("the third event is refused").to_string();
    assert!(refused.contains("not this one"), "{refused}");
    assert!(store.load(&stream(2), None).await?.events.is_empty());

    stock.execute_batch("DROP TRIGGER sabotage")?;
    assert_eq!(store.append(fresh(2).await?, events(3)).await?.position.offset(), 6);
    Ok(())
}
