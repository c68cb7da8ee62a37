//! The circumstances of a request: its correlation, its idempotency key, its address.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use twostep_api::ProblemType;
use twostep_commands::Stamp;
use twostep_delivery::Trace;
use twostep_domain::{CompanyId, MemberId};
use twostep_event_store::{Actor, IdempotencyKey, Metadata, Revision};
use twostep_runtime::proxy::client_address;
use twostep_vault::{Vault, random};
use uuid::Uuid;

use crate::app::App;
use crate::refusal::Refused;

/// The circumstances of a request.
pub(crate) struct Ask {
    correlation: Uuid,
    idempotency: Option<String>,
    if_match: Option<String>,
    route: String,
    /// Who the caller is; whoever asks is looked up before this.
    stamp: Option<Stamp>,
    /// Where it came from, as far as proxies are believed.
    pub(crate) address: Option<IpAddr>,
}

impl FromRequestParts<App> for Ask {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let header =
            |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        // Two lines are the same as a list (RFC 9110 §5.3), and a list is more than one tag.
        let if_match: Vec<_> = parts.headers.get_all("if-match").iter().collect();
        let if_match =
            if_match.iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect::<Vec<_>>();
        let idempotency = header("idempotency-key");
        if idempotency.as_ref().is_some_and(|key| key.is_empty() || key.len() > 128) {
            return Err(Refused::new(ProblemType::Malformed, "an Idempotency-Key has 1 to 128 characters"));
        }
        Ok(Self {
            correlation: Trace::current().map_or_else(random::new_id, Trace::id),
            idempotency,
            if_match: (!if_match.is_empty()).then(|| if_match.join(", ")),
            stamp: parts.extensions.get().cloned(),
            route: format!("{} {}", parts.method, parts.uri.path()),
            address: address(parts, app),
        })
    }
}

/// Where a request came from, as far as proxies are believed.
pub(super) fn address(parts: &Parts, app: &App) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(client_address(peer.ip(), &parts.headers, &app.settings.trusted_proxies))
}

impl Ask {
    /// Metadata of what somebody without a session causes.
    pub(crate) fn visitor(&self) -> Metadata {
        self.by(Actor::Visitor)
    }

    /// Metadata of what the caller causes.
    pub(crate) fn caller(&self) -> Metadata {
        let metadata = self.visitor();
        self.stamp.clone().map_or(metadata.clone(), |stamp| stamp.on(metadata))
    }

    /// Metadata of what `actor` causes.
    pub(crate) fn by(&self, actor: Actor) -> Metadata {
        Metadata { actor, origin: None, correlation: self.correlation, causation: None, idempotency: None }
    }

    /// The same for a command that is carried out once per `Idempotency-Key` (S35).
    pub(crate) fn once(&self, vault: &Vault, company: CompanyId, member: MemberId, body: &[u8]) -> Metadata {
        let key = self.idempotency.as_ref().map(|key| IdempotencyKey {
            key: vault.idempotency_key(Some(company), &member.to_string(), &self.route, key),
            body: vault.body_hash(body),
        });
        Metadata { idempotency: key, ..self.caller() }
    }

    /// The revision that the caller saw: `If-Match: "<revision>"`, one strong entity-tag (RFC 9110 §13.1.1). `*` is
    /// none of ours to grant: it would overwrite what nobody looked at.
    pub(crate) fn expected_revision(&self) -> Result<Revision, Refused> {
        let Some(text) = &self.if_match else {
            let detail =
                "GET it and send its ETag as If-Match, so that nobody's change is overwritten unseen";
            return Err(Refused::new(ProblemType::RevisionRequired, detail));
        };
        let stale = |detail: &str| Refused::new(ProblemType::StaleRevision, detail);
        if text == "*" {
            return Err(stale(
                "If-Match: * would overwrite what you haven't seen: send the ETag that GET gave",
            ));
        }
        let tag = text.strip_prefix("W/").unwrap_or(text);
        let inside = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let Some(inside) = inside.filter(|inside| !inside.contains('"')) else {
            let detail = "If-Match takes one ETag as GET gave it, with its quotes";
            return Err(Refused::new(ProblemType::Malformed, detail));
        };
        // A weak tag never matches, and a number only as it is given out.
        let number = inside.parse().ok().filter(|number: &u64| tag == text && number.to_string() == inside);
        let unknown = || stale("If-Match is no ETag that this service gave out: GET it again");
        number.map(Revision).ok_or_else(unknown)
    }
}
