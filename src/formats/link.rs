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
        Self { media: Some(plain(media)), ..self }
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
    write_links_and_others(text, links, &Others::default());
}

/// The same with links to other forms after the first, which is the one to this form.
pub fn write_links_and_others(text: &mut Vec<u8>, links: &[Link], others: &Others) {
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
        if index == 0 {
            others.write(text);
        }
    }
    text.push(b']');
}

/// The other forms of an answer: the same address but for the name of the form, with which it ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Others {
    /// Absolute address, up to that name.
    pub address: String,
    /// Of each form its name, its media type and its title for people.
    pub forms: Vec<[&'static str; 3]>,
}

impl Others {
    /// A link to each.
    pub fn links(&self) -> impl Iterator<Item = Link> {
        let Self { address, forms } = self;
        forms.iter().map(|[name, media, title]| Link::new("alternate", [address, *name].concat()).media(media).title(*title))
    }

    /// Appends them as [`write_links`] does, each after a comma; the address is looked at once.
    fn write(&self, text: &mut Vec<u8>) {
        let mut address = 0..0;
        for [name, media, title] in &self.forms {
            text.extend_from_slice(br#",{"href":"#);
            if address.is_empty() {
                let start = text.len();
                write_string(text, &self.address);
                text.pop();
                address = start..text.len();
            } else {
                text.extend_from_within(address.clone());
            }
            text.extend_from_slice(name.as_bytes());
            text.extend_from_slice(br#"","rel":"alternate""#);
            write_own(text, br#","type":""#, plain(media));
            write_own(text, br#","title":""#, title);
            text.push(b'}');
        }
    }
}

/// A media type as links have it.
fn plain(media: &'static str) -> &'static str {
    media.strip_suffix("; charset=utf-8").unwrap_or(media)
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

        #[test]
        fn links_to_other_forms_are_written_as_links(own in any::<String>(), address in any::<String>(), count in 0..4_usize) {
            let forms = [["csv", "text/csv", "CSV"], ["html", "text/html; charset=utf-8", "HTML"], ["kml", "application/kml", "KML"]];
            let others = Others { address, forms: forms.into_iter().take(count).collect() };
            let ends = [Link::new("self", own), Link::new("next", "x")];
            let all = std::iter::once(ends[0].clone()).chain(others.links()).chain([ends[1].clone()]).collect::<Vec<_>>();
            let mut text = Vec::new();
            write_links_and_others(&mut text, &ends, &others);
            prop_assert_eq!(String::from_utf8(text).unwrap(), serde_json::to_string(&all).unwrap());
        }
    }
}
