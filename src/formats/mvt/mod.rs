//! Vector tiles (Mapbox Vector Tile 2.1): the features of collections on one tile, a layer for each collection.
//!
//! Up to [`MOST`] features are drawn as they are: points once, on the tile that they lie on; lines and polygons with a margin,
//! simplified by the zoom, and as a point once they are too small to be anything else. More than that are counted: points of the
//! store's clusters with `count`, so that no number is lost. So are those whose values would take too much room (`MOST_BYTES`); and
//! texts longer than `LONGEST` are left out, so that a tile takes bounded memory and time whatever the data are.
//!
//! # Speed
//! `cargo bench --bench store` draws tiles of 1,000 and of 10,000 points of six properties. In one run on a busy machine of two cores they
//! took 0.117 and 1.20 ms, and the `MvtWriter` of geozero 0.15.1 with `prost`, given the same rows in memory and told to write the same
//! tags, 1.16 and 12.9 ms: 9.9 and 10.7 times as long. It is no part of the bench because its code generator brings a compiler of Protocol
//! Buffers into every build of the tests. What a point of the smaller tile cost then: 25 ns its place (19 of them the projection), 70 ns its
//! values (8 to 16 each), 17 ns the feature. Since then points are projected eight at a time, a thousand of them with their whole units
//! in 5.1 for 15.7 µs, and values are written where they stay: 0.095 and 1.03 ms on the same machine with nothing beside it, a sixth less
//! than before in turns with it (geozero was not measured again).

mod fields;
mod layer;
mod shape;
mod tags;
mod values;

pub use fields::{Field, FieldKind, fields};

use std::ops::Range;

use self::{
    fields::Names,
    layer::{EXTENT, Layer as Drawing, Shape},
    shape::{Parts, parts},
    tags::{NONE, Tags},
};
use crate::{
    model::{Bbox, Collection, GeometryKind, Rect, Tile},
    query::Filter,
    store::{Cluster, Layer, Table},
};

/// Media type of every tile.
pub const MEDIA: &str = "application/vnd.mapbox-vector-tile";

/// Most features of a collection that a tile draws one by one.
pub const MOST: u64 = 10_000;

/// Longest text of a feature that a tile has, in bytes: a longer one is left out, and stands in all other forms.
pub const LONGEST: usize = 1024;

/// Most bytes that the values of a collection take on a tile, but for those of one property.
const MOST_BYTES: usize = 8 << 20;

/// Most values, known or not, of the features of a collection that a tile draws one by one.
const MOST_VALUES: u64 = 4 << 20;

/// Most corners of lines and polygons of a collection that a tile draws.
const MOST_CORNERS: usize = 400_000;

/// How far beyond its edges lines and polygons are drawn, as a share of a tile's width.
pub const MARGIN: f64 = shape::MARGIN / EXTENT as f64;

/// How much finer the cells of a tile's clusters are than those of a map: 8 pixels wide where a tile is 256.
pub const FINER: u32 = 3;

/// Most clusters of a collection on a tile.
pub const CLUSTERS: u32 = 4096;

/// The northern edge of the map, in degrees; the southern one is as far from the equator.
const NORTH: f64 = 85.051_128_779_806_59;

/// The part of an extent that is on the map; the whole map where there is none.
pub fn bounds(extent: Option<Rect>) -> Rect {
    let Some(rect) = extent else { return Rect { min_x: -180.0, min_y: -NORTH, max_x: 180.0, max_y: NORTH } };
    Rect { min_y: rect.min_y.clamp(-NORTH, NORTH), max_y: rect.max_y.clamp(-NORTH, NORTH), ..rect }
}

/// Where a map of some bounds may start: longitude and latitude in degrees, and the zoom at which two tiles hold all of them.
pub fn centre(bounds: &Rect) -> [f64; 3] {
    let world = Tile::new(0, 0, 0).expect("zoom 0 has one tile");
    let ((west, north), (east, south)) = (world.place(bounds.min_x, bounds.max_y), world.place(bounds.max_x, bounds.min_y));
    let zoom = (2.0 / (east - west).max(south - north) + 1e-6).log2().floor().clamp(0.0, 14.0);
    let middle = |a: f64, b: f64| ((a + b) / 2.0 * 1e6).round() / 1e6;
    [middle(bounds.min_x, bounds.max_x), middle(bounds.min_y, bounds.max_y), zoom]
}

/// Whether the default view of a collection has anything that a filter leaves and whose box meets a tile or its margin.
pub fn is_near(layer: &Layer, filter: &Filter, tile: Tile) -> bool {
    let table = layer.table();
    let filter = Filter { bbox: Some(around(layer, tile)), ..filter.clone() };
    table.select(&filter).runs().iter().any(|run| run.start < table.located())
}

/// The box in which features lie that a tile draws.
pub fn around(layer: &Layer, tile: Tile) -> Bbox {
    if layer.collection.geometry == GeometryKind::Point { tile.bbox() } else { tile.bbox_around(MARGIN) }
}

/// Appends a layer of the features that a filter leaves of one view of a collection; nothing where none is on the tile. Whether each of
/// them is drawn by itself, not counted.
pub fn draw(out: &mut Vec<u8>, layer: &Layer, view: usize, filter: &Filter, tile: Tile) -> bool {
    draw_some(out, layer, view, filter, tile, None)
}

/// The same of clusters, whose features are in a table of their own.
pub fn draw_counted(out: &mut Vec<u8>, collection: &Collection, table: &Table, cells: &[Cluster<'_>], tile: Tile) {
    let names = Names::new(&collection.schema);
    let mut drawn = Drawn::of_cells(cells, tile);
    let read = |drawn: &Drawn| Tags::read(table, &names, (&drawn.rows, &drawn.counts), None, layer::start(&collection.id));
    let tags = read(&drawn).or_else(|| {
        drawn.rows.fill(NONE);
        read(&drawn)
    });
    if let Some(tags) = tags.filter(|_| !cells.is_empty()) {
        drawn.write(out, tags);
    }
}

/// The same with some of their properties, by position.
pub fn draw_some(out: &mut Vec<u8>, layer: &Layer, view: usize, filter: &Filter, tile: Tile, properties: Option<&[usize]>) -> bool {
    let table = &layer.tables[view];
    let is_of_points = layer.collection.geometry == GeometryKind::Point;
    let filter = Filter { bbox: Some(around(layer, tile)), ..filter.clone() };
    let selection = table.select(&filter);
    let located = selection.runs().iter().map(|run| run.start..run.end.min(table.located())).filter(|run| !run.is_empty());
    let located = located.collect::<Vec<_>>();
    let count = located.iter().map(|run| u64::from(run.end - run.start)).sum::<u64>();
    let most = most(layer.collection.schema.properties.len());
    let names = Names::new(&layer.collection.schema);
    let name = &layer.collection.id;
    let read = |drawn: &Drawn| Tags::read(table, &names, (&drawn.rows, &drawn.counts), properties, layer::start(name));
    let drawn = (count <= most).then(|| Drawn::each(table, &located, count as usize, tile, is_of_points)).flatten();
    if let Some((drawn, tags)) = drawn.and_then(|drawn| read(&drawn).map(|tags| (drawn, tags))) {
        drawn.write(out, tags);
        return true;
    }
    let mut drawn = Drawn::counted(table, &Filter { bbox: Some(tile.bbox()), ..filter }, tile);
    if drawn.rows.len() as u64 > most {
        drawn.rows.fill(NONE);
    }
    let tags = read(&drawn).or_else(|| {
        // The counts alone.
        drawn.rows.fill(NONE);
        read(&drawn)
    });
    if let Some(tags) = tags {
        drawn.write(out, tags);
    }
    false
}

/// Most features of so many properties that a tile draws one by one.
pub fn most(properties: usize) -> u64 {
    MOST.min(MOST_VALUES / (properties as u64).max(1))
}

/// What a tile shows of a collection.
struct Drawn {
    /// Positions of the features, [`NONE`] for what stands for several.
    rows: Vec<u32>,
    /// For how many features each of them stands, where that is told.
    counts: Vec<u64>,
    shapes: Shapes,
}

/// The shapes of the rows, one for each.
enum Shapes {
    Points(Vec<(i32, i32)>),
    Parts(Vec<Parts>),
}

impl Drawn {
    /// Features as they are, so many; `None` where they have too many corners.
    fn each(table: &Table, runs: &[Range<u32>], count: usize, tile: Tile, is_of_points: bool) -> Option<Self> {
        if is_of_points {
            let point = |position: &u32| {
                let row = table.row(*position);
                // A point with a height; the others of such a collection are found without their geometry.
                row.point().or_else(|| match row.geometry()?.flat() {
                    geo::Geometry::Point(point) => Some([point.x(), point.y()]),
                    _ => None,
                })
            };
            let mut rows = Vec::with_capacity(count);
            runs.iter().for_each(|run| rows.extend(run.clone()));
            let mut points = Vec::with_capacity(count);
            rows.retain(|row| {
                let point = point(row);
                points.extend(point);
                point.is_some()
            });
            return Some(Self { rows, counts: Vec::new(), shapes: Shapes::Points(on_this(points, tile)) });
        }
        let (mut rows, mut all, mut corners) = (Vec::new(), Vec::new(), 0);
        for position in runs.iter().cloned().flatten() {
            let Some(geometry) = table.row(position).geometry() else { continue };
            let parts = parts(geometry.flat(), tile);
            if parts.is_empty() {
                continue;
            }
            corners += parts.corners();
            if corners > MOST_CORNERS {
                return None;
            }
            rows.push(position);
            all.push(parts);
        }
        Some(Self { rows, counts: Vec::new(), shapes: Shapes::Parts(all) })
    }

    /// Counts in place of features; one that is alone is itself.
    fn counted(table: &Table, filter: &Filter, tile: Tile) -> Self {
        Self::of_cells(&table.clusters(filter, tile.zoom() + FINER, CLUSTERS).cells, tile)
    }

    fn of_cells(cells: &[Cluster<'_>], tile: Tile) -> Self {
        let points = cells.iter().map(|cell| [cell.position.lon, cell.position.lat]).collect();
        Self {
            rows: cells.iter().map(|cell| cell.only.as_ref().map_or(NONE, |row| row.position())).collect(),
            counts: cells.iter().map(|cell| cell.count).collect(),
            shapes: Shapes::Points(on_this(points, tile)),
        }
    }

    fn write(&self, out: &mut Vec<u8>, tags: Tags) {
        let mut drawing = Drawing::new(&tags, self.rows.len());
        match &self.shapes {
            Shapes::Points(points) => {
                points.iter().enumerate().for_each(|(row, point)| drawing.point(row, *point));
            }
            Shapes::Parts(all) => {
                for (row, Parts { points, lines, rings }) in all.iter().enumerate() {
                    if !points.is_empty() {
                        drawing.feature(row, Shape::Point, |pen| pen.points(points));
                    }
                    if !lines.is_empty() {
                        drawing.feature(row, Shape::Line, |pen| lines.iter().for_each(|line| pen.line(line)));
                    }
                    if !rings.is_empty() {
                        drawing.feature(row, Shape::Polygon, |pen| rings.iter().for_each(|ring| pen.ring(ring)));
                    }
                }
            }
        }
        let features = drawing.finish();
        layer::close(tags, &features, out);
    }
}

/// Positions that are known to lie on the tile, in whole units; longitude 180 is −180 here.
fn on_this(mut points: Vec<[f64; 2]>, tile: Tile) -> Vec<(i32, i32)> {
    points.iter_mut().for_each(|[lon, _]| *lon = if *lon == 180.0 { -180.0 } else { *lon });
    tile.places(&mut points);
    let unit = |share: f64| ((share * f64::from(EXTENT)) as i32).clamp(0, EXTENT as i32 - 1);
    points.into_iter().map(|[x, y]| (unit(x), unit(y))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_of_very_many_properties_are_fewer() {
        assert_eq!([0, 1, 6, 419, 1 << 13, usize::MAX].map(most), [MOST, MOST, MOST, MOST, 512, 0]);
    }

    #[test]
    fn a_map_starts_where_everything_is_seen() {
        let world = bounds(None);
        assert_eq!(centre(&world), [0.0, 0.0, 1.0]);
        let mali = bounds(Some(Rect { min_x: -8.0, min_y: 12.6, max_x: 2.0, max_y: 20.2 }));
        let [lon, lat, zoom] = centre(&mali);
        assert_eq!((lon, lat, zoom), (-3.0, 16.4, 6.0));
        let point = Rect { min_x: 1.0, min_y: 89.0, max_x: 1.0, max_y: 90.0 };
        assert_eq!(centre(&bounds(Some(point))), [1.0, 85.051_129, 14.0], "the pole is not on the map");
    }
}
