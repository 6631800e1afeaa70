//! A geometry table → a geometry, checked.

use ::flatgeobuf::{Geometry as Table, GeometryType};

use super::{
    super::shape::{Nest, Shape},
    Rule, damaged,
};
use crate::model::{Crs, Geometry, Position};

/// Reads a geometry of a feature of `size` bytes, and says whether it has measures; its own type counts where `kind` is unknown.
pub(super) fn read(table: Table<'_>, kind: GeometryType, system: Option<&Crs>, size: usize) -> Result<(Option<Geometry>, bool), Rule> {
    if let Some(point) = plain_point(&table, kind).filter(|_| system.is_none()) {
        return Ok((Some(point), false));
    }
    let mut reader = Reader { left: size, has_measures: false };
    let geometry = reader.shape(table, kind)?.check_in(system)?;
    Ok((geometry, reader.has_measures))
}

/// A point as nearly all are: two numbers that are a position; what is any other is left to [`Reader`].
fn plain_point(table: &Table<'_>, kind: GeometryType) -> Option<Geometry> {
    let is_plain = kind == GeometryType::Point && table.z().is_none() && table.m().is_none() && table.t().is_none() && table.tm().is_none();
    let xy = table.xy().filter(|xy| is_plain && xy.len() == 2)?;
    Position::new(xy.get(0), xy.get(1)).ok().map(Geometry::point)
}

struct Reader {
    /// Bytes of the feature that no coordinate has been read of: tables may share their parts, and so stand for more than is there.
    left: usize,
    has_measures: bool,
}

impl Reader {
    fn shape(&mut self, table: Table<'_>, kind: GeometryType) -> Result<Shape, Rule> {
        let kind = if kind == GeometryType::Unknown { table.type_() } else { kind };
        Ok(match kind {
            GeometryType::Point => Shape::Point(self.point(table)?),
            GeometryType::MultiPoint => Shape::MultiPoint(Nest::List(self.positions(table)?)),
            GeometryType::LineString => Shape::LineString(Nest::List(self.positions(table)?)),
            GeometryType::MultiLineString => Shape::MultiLineString(self.lines(table)?),
            GeometryType::Polygon => Shape::Polygon(self.lines(table)?),
            GeometryType::MultiPolygon => {
                Shape::MultiPolygon(Nest::List(self.parts(table)?.map(|part| self.lines(part)).collect::<Result<_, _>>()?))
            }
            GeometryType::GeometryCollection => {
                let parts = self.parts(table)?.map(|part| self.shape(part, GeometryType::Unknown));
                Shape::Collection(parts.collect::<Result<_, _>>()?)
            }
            // What has no geometry is written so where the writer cannot leave it out.
            GeometryType::Unknown if is_empty(table) => Shape::Collection(Vec::new()),
            other => return Err(Rule::Type(other.variant_name().map_or_else(|| other.0.to_string(), str::to_owned))),
        })
    }

    fn parts<'t>(&self, table: Table<'t>) -> Result<impl Iterator<Item = Table<'t>> + use<'t>, Rule> {
        let parts = table.parts();
        if parts.is_none() && table.xy().is_some_and(|xy| !xy.is_empty()) {
            return Err(damaged("a geometry of many parts has coordinates but no part"));
        }
        Ok(parts.into_iter().flatten())
    }

    /// A position; none, and one that is no number, which some writers put in its place, are an empty point.
    fn point(&mut self, table: Table<'_>) -> Result<Nest, Rule> {
        let mut positions = self.positions(table)?;
        match (positions.pop(), positions.len()) {
            (None, _) => Ok(Nest::List(Vec::new())),
            (Some(Nest::Position { numbers: [x, y, _], .. }), 0) if x.is_nan() && y.is_nan() => Ok(Nest::List(Vec::new())),
            (Some(at), 0) => Ok(at),
            (Some(_), more) => Err(damaged(format!("a point has {} positions", more + 1))),
        }
    }

    /// Lines or rings: all positions, and where each line ends among them; a single one need not say so.
    fn lines(&mut self, table: Table<'_>) -> Result<Nest, Rule> {
        let positions = self.positions(table)?;
        let Some(ends) = table.ends().filter(|ends| !ends.is_empty()) else {
            return Ok(Nest::List(if positions.is_empty() { Vec::new() } else { vec![Nest::List(positions)] }));
        };
        self.spend(ends.len(), size_of::<u32>())?;
        let wrong = |end: u32| damaged(format!("a line ends at position {end}, which is not after the one before or not there"));
        let (mut positions, mut done, mut lines) = (positions.into_iter(), 0, Vec::new());
        for end in ends {
            let count = end.checked_sub(done).ok_or_else(|| wrong(end))? as usize;
            let line = positions.by_ref().take(count).collect::<Vec<_>>();
            if line.len() < count {
                return Err(wrong(end));
            }
            done = end;
            if !line.is_empty() {
                lines.push(Nest::List(line));
            }
        }
        match positions.len() {
            0 => Ok(Nest::List(lines)),
            more => Err(damaged(format!("{more} positions stand after the end of the last line"))),
        }
    }

    fn positions(&mut self, table: Table<'_>) -> Result<Vec<Nest>, Rule> {
        let has = |count: Option<usize>| count.is_some_and(|count| count > 0);
        self.has_measures |= has(table.m().map(|m| m.len())) || has(table.t().map(|t| t.len())) || has(table.tm().map(|tm| tm.len()));
        let Some(xy) = table.xy() else { return Ok(Vec::new()) };
        let (count, z) = (xy.len() / 2, table.z().filter(|z| !z.is_empty()));
        if xy.len() % 2 == 1 {
            return Err(damaged(format!("{} numbers are no pairs of coordinates", xy.len())));
        }
        if let Some(z) = z.filter(|z| z.len() != count) {
            return Err(damaged(format!("{} heights for {count} positions", z.len())));
        }
        self.spend(xy.len() + z.map_or(0, |z| z.len()), size_of::<f64>())?;
        let (mut xy, mut z) = (xy.iter(), z.map(|z| z.iter()));
        let mut positions = Vec::with_capacity(count);
        while let (Some(x), Some(y)) = (xy.next(), xy.next()) {
            let height = z.as_mut().and_then(Iterator::next);
            let numbers = [x, y, height.unwrap_or_default()];
            positions.push(Nest::Position { numbers, count: if height.is_some() { 3 } else { 2 } });
        }
        Ok(positions)
    }

    fn spend(&mut self, count: usize, size: usize) -> Result<(), Rule> {
        let left = count.checked_mul(size).and_then(|bytes| self.left.checked_sub(bytes));
        self.left = left.ok_or_else(|| damaged("its parts share coordinates: it claims more of them than it has bytes"))?;
        Ok(())
    }
}

fn is_empty(table: Table<'_>) -> bool {
    table.xy().is_none_or(|xy| xy.is_empty()) && table.parts().is_none_or(|parts| parts.is_empty())
}
