//! Where the log ends now.

use twostep_domain::CompanyId;
use twostep_event_store::{Checkpoint, ReadError, Reader};

/// A company that is none, to ask for the log's end by.
const NOBODY: CompanyId = CompanyId(uuid::Uuid::nil());

/// Where the log ends, for everybody.
///
/// # Errors
/// The log can't be read.
pub(crate) async fn log_end(reader: &dyn Reader) -> Result<Checkpoint, ReadError> {
    reader.head(NOBODY).await
}
