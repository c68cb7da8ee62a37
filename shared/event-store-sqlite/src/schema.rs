//! The schema's versions.

use rusqlite::Connection;

/// Marks a file as a log of this product: "2stp".
pub(crate) const APPLICATION_ID: i32 = 0x3273_7470;

/// What makes each version of the schema out of the one before; `user_version` counts them.
const MIGRATIONS: [&str; 1] = [include_str!("schema/1.sql")];

/// The newest version.
pub(crate) const NEWEST: i64 = MIGRATIONS.len() as i64;

/// The application id in the file.
pub(crate) fn application_id(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}

/// The version in the file.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the file to the newest version: each step is one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let done = version(connection)?;
    for (number, sql) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > done) {
        let step = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        step.execute_batch(sql)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", number)?;
        step.commit()?;
    }
    Ok(())
}
