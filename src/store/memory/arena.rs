//! The arena: every feature's finished GeoJSON, each followed by a comma, in the order of the table; and the same text compressed.
//!
//! A run of positions is one contiguous piece of text: a page is a few copies or reference-counted slices, never a serialization.
//! The text is made and compressed on as many threads as there are, some thousand features at a time.

use std::{io, ops::Range};

use bytes::Bytes;
use flate2::Compression;
use rayon::prelude::*;

use super::{
    blocks::{self, Blocks, Compressor},
    sections::{Damage, Part, Sink},
    texts::Ends,
    within::Candidate,
};

/// Features whose text is made at once.
const BATCH: u32 = 32 * PIECE;
/// Features whose text is made by one thread in one piece of memory, one after another.
pub(super) const PIECE: u32 = 8 * blocks::FEATURES;

/// Finished text.
#[derive(Debug)]
pub(super) struct Arena {
    text: Bytes,
    /// One past the comma of each feature.
    ends: Ends,
    pub(super) blocks: Blocks,
}

/// What is made of some blocks of features.
struct Made {
    text: Vec<u8>,
    lengths: Vec<usize>,
    /// Where the texts of each candidate stand: first byte in their feature, and length.
    places: Vec<Vec<(usize, usize)>>,
    /// The text compressed, block after block.
    deflated: Vec<u8>,
    packed: Vec<Block>,
}

/// A block of features that was compressed.
struct Block {
    /// One past its last compressed byte.
    end: usize,
    /// CRC-32 and length of its text.
    crc: u32,
    length: u64,
}

/// What a thread keeps from one piece to the next.
#[derive(Default)]
struct Hand {
    compressor: Option<Compressor>,
    /// Bytes of text and of compressed text of the piece before: the next is about as long.
    text: usize,
    deflated: usize,
}

impl Arena {
    /// Writes the text of every feature; `feature` appends that of one position, and says where the text of each column stands in it.
    /// The columns that are candidates learn it. What goes before the text, `before` writes while the first of it is made.
    ///
    /// # Errors
    /// What the sink says, and where 32 features in a row have 4 GiB of text or more.
    pub(super) fn write(
        count: u32,
        level: Option<Compression>,
        sink: &mut Sink<'_>,
        candidates: &mut [Candidate],
        progress: &mut dyn FnMut(u64),
        before: impl FnOnce(&mut Sink<'_>) -> io::Result<()>,
        feature: impl Fn(&mut Vec<u8>, u32, &mut dyn FnMut(usize, Range<usize>)) + Sync,
    ) -> io::Result<()> {
        let level = level.filter(|_| count >= blocks::LEAST);
        let columns = candidates.iter().map(|candidate| candidate.column).collect::<Vec<_>>();
        let make = |hand: &mut Hand, first: u32| {
            let room = |bytes: usize| Vec::with_capacity(bytes + bytes / 8);
            let mut made = Made {
                text: room(hand.text),
                lengths: Vec::with_capacity(PIECE as usize),
                places: columns.iter().map(|_| Vec::with_capacity(PIECE as usize)).collect(),
                deflated: room(hand.deflated),
                packed: Vec::new(),
            };
            let (last, mut block) = (count.min(first.saturating_add(PIECE)), 0);
            for position in first..last {
                let start = made.text.len();
                let places = &mut made.places;
                feature(&mut made.text, position, &mut |column, place| {
                    if let Some(candidate) = columns.iter().position(|candidate| *candidate == column) {
                        places[candidate].push((place.start - start, place.len()));
                    }
                });
                made.text.push(b',');
                // What has no text there has the empty one.
                places.iter_mut().for_each(|places| places.resize((position - first + 1) as usize, (0, 0)));
                made.lengths.push(made.text.len() - start);
                if let Some(level) = level
                    && (position + 1 - first).is_multiple_of(blocks::FEATURES)
                {
                    let text = &made.text[block..];
                    hand.compressor.get_or_insert_with(|| Compressor::new(level)).append(text, &mut made.deflated);
                    made.packed.push(Block { end: made.deflated.len(), crc: crc32fast::hash(text), length: text.len() as u64 });
                    block = made.text.len();
                }
            }
            (hand.text, hand.deflated) = (made.text.len(), made.deflated.len());
            made
        };
        let batch = |first: u32| {
            let firsts = (first..count.min(first.saturating_add(BATCH))).into_par_iter().step_by(PIECE as usize);
            firsts.map_init(Hand::default, make).collect::<Vec<_>>()
        };
        let mut next = Vec::new();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| next = batch(0));
            before(sink)
        })?;
        let mut stream = sink.begin("arena")?;
        let mut packed = level.map(|_| blocks::Writer::begin(sink)).transpose()?;
        let mut lengths = Vec::with_capacity(count as usize);
        for first in (0..count).step_by(BATCH as usize) {
            let end = count.min(first.saturating_add(BATCH));
            let all = std::mem::take(&mut next);
            // While one batch is hashed and written, the next is made.
            rayon::in_place_scope(|scope| -> io::Result<()> {
                scope.spawn(|_| next = batch(end));
                for Made { text, lengths: of_piece, places, deflated, packed: blocks } in all {
                    candidates.iter_mut().zip(&places).for_each(|(candidate, places)| candidate.extend(places));
                    sink.add(&mut stream, &text)?;
                    let mut start = 0;
                    for Block { end, crc, length } in blocks {
                        if let Some(writer) = &mut packed {
                            writer.push(&deflated[start..end], crc, length)?;
                        }
                        start = end;
                    }
                    lengths.extend(of_piece);
                }
                Ok(())
            })?;
            progress(u64::from(end));
        }
        sink.end(stream)?;
        Ends::write(lengths.into_iter(), sink, "arena")?;
        packed.map_or(Ok(()), |writer| writer.finish(sink))
    }

    pub(super) fn open(part: &Part<'_>, count: u32) -> Result<Self, Damage> {
        let ends = Ends::open(part, "arena", count as usize)?;
        Ok(Self { text: part.bytes("arena")?, ends, blocks: Blocks::open(part, count)? })
    }

    /// The text, and where each feature ends.
    pub(super) fn parts(&self) -> (Bytes, Ends) {
        (self.text.clone(), self.ends.clone())
    }

    /// The text of a run, with a comma after each feature but the last; nothing where a damaged file has none there.
    #[inline]
    pub(super) fn run(&self, run: &Range<u32>) -> Bytes {
        let range = self.range(run);
        if range.is_empty() { Bytes::new() } else { self.text.slice(range) }
    }

    /// The whole text, and where in it that of each of some runs stands; nowhere where a damaged file has none there.
    pub(super) fn places(&self, runs: &[Range<u32>]) -> (Bytes, Vec<Range<usize>>) {
        (self.text.clone(), runs.iter().map(|run| self.range(run)).collect())
    }

    /// How many bytes a run takes, a comma after each feature counted.
    pub(super) fn size(&self, run: &Range<u32>) -> u64 {
        self.range(run).len() as u64 + 1
    }

    #[inline]
    fn range(&self, run: &Range<u32>) -> Range<usize> {
        if run.is_empty() {
            return 0..0;
        }
        let (start, end) = (self.ends.start(run.start as usize), self.ends.end(run.end as usize - 1));
        // The last comma is left out.
        if start < end && end <= self.text.len() { start..end - 1 } else { 0..0 }
    }
}
