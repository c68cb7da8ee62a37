//! The pages for people: rendered here, without scripts, and fed by the HTTP API alone through [`twostep_client`].
//!
//! Cookies and the protection against forged requests are this crate's; every decision is the API's. A `GET`
//! never changes anything. [`router`] is the whole site.

mod address;
mod app;
mod assets;
mod back;
mod config;
mod cookies;
mod csrf;
mod delivery;
mod failure;
mod failure_page;
mod fields;
mod frame;
mod headers;
mod meanwhile;
mod new_password;
mod notice;
mod once;
mod origin;
mod pages;
mod qr;
mod render;
mod site;
mod visitor;
mod when;
mod words;

pub use config::Config;
pub use site::router;
