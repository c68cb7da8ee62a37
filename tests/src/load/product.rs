//! A product that somebody else started.

use std::path::PathBuf;

use anyhow::bail;
use twostep_client::Client;

use crate::harness::{Product, Standalone};

/// Where a product is; its clock can be moved.
#[derive(Clone)]
pub struct Target {
    /// The API's address, without a slash at the end.
    pub api: String,
    /// The admin port's.
    pub admin: String,
    /// The data directory, with the operator's socket.
    pub data: PathBuf,
    /// Plain HTTP to the admin port.
    pub http: reqwest::Client,
}

impl Target {
    /// A product that runs here.
    #[must_use]
    pub fn of(product: &Standalone) -> Self {
        let (api, admin, data) = (product.api_url(), product.admin_url(), product.data());
        Self { api, admin, data, http: product.http().clone() }
    }
}

impl Product for Target {
    fn url(&self) -> String {
        self.api.clone()
    }

    fn api_url(&self) -> String {
        self.api.clone()
    }

    fn api(&self) -> anyhow::Result<Client> {
        Ok(Client::new(format!("{}/", self.api).parse()?)?)
    }

    fn data(&self) -> PathBuf {
        self.data.clone()
    }

    fn admin_urls(&self) -> Vec<String> {
        vec![self.admin.clone()]
    }

    fn http(&self) -> &reqwest::Client {
        &self.http
    }

    fn kill_and_restart(&mut self) -> anyhow::Result<()> {
        bail!("this product is somebody else's")
    }
}
