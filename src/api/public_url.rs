//! The address under which clients see the service: every link is built on it.

use std::{borrow::Cow, net::IpAddr};

use axum::http::{HeaderMap, StatusCode, header};

use super::problem::Problem;
use crate::config::Settings;

/// The base of every link, without a trailing slash: the configured public URL, else what a trusted proxy says, else the Host that
/// the client named.
///
/// # Errors
/// 400 where Host (or a trusted proxy's header) is not a host name with an optional port.
pub(super) fn base_url(settings: &Settings, peer: Option<IpAddr>, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(url) = &settings.public_url {
        return Ok(url.clone());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str());
    let trusted = peer.is_some_and(|peer| settings.trusted_proxies.iter().any(|net| net.contains(&peer.to_canonical())));
    let forwarded = if trusted { Forwarded::read(headers) } else { Forwarded::default() };
    let host = match forwarded.host.as_deref().or(host) {
        Some(host) if is_authority(host) => Cow::Borrowed(host),
        Some(host) => {
            return Err(Problem::new(StatusCode::BAD_REQUEST, format!("Host: {host:?} is not a host name with an optional port")));
        }
        None => settings.listen.to_string().into(),
    };
    let scheme = forwarded.scheme.as_deref().filter(|scheme| matches!(*scheme, "http" | "https")).unwrap_or("http");
    let prefix = forwarded.prefix.filter(|prefix| is_path(prefix)).unwrap_or_default();
    Ok([scheme, "://", &host, prefix.trim_end_matches('/')].concat())
}

/// What a proxy says of the request that it passed on.
#[derive(Debug, Default)]
struct Forwarded {
    scheme: Option<String>,
    host: Option<String>,
    prefix: Option<String>,
}

impl Forwarded {
    /// `Forwarded` (RFC 7239), else the older `X-Forwarded-*`; of a list, the first entry, which is the one nearest to the client.
    fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.split(',').next()?.trim().to_owned());
        let mut read = Self { prefix: text("x-forwarded-prefix"), ..Self::default() };
        match text("forwarded") {
            Some(first) => {
                for (name, value) in first.split(';').filter_map(|pair| pair.split_once('=')) {
                    let value = value.trim().trim_matches('"').to_owned();
                    match name.trim().to_ascii_lowercase().as_str() {
                        "proto" => read.scheme = Some(value.to_ascii_lowercase()),
                        "host" => read.host = Some(value),
                        _ => {}
                    }
                }
            }
            None => {
                read.scheme = text("x-forwarded-proto").map(|scheme| scheme.to_ascii_lowercase());
                read.host = text("x-forwarded-host");
            }
        }
        read
    }
}

/// Host and optional port, of the characters that a name or a literal address can have (RFC 3986, clause 3.2.2).
fn is_authority(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    !text.is_empty() && text.len() <= 255 && text.bytes().all(known)
}

fn is_path(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~');
    text.starts_with('/') && !text.starts_with("//") && text.len() <= 255 && text.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(settings: &Settings, peer: &str, pairs: &[(&'static str, &str)]) -> Result<String, Problem> {
        let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        base_url(settings, Some(peer.parse().unwrap()), &headers)
    }

    #[test]
    fn the_configured_address_wins() {
        let settings = Settings { public_url: Some("https://example.org/geo".into()), ..Settings::default() };
        assert_eq!(base(&settings, "127.0.0.1", &[("host", "other")]).unwrap(), "https://example.org/geo");
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let settings = Settings { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Settings::default() };
        let told =
            [("host", "inner:8080"), ("x-forwarded-proto", "HTTPS"), ("x-forwarded-host", "maps.example"), ("x-forwarded-prefix", "/geo/")];
        assert_eq!(base(&settings, "10.1.2.3", &told).unwrap(), "https://maps.example/geo");
        assert_eq!(base(&settings, "192.0.2.1", &told).unwrap(), "http://inner:8080");
        let standard = [("host", "inner"), ("forwarded", "for=192.0.2.60;proto=https;host=\"maps.example:8443\", for=10.0.0.1")];
        assert_eq!(base(&settings, "::ffff:10.1.2.3", &standard).unwrap(), "https://maps.example:8443");
    }

    #[test]
    fn a_host_that_is_none_is_refused() {
        let settings = Settings::default();
        for bad in ["a b", "x/y", "<script>", "\"", "user@host"] {
            assert!(base(&settings, "127.0.0.1", &[("host", bad)]).is_err(), "{bad}");
        }
        assert_eq!(base(&settings, "127.0.0.1", &[("host", "[::1]:8080")]).unwrap(), "http://[::1]:8080");
    }
}
