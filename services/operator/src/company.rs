//! `twostep company …`.

use std::io::Write as _;
use std::path::Path;

use clap::{Args, Subcommand};
use twostep_api::{CreateCompany, CreatedCompany};
use twostep_client::operator as service;

use crate::Output;

/// Companies.
#[derive(Subcommand)]
pub(crate) enum Company {
    /// Creates a company and prints the link that sets its Master Account Holder's first password (one use, 7 days).
    Create(Create),
}

/// A company to create.
#[derive(Args)]
pub(crate) struct Create {
    /// Its short name: a-z, 0-9 and -; people type it where a server has several companies.
    #[arg(long)]
    slug: String,
    /// Its name.
    #[arg(long)]
    name: String,
    /// Its country (ISO 3166-1, like DE): texts may go there.
    #[arg(long)]
    country: String,
    /// Its language: en, de, fr, es, hu. Mails and texts are in it for whoever was given no other; all pages are in English so far.
    #[arg(long, default_value = "en")]
    locale: String,
    /// Its time zone, by its name in the IANA database, like Europe/Budapest.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// The product's name that its people see.
    #[arg(long)]
    product_name: Option<String>,
    /// The account's name in authenticator apps; no colon.
    #[arg(long)]
    account_name: Option<String>,
    /// The Master Account Holder's name.
    #[arg(long)]
    holder_name: String,
    /// The Master Account Holder's work address.
    #[arg(long)]
    holder_email: String,
    /// The Master Account Holder's login; the work address if left out.
    #[arg(long)]
    holder_login: Option<String>,
}

/// Carries a command out.
pub(crate) async fn run(data: &Path, output: Output, command: Company) -> anyhow::Result<()> {
    let Company::Create(create) = command;
    let created: CreatedCompany = service::post(data, "companies", &request(create)).await?;
    let text = match output {
        Output::Json => serde_json::to_string(&created)?,
        Output::Text => format!(
            "The company exists. Give this link to its Master Account Holder; it sets the first password, works once, until {}:\n\n  {}\n",
            created.invitation_expires_at.format("%Y-%m-%d %H:%M UTC"),
            created.invitation_url.as_deref().unwrap_or("(none)")
        ),
    };
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

fn request(create: Create) -> CreateCompany {
    CreateCompany {
        slug: create.slug,
        name: create.name,
        country: create.country,
        locale: create.locale,
        time_zone: create.time_zone,
        product_name: create.product_name,
        account_name: create.account_name,
        holder_name: create.holder_name,
        holder_email: create.holder_email,
        holder_login: create.holder_login,
    }
}
