//! Features written in each format are read back as they were.

use geo::{Geometry as Flat, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use harmattan::{
    model::{Feature, Geometry, Value},
    store::feature_text::write_geometry,
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::json;

use crate::support::features;

fn coord() -> impl Strategy<Value = (f64, f64)> {
    (-180.0..=180.0, -90.0..=90.0)
}

fn line(least: usize) -> impl Strategy<Value = LineString> {
    vec(coord(), least..6).prop_map(LineString::from)
}

/// A polygon that GeoJSON can write: rings of four positions and more, closed.
fn polygon() -> impl Strategy<Value = Polygon> {
    (line(3), vec(line(3), 0..3)).prop_map(|(exterior, interiors)| Polygon::new(exterior, interiors))
}

fn single() -> impl Strategy<Value = Flat> {
    let has_rings = |polygon: &Polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).all(|ring| ring.0.len() > 3);
    let polygon = move || polygon().prop_filter("rings of four positions", move |polygon| has_rings(polygon));
    prop_oneof![
        3 => coord().prop_map(|at| Flat::Point(Point::from(at))),
        1 => vec(coord(), 1..4).prop_map(|list| Flat::MultiPoint(MultiPoint::from(list))),
        1 => line(2).prop_map(Flat::LineString),
        1 => vec(line(2), 1..3).prop_map(|list| Flat::MultiLineString(MultiLineString(list))),
        1 => polygon().prop_map(Flat::Polygon),
        1 => vec(polygon(), 1..3).prop_map(|list| Flat::MultiPolygon(MultiPolygon(list))),
    ]
}

pub(crate) fn geometry() -> impl Strategy<Value = Geometry> {
    let flat = prop_oneof![
        6 => single(),
        1 => vec(single(), 1..3).prop_map(|list| Flat::GeometryCollection(geo::GeometryCollection(list))),
    ];
    (flat, option::of(-400.0..9_000.0)).prop_map(|(flat, height)| {
        let geometry = Geometry::new(flat).unwrap();
        let count = geo::CoordsIter::coords_count(geometry.flat());
        match height {
            Some(height) => geometry.with_heights((0..count).map(|n| height + n as f64).collect()).unwrap(),
            None => geometry,
        }
    })
}

/// A geometry, a text, a whole number, a number and whether it is so.
pub(crate) type Made = (Option<Geometry>, Option<String>, Option<i64>, Option<f64>, Option<bool>);

/// Records whose columns are what they are from the first on, so that no type is left to chance.
pub(crate) fn made() -> impl Strategy<Value = Vec<Made>> {
    let text = "[a-z ,;\"'\\\\\u{e9}\u{4e2d}]{0,12}x";
    let one = (option::of(geometry()), option::of(text), option::of(any::<i64>()), option::of(-1e9..1e9), option::of(any::<bool>()));
    vec(one, 1..6).prop_map(|mut list| {
        let first = &mut list[0];
        (first.1, first.2, first.3, first.4) = (Some("x".into()), Some(7), Some(0.5), Some(true));
        list
    })
}

fn feature(made: &Made, id: usize) -> String {
    let (geometry, text, integer, number, is) = made;
    let mut shape = b"null".to_vec();
    if let Some(geometry) = geometry {
        shape.clear();
        write_geometry(&mut shape, geometry);
    }
    let properties = json!({ "text": text, "integer": integer, "number": number, "is": is, "list": ["a", "b"], "json": { "id": id } });
    format!(r#"{{"type":"Feature","id":{id},"geometry":{},"properties":{properties}}}"#, String::from_utf8(shape).unwrap())
}

/// What the records must come back as; tables have neither lists nor structures.
pub(crate) fn check(made: &[Made], features: &[Feature], is_table: bool) {
    assert_eq!(made.len(), features.len());
    for (id, ((geometry, text, integer, number, is), feature)) in made.iter().zip(features).enumerate() {
        assert_eq!((&feature.geometry, feature.id.as_str()), (geometry, id.to_string().as_str()));
        let text = text.as_deref();
        let mut values = vec![Value::from(text), (*integer).into(), (*number).into(), is.map_or(Value::Null, Value::Boolean)];
        if !is_table {
            values.extend([Value::List(vec!["a".into(), "b".into()]), Value::from(json!({ "id": id }))]);
        }
        assert_eq!(feature.values, values);
    }
}

/// A geometry as well-known text.
fn wkt(geometry: &Geometry) -> String {
    let mut heights = geometry.heights().map(<[f64]>::iter);
    let z = if heights.is_some() { " Z" } else { "" };
    flat(geometry.flat(), z, &mut |at| {
        let height = heights.as_mut().and_then(Iterator::next).map(|height| format!(" {height}")).unwrap_or_default();
        format!("{} {}{height}", at.x, at.y)
    })
}

fn flat(geometry: &Flat, z: &str, coord: &mut dyn FnMut(&geo::Coord) -> String) -> String {
    fn list<T>(items: impl IntoIterator<Item = T>, mut each: impl FnMut(T) -> String) -> String {
        format!("({})", items.into_iter().map(&mut each).collect::<Vec<_>>().join(", "))
    }
    fn polygon(polygon: &Polygon, coord: &mut dyn FnMut(&geo::Coord) -> String) -> String {
        list(std::iter::once(polygon.exterior()).chain(polygon.interiors()), |ring| list(&ring.0, &mut *coord))
    }
    match geometry {
        Flat::Point(point) => format!("POINT{z} ({})", coord(&point.0)),
        Flat::MultiPoint(points) => format!("MULTIPOINT{z} {}", list(&points.0, |point| format!("({})", coord(&point.0)))),
        Flat::LineString(line) => format!("LINESTRING{z} {}", list(&line.0, coord)),
        Flat::MultiLineString(lines) => format!("MULTILINESTRING{z} {}", list(&lines.0, |line| list(&line.0, &mut *coord))),
        Flat::Polygon(rings) => format!("POLYGON{z} {}", polygon(rings, coord)),
        Flat::MultiPolygon(all) => format!("MULTIPOLYGON{z} {}", list(&all.0, |rings| polygon(rings, coord))),
        Flat::GeometryCollection(parts) => format!("GEOMETRYCOLLECTION{z} {}", list(&parts.0, |part| flat(part, z, coord))),
        other => unreachable!("{other:?} is not made"),
    }
}

fn table(made: &[Made], delimiter: char, shape: impl Fn(&Geometry) -> String, header: &str) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut rows = header.replace(',', &delimiter.to_string());
    for (id, (geometry, text, integer, number, is)) in made.iter().enumerate() {
        let blank = if header.contains("lon") { delimiter.to_string() } else { String::new() };
        let cells = [
            id.to_string(),
            text.as_deref().map(quoted).unwrap_or_default(),
            integer.map(|integer| integer.to_string()).unwrap_or_default(),
            number.map(|number| number.to_string()).unwrap_or_default(),
            is.map(|is| is.to_string()).unwrap_or_default(),
            geometry.as_ref().map_or(blank, &shape),
        ];
        rows = rows + "\n" + &cells.join(&delimiter.to_string());
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn geojson_and_its_sequences(made in made()) {
        let texts = made.iter().enumerate().map(|(id, made)| feature(made, id)).collect::<Vec<_>>();
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, texts.join(","));
        let separated = texts.iter().map(|text| format!("\u{1e}{text}\n")).collect::<String>();
        for (name, text) in [("a.geojson", &collection), ("a.ndjson", &texts.join("\n")), ("a.geojsons", &separated)] {
            let (names, features) = features(name, text);
            prop_assert_eq!(names, ["text", "integer", "number", "is", "list", "json"]);
            check(&made, &features, false);
        }
    }

    #[test]
    fn tables_with_well_known_text(made in made(), delimiter in prop_oneof![Just(','), Just(';'), Just('\t')]) {
        let text = table(&made, delimiter, |geometry| format!("\"{}\"", wkt(geometry)), "id,text,integer,number,is,wkt");
        let (names, features) = features("a.csv", text);
        prop_assert_eq!(names, ["text", "integer", "number", "is"]);
        check(&made, &features, true);
    }

    #[test]
    fn tables_with_coordinates(mut made in made(), at in coord()) {
        for (geometry, ..) in &mut made {
            *geometry = geometry.take().map(|_| Geometry::new(Flat::Point(Point::from(at))).unwrap());
        }
        let (lon, lat) = at;
        let (_, features) = features("a.tsv", table(&made, '\t', |_| format!("{lon}\t{lat}"), "id,text,integer,number,is,lon,lat"));
        check(&made, &features, true);
    }
}
