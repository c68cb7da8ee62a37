//! What a relay's answers mean (RFC 5321, 4.2; RFC 4954, 6).

use std::error::Error as _;
use std::fmt;

use lettre::transport::smtp::Error;
use twostep_delivery::ProviderError;

use super::trust::{Distrust, distrust};

/// Where in the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Connect,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// While the mail is written: the relay can't have it whole.
    Body,
    /// From the final dot on: the relay may have it.
    EndOfData,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The system's words name no host.
    #[error("the relay's name could not be resolved ({0}): check its `host`")]
    Lookup(std::io::Error),
    #[error("the connection failed ({0}): check that the relay runs, its `host` and its `port`")]
    Io(#[from] std::io::Error),
    #[error("{}", in_words(.0))]
    Smtp(Error),
    #[error("{0}")]
    Distrusted(Distrust),
    #[error(
        "the relay offers no STARTTLS: check its port (usually 587), or choose `implicit-tls` (usually 465)"
    )]
    NoStartTls,
    #[error("no answer in time")]
    Timeout,
    #[error("plain text is for loopback only")]
    NotLoopback,
    #[error("the relay takes no international addresses")]
    NoInternationalAddresses,
}

/// What went wrong, and where.
pub(super) struct Failed {
    pub(super) stage: Stage,
    pub(super) error: Broken,
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        distrust(&error).map_or(Self::Smtp(error), Self::Distrusted)
    }
}

impl Broken {
    fn code(&self) -> Option<u16> {
        match self {
            Self::Smtp(error) => error.status().map(u16::from),
            _ => None,
        }
    }
}

impl Failed {
    /// Whether the connection itself died, or the relay closes it: a kept connection may have died long ago.
    pub(super) fn lost(&self) -> bool {
        match &self.error {
            Broken::Lookup(_) | Broken::Io(_) | Broken::Timeout => true,
            Broken::Smtp(error) => self.error.code().is_none_or(|code| code == 421) && !error.is_client(),
            Broken::NotLoopback
            | Broken::NoInternationalAddresses
            | Broken::Distrusted(_)
            | Broken::NoStartTls => false,
        }
    }

    /// Whether the mail may have been taken.
    pub(super) fn may_be_taken(&self) -> bool {
        self.stage == Stage::EndOfData && self.error.code().is_none()
    }
}

impl From<Failed> for ProviderError {
    fn from(failed: Failed) -> Self {
        let reason = failed.to_string();
        if failed.may_be_taken() {
            return Self::Unknown { reason };
        }
        let ours = matches!(failed.stage, Stage::Connect | Stage::Auth | Stage::Mail);
        match (&failed.error, failed.error.code()) {
            (Broken::NotLoopback | Broken::Distrusted(_) | Broken::NoStartTls, _)
            | (_, Some(530 | 534 | 535 | 538)) => Self::Configuration { reason },
            (Broken::NoInternationalAddresses, _) => Self::Reject { reason },
            (_, Some(421)) => Self::Unavailable { after: None, reason },
            (_, Some(400..=499)) if matches!(failed.stage, Stage::Connect | Stage::Auth) => {
                Self::Unavailable { after: None, reason }
            }
            (_, Some(400..=499)) => Self::Retry { after: None, reason },
            // Before a recipient was named, only our own name, credentials and sender can be refused.
            (_, Some(_)) if ours => Self::Configuration { reason },
            (_, Some(_)) => Self::Reject { reason },
            (Broken::Smtp(error), None) if error.is_client() => Self::Configuration { reason },
            (Broken::Lookup(_) | Broken::Io(_) | Broken::Smtp(_) | Broken::Timeout, None) => {
                Self::Unavailable { after: None, reason }
            }
        }
    }
}

/// Code, enhanced code and stage, never the relay's words: they quote addresses.
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = match self.stage {
            Stage::Connect => "at connect",
            Stage::Auth => "at AUTH",
            Stage::Mail => "at MAIL",
            Stage::Rcpt => "at RCPT",
            Stage::Data => "at DATA",
            Stage::Body => "while the mail was written",
            Stage::EndOfData => "after the final dot",
        };
        match (&self.error, self.error.code()) {
            (Broken::Smtp(error), Some(code)) => match enhanced(error) {
                Some(enhanced) => write!(f, "{code} {enhanced} {at}"),
                None => write!(f, "{code} {at}"),
            },
            (error, _) => write!(f, "{at}: {error}"),
        }
    }
}

/// What the SMTP client met, without the relay's words.
fn in_words(error: &Error) -> &'static str {
    match () {
        () if error.is_tls() => "TLS with the relay failed",
        () if error.is_timeout() => "no answer in time",
        () if error.is_client() => "the relay offers nothing that we can sign in with",
        () if error.is_response() => "the relay's answer was not understood",
        () => "the connection to the relay broke",
    }
}

/// The enhanced code that a reply may begin with (RFC 3463).
fn enhanced(error: &Error) -> Option<String> {
    let text = error.source()?.to_string();
    let first = text.split_whitespace().next()?;
    let numbers: Vec<_> = first.split('.').collect();
    let digits = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (numbers.len() == 3 && numbers.iter().all(digits)).then(|| first.to_owned())
}
