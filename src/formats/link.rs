//! Web links (RFC 8288) as OGC API writes them, and the addresses that they hold.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::store::feature_text::write_string;

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
    pub title: Option<Cow<'static, str>>,
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
    pub fn title(self, title: impl Into<Cow<'static, str>>) -> Self {
        Self { title: Some(title.into()), ..self }
    }
}

/// Appends links as a JSON array: letter by letter what serde writes, without looking at each letter of what is the program's own.
/// A page has a dozen links, and small pages have little else.
pub fn write_links(text: &mut Vec<u8>, links: &[Link]) {
    text.push(b'[');
    for (index, link) in links.iter().enumerate() {
        let Link { href, rel, media, title, hreflang, length } = link;
        text.extend_from_slice(if index > 0 { br#",{"href":"# } else { br#"{"href":"# });
        write_string(text, href);
        write_own(text, br#","rel":""#, rel);
        if let Some(media) = media {
            write_own(text, br#","type":""#, media);
        }
        match title {
            None => {}
            Some(Cow::Borrowed(title)) => write_own(text, br#","title":""#, title),
            Some(Cow::Owned(title)) => {
                text.extend_from_slice(br#","title":"#);
                write_string(text, title);
            }
        }
        if let Some(hreflang) = hreflang {
            write_own(text, br#","hreflang":""#, hreflang);
        }
        if let Some(length) = length {
            text.extend_from_slice(br#","length":"#);
            text.extend_from_slice(itoa::Buffer::new().format(*length).as_bytes());
        }
        text.push(b'}');
    }
    text.push(b']');
}

/// Appends a member whose value stands in the program's text, where none has a character that JSON escapes.
fn write_own(text: &mut Vec<u8>, name: &[u8], value: &'static str) {
    debug_assert!(!value.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')), "{value}");
    text.extend_from_slice(name);
    text.extend_from_slice(value.as_bytes());
    text.push(b'"');
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn links_are_written_as_serde_writes_them(
            links in prop::collection::vec((any::<String>(), any::<Option<String>>(), any::<Option<u64>>(), any::<bool>()), 0..4),
        ) {
            let link = |(href, title, length, whole): (String, Option<String>, _, bool)| Link {
                title: title.map(Cow::Owned),
                hreflang: whole.then_some("fr"),
                media: whole.then_some("text/html"),
                ..Link::new("alternate", href).length(length)
            };
            let links = links.into_iter().map(link).collect::<Vec<_>>();
            let mut text = Vec::new();
            write_links(&mut text, &links);
            prop_assert_eq!(String::from_utf8(text).unwrap(), serde_json::to_string(&links).unwrap());
        }
    }
}
