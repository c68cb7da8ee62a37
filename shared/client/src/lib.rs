//! The typed client of our own HTTP API: web, console and tests speak through it, like any other front end.
//!
//! One method a route, grouped by resource. Every refusal of the API is [`Error::Problem`]; what keeps us from
//! an answer is [`Error::Unreachable`]; an answer that the API's description doesn't allow is
//! [`Error::Unexpected`]. What the operator's programs ask through the service's socket is in [`operator`].
//!
//! ```no_run
//! # async fn sign_in() -> Result<(), twostep_client::Error> {
//! use twostep_api::{Next, StartSignIn};
//! use twostep_client::Client;
//!
//! let client = Client::new(url::Url::parse("http://127.0.0.1:8080/").expect("a URL"))?;
//! let start = StartSignIn { company: None, login: "kim".into(), password: "…".into(), client: None };
//! let sign_in = client.start_sign_in(&start).await?;
//! if sign_in.next == Next::SignedIn {
//!     let me = client.with_token(&sign_in.token.unwrap_or_default()).me().await?;
//!     println!("{}", me.name);
//! }
//! # Ok(())
//! # }
//! ```

mod audit;
mod client;
mod companies;
mod delivery_events;
mod error;
mod groups;
mod links;
mod me;
mod members;
pub mod operator;
mod request;
mod sessions;
mod set_up;
mod sign_ins;
mod versioned;

pub use audit::{AuditMoment, AuditPage};
pub use client::Client;
pub use error::Error;
pub use members::MembersPage;
pub use versioned::Versioned;
