//! Vector tiles (Mapbox Vector Tile 2.1): the features of collections on one tile, a layer for each collection.
//!
//! Up to [`MOST`] features are drawn as they are: points once, on the tile that they lie on; lines and polygons with a margin,
//! simplified by the zoom. More than that are counted: points of the store's clusters with `count`, so that no number is lost.

mod layer;
mod shape;

use self::{
    layer::{EXTENT, Layer as Drawing, Shape},
    shape::{MARGIN, Parts, parts},
};
use crate::{
    model::{Cell, GeometryKind, Schema, Tile},
    query::Filter,
    store::{Layer, Row, Table},
};

/// Media type of every tile.
pub const MEDIA: &str = "application/vnd.mapbox-vector-tile";

/// Most features of a collection that a tile draws one by one.
pub const MOST: u64 = 10_000;

/// How much finer the cells of a tile's clusters are than those of a map: 8 pixels wide where a tile is 256.
const FINER: u32 = 3;

/// Most clusters of a collection on a tile.
const CLUSTERS: u32 = 4096;

/// Appends a layer of the features that a filter leaves of one view of a collection; nothing where none is on the tile.
pub fn draw(out: &mut Vec<u8>, layer: &Layer, view: usize, filter: &Filter, tile: Tile) {
    let table = &layer.tables[view];
    let is_of_points = layer.collection.geometry == GeometryKind::Point;
    let bbox = if is_of_points { tile.bbox() } else { tile.bbox_around(MARGIN / f64::from(EXTENT)) };
    let filter = Filter { bbox: Some(bbox), ..filter.clone() };
    let selection = table.select(&filter);
    let located = selection.runs().iter().map(|run| run.start..run.end.min(table.located())).filter(|run| !run.is_empty());
    let located = located.collect::<Vec<_>>();
    let mut writer = Writer::new(&layer.collection.schema);
    if located.iter().map(|run| u64::from(run.end - run.start)).sum::<u64>() > MOST {
        writer.clusters(table, &Filter { bbox: Some(tile.bbox()), ..filter }, tile);
    } else {
        located.into_iter().flatten().for_each(|position| writer.row(&table.row(position), tile, is_of_points));
    }
    writer.drawing.finish(&layer.collection.id, out);
}

/// Writes the features of one collection.
struct Writer {
    drawing: Drawing,
    /// The numbers of the properties' keys, once they have been used.
    keys: Vec<Option<u32>>,
    /// The key of ids that are not numbers, and that of counts.
    id: Option<u32>,
    count: Option<u32>,
    /// What ids are called: `id`, unless a property is.
    id_name: &'static str,
}

impl Writer {
    fn new(schema: &Schema) -> Self {
        let id_name = if schema.position("id").is_some() { "feature_id" } else { "id" };
        Self { drawing: Drawing::default(), keys: vec![None; schema.properties.len()], id: None, count: None, id_name }
    }

    /// A feature as it is.
    fn row(&mut self, row: &Row<'_>, tile: Tile, is_of_points: bool) {
        if let Some([lon, lat]) = row.point().filter(|_| is_of_points) {
            let id = self.tags(row);
            return self.drawing.feature(id, Shape::Point, |pen| pen.points(&[on_this(lon, lat, tile)]));
        }
        let Some(geometry) = row.geometry() else { return };
        let parts = match geometry.flat() {
            // A point with a height; the others of such a collection have been drawn.
            geo::Geometry::Point(point) if is_of_points => Parts { points: vec![on_this(point.x(), point.y(), tile)], ..Parts::default() },
            shape => parts(shape, tile),
        };
        if parts.points.is_empty() && parts.lines.is_empty() && parts.rings.is_empty() {
            return;
        }
        let id = self.tags(row);
        if !parts.points.is_empty() {
            self.drawing.feature(id, Shape::Point, |pen| pen.points(&parts.points));
        }
        if !parts.lines.is_empty() {
            self.drawing.feature(id, Shape::Line, |pen| parts.lines.iter().for_each(|line| pen.line(line)));
        }
        if !parts.rings.is_empty() {
            self.drawing.feature(id, Shape::Polygon, |pen| parts.rings.iter().for_each(|ring| pen.ring(ring)));
        }
    }

    /// Counts in place of features; one that is alone is itself.
    fn clusters(&mut self, table: &Table, filter: &Filter, tile: Tile) {
        for cluster in table.clusters(filter, tile.zoom() + FINER, CLUSTERS).cells {
            let id = match &cluster.only {
                Some(row) => self.tags(row),
                None => {
                    self.drawing.begin();
                    None
                }
            };
            let key = *self.count.get_or_insert_with(|| self.drawing.key("count"));
            self.drawing.tag(key, Cell::Integer(i64::try_from(cluster.count).unwrap_or(i64::MAX)));
            let at = on_this(cluster.position.lon, cluster.position.lat, tile);
            self.drawing.feature(id, Shape::Point, |pen| pen.points(&[at]));
        }
    }

    /// Gives the drawing a feature's properties; its id is one of them where it is no number, else it is returned.
    fn tags(&mut self, row: &Row<'_>) -> Option<u64> {
        self.drawing.begin();
        let id = number(row.id());
        if id.is_none() {
            let key = *self.id.get_or_insert_with(|| self.drawing.key(self.id_name));
            self.drawing.tag(key, Cell::Text(row.id()));
        }
        for (known, (property, cell)) in self.keys.iter_mut().zip(row.cells()) {
            if cell != Cell::Null {
                let key = *known.get_or_insert_with(|| self.drawing.key(&property.name));
                self.drawing.tag(key, cell);
            }
        }
        id
    }
}

/// A position that is known to lie on the tile, in whole units; longitude 180 is −180 here.
fn on_this(lon: f64, lat: f64, tile: Tile) -> (i32, i32) {
    let (x, y) = tile.place(if lon == 180.0 { -180.0 } else { lon }, lat);
    let unit = |share: f64| ((share * f64::from(EXTENT)) as i32).clamp(0, EXTENT as i32 - 1);
    (unit(x), unit(y))
}

/// An id that is a whole number and written as one.
fn number(id: &str) -> Option<u64> {
    let is_plain = id.bytes().all(|byte| byte.is_ascii_digit()) && (id.len() == 1 || !id.starts_with('0'));
    if is_plain { id.parse().ok() } else { None }
}
