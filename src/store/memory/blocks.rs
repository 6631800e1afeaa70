//! Blocks of finished text, compressed once: what a gzip answer is spliced from.
//!
//! Each block is the text of 32 features, each followed by a comma, as raw deflate (RFC 1951) that ends on a byte boundary and refers to
//! nothing outside itself. Blocks follow one another, so that any run of them is one slice of a gzip member, whose CRC-32 two numbers give.

use std::{io, ops::Range};

use bytes::Bytes;
use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress, Status};

use super::{
    arena::Arena,
    array::Array,
    sections::{Aside, Damage, Part, Sink},
    texts::Ends,
};

/// Features in a block: longer blocks compress better, shorter ones leave fewer features at the edges of a page to be compressed on the fly.
pub(super) const FEATURES: u32 = 32;
/// Tables with fewer features are compressed as they are asked for: they are small, and start sooner.
pub(super) const LEAST: u32 = 32 * FEATURES;

/// Text that is compressed already.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Raw deflate, whole blocks, none of them the last.
    pub deflated: Bytes,
    /// CRC-32 of the text (RFC 1952, clause 8).
    pub crc: u32,
    /// Length of the text in bytes.
    pub length: u64,
}

/// Every whole block of a table.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    deflated: Bytes,
    ends: Ends,
    /// CRC-32 of the text of each block and all before it.
    crcs: Array<u32>,
}

/// Takes blocks while the text that they are made of is written.
pub(super) struct Writer {
    deflated: Aside,
    lengths: Vec<usize>,
    crcs: Vec<u32>,
    crc: Hasher,
}

impl Writer {
    pub(super) fn begin(sink: &Sink<'_>) -> io::Result<Self> {
        Ok(Self { deflated: sink.aside()?, lengths: Vec::new(), crcs: Vec::new(), crc: Hasher::new() })
    }

    /// Adds the next block, compressed: its text has this CRC-32 and length.
    pub(super) fn push(&mut self, deflated: &[u8], crc: u32, length: u64) -> io::Result<()> {
        self.deflated.add(deflated)?;
        self.lengths.push(deflated.len());
        self.crc.combine(&Hasher::new_with_initial_len(crc, length));
        self.crcs.push(self.crc.clone().finalize());
        Ok(())
    }

    pub(super) fn finish(self, sink: &mut Sink<'_>) -> io::Result<()> {
        sink.put_aside("gzip", self.deflated)?;
        Ends::write(self.lengths.into_iter(), sink, "gzip")?;
        sink.put("gzip.crcs", self.crcs).map(|_| ())
    }
}

impl Blocks {
    pub(super) fn open(part: &Part<'_>, count: u32) -> Result<Self, Damage> {
        if !part.has("gzip") {
            return Ok(Self::default());
        }
        let blocks = (count / FEATURES) as usize;
        Ok(Self { deflated: part.bytes("gzip")?, ends: Ends::open(part, "gzip", blocks)?, crcs: part.array("gzip.crcs", blocks)? })
    }

    /// The features of some blocks in a row, each followed by a comma; `None` where there are no such blocks.
    pub(super) fn get(&self, blocks: &Range<u32>, arena: &Arena) -> Option<Packed> {
        let (first, last) = (blocks.start as usize, (blocks.end as usize).checked_sub(1)?);
        if first > last {
            return None;
        }
        let crc = *self.crcs.get(last)?;
        let range = self.ends.start(first)..self.ends.end(last);
        let deflated = (range.start <= range.end && range.end <= self.deflated.len()).then(|| self.deflated.slice(range))?;
        let length = arena.size(&(blocks.start * FEATURES..blocks.end * FEATURES));
        Some(Packed { deflated, crc: crc ^ first.checked_sub(1).map_or(0, |before| shifted(self.crcs[before], length)), length })
    }
}

/// What a CRC-32 adds to that of a text that `length` more bytes follow: the sum of both is the sum of those bytes alone.
fn shifted(crc: u32, length: u64) -> u32 {
    let mut sum = Hasher::new_with_initial(crc);
    sum.combine(&Hasher::new_with_initial_len(0, length));
    sum.finalize()
}

/// Makes pieces of raw deflate that stand on their own.
#[derive(Debug)]
pub struct Compressor(Compress);

impl Compressor {
    /// A compressor of a level.
    pub fn new(level: Compression) -> Self {
        Self(Compress::new(level, false))
    }

    /// Appends `text` as whole deflate blocks that end on a byte boundary.
    pub fn append(&mut self, text: &[u8], out: &mut Vec<u8>) {
        // The full flush that ended the text before left nothing to refer to.
        let start = self.0.total_in();
        // Room for whatever comes of it: a flush that goes on in more room ends with more bytes, and the same text is the same bytes.
        out.reserve(text.len() + text.len() / 8 + 64);
        loop {
            let read = usize::try_from(self.0.total_in() - start).expect("a text fits in memory");
            let status = self.0.compress_vec(&text[read..], out, FlushCompress::Full).expect("compressing has no wrong input");
            debug_assert_ne!(status, Status::StreamEnd, "the stream is never finished");
            // Room left over means that the flush is complete.
            if out.len() < out.capacity() {
                return;
            }
            out.reserve(out.len().max(64));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_the_same_bytes_whatever_room_there_is() {
        let text = (0..900_u32).flat_map(|at| (at.wrapping_mul(2_654_435_761) >> 9).to_le_bytes()).collect::<Vec<_>>();
        let mut compressor = Compressor::new(Compression::new(6));
        let mut packed = |room| {
            let mut out = Vec::with_capacity(room);
            compressor.append(&text, &mut out);
            out
        };
        let expected = packed(0);
        assert!((0..text.len() + 64).all(|room| packed(room) == expected));
    }
}
