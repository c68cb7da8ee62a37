//! Saving policies, and judging refusals.

use anyhow::{Context as _, bail};
use twostep_api::{Policy, ProblemType, PutPolicy, Technicians, Transition};
use twostep_client::{Client, Error};
use uuid::Uuid;

/// Saves the policy that `change` makes of the present one, without resetting anybody.
///
/// # Errors
/// The API's.
pub async fn save_policy(
    admin: &Client,
    company: Uuid,
    change: impl FnOnce(Policy) -> Policy,
) -> anyhow::Result<()> {
    save_policy_as(admin, company, Transition::Lossless, change).await
}

/// Saves the policy that `change` makes of the present one.
///
/// # Errors
/// The API's.
pub async fn save_policy_as(
    admin: &Client,
    company: Uuid,
    transition: Transition,
    change: impl FnOnce(Policy) -> Policy,
) -> anyhow::Result<()> {
    let shown = admin.policy(company).await?;
    let etag = shown.etag.context("the policy has no ETag")?;
    let policy = change(shown.value);
    let put = PutPolicy { policy, reason: "a test".to_owned(), transition, turn_off_uncovered: false };
    admin.put_policy(company, &etag, &put).await?;
    Ok(())
}

/// All technicians must verify, with an app.
///
/// # Errors
/// The API's.
pub async fn require_everybody(admin: &Client, company: Uuid) -> anyhow::Result<()> {
    save_policy(admin, company, |policy| Policy { technicians: Technicians::All, ..policy }).await
}

/// Whether the API refused, and for this reason.
///
/// # Errors
/// It didn't, or for another one.
pub fn refused<T>(answer: Result<T, Error>, kind: ProblemType) -> anyhow::Result<()> {
    match answer {
        Err(Error::Problem(problem)) if problem.kind == kind => Ok(()),
        Err(error) => bail!("refused for another reason than {kind:?}: {error}"),
        Ok(_) => bail!("accepted, but {kind:?} was due"),
    }
}
