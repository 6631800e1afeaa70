//! One layer of a vector tile as it is written (Mapbox Vector Tile 2.1, clause 4).

use super::{
    tags::Tags,
    wire::{field_length, text_field, varint, varint_length},
};

/// Units across a tile.
pub(super) const EXTENT: u32 = 4096;

/// The kinds of geometry a feature can have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A layer under way: features with tags that are known already.
#[derive(Debug)]
pub(super) struct Layer<'a> {
    tags: &'a Tags,
    features: Vec<u8>,
    own: Vec<u8>,
    geometry: Vec<u8>,
}

impl<'a> Layer<'a> {
    /// A layer of up to so many features.
    pub(super) fn new(tags: &'a Tags, features: usize) -> Self {
        Self { tags, features: Vec::with_capacity(features * (16 + 4 * tags.width())), own: Vec::new(), geometry: Vec::new() }
    }

    /// Adds a feature: the tags of a row, and what `write` draws.
    pub(super) fn feature(&mut self, row: usize, shape: Shape, write: impl FnOnce(&mut Pen<'_>)) {
        self.own.clear();
        self.geometry.clear();
        self.tags.write(row, &mut self.own);
        write(&mut Pen { out: &mut self.geometry, at: (0, 0) });
        let id = self.tags.id(row);
        let id_length = id.map_or(0, |id| 1 + varint_length(id));
        let length = id_length + field_length(self.own.len()) + 2 + field_length(self.geometry.len());
        let out = &mut self.features;
        out.push(2 << 3 | 2);
        varint(out, length as u64);
        if let Some(id) = id {
            out.push(1 << 3);
            varint(out, id);
        }
        out.push(2 << 3 | 2);
        varint(out, self.own.len() as u64);
        out.extend_from_slice(&self.own);
        out.extend_from_slice(&[3 << 3, shape as u8, 4 << 3 | 2]);
        varint(out, self.geometry.len() as u64);
        out.extend_from_slice(&self.geometry);
    }

    /// Appends the whole layer to a tile; nothing where it has no feature.
    pub(super) fn finish(self, name: &str, tile: &mut Vec<u8>) {
        if self.features.is_empty() {
            return;
        }
        let mut head = vec![15 << 3, 2];
        text_field(&mut head, 1, name);
        let mut tail = vec![5 << 3];
        varint(&mut tail, u64::from(EXTENT));
        let parts = [&head, &self.features, self.tags.keys(), self.tags.values(), &tail];
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        tile.reserve(length + 8);
        tile.push(3 << 3 | 2);
        varint(tile, length as u64);
        parts.iter().for_each(|part| tile.extend_from_slice(part));
    }
}

/// Draws one geometry: commands with the distances from where the pen was (clause 4.3).
pub(super) struct Pen<'a> {
    out: &'a mut Vec<u8>,
    at: (i32, i32),
}

impl Pen<'_> {
    /// The points of a geometry of points.
    pub(super) fn points(&mut self, points: &[(i32, i32)]) {
        self.command(1, points.len());
        points.iter().for_each(|point| self.go(*point));
    }

    /// A line of two points or more.
    pub(super) fn line(&mut self, points: &[(i32, i32)]) {
        self.points(&points[..1]);
        self.command(2, points.len() - 1);
        points[1..].iter().for_each(|point| self.go(*point));
    }

    /// A ring of three points or more, its last one not its first again.
    pub(super) fn ring(&mut self, points: &[(i32, i32)]) {
        self.line(points);
        self.command(7, 1);
    }

    fn command(&mut self, command: u64, count: usize) {
        varint(self.out, (count as u64) << 3 | command);
    }

    fn go(&mut self, to: (i32, i32)) {
        let zigzag = |step: i32| u64::from((step << 1 ^ step >> 31) as u32);
        varint(self.out, zigzag(to.0 - self.at.0));
        varint(self.out, zigzag(to.1 - self.at.1));
        self.at = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification() {
        let drawn = |draw: &dyn Fn(&mut Pen<'_>)| {
            let mut out = Vec::new();
            draw(&mut Pen { out: &mut out, at: (0, 0) });
            out
        };
        assert_eq!(drawn(&|pen| pen.points(&[(25, 17)])), [9, 50, 34]);
        assert_eq!(drawn(&|pen| pen.points(&[(5, 7), (3, 2)])), [17, 10, 14, 3, 9]);
        assert_eq!(drawn(&|pen| pen.line(&[(2, 2), (2, 10), (10, 10)])), [9, 4, 4, 18, 0, 16, 16, 0]);
        assert_eq!(drawn(&|pen| pen.ring(&[(3, 6), (8, 12), (20, 34)])), [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }
}
