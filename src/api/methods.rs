//! The methods that an address takes.

/// What the address with this path takes, as `Allow` lists it (RFC 9110, clause 10.2.1): everything is read, and one resource takes forms.
pub(super) fn taken(path: &str) -> &'static str {
    match path {
        "/reconcile" => "GET, HEAD, OPTIONS, POST",
        _ => "GET, HEAD, OPTIONS",
    }
}
