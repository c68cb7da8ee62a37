//! A company that exists.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Branding, CompanyEvent, CompanyRegistered, Epoch, InForce, LastChange, Policy, PolicyChanged};
use crate::{Country, Locale, MemberId, Name, Slug, Time, TimeZone};

/// A company that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    slug: Slug,
    name: Name,
    country: Country,
    locale: Locale,
    time_zone: TimeZone,
    branding: Branding,
    sms_countries: BTreeSet<Country>,
    account_holder: MemberId,
    /// The roster without the account holder, who so can't be missing from it.
    other_master_admins: BTreeSet<MemberId>,
    in_force: InForce,
    last_change: Option<LastChange>,
    highest_epoch: Epoch,
    /// When its Master Admins were last told that texts were stopped.
    #[serde(default)]
    texts_stopped_at: Option<Time>,
    revision: u64,
}

impl Registered {
    pub(super) fn new(event: &CompanyRegistered) -> Self {
        Self {
            slug: event.slug.clone(),
            name: event.name.clone(),
            country: event.country,
            locale: event.locale,
            time_zone: event.time_zone.clone(),
            branding: event.branding.clone(),
            sms_countries: BTreeSet::from([event.country]),
            account_holder: event.account_holder,
            other_master_admins: BTreeSet::new(),
            in_force: InForce::default(),
            last_change: None,
            highest_epoch: Epoch::default(),
            texts_stopped_at: None,
            revision: 0,
        }
    }

    pub(super) fn apply(&mut self, event: &CompanyEvent) {
        self.revision += 1;
        match event {
            // The first registration stands; glass and unmaskings are the auditor's to see; NoticeRequested is the relay's.
            CompanyEvent::CompanyRegistered(_)
            | CompanyEvent::GlassBroken(_)
            | CompanyEvent::PersonalDataUnmasked(_)
            | CompanyEvent::NoticeRequested(_) => {}
            CompanyEvent::PolicyChanged(event) => self.change_policy(event),
            CompanyEvent::MasterAdminAdded(event) => {
                if event.member != self.account_holder {
                    self.other_master_admins.insert(event.member);
                }
            }
            CompanyEvent::MasterAdminRemoved(event) => {
                self.other_master_admins.remove(&event.member);
            }
            CompanyEvent::AccountHolderTransferred(event) => {
                self.other_master_admins.insert(self.account_holder);
                self.other_master_admins.remove(&event.to);
                self.account_holder = event.to;
            }
            CompanyEvent::BrandingChanged(event) => self.branding = event.new.clone(),
            CompanyEvent::TextsStopped(event) => self.texts_stopped_at = Some(event.at),
            CompanyEvent::SmsCountriesChanged(event) => self.sms_countries.clone_from(&event.new),
        }
    }

    fn change_policy(&mut self, event: &PolicyChanged) {
        let undone = self.last_change.take().filter(|change| event.undo_of == Some(change.revision));
        let turned_off_at = match undone {
            Some(change) => change.before.turned_off_at,
            None if event.turn_off_uncovered => Some(self.revision),
            None => self.in_force.turned_off_at,
        };
        let now = InForce { policy: event.new.clone(), required_epoch: event.required_epoch, turned_off_at };
        let before = std::mem::replace(&mut self.in_force, now);
        self.last_change = Some(LastChange { revision: self.revision, before });
        self.highest_epoch = self.highest_epoch.max(event.required_epoch);
    }

    /// When its Master Admins were last told that texts were stopped.
    pub(super) fn texts_stopped_at(&self) -> Option<Time> {
        self.texts_stopped_at
    }

    /// Its short name.
    #[must_use]
    pub fn slug(&self) -> &Slug {
        &self.slug
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its own country.
    #[must_use]
    pub fn country(&self) -> Country {
        self.country
    }

    /// Its language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// Its time zone.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// Product name, account name in apps, sender.
    #[must_use]
    pub fn branding(&self) -> &Branding {
        &self.branding
    }

    /// The countries that texts may go to.
    #[must_use]
    pub fn sms_countries(&self) -> &BTreeSet<Country> {
        &self.sms_countries
    }

    /// The Master Account Holder.
    #[must_use]
    pub fn account_holder(&self) -> MemberId {
        self.account_holder
    }

    /// The roster: every Master Admin, the account holder first.
    pub fn master_admins(&self) -> impl Iterator<Item = MemberId> {
        std::iter::once(self.account_holder).chain(self.other_master_admins.iter().copied())
    }

    /// Whether `member` is in the roster.
    #[must_use]
    pub fn is_master_admin(&self, member: MemberId) -> bool {
        member == self.account_holder || self.other_master_admins.contains(&member)
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.in_force.policy
    }

    /// Activations started under a lower epoch don't count.
    #[must_use]
    pub fn required_epoch(&self) -> Epoch {
        self.in_force.required_epoch
    }

    /// The highest epoch that was ever required: the next reset takes the one after it.
    #[must_use]
    pub fn highest_epoch(&self) -> Epoch {
        self.highest_epoch
    }

    /// The revision up to which activations have ended for whom the policy doesn't cover.
    #[must_use]
    pub fn turned_off_at(&self) -> Option<u64> {
        self.in_force.turned_off_at
    }

    /// The change of policy that can be taken back.
    #[must_use]
    pub fn last_change(&self) -> Option<&LastChange> {
        self.last_change.as_ref()
    }

    /// The revision of the last event.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }
}
