//! Changes by whoever has just looked: each reads the revision and sends it back.

use twostep_api::{
    Branding, ChangeGroup, ChangeRoles, ChangeStanding, Group, Lock, Member, MoveMember, SmsCountries,
};
use twostep_client::{Client, Error, Versioned};
use uuid::Uuid;

/// Saves on the latest revision; whoever may not look sends the first.
pub trait Latest {
    /// The names that people see.
    fn save_branding(&self, company: Uuid, new: &Branding) -> impl Future<Output = Result<Branding, Error>>;
    /// Where texts may go.
    fn save_sms_countries(
        &self,
        company: Uuid,
        new: &SmsCountries,
    ) -> impl Future<Output = Result<SmsCountries, Error>>;
    /// A group's name and place.
    fn save_place(
        &self,
        company: Uuid,
        group: Uuid,
        new: &ChangeGroup,
    ) -> impl Future<Output = Result<Group, Error>>;
    /// A group's lock.
    fn save_lock(&self, company: Uuid, group: Uuid, new: &Lock)
    -> impl Future<Output = Result<Group, Error>>;
    /// A person's roles.
    fn save_roles(
        &self,
        company: Uuid,
        member: Uuid,
        new: &ChangeRoles,
    ) -> impl Future<Output = Result<Member, Error>>;
    /// A person's group.
    fn save_group(
        &self,
        company: Uuid,
        member: Uuid,
        new: &MoveMember,
    ) -> impl Future<Output = Result<Member, Error>>;
    /// Whether a person can sign in.
    fn save_standing(
        &self,
        company: Uuid,
        member: Uuid,
        new: &ChangeStanding,
    ) -> impl Future<Output = Result<Member, Error>>;
}

impl Latest for Client {
    async fn save_branding(&self, company: Uuid, new: &Branding) -> Result<Branding, Error> {
        let etag = etag(self.company(company).await);
        Ok(self.put_branding(company, &etag, new).await?.value)
    }

    async fn save_sms_countries(&self, company: Uuid, new: &SmsCountries) -> Result<SmsCountries, Error> {
        let etag = etag(self.company(company).await);
        Ok(self.put_sms_countries(company, &etag, new).await?.value)
    }

    async fn save_place(&self, company: Uuid, group: Uuid, new: &ChangeGroup) -> Result<Group, Error> {
        let etag = etag(self.group(company, group).await);
        Ok(self.change_group(company, group, &etag, new).await?.value)
    }

    async fn save_lock(&self, company: Uuid, group: Uuid, new: &Lock) -> Result<Group, Error> {
        let etag = etag(self.group(company, group).await);
        Ok(self.put_lock(company, group, &etag, new).await?.value)
    }

    async fn save_roles(&self, company: Uuid, member: Uuid, new: &ChangeRoles) -> Result<Member, Error> {
        let etag = etag(self.member(company, member).await);
        Ok(self.put_roles(company, member, &etag, new).await?.value)
    }

    async fn save_group(&self, company: Uuid, member: Uuid, new: &MoveMember) -> Result<Member, Error> {
        let etag = etag(self.member(company, member).await);
        Ok(self.put_group(company, member, &etag, new).await?.value)
    }

    async fn save_standing(
        &self,
        company: Uuid,
        member: Uuid,
        new: &ChangeStanding,
    ) -> Result<Member, Error> {
        let etag = etag(self.member(company, member).await);
        Ok(self.put_standing(company, member, &etag, new).await?.value)
    }
}

fn etag<T>(seen: Result<Versioned<T>, Error>) -> String {
    seen.ok().and_then(|seen| seen.etag).unwrap_or_else(|| "\"0\"".to_owned())
}
