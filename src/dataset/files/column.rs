//! A column as it is read: every value in one run of bytes, read back in order once its type is known.

use std::borrow::Cow;

use super::{infer::Seen, record::Raw};

/// The values of one property, from the first record on.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// Its name in the file.
    pub(super) name: String,
    /// What its values are.
    pub(super) seen: Seen,
    /// How many values it has.
    pub(super) rows: usize,
    bytes: Vec<u8>,
}

/// What stands before each value's bytes.
mod tag {
    pub(super) const NULL: u8 = 0;
    pub(super) const CELL: u8 = 1;
    pub(super) const TEXT: u8 = 2;
    pub(super) const INTEGER: u8 = 3;
    pub(super) const NUMBER: u8 = 4;
    pub(super) const FALSE: u8 = 5;
    pub(super) const TRUE: u8 = 6;
    pub(super) const LIST: u8 = 7;
    pub(super) const JSON: u8 = 8;
}

impl Column {
    pub(super) fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Adds the value of row `row`, counted from 0; the rows before it that have none get nothing.
    pub(super) fn push(&mut self, row: usize, raw: &Raw<'_>) {
        self.pad(row);
        self.seen.see(raw);
        self.rows += 1;
        match raw {
            Raw::Null => self.bytes.push(tag::NULL),
            Raw::Boolean(is) => self.bytes.push(if *is { tag::TRUE } else { tag::FALSE }),
            Raw::Integer(number) => self.fixed(tag::INTEGER, number.to_le_bytes()),
            Raw::Number(number) => self.fixed(tag::NUMBER, number.to_le_bytes()),
            Raw::Cell(text) => self.text(tag::CELL, text),
            Raw::Text(text) => self.text(tag::TEXT, text),
            Raw::List(text) => self.text(tag::LIST, text),
            Raw::Json(text) => self.text(tag::JSON, text),
        }
    }

    /// Adds nothing for each row up to `rows`.
    pub(super) fn pad(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.rows);
        self.bytes.resize(self.bytes.len() + missing, tag::NULL);
        self.rows += missing;
    }

    /// Adds the values of a column of another stretch of the file, which begins at row `before`.
    pub(super) fn append(&mut self, before: usize, other: &Self) {
        self.pad(before);
        self.seen.join(&other.seen);
        self.bytes.extend_from_slice(&other.bytes);
        self.rows += other.rows;
    }

    /// Leaves out the rows of the first `rows` for which `keep` is false. What they were stays seen.
    pub(super) fn retain(&mut self, rows: usize, keep: impl Fn(usize) -> bool) {
        self.pad(rows);
        let mut kept = Self { name: std::mem::take(&mut self.name), seen: self.seen.clone(), ..Self::default() };
        let mut values = self.values();
        for row in 0..rows {
            let before = values.bytes;
            let is_there = values.next().is_some();
            if is_there && keep(row) {
                kept.bytes.extend_from_slice(&before[..before.len() - values.bytes.len()]);
                kept.rows += 1;
            }
        }
        *self = kept;
    }

    fn fixed(&mut self, tag: u8, bytes: [u8; 8]) {
        self.bytes.push(tag);
        self.bytes.extend(bytes);
    }

    fn text(&mut self, tag: u8, text: &str) {
        self.bytes.push(tag);
        // LEB128: seven bits of the length a byte, the lowest first.
        let mut length = text.len();
        while length >= 0x80 {
            self.bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.bytes.push(length as u8);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Every value, in order.
    pub(super) fn values(&self) -> Values<'_> {
        Values { bytes: &self.bytes }
    }
}

/// The values of a column, in order.
#[derive(Debug)]
pub(super) struct Values<'a> {
    bytes: &'a [u8],
}

impl<'a> Values<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.bytes.split_at(count);
        self.bytes = rest;
        taken
    }

    fn eight(&mut self) -> [u8; 8] {
        self.take(8).try_into().expect("eight bytes were taken")
    }

    fn text(&mut self) -> &'a str {
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = self.take(1)[0];
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        std::str::from_utf8(self.take(length)).expect("a column's texts were written from texts")
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Raw<'a>;

    fn next(&mut self) -> Option<Raw<'a>> {
        if self.bytes.is_empty() {
            return None;
        }
        Some(match self.take(1)[0] {
            tag::CELL => Raw::Cell(Cow::Borrowed(self.text())),
            tag::TEXT => Raw::Text(Cow::Borrowed(self.text())),
            tag::INTEGER => Raw::Integer(i64::from_le_bytes(self.eight())),
            tag::NUMBER => Raw::Number(f64::from_le_bytes(self.eight())),
            tag::FALSE => Raw::Boolean(false),
            tag::TRUE => Raw::Boolean(true),
            tag::LIST => Raw::List(self.text().to_owned()),
            tag::JSON => Raw::Json(self.text().to_owned()),
            _ => Raw::Null,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw() -> impl Strategy<Value = Raw<'static>> {
        prop_oneof![
            Just(Raw::Null),
            "\\PC{0,300}".prop_map(|text| Raw::Cell(text.into())),
            "\\PC{0,9}".prop_map(|text| Raw::Text(text.into())),
            any::<i64>().prop_map(Raw::Integer),
            (-1e300..1e300).prop_map(Raw::Number),
            any::<bool>().prop_map(Raw::Boolean),
            Just(Raw::List("[\"a\"]".into())),
            Just(Raw::Json("{}".into())),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(raws in proptest::collection::vec((raw(), 0..3_usize), 0..20)) {
            let (mut column, mut expected) = (Column::default(), Vec::new());
            for (raw, gap) in raws {
                expected.extend(std::iter::repeat_n(Raw::Null, gap));
                column.push(expected.len(), &raw);
                expected.push(raw);
            }
            prop_assert_eq!(column.values().collect::<Vec<_>>(), expected);
        }
    }
}
