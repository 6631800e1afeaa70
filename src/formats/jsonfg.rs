//! JSON-FG 1.0 (OGC 21-045r1): GeoJSON that also says when a feature is, of which type it is, and where in another reference system.
//!
//! `time` holds what the standard has words for, a date, a timestamp or an interval of them: of an uncertain time the days between which it
//! lies. Beside it, as the standard allows (clause 7.4), our member `edtf` says the same without loss. `geometry` is longitude and
//! latitude on WGS 84; coordinates of another system stand in `place`, their axes in its order.

use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::json;

use super::{Link, write_links};
use crate::{
    model::{
        Collection, GeometryKind,
        when::{Bounds, Instant},
    },
    query::QueryError,
    store::{
        Cell, Page, Row,
        feature_text::{Form, write_day, write_geometry, write_properties, write_string},
    },
};

/// The classes to which every document conforms.
pub const CLASSES: [&str; 2] =
    ["http://www.opengis.net/spec/json-fg-1/1.0/conf/core", "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas"];

/// What a document says of the geometry of GeoJSON where coordinates are in another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Nothing: it stands in `place` alone.
    JsonFg,
    /// The same place on WGS 84, for readers of GeoJSON.
    JsonFgPlus,
}

/// A profile in the register of OGC.
#[derive(Debug)]
pub struct Registered {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub uri: &'static str,
    /// The same in short (a safe CURIE).
    curie: &'static str,
}

/// The profiles of GeoJSON: plain, and those of [`Profile`].
pub const PROFILES: [Registered; 3] = [
    Registered { name: "rfc7946", uri: "http://www.opengis.net/def/profile/OGC/0/rfc7946", curie: "[ogc-profile:rfc7946]" },
    Registered { name: "jsonfg", uri: "http://www.opengis.net/def/profile/OGC/0/jsonfg", curie: "[ogc-profile:jsonfg]" },
    Registered { name: "jsonfg-plus", uri: "http://www.opengis.net/def/profile/OGC/0/jsonfg-plus", curie: "[ogc-profile:jsonfg-plus]" },
];

impl Profile {
    /// Its registered address.
    pub fn uri(self) -> &'static str {
        match self {
            Self::JsonFg => PROFILES[1].uri,
            Self::JsonFgPlus => PROFILES[2].uri,
        }
    }
}

/// Reads the parameter `profile`, a list of which the first is taken: names, addresses or safe CURIEs (OGC API – Common Part 3,
/// `/req/profile-parameter/profile-param`). `None` is plain GeoJSON.
///
/// # Errors
/// When one of the list is no profile known here.
pub(super) fn profile(value: &str) -> Result<Option<Profile>, QueryError> {
    let find = |asked: &str| PROFILES.iter().position(|known| [known.name, known.uri, known.curie].contains(&asked));
    let found = value.split(',').map(|asked| find(asked.trim())).collect::<Option<Vec<_>>>();
    match found.as_deref().and_then(|found| found.first()) {
        Some(0) => Ok(None),
        Some(1) => Ok(Some(Profile::JsonFg)),
        Some(_) => Ok(Some(Profile::JsonFgPlus)),
        None => {
            let allowed = PROFILES.map(|known| known.name).join(", ");
            Err(QueryError::Choice { parameter: "profile".into(), value: value.into(), allowed })
        }
    }
}

/// Writes a page as a FeatureCollection.
///
/// # Errors
/// What `out` says.
pub fn write(
    page: &Page,
    collection: &Collection,
    form: &Form<'_>,
    profile: Profile,
    links: &[Link],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut text = br#"{"type":"FeatureCollection","#.to_vec();
    root(&mut text, collection, form);
    if collection.geometry == GeometryKind::Point && form.has_geometry {
        text.extend_from_slice(br#""geometryDimension":0,"#);
    }
    write!(text, r#""numberMatched":{},"numberReturned":{},"links":"#, page.matched, page.returned)?;
    write_links(&mut text, links);
    text.extend_from_slice(br#","features":["#);
    let edtf = collection.schema.edtf_of_time();
    for (index, row) in page.rows().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        text.extend_from_slice(br#"{"type":"Feature","#);
        members(&mut text, &row, form, profile, edtf);
        text.push(b'}');
        out.write_all(&text)?;
        text.clear();
    }
    text.extend_from_slice(b"]}\n");
    out.write_all(&text)
}

/// One feature with its links.
pub fn item(row: &Row<'_>, collection: &Collection, form: &Form<'_>, profile: Profile, links: &[Link]) -> Vec<u8> {
    let mut text = br#"{"type":"Feature","#.to_vec();
    root(&mut text, collection, form);
    members(&mut text, row, form, profile, collection.schema.edtf_of_time());
    text.extend_from_slice(br#","links":"#);
    write_links(&mut text, links);
    text.extend_from_slice(b"}\n");
    text
}

/// The members that only the outermost object has.
fn root(text: &mut Vec<u8>, collection: &Collection, form: &Form<'_>) {
    text.extend_from_slice(br#""conformsTo":"#);
    text.extend_from_slice(json!(CLASSES).to_string().as_bytes());
    text.extend_from_slice(br#","featureType":"#);
    write_string(text, &collection.id);
    text.push(b',');
    if !form.is_crs84() {
        text.extend_from_slice(br#""coordRefSys":"#);
        write_string(text, &form.crs.uri());
        text.push(b',');
    }
}

/// Id, time, place, geometry and properties.
fn members(text: &mut Vec<u8>, row: &Row<'_>, form: &Form<'_>, profile: Profile, edtf: Option<usize>) {
    text.extend_from_slice(br#""id":"#);
    write_string(text, row.id());
    text.extend_from_slice(br#","time":"#);
    let edtf = edtf.map(|index| row.cell_at(index)).and_then(|cell| match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    });
    time(text, row.time().as_ref(), edtf);
    let has_place = !form.is_crs84();
    let geometries = [
        (&b",\"place\":"[..], if has_place { form.geometry(row) } else { None }),
        (b",\"geometry\":", if has_place && profile == Profile::JsonFg { None } else { form.geometry_in_crs84(row) }),
    ];
    for (name, geometry) in geometries {
        text.extend_from_slice(name);
        match geometry {
            Some(geometry) => write_geometry(text, &geometry),
            None => text.extend_from_slice(b"null"),
        }
    }
    text.extend_from_slice(br#","properties":"#);
    write_properties(text, row, form);
}

/// The member `time`: null where nothing is known.
fn time(text: &mut Vec<u8>, bounds: Option<&Bounds>, edtf: Option<&str>) {
    let start = text.len();
    text.push(b'{');
    if let Some(bounds) = bounds {
        extent(text, bounds);
    }
    if let Some(edtf) = edtf {
        if text.len() > start + 1 {
            text.push(b',');
        }
        text.extend_from_slice(br#""edtf":"#);
        write_string(text, edtf);
    }
    if text.len() == start + 1 {
        text.truncate(start);
        text.extend_from_slice(b"null");
    } else {
        text.push(b'}');
    }
}

/// A date, a timestamp, or an interval from the first possible moment to the last; nothing where none of the years has four digits, as RFC
/// 3339 has them.
fn extent(text: &mut Vec<u8>, bounds: &Bounds) {
    let (start, end) = (bounds.earliest_start, bounds.latest_end);
    let (first, last) = (day(start), day(end));
    let is_unsaid = |instant: Instant, day: Option<Date>| instant.is_bounded() && day.is_none();
    if is_unsaid(start, first) && is_unsaid(end, last) {
        return;
    }
    let whole_days = first.is_none_or(|day| Instant::start_of(day) == start) && last.is_none_or(|day| Instant::end_of(day) == end);
    let quoted = |text: &mut Vec<u8>, instant: Instant, day: Option<Date>| {
        text.push(b'"');
        match day {
            None => text.extend_from_slice(b".."),
            Some(day) if whole_days => write_day(text, day),
            Some(_) => text.extend_from_slice(instant.to_string().as_bytes()),
        }
        text.push(b'"');
    };
    let is_instant = !whole_days && start.is_bounded() && end.as_millis() - start.as_millis() < 1000;
    if let (true, Some(_)) = (is_instant, first) {
        text.extend_from_slice(br#""timestamp":"#);
        quoted(text, start, first);
    } else if let (true, Some(_), true) = (whole_days, first, first == last) {
        text.extend_from_slice(br#""date":"#);
        quoted(text, start, first);
    } else {
        text.extend_from_slice(br#""interval":["#);
        quoted(text, start, first);
        text.push(b',');
        quoted(text, end, last);
        text.push(b']');
    }
}

/// The day of a moment whose year has four digits.
fn day(instant: Instant) -> Option<Date> {
    instant.day().filter(|day| day.year() >= 0)
}
