//! Answers: entity tags, conditional requests, and bodies made of pieces.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use sha2::{Digest, Sha256};

use super::{App, extract::Ask, negotiate::Offer, problem::Problem};
use crate::{
    config::Settings,
    formats::Link,
    model::{Lang, hex},
    query::Shape,
};

/// Suffixes that an entity tag carries for each content coding, so that two codings of one answer are told apart.
pub(super) const CODINGS: [&str; 3] = ["gzip", "br", "zstd"];

/// What the build was made of, so that a new program never answers 304 for an old one's bytes.
const BUILD: &str = env!("HARMATTAN_BUILD");

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");
const CRS84_HEADER: HeaderValue = HeaderValue::from_static("<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");

/// When what is served was last changed, which every answer says.
#[derive(Debug, Clone)]
pub(super) struct Modified {
    time: SystemTime,
    header: HeaderValue,
}

impl Modified {
    /// Seconds since 1970 as a time, to a second (RFC 9110, clause 5.6.7); nothing where it has no such spelling.
    pub(super) fn of(seconds: u64) -> Option<Self> {
        // Years of five digits and more cannot be written.
        let time = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).filter(|_| seconds < 253_402_300_800)?;
        Some(Self { time, header: HeaderValue::try_from(httpdate::fmt_http_date(time)).ok()? })
    }
}

/// An answer to be: its tag is known before its body is made.
pub(super) struct Answer<'a> {
    ask: &'a Ask,
    tag: String,
    media: &'static str,
    lang: Option<Lang>,
    links: Vec<HeaderValue>,
    content_crs: Option<HeaderValue>,
    coding: Option<&'static str>,
    modified: Option<&'a Modified>,
    max_age: u32,
    more: Vec<(HeaderName, HeaderValue)>,
    query_timeout: Duration,
}

impl<'a> Answer<'a> {
    /// The answer to `ask` in the form of `offer`; `key` spells the question, the same for every request that asks the same.
    pub(super) fn new(app: &'a App, ask: &'a Ask, offer: &Offer, key: &str) -> Self {
        let lang = (offer.form == super::negotiate::Form::Html).then(|| ask.lang());
        let lang_tag = lang.map(Lang::tag).unwrap_or_default();
        let tag = app.digests.of(&[&ask.base, offer.media, lang_tag, &ask.path, key]);
        let Settings { max_age, query_timeout, .. } = app.settings;
        Self {
            ask,
            tag,
            media: offer.media,
            lang,
            links: Vec::new(),
            content_crs: None,
            coding: None,
            modified: app.modified.as_ref(),
            max_age,
            more: Vec::new(),
            query_timeout,
        }
    }

    /// With links to be sent as Link headers too (RFC 8288).
    pub(super) fn links<'b>(self, links: impl IntoIterator<Item = &'b Link>) -> Self {
        let value = |link: &Link| {
            let Link { href, rel, media, .. } = link;
            let text = match media {
                Some(media) => ["<", href, ">; rel=\"", rel, "\"; type=\"", media, "\""].concat(),
                None => ["<", href, ">; rel=\"", rel, "\""].concat(),
            };
            HeaderValue::try_from(text).ok()
        };
        Self { links: links.into_iter().filter_map(value).collect(), ..self }
    }

    /// With a Content-Crs header: the coordinates are CRS84.
    pub(super) fn crs84(self) -> Self {
        Self { content_crs: Some(CRS84_HEADER), ..self }
    }

    /// With a Content-Crs header that names the system of its coordinates (OGC API – Features Part 2, `/req/crs/ogc-crs-header`).
    pub(super) fn crs(self, shape: &Shape) -> Self {
        if shape.is_crs84() {
            return self.crs84();
        }
        Self { content_crs: HeaderValue::try_from(format!("<{}>", shape.crs.uri())).ok(), ..self }
    }

    /// With a further header.
    pub(super) fn header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        self.more.extend(value.try_into().ok().map(|value| (name, value)));
        self
    }

    /// With a body that is in this content coding already.
    pub(super) fn coded(self, coding: &'static str) -> Self {
        Self { coding: Some(coding), ..self }
    }

    /// The tag of the answer that the client has already, where that is this one: by its tags, and by date only where it names none
    /// (RFC 9110, clauses 13.1.2 and 13.1.3).
    fn current(&self) -> Option<String> {
        if let Some(tags) = self.ask.header("if-none-match") {
            return matching_tag(tags, &self.tag);
        }
        let since = httpdate::parse_http_date(self.ask.header("if-modified-since")?).ok()?;
        self.modified.filter(|modified| modified.time <= since).map(|_| format!("\"{}\"", self.tag))
    }

    /// 304 where the client has this answer already, else 200 with the body; 400 where it could not be made in time.
    pub(super) fn send<B: Into<Body>>(self, body: impl FnOnce() -> B) -> Response {
        let matched = self.current();
        let tag = matched.as_ref().map_or_else(|| ["\"", &self.tag, "\""].concat(), String::clone);
        // Room for these and for what the edge adds, so that the map grows once.
        let mut headers = HeaderMap::with_capacity(24);
        headers.extend(HeaderValue::try_from(tag).map(|tag| (header::ETAG, tag)));
        let vary = if self.lang.is_some() { "Accept, Accept-Encoding, Accept-Language" } else { "Accept, Accept-Encoding" };
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        let cache = match self.max_age {
            0 => Ok(HeaderValue::from_static("public, no-cache")),
            seconds => HeaderValue::try_from(format!("public, max-age={seconds}")),
        };
        headers.extend(cache.map(|cache| (header::CACHE_CONTROL, cache)));
        headers.extend(self.modified.map(|modified| (header::LAST_MODIFIED, modified.header.clone())));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        if let Some(lang) = self.lang {
            headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        }
        if let (Some(coding), None) = (self.coding, &matched) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        headers.extend(self.content_crs.map(|crs| (CONTENT_CRS, crs)));
        headers.extend(self.more);
        headers.extend(self.links.into_iter().map(|link| (header::LINK, link)));
        let mut response = match matched {
            Some(_) => StatusCode::NOT_MODIFIED.into_response(),
            None => {
                let body = body();
                if self.ask.params.budget().is_spent() {
                    return Problem::too_slow(self.query_timeout).into_response();
                }
                Response::new(body.into())
            }
        };
        *response.headers_mut() = headers;
        response
    }

    /// The same, with a body that may fail to be made.
    ///
    /// # Errors
    /// 500 where it does; the log says why.
    pub(super) fn try_send<B: Into<Body>>(self, body: impl FnOnce() -> io::Result<B>) -> Result<Response, Problem> {
        let mut failed = None;
        let response = self.send(|| {
            body().map_or_else(
                |error| {
                    failed = Some(error);
                    Body::empty()
                },
                Into::into,
            )
        });
        match failed {
            None => Ok(response),
            Some(error) => {
                tracing::error!(%error, "an answer cannot be written");
                Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the answer cannot be written in this form; the server's log says why"))
            }
        }
    }
}

/// Hashes that name answers: of the data, the program and the settings, which are hashed once, and of what is asked.
#[derive(Debug)]
pub(super) struct Digests(Sha256);

impl Digests {
    /// Of the data of this version, served by these settings.
    pub(super) fn new(version: &str, settings: &Settings) -> Self {
        let mut hash = Sha256::new();
        update(&mut hash, &[version, BUILD, &settings.fingerprint]);
        Self(hash)
    }

    /// The hash with some texts more, in hexadecimal.
    pub(super) fn of(&self, parts: &[&str]) -> String {
        let mut hash = self.0.clone();
        update(&mut hash, parts);
        hex(&hash.finalize()[..12])
    }
}

/// Each part ends with a byte that none of them has.
fn update(hash: &mut Sha256, parts: &[&str]) {
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
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
