//! How the inbox is told to misbehave.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Everything that goes wrong; of several faults that fit, the first counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// In the mail server.
    pub mail: Vec<MailFault>,
    /// In the SMS gateways.
    pub sms: Vec<SmsFault>,
}

/// Where in a mail's conversation something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Before the greeting. No address is known yet: only `*` fits.
    Connect,
    /// At `AUTH`. Only `*` fits.
    Auth,
    /// At `MAIL FROM`; the address is the sender's.
    Mail,
    /// At `RCPT TO`.
    Rcpt,
    /// At `DATA`, before any of the mail.
    Data,
    /// In the middle of the mail.
    Body,
    /// After the final dot: with `drop` the mail is kept and the answer lost.
    EndOfData,
}

/// One thing that goes wrong in the mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailFault {
    /// For whom: an address, or `*` for all.
    #[serde(default = "everybody")]
    pub address: String,
    /// Where.
    pub stage: Stage,
    /// Waits so many milliseconds first.
    #[serde(default)]
    pub delay_ms: u64,
    /// Answers with this code (400 to 599) instead of taking it.
    #[serde(default)]
    pub reply: Option<u16>,
    /// Closes the connection without a word.
    #[serde(default)]
    pub drop: bool,
    /// How often; always, unless said.
    #[serde(default)]
    pub times: Option<u32>,
}

/// One thing that goes wrong in the SMS gateways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsFault {
    /// For whom: a number, or `*` for all.
    #[serde(default = "everybody")]
    pub to: String,
    /// Waits so many milliseconds first.
    #[serde(default)]
    pub delay_ms: u64,
    /// Answers with this status instead of taking it.
    #[serde(default)]
    pub status: Option<u16>,
    /// The answer's body, as it is sent.
    #[serde(default)]
    pub body: Option<String>,
    /// The answer's `Retry-After`, in seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// Keeps the text and closes the connection without an answer.
    #[serde(default)]
    pub reset: bool,
    /// Takes the text, and says this of it later in place of `delivered`.
    #[serde(default)]
    pub fate: Option<String>,
    /// How often; always, unless said.
    #[serde(default)]
    pub times: Option<u32>,
}

fn everybody() -> String {
    "*".to_owned()
}

impl MailFault {
    pub(crate) async fn delay(&self) {
        tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
    }
}

impl SmsFault {
    pub(crate) async fn delay(&self) {
        tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
    }
}

/// The faults in force.
#[derive(Default)]
pub(crate) struct FaultPlan(Mutex<Faults>);

impl FaultPlan {
    pub(crate) fn set(&self, faults: Faults) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    pub(crate) fn get(&self) -> Faults {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The fault at `stage` for one of `addresses`, counted off.
    pub(crate) fn mail(&self, stage: Stage, addresses: &[String]) -> Option<MailFault> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |fault: &&mut MailFault| fault.stage == stage && concerns(&fault.address, addresses);
        let fault = faults.mail.iter_mut().filter(|fault| fault.times != Some(0)).find(fits)?;
        fault.times = fault.times.map(|times| times - 1);
        Some(fault.clone())
    }

    /// The fault for texts to `to`, counted off.
    pub(crate) fn sms(&self, to: &str) -> Option<SmsFault> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |fault: &&mut SmsFault| fault.fate.is_none() && concerns(&fault.to, &[to.to_owned()]);
        let fault = faults.sms.iter_mut().filter(|fault| fault.times != Some(0)).find(fits)?;
        fault.times = fault.times.map(|times| times - 1);
        Some(fault.clone())
    }

    /// What is said later of a text to `to`, where it isn't `delivered`, counted off.
    pub(crate) fn status(&self, to: &str) -> Option<String> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |fault: &&mut SmsFault| fault.fate.is_some() && concerns(&fault.to, &[to.to_owned()]);
        let fault = faults.sms.iter_mut().filter(|fault| fault.times != Some(0)).find(fits)?;
        fault.times = fault.times.map(|times| times - 1);
        fault.fate.clone()
    }
}

fn concerns(whom: &str, addresses: &[String]) -> bool {
    whom == "*" || addresses.iter().any(|address| address.eq_ignore_ascii_case(whom))
}
