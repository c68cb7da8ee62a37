//! A nats-server with the configuration of `deploy/nats`: its users' keys and its certificate are drawn here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nkeys::KeyPair as Nkey;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use twostep_clock::SystemClock;
use twostep_delivery_nats::{Declaration, NatsConnection, NatsQueue, Role, Sizes, connect, provision};
use twostep_domain::delivery::Channel;

use crate::server::Server;

pub(crate) const EMAIL: Role = Role::Worker(Channel::Email);
pub(crate) const SMS: Role = Role::Worker(Channel::Sms);

pub(crate) struct Secured {
    pub(crate) server: Server,
    secrets: TempDir,
}

fn variable(role: Role) -> &'static str {
    match role {
        Role::Provision => "TWOSTEP_NKEY_PROVISION",
        Role::Service => "TWOSTEP_NKEY_COMMAND_SERVICE",
        Role::Worker(Channel::Email) => "TWOSTEP_NKEY_EMAIL_WORKER",
        Role::Worker(Channel::Sms) => "TWOSTEP_NKEY_SMS_WORKER",
    }
}

/// The PEM file of a new authority, and a certificate and key of it for `localhost`.
fn certificates(folder: &Path) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    std::fs::write(folder.join("ca.pem"), issuer.pem()).unwrap();
    std::fs::write(folder.join("cert.pem"), certificate.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
}

impl Secured {
    /// Provisioned by who may.
    pub(crate) async fn start(sizes: &Sizes) -> Self {
        let secrets = tempfile::tempdir().unwrap();
        certificates(secrets.path());
        let file = |name| secrets.path().join(name).into_os_string();
        let mut environment =
            vec![("TWOSTEP_NATS_CERT", file("cert.pem")), ("TWOSTEP_NATS_KEY", file("key.pem"))];
        for role in [Role::Provision, Role::Service, EMAIL, SMS] {
            let key = Nkey::new_user();
            std::fs::write(file(variable(role)), key.seed().unwrap() + "\n").unwrap();
            environment.push((variable(role), key.public_key().into()));
        }
        let configuration = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/nats/nats-server.conf");
        let server = Server::start_with(configuration, environment);
        let secured = Self { server, secrets };
        let connected = connect(&secured.connection(Role::Provision)).await.unwrap();
        let made = provision(&connected, &Declaration::of(sizes)).await.unwrap();
        assert!(made.iter().all(|made| made.made), "{made:?}");
        // Again, as at every upgrade.
        let kept = provision(&connected, &Declaration::of(sizes)).await.unwrap();
        assert!(kept.iter().all(|kept| !kept.made && kept.changed.is_empty()), "{kept:?}");
        secured
    }

    pub(crate) fn secret(&self, name: &str) -> PathBuf {
        self.secrets.path().join(name)
    }

    pub(crate) fn nkey(&self, role: Role) -> PathBuf {
        self.secret(variable(role))
    }

    pub(crate) fn connection(&self, role: Role) -> NatsConnection {
        NatsConnection {
            url: format!("tls://localhost:{}", self.server.port()),
            name: "test".to_owned(),
            role,
            nkey: Some(self.nkey(role)),
            ca: Some(self.secret("ca.pem")),
            ..NatsConnection::default()
        }
    }

    pub(crate) async fn queue(&self, role: Role, sizes: Sizes) -> NatsQueue {
        queue(&self.connection(role), sizes).await
    }
}

pub(crate) async fn queue(to: &NatsConnection, sizes: Sizes) -> NatsQueue {
    NatsQueue::new(connect(to).await.unwrap(), Arc::new(SystemClock), sizes)
}
