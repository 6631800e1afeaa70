//! One gzip member (RFC 1952) spliced from text that was compressed before and text that was not.
//!
//! Header, then for each piece whole deflate blocks that end on a byte boundary (compressed before, or now, or stored where they are
//! short), then an empty last block, CRC-32 and length. One member, so that every client reads it.

use std::{
    cell::RefCell,
    io::{self, Write},
};

use bytes::Bytes;
use crc32fast::Hasher;
use flate2::Compression;

use crate::store::{Compressor, Packed};

/// Magic, deflate, no flags, no time, no extra flags, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
/// An empty stored block that is the last one.
const LAST: [u8; 5] = [1, 0, 0, 0xff, 0xff];
/// Compressed blocks of at least this many bytes are shared, shorter ones copied: a piece of its own costs more than that.
const SHARED: usize = 16 * 1024;
/// Shorter text is stored: compressing it would make it longer.
const STORED: usize = 32;
/// Bytes of a stored block at the most (RFC 1951, clause 3.2.4).
const LONGEST_STORED: usize = u16::MAX as usize;

thread_local! {
    /// A compressor is a quarter of a megabyte of tables, which costs more to make than a page's edges to compress.
    static COMPRESSOR: RefCell<Compressor> = RefCell::new(Compressor::new(Compression::fast()));
}

/// A member that is being spliced.
pub struct Member {
    pieces: Vec<Bytes>,
    ready: Vec<u8>,
    odd: Vec<u8>,
    crc: Hasher,
    length: u32,
    /// How many bytes of text may still be stored to save the time of compressing them.
    spare: usize,
}

impl Default for Member {
    fn default() -> Self {
        Self { pieces: Vec::new(), ready: HEADER.to_vec(), odd: Vec::new(), crc: Hasher::new(), length: 0, spare: 0 }
    }
}

impl Member {
    /// A member in which so many bytes of text may be stored as they are, so that it is made sooner.
    pub fn sparing(spare: usize) -> Self {
        Self { spare, ..Self::default() }
    }

    /// Appends text that is not compressed yet.
    pub fn text(&mut self, text: &[u8]) {
        self.odd.extend_from_slice(text);
    }

    /// Appends text that is; its bytes are shared where they are many.
    pub fn packed(&mut self, packed: &Packed) {
        self.flush();
        if packed.deflated.len() < SHARED {
            self.ready.extend_from_slice(&packed.deflated);
        } else {
            self.pieces.extend([std::mem::take(&mut self.ready).into(), packed.deflated.clone()]);
        }
        self.crc.combine(&Hasher::new_with_initial_len(packed.crc, packed.length));
        // The length is counted modulo 2^32 (RFC 1952, clause 2.3.1).
        self.length = self.length.wrapping_add(packed.length as u32);
    }

    /// Writes what is ready where it is much, and keeps the rest.
    ///
    /// # Errors
    /// What `out` says.
    pub fn drain(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.odd.len() + self.ready.len() >= SHARED {
            self.flush();
        }
        if self.pieces.is_empty() && self.ready.len() < SHARED {
            return Ok(());
        }
        self.pieces.drain(..).try_for_each(|piece| out.write_all(&piece))?;
        out.write_all(&self.ready)?;
        self.ready.clear();
        Ok(())
    }

    /// The whole member, as pieces in order.
    pub fn finish(mut self) -> Vec<Bytes> {
        self.flush();
        self.ready.extend_from_slice(&LAST);
        self.ready.extend_from_slice(&self.crc.clone().finalize().to_le_bytes());
        self.ready.extend_from_slice(&self.length.to_le_bytes());
        self.pieces.push(self.ready.into());
        self.pieces
    }

    /// Compresses what was gathered.
    fn flush(&mut self) {
        let odd = std::mem::take(&mut self.odd);
        if odd.is_empty() {
            return;
        }
        self.crc.update(&odd);
        self.length = self.length.wrapping_add(odd.len() as u32);
        if odd.len() < STORED || odd.len() <= self.spare.min(LONGEST_STORED) {
            self.spare = self.spare.saturating_sub(odd.len());
            let length = odd.len() as u16;
            self.ready.extend_from_slice(&[0]);
            self.ready.extend_from_slice(&length.to_le_bytes());
            self.ready.extend_from_slice(&(!length).to_le_bytes());
            self.ready.extend_from_slice(&odd);
        } else {
            COMPRESSOR.with_borrow_mut(|compressor| compressor.append(&odd, &mut self.ready));
        }
        // Keep the room for the next gathering.
        self.odd = odd;
        self.odd.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    fn packed(text: &[u8]) -> Packed {
        let mut deflated = Vec::new();
        Compressor::new(Compression::default()).append(text, &mut deflated);
        Packed { deflated: deflated.into(), crc: crc32fast::hash(text), length: text.len() as u64 }
    }

    proptest! {
        #[test]
        fn a_member_reads_back(
            parts in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..500), 1_usize..300), 0..12),
            spare in prop_oneof![Just(0), 0_usize..20_000, Just(usize::MAX)],
        ) {
            let (mut member, mut expected) = (Member::sparing(spare), Vec::new());
            for (before, seed, times) in parts {
                let text = seed.repeat(times);
                if before { member.packed(&packed(&text)) } else { member.text(&text) }
                expected.extend(text);
            }
            let bytes = member.finish().concat();
            let mut read = Vec::new();
            // `GzDecoder` reads one member and checks CRC and length; nothing may follow it.
            let mut decoder = flate2::bufread::GzDecoder::new(bytes.as_slice());
            decoder.read_to_end(&mut read).unwrap();
            prop_assert!(decoder.into_inner().is_empty());
            prop_assert_eq!(read, expected);
        }
    }
}
