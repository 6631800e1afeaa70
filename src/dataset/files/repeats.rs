//! Which of many texts stand there a second time.

use std::hash::{DefaultHasher, Hasher};

use rayon::prelude::*;

use crate::model::Texts;

/// The rows of those counted whose text an earlier one of them has, in ascending order.
///
/// Cost: O(n) where texts ascend, as ids often do; else O(n log n) time and 16 bytes a text, where a set of the texts would take five
/// times as much.
pub(super) fn repeats(texts: &Texts, counts: impl Fn(usize) -> bool + Sync) -> Vec<usize> {
    let counted = || (0..texts.len()).filter(|row| counts(*row));
    if counted().map(|row| texts.get_bytes(row)).is_sorted_by(|a, b| a < b) {
        return Vec::new();
    }
    // One number each, the hash above the row: it is compared at once.
    let hash = |row: usize| {
        let mut hasher = DefaultHasher::new();
        hasher.write(texts.get_bytes(row));
        u128::from(hasher.finish()) << 64 | row as u128
    };
    let mut hashed = (0..texts.len()).into_par_iter().filter(|row| counts(*row)).map(hash).collect::<Vec<_>>();
    hashed.par_sort_unstable();
    let mut found = Vec::new();
    for same in hashed.chunk_by(|a, b| a >> 64 == b >> 64).filter(|same| same.len() > 1) {
        let text = |at: usize| texts.get_bytes(same[at] as u64 as usize);
        // One text a million times: the first of its hash is asked first.
        let is_repeated = |at: &usize| (0..*at).any(|earlier| text(earlier) == text(*at));
        found.extend((1..same.len()).filter(is_repeated).map(|at| same[at] as u64 as usize));
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn only_later_ones_are_found(words in prop::collection::vec("[a-c]{0,2}", 0..60), out in 0_usize..5) {
            let mut texts = Texts::default();
            words.iter().for_each(|word| texts.push(word));
            let mut seen = HashSet::new();
            let expected = words.iter().enumerate().filter(|(row, word)| *row != out && !seen.insert(*word)).map(|(row, _)| row);
            prop_assert_eq!(repeats(&texts, |row| row != out), expected.collect::<Vec<_>>());
        }
    }
}
