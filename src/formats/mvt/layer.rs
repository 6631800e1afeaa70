//! One layer of a vector tile as it is written (Mapbox Vector Tile 2.1, clause 4).

use super::tags::Tags;
use crate::formats::wire::{field_length, text_field, varint, varint_length, varint_word, word};

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
}

impl<'a> Layer<'a> {
    /// A layer of up to so many features.
    pub(super) fn new(tags: &'a Tags, features: usize) -> Self {
        // Lengths, the point itself and a number as id are sixteen bytes; a tag is two to four.
        Self { tags, features: Vec::with_capacity(features * (16 + 4 * tags.width()) + 64) }
    }

    /// Adds a feature that is one point: as [`Self::feature`] does, with what is the same for all of them written at once.
    pub(super) fn point(&mut self, row: usize, at: (i32, i32)) {
        let ((x, x_length), (y, y_length)) = (varint_word(zigzag(at.0)), varint_word(zigzag(at.1)));
        let geometry = x_length + y_length;
        if geometry > 6 {
            self.feature(row, Shape::Point, |pen| pen.points(&[at]));
            return;
        }
        let out = &mut self.features;
        let start = out.len();
        word(out, u64::from_le_bytes([2 << 3 | 2, 0, 0, 0, 0, 0, 0, 0]), 2);
        if let Some(id) = self.tags.id(row) {
            out.push(1 << 3);
            varint(out, id);
        }
        word(out, u64::from_le_bytes([2 << 3 | 2, 0, 0, 0, 0, 0, 0, 0]), 2);
        let tags = out.len();
        self.tags.write(row, out);
        let end = out.len();
        word(out, u64::from_le_bytes([3 << 3, Shape::Point as u8, 4 << 3 | 2, 1 + geometry as u8, 1 << 3 | 1, 0, 0, 0]), 5);
        word(out, x | y << (8 * x_length), geometry);
        let length = out.len() - start - 2;
        if length < 0x80 {
            out[start + 1] = length as u8;
            out[tags - 1] = (end - tags) as u8;
        } else {
            out.truncate(start);
            self.feature(row, Shape::Point, |pen| pen.points(&[at]));
        }
    }

    /// Adds a feature: the tags of a row, and what `write` draws.
    pub(super) fn feature(&mut self, row: usize, shape: Shape, write: impl FnOnce(&mut Pen<'_>)) {
        let id = self.tags.id(row);
        let out = &mut self.features;
        // Written in place, each length as one byte: nearly all are shorter than 128.
        let start = out.len();
        out.extend_from_slice(&[2 << 3 | 2, 0]);
        if let Some(id) = id {
            out.push(1 << 3);
            varint(out, id);
        }
        out.extend_from_slice(&[2 << 3 | 2, 0]);
        let tags = out.len();
        self.tags.write(row, out);
        out.extend_from_slice(&[3 << 3, shape as u8, 4 << 3 | 2, 0]);
        let geometry = out.len();
        write(&mut Pen { out, at: (0, 0) });
        let lengths = [(start + 2, out.len()), (tags, geometry - 4), (geometry, out.len())].map(|(from, to)| to - from);
        if lengths.iter().all(|length| *length < 0x80) {
            for (at, length) in [start + 1, tags - 1, geometry - 1].into_iter().zip(lengths) {
                out[at] = length as u8;
            }
        } else {
            let (own, drawn) = (out[tags..geometry - 4].to_vec(), out[geometry..].to_vec());
            out.truncate(start);
            long_feature(out, id, &own, shape, &drawn);
        }
    }

    /// The features' fields.
    pub(super) fn finish(self) -> Vec<u8> {
        self.features
    }
}

/// Bytes of a layer's length in its start: enough for 16 kB to 2 MB.
const LENGTH: usize = 3;

/// The start of a layer: the field that it is in the tile, with room for its length, its version and its name.
pub(super) fn start(name: &str) -> Vec<u8> {
    let mut start = vec![3 << 3 | 2];
    start.extend_from_slice(&[0; LENGTH]);
    start.extend_from_slice(&[15 << 3, 2]);
    text_field(&mut start, 1, name);
    start
}

/// Appends the whole layer to a tile; nothing where it has no feature. The first one is not copied, where its length takes the room that
/// is left for it.
pub(super) fn close(tags: Tags, features: &[u8], tile: &mut Vec<u8>) {
    if features.is_empty() {
        return;
    }
    let (mut layer, keys) = tags.into_fields();
    layer.reserve_exact(features.len() + keys.len() + 8);
    layer.extend_from_slice(features);
    layer.extend_from_slice(&keys);
    layer.push(5 << 3);
    varint(&mut layer, u64::from(EXTENT));
    let length = layer.len() - 1 - LENGTH;
    match varint_word(length as u32) {
        (groups, LENGTH) if tile.is_empty() => {
            layer[1..=LENGTH].copy_from_slice(&groups.to_le_bytes()[..LENGTH]);
            *tile = layer;
        }
        _ => {
            tile.reserve(length + 8);
            tile.push(layer[0]);
            varint(tile, length as u64);
            tile.extend_from_slice(&layer[1 + LENGTH..]);
        }
    }
}

/// A feature whose lengths take more than a byte each.
fn long_feature(out: &mut Vec<u8>, id: Option<u64>, tags: &[u8], shape: Shape, geometry: &[u8]) {
    let id_length = id.map_or(0, |id| 1 + varint_length(id));
    out.push(2 << 3 | 2);
    varint(out, (id_length + field_length(tags.len()) + 2 + field_length(geometry.len())) as u64);
    if let Some(id) = id {
        out.push(1 << 3);
        varint(out, id);
    }
    out.push(2 << 3 | 2);
    varint(out, tags.len() as u64);
    out.extend_from_slice(tags);
    out.extend_from_slice(&[3 << 3, shape as u8, 4 << 3 | 2]);
    varint(out, geometry.len() as u64);
    out.extend_from_slice(geometry);
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
        for step in [to.0 - self.at.0, to.1 - self.at.1] {
            let (groups, length) = varint_word(zigzag(step));
            word(self.out, groups, length);
        }
        self.at = to;
    }
}

/// A step as a number without sign (clause 4.3.2).
fn zigzag(step: i32) -> u32 {
    (step << 1 ^ step >> 31) as u32
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
