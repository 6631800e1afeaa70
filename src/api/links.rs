//! Addresses and the links that every answer carries.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{extract::Ask, negotiate::Offer};
use crate::formats::Link;

/// Kept as they are in a path segment: the unreserved characters and those that need no escape there (RFC 3986, clause 3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@').remove(b',');
/// Kept as they are in a query value, so that a box or an interval stays readable.
const VALUE: &AsciiSet = &SEGMENT.remove(b'/').remove(b'(').remove(b')').remove(b'*').remove(b'!');

/// A path segment, escaped.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A query string with its question mark; nothing where there are no parameters.
pub(super) fn query_string<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.extend([utf8_percent_encode(name, VALUE).to_string(), "=".to_owned(), utf8_percent_encode(value, VALUE).to_string()]);
    }
    text
}

/// `self` for the form sent, and one `alternate` for each other form (OGC API – Features Part 1, `/req/core/fc-links`).
pub(super) fn self_and_alternates(ask: &Ask, sent: &Offer, offers: &[Offer]) -> Vec<Link> {
    let link = |offer: &Offer| {
        let own = offer.name == sent.name;
        let href = if own && ask.params.get("f").is_none() { ask.with(&[]) } else { ask.with(&[("f", Some(offer.name))]) };
        Link::new(if own { "self" } else { "alternate" }, href).media(offer.media).title(offer.title)
    };
    // Programs look for `self` first.
    let (own, others): (Vec<&Offer>, Vec<&Offer>) = offers.iter().partition(|offer| offer.name == sent.name);
    own.into_iter().chain(others).map(link).collect()
}
