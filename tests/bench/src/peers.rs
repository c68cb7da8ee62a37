//! What others do, measured elsewhere on a machine of the same size: figures of other products that don't run here.

/// A product's second step over HTTP.
pub(crate) struct Peer {
    /// Second steps in a second.
    pub(crate) per_second: f64,
    /// Processor seconds of one.
    pub(crate) cpu_seconds: f64,
    /// The slowest of a hundred, in milliseconds.
    pub(crate) p99_ms: f64,
    /// Resident memory in MiB.
    pub(crate) memory_mib: f64,
}

/// privacyIDEA 3.14, `POST /validate/check` at its kindest setting: 2 workers, `PostgreSQL`, 8 connections.
pub(crate) const PRIVACYIDEA: Peer =
    Peer { per_second: 17.6, cpu_seconds: 0.089, p99_ms: 542.0, memory_mib: 448.0 };

/// Celery 5.7 with Redis at its best, mails in a second.
pub(crate) const CELERY_PER_SECOND: f64 = 370.0;

/// lettre's own pool by its number of connections, mails in a second: it never sets `TCP_NODELAY`.
pub(crate) const LETTRE_POOL_PER_SECOND: [(usize, f64); 2] = [(8, 180.0), (32, 689.0)];
