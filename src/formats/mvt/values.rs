//! The values of a layer as they stand in it, each with its number (Mapbox Vector Tile 2.1, clause 4.4).

use crate::{
    formats::wire::{field_length, varint, varint_length},
    model::Cell,
    store::feature_text::write_day,
};

/// The number of a value plus one; 0 for what is not known.
pub(super) type Number = u32;

/// The values of a layer, as the fields that they are in it.
#[derive(Debug, Default)]
pub(super) struct Values {
    bytes: Vec<u8>,
    /// Where each value starts.
    starts: Vec<u32>,
    /// The texts that are looked up, by their hash; at most half full.
    slots: Vec<Number>,
    /// How many of them there are.
    texts: usize,
}

impl Values {
    /// Their fields, one after another.
    pub(super) fn bytes(&self) -> &Vec<u8> {
        &self.bytes
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// None yet, with room for so many bytes.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// A text, which stands here once, however often it is given.
    pub(super) fn text(&mut self, text: &[u8]) -> Number {
        if self.slots.len() < 2 * (self.texts + 1) {
            self.grow();
        }
        let start = self.bytes.len();
        write_text(&mut self.bytes, text);
        let mask = self.slots.len() - 1;
        let mut slot = hash(&self.bytes[start..]) as usize & mask;
        while let number @ 1.. = self.slots[slot] {
            if self.value(number) == &self.bytes[start..] {
                self.bytes.truncate(start);
                return number;
            }
            slot = (slot + 1) & mask;
        }
        self.starts.push(start as u32);
        self.texts += 1;
        self.slots[slot] = self.starts.len() as Number;
        self.slots[slot]
    }

    /// A text that is not looked up.
    #[inline]
    pub(super) fn new_text(&mut self, text: &[u8]) -> Number {
        self.starts.push(self.bytes.len() as u32);
        write_text(&mut self.bytes, text);
        self.starts.len() as Number
    }

    /// A value that is not looked up, unless it is one of text.
    pub(super) fn new_value(&mut self, cell: Cell<'_>) -> Number {
        let out = &mut self.bytes;
        let start = out.len() as u32;
        match cell {
            Cell::Null => return 0,
            Cell::Text(text) | Cell::Json(text) => return self.text(text.as_bytes()),
            Cell::Timestamp(instant) => return self.text(instant.to_string().as_bytes()),
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
                // Ten letters; the two lengths are put right where a year has more than four digits.
                out.extend_from_slice(&[4 << 3 | 2, 12, 1 << 3 | 2, 10]);
                write_day(out, date);
                let letters = (out.len() - start as usize - 4) as u8;
                out[start as usize + 1] = letters + 2;
                out[start as usize + 3] = letters;
            }
        }
        self.starts.push(start);
        self.starts.len() as Number
    }

    fn value(&self, number: Number) -> &[u8] {
        let end = self.starts.get(number as usize).copied();
        let start = self.starts[number as usize - 1] as usize;
        // The value that is being looked up stands behind the last one.
        let end = end.map_or_else(|| start + value_length(&self.bytes[start..]), |end| end as usize);
        &self.bytes[start..end]
    }

    fn grow(&mut self) {
        let mask = (self.slots.len() * 4).max(256) - 1;
        let known = std::mem::replace(&mut self.slots, vec![0; mask + 1]);
        for number in known.into_iter().filter(|number| *number > 0) {
            let mut slot = hash(self.value(number)) as usize & mask;
            while self.slots[slot] > 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number;
        }
    }
}

/// How long the field is that starts here.
fn value_length(bytes: &[u8]) -> usize {
    let (mut length, mut shift, mut at) = (0, 0, 1);
    loop {
        length |= usize::from(bytes[at] & 0x7f) << shift;
        shift += 7;
        at += 1;
        if bytes[at - 1] & 0x80 == 0 {
            return at + length;
        }
    }
}

/// Multiplies and rotates eight bytes at a time; the table compares what it finds, so that a collision costs a look and no more.
fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let sum = mix(sum, last);
    sum ^ sum >> 32
}

fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

#[inline]
fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    match u8::try_from(text.len()) {
        // Both lengths are one byte each.
        Ok(length @ ..126) => out.extend_from_slice(&[4 << 3 | 2, length + 2, 1 << 3 | 2, length]),
        _ => {
            out.push(4 << 3 | 2);
            varint(out, field_length(text.len()) as u64);
            out.push(1 << 3 | 2);
            varint(out, text.len() as u64);
        }
    }
    out.extend_from_slice(text);
}

/// What the marks of one property have been numbered as.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    /// By hash: the position of a mark in `known` plus one; at most half full.
    slots: Vec<u32>,
    known: Vec<(u64, Number)>,
}

impl Numbered {
    /// Starts anew with room for so many marks.
    pub(super) fn clear(&mut self, most: usize) {
        self.known.clear();
        self.slots.clear();
        self.slots.resize((2 * most).next_power_of_two().max(2), 0);
    }

    /// The number of a mark, which `make` makes where it is a new one; whether it is.
    #[inline]
    pub(super) fn get(&mut self, mark: u64, make: impl FnOnce() -> Number) -> (Number, bool) {
        let mask = self.slots.len() - 1;
        let mut slot = (mix(0, mark) >> 32) as usize & mask;
        while let place @ 1.. = self.slots[slot] {
            let (known, number) = self.known[place as usize - 1];
            if known == mark {
                return (number, false);
            }
            slot = (slot + 1) & mask;
        }
        let number = make();
        self.known.push((mark, number));
        self.slots[slot] = self.known.len() as u32;
        (number, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_once() {
        let mut values = Values::default();
        let texts = ["1", "", "a longer text, longer than what one byte can say the length of: ".repeat(4).leak(), "é"];
        let first = texts.map(|text| values.text(text.as_bytes()));
        assert_eq!(first, [1, 2, 3, 4]);
        for round in 0..1000 {
            values.text(format!("n{round}").as_bytes());
            values.new_value(Cell::Integer(round));
        }
        let length = values.bytes.len();
        assert_eq!(texts.map(|text| values.text(text.as_bytes())), first);
        assert_eq!(values.new_value(Cell::Null), 0);
        assert_eq!(values.bytes.len(), length, "nothing was added");
        assert_eq!(values.new_text(b"1"), 2005);
    }

    #[test]
    fn marks_are_told_apart() {
        let mut numbered = Numbered::default();
        for _ in 0..2 {
            numbered.clear(500);
            for round in 0..2 {
                for mark in 0..500_u64 {
                    let key = mark.wrapping_mul(1 << 52);
                    assert_eq!(numbered.get(key, || mark as u32 + 1), ((mark % 4096) as u32 + 1, round == 0));
                }
            }
        }
    }
}
