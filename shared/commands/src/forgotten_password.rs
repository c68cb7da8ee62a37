//! *Forgotten password*: a link to the work address, where somebody has the login. Nothing tells whether somebody has.

use std::net::IpAddr;
use std::sync::Arc;

use twostep_clock::Time;
use twostep_domain::login::Login;
use twostep_domain::member::{Member, MemberCommand, RequestPasswordReset};
use twostep_domain::{Aggregate as _, CompanyId, LoginName};
use twostep_event_store::Metadata;

use crate::context::{PASSWORD_RESET, login_stream, member_stream, new_link};
use crate::quota::{neighbourhood, prefix};
use crate::{Commands, ExecuteError, Fault, Fold};

/// As many times the requests of one address for all of an IPv6 /48.
const NEIGHBOURHOOD: u32 = 4;

/// Why a request isn't heard; never because of whom it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForgottenPasswordError {
    /// Too many from this address.
    #[error("too many requests from your address: the next one is heard at {}", twostep_domain::to_the_second(*next_at))]
    TooMany {
        /// When the next one is heard.
        next_at: Time,
    },
    /// Too many at once from everywhere.
    #[error("too many requests at once: try again in a moment")]
    Busy,
}

impl Commands {
    /// Mails a link, in the background: that somebody has the login doesn't show in the time of the answer (S13).
    ///
    /// # Errors
    /// [`ForgottenPasswordError`].
    pub fn forgotten_password(
        self: &Arc<Self>,
        company: CompanyId,
        login: LoginName,
        address: Option<IpAddr>,
        metadata: Metadata,
    ) -> Result<(), ForgottenPasswordError> {
        let near = address.map_or_else(|| "nowhere".to_owned(), prefix);
        let mut counted = vec![(self.vault.address_hash(&near), 1)];
        let wide = address.and_then(neighbourhood);
        counted.extend(wide.map(|wide| (self.vault.address_hash(&wide), NEIGHBOURHOOD)));
        let counted = self.forgotten.take(&counted, self.now());
        counted.map_err(|next_at| ForgottenPasswordError::TooMany { next_at })?;
        let commands = Arc::clone(self);
        let begun = self.errands.start(async move {
            if let Err(fault) = commands.mail_reset(company, &login, &metadata).await {
                let error = &fault as &dyn std::error::Error;
                tracing::error!(error, "a password reset could not be recorded");
            }
        });
        if begun { Ok(()) } else { Err(ForgottenPasswordError::Busy) }
    }

    async fn mail_reset(
        &self,
        company: CompanyId,
        login: &LoginName,
        metadata: &Metadata,
    ) -> Result<(), Fault> {
        let hash = self.vault.login_hash(company, login);
        let holder = self.ledger.load::<Login>(&login_stream(company, &hash)).await?.state().holder();
        let Some(member) = holder else { return Ok(()) };
        let done = self
            .ledger
            .execute(&member_stream(company, member), metadata, |fold: &Fold<Member>| {
                let now = self.now();
                let reset = new_link(now, PASSWORD_RESET, true);
                let request = MemberCommand::RequestPasswordReset(RequestPasswordReset { reset, now });
                Member::decide(fold.state(), request)
            })
            .await;
        match done {
            Ok(_) | Err(ExecuteError::Refused(_)) => Ok(()),
            Err(ExecuteError::Ledger(error)) => Err(error.into()),
        }
    }
}
