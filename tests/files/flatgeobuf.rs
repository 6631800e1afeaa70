//! FlatGeobuf, as others write it: the crate's writer, and GDAL.
//!
//! `invented.fgb` was made of `invented.geojson` by GDAL 3.6.2: `ogr2ogr -f FlatGeobuf -dim XYZ invented.fgb invented.geojson`.

use flatgeobuf::{
    ColumnType, FgbWriter, FgbWriterOptions, GeometryType,
    geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor, error::Result},
};
use geo::{Coord, Geometry as Flat, LineString, Polygon};
use harmattan::model::{Feature, Geometry, Value};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    roundtrip::{Made, check, made},
    support::features,
};

/// A geometry that the crate's writer asks for, event by event.
struct Written<'a>(&'a Option<Geometry>);

impl GeozeroGeometry for Written<'_> {
    fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> Result<()> {
        let Some(geometry) = self.0 else { return Ok(()) };
        let mut heights = geometry.heights().map(<[f64]>::iter);
        let mut each = |to: &mut P, at: &Coord| {
            let height = heights.as_mut().and_then(Iterator::next);
            to.coordinate(at.x, at.y, height.copied(), None, None, None, 0)
        };
        let mut line = |to: &mut P, line: &LineString, is_own: bool| {
            to.linestring_begin(is_own, line.0.len(), 0)?;
            line.0.iter().try_for_each(|at| each(to, at))?;
            to.linestring_end(is_own, 0)
        };
        let mut polygon = |to: &mut P, polygon: &Polygon, is_own: bool| {
            to.polygon_begin(is_own, 1 + polygon.interiors().len(), 0)?;
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).try_for_each(|ring| line(to, ring, false))?;
            to.polygon_end(is_own, 0)
        };
        match geometry.flat() {
            Flat::Point(point) => {
                to.point_begin(0)?;
                each(to, &point.0)?;
                to.point_end(0)
            }
            Flat::MultiPoint(points) => {
                to.multipoint_begin(points.0.len(), 0)?;
                points.0.iter().try_for_each(|point| each(to, &point.0))?;
                to.multipoint_end(0)
            }
            Flat::LineString(own) => line(to, own, true),
            Flat::MultiLineString(lines) => {
                to.multilinestring_begin(lines.0.len(), 0)?;
                lines.0.iter().try_for_each(|own| line(to, own, false))?;
                to.multilinestring_end(0)
            }
            Flat::Polygon(own) => polygon(to, own, true),
            Flat::MultiPolygon(polygons) => {
                to.multipolygon_begin(polygons.0.len(), 0)?;
                polygons.0.iter().try_for_each(|own| polygon(to, own, false))?;
                to.multipolygon_end(0)
            }
            other => unreachable!("{other:?} is not written"),
        }
    }
}

fn write(made: &[Made], write_index: bool) -> Vec<u8> {
    let options = FgbWriterOptions { write_index, detect_type: false, promote_to_multi: false, has_z: true, ..FgbWriterOptions::default() };
    let mut writer = FgbWriter::create_with_options("made", GeometryType::Unknown, options).unwrap();
    let columns = [
        ("id", ColumnType::UInt),
        ("text", ColumnType::String),
        ("integer", ColumnType::Long),
        ("number", ColumnType::Double),
        ("is", ColumnType::Bool),
        ("list", ColumnType::Json),
        ("json", ColumnType::Json),
    ];
    for (name, kind) in columns {
        writer.add_column(name, kind, |_, _| {});
    }
    for (id, (geometry, text, integer, number, is)) in made.iter().enumerate() {
        let json = json!({ "id": id }).to_string();
        let values = [
            Some(ColumnValue::UInt(id.try_into().unwrap())),
            text.as_deref().map(ColumnValue::String),
            integer.map(ColumnValue::Long),
            number.map(ColumnValue::Double),
            is.map(ColumnValue::Bool),
            Some(ColumnValue::Json(r#"["a","b"]"#)),
            Some(ColumnValue::Json(&json)),
        ];
        let properties = |to: &mut dyn PropertyProcessor| {
            for (index, value) in values.iter().enumerate() {
                value.as_ref().map(|value| to.property(index, columns[index].0, value).unwrap());
            }
        };
        writer.add_feature_geom(Written(geometry), |to| properties(to)).unwrap();
    }
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

/// The index changes the order.
fn sorted(mut features: Vec<Feature>) -> Vec<Feature> {
    features.sort_by(|one, other| one.id.cmp(&other.id));
    features
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_the_crate_writes(mut made in made(), write_index: bool) {
        // The crate's writer mistakes the type of a collection for that of its last part: GDAL's are read below.
        for (geometry, ..) in &mut made {
            *geometry = geometry.take().filter(|geometry| !matches!(geometry.flat(), Flat::GeometryCollection(_)));
        }
        let (names, features) = features("a.fgb", write(&made, write_index));
        prop_assert_eq!(names, ["text", "integer", "number", "is", "list", "json"]);
        check(&made, &sorted(features), false);
    }
}

#[test]
fn what_gdal_writes_is_what_it_was_made_of() {
    let (names, read) = features("invented.fgb", include_bytes!("invented.fgb"));
    let (expected_names, expected) = features("invented.geojson", include_bytes!("invented.geojson"));
    assert_eq!(names, expected_names);
    assert_eq!(sorted(read), expected);
    assert_eq!(expected[0].values[0], Value::Integer(9_007_199_254_740_993));
}
