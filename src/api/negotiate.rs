//! Which representation a client wants: `f=` first, then Accept (RFC 9110, clause 12.5.1), then the first on offer.

use axum::http::StatusCode;

use super::problem::Problem;
use crate::{
    formats::{About, Encoding, jsonfg::Profile},
    query::{Params, QueryError},
};

/// The forms an answer can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// JSON of the resource, GeoJSON where it holds features.
    Json,
    /// A page for people.
    Html,
    /// Another form of features.
    Encoded(Encoding),
}

/// A form on offer and the media type in which it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offer {
    /// Which form.
    pub(super) form: Form,
    /// Value of `f=`.
    pub(super) name: &'static str,
    /// Content-Type of the answer.
    pub(super) media: &'static str,
    /// Further media types that ask for it.
    pub(super) also: &'static [&'static str],
    /// What links to it call it.
    pub(super) title: &'static str,
}

impl Offer {
    /// The offer with what the parameters of encodings ask of it.
    ///
    /// # Errors
    /// The first parameter that breaks its rule, or does not go with the form.
    pub(super) fn refined(self, params: &Params) -> Result<Self, QueryError> {
        // Pages for people take any parameter.
        let Some(encoding) = self.encoding() else { return Ok(self) };
        Ok(match encoding.refined(params)? {
            Encoding::GeoJson if self.form == Form::Json => self,
            Encoding::GeoJson => GEOJSON,
            other => offer(other),
        })
    }

    /// What features are written in; nothing where the answer is a page for people.
    pub(super) fn encoding(&self) -> Option<Encoding> {
        match self.form {
            Form::Encoded(encoding) => Some(encoding),
            Form::Json => Some(Encoding::GeoJson),
            Form::Html => None,
        }
    }

    /// A question with what is asked of the form.
    pub(super) fn key(&self, question: impl Into<String>) -> String {
        let question = question.into();
        match self.form {
            Form::Encoded(encoding) => format!("{question} {encoding:?}"),
            _ => question,
        }
    }
}

const HTML: Offer =
    Offer { form: Form::Html, name: "html", media: "text/html; charset=utf-8", also: &["application/xhtml+xml"], title: "HTML" };
const JSON: Offer = Offer { form: Form::Json, name: "json", media: "application/json", also: &[], title: "JSON" };
const GEOJSON: Offer = Offer { form: Form::Json, ..offer(Encoding::GeoJson) };

/// An encoding on offer.
const fn offer(encoding: Encoding) -> Offer {
    let About { name, media, also, title, .. } = encoding.about();
    Offer { form: Form::Encoded(encoding), name, media, also, title }
}

/// A page and nothing else.
pub(super) const PAGE: &[Offer] = &[HTML];
/// JSON and a page.
pub(super) const DOCUMENT: &[Offer] = &[JSON, HTML];
/// One feature.
pub(super) const FEATURE: &[Offer] = &[GEOJSON, HTML, offer(Encoding::JsonFg(Profile::JsonFg))];
/// A page of features.
pub(super) const FEATURES: &[Offer] = {
    const COUNT: usize = {
        let (mut count, mut index) = (1, 0);
        while index < Encoding::ALL.len() {
            count += Encoding::ALL[index].about().is_page as usize;
            index += 1;
        }
        count
    };
    const OFFERS: [Offer; COUNT] = {
        let (mut offers, mut count, mut index) = ([GEOJSON; COUNT], 2, 1);
        offers[1] = HTML;
        while index < Encoding::ALL.len() {
            if Encoding::ALL[index].about().is_page {
                offers[count] = offer(Encoding::ALL[index]);
                count += 1;
            }
            index += 1;
        }
        offers
    };
    &OFFERS
};
/// A whole collection.
pub(super) const DOWNLOADS: &[Offer] = {
    const OFFERS: [Offer; Encoding::ALL.len()] = {
        let (mut offers, mut index) = ([GEOJSON; Encoding::ALL.len()], 0);
        while index < offers.len() {
            offers[index] = offer(Encoding::ALL[index]);
            index += 1;
        }
        offers
    };
    &OFFERS
};
/// Features for programs only.
pub(super) const FEATURES_ONLY: &[Offer] = &[GEOJSON];
/// The interface's description.
pub(super) const OPENAPI: &[Offer] = &[
    Offer {
        media: "application/vnd.oai.openapi+json;version=3.0",
        also: &["application/json", "application/openapi+json"],
        title: "OpenAPI 3.0",
        ..JSON
    },
    HTML,
];
/// A JSON Schema.
pub(super) const SCHEMA: &[Offer] =
    &[Offer { media: "application/schema+json", also: &["application/json"], title: "JSON Schema", ..JSON }, HTML];
/// A tile.
pub(super) const TILE: &[Offer] =
    &[Offer { name: "mvt", media: crate::formats::mvt::MEDIA, also: &["application/x-protobuf"], title: "Vector tile", ..JSON }];
/// What a set of tiles is.
pub(super) const TILESET: &[Offer] =
    &[JSON, Offer { name: "tilejson", media: "application/json; profile=tilejson", title: "TileJSON", ..JSON }, HTML];
/// A layer of QGIS.
pub(super) const LAYER_DEFINITION: &[Offer] =
    &[Offer { name: "qlr", media: crate::formats::qlr::MEDIA, also: &["application/xml", "text/xml"], title: "QGIS layer", ..JSON }];
/// JSON for programs only.
pub(super) const JSON_ONLY: &[Offer] = &[JSON];

/// The offer that the client wants most; the earlier one where it wants two alike.
///
/// # Errors
/// 400 where `f` names no offer, 406 where Accept leaves none.
pub(super) fn negotiate(offers: &'static [Offer], f: Option<&str>, accept: Option<&str>) -> Result<Offer, Problem> {
    if let Some(name) = f {
        return offers.iter().find(|offer| offer.name == name).copied().ok_or_else(|| {
            let allowed = offers.iter().map(|offer| offer.name).collect::<Vec<_>>().join(", ");
            QueryError::Choice { parameter: "f".into(), value: name.into(), allowed }.into()
        });
    }
    // What programs send that take anything is not looked into.
    let Some(accept) = accept.filter(|accept| !matches!(accept.trim(), "" | "*/*")) else { return Ok(offers[0]) };
    let ranges = accept.split(',').filter_map(Range::parse).collect::<Vec<_>>();
    let best = offers.iter().rev().map(|offer| (wish(offer, &ranges), offer)).max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((wish, offer)) if wish > 0.0 => Ok(*offer),
        _ => {
            let served = offers.iter().map(|offer| offer.media).collect::<Vec<_>>().join(", ");
            Err(Problem::new(
                StatusCode::NOT_ACCEPTABLE,
                format!("Accept: {accept:?} leaves none of the media types served here: {served}"),
            )
            .hint("leave Accept out, or name the form with f="))
        }
    }
}

/// One media range of an Accept header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: f32,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let quality = quality.map_or(Some(1.0), |value| value.trim().parse().ok()).filter(|q| (0.0..=1.0).contains(q))?;
        Some(Self { kind, subtype, quality })
    }

    /// How exactly the range names a media type: `None` where it does not.
    fn names(&self, media: &str) -> Option<u8> {
        let (kind, subtype) = media.split(';').next()?.split_once('/')?;
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (wanted, "*") if wanted.eq_ignore_ascii_case(kind) => Some(1),
            (wanted, sub) if wanted.eq_ignore_ascii_case(kind) && sub.eq_ignore_ascii_case(subtype) => Some(2),
            _ => None,
        }
    }
}

/// The quality of an offer: the best of its media types, each by the most exact range that names it.
fn wish(offer: &Offer, ranges: &[Range<'_>]) -> f32 {
    let quality = |media: &str| {
        let named = ranges.iter().filter_map(|range| Some((range.names(media)?, range.quality)));
        named.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map_or(0.0, |(_, quality)| quality)
    };
    offer.also.iter().map(|media| quality(media)).fold(quality(offer.media), f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(accept: &str) -> Option<&'static str> {
        negotiate(FEATURES, None, Some(accept)).ok().map(|offer| offer.name)
    }

    #[test]
    fn json_unless_html_ranks_above_it() {
        assert_eq!(negotiate(FEATURES, None, None).unwrap().name, "json");
        for (accept, expected) in [
            ("*/*", Some("json")),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some("html")),
            ("text/html;q=0.5,application/geo+json", Some("json")),
            ("text/html,application/json", Some("json")),
            ("application/*", Some("json")),
            ("text/csv", Some("csv")),
            ("text/*;q=0.4, text/html;q=0", Some("csv")),
            ("application/json;q=0, */*", Some("json")),
            ("image/png", None),
            ("application/geo+json;q=0, application/json;q=0, text/html;q=0, text/csv;q=0", None),
            ("", Some("json")),
        ] {
            assert_eq!(form(accept), expected, "{accept}");
        }
    }

    #[test]
    fn f_beats_accept() {
        assert_eq!(negotiate(FEATURES, Some("csv"), Some("text/html")).unwrap().name, "csv");
        assert!(negotiate(FEATURES, Some("xls"), None).is_err());
    }
}
