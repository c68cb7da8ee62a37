//! Hashing and verifying passwords with Argon2id, away from the threads that serve requests.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use argon2::{PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use crate::random;

/// What one hash costs. The default is OWASP's first choice (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// KiB of memory.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// How many hashes are worked on at once, and how many may wait. Both bound the memory that a flood can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashingLimits {
    /// At once; more than the machine has cores is of no use.
    pub running: usize,
    /// Waiting for their turn.
    pub waiting: usize,
}

/// Argon2id (RFC 9106), bounded.
pub struct PasswordHasher {
    argon2: Argon2<'static>,
    cost: PasswordCost,
    dummy: SecretString,
    running: Arc<Semaphore>,
    admitted: Semaphore,
}

/// Why a password was neither hashed nor verified: the answer is "not now", never "yes" (S30).
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// As many are waiting as may.
    #[error("too many passwords are being checked: try again in a moment")]
    Busy,
    /// The cost can't be computed with.
    #[error("the cost of password hashes is out of range")]
    Cost,
    /// The stored hash can't be read.
    #[error("the stored password hash is damaged")]
    Damaged,
    /// The work was cut off.
    #[error("hashing was cut off")]
    Stopped(#[from] JoinError),
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory: 19_456, passes: 2, lanes: 1 }
    }
}

impl Default for HashingLimits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { running: cores, waiting: 64 * cores }
    }
}

impl PasswordHasher {
    /// A hasher; hashes one password that nobody has, to have something to verify unknown people against.
    ///
    /// # Errors
    /// [`PasswordError::Cost`].
    pub fn new(cost: PasswordCost, limits: HashingLimits) -> Result<Self, PasswordError> {
        let params =
            Params::new(cost.memory, cost.passes, cost.lanes, None).map_err(|_| PasswordError::Cost)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy =
            argon2.hash_password(random::bytes::<32>().as_slice()).map_err(|_| PasswordError::Cost)?;
        Ok(Self {
            argon2,
            cost,
            dummy: dummy.to_string().into(),
            running: Arc::new(Semaphore::new(limits.running.max(1))),
            admitted: Semaphore::new(limits.running.max(1) + limits.waiting),
        })
    }

    /// Hashes `password` with a new salt: the PHC string, to be sealed.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] and [`PasswordError::Stopped`].
    pub async fn hash(&self, password: &SecretString) -> Result<SecretString, PasswordError> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.work(move || {
            let hash = argon2.hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string().into()).map_err(|_| PasswordError::Cost)
        })
        .await
    }

    /// Whether `password` is the one that `hash` was made of.
    ///
    /// # Errors
    /// [`PasswordError::Damaged`] for what is no hash, [`PasswordError::Busy`], [`PasswordError::Stopped`].
    pub async fn verify(&self, password: &SecretString, hash: &SecretString) -> Result<bool, PasswordError> {
        let (argon2, password, hash) = (self.argon2.clone(), password.clone(), hash.clone());
        self.work(move || {
            let hash = PasswordHash::new(hash.expose_secret()).map_err(|_| PasswordError::Damaged)?;
            Ok(argon2.verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
        })
        .await
    }

    /// Verifies `password` against nobody's hash: unknown people take the same time as known ones (S13).
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub async fn verify_dummy(&self, password: &SecretString) -> Result<(), PasswordError> {
        self.verify(password, &self.dummy).await.map(drop)
    }

    /// Whether `hash` was made otherwise than hashes are made today; hash anew at the next right password.
    #[must_use]
    pub fn needs_rehash(&self, hash: &SecretString) -> bool {
        let Ok(hash) = PasswordHash::new(hash.expose_secret()) else { return true };
        let number = |name: &str| hash.params.get_decimal(name);
        hash.algorithm.as_str() != "argon2id"
            || hash.version != Some(u32::from(Version::V0x13))
            || number("m") != Some(self.cost.memory)
            || number("t") != Some(self.cost.passes)
            || number("p") != Some(self.cost.lanes)
    }

    /// Runs `work` on a blocking thread. The permit goes with it: a caller who gives up doesn't free the core.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _admitted = self.admitted.try_acquire().map_err(|_| PasswordError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        tokio::task::spawn_blocking(move || {
            let _running = running;
            work()
        })
        .await?
    }
}
