//! Claims and their sources, read back from the collections that serve them.

use crate::{
    model::{Act, Basis, Bound, Claim, ClaimValue, Confidence, Modality, Reading, Source},
    store::{Cell, Layer, Row},
};

/// The collection of those who make claims, and the claims' property that names one.
pub(super) const SOURCES: (&str, &str) = ("sources", "source");

/// A claim with the source that makes it.
pub(super) type Pair = (Claim, Source);

/// The claims of some rows; without those whose values do not read.
pub(super) fn pairs(layers: &[Layer], rows: &[Row<'_>]) -> Vec<Pair> {
    let sources = layers.iter().find(|layer| layer.collection.id == SOURCES.0).map(Layer::table);
    let found = |id: &str| sources.and_then(|table| table.find(id).map(|position| table.row(position)));
    rows.iter().filter_map(|row| pair(row, &found)).collect()
}

fn pair<'a>(row: &Row<'a>, found: &dyn Fn(&str) -> Option<Row<'a>>) -> Option<Pair> {
    let id = row.text(SOURCES.1)?;
    let source = found(id);
    let text = |name: &str| row.text(name).map(str::to_owned);
    let of_source = |name: &str| source.and_then(|source| source.text(name)).map(str::to_owned);
    let date = |name: &str| row.text(name).and_then(|text| text.parse().ok());
    let claim = Claim {
        id: row.id().to_owned(),
        source: id.to_owned(),
        subject: text("subject").unwrap_or_default(),
        property: text("property")?,
        value: value(row)?,
        act: named(row.text("act"), &[Act::Departed, Act::HandedOver, Act::Closed, Act::FlagLowered], Act::as_str),
        modality: named(row.text("modality"), &[Modality::Reported, Modality::Planned, Modality::NotYet], Modality::as_str)?,
        reading: named(row.text("reading"), &[Reading::Literal, Reading::Derived], Reading::as_str).unwrap_or(Reading::Literal),
        confidence: named(row.text("confidence"), &[Confidence::Low, Confidence::Medium, Confidence::High], Confidence::as_str)?,
        loose: text("loose"),
        as_of: date("as_of"),
        counted: None,
        unit: text("unit"),
        bound: named(row.text("bound"), &[Bound::Exactly, Bound::AtLeast, Bound::About, Bound::AtMost], Bound::as_str).unwrap_or_default(),
        note: None,
        locator: None,
    };
    let source = Source {
        id: id.to_owned(),
        title: of_source("title"),
        publisher: of_source("publisher"),
        author: of_source("author"),
        published: of_source("published").and_then(|text| text.parse().ok()),
        published_note: None,
        address: of_source("address"),
        language: of_source("language"),
        rights: None,
        retrieved: None,
        basis: named(row.text("basis"), &[Basis::Documents, Basis::Public], Basis::as_str).unwrap_or(Basis::Public),
        sha256: None,
        characters: None,
    };
    Some((claim, source))
}

/// The value that a word names.
fn named<T: Copy>(word: Option<&str>, all: &[T], as_str: fn(T) -> &'static str) -> Option<T> {
    all.iter().copied().find(|value| word == Some(as_str(*value)))
}

/// The typed value: a date where it has bounds in time, a number where it has bounds in number.
fn value(row: &Row<'_>) -> Option<ClaimValue> {
    let text = row.text("value")?;
    let known = |name: &str| row.cell(name) != Cell::Null;
    if known("value_earliest") || known("value_latest") {
        return text.parse().ok().map(ClaimValue::When);
    }
    if known("value_low") || known("value_high") {
        return text.parse().ok().map(ClaimValue::Integer);
    }
    Some(ClaimValue::Text(text.to_owned()))
}
