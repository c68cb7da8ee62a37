//! Hashing and verifying passwords with Argon2id, away from the threads that serve requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::task::JoinError;
use zeroize::Zeroizing;

use super::composed::composed;
use super::memory::Memory;
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
    params: Params,
    computed: Arc<AtomicU64>,
    dummy: SecretString,
    memory: Arc<Memory>,
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
        let mut once = vec![Block::new(); params.block_count()];
        let dummy = hashed(&params, random::bytes::<32>().as_slice(), &mut once)?;
        Ok(Self {
            params,
            computed: Arc::default(),
            dummy,
            memory: Memory::new(limits.running.max(1)),
            admitted: Semaphore::new(limits.running.max(1) + limits.waiting),
        })
    }

    /// Hashes `password` with a new salt: the PHC string, to be sealed.
    ///
    /// # Errors
    /// [`HashingError::Busy`] and [`HashingError::Stopped`].
    pub async fn hash(&self, password: &SecretString) -> Result<SecretString, HashingError> {
        let (params, password) = (self.params.clone(), composed(password));
        self.work(params.block_count(), move |memory| hashed(&params, password.as_bytes(), memory)).await
    }

    /// Whether `password` is the one that `hash` was made of, however its letters are composed.
    ///
    /// # Errors
    /// [`HashingError::Damaged`] for what is no hash, [`HashingError::Busy`], [`HashingError::Stopped`].
    pub async fn verify(&self, password: &SecretString, hash: &SecretString) -> Result<bool, HashingError> {
        let stored = PasswordHash::new(hash.expose_secret()).map_err(|_| HashingError::Damaged)?;
        let params = Params::try_from(&stored).map_err(|_| HashingError::Damaged)?;
        let password = composed(password);
        self.work(params.block_count(), move |memory| {
            let typed = hashed_like(&stored, params, password.as_bytes(), memory)?;
            // `Output` compares in constant time.
            Ok(stored.hash == Some(typed))
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

    /// Runs `work` on a blocking thread, in memory of so many blocks. The turn goes with it: a caller who gives up
    /// doesn't free the core.
    async fn work<T: Send + 'static>(
        &self,
        blocks: usize,
        work: impl FnOnce(&mut [Block]) -> Result<T, HashingError> + Send + 'static,
    ) -> Result<T, HashingError> {
        let _admitted = self.admitted.try_acquire().map_err(|_| HashingError::Busy)?;
        let turn = self.memory.turn().await.ok_or(HashingError::Busy)?;
        let computed = Arc::clone(&self.computed);
        tokio::task::spawn_blocking(move || {
            computed.fetch_add(1, Ordering::Relaxed);
            turn.with(blocks, work)
        })
        .await?
    }
}

/// The hash of `password` with a new salt, as a PHC string.
fn hashed(params: &Params, password: &[u8], memory: &mut [Block]) -> Result<SecretString, HashingError> {
    let damaged = |_| HashingError::Damaged;
    let empty = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|_| HashingError::Cost)?,
        salt: Some(Salt::new(random::bytes::<16>().as_slice()).map_err(damaged)?),
        hash: None,
    };
    let hash = hashed_like(&empty, params.clone(), password, memory)?;
    Ok(PasswordHash { hash: Some(hash), ..empty }.to_string().into())
}

/// The hash of `password` with the algorithm and salt of `stored`.
fn hashed_like(
    stored: &PasswordHash,
    params: Params,
    password: &[u8],
    memory: &mut [Block],
) -> Result<Output, HashingError> {
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(|_| HashingError::Damaged)?;
    let version = stored.version.map(Version::try_from).transpose().map_err(|_| HashingError::Damaged)?;
    let salt = stored.salt.as_ref().ok_or(HashingError::Damaged)?;
    let mut output = Zeroizing::new([0; Output::MAX_LENGTH]);
    let output = &mut output[..params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    Argon2::new(algorithm, version.unwrap_or_default(), params)
        .hash_password_into_with_memory(password, salt, output, memory)
        .map_err(|_| HashingError::Cost)?;
    Output::new(output).map_err(|_| HashingError::Damaged)
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

    #[tokio::test]
    async fn s32_a_password_verifies_however_the_keyboard_composes_its_letters() {
        let hasher = cheap();
        let [composed, decomposed] =
            ["café crème \u{e9}l\u{e8}ve", "cafe\u{301} cre\u{300}me e\u{301}le\u{300}ve"].map(secret);
        assert_ne!(composed.expose_secret(), decomposed.expose_secret());
        for (set, typed) in [(&composed, &decomposed), (&decomposed, &composed)] {
            let hash = hasher.hash(set).await.unwrap();
            assert!(hasher.verify(typed, &hash).await.unwrap());
        }
        let hash = hasher.hash(&composed).await.unwrap();
        assert!(!hasher.verify(&secret("cafe creme eleve"), &hash).await.unwrap(), "an accent counts");
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
        let held = hasher.memory.turn().await.unwrap();
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
