//! A group of commands in one transaction.

use rusqlite::Connection;
use twostep_event_store::{AppendError, Appended};

use crate::append::Command;
use crate::ends::Ends;
use crate::failure::Failure;

/// What became of each command of a group, and where the log ends after it.
pub(crate) struct Outcome {
    pub(crate) answers: Vec<Result<Appended, AppendError>>,
    pub(crate) head: u64,
}

/// Runs `commands` in one transaction on a log that ends at `head`, and commits it.
///
/// A command that conflicts or can't be run takes nothing from the others. An error is the whole group's:
/// nothing of it was committed, or (fatal) that is unknown.
pub(crate) fn commit(
    connection: &Connection,
    ends: &mut Ends,
    commands: &[Command],
    head: u64,
) -> Result<Outcome, Failure> {
    let outcome =
        begin(connection).and_then(|()| run(connection, ends, commands, head)).and_then(|outcome| {
            execute(connection, "COMMIT").map_err(|error| Failure::of_commit(&error)).map(|()| outcome)
        });
    if outcome.is_err() {
        ends.forget();
    }
    match outcome {
        Err(failure @ (Failure::Full(_) | Failure::Refused(_))) => Err(roll_back(connection, failure)),
        other => other,
    }
}

fn begin(connection: &Connection) -> Result<(), Failure> {
    execute(connection, "BEGIN IMMEDIATE").map_err(|error| Failure::before_commit(&error))
}

/// Each command in a savepoint of its own.
fn run(
    connection: &Connection,
    ends: &mut Ends,
    commands: &[Command],
    mut head: u64,
) -> Result<Outcome, Failure> {
    let mut answers = Vec::with_capacity(commands.len());
    for command in commands {
        let lost = |error: rusqlite::Error| Failure::before_commit(&error);
        execute(connection, "SAVEPOINT command").map_err(lost)?;
        let answer = match command.run(connection, ends, head) {
            Ok(answer) => answer,
            Err(error) => match Failure::before_commit(&error) {
                // SQLite may have rolled the whole transaction back; then the others are gone as well.
                Failure::Refused(_) if !connection.is_autocommit() => {
                    ends.forget();
                    execute(connection, "ROLLBACK TO command").map_err(lost)?;
                    let failure = Failure::before_commit(&error);
                    tracing::error!(stream = %command.token.stream(), ?failure, "an append was refused by the database");
                    Err(failure.answer())
                }
                failure => return Err(failure),
            },
        };
        execute(connection, "RELEASE command").map_err(lost)?;
        if let Ok(appended) = &answer {
            head = head.max(appended.position.offset());
        }
        answers.push(answer);
    }
    Ok(Outcome { answers, head })
}

/// Ends a transaction that failed; if that fails too, the file's state is unknown.
fn roll_back(connection: &Connection, failure: Failure) -> Failure {
    if connection.is_autocommit() {
        return failure;
    }
    match execute(connection, "ROLLBACK") {
        Ok(()) => failure,
        Err(error) => Failure::Fatal(crate::failure::describe(&error)),
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
