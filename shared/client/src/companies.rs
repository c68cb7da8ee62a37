//! `companies`: the company, its policy and its names.

use reqwest::Method;
use twostep_api::{
    Branding, Company, CreateCompany, CreatedCompany, Policy, PolicyEffect, PutPolicy, SavedPolicy,
    SmsCountries, TransferAccount,
};
use uuid::Uuid;

use crate::{Client, Error, Versioned};

impl Client {
    /// `POST companies`: creates one and invites its Master Account Holder; the admin port's alone.
    ///
    /// # Errors
    /// `conflict` where the short name is taken.
    pub async fn create_company(&self, create: &CreateCompany) -> Result<CreatedCompany, Error> {
        self.post(&["companies"], create).await
    }

    /// `GET companies/{id}`.
    ///
    /// # Errors
    /// `forbidden`, `not-found`.
    pub async fn company(&self, id: Uuid) -> Result<Versioned<Company>, Error> {
        self.get_versioned(&["companies", &id.to_string()]).await
    }

    /// `GET companies/{id}/policy`.
    ///
    /// # Errors
    /// `forbidden`, `not-found`.
    pub async fn policy(&self, company: Uuid) -> Result<Versioned<Policy>, Error> {
        self.get_versioned(&["companies", &company.to_string(), "policy"]).await
    }

    /// `GET companies/{id}/policy/effect`: what the policy in force means for people.
    ///
    /// # Errors
    /// `forbidden`, `not-found`.
    pub async fn policy_effect(&self, company: Uuid) -> Result<PolicyEffect, Error> {
        self.get(&["companies", &company.to_string(), "policy", "effect"]).await
    }

    /// `PUT companies/{id}/policy`: *Save Changes*, on the revision that was read.
    ///
    /// # Errors
    /// `stale-revision`, `would-lock-out`, `nothing-changed`, `step-up-required`.
    pub async fn put_policy(
        &self,
        company: Uuid,
        if_match: &str,
        put: &PutPolicy,
    ) -> Result<Versioned<SavedPolicy>, Error> {
        let path = ["companies", &company.to_string(), "policy"];
        self.put(&path, if_match, put).await
    }

    /// `PUT companies/{id}/branding`, on the company's revision that was read.
    ///
    /// # Errors
    /// `stale-revision`, `invalid-fields`, `step-up-required`.
    pub async fn put_branding(
        &self,
        company: Uuid,
        if_match: &str,
        branding: &Branding,
    ) -> Result<Versioned<Branding>, Error> {
        self.put(&["companies", &company.to_string(), "branding"], if_match, branding).await
    }

    /// `PUT companies/{id}/sms-countries`, on the company's revision that was read.
    ///
    /// # Errors
    /// `stale-revision`, `invalid-fields`, `step-up-required`.
    pub async fn put_sms_countries(
        &self,
        company: Uuid,
        if_match: &str,
        countries: &SmsCountries,
    ) -> Result<Versioned<SmsCountries>, Error> {
        self.put(&["companies", &company.to_string(), "sms-countries"], if_match, countries).await
    }

    /// `POST companies/{id}/account-holder`: hands the account over.
    ///
    /// # Errors
    /// `forbidden` for anybody but the holder; `conflict` where the other is no Master Admin.
    pub async fn transfer_account(&self, company: Uuid, transfer: &TransferAccount) -> Result<(), Error> {
        let path = ["companies", &company.to_string(), "account-holder"];
        self.request(Method::POST, &path)?.json(transfer).done().await
    }
}
