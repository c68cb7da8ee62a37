//! A company: its policy, and the roster of its Master Admins.

mod branding;
mod change;
mod command;
mod decide;
mod error;
mod event;
mod in_force;
mod notice;
mod policy;
mod registered;
mod state;
#[cfg(test)]
mod tests;
mod texting;
mod unmasking;

pub use branding::Branding;
pub use command::{
    AddMasterAdmin, BreakGlass, ChangeBranding, ChangePolicy, ChangeSmsCountries, CompanyCommand, Register,
    RemoveMasterAdmin, StopTexts, TransferAccount, Unmask,
};
pub use decide::Company;
pub use error::CompanyError;
pub use event::{
    AccountHolderTransferred, BrandingChanged, CompanyEvent, CompanyRegistered, GlassBroken,
    MasterAdminAdded, MasterAdminRemoved, PersonalDataUnmasked, PolicyChanged, Removal, SmsCountriesChanged,
    TextsStopped,
};
pub use in_force::{InForce, LastChange};
pub use policy::{Epoch, Policy, TechnicianScope, Transition};
pub use registered::Registered;
pub use state::CompanyState;
pub use texting::{Demand, Texting};
pub use unmasking::{HistoryPlace, UnmaskedBy, UnmaskedScope};
