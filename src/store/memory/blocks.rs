//! Blocks of finished text, compressed once: what a gzip answer is spliced from.
//!
//! Each block is the text of 64 features, as raw deflate (RFC 1951) that ends on a byte boundary and refers to nothing outside
//! itself, so that blocks can stand one after another in any order within one gzip member.

use std::io;

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};

use super::{
    arena::Arena,
    array::Array,
    sections::{Aside, Damage, Part, Sink},
    texts::Ends,
};

/// Features in a block: longer blocks compress better, shorter ones are cut by a page's edge less often.
pub(super) const FEATURES: u32 = 64;
/// Tables with fewer features are compressed as they are asked for: they are small, and start sooner.
pub(super) const LEAST: u32 = 16 * FEATURES;

/// Text that is compressed already.
#[derive(Debug, Clone)]
pub struct Packed {
    /// Raw deflate, whole blocks, none of them the last.
    pub deflated: Bytes,
    /// CRC-32 of the text (RFC 1952, clause 8).
    pub crc: u32,
    /// Length of the text in bytes.
    pub length: u32,
}

/// Every whole block of a table.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    deflated: Bytes,
    ends: Ends,
    crcs: Array<u32>,
}

/// Takes blocks while the text that they are made of is written.
pub(super) struct Writer {
    deflated: Aside,
    lengths: Vec<usize>,
    crcs: Vec<u32>,
}

impl Writer {
    pub(super) fn begin(sink: &Sink<'_>) -> io::Result<Self> {
        Ok(Self { deflated: sink.aside()?, lengths: Vec::new(), crcs: Vec::new() })
    }

    /// Adds the next block, compressed.
    pub(super) fn push(&mut self, deflated: &[u8], crc: u32) -> io::Result<()> {
        self.deflated.add(deflated)?;
        self.lengths.push(deflated.len());
        self.crcs.push(crc);
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

    /// The block that holds exactly the features from `block * FEATURES` on.
    pub(super) fn get(&self, block: u32, arena: &Arena) -> Option<Packed> {
        let at = block as usize;
        let crc = *self.crcs.get(at)?;
        let range = self.ends.start(at)..self.ends.end(at);
        let deflated = (range.start <= range.end && range.end <= self.deflated.len()).then(|| self.deflated.slice(range))?;
        let length = arena.bytes(&(block * FEATURES..(block + 1) * FEATURES)).len();
        Some(Packed { deflated, crc, length: u32::try_from(length).ok()? })
    }
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
        out.reserve(text.len() / 4 + 64);
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
