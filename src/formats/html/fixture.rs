//! What the tests of the pages share: a frame, and a small data set whose every text tries to break out of its place.

use std::sync::Arc;

use jiff::civil::date;

use super::{super::Link, Frame};
use crate::{
    model::{
        Collection, Feature, Geometry, GeometryKind, Kind, Lang, Licence, Position, Property, Provenance, Role, Schema, Text, Value, Views,
    },
    store::{Layer, Table},
};

/// A name that is markup, ends attributes and opens handlers.
pub(super) const HOSTILE: &str = r#"<script>alert(1)</script> "x' onmouseover=alert(2) &amp; --> {n}"#;

/// The frame of a page at `path` with the query `query` (with its question mark).
pub(super) fn frame(base: &str, path: &str, query: &str) -> Frame {
    let lang = if query.contains("lang=fr") { Lang::Fr } else { Lang::En };
    let own = format!("{base}{path}{query}");
    Frame {
        lang,
        base: base.into(),
        in_languages: Lang::ALL.iter().map(|lang| format!("{base}{path}?lang={}", lang.tag())).collect(),
        service: HOSTILE.into(),
        links: vec![
            Link::new("self", own.clone()).media("text/html").title("HTML"),
            Link::new("alternate", format!("{own}&f=json")).media("application/geo+json").title("GeoJSON"),
            Link::new("next", format!("{own}&cursor=x")).media("text/html").title("Next page"),
            Link::new("collection", format!("{base}/collections/bases")).media("application/json").title(HOSTILE),
        ],
    }
}

fn property(name: &str, kind: Kind) -> Property {
    Property { title: Text::plain(HOSTILE), description: Some(Text::plain(HOSTILE)), ..Property::new(name, kind) }
}

fn layer(id: &str, geometry: GeometryKind, properties: Vec<Property>, features: Vec<Feature>) -> Layer {
    let schema = Schema { properties };
    let collection = Collection {
        id: id.into(),
        title: Text::plain(HOSTILE),
        description: Text::plain(HOSTILE),
        keywords: vec![HOSTILE.into()],
        licence: Some(Licence { name: HOSTILE.into(), address: "https://example.org/?a=\"<".into() }),
        attribution: Some(HOSTILE.into()),
        source: Some(Provenance { name: HOSTILE.into(), address: Some("https://example.org/?b=\"<".into()) }),
        geometry,
        schema: schema.clone(),
        label: Some(Text::plain("name")),
        views: (id != "sources").then(|| Views { parameter: "basis".into(), names: vec!["all".into()] }),
    };
    Layer { collection, tables: vec![Arc::new(Table::of_features(schema, &features, false))].into() }
}

/// Bases, claims and sources: one base with a position and a dispute, one without either.
pub(super) fn layers() -> Vec<Layer> {
    let point = Geometry::point(Position::new(-3.0, 16.8).unwrap());
    let text = |text: &str| Value::Text(text.into());
    let mut earliest = property("closed_earliest", Kind::Date);
    earliest.role = Some(Role::PrimaryIntervalStart);
    let mut agreement = property("agreement", Kind::Text);
    agreement.codes = vec!["disputed".into(), "none".into()];
    let properties = vec![
        property("name", Kind::Text),
        property("closed", Kind::Edtf),
        earliest,
        agreement,
        property("alternatives", Kind::List),
        property("acts", Kind::Json),
        property("address", Kind::Uri),
    ];
    let days = vec!["2023-08-03".to_owned(), "2023-08-04".to_owned()];
    let acts = serde_json::json!([{ "act": HOSTILE, "when": "2023-08-03", "agreement": HOSTILE }, { "act": "closed", "when": HOSTILE, "agreement": "single" }]);
    let values = vec![
        text(HOSTILE),
        text("[2023-08-03..2023-08-04]"),
        Value::Date(date(2023, 8, 3)),
        text("disputed"),
        Value::List(days),
        Value::from(acts),
        text("javascript:alert(1)"),
    ];
    let nothing = |name: &str| [text(name)].into_iter().chain(std::iter::repeat_n(Value::Null, 6)).collect();
    let bases = vec![
        Feature { id: "a\"b".into(), geometry: Some(point), time: None, values },
        Feature { id: "nowhere".into(), geometry: None, time: None, values: nothing("Nowhere") },
    ];
    let names = ["name", "subject", "property", "value", "act", "modality", "source", "anchor", "note"];
    let claim = |value: &str| ["c", "a\"b", "closed", value, HOSTILE, "reported", "<s>", HOSTILE, HOSTILE].map(text).to_vec();
    let claims =
        ["2023-08-03", HOSTILE].map(|value| Feature { id: format!("{value}<c>"), geometry: None, time: None, values: claim(value) });
    let source = [HOSTILE, HOSTILE, HOSTILE, HOSTILE].map(text).to_vec();
    let source = Feature { id: "<s>".into(), geometry: None, time: None, values: source };
    vec![
        layer("bases", GeometryKind::Point, properties, bases),
        layer("claims", GeometryKind::Point, names.map(|name| property(name, Kind::Text)).into(), claims.into()),
        layer(
            "sources",
            GeometryKind::None,
            ["name", "title", "publisher", "language"].map(|name| property(name, Kind::Text)).into(),
            vec![source],
        ),
    ]
}
