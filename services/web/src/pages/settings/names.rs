//! The names that people see, and where texts may go.

use twostep_api::{Branding, Company, SmsCountries};
use twostep_client::Error;

use super::policy::{draw, names_said, only_master_admins};
use crate::{
    fields::Fields,
    meanwhile::differences,
    notice::Notice,
    render::{Answer, redirect},
    visitor::SignedIn,
};

/// Saves the product's, account's and sender's names, on the revision that the page was drawn from.
pub(crate) async fn branding(signed_in: SignedIn, fields: Fields) -> Answer {
    if !signed_in.is_master() {
        return Err(only_master_admins());
    }
    let branding = Branding {
        product_name: fields.owned("product_name"),
        account_name: fields.owned("account_name"),
        sender_name: fields.owned("sender_name"),
    };
    match signed_in.client().put_branding(signed_in.company(), fields.text("etag"), &branding).await {
        Ok(_) => Ok(redirect("/settings/two-step?done=branding")),
        Err(error) => {
            refused(&signed_in, error, |company| {
                differences(&fields, names_said(&company.branding), names_said(&branding))
            })
            .await
        }
    }
}

/// Saves where texts may go (S14), on the revision that the page was drawn from.
pub(crate) async fn sms_countries(signed_in: SignedIn, fields: Fields) -> Answer {
    if !signed_in.is_master() {
        return Err(only_master_admins());
    }
    let countries = fields.text("countries").split(|sign: char| sign == ',' || sign.is_whitespace());
    let countries = countries.filter(|code| !code.is_empty()).map(str::to_uppercase).collect();
    let countries = SmsCountries { countries, reason: fields.owned("reason") };
    match signed_in.client().put_sms_countries(signed_in.company(), fields.text("etag"), &countries).await {
        Ok(_) => Ok(redirect("/settings/two-step?done=countries")),
        Err(error) => {
            refused(&signed_in, error, |company| {
                let said = |countries: &[String]| [("Countries", countries.join(", "))];
                differences(&Fields::default(), said(&company.sms_countries), said(&countries.countries))
            })
            .await
        }
    }
}

/// The page again, with what is different now where somebody else was faster.
async fn refused(
    signed_in: &SignedIn,
    error: Error,
    differences: impl FnOnce(Company) -> Vec<String>,
) -> Answer {
    let notice = Notice::refused(error)?;
    let company = signed_in.client().company(signed_in.company()).await?.value;
    draw(signed_in, Some(notice.meanwhile(|| differences(company))), None).await
}
