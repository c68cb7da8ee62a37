//! Unmasking: whoever is shown personal data of a company's history stands in it.

use twostep_domain::CompanyId;
use twostep_domain::company::{CompanyCommand, Unmask};
use twostep_event_store::Metadata;

use crate::{Commands, CompanyError};

impl Commands {
    /// Records what is about to be shown, of `company`, and why.
    ///
    /// # Errors
    /// The rules of `Unmask`.
    pub async fn record_unmasking(
        &self,
        company: CompanyId,
        unmask: Unmask,
        metadata: &Metadata,
    ) -> Result<(), CompanyError> {
        let unmask = CompanyCommand::Unmask(unmask);
        self.decide_company(company, metadata, |_| Ok(unmask.clone())).await.map(drop)
    }
}
