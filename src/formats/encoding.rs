//! The forms in which features leave as a file: a page of them, or a whole collection.

use std::io::{self, Write};

use super::{
    csv::{self, CsvGeometry},
    flatgeobuf, geojson, geopackage, geoparquet,
    jsonfg::{self, PROFILES, Profile},
    kml,
};
use crate::{
    model::{Collection, Order},
    query::{self, Params, QueryError},
    store::{Page, Table, feature_text::Form},
};

/// A form in which features leave as a file.
///
/// To add one: a file beside this one with `write(page, collection, form, out)`, a variant, and a line in each of [`Encoding::ALL`],
/// [`Encoding::about`] and [`Encoding::write`]. Negotiation, links, downloads and the description of the interface read these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// A FeatureCollection (RFC 7946).
    GeoJson,
    /// JSON-FG, a FeatureCollection with more to say (OGC 21-045r1).
    JsonFg(Profile),
    /// Newline-delimited GeoJSON: a feature a line.
    NdJson,
    /// A GeoJSON text sequence (RFC 8142).
    GeoJsonSeq,
    /// A table, with how it says where features are.
    Csv(Option<CsvGeometry>),
    /// Placemarks (OGC 12-007r2).
    Kml,
    /// FlatGeobuf with its index.
    FlatGeobuf,
    /// GeoParquet 1.1.
    GeoParquet,
    /// A GeoPackage of one table (OGC 12-128r18).
    GeoPackage,
}

/// What is known of an encoding without writing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Value of `f=`.
    pub name: &'static str,
    /// Media type.
    pub media: &'static str,
    /// Further media types that ask for it.
    pub also: &'static [&'static str],
    /// Ending of a file's name, without its dot.
    pub extension: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Whether a page of items can have it, or whole collections alone.
    pub is_page: bool,
    /// Whether it can be in any reference system, or in CRS84 alone.
    pub takes_crs: bool,
    /// Which coordinate comes first in it, where a reference system is asked for.
    pub order: Order,
}

impl Encoding {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::GeoJson,
        Self::JsonFg(Profile::JsonFg),
        Self::NdJson,
        Self::GeoJsonSeq,
        Self::Csv(None),
        Self::Kml,
        Self::FlatGeobuf,
        Self::GeoParquet,
        Self::GeoPackage,
    ];

    /// The parameters that only some of them take, in the order in which they are documented.
    pub const PARAMETERS: [&'static str; 2] = ["csv-geometry", "profile"];

    /// The encoding with what the parameters ask of it. A profile that an encoding does not have is no error, as the profile is
    /// chosen after the media type (OGC API – Common Part 3, `/rec/profile-parameter/profile-negotiation`).
    ///
    /// # Errors
    /// The first parameter that breaks its rule, or is given for an encoding that does not take it.
    pub fn refined(self, params: &Params) -> Result<Self, QueryError> {
        let geometry = match query::choice(params, "csv-geometry", &CsvGeometry::NAMES)? {
            None => None,
            Some(0) => Some(CsvGeometry::Coordinates),
            Some(_) => Some(CsvGeometry::Wkt),
        };
        let profile = params.get("profile").map(jsonfg::profile).transpose()?;
        match (self, geometry, profile) {
            (Self::Csv(_), geometry, _) => Ok(Self::Csv(geometry)),
            (_, Some(_), _) => Err(QueryError::Conflict { parameter: "csv-geometry", other: "a form other than f=csv" }),
            (Self::GeoJson | Self::JsonFg(_), None, Some(profile)) => Ok(profile.map_or(Self::GeoJson, Self::JsonFg)),
            (other, ..) => Ok(other),
        }
    }

    /// The registered profile of GeoJSON that its documents have.
    pub fn profile(self) -> Option<&'static str> {
        match self {
            Self::GeoJson => Some(PROFILES[0].uri),
            Self::JsonFg(profile) => Some(profile.uri()),
            _ => None,
        }
    }

    /// What is known of it.
    pub const fn about(self) -> About {
        let order = Order::Authority;
        match self {
            Self::GeoJson => About {
                name: "json",
                media: geojson::MEDIA,
                also: &["application/json", "application/vnd.geo+json"],
                extension: "geojson",
                title: "GeoJSON",
                is_page: true,
                takes_crs: true,
                order,
            },
            Self::NdJson => About {
                name: "ndjson",
                media: "application/x-ndjson",
                also: &["application/ndjson", "application/jsonl"],
                extension: "geojsonl",
                title: "GeoJSON, one feature a line",
                is_page: true,
                takes_crs: true,
                order,
            },
            Self::GeoJsonSeq => About {
                name: "geojsonseq",
                media: "application/geo+json-seq",
                also: &["application/json-seq"],
                extension: "geojsons",
                title: "GeoJSON text sequence",
                is_page: true,
                takes_crs: true,
                order,
            },
            Self::Csv(_) => {
                About { name: "csv", media: csv::MEDIA, also: &[], extension: "csv", title: "CSV", is_page: true, takes_crs: true, order }
            }
            Self::JsonFg(_) => About {
                name: "jsonfg",
                media: geojson::MEDIA,
                // Of drafts; the standard knows the media type of GeoJSON alone (clause 16), for which plain GeoJSON comes first.
                also: &["application/vnd.ogc.fg+json", "application/fg+json"],
                extension: "fg.json",
                title: "JSON-FG",
                is_page: true,
                takes_crs: true,
                order,
            },
            Self::Kml => {
                About { name: "kml", media: kml::MEDIA, also: &[], extension: "kml", title: "KML", is_page: true, takes_crs: false, order }
            }
            Self::FlatGeobuf => About {
                name: "fgb",
                media: flatgeobuf::MEDIA,
                also: &[],
                extension: "fgb",
                title: "FlatGeobuf",
                is_page: true,
                takes_crs: true,
                order: Order::EastFirst,
            },
            Self::GeoParquet => About {
                name: "parquet",
                media: geoparquet::MEDIA,
                also: &["application/x-parquet", "application/parquet"],
                extension: "parquet",
                title: "GeoParquet",
                is_page: true,
                takes_crs: true,
                order: Order::EastFirst,
            },
            Self::GeoPackage => About {
                name: "gpkg",
                media: geopackage::MEDIA,
                also: &["application/geopackage+vnd.sqlite3"],
                extension: "gpkg",
                title: "GeoPackage",
                is_page: true,
                takes_crs: true,
                order: Order::EastFirst,
            },
        }
    }

    /// How many bytes a whole table takes, where that is known without writing it.
    pub fn size(self, table: &Table) -> Option<u64> {
        let count = table.len();
        let text = table.exact_size(&(0..count))?;
        match self {
            Self::GeoJson => Some(text - u64::from(count.min(1)) + geojson::around(count.into(), count.into())),
            Self::NdJson => Some(text),
            Self::GeoJsonSeq => Some(text + u64::from(count)),
            _ => None,
        }
    }

    /// Writes a page, which may stand for a whole collection, in constant memory.
    ///
    /// # Errors
    /// What `out` says, and where the encoding itself fails.
    pub fn write(self, page: &Page, collection: &Collection, form: &Form<'_>, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::GeoJson => geojson::write(page, form, out),
            Self::NdJson => geojson::write_lines(page, form, b"", out),
            Self::GeoJsonSeq => geojson::write_lines(page, form, b"\x1e", out),
            Self::Csv(geometry) => csv::write(page, collection, form, geometry, out),
            Self::JsonFg(profile) => jsonfg::write(page, collection, form, profile, &[], out),
            Self::Kml => kml::write(page, collection, form, out),
            Self::FlatGeobuf => flatgeobuf::write(page, collection, form, out),
            Self::GeoParquet => geoparquet::write(page, collection, form, out),
            Self::GeoPackage => geopackage::write(page, collection, form, out),
        }
    }
}
