//! Connections that read.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use twostep_event_store::ReadError;

use crate::connection;
use crate::query::unreadable;

/// A few connections to one log, opened as they are needed and used on the blocking threads.
#[derive(Clone)]
pub(crate) struct Pool {
    path: Arc<PathBuf>,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Pool {
    /// At most `size` connections to the log at `path`, the first of which is `first`.
    pub(crate) fn new(path: PathBuf, size: usize, first: Connection) -> Self {
        Self {
            path: Arc::new(path),
            idle: Arc::new(Mutex::new(vec![first])),
            places: Arc::new(Semaphore::new(size.max(1))),
        }
    }

    /// What `query` reads; waits while every connection is in use.
    pub(crate) async fn run<T, Q>(&self, query: Q) -> Result<T, ReadError>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, ReadError> + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(ended)?;
        let pool = self.clone();
        let read = spawn_blocking(move || {
            let _place = place;
            let connection = pool.take()?;
            let answer = query(&connection);
            pool.give_back(connection);
            answer
        });
        read.await.map_err(ended)?
    }

    /// Closes the connections that nobody uses.
    pub(crate) fn close_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn take(&self) -> Result<Connection, ReadError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => connection::reading(&self.path).map_err(unreadable),
        }
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

fn ended(error: impl std::fmt::Display) -> ReadError {
    ReadError::Unavailable { reason: error.to_string() }
}
