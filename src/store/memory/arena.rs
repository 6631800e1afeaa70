//! The arena: every feature's finished GeoJSON, each followed by a comma, in the order of the table.
//!
//! A run of positions is one contiguous piece of text: a page is a few copies or reference-counted slices, never a serialization.

use std::ops::Range;

use bytes::Bytes;

use crate::store::feature_text::Offsets;

/// Finished text, and where each feature's parts stand in it.
#[derive(Debug)]
pub(super) struct Arena {
    text: Bytes,
    /// One past the comma of each feature.
    ends: Vec<u64>,
    offsets: Vec<Offsets>,
}

impl Arena {
    /// Calls `write` for each position in order; it appends the feature's text and says where its parts stand.
    pub(super) fn build(count: u32, mut write: impl FnMut(&mut Vec<u8>, u32) -> Offsets) -> Self {
        let mut text = Vec::new();
        let (mut ends, mut offsets) = (Vec::with_capacity(count as usize), Vec::with_capacity(count as usize));
        for position in 0..count {
            offsets.push(write(&mut text, position));
            text.push(b',');
            ends.push(text.len() as u64);
        }
        text.shrink_to_fit();
        Self { text: text.into(), ends, offsets }
    }

    /// The text of a run, with a comma after each feature but the last.
    pub(super) fn run(&self, run: &Range<u32>) -> Bytes {
        let start = self.start(run.start);
        let end = self.start(run.end);
        if start == end { Bytes::new() } else { self.text.slice(start..end - 1) }
    }

    /// Where the parts of one feature stand, counted from its first byte.
    pub(super) fn offsets(&self, position: u32) -> Offsets {
        self.offsets[position as usize]
    }

    fn start(&self, position: u32) -> usize {
        if position == 0 { 0 } else { self.ends[position as usize - 1] as usize }
    }
}
