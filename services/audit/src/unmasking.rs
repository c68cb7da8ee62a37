//! Showing what is personal: the running service records it first.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use twostep_api::{PossessionChallenge, Unmask, Unmasked, UnmaskedScope};
use twostep_client::operator;
use twostep_domain::CompanyId;
use twostep_vault::{MasterKey, PersonalData};

/// What opens personal data, and why it is opened.
#[derive(Args)]
#[command(next_help_heading = "Unmasking")]
pub(crate) struct Unmasking {
    /// Shows names, logins, addresses and numbers: a file with the master key of the installation whose --data is named. The
    /// running service records it first, with the reason.
    #[arg(long, value_name = "FILE", requires = "reason")]
    master_key_path: Option<PathBuf>,
    /// Why they are shown; it stays in the company's history for good.
    #[arg(long, value_name = "TEXT", requires = "master_key_path")]
    reason: Option<String>,
}

impl Unmasking {
    /// Whether it is asked for.
    pub(crate) fn is_wanted(&self) -> bool {
        self.master_key_path.is_some()
    }

    /// The keys to what is personal, once the service that runs over `data` has recorded that `scope` of `company` is shown;
    /// nothing where it isn't asked for.
    ///
    /// # Errors
    /// It isn't recorded, or the key store can't be read: then nothing is shown.
    pub(crate) async fn recorded(
        &self,
        data: Option<&Path>,
        company: Option<CompanyId>,
        scope: UnmaskedScope,
    ) -> anyhow::Result<Option<PersonalData>> {
        let (Some(path), Some(reason)) = (&self.master_key_path, &self.reason) else { return Ok(None) };
        let Some(data) = data else {
            bail!(
                "--master-key-path: only where a service runs, which records it, is anything unmasked: name its data directory \
                 with --data"
            );
        };
        let company =
            company.context("--company: an unmasking is recorded in one company's history: name it")?;
        let key = MasterKey::read(path, data)?;
        record(data, &key, company, scope, reason).await.context("nothing is unmasked")?;
        let personal = PersonalData::open(&data.join("keys.db"), key).context("opening the keys")?;
        Ok(Some(personal))
    }
}

/// Has the service record it, and says so.
async fn record(
    data: &Path,
    key: &MasterKey,
    company: CompanyId,
    scope: UnmaskedScope,
    reason: &str,
) -> anyhow::Result<()> {
    let PossessionChallenge { challenge } =
        operator::post(data, "possession-challenges", &serde_json::json!({})).await?;
    let mut request =
        Unmask { company: company.0, scope, reason: reason.to_owned(), challenge, proof: String::new() };
    let proven = request.proven();
    request.proof = key.prove(&request.challenge, &proven.each_ref().map(String::as_str));
    let Unmasked { at } = operator::post(data, "unmaskings", &request).await?;
    note(&format!(
        "the company's history has it since {}: PersonalDataUnmasked, with the reason",
        at.format("%Y-%m-%d %H:%M:%SZ")
    ));
    Ok(())
}

#[allow(clippy::print_stderr, reason = "what is said beside the events doesn't go where they go")]
fn note(text: &str) {
    eprintln!("twostep-audit: {text}");
}
