//! Encrypted connections: what `sslmode` and its companions in an address mean, as `libpq` has them (PostgreSQL 17, section 32.19).

use std::{path::Path, sync::Arc};

use percent_encoding::percent_decode_str;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::OpenError;

/// How a connection is made.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) mode: SslMode,
    pub(super) connect: MakeRustlsConnect,
}

/// What an address says of encryption.
#[derive(Default)]
struct Said {
    mode: Option<String>,
    roots: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

/// What is asked of the database's certificate.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trust {
    /// Nothing: who listens only cannot read what is sent, but the database may be another one.
    Any,
    /// That one of the roots vouches for it.
    Chain,
    /// That it is also the host's.
    Host,
}

impl Tls {
    /// Takes out of an address what it says of encryption: the rest of the address, and how connections are made.
    ///
    /// # Errors
    /// When a mode is not known, a file is missing or is no certificate, or two of them contradict each other.
    pub(super) fn taken(address: &str) -> Result<(String, Self), OpenError> {
        let (rest, said) = split(address)?;
        let refused = |why: String| OpenError::Address(why);
        let (mode, mut trust) = match said.mode.as_deref() {
            None | Some("prefer" | "allow") => (SslMode::Prefer, Trust::Any),
            Some("disable") => (SslMode::Disable, Trust::Any),
            Some("require") => (SslMode::Require, Trust::Any),
            Some("verify-ca") => (SslMode::Require, Trust::Chain),
            Some("verify-full") => (SslMode::Require, Trust::Host),
            Some(other) => {
                return Err(refused(format!("sslmode={other}: it is disable, allow, prefer, require, verify-ca or verify-full")));
            }
        };
        match said.roots.as_deref() {
            // What was named is not ignored.
            Some(_) if mode != SslMode::Require => {
                return Err(refused("sslrootcert: it goes with sslmode=verify-full, verify-ca or require".into()));
            }
            Some("system") => trust = Trust::Host,
            Some(_) if trust == Trust::Any => trust = Trust::Chain,
            _ => {}
        }
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if trust == Trust::Any {
            Arc::new(Lenient { verifier: None, provider: Arc::clone(&provider) })
        } else {
            let roots = roots(said.roots.as_deref().filter(|file| *file != "system"))?;
            let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
            let verifier = verifier.map_err(|error| refused(format!("sslrootcert: {error}")))?;
            if trust == Trust::Host { verifier } else { Arc::new(Lenient { verifier: Some(verifier), provider: Arc::clone(&provider) }) }
        };
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| refused(error.to_string()))?.dangerous().with_custom_certificate_verifier(verifier);
        let config = match (said.certificate, said.key) {
            (None, None) => config.with_no_client_auth(),
            (Some(certificate), Some(key)) => {
                let chain = certificates("sslcert", &certificate)?;
                let secret = PrivateKeyDer::from_pem_file(&key).map_err(|error| refused(format!("sslkey: {key}: {error}")))?;
                config.with_client_auth_cert(chain, secret).map_err(|error| refused(format!("sslcert: {certificate}: {error}")))?
            }
            _ => return Err(refused("sslcert and sslkey go together: a certificate is nothing without its key".into())),
        };
        Ok((rest, Self { mode, connect: MakeRustlsConnect::new(config) }))
    }
}

/// An address without what it says of encryption, and that.
fn split(address: &str) -> Result<(String, Said), OpenError> {
    let mut said = Said::default();
    let Some((head, query)) = address.split_once('?') else { return Ok((address.to_owned(), said)) };
    let mut rest = Vec::new();
    for part in query.split('&') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let place = match name {
            "sslmode" => &mut said.mode,
            "sslrootcert" => &mut said.roots,
            "sslcert" => &mut said.certificate,
            "sslkey" => &mut said.key,
            _ => {
                rest.push(part);
                continue;
            }
        };
        let value = percent_decode_str(value).decode_utf8().map_err(|_| OpenError::Address(format!("{name}: not UTF-8")))?;
        *place = Some(value.into_owned());
    }
    Ok((if rest.is_empty() { head.to_owned() } else { format!("{head}?{}", rest.join("&")) }, said))
}

/// The roots that are trusted: those of a file, or of the system.
fn roots(file: Option<&str>) -> Result<RootCertStore, OpenError> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(file) => {
            for root in certificates("sslrootcert", file)? {
                roots.add(root).map_err(|error| OpenError::Address(format!("sslrootcert: {file}: {error}")))?;
            }
        }
        None => {
            // Some of a system's roots are of forms that are read by nobody; what counts is that there are others.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err(OpenError::Address(
                    "sslrootcert: this system has no trusted roots (Debian: apt-get install ca-certificates): name a file of your own"
                        .into(),
                ));
            }
        }
    }
    Ok(roots)
}

/// The certificates of a file in PEM, of which there must be one.
fn certificates(parameter: &str, file: &str) -> Result<Vec<CertificateDer<'static>>, OpenError> {
    let refused = |why: String| OpenError::Address(format!("{parameter}: {file}: {why}"));
    let read = CertificateDer::pem_file_iter(Path::new(file)).map_err(|error| refused(error.to_string()))?;
    let read = read.collect::<Result<Vec<_>, _>>().map_err(|error| refused(error.to_string()))?;
    if read.is_empty() { Err(refused("there is no certificate in it".into())) } else { Ok(read) }
}

/// Asks less of a certificate than a browser does: nothing, or only that its roots vouch for it.
#[derive(Debug)]
struct Lenient {
    verifier: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(verifier) = &self.verifier else { return Ok(ServerCertVerified::assertion()) };
        match verifier.verify_server_cert(end_entity, intermediates, name, ocsp, now) {
            // The name is looked at last, once the chain is known to hold.
            Err(Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. })) => {
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // Where anybody's certificate does, so does anybody's signature.
        let Some(verifier) = &self.verifier else { return Ok(HandshakeSignatureValid::assertion()) };
        verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let Some(verifier) = &self.verifier else { return Ok(HandshakeSignatureValid::assertion()) };
        verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_encryption_is_taken_out_of_the_address() {
        let taken = |address: &str| Tls::taken(address).map(|(rest, tls)| (rest, tls.mode)).map_err(|error| error.to_string());
        let plain = "postgresql://me@db/maps";
        assert_eq!(taken(plain), Ok((plain.into(), SslMode::Prefer)));
        assert_eq!(taken(&format!("{plain}?sslmode=disable")), Ok((plain.into(), SslMode::Disable)));
        let rest = format!("{plain}?connect_timeout=3&application_name=x");
        let all = format!("{plain}?connect_timeout=3&sslmode=require&application_name=x");
        assert_eq!(taken(&all), Ok((rest, SslMode::Require)));
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        let refused = |rest: &str| Tls::taken(&format!("postgresql://me:s3cret@db/maps?{rest}")).err().map(|error| error.to_string());
        for (rest, said) in [
            ("sslmode=always", "sslmode=always: it is disable"),
            ("sslrootcert=system", "goes with sslmode=verify-full"),
            ("sslmode=disable&sslrootcert=/a.pem", "goes with sslmode=verify-full"),
            ("sslmode=verify-full&sslrootcert=%2Fnot%2Fthere.pem", "sslrootcert: /not/there.pem"),
            ("sslmode=require&sslrootcert=/dev/null", "sslrootcert: /dev/null: there is no certificate in it"),
            ("sslcert=/a.pem", "sslcert and sslkey go together"),
            ("sslmode=%FF", "sslmode: not UTF-8"),
        ] {
            let error = refused(rest).unwrap_or_default();
            assert!(error.contains(said) && !error.contains("s3cret"), "{rest}: {error}");
        }
    }
}
