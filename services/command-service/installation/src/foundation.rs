//! What a process holds that writes a data directory: log and keys, and the socket of its operator.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::UnixListener;
use twostep_delivery::{ChannelKey, ChannelKeys};
use twostep_domain::delivery::Channel;
use twostep_event_store_sqlite::{OpenOptions, SqliteStore, WriterLock};
use twostep_runtime::Profile;
use twostep_service::ChannelSeals;
use twostep_vault::Vault;

use crate::{Keys, keys, operator_socket};

/// Log, keys and operator's socket of one data directory.
pub struct Foundation {
    /// The log.
    pub store: Arc<SqliteStore>,
    /// The keys.
    pub vault: Arc<Vault>,
    pub(crate) data: PathBuf,
    pub(crate) operator: UnixListener,
    pub(crate) operator_path: PathBuf,
}

impl Foundation {
    /// Opens `data` for `profile`, and makes what is missing at the very first start.
    ///
    /// # Errors
    /// The directory is another profile's or in use, or log and keys don't open.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn open(data: &Path, profile: Profile, settings: &Keys) -> anyhow::Result<Self> {
        profile.claim(data)?;
        if let Some(open) = Profile::open_directory(data) {
            tracing::warn!("{open}");
        }
        // First of all: of two first starts at once, one makes log and keys, and the other makes nothing.
        let lock = WriterLock::take(&data.join("log.db"))?;
        let vault = Arc::new(keys::open_vault(settings, data, keys::existing(data))?);
        let store = Arc::new(SqliteStore::open_under(lock, OpenOptions::default())?);
        let (operator, operator_path) = operator_socket::listen(data)?;
        Ok(Self { store, vault, data: data.to_owned(), operator, operator_path })
    }

    /// The keys of `channel`.
    ///
    /// # Errors
    /// The key store's.
    pub fn channel_keys(&self, channel: Channel) -> anyhow::Result<ChannelKeys> {
        let secret = self.vault.channel_key(channel)?;
        Ok(ChannelKeys::new(channel, ChannelKey::new(secret.id(), *secret.expose()), Vec::new()))
    }

    pub(crate) fn seals(&self) -> anyhow::Result<ChannelSeals> {
        let (email, sms) = (self.channel_keys(Channel::Email)?, self.channel_keys(Channel::Sms)?);
        Ok(ChannelSeals { email, sms })
    }
}
