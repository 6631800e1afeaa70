//! A geometry of Esri's → a shape.

use geo::{Area, BoundingRect, Contains, Coord, Intersects, LineString, Point, Polygon};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::super::{
    fault::Rule,
    shape::{Nest, Shape},
};

/// Outer rings times holes of one geometry at the most: each hole is looked for in each.
const MOST_PAIRS: usize = 100_000_000;

/// Which numbers follow x and y.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Heights {
    pub(super) has_z: Option<bool>,
    pub(super) has_m: Option<bool>,
}

/// A geometry, as far as it is read: which of the members it has says what it is.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "a geometry of Esri's")]
pub(super) struct Shaped {
    x: Option<Value>,
    y: Option<Value>,
    z: Option<Value>,
    points: Option<Nest>,
    paths: Option<Nest>,
    rings: Option<Nest>,
    curve_paths: Option<IgnoredAny>,
    curve_rings: Option<IgnoredAny>,
    xmin: Option<f64>,
    ymin: Option<f64>,
    xmax: Option<f64>,
    ymax: Option<f64>,
    has_z: Option<bool>,
    has_m: Option<bool>,
    /// Its own system, where that of the set is not it.
    pub(super) spatial_reference: Option<Value>,
}

impl Shaped {
    /// The shape, unchecked; `None` where it is empty.
    pub(super) fn shape(self, set: Heights) -> Result<Option<Shape>, Rule> {
        if self.curve_paths.is_some() || self.curve_rings.is_some() {
            return Err(Rule::Curves);
        }
        let (has_z, has_m) = (self.has_z.or(set.has_z), self.has_m.or(set.has_m));
        // What is neither said to be a height nor a measure is a height.
        let most = if has_z == Some(true) || has_z.is_none() && has_m != Some(true) { 3 } else { 2 };
        let plain = |mut nest: Nest| {
            cut(&mut nest, most);
            nest
        };
        if let Some(points) = self.points {
            return Ok(Some(Shape::MultiPoint(plain(points))));
        }
        if let Some(paths) = self.paths {
            let Nest::List(mut paths) = plain(paths) else { return Err(Rule::Nesting("polyline")) };
            let one = if paths.len() == 1 { paths.pop() } else { None };
            return Ok(Some(one.map_or_else(|| Shape::MultiLineString(Nest::List(paths)), Shape::LineString)));
        }
        if let Some(rings) = self.rings {
            let Nest::List(rings) = plain(rings) else { return Err(Rule::Nesting("polygon")) };
            return polygons(rings).map(Some);
        }
        if let (Some(west), Some(south), Some(east), Some(north)) = (self.xmin, self.ymin, self.xmax, self.ymax) {
            let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
            let ring = corners.map(|(x, y)| Nest::Position { numbers: [x, y, 0.0], count: 2 });
            return Ok(Some(Shape::Polygon(Nest::List(vec![Nest::List(ring.to_vec())]))));
        }
        let number = |value: &Option<Value>| match value {
            None | Some(Value::Null) => Ok(None),
            // As a service writes the point that is empty.
            Some(Value::String(text)) if text.eq_ignore_ascii_case("nan") => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) => Ok(Some(number)),
                None => Err(Rule::Expected { expected: "a number", found: value.to_string().chars().take(40).collect() }),
            },
        };
        let (Some(x), Some(y)) = (number(&self.x)?, number(&self.y)?) else { return Ok(None) };
        let z = number(&self.z)?.filter(|_| most == 3);
        Ok(Some(Shape::Point(Nest::Position { numbers: [x, y, z.unwrap_or_default()], count: 2 + usize::from(z.is_some()) })))
    }
}

/// Leaves out the numbers of positions beyond the first `most`.
fn cut(nest: &mut Nest, most: usize) {
    match nest {
        Nest::Number(_) => {}
        Nest::Position { count, .. } => *count = (*count).min(most),
        Nest::List(list) => list.iter_mut().for_each(|nest| cut(nest, most)),
    }
}

/// Rings, outer ones clockwise and holes the other way, as polygons, whose rings turn as GeoJSON has them. A hole is in the smallest
/// outer ring around it; one that is in none is an outer ring itself, as are all where none turns clockwise.
fn polygons(rings: Vec<Nest>) -> Result<Shape, Rule> {
    let outlines = rings.iter().map(|ring| Polygon::new(line(ring), Vec::new())).collect::<Vec<_>>();
    let areas = outlines.iter().map(Area::signed_area).collect::<Vec<_>>();
    let outer = (0..rings.len()).filter(|index| areas[*index] < 0.0).collect::<Vec<_>>();
    if outer.len() * (rings.len() - outer.len()) > MOST_PAIRS {
        return Err(Rule::TooManyRings(rings.len()));
    }
    let boxes = outlines.iter().map(BoundingRect::bounding_rect).collect::<Vec<_>>();
    let holder = |hole: usize| {
        let [first, second, ..] = outlines[hole].exterior().0[..] else { return None };
        // A hole may touch its ring in a corner; hardly in the middle of an edge as well.
        let points = [Point(first), Point((first + second) / 2.0)];
        let holds = |index: &&usize| {
            boxes[**index].is_some_and(|bounds| bounds.intersects(&points[0]))
                && points.iter().any(|point| outlines[**index].contains(point))
        };
        outer.iter().filter(holds).max_by(|a, b| areas[**a].total_cmp(&areas[**b])).copied()
    };
    let holders = (0..rings.len()).map(|index| if areas[index] > 0.0 { holder(index) } else { None }).collect::<Vec<_>>();
    let (mut made, mut places, mut holes) = (Vec::new(), vec![0; rings.len()], Vec::new());
    for (index, (ring, holder)) in rings.into_iter().zip(holders).enumerate() {
        match holder {
            Some(outer) => holes.push((outer, turned(ring, true))),
            None => {
                places[index] = made.len();
                made.push(vec![turned(ring, areas[index] < 0.0)]);
            }
        }
    }
    holes.into_iter().for_each(|(outer, hole)| made[places[outer]].push(hole));
    let mut polygons = made.into_iter().map(Nest::List).collect::<Vec<_>>();
    Ok(match polygons.len() {
        1 => Shape::Polygon(polygons.remove(0)),
        _ => Shape::MultiPolygon(Nest::List(polygons)),
    })
}

/// A ring, the other way round where that is wanted.
fn turned(ring: Nest, is_wanted: bool) -> Nest {
    match ring {
        Nest::List(mut list) if is_wanted => {
            list.reverse();
            Nest::List(list)
        }
        other => other,
    }
}

/// A ring as far as it is one: what is not is found when the shape is checked.
fn line(ring: &Nest) -> LineString {
    let Nest::List(list) = ring else { return LineString(Vec::new()) };
    let coords = list.iter().filter_map(|at| match at {
        Nest::Position { numbers: [x, y, _], .. } => Some(Coord { x: *x, y: *y }),
        _ => None,
    });
    LineString(coords.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let shaped: Shaped = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let shape = shaped.shape(Heights::default()).map_err(|rule| rule.to_string())?;
        let geometry = shape.map(Shape::check).transpose().map_err(|rule| rule.to_string())?.flatten();
        Ok(geometry.map_or_else(String::new, |geometry| {
            format!("{}{}", wkt(geometry.flat()), geometry.heights().map_or(String::new(), |heights| format!(" {heights:?}")))
        }))
    }

    fn wkt(geometry: &geo::Geometry) -> String {
        let ring = |line: &LineString| line.0.iter().map(|at| format!("{} {}", at.x, at.y)).collect::<Vec<_>>().join(",");
        let polygon = |polygon: &Polygon| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|line| format!("({})", ring(line))).collect::<String>()
        };
        match geometry {
            geo::Geometry::Point(at) => format!("point {} {}", at.x(), at.y()),
            geo::Geometry::MultiPoint(points) => {
                format!("points {}", points.iter().map(|at| format!("{} {}", at.x(), at.y())).collect::<Vec<_>>().join(","))
            }
            geo::Geometry::LineString(line) => format!("line {}", ring(line)),
            geo::Geometry::MultiLineString(lines) => {
                format!("lines {}", lines.iter().map(|line| format!("({})", ring(line))).collect::<String>())
            }
            geo::Geometry::Polygon(one) => format!("polygon {}", polygon(one)),
            geo::Geometry::MultiPolygon(all) => {
                format!("polygons {}", all.iter().map(|one| format!("[{}]", polygon(one))).collect::<String>())
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_type_is_told_by_its_members() {
        for (text, shape) in [
            (r#"{"x":1,"y":2}"#, "point 1 2"),
            (r#"{"x":1,"y":2,"z":3,"m":4}"#, "point 1 2 [3.0]"),
            (r#"{"x":"NaN","y":"NaN"}"#, ""),
            (r#"{"x":null}"#, ""),
            (r#"{"points":[[1,2],[3,4]]}"#, "points 1 2,3 4"),
            (r#"{"paths":[[[1,2],[3,4]]]}"#, "line 1 2,3 4"),
            (r#"{"paths":[[[1,2],[3,4]],[[5,6],[7,8]]]}"#, "lines (1 2,3 4)(5 6,7 8)"),
            (r#"{"paths":[]}"#, ""),
            (r#"{"hasM":true,"paths":[[[1,2,9],[3,4,9]]]}"#, "line 1 2,3 4"),
            (r#"{"hasZ":true,"hasM":true,"paths":[[[1,2,9,5],[3,4,8,5]]]}"#, "line 1 2,3 4 [9.0, 8.0]"),
            (r#"{"xmin":1,"ymin":2,"xmax":3,"ymax":4}"#, "polygon (1 2,3 2,3 4,1 4,1 2)"),
            (r#"{"rings":[]}"#, ""),
        ] {
            assert_eq!(read(text), Ok(shape.to_owned()), "{text}");
        }
        for (text, said) in [
            (r#"{"curvePaths":[[[0,0],{"c":[[3,3],[1,4]]}]]}"#, "returnTrueCurves=false"),
            (r#"{"x":"a","y":1}"#, "expected a number, found \"a\""),
            (r#"{"rings":[[[0,0],[0,1],[1,1],[1,0]]]}"#, "a ring is not closed"),
            (r#"{"rings":5}"#, "coordinates of a polygon are not nested"),
            (r#"{"rings":[[1,2],[3,4]]}"#, "coordinates of a multipolygon are not nested"),
        ] {
            assert!(read(text).unwrap_err().contains(said), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn holes_go_to_the_ring_around_them_and_rings_turn_as_geojson_has_them() {
        // Clockwise is outer; an island in the hole is a polygon of its own, and its hole goes to it.
        let square = |from: f64, to: f64| format!("[[{from},{from}],[{from},{to}],[{to},{to}],[{to},{from}],[{from},{from}]]");
        let hole = |from: f64, to: f64| format!("[[{from},{from}],[{to},{from}],[{to},{to}],[{from},{to}],[{from},{from}]]");
        let rings = [hole(4.0, 5.0), square(0.0, 9.0), hole(1.0, 8.0), square(3.0, 6.0)].join(",");
        assert_eq!(
            read(&format!(r#"{{"rings":[{rings}]}}"#)).unwrap(),
            "polygons [(0 0,9 0,9 9,0 9,0 0)(1 1,1 8,8 8,8 1,1 1)][(3 3,6 3,6 6,3 6,3 3)(4 4,4 5,5 5,5 4,4 4)]"
        );
        // One that touches its ring with its first corner is in it all the same.
        let touching = "[[0,0],[2,1],[1,2],[0,0]]";
        assert_eq!(
            read(&format!(r#"{{"rings":[{},{touching}]}}"#, square(0.0, 9.0))).unwrap(),
            "polygon (0 0,9 0,9 9,0 9,0 0)(0 0,1 2,2 1,0 0)"
        );
        // Where all turn the wrong way, each is a polygon.
        assert_eq!(read(&format!(r#"{{"rings":[{}]}}"#, hole(0.0, 1.0))).unwrap(), "polygon (0 0,1 0,1 1,0 1,0 0)");
    }
}
