//! Somebody who has neither app nor phone.

use twostep_api::{ConfirmContact, StartSetUp, VerifyEmail};

use super::Stage;

/// A technician who has set up e-mail and printed codes, where the policy asks for these; gives login and codes.
///
/// # Errors
/// The first step that fails.
pub async fn with_a_mailbox(stage: &Stage, name: &str) -> anyhow::Result<(String, Vec<String>)> {
    let (login, _) = stage.hire(name).await?;
    let pending = stage.sign_in(&login).await?;
    let api = &pending.api;
    api.start_set_up(&StartSetUp::default()).await?;
    let before = stage.last(&login).await?;
    api.set_up_email(&VerifyEmail { address: login.clone() }).await?;
    let mail = stage.inbox.next_that(&login, before, |mail| mail.code.is_some()).await?;
    api.confirm_email(&ConfirmContact { code: mail.code }).await?;
    let printed = api.make_recovery_codes().await?.codes;
    api.activate().await?;
    Ok((login, printed))
}
