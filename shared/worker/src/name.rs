//! The name of a process in claims.

use rand::TryRng as _;
use rand::rngs::SysRng;
use twostep_domain::delivery::Channel;

/// Drawn anew at each start: a worker that comes back is another one, and what the old one held is looked at.
pub(crate) fn draw(channel: Channel) -> anyhow::Result<(String, u64)> {
    let mut bytes = [0; 8];
    SysRng.try_fill_bytes(&mut bytes)?;
    let drawn = u64::from_le_bytes(bytes);
    Ok((format!("{}-{}-{drawn:016x}", channel.as_str(), std::process::id()), drawn))
}
