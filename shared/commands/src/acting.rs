//! Who acts and from where: what the envelope of everything says that a person causes.

use std::net::IpAddr;

use twostep_domain::{Client, CompanyId, MemberId, Roles};
use twostep_event_store::{Actor, Metadata, Origin};
use twostep_vault::Field;

use crate::{Access, Commands, Fault};

/// A person who acts: in a session, in a pending sign-in, or by a password or a link that was theirs.
pub struct Acting<'a> {
    /// Their company.
    pub company: CompanyId,
    /// Who.
    pub member: MemberId,
    /// Their roles; none where they weren't looked up.
    pub roles: Roles,
    /// What they signed in with; none before that.
    pub client: Option<&'a Client>,
    /// From where, as far as it is known.
    pub address: Option<IpAddr>,
}

/// The same as the envelope has it: the address sealed for the person.
#[derive(Clone, Debug)]
pub struct Stamp {
    actor: Actor,
    origin: Option<Origin>,
}

impl<'a> Acting<'a> {
    /// Whoever has this access.
    #[must_use]
    pub fn of(access: &'a Access, address: Option<IpAddr>) -> Self {
        let (company, member) = access.person();
        let (roles, client) = match access {
            Access::Session(caller) => (&caller.principal.roles, &caller.session.client),
            Access::SignIn(caller) => (&caller.roles, &caller.sign_in.client),
        };
        Self { company, member, roles: roles.clone(), client: Some(client), address }
    }
}

impl Stamp {
    /// Puts it on what the person causes.
    #[must_use]
    pub fn on(self, metadata: Metadata) -> Metadata {
        Metadata { actor: self.actor, origin: self.origin, ..metadata }
    }
}

impl Commands {
    /// What the envelope says of whoever acts.
    ///
    /// # Errors
    /// The key store's, or the person was erased.
    pub fn stamp(&self, acting: Acting<'_>) -> Result<Stamp, Fault> {
        let Acting { company, member, roles, client, address } = acting;
        let seal = |address: IpAddr| self.seal(company, member, Field::Address, &address.to_string());
        let address = address.map(seal).transpose()?;
        let known = client.is_some() || address.is_some();
        let origin = known.then(|| Origin {
            client: client.map(|client| client.kind),
            version: client.and_then(|client| client.version.clone()),
            address,
        });
        Ok(Stamp { actor: Actor::Member { id: member, roles }, origin })
    }
}
