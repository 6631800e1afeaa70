//! A geometry → its table.

use ::flatgeobuf::{Geometry as Table, GeometryArgs, GeometryType};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use geo::{CoordsIter, Geometry as Flat, LineString, Polygon};

use super::super::summary::number;
use crate::model::Geometry;

/// Builds the table of a geometry. Its type is left out where that of every feature stands in the header.
pub(super) fn table<'b>(buffer: &mut FlatBufferBuilder<'b>, geometry: &Geometry, with_type: bool) -> WIPOffset<Table<'b>> {
    let mut builder = Builder { buffer, heights: geometry.heights().unwrap_or_default().iter() };
    builder.geometry(geometry.flat(), with_type)
}

struct Builder<'a, 'b> {
    buffer: &'a mut FlatBufferBuilder<'b>,
    /// Those of the coordinates that are still to come; none at all where no heights are known.
    heights: std::slice::Iter<'a, f64>,
}

impl<'b> Builder<'_, 'b> {
    fn geometry(&mut self, flat: &Flat, with_type: bool) -> WIPOffset<Table<'b>> {
        // The types are numbered as in well-known binary.
        let kind = if with_type { GeometryType(number(flat)) } else { GeometryType::Unknown };
        match flat {
            Flat::MultiPolygon(polygons) => {
                let parts = polygons.iter().map(|polygon| self.polygon(polygon, GeometryType::Unknown)).collect::<Vec<_>>();
                self.parts(&parts, kind)
            }
            Flat::GeometryCollection(geometries) => {
                let parts = geometries.iter().map(|part| self.geometry(part, true)).collect::<Vec<_>>();
                self.parts(&parts, kind)
            }
            Flat::Polygon(polygon) => self.polygon(polygon, kind),
            Flat::MultiLineString(lines) => self.lines(&lines.iter().collect::<Vec<_>>(), 1, kind),
            other => self.coordinates(other.coords_iter(), &[], kind),
        }
    }

    fn polygon(&mut self, polygon: &Polygon, kind: GeometryType) -> WIPOffset<Table<'b>> {
        let exterior = (!polygon.exterior().0.is_empty()).then_some(polygon.exterior());
        self.lines(&exterior.into_iter().chain(polygon.interiors()).collect::<Vec<_>>(), 2, kind)
    }

    /// Lines or rings: where each ends among the positions, where there are as many as `from`. A single ring need not say so; a single
    /// line has to, for GDAL before version 3.7.
    fn lines(&mut self, lines: &[&LineString], from: usize, kind: GeometryType) -> WIPOffset<Table<'b>> {
        let mut end = 0;
        let ends = lines.iter().map(|line| {
            end += u32::try_from(line.0.len()).expect("fewer than 2^32 positions");
            end
        });
        let ends = if lines.len() >= from { ends.collect::<Vec<_>>() } else { Vec::new() };
        self.coordinates(lines.iter().flat_map(|line| line.0.iter().copied()), &ends, kind)
    }

    fn coordinates(&mut self, coords: impl Iterator<Item = geo::Coord>, ends: &[u32], kind: GeometryType) -> WIPOffset<Table<'b>> {
        let xy = coords.flat_map(|coord| [coord.x, coord.y]).collect::<Vec<_>>();
        let count = xy.len() / 2;
        let z = self.heights.as_slice();
        let z = if z.is_empty() { None } else { Some(&z[..count]) };
        if z.is_some() && count > 0 {
            self.heights.nth(count - 1);
        }
        let args = GeometryArgs {
            xy: Some(self.buffer.create_vector(&xy)),
            ends: (!ends.is_empty()).then(|| self.buffer.create_vector(ends)),
            z: z.map(|z| self.buffer.create_vector(z)),
            type_: kind,
            ..GeometryArgs::default()
        };
        Table::create(self.buffer, &args)
    }

    fn parts(&mut self, parts: &[WIPOffset<Table<'b>>], kind: GeometryType) -> WIPOffset<Table<'b>> {
        let parts = Some(self.buffer.create_vector(parts));
        Table::create(self.buffer, &GeometryArgs { parts, type_: kind, ..GeometryArgs::default() })
    }
}
