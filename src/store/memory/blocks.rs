//! Blocks of finished text, compressed once: what a gzip answer is spliced from.
//!
//! Each block is the text of 64 features, as raw deflate (RFC 1951) that ends on a byte boundary and refers to nothing outside
//! itself, so that blocks can stand one after another in any order within one gzip member.

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, Status};

use super::arena::Arena;

/// Features in a block: longer blocks compress better, shorter ones are cut by a page's edge less often.
pub(super) const FEATURES: u32 = 64;
/// Tables with fewer features are compressed as they are asked for: they are small, and start sooner.
const LEAST: u32 = 16 * FEATURES;

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
pub(super) struct Blocks(Vec<Packed>);

impl Blocks {
    /// Compresses the whole blocks of an arena.
    ///
    /// Cost: that of compressing the whole text once at zlib's default level.
    pub(super) fn build(arena: &Arena, count: u32) -> Self {
        if count < LEAST {
            return Self::default();
        }
        let mut compressor = Compressor::new(Compression::default());
        let blocks = (0..count / FEATURES).map(|block| {
            let text = arena.run(&(block * FEATURES..(block + 1) * FEATURES));
            let mut deflated = Vec::new();
            compressor.append(&text, &mut deflated);
            let length = u32::try_from(text.len()).expect("64 features take less than 4 GiB of text");
            Packed { deflated: deflated.into(), crc: crc32fast::hash(&text), length }
        });
        Self(blocks.collect())
    }

    /// The block that holds exactly the features from `block * FEATURES` on.
    pub(super) fn get(&self, block: u32) -> Option<&Packed> {
        self.0.get(block as usize)
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
        self.0.reset();
        out.reserve(text.len() / 4 + 64);
        loop {
            let read = usize::try_from(self.0.total_in()).expect("a text fits in memory");
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
