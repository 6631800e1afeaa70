//! Answers: entity tags, conditional requests, and bodies made of pieces.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, HttpBody},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use sha2::{Digest, Sha256};

use super::{App, extract::Ask, negotiate::Offer};
use crate::{formats::Link, model::Lang};

/// Suffixes that an entity tag carries for each content coding, so that two codings of one answer are told apart.
pub(super) const CODINGS: [&str; 3] = ["gzip", "br", "zstd"];

/// What the build was made of, so that a new program never answers 304 for an old one's bytes.
pub(super) const BUILD: &str = env!("HARMATTAN_BUILD");

/// An answer to be: its tag is known before its body is made.
pub(super) struct Answer<'a> {
    ask: &'a Ask,
    tag: String,
    media: &'static str,
    lang: Option<Lang>,
    links: Vec<Link>,
    content_crs: bool,
    coding: Option<&'static str>,
}

impl<'a> Answer<'a> {
    /// The answer to `ask` in the form of `offer`; `key` spells the question, the same for every request that asks the same.
    pub(super) fn new(app: &App, ask: &'a Ask, offer: &Offer, key: &str) -> Self {
        let lang = (offer.form == super::negotiate::Form::Html).then(|| ask.lang());
        let mut hash = Sha256::new();
        let lang_tag = lang.map(Lang::tag).unwrap_or_default();
        for part in [&app.store.version().0, BUILD, &app.settings.fingerprint, &ask.base, offer.media, lang_tag, &ask.path, key] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let tag = hash.finalize()[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { ask, tag, media: offer.media, lang, links: Vec::new(), content_crs: false, coding: None }
    }

    /// With links to be sent as Link headers too (RFC 8288).
    pub(super) fn links(self, links: &[Link]) -> Self {
        Self { links: links.to_vec(), ..self }
    }

    /// With a Content-Crs header: the coordinates are CRS84.
    pub(super) fn crs84(self) -> Self {
        Self { content_crs: true, ..self }
    }

    /// With a body that is in this content coding already.
    pub(super) fn coded(self, coding: &'static str) -> Self {
        Self { coding: Some(coding), ..self }
    }

    /// 304 where the client has this answer already (RFC 9110, clause 13.1.2), else 200 with the body.
    pub(super) fn send<B: Into<Body>>(self, body: impl FnOnce() -> B) -> Response {
        let matched = self.ask.header("if-none-match").and_then(|tags| matching_tag(tags, &self.tag));
        let mut response = match &matched {
            Some(_) => StatusCode::NOT_MODIFIED.into_response(),
            None => body().into().into_response(),
        };
        let headers = response.headers_mut();
        let mut set = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::ETAG, &matched.clone().unwrap_or_else(|| format!("\"{}\"", self.tag)));
        set(header::VARY, if self.lang.is_some() { "Accept, Accept-Encoding, Accept-Language" } else { "Accept, Accept-Encoding" });
        set(header::CACHE_CONTROL, "public, no-cache");
        set(header::CONTENT_TYPE, self.media);
        if let Some(lang) = self.lang {
            set(header::CONTENT_LANGUAGE, lang.tag());
        }
        if let (Some(coding), None) = (self.coding, &matched) {
            set(header::CONTENT_ENCODING, coding);
        }
        if self.content_crs {
            set(header::HeaderName::from_static("content-crs"), &format!("<{}>", crate::query::CRS84));
        }
        for link in &self.links {
            let media = link.media.map(|media| format!("; type=\"{media}\"")).unwrap_or_default();
            if let Ok(value) = HeaderValue::from_str(&format!("<{}>; rel=\"{}\"{media}", link.href, link.rel)) {
                headers.append(header::LINK, value);
            }
        }
        response
    }
}

/// The tag of an If-None-Match list that stands for `tag`, in whichever coding the client has it.
fn matching_tag(list: &str, tag: &str) -> Option<String> {
    let same = |candidate: &str| {
        let opaque = candidate.trim().trim_start_matches("W/").trim_matches('"');
        let rest = opaque.strip_prefix(tag)?;
        let known = rest.is_empty() || rest.strip_prefix('-').is_some_and(|coding| CODINGS.contains(&coding));
        known.then(|| format!("\"{opaque}\""))
    };
    if list.trim() == "*" {
        return Some(format!("\"{tag}\""));
    }
    list.split(',').find_map(same)
}

/// A body made of finished pieces, of known length: nothing is joined and nothing is chunked.
pub(super) struct Pieces(VecDeque<Bytes>);

impl From<Vec<Bytes>> for Pieces {
    fn from(pieces: Vec<Bytes>) -> Self {
        Self(pieces.into())
    }
}

impl From<Pieces> for Body {
    fn from(pieces: Pieces) -> Self {
        Self::new(pieces)
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_matches_in_any_coding_and_no_other() {
        assert_eq!(matching_tag("\"abc\"", "abc").as_deref(), Some("\"abc\""));
        assert_eq!(matching_tag("\"x\", W/\"abc-gzip\"", "abc").as_deref(), Some("\"abc-gzip\""));
        assert_eq!(matching_tag("*", "abc").as_deref(), Some("\"abc\""));
        assert_eq!(matching_tag("\"abcd\"", "abc"), None);
        assert_eq!(matching_tag("\"abc-zip\"", "abc"), None);
    }
}
