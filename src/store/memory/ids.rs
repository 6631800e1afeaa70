//! Feature ids to positions: hashes in ascending order with their positions, 8 bytes a feature; equal hashes are told apart by
//! the ids themselves.

use std::io;

use rayon::slice::ParallelSliceMut;

use super::{
    array::Array,
    sections::{Damage, Part, Sink},
    texts::Texts,
};
use crate::model;

/// The ids of a table in its order, and the way back from an id to its position.
#[derive(Debug)]
pub(super) struct Ids {
    texts: Texts,
    /// Ascending.
    hashes: Array<u32>,
    /// The position of each hash.
    positions: Array<u32>,
}

impl Ids {
    /// Writes ids in the order of a table.
    pub(super) fn write(ids: &model::Texts, order: &[u32], sink: &mut Sink<'_>) -> io::Result<Self> {
        let texts = Texts::write(ids, order, sink, "ids")?;
        // One number each, the hash above the position: it is compared at once.
        let pair = |position: u32| u64::from(hash(texts.get_bytes(position))) << 32 | u64::from(position);
        let mut pairs = (0..order.len() as u32).map(pair).collect::<Vec<_>>();
        pairs.par_sort_unstable();
        let hashes = sink.put("id.hashes", pairs.iter().map(|pair| (pair >> 32) as u32).collect())?;
        let positions = sink.put("id.positions", pairs.iter().map(|pair| *pair as u32).collect())?;
        Ok(Self { texts, hashes, positions })
    }

    pub(super) fn open(part: &Part<'_>, count: usize) -> Result<Self, Damage> {
        let texts = Texts::open(part, "ids", count)?;
        Ok(Self { texts, hashes: part.array("id.hashes", count)?, positions: part.array("id.positions", count)? })
    }

    #[inline]
    pub(super) fn get(&self, position: u32) -> &str {
        self.texts.get(position)
    }

    /// The bytes from an id on, and how many of them are its own.
    #[inline]
    pub(super) fn from(&self, position: u32) -> (&[u8], usize) {
        self.texts.from(position)
    }

    /// Cost: O(log n), of which the last steps are on one page of memory.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let wanted = hash(id.as_bytes());
        let start = self.hashes.partition_point(|hash| *hash < wanted);
        let same = self.hashes[start..].iter().take_while(|hash| **hash == wanted).count();
        let mut positions = self.positions[start..start + same].iter().copied();
        // A damaged file can hold any position.
        positions.find(|position| (*position as usize) < self.texts.len() && self.get(*position) == id)
    }
}

/// A hash that is the same in every build, since snapshots hold it: CRC-32 (RFC 1952, clause 8). Ids that were made to share one
/// cost their own publisher a longer look-up.
fn hash(id: &[u8]) -> u32 {
    crc32fast::hash(id)
}
