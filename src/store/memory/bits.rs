//! One bit for each position, kept in words of sixty-four.

use std::ops::Range;

use super::{array::Array, kernels};

/// Bits of a table's positions.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits(Array<u64>);

impl Bits {
    pub(super) fn new(words: Array<u64>) -> Self {
        Self(words)
    }

    /// How many words hold `count` bits.
    pub(super) fn words_of(count: usize) -> usize {
        count.div_ceil(64)
    }

    /// The bit at a position.
    #[inline]
    pub(super) fn get(&self, position: u32) -> bool {
        self.0[position as usize / 64] >> (position % 64) & 1 == 1
    }

    /// The words, the first position lowest.
    pub(super) fn words(&self) -> &[u64] {
        &self.0
    }

    /// How many bits of a run are set.
    ///
    /// Cost: O(length / 64).
    pub(super) fn count(&self, run: &Range<u32>) -> u64 {
        count(self.words(), run)
    }
}

/// How many bits of a run are set.
fn count(words: &[u64], run: &Range<u32>) -> u64 {
    if run.is_empty() {
        return 0;
    }
    let (first, last) = (run.start as usize / 64, (run.end as usize - 1) / 64);
    let head = u64::MAX << (run.start % 64);
    let tail = u64::MAX >> (63 - (run.end - 1) % 64);
    if first == last {
        return u64::from((words[first] & head & tail).count_ones());
    }
    let middle = kernels::ones(&words[first + 1..last]);
    middle + u64::from((words[first] & head).count_ones()) + u64::from((words[last] & tail).count_ones())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counting_is_looking_at_each(words in prop::collection::vec(any::<u64>(), 1..6), a in 0_u32..384, b in 0_u32..384) {
            let end = words.len() as u32 * 64;
            let run = a.min(b).min(end)..a.max(b).min(end);
            let bits = Bits::new(words.into());
            prop_assert_eq!(bits.count(&run), run.clone().filter(|position| bits.get(*position)).count() as u64);
        }
    }
}
