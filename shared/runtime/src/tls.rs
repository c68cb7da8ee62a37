//! The one TLS implementation of the process.

/// Makes AWS-LC the TLS implementation of this process; the first line of every `main`.
///
/// Without it, a process that links two implementations panics when it builds its first client. Calling it again
/// changes nothing.
pub fn install() {
    // An error says that a provider is installed already, which is what we want.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_client_can_be_built_after_installing_twice() {
        super::install();
        super::install();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
        let _ = rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty());
    }
}
