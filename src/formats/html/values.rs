//! Values on a page: what a property holds, written for people.

use std::borrow::Cow;

use maud::{Markup, html};

use super::{dates, words::Words};
use crate::{
    model::{Collection, Geometry, Kind, Property, Rect, Role, when::When},
    store::{Cell, Row},
};

/// Longest name of a feature, in letters: what is longer is a text, of which the first words are enough.
const LONGEST_NAME: usize = 120;

/// The name of a feature to a reader: the collection's label in the page's language, else in English, else its id.
pub(super) fn label<'a>(words: Words, collection: &Collection, row: &Row<'a>) -> Cow<'a, str> {
    let named = collection.label.as_ref().map(|label| [label.get(words.lang), label.en.as_str()]);
    let names = named.into_iter().flatten().chain(["name", "title"]);
    let name = names.into_iter().find_map(|name| row.text(name).filter(|text| !text.trim().is_empty()));
    short(name.unwrap_or(row.id()), LONGEST_NAME)
}

/// The first letters of a text, up to the end of a word where there is one near, with an ellipsis; all of it where it is no longer.
pub(super) fn short(text: &str, most: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(most) else { return Cow::Borrowed(text) };
    let cut = &text[..end];
    let word = cut.rfind(char::is_whitespace).filter(|at| *at > end / 2);
    Cow::Owned(format!("{}…", cut[..word.unwrap_or(end)].trim_end()))
}

/// The value of a property in the page's language, where the data have it in several (`note_fr` beside `note`).
pub(super) fn local<'a>(words: Words, row: &Row<'a>, name: &str) -> Option<&'a str> {
    row.text(&format!("{name}_{}", words.lang.tag())).or_else(|| row.text(name))
}

/// The property that holds the feature's own time as EDTF, and its text: the one whose bounds are the schema's primary interval.
pub(super) fn own_time<'a>(row: &Row<'a>) -> Option<(&'a Property, &'a str)> {
    let start = row.schema().properties.iter().find(|property| property.role == Some(Role::PrimaryIntervalStart))?;
    let stem = start.name.strip_suffix("_earliest")?;
    let property = &row.schema().properties[row.schema().position(stem)?];
    Some((property, row.text(stem)?))
}

/// The dates between which the sources of a feature disagree, the one shown first in front; none where there is no dispute.
pub(super) fn alternatives(row: &Row<'_>) -> Vec<String> {
    let Cell::Json(text) = row.cell("alternatives") else { return Vec::new() };
    serde_json::from_str::<Vec<String>>(text).unwrap_or_default()
}

/// The feature's own date, all of it: where it is in dispute, every date that it may be.
pub(super) fn own_date(words: Words, row: &Row<'_>, text: &str) -> Markup {
    match alternatives(row).as_slice() {
        [] | [_] => dates::when(words, text),
        several => dates::when(words, &either(several)),
    }
}

/// The same in words alone.
pub(super) fn own_date_plain(words: Words, row: &Row<'_>, text: &str) -> String {
    match alternatives(row).as_slice() {
        [] | [_] => dates::plain(words, text),
        several => dates::plain(words, &either(several)),
    }
}

/// "One of these" as one EDTF text: ranges lose their own brackets inside the set's.
fn either(dates: &[String]) -> String {
    let mut members = dates.iter().map(|date| date.trim_start_matches('[').trim_end_matches(']')).collect::<Vec<_>>();
    members.sort_unstable();
    format!("[{}]", members.join(","))
}

/// A value; `None` where it is not known.
pub(super) fn value(words: Words, property: &Property, cell: Cell<'_>) -> Option<Markup> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Text(text) => match property.kind {
            Kind::Edtf => dates::when(words, text),
            Kind::Uri => address(text),
            _ => code(words, property, text),
        },
        Cell::Integer(number) => with_unit(words, property, &words.integer(number.into())),
        Cell::Number(number) => with_unit(words, property, &words.number(number)),
        Cell::Boolean(true) => html! { (words.t("values.yes")) },
        Cell::Boolean(false) => html! { (words.t("values.no")) },
        Cell::Date(date) => dates::day(words, date),
        Cell::Timestamp(instant) => {
            let text = instant.to_string();
            html! { time datetime=(text) { (text) } }
        }
        Cell::Json(text) => match serde_json::from_str::<Vec<String>>(text) {
            Ok(list) => enumeration(words, property, &list)?,
            Err(_) => structure(words, text),
        },
    })
}

/// A text, or the words for the code that it is.
fn code(words: Words, property: &Property, text: &str) -> Markup {
    match words.code(property, text) {
        Some(spoken) => html! { data value=(text) { (spoken) } },
        None => html! { (text) },
    }
}

fn with_unit(words: Words, property: &Property, number: &str) -> Markup {
    // A dimensionless number has the unit 1 (SI Brochure, 9th edition, clause 2.3.3).
    match property.unit.as_deref().filter(|unit| *unit != "1") {
        Some(unit) => html! { (number) "\u{a0}" (words.code_of("unit", unit).unwrap_or(unit)) },
        None => html! { (number) },
    }
}

/// An address as a link, where it is one of the web; any other scheme (`javascript:`) stays text.
pub(super) fn address(text: &str) -> Markup {
    html! {
        @if is_web(text) { a .address href=(text) rel="external noopener noreferrer" { (text) } } @else { (text) }
    }
}

/// An address in a table: its host alone, as a link.
pub(super) fn host(text: &str) -> Markup {
    let host = text.split_once("://").map_or(text, |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    html! {
        @if is_web(text) { a href=(text) rel="external noopener noreferrer" { (host.strip_prefix("www.").unwrap_or(host)) } } @else { (text) }
    }
}

/// Whether an address is one of the web.
pub(super) fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// A list of texts; dates among them in words. `None` where it is empty.
fn enumeration(words: Words, property: &Property, list: &[String]) -> Option<Markup> {
    if list.is_empty() {
        return None;
    }
    let dated = list.iter().all(|item| item.contains('-') && item.parse::<When>().is_ok());
    Some(html! {
        ul .values { @for item in list { li { @if dated { (dates::when(words, item)) } @else { (code(words, property, item)) } } } }
    })
}

/// A structure as its JSON, folded.
fn structure(words: Words, text: &str) -> Markup {
    let value = serde_json::from_str::<serde_json::Value>(text);
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| text.to_owned());
    html! {
        details { summary { (words.t("values.structure")) } pre tabindex="0" { code { (pretty) } } }
    }
}

/// Where a feature is, in words and in numbers.
pub(super) fn position(words: Words, geometry: &Geometry) -> Markup {
    match geometry.flat() {
        geo::Geometry::Point(point) => html! {
            (lat_lon(words, point.y(), point.x()))
            " " code title=(words.t("values.lonlat")) { (point.x()) ", " (point.y()) }
        },
        other => html! {
            (words.t(&format!("geometry.{}", geometry_name(other))))
            @if let Some(rect) = geometry.bounds() { ", " (extent(words, &rect)) }
        },
    }
}

fn geometry_name(geometry: &geo::Geometry<f64>) -> &'static str {
    match geometry {
        geo::Geometry::LineString(_) | geo::Geometry::Line(_) => "line",
        geo::Geometry::Polygon(_) | geo::Geometry::Rect(_) | geo::Geometry::Triangle(_) => "polygon",
        geo::Geometry::MultiLineString(_) => "lines",
        geo::Geometry::MultiPolygon(_) => "polygons",
        geo::Geometry::Point(_) | geo::Geometry::MultiPoint(_) => "points",
        geo::Geometry::GeometryCollection(_) => "several",
    }
}

/// A rectangle in words, in degrees to two places (about a kilometre).
pub(super) fn extent(words: Words, rect: &Rect) -> String {
    words.fill(
        "values.extent",
        &[
            ("west", &longitude(words, rect.min_x, 2)),
            ("east", &longitude(words, rect.max_x, 2)),
            ("south", &latitude(words, rect.min_y, 2)),
            ("north", &latitude(words, rect.max_y, 2)),
        ],
    )
}

/// A point in words: latitude first, both with their directions.
pub(super) fn lat_lon(words: Words, lat: f64, lon: f64) -> String {
    [&latitude(words, lat, 5), words.t("values.between_degrees"), &longitude(words, lon, 5)].concat()
}

fn longitude(words: Words, degrees: f64, places: usize) -> String {
    angle(words, degrees, places, [words.t("values.east"), words.t("values.west")])
}

fn latitude(words: Words, degrees: f64, places: usize) -> String {
    angle(words, degrees, places, [words.t("values.north"), words.t("values.south")])
}

fn angle(words: Words, degrees: f64, places: usize, [positive, negative]: [&str; 2]) -> String {
    let text = words.number(format!("{:.places$}", degrees.abs()).parse().unwrap_or(degrees.abs()));
    // No-break spaces keep number, degree and letter on one line.
    format!("{text}°\u{a0}{}", if degrees < 0.0 { negative } else { positive })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Lang, Position, Text};

    fn property(kind: Kind) -> Property {
        Property { name: "p".into(), kind, title: Text::plain("P"), description: None, unit: None, role: None, codes: Vec::new() }
    }

    #[track_caller]
    fn shows(kind: Kind, cell: Cell<'_>, expected: &str) {
        let shown = value(Words::of(Lang::En), &property(kind), cell).map(Markup::into_string);
        assert_eq!(shown.as_deref(), Some(expected));
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        shows(Kind::Uri, Cell::Text("javascript:alert(1)"), "javascript:alert(1)");
        let shown = value(Words::of(Lang::En), &property(Kind::Uri), Cell::Text("https://a/?\"'<")).unwrap().into_string();
        assert!(shown.contains("href=\"https://a/?&quot;'&lt;\""), "{shown}");
    }

    #[test]
    fn long_texts_are_cut_at_a_word() {
        assert_eq!(short("one two three", 13), "one two three");
        assert_eq!(short("one two three", 10), "one two…");
        assert_eq!(short("ééééééé", 3), "ééé…");
        assert_eq!(short("a bbbbbbbbbbbbb", 10), "a bbbbbbbb…", "a word is cut rather than nearly all lost");
    }

    #[test]
    fn lists_and_structures() {
        shows(Kind::List, Cell::Json(r#"["<b>","Niger"]"#), "<ul class=\"values\"><li>&lt;b&gt;</li><li>Niger</li></ul>");
        assert!(value(Words::of(Lang::En), &property(Kind::List), Cell::Json("[]")).is_none());
        let shown = value(Words::of(Lang::En), &property(Kind::Json), Cell::Json(r#"[{"a":"</pre>"}]"#)).unwrap().into_string();
        assert!(shown.contains("&lt;/pre&gt;"), "{shown}");
    }

    #[test]
    fn positions_name_latitude_first_in_words_and_longitude_first_in_numbers() {
        let geometry = Geometry::point(Position::new(-3.00742, 16.77348).unwrap());
        let shown = position(Words::of(Lang::Fr), &geometry).into_string();
        assert!(shown.starts_with("16,77348°\u{a0}N\u{a0}; 3,00742°\u{a0}O <code"), "{shown}");
        assert!(shown.contains(">-3.00742, 16.77348<"), "{shown}");
    }
}
