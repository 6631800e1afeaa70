//! A column as it is read: values of one type as they will be kept; those of several in one run of bytes, read back in order once the
//! column's type is known.

use std::borrow::Cow;

use super::{
    infer::{self, Seen},
    record::Raw,
};
use crate::model::{self, Bits, Kind, Texts, Values, when::day_of_letters};

/// The values of one property, from the first record on.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// Its name in the file.
    pub(super) name: String,
    /// What its values are.
    pub(super) seen: Seen,
    /// How many values it has.
    pub(super) rows: usize,
    kept: Kept,
    /// Which of them are something.
    known: Bits,
}

/// The values; where they are of one type, those that are nothing are blank.
#[derive(Debug, Default)]
enum Kept {
    /// All are nothing so far.
    #[default]
    Nothing,
    Cells(Texts),
    Texts(Texts),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    /// Each with its type before it.
    Mixed(Vec<u8>),
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
    pub(super) const DECIMAL: u8 = 9;
}

impl Kept {
    /// None yet, of the type of this one.
    fn of(raw: &Raw<'_>) -> Self {
        match raw {
            Raw::Null => Self::Nothing,
            Raw::Cell(_) => Self::Cells(Texts::default()),
            Raw::Text(_) => Self::Texts(Texts::default()),
            Raw::Integer(_) => Self::Integers(Vec::new()),
            Raw::Number(_) => Self::Numbers(Vec::new()),
            Raw::Decimal(_) | Raw::Boolean(_) | Raw::List(_) | Raw::Json(_) => Self::Mixed(Vec::new()),
        }
    }

    /// None yet, of the type of these.
    fn beginning(&self) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Cells(_) => Self::Cells(Texts::default()),
            Self::Texts(_) => Self::Texts(Texts::default()),
            Self::Integers(_) => Self::Integers(Vec::new()),
            Self::Numbers(_) => Self::Numbers(Vec::new()),
            Self::Mixed(_) => Self::Mixed(Vec::new()),
        }
    }

    /// Adds so many values that are nothing.
    fn pad(&mut self, count: usize) {
        match self {
            Self::Nothing => {}
            Self::Cells(texts) | Self::Texts(texts) => (0..count).for_each(|_| texts.push("")),
            Self::Integers(numbers) => numbers.resize(numbers.len() + count, 0),
            Self::Numbers(numbers) => numbers.resize(numbers.len() + count, 0.0),
            Self::Mixed(bytes) => bytes.resize(bytes.len() + count, tag::NULL),
        }
    }
}

impl Column {
    pub(super) fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Adds the value of row `row`, counted from 0; the rows before it that have none get nothing.
    pub(super) fn push(&mut self, row: usize, raw: &Raw<'_>) {
        self.pad(row);
        self.seen.see(raw);
        self.keep(raw);
    }

    fn keep(&mut self, raw: &Raw<'_>) {
        if matches!(self.kept, Kept::Nothing) {
            self.kept = Kept::of(raw);
            self.kept.pad(self.rows);
        }
        match (&mut self.kept, raw) {
            (kept, Raw::Null) => kept.pad(1),
            (Kept::Cells(texts), Raw::Cell(text)) | (Kept::Texts(texts), Raw::Text(text)) => texts.push(text),
            (Kept::Integers(numbers), Raw::Integer(number)) => numbers.push(*number),
            (Kept::Numbers(numbers), Raw::Number(number)) => numbers.push(*number),
            _ => append_tagged(self.mixed(), raw),
        }
        self.known.push(!matches!(raw, Raw::Null));
        self.rows += 1;
    }

    /// The values with their types, whatever they were before.
    fn mixed(&mut self) -> &mut Vec<u8> {
        if !matches!(self.kept, Kept::Mixed(_)) {
            let mut bytes = Vec::new();
            self.values().for_each(|raw| append_tagged(&mut bytes, &raw));
            self.kept = Kept::Mixed(bytes);
        }
        match &mut self.kept {
            Kept::Mixed(bytes) => bytes,
            _ => unreachable!("they have become so just now"),
        }
    }

    /// Adds nothing for each row up to `rows`.
    pub(super) fn pad(&mut self, rows: usize) {
        let missing = rows.saturating_sub(self.rows);
        if missing > 0 {
            self.kept.pad(missing);
            (0..missing).for_each(|_| self.known.push(false));
            self.rows += missing;
        }
    }

    /// Adds the values of a column of another stretch of the file, which begins at row `before`.
    pub(super) fn append(&mut self, before: usize, other: &mut Self) {
        self.pad(before);
        self.seen.join(&other.seen);
        if matches!(self.kept, Kept::Nothing) {
            self.kept = other.kept.beginning();
            self.kept.pad(self.rows);
        }
        match (&mut self.kept, &mut other.kept) {
            (kept, Kept::Nothing) => kept.pad(other.rows),
            (Kept::Cells(own), Kept::Cells(more)) | (Kept::Texts(own), Kept::Texts(more)) => own.append(more),
            (Kept::Integers(own), Kept::Integers(more)) => own.append(more),
            (Kept::Numbers(own), Kept::Numbers(more)) => own.append(more),
            _ => self.mixed().extend_from_slice(other.mixed()),
        }
        self.known.append(&other.known);
        self.rows += other.rows;
    }

    /// Leaves out the rows of the first `rows` for which `keep` is false. What they were stays seen.
    pub(super) fn retain(&mut self, rows: usize, keep: impl Fn(usize) -> bool) {
        self.pad(rows);
        let mut kept = Self { seen: self.seen.clone(), ..Self::default() };
        self.values().enumerate().filter(|(row, _)| keep(*row)).for_each(|(_, raw)| kept.keep(&raw));
        *self = Self { name: std::mem::take(&mut self.name), ..kept };
    }

    /// Every value, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = Raw<'_>> {
        let mut tagged = Tagged { bytes: if let Kept::Mixed(bytes) = &self.kept { bytes } else { &[] } };
        (0..self.rows).map(move |row| match &self.kept {
            Kept::Mixed(_) => tagged.next(),
            _ if !self.known.get(row) => Raw::Null,
            Kept::Nothing => Raw::Null,
            Kept::Cells(texts) => Raw::Cell(Cow::Borrowed(texts.get(row))),
            Kept::Texts(texts) => Raw::Text(Cow::Borrowed(texts.get(row))),
            Kept::Integers(numbers) => Raw::Integer(numbers[row]),
            Kept::Numbers(numbers) => Raw::Number(numbers[row]),
        })
    }

    /// The texts, where every value is one that the file marks as such.
    pub(super) fn texts(&self) -> Option<&Texts> {
        match &self.kept {
            Kept::Texts(texts) if self.known.is_full() => Some(texts),
            _ => None,
        }
    }

    /// The values as those of a type that holds all of them.
    pub(super) fn typed(self, kind: Kind) -> model::Column {
        let known = self.known;
        match (self.kept, kind) {
            // As they are kept already.
            (Kept::Texts(texts), Kind::Text) => model::Column { known, values: Values::Text(texts) },
            (Kept::Integers(numbers), Kind::Integer) => model::Column { known, values: Values::Integer(numbers) },
            (Kept::Numbers(numbers), Kind::Number) => model::Column { known, values: Values::Number(numbers) },
            (Kept::Texts(texts), Kind::Date) => {
                // A text that is empty is no date.
                let day = |row| day_of_letters(texts.get_bytes(row).trim_ascii());
                let days = (0..texts.len()).map(day).collect::<Vec<_>>();
                model::Column::of_days(&days)
            }
            (kept, kind) => {
                let mut column = model::Column::new(kind);
                let raws = Self { kept, known, ..Self { name: self.name, seen: self.seen, rows: self.rows, ..Self::default() } };
                raws.values().for_each(|raw| infer::push(&mut column, raw, kind));
                column
            }
        }
    }
}

fn append_tagged(bytes: &mut Vec<u8>, raw: &Raw<'_>) {
    let mut fixed = |tag: u8, eight: [u8; 8]| {
        bytes.push(tag);
        bytes.extend(eight);
    };
    let (tag, text) = match raw {
        Raw::Null => return bytes.push(tag::NULL),
        Raw::Boolean(is) => return bytes.push(if *is { tag::TRUE } else { tag::FALSE }),
        Raw::Integer(number) => return fixed(tag::INTEGER, number.to_le_bytes()),
        Raw::Number(number) => return fixed(tag::NUMBER, number.to_le_bytes()),
        Raw::Cell(text) => (tag::CELL, text.as_ref()),
        Raw::Decimal(text) => (tag::DECIMAL, text.as_ref()),
        Raw::Text(text) => (tag::TEXT, text.as_ref()),
        Raw::List(text) => (tag::LIST, text.as_str()),
        Raw::Json(text) => (tag::JSON, text.as_str()),
    };
    bytes.push(tag);
    // LEB128: seven bits of the length a byte, the lowest first.
    let mut length = text.len();
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(text.as_bytes());
}

/// Values with their types before them.
#[derive(Debug)]
struct Tagged<'a> {
    bytes: &'a [u8],
}

impl<'a> Tagged<'a> {
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

    fn next(&mut self) -> Raw<'a> {
        match self.take(1)[0] {
            tag::CELL => Raw::Cell(Cow::Borrowed(self.text())),
            tag::DECIMAL => Raw::Decimal(Cow::Borrowed(self.text())),
            tag::TEXT => Raw::Text(Cow::Borrowed(self.text())),
            tag::INTEGER => Raw::Integer(i64::from_le_bytes(self.eight())),
            tag::NUMBER => Raw::Number(f64::from_le_bytes(self.eight())),
            tag::FALSE => Raw::Boolean(false),
            tag::TRUE => Raw::Boolean(true),
            tag::LIST => Raw::List(self.text().to_owned()),
            tag::JSON => Raw::Json(self.text().to_owned()),
            _ => Raw::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw() -> BoxedStrategy<Raw<'static>> {
        prop_oneof![
            Just(Raw::Null),
            "\\PC{0,300}".prop_map(|text| Raw::Cell(text.into())),
            "\\PC{0,9}".prop_map(|text| Raw::Text(text.into())),
            "-?[0-9]{1,3},[0-9]{1,3}".prop_map(|text| Raw::Decimal(text.into())),
            any::<i64>().prop_map(Raw::Integer),
            (-1e300..1e300).prop_map(Raw::Number),
            any::<bool>().prop_map(Raw::Boolean),
            Just(Raw::List("[\"a\"]".into())),
            Just(Raw::Json("{}".into())),
        ]
        .boxed()
    }

    /// Stretches of a file: values of one type most often, some rows without any.
    fn stretches() -> impl Strategy<Value = Vec<Vec<(Raw<'static>, usize)>>> {
        let day = prop_oneof![Just("2023-08-03"), Just(" 1999-12-31 "), Just(""), Just("2024-02-29")];
        let same = prop_oneof![
            "[a-c]{0,3}".prop_map(|text| Raw::Cell(text.into())).boxed(),
            "[a-c]{0,3}".prop_map(|text| Raw::Text(text.into())).boxed(),
            day.prop_map(|day| Raw::Text(day.into())).boxed(),
            (-9..9_i64).prop_map(Raw::Integer).boxed(),
            (-9.0..9.0).prop_map(Raw::Number).boxed(),
            Just(Raw::Null).boxed(),
        ];
        let same = same.prop_flat_map(|like| {
            let others = prop_oneof![5 => Just(like), 1 => Just(Raw::Null)];
            prop::collection::vec((others, 0..2_usize), 0..6)
        });
        let any = prop::collection::vec((raw(), 0..3_usize), 0..6);
        prop::collection::vec(prop_oneof![4 => same, 1 => any], 0..5)
    }

    fn column(stretch: &[(Raw<'static>, usize)], expected: &mut Vec<Raw<'static>>) -> Column {
        let (mut column, first) = (Column::default(), expected.len());
        for (raw, gap) in stretch {
            expected.extend(std::iter::repeat_n(Raw::Null, *gap));
            column.push(expected.len() - first, raw);
            expected.push(raw.clone());
        }
        column
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(stretches in stretches(), gap in 0..3_usize, left_out in 0..4_usize) {
            let (mut all, mut expected) = (Column::default(), Vec::new());
            for stretch in &stretches {
                expected.extend(std::iter::repeat_n(Raw::Null, gap));
                let before = expected.len();
                all.append(before, &mut column(stretch, &mut expected));
            }
            prop_assert_eq!(all.values().collect::<Vec<_>>(), expected.clone());
            // Typed as a whole, each is what it is by itself.
            let kind = all.seen.kind("x");
            let mut typed = model::Column::new(kind);
            expected.iter().for_each(|raw| infer::push(&mut typed, raw.clone(), kind));
            let keep = |row: usize| row % 4 != left_out;
            let rows = all.rows;
            let mut kept = Column { seen: all.seen.clone(), ..Column::default() };
            all.values().for_each(|raw| kept.keep(&raw));
            prop_assert_eq!(all.typed(kind), typed, "{:?}", kind);
            kept.retain(rows, keep);
            let expected = expected.into_iter().enumerate().filter(|(row, _)| keep(*row)).map(|(_, raw)| raw);
            prop_assert_eq!(kept.values().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }
    }
}
