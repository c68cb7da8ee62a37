//! The pages as a browser without scripts has them: cookies are kept, and forms are sent with what they hide.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder, redirect};

use crate::harness::Product;

/// How often a page may lead on to another one.
const REDIRECTS: usize = 5;

/// Somebody's browser.
pub struct Browser {
    http: Client,
    site: String,
    cookies: BTreeMap<String, String>,
    forwarded_for: Option<String>,
}

/// A page as it is shown.
#[derive(Debug)]
pub struct Page {
    /// Its HTTP status.
    pub status: u16,
    /// Its address, from the first slash on.
    pub at: String,
    /// Its HTML.
    pub html: String,
}

impl Browser {
    /// A new one that looks at `product`.
    ///
    /// # Errors
    /// None expected.
    pub fn new(product: &impl Product) -> anyhow::Result<Self> {
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none()).build()?;
        Ok(Self { http, site: product.url(), cookies: BTreeMap::new(), forwarded_for: None })
    }

    /// The same, whose requests say that they were forwarded for `addresses`.
    #[must_use]
    pub fn forwarded_for(self, addresses: &str) -> Self {
        Self { forwarded_for: Some(addresses.to_owned()), ..self }
    }

    /// Opens a page, and whatever it leads on to.
    ///
    /// # Errors
    /// No page comes.
    pub async fn open(&mut self, path: &str) -> anyhow::Result<Page> {
        let request = self.http.get(format!("{}{path}", self.site));
        self.follow(request, path).await
    }

    /// Fills in the form of `page` that is sent to `action`, and sends it.
    ///
    /// # Errors
    /// The page has no such form, or no page comes.
    pub async fn send(&mut self, page: &Page, action: &str, typed: &[(&str, &str)]) -> anyhow::Result<Page> {
        let form = page.form(action)?;
        let mut fields: BTreeMap<String, String> = hidden(form).collect();
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let request = self.http.post(format!("{}{action}", self.site)).header(ORIGIN, self.site.clone());
        self.follow(request.form(&fields), action).await
    }

    /// *Sign in* with a password, on the page for it.
    ///
    /// # Errors
    /// No page comes.
    pub async fn sign_in(&mut self, company: &str, login: &str, password: &str) -> anyhow::Result<Page> {
        let form = self.open("/sign-in").await?;
        let typed = [("company", company), ("login", login), ("password", password)];
        self.send(&form, "/sign-in", &typed).await
    }

    async fn follow(&mut self, request: RequestBuilder, path: &str) -> anyhow::Result<Page> {
        let (mut request, mut at) = (request, path.to_owned());
        for _ in 0..REDIRECTS {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
            if let Some(addresses) = &self.forwarded_for {
                request = request.header("x-forwarded-for", addresses);
            }
            let answer = request.send().await?;
            for line in answer.headers().get_all(SET_COOKIE) {
                let pair = line.to_str()?.split(';').next().and_then(|pair| pair.split_once('='));
                let (name, value) = pair.context("a cookie without a name")?;
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let Some(to) = answer.headers().get(LOCATION) else {
                let status = answer.status().as_u16();
                return Ok(Page { status, at, html: answer.text().await? });
            };
            at = to.to_str()?.to_owned();
            request = self.http.get(format!("{}{at}", self.site));
        }
        bail!("{path} leads on and on, to {at}")
    }
}

impl Page {
    /// Whether these words stand on it.
    #[must_use]
    pub fn says(&self, words: &str) -> bool {
        self.html.contains(words)
    }

    /// The form that is sent to `action`; one that names none goes where the page is.
    fn form(&self, action: &str) -> anyhow::Result<&str> {
        let named = format!("action=\"{action}\"");
        let mut forms = self.html.split("<form ").skip(1);
        let goes = |tag: &str| tag.contains(&named) || action == self.at && !tag.contains("action=");
        let form = forms.find(|form| form.split('>').next().is_some_and(goes));
        let form = form.with_context(|| format!("{} has no form {action}: {}", self.at, self.html))?;
        Ok(form.split("</form>").next().unwrap_or(form))
    }
}

/// The names and values that a form hides.
fn hidden(form: &str) -> impl Iterator<Item = (String, String)> {
    let inputs = form.split("<input ").skip(1).filter_map(|input| input.split('>').next());
    let hidden = inputs.filter(|input| input.contains("type=\"hidden\""));
    hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#38;", "&"))
}
