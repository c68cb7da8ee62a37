//! Hashing and verifying passwords with Argon2id, away from the threads that serve requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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
    computed: Arc<AtomicU64>,
    dummy: SecretString,
    running: Arc<Semaphore>,
    admitted: Semaphore,
}

/// Why a password was neither hashed nor verified: the answer is "not now", never "yes" (S30).
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
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
    /// [`HashingError::Cost`].
    pub fn new(cost: PasswordCost, limits: HashingLimits) -> Result<Self, HashingError> {
        let params =
            Params::new(cost.memory, cost.passes, cost.lanes, None).map_err(|_| HashingError::Cost)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = argon2.hash_password(random::bytes::<32>().as_slice()).map_err(|_| HashingError::Cost)?;
        Ok(Self {
            argon2,
            computed: Arc::default(),
            dummy: dummy.to_string().into(),
            running: Arc::new(Semaphore::new(limits.running.max(1))),
            admitted: Semaphore::new(limits.running.max(1) + limits.waiting),
        })
    }

    /// Hashes `password` with a new salt: the PHC string, to be sealed.
    ///
    /// # Errors
    /// [`HashingError::Busy`] and [`HashingError::Stopped`].
    pub async fn hash(&self, password: &SecretString) -> Result<SecretString, HashingError> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.work(move || {
            let hash = argon2.hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string().into()).map_err(|_| HashingError::Cost)
        })
        .await
    }

    /// Whether `password` is the one that `hash` was made of.
    ///
    /// # Errors
    /// [`HashingError::Damaged`] for what is no hash, [`HashingError::Busy`], [`HashingError::Stopped`].
    pub async fn verify(&self, password: &SecretString, hash: &SecretString) -> Result<bool, HashingError> {
        let (argon2, password, hash) = (self.argon2.clone(), password.clone(), hash.clone());
        self.work(move || {
            let hash = PasswordHash::new(hash.expose_secret()).map_err(|_| HashingError::Damaged)?;
            Ok(argon2.verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
        })
        .await
    }

    /// Verifies `password` against nobody's hash: unknown people take the same time as known ones (S13).
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub async fn verify_dummy(&self, password: &SecretString) -> Result<(), HashingError> {
        self.verify(password, &self.dummy).await.map(drop)
    }

    /// How many hashes were computed so far, whatever for: refusals that look the same cost the same number.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// Runs `work` on a blocking thread. The permit goes with it: a caller who gives up doesn't free the core.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashingError> + Send + 'static,
    ) -> Result<T, HashingError> {
        let _admitted = self.admitted.try_acquire().map_err(|_| HashingError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| HashingError::Busy)?;
        let computed = Arc::clone(&self.computed);
        tokio::task::spawn_blocking(move || {
            let _running = running;
            computed.fetch_add(1, Ordering::Relaxed);
            work()
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    fn cheap() -> PasswordHasher {
        let cost = PasswordCost { memory: 64, passes: 1, lanes: 1 };
        PasswordHasher::new(cost, HashingLimits { running: 1, waiting: 1 }).unwrap()
    }

    #[tokio::test]
    async fn s32_a_password_verifies_against_its_own_hash_only() {
        let hasher = PasswordHasher::new(PasswordCost::default(), HashingLimits::default()).unwrap();
        let hash = hasher.hash(&secret("correct horse")).await.unwrap();
        assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify(&secret("correct horse"), &hash).await.unwrap());
        assert!(!hasher.verify(&secret("correct horsf"), &hash).await.unwrap());
        let again = hasher.hash(&secret("correct horse")).await.unwrap();
        assert_ne!(again.expose_secret(), hash.expose_secret(), "a salt each");
        let damaged = hasher.verify(&secret("correct horse"), &secret("no hash")).await;
        assert!(matches!(damaged, Err(HashingError::Damaged)));
    }

    /// What a hash says of its cost: everything before its salt.
    fn cost_of(hash: &SecretString) -> String {
        let parts: Vec<_> = hash.expose_secret().split('$').collect();
        parts[..4].join("$")
    }

    #[tokio::test]
    async fn s13_an_unknown_person_costs_one_hash_as_dear_as_a_known_one_s() {
        let hasher = PasswordHasher::new(PasswordCost::default(), HashingLimits::default()).unwrap();
        let known = hasher.hash(&secret("correct horse")).await.unwrap();
        assert_eq!(cost_of(&hasher.dummy), cost_of(&known));
        assert_eq!(cost_of(&known), "$argon2id$v=19$m=19456,t=2,p=1");
        let mut cost = Vec::new();
        for hash in [Some(&known), None] {
            let before = hasher.computed();
            match hash {
                Some(hash) => drop(hasher.verify(&secret("wrong password"), hash).await.unwrap()),
                None => hasher.verify_dummy(&secret("wrong password")).await.unwrap(),
            }
            cost.push(hasher.computed() - before);
        }
        assert_eq!(cost, [1, 1]);
    }

    #[tokio::test]
    async fn hashes_of_another_cost_verify() {
        let hasher = PasswordHasher::new(PasswordCost::default(), HashingLimits::default()).unwrap();
        let old = cheap().hash(&secret("correct horse")).await.unwrap();
        assert!(hasher.verify(&secret("correct horse"), &old).await.unwrap());
        assert!(!hasher.verify(&secret("correct horsf"), &old).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_more_than_may_wait_is_told_to_come_back() {
        let hasher = cheap();
        let held = Arc::clone(&hasher.running).acquire_owned().await.unwrap();
        let password = secret("correct horse");
        let mut waiting =
            [hasher.hash(&password), hasher.hash(&password), hasher.hash(&password)].map(Box::pin);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let refused = waiting.each_mut().map(|hash| {
            matches!(hash.as_mut().poll(&mut context), std::task::Poll::Ready(Err(HashingError::Busy)))
        });
        assert_eq!(refused, [false, false, true]);
        drop(held);
        let [first, second, _] = waiting;
        assert!(first.await.is_ok() && second.await.is_ok());
        assert!(hasher.hash(&password).await.is_ok());
    }
}
