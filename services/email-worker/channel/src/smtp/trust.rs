//! Whom we believe to be the relay: its name, and who vouches for it.

use std::error::Error as _;
use std::io;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, TlsParameters, TlsParametersBuilder, TlsVersion,
};
use rustls::CertificateError;

use crate::{InvalidConfig, Relay, SmtpSecurity};

/// How the relay `name` has to prove itself; `None` where its connection is plain.
pub(super) fn demanded(name: &str, relay: &Relay) -> Result<Option<TlsParameters>, InvalidConfig> {
    if relay.security == SmtpSecurity::PlainLoopbackDemo {
        return match relay.ca_path {
            Some(_) => Err(InvalidConfig::CaOfPlain { relay: name.to_owned() }),
            None => Ok(None),
        };
    }
    let builder = TlsParameters::builder(relay.host.clone()).set_min_tls_version(TlsVersion::Tlsv12);
    let builder = own_authorities(name, relay, builder)?;
    let built = builder.build();
    built.map(Some).map_err(|source| InvalidConfig::Tls { relay: name.to_owned(), source })
}

/// Whoever names an authority wants that one and no other: the system's are left out.
fn own_authorities(
    name: &str,
    relay: &Relay,
    builder: TlsParametersBuilder,
) -> Result<TlsParametersBuilder, InvalidConfig> {
    let Some(path) = &relay.ca_path else { return Ok(builder) };
    let unreadable = |source| InvalidConfig::Ca { relay: name.to_owned(), path: path.clone(), source };
    let pem = std::fs::read(path).map_err(unreadable)?;
    let none =
        || unreadable(io::Error::new(io::ErrorKind::InvalidData, "it holds no certificate in PEM form"));
    if !pem.windows(PEM.len()).any(|window| window == PEM) {
        return Err(none());
    }
    let authorities = Certificate::from_pem(&pem).map_err(|_| none())?;
    Ok(builder.certificate_store(CertificateStore::None).add_root_certificate(authorities))
}

/// What a certificate in PEM form begins with.
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Why the relay was not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Distrust {
    #[error(
        "the relay's certificate comes from an unknown authority: if it is your own, name it in `ca_path`"
    )]
    Issuer,
    #[error("the relay's certificate is for another name: `host` must be the name that it holds")]
    Name,
    #[error("the relay's certificate is out of its time: renew it, or set this machine's clock")]
    Time,
    #[error("the relay's certificate is not accepted")]
    Certificate,
    #[error("the relay speaks no TLS that we accept: check port and `security`, TLS 1.2 is the oldest")]
    Tls,
}

/// Reads from lettre's error whether the handshake failed for a reason that trying again doesn't mend.
pub(super) fn distrust(error: &Error) -> Option<Distrust> {
    let mut cause = error.source()?;
    while !cause.is::<io::Error>() {
        cause = cause.source()?;
    }
    let io = cause.downcast_ref::<io::Error>()?;
    let tls = io.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match tls {
        rustls::Error::InvalidCertificate(reason) => match reason {
            // A bad signature: an authority of the same name that isn't the same.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Distrust::Issuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Distrust::Name
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Distrust::Time,
            _ => Distrust::Certificate,
        },
        _ => Distrust::Tls,
    })
}
