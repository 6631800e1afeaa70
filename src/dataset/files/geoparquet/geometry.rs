//! The geometry of a row (GeoParquet 1.1.0, “Encoding”).

use parquet::record::Field;

use super::super::{
    fault::Rule,
    shape::{Nest, Shape},
    wkb,
};

/// How geometries are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Well-known binary.
    Wkb,
    /// Lists of coordinates, as GeoArrow has them: the type, by its name in GeoJSON.
    Native(&'static str),
}

/// The native encodings: name, type, and how many lists stand around a position.
const NATIVE: [(&str, &str, usize); 6] = [
    ("point", "Point", 0),
    ("linestring", "LineString", 1),
    ("polygon", "Polygon", 2),
    ("multipoint", "MultiPoint", 1),
    ("multilinestring", "MultiLineString", 2),
    ("multipolygon", "MultiPolygon", 3),
];

impl Encoding {
    pub(super) fn new(name: &str) -> Option<Self> {
        let native = || NATIVE.iter().find(|(native, ..)| *native == name).map(|(_, kind, _)| Self::Native(kind));
        if name.eq_ignore_ascii_case("WKB") { Some(Self::Wkb) } else { native() }
    }
}

/// Reads the geometry of a field; an empty one where there is none.
pub(super) fn read(field: &Field, encoding: Encoding) -> Result<Shape, Rule> {
    match (field, encoding) {
        (Field::Null, _) => Ok(Shape::Collection(Vec::new())),
        (Field::Bytes(bytes), Encoding::Wkb) => Ok(wkb::read(bytes.data())?.0),
        (field, Encoding::Native(kind)) => {
            let depth = NATIVE.iter().find(|(_, name, _)| *name == kind).map_or(0, |(_, _, depth)| *depth);
            Ok(Shape::new(kind, nest(field, depth)?).unwrap_or(Shape::Collection(Vec::new())))
        }
        (_, Encoding::Wkb) => Err(Rule::Damaged("its geometry is no binary data".to_owned())),
    }
}

fn nest(field: &Field, depth: usize) -> Result<Nest, Rule> {
    match (field, depth) {
        (Field::Group(row), 0) => {
            let number = |wanted: &str| {
                row.get_column_iter().find(|(name, _)| *name == wanted).and_then(|(_, field)| match field {
                    Field::Double(number) => Some(*number),
                    Field::Float(number) => Some((*number).into()),
                    _ => None,
                })
            };
            match (number("x"), number("y"), number("z")) {
                // An empty point has no numbers.
                (Some(x), Some(y), _) if x.is_nan() && y.is_nan() => Ok(Nest::List(Vec::new())),
                (Some(x), Some(y), z) => {
                    Ok(Nest::Position { numbers: [x, y, z.unwrap_or_default()], count: if z.is_some() { 3 } else { 2 } })
                }
                _ => Err(Rule::Damaged("a position of its geometry has no x or no y".to_owned())),
            }
        }
        (Field::ListInternal(list), 1..) => {
            list.elements().iter().map(|field| nest(field, depth - 1)).collect::<Result<_, _>>().map(Nest::List)
        }
        _ => Err(Rule::Damaged("its geometry is not nested as its encoding says".to_owned())),
    }
}
