//! Texts of a table, one after another.

use bytes::Bytes;

use super::{
    array::Array,
    sections::{Damage, Part, Sink},
};
use crate::model;

/// Positions from one base to the next: the ends between are counted from it, in half the room.
const STEP: usize = 32;

/// Where each of many pieces ends, in a little over four bytes each.
#[derive(Debug, Clone, Default)]
pub(super) struct Ends {
    /// Where every 32nd piece begins.
    bases: Array<u64>,
    /// One past the end of each piece, counted from its base.
    ends: Array<u32>,
}

impl Ends {
    /// Writes the ends of pieces that follow one another; `lengths` in order.
    ///
    /// # Errors
    /// When 32 pieces in a row have 4 GiB or more, and what the sink says.
    pub(super) fn write(lengths: impl Iterator<Item = usize>, sink: &mut Sink<'_>, name: &str) -> std::io::Result<Self> {
        let (mut bases, mut ends) = (Vec::new(), Vec::with_capacity(lengths.size_hint().0));
        let (mut base, mut end) = (0_u64, 0_u64);
        for (position, length) in lengths.enumerate() {
            if position.is_multiple_of(STEP) {
                base = end;
                bases.push(base);
            }
            end += length as u64;
            let within = u32::try_from(end - base).map_err(|_| std::io::Error::other("32 values in a row have 4 GiB of text or more"))?;
            ends.push(within);
        }
        Ok(Self { bases: sink.put(&format!("{name}.bases"), bases)?, ends: sink.put(&format!("{name}.ends"), ends)? })
    }

    pub(super) fn open(part: &Part<'_>, name: &str, count: usize) -> Result<Self, Damage> {
        let bases = part.array(&format!("{name}.bases"), count.div_ceil(STEP))?;
        Ok(Self { bases, ends: part.array(&format!("{name}.ends"), count)? })
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Where a piece begins; the end of the last one for the position after it.
    #[inline]
    pub(super) fn start(&self, position: usize) -> usize {
        if position.is_multiple_of(STEP)
            && let Some(base) = self.bases.get(position / STEP)
        {
            return *base as usize;
        }
        if position == 0 { 0 } else { self.end(position - 1) }
    }

    /// Where a piece begins and ends.
    #[inline]
    pub(super) fn range(&self, position: usize) -> (usize, usize) {
        let (base, within) = (self.bases[position / STEP] as usize, position % STEP);
        let start = if within == 0 { 0 } else { self.ends[position - 1] as usize };
        (base.saturating_add(start), base.saturating_add(self.ends[position] as usize))
    }

    /// One past the end of a piece.
    #[inline]
    pub(super) fn end(&self, position: usize) -> usize {
        // A damaged file can hold any number here: the sum must not overflow.
        (self.bases[position / STEP] as usize).saturating_add(self.ends[position] as usize)
    }
}

/// Texts one after another, each with its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    bytes: Bytes,
    ends: Ends,
}

impl Texts {
    /// Writes the texts of a column in the order of a table.
    pub(super) fn write(texts: &model::Texts, order: &[u32], sink: &mut Sink<'_>, name: &str) -> std::io::Result<Self> {
        // The texts lie all over memory: each is gone to once.
        let mut bytes = Vec::new();
        let lengths = order.iter().map(|row| {
            let text = texts.get_bytes(*row as usize);
            bytes.extend_from_slice(text);
            text.len()
        });
        let ends = Ends::write(lengths, sink, name)?;
        bytes.shrink_to_fit();
        Ok(Self { bytes: sink.put(name, bytes)?.bytes().clone(), ends })
    }

    pub(super) fn open(part: &Part<'_>, name: &str, count: usize) -> Result<Self, Damage> {
        Ok(Self { bytes: part.bytes(name)?, ends: Ends::open(part, name, count)? })
    }

    /// The text at a position; nothing where a damaged file holds no text there.
    #[inline]
    pub(super) fn get(&self, position: u32) -> &str {
        std::str::from_utf8(self.get_bytes(position)).unwrap_or_default()
    }

    /// The same as bytes, which are those of a text unless the file is damaged.
    #[inline]
    pub(super) fn get_bytes(&self, position: u32) -> &[u8] {
        let position = position as usize;
        self.bytes.get(self.ends.start(position)..self.ends.end(position)).unwrap_or_default()
    }

    /// The bytes from the text at a position on, and how many of them are its own.
    #[inline]
    pub(super) fn from(&self, position: u32) -> (&[u8], usize) {
        let (start, end) = self.ends.range(position as usize);
        from(&self.bytes, start, end)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// The bytes from a start on, and how many there are to an end; nothing where a damaged file has no such bytes.
#[inline]
pub(super) fn from(bytes: &[u8], start: usize, end: usize) -> (&[u8], usize) {
    let rest = bytes.get(start..).unwrap_or_default();
    (rest, end.saturating_sub(start).min(rest.len()))
}
