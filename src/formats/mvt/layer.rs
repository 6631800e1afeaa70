//! One layer of a vector tile as it is written (Mapbox Vector Tile 2.1, clause 4): values once, features as references to them.
//!
//! A value is written straight into the layer's dictionary; where its bytes stand there already, they are taken back. So nothing is
//! built and nothing is copied, and values of every type share one table of hashes.

use crate::{model::Cell, store::feature_text::write_day};

/// Units across a tile.
pub(super) const EXTENT: u32 = 4096;

/// The kinds of geometry a feature can have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A layer under way.
#[derive(Debug, Default)]
pub(super) struct Layer {
    features: Vec<u8>,
    keys: Vec<u8>,
    key_count: u32,
    values: Values,
    tags: Vec<u8>,
    geometry: Vec<u8>,
}

impl Layer {
    /// Starts the tags of a feature anew.
    pub(super) fn begin(&mut self) {
        self.tags.clear();
    }

    /// Adds a key; its number is for [`Self::tag`].
    pub(super) fn key(&mut self, name: &str) -> u32 {
        text_field(&mut self.keys, 3, name);
        self.key_count += 1;
        self.key_count - 1
    }

    /// Adds a property to the feature at hand; what is not known is left out.
    pub(super) fn tag(&mut self, key: u32, cell: Cell<'_>) {
        let Some(value) = self.values.add(cell) else { return };
        varint(&mut self.tags, u64::from(key));
        varint(&mut self.tags, u64::from(value));
    }

    /// Adds the feature whose tags have been given.
    pub(super) fn feature(&mut self, id: Option<u64>, shape: Shape, write: impl FnOnce(&mut Pen<'_>)) {
        self.geometry.clear();
        write(&mut Pen { out: &mut self.geometry, at: (0, 0) });
        let id_length = id.map_or(0, |id| 1 + varint_length(id));
        let length = id_length + field_length(self.tags.len()) + 2 + field_length(self.geometry.len());
        let out = &mut self.features;
        out.push(2 << 3 | 2);
        varint(out, length as u64);
        if let Some(id) = id {
            out.push(1 << 3);
            varint(out, id);
        }
        for (field, bytes) in [(2, &self.tags), (4, &self.geometry)] {
            out.push(field << 3 | 2);
            varint(out, bytes.len() as u64);
            out.extend_from_slice(bytes);
            if field == 2 {
                out.extend_from_slice(&[3 << 3, shape as u8]);
            }
        }
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
        let parts = [&head, &self.features, &self.keys, &self.values.bytes, &tail];
        tile.push(3 << 3 | 2);
        varint(tile, parts.iter().map(|part| part.len() as u64).sum());
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

/// The values of a layer, each once, as the fields that they are in it.
#[derive(Debug, Default)]
struct Values {
    bytes: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
    /// By hash: the number of a value plus one, 0 where there is none, and its hash's upper half; at most half full.
    slots: Vec<(u32, u32)>,
}

impl Values {
    /// The number of a value; `None` where nothing is known.
    fn add(&mut self, cell: Cell<'_>) -> Option<u32> {
        let start = self.bytes.len();
        if !write_value(&mut self.bytes, cell) {
            return None;
        }
        if self.slots.len() < 2 * (self.ends.len() + 1) {
            self.grow();
        }
        let wanted = &self.bytes[start..];
        let hash = hash(wanted);
        let mask = self.slots.len() - 1;
        let (mut slot, mark) = (hash as usize & mask, (hash >> 32) as u32);
        while let (number @ 1.., known) = self.slots[slot] {
            if known == mark && self.value(number as usize - 1) == wanted {
                self.bytes.truncate(start);
                return Some(number - 1);
            }
            slot = (slot + 1) & mask;
        }
        self.ends.push(self.bytes.len());
        let number = self.ends.len() as u32;
        self.slots[slot] = (number, mark);
        Some(number - 1)
    }

    fn value(&self, number: usize) -> &[u8] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.bytes[start..self.ends[number]]
    }

    fn grow(&mut self) {
        let mask = (self.slots.len() * 4).max(256) - 1;
        self.slots = vec![(0, 0); mask + 1];
        for number in 0..self.ends.len() {
            let hash = hash(self.value(number));
            let mut slot = hash as usize & mask;
            while self.slots[slot].0 > 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = (number as u32 + 1, (hash >> 32) as u32);
        }
    }
}

/// Multiplies and rotates eight bytes at a time; the table compares what it finds, so that a collision costs a look and no more.
fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(bytes.len() as u64, |hash, word| step(hash, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let sum = step(sum, last);
    sum ^ sum >> 32
}

/// Appends a value as a field of its layer (clause 4.4); whether there is one.
fn write_value(out: &mut Vec<u8>, cell: Cell<'_>) -> bool {
    match cell {
        Cell::Null => return false,
        Cell::Text(text) | Cell::Json(text) => write_text(out, text),
        Cell::Integer(number) => {
            let (field, number) = match u64::try_from(number) {
                Ok(number) => (5, number),
                Err(_) => (6, (number << 1 ^ number >> 63) as u64),
            };
            out.extend_from_slice(&[4 << 3 | 2, 1 + varint_length(number) as u8, field << 3]);
            varint(out, number);
        }
        Cell::Number(number) => {
            out.extend_from_slice(&[4 << 3 | 2, 9, 3 << 3 | 1]);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Cell::Boolean(value) => out.extend_from_slice(&[4 << 3 | 2, 2, 7 << 3, u8::from(value)]),
        Cell::Date(date) => {
            let mut day = Vec::with_capacity(10);
            write_day(&mut day, date);
            write_bytes(out, &day);
        }
        Cell::Timestamp(instant) => write_text(out, &instant.to_string()),
    }
    true
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_bytes(out, text.as_bytes());
}

/// Appends a text as a field of its layer.
fn write_bytes(out: &mut Vec<u8>, text: &[u8]) {
    out.push(4 << 3 | 2);
    varint(out, field_length(text.len()) as u64);
    out.push(1 << 3 | 2);
    varint(out, text.len() as u64);
    out.extend_from_slice(text);
}

fn text_field(out: &mut Vec<u8>, field: u8, text: &str) {
    out.push(field << 3 | 2);
    varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Bytes of a field of so many bytes: its number, their count, themselves.
fn field_length(length: usize) -> usize {
    1 + varint_length(length as u64) + length
}

fn varint_length(number: u64) -> usize {
    (64 - (number | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends a number in groups of seven bits, the lowest first (Protocol Buffers).
fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_are_said_to_be() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, number);
            assert_eq!(out.len(), varint_length(number), "{number}");
        }
    }

    #[test]
    fn a_value_stands_once_whatever_its_type() {
        let mut values = Values::default();
        let cells = [Cell::Text("1"), Cell::Integer(1), Cell::Number(1.0), Cell::Boolean(true), Cell::Integer(-1), Cell::Text("")];
        let first = cells.map(|cell| values.add(cell));
        assert_eq!(first, [0, 1, 2, 3, 4, 5].map(Some));
        for round in 0..1000 {
            values.add(Cell::Integer(1000 + round));
        }
        let length = values.bytes.len();
        assert_eq!(cells.map(|cell| values.add(cell)), first);
        assert_eq!(values.add(Cell::Null), None);
        assert_eq!(values.bytes.len(), length, "nothing was added");
    }

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
