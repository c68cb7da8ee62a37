//! Sealing payloads to a channel: symmetric keys with an id, overlapping while they rotate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Generate as _, Payload as Message};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use twostep_domain::DeliveryId;
use twostep_domain::delivery::Channel;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{Payload, SealedPayload};

/// Bytes of the nonce before the ciphertext.
const NONCE: usize = 24;

/// One key of one channel. No `Debug`, no `Clone` into logs: the bytes are cleared when it is dropped.
#[derive(ZeroizeOnDrop)]
pub struct ChannelKey {
    #[zeroize(skip)]
    id: String,
    key: [u8; 32],
}

/// A channel's keys: the first seals, all open.
#[derive(ZeroizeOnDrop)]
pub struct ChannelKeys {
    #[zeroize(skip)]
    channel: Channel,
    current: ChannelKey,
    older: Vec<ChannelKey>,
}

/// The payload doesn't open: another key, another message, or damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload does not open with this channel's keys")]
pub struct Unopenable;

impl ChannelKey {
    /// The key `key` under the name `id`.
    #[must_use]
    pub fn new(id: impl Into<String>, key: [u8; 32]) -> Self {
        Self { id: id.into(), key }
    }
}

/// A text that holds no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a channel's keys: a line each of the form ID BASE64, as `twostep keys channel` writes it, the newest first"
)]
pub struct MalformedKeys;

impl ChannelKeys {
    /// Reads `text`, a line per key: its id, a space, its 32 bytes in base64. The first seals, all open.
    ///
    /// # Errors
    /// [`MalformedKeys`]; it doesn't say what was read.
    pub fn from_text(channel: Channel, text: &str) -> Result<Self, MalformedKeys> {
        let read = |line: &str| {
            let (id, key) = line.trim().split_once(' ')?;
            let key = Zeroizing::new(STANDARD_NO_PAD.decode(key.trim()).ok()?);
            let of_channel = id.strip_prefix(channel.as_str())?.starts_with('-');
            of_channel.then_some(ChannelKey::new(id, key.as_slice().try_into().ok()?))
        };
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let mut keys = lines.map(|line| read(line).ok_or(MalformedKeys)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(MalformedKeys);
        }
        let current = keys.remove(0);
        Ok(Self::new(channel, current, keys))
    }

    /// The keys of `channel`: `current` seals, all open.
    #[must_use]
    pub fn new(channel: Channel, current: ChannelKey, older: Vec<ChannelKey>) -> Self {
        Self { channel, current, older }
    }

    /// Seals `payload` for the message `id`: it opens for no other message.
    #[must_use]
    pub fn seal(&self, id: DeliveryId, payload: &Payload) -> SealedPayload {
        let plain = Zeroizing::new(serde_json::to_vec(payload).expect("a payload has string keys only"));
        let nonce = XNonce::generate();
        let cipher = XChaCha20Poly1305::new(&self.current.key.into());
        let aad = self.associated(id);
        let sealed = cipher
            .encrypt(&nonce, Message { msg: &plain, aad: &aad })
            .expect("a payload is far below 256 GiB");
        let bytes = [nonce.as_slice(), &sealed].concat();
        SealedPayload { key_id: self.current.id.clone(), sealed: STANDARD_NO_PAD.encode(bytes) }
    }

    /// Opens what was sealed for the message `id`.
    ///
    /// # Errors
    /// [`Unopenable`]: poison, trying again doesn't help.
    pub fn open(&self, id: DeliveryId, sealed: &SealedPayload) -> Result<Payload, Unopenable> {
        let mut keys = std::iter::once(&self.current).chain(&self.older);
        let key = keys.find(|key| key.id == sealed.key_id).ok_or(Unopenable)?;
        let bytes = STANDARD_NO_PAD.decode(&sealed.sealed).map_err(|_| Unopenable)?;
        let (nonce, ciphertext) = bytes.split_at_checked(NONCE).ok_or(Unopenable)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| Unopenable)?;
        let aad = self.associated(id);
        let cipher = XChaCha20Poly1305::new(&key.key.into());
        let plain = cipher.decrypt(&nonce, Message { msg: ciphertext, aad: &aad }).map_err(|_| Unopenable)?;
        let plain = Zeroizing::new(plain);
        serde_json::from_slice(&plain).map_err(|_| Unopenable)
    }

    fn associated(&self, id: DeliveryId) -> Vec<u8> {
        format!("twostep/delivery/v1|{}|{id}", self.channel.as_str()).into_bytes()
    }
}
