//! The settings that every program with a log has, a group each.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use twostep_runtime::config::Secret;
use twostep_service::{TextLimits, TextPrices};

/// The public port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// A port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Where it listens.
    pub listen: SocketAddr,
}

/// The master key: one of the two.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The file that holds it, outside the data directory, mode 0600; made at the first start.
    #[serde(default)]
    pub master_path: Option<PathBuf>,
    /// The key itself, 32 bytes in base64 or hexadecimal.
    #[serde(default)]
    pub master: Option<Secret>,
}

/// The caps on texts.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Texts of one company in a day.
    pub per_day: usize,
    /// What they may cost, in the unit of the prices.
    #[serde(default)]
    pub spend_per_day: Option<u64>,
    /// What a text costs, in whole units: cents, or a tenth of one.
    #[serde(default)]
    pub price: Option<u64>,
    /// What one costs to a dialling code.
    #[serde(default)]
    pub prices: BTreeMap<String, u64>,
    /// Of these, to the numbers of one dialling code.
    pub per_dialling_code: usize,
    /// Of these, to numbers that are the same but for their last four digits.
    pub per_prefix: usize,
}

impl Texts {
    /// The caps.
    ///
    /// # Errors
    /// A price is of no dialling code, or there is none where the spend is capped.
    pub fn limits(self) -> anyhow::Result<TextLimits> {
        let Self { per_day, spend_per_day, price, prices, per_dialling_code, per_prefix } = self;
        ensure!(
            spend_per_day.is_none() || price.is_some(),
            "texts.spend_per_day needs texts.price: what a text costs, in the same unit"
        );
        let by_dialling_code = prices.into_iter().map(|(code, price)| {
            let number = code.trim_start_matches('+').parse();
            let number =
                number.with_context(|| format!("texts.prices.{code}: a dialling code is a number, like 49"));
            anyhow::Ok((number?, price))
        });
        let prices = TextPrices {
            usual: price.unwrap_or(0),
            by_dialling_code: by_dialling_code.collect::<Result<_, _>>()?,
        };
        Ok(TextLimits { per_day, spend_per_day, prices, per_dialling_code, per_prefix })
    }
}

/// Refuses one port for both: what is bound second would say that some other program has it.
///
/// # Errors
/// They are the same.
pub fn check_ports(http: SocketAddr, admin: SocketAddr) -> anyhow::Result<()> {
    let overlap = http.ip() == admin.ip() || http.ip().is_unspecified() || admin.ip().is_unspecified();
    // Port 0 is another one each time.
    let same = http.port() == admin.port() && http.port() != 0 && overlap;
    ensure!(!same, "http.listen ({http}) and admin.listen ({admin}) are the same port: give each its own");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(spend_per_day: Option<u64>, price: Option<u64>, dialling_code: &str) -> Texts {
        let prices = BTreeMap::from([(dialling_code.to_owned(), 25)]);
        Texts { per_day: 1, spend_per_day, price, prices, per_dialling_code: 1, per_prefix: 1 }
    }

    #[test]
    fn prices_are_of_dialling_codes_and_a_capped_spend_needs_one() {
        let limits = texts(Some(500), Some(7), "+49").limits().unwrap();
        assert_eq!((limits.prices.usual, limits.prices.by_dialling_code[&49]), (7, 25));
        assert!(texts(None, None, "49").limits().is_ok());
        let unpriced = texts(Some(500), None, "49").limits().unwrap_err().to_string();
        assert!(unpriced.contains("texts.price"), "{unpriced}");
        let nowhere = texts(None, Some(7), "DE").limits().unwrap_err().to_string();
        assert!(nowhere.contains("texts.prices.DE"), "{nowhere}");
    }
}
