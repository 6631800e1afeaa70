//! The names of reference systems: short ones, URNs (OGC 07-092r3) and URIs (OGC 09-048r5).

use std::fmt;

use super::CrsError;

/// Which system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Id {
    Crs84,
    Crs84h,
    Epsg(u32),
    Esri(u32),
    /// One that a file defines by its parameters: a hash of them.
    Own(u64),
}

impl Id {
    /// The system of an authority's code; `None` where the authority is another or has no such code.
    pub(super) fn new(authority: &str, code: &str) -> Option<Self> {
        match (authority.to_ascii_uppercase().as_str(), code.to_ascii_uppercase().as_str()) {
            ("OGC", "CRS84") => Some(Self::Crs84),
            ("OGC", "CRS84H") => Some(Self::Crs84h),
            ("EPSG", code) if code.bytes().all(|byte| byte.is_ascii_digit()) => code.parse().ok().map(Self::Epsg),
            ("ESRI", code) if code.bytes().all(|byte| byte.is_ascii_digit()) => code.parse().ok().map(Self::Esri),
            _ => None,
        }
    }

    pub(super) fn uri(self) -> String {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned(),
            Self::Crs84h => "http://www.opengis.net/def/crs/OGC/0/CRS84h".to_owned(),
            Self::Epsg(code) => format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
            Self::Esri(code) => format!("http://www.opengis.net/def/crs/ESRI/0/{code}"),
            Self::Own(hash) => format!("urn:harmattan:crs:{hash:016x}"),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crs84 => f.write_str("OGC:CRS84"),
            Self::Crs84h => f.write_str("OGC:CRS84h"),
            Self::Epsg(code) => write!(f, "EPSG:{code}"),
            Self::Esri(code) => write!(f, "ESRI:{code}"),
            Self::Own(_) => f.write_str("a system that the file defines"),
        }
    }
}

/// Reads a name.
pub(super) fn read(text: &str) -> Result<Id, CrsError> {
    let shown = || text.chars().take(200).collect::<String>();
    // EPSG's authority with a code that is none of its numbers is a mistake in the name; another authority is unknown.
    let parts = parts(text).ok_or_else(|| CrsError::Name(shown()))?;
    match Id::new(&parts.0, parts.1) {
        Some(id) => Ok(id),
        None if parts.0.eq_ignore_ascii_case("EPSG") => Err(CrsError::Name(shown())),
        None => Err(CrsError::Unknown(shown())),
    }
}

/// Authority and code.
fn parts(text: &str) -> Option<(String, &str)> {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "crs84" | "crs84h") {
        return Some(("OGC".to_owned(), text));
    }
    // A lower-case copy has the same bytes at the same places where all of it is ASCII.
    if !text.is_ascii() {
        return None;
    }
    let after = |start: &str| lower.starts_with(start).then(|| &text[start.len()..]);
    let bare = |host: &str| after(&format!("https://{host}")).or_else(|| after(&format!("http://{host}")));
    let versioned = |rest: &'_ str, separator: char| -> Option<(String, usize)> {
        let mut parts = rest.split(separator);
        let (authority, version, code) = (parts.next()?, parts.next()?, parts.next()?);
        let is_version = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        (is_version && parts.next().is_none() && !code.is_empty()).then(|| (authority.to_owned(), text.len() - code.len()))
    };
    if let Some(rest) = after("urn:ogc:def:crs:").or_else(|| after("urn:x-ogc:def:crs:")) {
        return versioned(rest, ':').map(|(authority, start)| (authority, &text[start..]));
    }
    if let Some(rest) = bare("www.opengis.net/def/crs/").or_else(|| bare("opengis.net/def/crs/")) {
        return versioned(rest, '/').map(|(authority, start)| (authority, &text[start..]));
    }
    if let Some(code) = bare("www.opengis.net/gml/srs/epsg.xml#") {
        return Some(("EPSG".to_owned(), code));
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let (authority, code) = inner.split_once(':')?;
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_word(authority) && is_word(code)).then(|| (authority.to_owned(), code))
}
