//! Properties by column: one typed array for each property, in the order of the table.
//!
//! Texts of few different values are kept as codes into a dictionary, a byte a position; those of very few as one bit a position
//! for each value beside them, so that "how many are of this category" is a count of bits. Texts of many have ranks beside them, two
//! bytes a position. Numbers and instants take four bytes where those tell them apart, else two times four.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    io,
    sync::Arc,
};

use super::{
    arena::Arena,
    array::Array,
    bits::Bits,
    halves::Halves,
    numbers::Numbers,
    ranks::{Letters, Ranks},
    sections::{Damage, Part, Sink},
    texts::Texts,
    within::{Held, Within},
};
use crate::model::{self, Cell, Kind, when};

/// Different values of a column that is kept as codes, at the most: a code is a byte.
const MOST_CODES: usize = 256;
/// Different values of a column that has a set of bits for each, at the most: as many take four bytes a position.
const MOST_SETS: usize = 32;
/// Columns with fewer positions are kept as they are.
const LEAST: usize = 64;

/// The values of one property.
#[derive(Debug)]
pub(super) struct Column {
    /// Which are known; nothing where all are.
    known: Option<Bits>,
    values: Values,
    /// Of texts of many different values.
    ranks: Option<Ranks>,
}

/// Values of one type, one for each position.
#[derive(Debug)]
pub(super) enum Values {
    Text(Texts),
    Within(Within),
    /// Not written yet, since they may be left to the arena.
    Held(Held),
    Coded(Coded),
    Integer(Halves),
    Number(Numbers),
    Boolean(Bits),
    /// Days since 1970-01-01.
    Date(Array<i32>),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(Halves),
    /// JSON text, written once when the table is built and verbatim into every answer.
    Json(Texts),
}

/// A value as it is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::store) enum Kept<'a> {
    /// The bytes of a text, unless a file is damaged.
    Text(&'a [u8]),
    /// The same where they stand in JSON as they are.
    Plain(&'a [u8]),
    /// Days since 1970-01-01.
    Day(i32),
    /// Any other.
    Other(Cell<'a>),
}

/// Texts of few different values.
#[derive(Debug)]
pub(super) struct Coded {
    codes: Array<u8>,
    /// Each different value once, in the order in which they are met.
    dictionary: Texts,
    /// For each value the positions that have it, where there are few values.
    sets: Vec<Bits>,
}

impl Coded {
    fn get(&self, position: u32) -> &str {
        std::str::from_utf8(self.get_bytes(position)).unwrap_or_default()
    }

    fn get_bytes(&self, position: u32) -> &[u8] {
        let code = self.codes[position as usize];
        if usize::from(code) < self.dictionary.len() { self.dictionary.get_bytes(code.into()) } else { &[] }
    }

    /// The code of each position.
    pub(super) fn codes(&self) -> &[u8] {
        &self.codes
    }

    /// Every different value with its code.
    pub(super) fn values(&self) -> impl Iterator<Item = (u8, &str)> {
        (0..self.dictionary.len()).map(|code| (code as u8, self.dictionary.get(code as u32)))
    }

    /// The positions that have a value, unknown ones among those of the blank; `None` where there are too many values.
    pub(super) fn set(&self, code: u8) -> Option<&Bits> {
        self.sets.get(usize::from(code))
    }
}

impl Column {
    /// Writes a column in the order of a table. Texts that may be left to the arena are held for now ([`Self::held`]).
    pub(super) fn write(
        column: model::Column,
        order: &Arc<Vec<u32>>,
        has_arena: bool,
        sink: &mut Sink<'_>,
        name: &str,
    ) -> io::Result<Self> {
        let model::Column { known, values } = column;
        let known = if known.is_full() {
            None
        } else {
            let bits = order.iter().map(|row| known.get(*row as usize)).collect::<model::Bits>();
            Some(Bits::new(sink.put(&format!("{name}.known"), bits.into_words())?))
        };
        let mut ranks = None;
        let values = match values {
            model::Values::Text(texts) => match encode(&texts, order) {
                Some((codes, dictionary)) => Values::Coded(write_coded(codes, &dictionary, sink, name)?),
                None => {
                    ranks = Ranks::write(&texts, order, sink, name)?;
                    match has_arena && Held::may_hold(&texts) {
                        true => Values::Held(Held::new(texts, order)),
                        false => Values::Text(Texts::write(&texts, order, sink, name)?),
                    }
                }
            },
            model::Values::Integer(values) => Values::Integer(Halves::write(&permuted(&values, order), known.as_ref(), sink, name)?),
            model::Values::Number(values) => Values::Number(Numbers::write(&permuted(&values, order), known.as_ref(), sink, name)?),
            model::Values::Boolean(bits) => {
                let bits = order.iter().map(|row| bits.get(*row as usize)).collect::<model::Bits>();
                Values::Boolean(Bits::new(sink.put(name, bits.into_words())?))
            }
            model::Values::Date(values) => Values::Date(sink.put(name, permuted(&values, order))?),
            model::Values::Timestamp(values) => Values::Timestamp(Halves::write(&permuted(&values, order), known.as_ref(), sink, name)?),
            model::Values::List(texts) | model::Values::Json(texts) => Values::Json(Texts::write(&texts, order, sink, name)?),
        };
        Ok(Self { known, values, ranks })
    }

    /// The texts that were held, if this column is of such.
    pub(super) fn held(&self) -> Option<&Held> {
        match &self.values {
            Values::Held(texts) => Some(texts),
            _ => None,
        }
    }

    pub(super) fn open(part: &Part<'_>, name: &str, kind: Kind, count: usize, arena: Option<&Arena>) -> Result<Self, Damage> {
        let known = format!("{name}.known");
        let words = Bits::words_of(count);
        let known = part.has(&known).then(|| part.array(&known, words)).transpose()?.map(Bits::new);
        let values = match kind {
            Kind::Text | Kind::Edtf | Kind::Uri if part.has(&format!("{name}.codes")) => Values::Coded(open_coded(part, name, count)?),
            Kind::Text | Kind::Edtf | Kind::Uri if Within::is_in(part, name) => Values::Within(Within::open(part, name, count, arena)?),
            Kind::Text | Kind::Edtf | Kind::Uri => Values::Text(Texts::open(part, name, count)?),
            Kind::Integer => Values::Integer(Halves::open(part, name, count)?),
            Kind::Number => Values::Number(Numbers::open(part, name, count)?),
            Kind::Boolean => Values::Boolean(Bits::new(part.array(name, words)?)),
            Kind::Date => Values::Date(part.array(name, count)?),
            Kind::Timestamp => Values::Timestamp(Halves::open(part, name, count)?),
            Kind::List | Kind::Json => Values::Json(Texts::open(part, name, count)?),
        };
        Ok(Self { known, values, ranks: Ranks::open(part, name, count)? })
    }

    /// Texts of many different values, and their ranks.
    pub(super) fn letters(&self) -> Option<(Letters<'_>, Option<&Ranks>)> {
        let letters = match &self.values {
            Values::Text(texts) => Letters::Own(texts),
            Values::Within(texts) => Letters::Within(texts),
            _ => return None,
        };
        Some((letters, self.ranks.as_ref()))
    }

    /// Which positions are known; `None` where all are.
    pub(super) fn known(&self) -> Option<&Bits> {
        self.known.as_ref()
    }

    /// The values by their type, those of unknown positions blank.
    pub(super) fn values(&self) -> &Values {
        &self.values
    }

    /// The value at a position as it is kept: what is written as bytes need not be read as text, or as a date, before.
    #[inline]
    pub(super) fn kept(&self, position: u32) -> Kept<'_> {
        if self.known.as_ref().is_some_and(|known| !known.get(position)) {
            return Kept::Other(Cell::Null);
        }
        match &self.values {
            Values::Held(texts) => Kept::Plain(texts.get_bytes(position)),
            Values::Text(texts) => Kept::Text(texts.get_bytes(position)),
            Values::Coded(coded) => Kept::Text(coded.get_bytes(position)),
            Values::Date(values) => Kept::Day(values[position as usize]),
            _ => Kept::Other(self.get(position)),
        }
    }

    /// The value at a position.
    #[inline]
    pub(super) fn get(&self, position: u32) -> Cell<'_> {
        if self.known.as_ref().is_some_and(|known| !known.get(position)) {
            return Cell::Null;
        }
        let at = position as usize;
        match &self.values {
            Values::Text(texts) => Cell::Text(texts.get(position)),
            Values::Within(texts) => Cell::Text(texts.get(position)),
            Values::Held(texts) => Cell::Text(texts.get(position)),
            Values::Coded(coded) => Cell::Text(coded.get(position)),
            Values::Integer(values) => Cell::Integer(values.get(at)),
            Values::Number(values) => Cell::Number(values.get(at)),
            Values::Boolean(values) => Cell::Boolean(values.get(position)),
            Values::Date(values) => when::date_of(values[at]).map_or(Cell::Null, Cell::Date),
            Values::Timestamp(values) => Cell::Timestamp(when::Instant::from_millis(values.get(at))),
            Values::Json(texts) => Cell::Json(texts.get(position)),
        }
    }
}

/// Values in another order.
pub(super) fn permuted<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|row| values[*row as usize]).collect()
}

/// The codes of texts in the order of a table, and what they stand for; `None` where there are too many different texts.
fn encode(texts: &model::Texts, order: &[u32]) -> Option<(Vec<u8>, model::Texts)> {
    if order.len() < LEAST {
        return None;
    }
    let (met, count) = met(texts)?;
    let mut known = vec![None; count];
    let mut dictionary = model::Texts::default();
    let mut codes = Vec::with_capacity(order.len());
    for row in order {
        let code = &mut known[usize::from(met[*row as usize])];
        codes.push(match *code {
            Some(code) => code,
            // Where every other value is new, codes save nothing.
            None if dictionary.len() > LEAST / 2 + codes.len() / 2 => return None,
            None => {
                dictionary.push(texts.get(*row as usize));
                *code.insert((dictionary.len() - 1) as u8)
            }
        });
    }
    Some((codes, dictionary))
}

/// The number of each text among the different ones in the order in which they are met, and how many those are; `None` where they are
/// too many. One after another: the texts of a million rows lie all over memory in the order of a table.
fn met(texts: &model::Texts) -> Option<(Vec<u8>, usize)> {
    let mut known = HashMap::<&[u8], u8, BuildHasherDefault<Fold>>::default();
    let mut codes = Vec::with_capacity(texts.len());
    for row in 0..texts.len() {
        // As bytes: that each is text need not be looked at once more to compare it.
        let text = texts.get_bytes(row);
        codes.push(match known.get(text) {
            Some(code) => *code,
            None if known.len() == MOST_CODES => return None,
            None => {
                let code = known.len() as u8;
                known.insert(text, code);
                code
            }
        });
    }
    Some((codes, known.len()))
}

/// A quick hash of short texts. Texts that were made to share one are no danger: a dictionary has 256 of them at the most.
#[derive(Default)]
struct Fold(u64);

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        for word in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..word.len()].copy_from_slice(word);
            self.write_u64(u64::from_le_bytes(eight));
        }
    }

    fn write_u64(&mut self, word: u64) {
        // 2⁶⁴ divided by the golden ratio: Knuth's hash by multiplication, of which the upper half is folded onto the lower one.
        let product = u128::from(self.0 ^ word) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn write_coded(codes: Vec<u8>, dictionary: &model::Texts, sink: &mut Sink<'_>, name: &str) -> io::Result<Coded> {
    let words = Bits::words_of(codes.len());
    let mut sets = vec![0_u64; if dictionary.len() <= MOST_SETS { words * dictionary.len() } else { 0 }];
    if !sets.is_empty() {
        for (position, code) in codes.iter().enumerate() {
            sets[usize::from(*code) * words + position / 64] |= 1 << (position % 64);
        }
    }
    let all = (0..dictionary.len() as u32).collect::<Vec<_>>();
    let dictionary = Texts::write(dictionary, &all, sink, &format!("{name}.dictionary"))?;
    let sets = sink.put(&format!("{name}.sets"), sets)?;
    Ok(Coded { codes: sink.put(&format!("{name}.codes"), codes)?, sets: split(&sets, words), dictionary })
}

fn open_coded(part: &Part<'_>, name: &str, count: usize) -> Result<Coded, Damage> {
    let ends = part.values::<u32>(&format!("{name}.dictionary.ends"))?.len();
    if ends > MOST_CODES {
        return Err(Damage::Description(format!("column {name} has {ends} codes; a byte holds {MOST_CODES}")));
    }
    let dictionary = Texts::open(part, &format!("{name}.dictionary"), ends)?;
    let words = Bits::words_of(count);
    let sets = part.array(&format!("{name}.sets"), if ends <= MOST_SETS { words * ends } else { 0 })?;
    Ok(Coded { codes: part.array(&format!("{name}.codes"), count)?, sets: split(&sets, words), dictionary })
}

/// One set after another of `words` words each.
fn split(sets: &Array<u64>, words: usize) -> Vec<Bits> {
    let bytes = words * size_of::<u64>();
    let slices = (0..sets.len().checked_div(words).unwrap_or(0)).map(|set| sets.bytes().slice(set * bytes..(set + 1) * bytes));
    slices.map(|slice| Bits::new(Array::new(slice).expect("a part of an array of words is one"))).collect()
}
