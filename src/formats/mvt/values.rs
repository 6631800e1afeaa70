//! The values of a layer as they stand in it, each with its number (Mapbox Vector Tile 2.1, clause 4.4).

use crate::{
    formats::wire::{field_length, varint, varint_length, varint_word, word},
    model::when,
};

/// Lengths of what texts are copied in: those of most names, and of most notes.
const SHORT: usize = 32;
const LONG: usize = 96;

/// The number of a value plus one; 0 for what is not known.
pub(super) type Number = u32;

/// The values of a layer, as the fields that they are in it.
#[derive(Debug, Default)]
pub(super) struct Values {
    bytes: Vec<u8>,
    count: u32,
    /// The texts that are looked up, by their hash: where each starts, and its number; at most half full.
    slots: Vec<(u32, Number)>,
    /// How many of them there are.
    texts: usize,
}

impl Values {
    /// How many bytes their fields take, with what they come after.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// None yet, after the start of their layer, with room for so many bytes.
    pub(super) fn after(mut start: Vec<u8>, bytes: usize) -> Self {
        start.reserve_exact(bytes);
        Self { bytes: start, ..Self::default() }
    }

    /// What they came after, and their fields.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
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
        while let (known, number @ 1..) = self.slots[slot] {
            // A value says how long it is: one that starts as another has the same bytes.
            if self.bytes[known as usize..].starts_with(&self.bytes[start..]) {
                self.bytes.truncate(start);
                return number;
            }
            slot = (slot + 1) & mask;
        }
        self.texts += 1;
        self.slots[slot] = (start as u32, self.next());
        self.count
    }

    /// A text that is not looked up: the first `length` of some bytes.
    #[inline]
    pub(super) fn new_text(&mut self, from: &[u8], length: usize) -> Number {
        let out = &mut self.bytes;
        // What it is copied in, where there is enough to copy: of a fixed length, which takes no call, and cut.
        let (short, long) = (from.first_chunk::<SHORT>(), from.first_chunk::<LONG>());
        match (length, short, long) {
            (..=SHORT, Some(short), _) => copy_text(out, short, length),
            (..=LONG, _, Some(long)) => copy_text(out, long, length),
            _ => write_text(out, &from[..length]),
        }
        self.next()
    }

    /// A whole number that is not looked up.
    #[inline]
    pub(super) fn new_integer(&mut self, number: i64) -> Number {
        let (field, number) = match u64::try_from(number) {
            Ok(number) => (5, number),
            Err(_) => (6, (number << 1 ^ number >> 63) as u64),
        };
        let out = &mut self.bytes;
        match u32::try_from(number) {
            Ok(number @ ..0x1000_0000) => {
                let (groups, length) = varint_word(number);
                let head = [4 << 3 | 2, 1 + length as u8, field << 3, 0, 0, 0, 0, 0];
                word(out, u64::from_le_bytes(head) | groups << 24, 3 + length);
            }
            _ => {
                out.extend_from_slice(&[4 << 3 | 2, 1 + varint_length(number) as u8, field << 3]);
                varint(out, number);
            }
        }
        self.next()
    }

    /// A number that is not looked up.
    #[inline]
    pub(super) fn new_number(&mut self, number: f64) -> Number {
        let (head, bits) = (u64::from_le_bytes([4 << 3 | 2, 9, 3 << 3 | 1, 0, 0, 0, 0, 0]), number.to_bits());
        word(&mut self.bytes, head | bits << 24, 8);
        word(&mut self.bytes, bits >> 40, 3);
        self.next()
    }

    /// A truth value that is not looked up.
    pub(super) fn new_truth(&mut self, value: bool) -> Number {
        self.bytes.extend_from_slice(&[4 << 3 | 2, 2, 7 << 3, u8::from(value)]);
        self.next()
    }

    /// A day since 1970-01-01 that is not looked up; not known where no calendar has it.
    #[inline]
    pub(super) fn new_day(&mut self, day: i32) -> Number {
        match when::letters_of(day) {
            Some([a, b, c, d, e, f, g, h, i, j]) => {
                word(&mut self.bytes, u64::from_le_bytes([4 << 3 | 2, 12, 1 << 3 | 2, 10, a, b, c, d]), 8);
                word(&mut self.bytes, u64::from_le_bytes([e, f, g, h, i, j, 0, 0]), 6);
            }
            None => match when::date_of(day) {
                Some(date) => write_text(&mut self.bytes, date.to_string().as_bytes()),
                None => return 0,
            },
        }
        self.next()
    }

    #[inline]
    fn next(&mut self) -> Number {
        self.count += 1;
        self.count
    }

    fn grow(&mut self) {
        let mask = (self.slots.len() * 4).max(256) - 1;
        let known = std::mem::replace(&mut self.slots, vec![(0, 0); mask + 1]);
        for (start, number) in known.into_iter().filter(|(_, number)| *number > 0) {
            let value = &self.bytes[start as usize..];
            let mut slot = hash(&value[..value_length(value)]) as usize & mask;
            while self.slots[slot].1 > 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = (start, number);
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

/// Appends a text that is the start of some bytes, shorter than 126.
#[inline]
fn copy_text<const N: usize>(out: &mut Vec<u8>, from: &[u8; N], length: usize) {
    let letters = length as u8;
    word(out, u64::from_le_bytes([4 << 3 | 2, letters + 2, 1 << 3 | 2, letters, 0, 0, 0, 0]), 4);
    let end = out.len() + length;
    out.extend_from_slice(from);
    out.truncate(end);
}

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

/// What the marks of one property have been told as: a tag each, none of which is 0.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    /// By hash: a mark and its tag, 0 where there is none; a quarter full at most, so that most are found where they are looked for first.
    slots: Vec<(u64, u64)>,
    count: usize,
}

impl Numbered {
    /// Starts anew.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.slots.resize(1024, (0, 0));
        self.count = 0;
    }

    /// The tag of a mark, which `make` makes where it is a new one; whether it is.
    #[inline]
    pub(super) fn get(&mut self, mark: u64, make: impl FnOnce() -> u64) -> (u64, bool) {
        let mut slot = self.slot(mark);
        while let (known, tag @ 1..) = self.slots[slot] {
            if known == mark {
                return (tag, false);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let tag = make();
        self.slots[slot] = (mark, tag);
        self.count += 1;
        if 4 * self.count > self.slots.len() {
            self.grow();
        }
        (tag, true)
    }

    fn slot(&self, mark: u64) -> usize {
        // Numbers of few digits end in zeros, in floating point too: the high bits alone have something of every bit.
        (mix(0, mark) >> 40) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let larger = vec![(0, 0); 4 * self.slots.len()];
        for (mark, tag) in std::mem::replace(&mut self.slots, larger).into_iter().filter(|(_, tag)| *tag > 0) {
            let mut slot = self.slot(mark);
            while self.slots[slot].1 > 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = (mark, tag);
        }
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
            values.new_integer(round);
        }
        let length = values.bytes.len();
        assert_eq!(texts.map(|text| values.text(text.as_bytes())), first);
        assert_eq!(values.new_day(i32::MAX), 0);
        assert_eq!(values.bytes.len(), length, "nothing was added");
        assert_eq!(values.new_text(b"1", 1), 2005);
        assert_eq!(values.bytes[length..], [0x22, 3, 0x0a, 1, b'1']);
    }

    #[test]
    fn whole_numbers_are_written_as_they_are_read() {
        for (number, expected) in [
            (0, &[0x22, 2, 0x28, 0][..]),
            (300, &[0x22, 3, 0x28, 0xac, 2]),
            (-1, &[0x22, 2, 0x30, 1]),
            (0x0fff_ffff, &[0x22, 5, 0x28, 0xff, 0xff, 0xff, 0x7f]),
            (0x1000_0000, &[0x22, 6, 0x28, 0x80, 0x80, 0x80, 0x80, 1]),
            (i64::MIN, &[0x22, 11, 0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
        ] {
            let mut values = Values::default();
            values.new_integer(number);
            assert_eq!(values.bytes, expected, "{number}");
        }
    }

    #[test]
    fn texts_are_the_same_however_they_are_copied() {
        let long = "0123456789".repeat(40);
        for length in [0, 1, SHORT, SHORT + 1, LONG, LONG + 1, 125, 126, 300] {
            let [mut cut, mut whole] = [const { Values { bytes: Vec::new(), count: 0, slots: Vec::new(), texts: 0 } }; 2];
            cut.new_text(long.as_bytes(), length);
            whole.text(&long.as_bytes()[..length]);
            assert_eq!(cut.bytes, whole.bytes, "{length}");
        }
    }

    #[test]
    fn marks_are_told_apart() {
        let mut numbered = Numbered::default();
        for _ in 0..2 {
            numbered.clear();
            for round in 0..2 {
                for mark in 0..500_u64 {
                    let key = mark.wrapping_mul(1 << 52);
                    assert_eq!(numbered.get(key, || mark + 1), (mark % 4096 + 1, round == 0));
                }
            }
        }
    }
}
