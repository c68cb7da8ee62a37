//! The names that people see, and where texts may go.

use twostep_api::{Branding, SmsCountries};

use super::policy::{draw, only_master_admins};
use crate::{
    fields::Fields,
    notice::Notice,
    render::{Answer, redirect},
    visitor::SignedIn,
};

/// Saves the product's, account's and sender's names.
pub(crate) async fn branding(signed_in: SignedIn, fields: Fields) -> Answer {
    if !signed_in.is_master() {
        return Err(only_master_admins());
    }
    let branding = Branding {
        product_name: fields.owned("product_name"),
        account_name: fields.owned("account_name"),
        sender_name: fields.owned("sender_name"),
    };
    match signed_in.client().put_branding(signed_in.company(), &branding).await {
        Ok(_) => Ok(redirect("/settings/two-step?done=branding")),
        Err(error) => draw(&signed_in, Some(Notice::refused(error)?), None).await,
    }
}

/// Saves where texts may go (S14).
pub(crate) async fn sms_countries(signed_in: SignedIn, fields: Fields) -> Answer {
    if !signed_in.is_master() {
        return Err(only_master_admins());
    }
    let countries = fields.text("countries").split(|sign: char| sign == ',' || sign.is_whitespace());
    let countries = countries.filter(|code| !code.is_empty()).map(str::to_uppercase).collect();
    let countries = SmsCountries { countries, reason: fields.owned("reason") };
    match signed_in.client().put_sms_countries(signed_in.company(), &countries).await {
        Ok(_) => Ok(redirect("/settings/two-step?done=countries")),
        Err(error) => draw(&signed_in, Some(Notice::refused(error)?), None).await,
    }
}
