//! Feature ids to positions: a sorted array of hashes, 12 bytes a feature; collisions are resolved by comparing the ids.

use std::hash::{DefaultHasher, Hasher};

use super::columns::Texts;

/// The ids of a table in its order, and the way back from an id to its position.
#[derive(Debug)]
pub(super) struct Ids {
    texts: Texts,
    /// (hash, position), sorted.
    by_hash: Vec<(u64, u32)>,
}

impl Ids {
    pub(super) fn new(texts: Texts) -> Self {
        let count = u32::try_from(texts.len()).expect("a table holds fewer than 2^32 features");
        let mut by_hash = (0..count).map(|position| (hash(texts.get(position)), position)).collect::<Vec<_>>();
        by_hash.sort_unstable();
        Self { texts, by_hash }
    }

    pub(super) fn get(&self, position: u32) -> &str {
        self.texts.get(position)
    }

    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let wanted = hash(id);
        let start = self.by_hash.partition_point(|(hash, _)| *hash < wanted);
        self.by_hash[start..]
            .iter()
            .take_while(|(hash, _)| *hash == wanted)
            .map(|(_, position)| *position)
            .find(|position| self.get(*position) == id)
    }
}

/// A 64-bit hash that does not change from run to run.
fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(id.as_bytes());
    hasher.finish()
}
