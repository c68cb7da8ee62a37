//! The keys of channels, which seal messages to their workers.

use data_encoding::BASE64_NOPAD;
use twostep_domain::delivery::Channel;
use zeroize::Zeroizing;

use crate::cache::DataKey;
use crate::{KeyClass, Vault, VaultError};

/// A channel's key, to be given to its worker and to whoever seals for it. It can't be printed or compared.
pub struct ChannelSecret {
    id: String,
    key: DataKey,
}

impl Vault {
    /// The key of `channel`, made at its first use.
    ///
    /// # Errors
    /// The store's.
    pub fn channel_key(&self, channel: Channel) -> Result<ChannelSecret, VaultError> {
        let class = KeyClass::Channel(channel);
        let key = self.find_or_make(&class)?.ok_or(VaultError::Erased)?;
        Ok(ChannelSecret { id: format!("{}-{}", channel.as_str(), class.first().version), key })
    }
}

impl ChannelSecret {
    /// The key's name on messages.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How it is handed to a worker: its name, a space, the key in base64.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(BASE64_NOPAD.encode(self.expose()));
        Zeroizing::new(format!("{} {}", self.id, *key))
    }

    /// The key.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::vault;

    #[test]
    fn channels_have_a_key_each_that_stays() {
        let vault = vault();
        let [email, sms] = [Channel::Email, Channel::Sms].map(|channel| vault.channel_key(channel).unwrap());
        assert_eq!((email.id(), sms.id()), ("email-1", "sms-1"));
        assert_ne!(email.expose(), sms.expose());
        assert_eq!(vault.channel_key(Channel::Email).unwrap().expose(), email.expose());
    }
}
