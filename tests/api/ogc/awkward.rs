//! A data set made to be awkward: every geometry type with and without heights, nothing, no time, the antimeridian and the poles, an
//! empty collection, more features than a page holds, ids and names that need escaping.

use geo::{Coord, Geometry as Flat, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect};
use harmattan::{
    dataset::{Dataset, MapConfig, Prepared},
    gazetteer::Atlas,
    model::{
        Batch, Collection, Feature, Geometry, GeometryKind, Kind, Property, Role, Schema, Text, Value,
        when::{Bounds, When},
    },
};
use serde_json::json;

/// The collections that are served: these, and the gazetteer that every snapshot has beside it.
pub(crate) const COLLECTIONS: [&str; 5] = ["shapes", "süß & saß", "empty", "many", "nowhere"];
/// Ids that are anything but a name.
const IDS: [&str; 14] =
    ["a/b", "a b", "ä", "x?y#z", "100%", "\"quoted\"", "<script>alert(1)</script>", "a,b", "a+b", "~", "..a", "true", "%2F", "東京 & ✓"];
/// Features of the collection that is longer than a page may be.
pub(crate) const MANY: usize = 10_001;

/// The whole data set.
pub(crate) fn dataset() -> Dataset {
    let gazetteer = Dataset::embedded().expect("the embedded data set breaks no rule").gazetteer;
    let layers = vec![
        prepared("shapes", GeometryKind::Any, schema(), shapes(), true),
        // Without finished text: read from columns.
        prepared("süß & saß", GeometryKind::Any, schema(), shapes(), false),
        prepared("empty", GeometryKind::Point, schema(), Vec::new(), true),
        prepared("many", GeometryKind::Point, small_schema(), many(), true),
        prepared("nowhere", GeometryKind::None, schema(), nowhere(), true),
    ];
    Dataset { version: "awkward".into(), layers, map: MapConfig::default(), gazetteer, atlas: Atlas::world() }
}

fn prepared(id: &str, geometry: GeometryKind, schema: Schema, features: Vec<Feature>, arena: bool) -> Prepared {
    let collection = Collection {
        title: Text::plain(format!("{id} <b>&amp;</b>")),
        description: Text::plain("\"quotes\", <tags> & ünïcode"),
        keywords: vec!["a,b".into(), "<i>".into()],
        ..Collection::new(id, geometry, schema)
    };
    let views = vec![Batch::from_features(&collection.schema, &features)];
    Prepared { collection, views, arena }
}

/// Properties of every type, with names that need escaping or that other members and parameters have as well.
fn schema() -> Schema {
    let property = |(name, kind): (&str, Kind)| Property {
        title: Text::plain(format!("<{name}>")),
        unit: matches!(kind, Kind::Integer | Kind::Number).then(|| "odd things".to_owned()),
        role: (kind == Kind::Date).then_some(Role::PrimaryInstant),
        ..Property::new(name, kind)
    };
    let kinds = [
        ("a b", Kind::Text),
        ("ünï,cødé", Kind::Text),
        ("-minus", Kind::Integer),
        ("id", Kind::Text),
        ("geometry", Kind::Text),
        ("limit", Kind::Integer),
        ("\"quoted\"", Kind::Number),
        ("flag", Kind::Boolean),
        ("day", Kind::Date),
        ("moment", Kind::Timestamp),
        ("edtf", Kind::Edtf),
        ("link", Kind::Uri),
        ("list", Kind::List),
        ("structure", Kind::Json),
        ("mixed", Kind::Json),
    ];
    Schema { properties: kinds.into_iter().map(property).collect() }
}

/// Of the collection whose features are many, the first property alone, so that the tests stay quick.
fn small_schema() -> Schema {
    Schema { properties: schema().properties.into_iter().take(1).collect() }
}

/// Values of feature `number`; every fifth has none at all.
fn values(number: usize) -> Vec<Value> {
    if number % 5 == 4 {
        return vec![Value::Null; schema().properties.len()];
    }
    let integer = i64::try_from(number).unwrap();
    let day = jiff::civil::date(2020, 1, 1).saturating_add(jiff::Span::new().days(integer));
    vec![
        format!("Menaka-{number} <b>").into(),
        "Ünïcödé \u{202e}\u{0} \"\\ \n".into(),
        Value::Integer(-integer),
        format!("own id {}", number % 3).into(),
        "POINT(0 0)".into(),
        Value::Integer(i64::MAX - integer),
        Value::Number(integer as f64 / 3.0),
        Value::Boolean(number.is_multiple_of(2)),
        Value::Date(day),
        Value::Timestamp(harmattan::model::when::Instant::from_millis(integer * 86_400_000)),
        "2023-08~".into(),
        "https://example.org/?a=b&c='d'".into(),
        Value::List(vec!["one, two".into(), "Gao région".into()]),
        json!({ "deep": { "er": [1, null, "x"] } }).into(),
        if number.is_multiple_of(2) { json!([1, "two"]).into() } else { json!({ "k": null }).into() },
    ]
}

fn bounds(number: usize) -> Option<Bounds> {
    let texts = ["2023-08", "2023-08-03/2023-08-05", "[2023-08-25..2023-08-31]", "2023-08/..", "-0043"];
    (!number.is_multiple_of(6)).then(|| texts[number % texts.len()].parse::<When>().unwrap().bounds())
}

fn feature(number: usize, id: String, geometry: Option<Geometry>) -> Feature {
    Feature { id, geometry, time: bounds(number), values: values(number) }
}

fn line(coords: &[(f64, f64)]) -> LineString {
    coords.iter().map(|&(x, y)| Coord { x, y }).collect()
}

fn square(x: f64, y: f64, side: f64) -> Polygon {
    Rect::new(Coord { x, y }, Coord { x: x + side, y: y + side }).to_polygon()
}

/// Geometries of every type.
fn geometries() -> Vec<Flat<f64>> {
    let ring = Polygon::new(square(0.0, 0.0, 9.0).exterior().clone(), vec![square(3.0, 3.0, 3.0).exterior().clone()]);
    let wave = (0..200).map(|step| (f64::from(step) / 10.0, (f64::from(step) / 7.0).sin())).collect::<Vec<_>>();
    vec![
        Point::new(2.4, 15.9).into(),
        Point::new(180.0, 67.0).into(),
        Point::new(-180.0, -67.0).into(),
        Point::new(12.0, 90.0).into(),
        Point::new(-12.0, -90.0).into(),
        line(&[(178.0, 66.0), (180.0, 66.5)]).into(),
        line(&wave).into(),
        ring.into(),
        MultiPoint(vec![Point::new(-179.0, 66.0), Point::new(179.0, 66.0)]).into(),
        MultiLineString(vec![line(&[(0.0, 0.0), (1.0, 1.0)]), line(&[(5.0, 5.0), (6.0, 7.0), (8.0, 8.0)])]).into(),
        MultiPolygon(vec![square(170.0, -20.0, 10.0), square(-180.0, -20.0, 10.0)]).into(),
        Flat::GeometryCollection(GeometryCollection(vec![Point::new(1.0, 2.0).into(), square(40.0, 40.0, 5.0).into()])),
    ]
}

fn shapes() -> Vec<Feature> {
    use geo::CoordsIter;
    let plain = geometries().into_iter().map(|flat| Some(Geometry::new(flat).unwrap()));
    let tall = geometries().into_iter().map(|flat| {
        // By the place, so that a ring ends where it began.
        let heights = flat.coords_iter().map(|at| (at.x * 3.0 + at.y * 10.5).abs()).collect();
        Some(Geometry::new(flat).unwrap().with_heights(heights).unwrap())
    });
    let empty = Some(Geometry::new(Flat::MultiPoint(MultiPoint(Vec::new()))).unwrap());
    let all = plain.chain(tall).chain([None, None, empty]).collect::<Vec<_>>();
    let id = |number: usize| IDS.get(number).map_or_else(|| format!("n{number}"), |id| (*id).to_owned());
    all.into_iter().enumerate().map(|(number, geometry)| feature(number, id(number), geometry)).collect()
}

fn many() -> Vec<Feature> {
    let place = |number: usize| Point::new((number % 360) as f64 - 180.0, (number / 360) as f64 - 14.0);
    let feature = |number: usize| Feature {
        id: number.to_string(),
        geometry: Some(Geometry::new(place(number).into()).unwrap()),
        time: bounds(number),
        values: values(number).into_iter().take(1).collect(),
    };
    (0..MANY).map(feature).collect()
}

fn nowhere() -> Vec<Feature> {
    (0..3).map(|number| Feature { id: format!("n{number}"), geometry: None, time: None, values: values(number) }).collect()
}
