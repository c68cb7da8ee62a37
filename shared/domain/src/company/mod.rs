//! A company: its policy, and the roster of its Master Admins.

mod branding;
mod event;
mod policy;

pub use branding::Branding;
pub use event::{
    AccountHolderTransferred, BrandingChanged, CompanyEvent, CompanyRegistered, MasterAdminAdded,
    MasterAdminRemoved, PolicyChanged, Removal, SmsCountriesChanged,
};
pub use policy::{Epoch, Policy, TechnicianScope, Transition};
