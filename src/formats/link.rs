//! Web links (RFC 8288) as OGC API writes them, and the addresses that they hold.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A link to another resource.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    /// Absolute address.
    pub href: String,
    /// Relation type: a registered name or a URI.
    pub rel: &'static str,
    /// Media type of what the address answers.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media: Option<&'static str>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// BCP 47 tag of its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hreflang: Option<&'static str>,
    /// Bytes of what the address answers, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
}

impl Link {
    /// A link with a relation and nothing more.
    pub fn new(rel: &'static str, href: impl Into<String>) -> Self {
        Self { href: href.into(), rel, media: None, title: None, hreflang: None, length: None }
    }

    /// With the media type of what it answers; its character set is for the answer to say: clients, OGC's executable test suite among
    /// them, look for `text/html` letter by letter.
    pub fn media(self, media: &'static str) -> Self {
        Self { media: Some(media.strip_suffix("; charset=utf-8").unwrap_or(media)), ..self }
    }

    /// With the length of what it answers, in bytes.
    pub fn length(self, length: Option<u64>) -> Self {
        Self { length, ..self }
    }

    /// With a title for people.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }
}

/// Kept as they are in a path segment: the unreserved characters and those that need no escape there (RFC 3986, clause 3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@').remove(b',');
/// Kept as they are in a query value, so that a box or an interval stays readable.
const VALUE: &AsciiSet = &SEGMENT.remove(b'/').remove(b'(').remove(b')').remove(b'*').remove(b'!');

/// A path segment, escaped.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A query string with its question mark; nothing where there are no parameters.
pub fn query_string<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    push_query(&mut text, pairs);
    text
}

/// Appends a query string with its question mark; nothing where there are no parameters.
pub fn push_query<'a>(address: &mut String, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut separator = '?';
    for (name, value) in pairs {
        address.push(separator);
        address.extend(utf8_percent_encode(name, VALUE));
        address.push('=');
        address.extend(utf8_percent_encode(value, VALUE));
        separator = '&';
    }
}
