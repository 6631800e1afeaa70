//! Answers as runs of positions.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::{Table, memory::ones};

/// Every position that a filter leaves, and how many they are.
#[derive(Debug, Clone)]
pub struct Selection {
    found: Found,
    matched: u64,
}

/// Positions: as runs where they are few or lie together, as bits where they may be many and scattered, since a run takes as much as the
/// bits of sixty-four positions.
#[derive(Debug, Clone)]
enum Found {
    Runs(Vec<Range<u32>>),
    Bits {
        words: Vec<u64>,
        /// The same as runs, made when they are asked for.
        runs: OnceLock<Vec<Range<u32>>>,
    },
}

impl Selection {
    /// From ascending runs that do not overlap.
    pub(super) fn new(runs: Vec<Range<u32>>) -> Self {
        let matched = runs.iter().map(|run| u64::from(run.end - run.start)).sum();
        Self { found: Found::Runs(runs), matched }
    }

    /// From one bit for each position.
    pub(super) fn of_bits(words: Vec<u64>) -> Self {
        let matched = ones(&words);
        Self { found: Found::Bits { words, runs: OnceLock::new() }, matched }
    }

    /// How many positions there are.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// The positions, as ascending runs.
    ///
    /// Cost: that of making them, where the selection is kept as bits and they are asked for the first time.
    pub fn runs(&self) -> &[Range<u32>] {
        match &self.found {
            Found::Runs(runs) => runs,
            Found::Bits { runs, .. } => runs.get_or_init(|| self.runs_from(0).collect()),
        }
    }

    /// The runs of the positions from `start` on.
    ///
    /// Cost: to the first, O(log runs), or O(gap / 64) of bits.
    pub(super) fn runs_from(&self, start: u32) -> impl Iterator<Item = Range<u32>> + use<'_> {
        let (runs, words) = match &self.found {
            Found::Runs(runs) => (&runs[runs.partition_point(|run| run.end <= start)..], &[][..]),
            Found::Bits { words, .. } => (&[][..], &words[..]),
        };
        let runs = runs.iter().map(move |run| run.start.max(start)..run.end);
        runs.chain(BitRuns { words, at: start })
    }

    /// The positions that are in both.
    pub fn and(&self, other: &Self) -> Self {
        let (mut runs, mut rest) = (Vec::new(), other.runs());
        for run in self.runs() {
            while let Some(first) = rest.first() {
                let (start, end) = (run.start.max(first.start), run.end.min(first.end));
                if start < end {
                    runs.push(start..end);
                }
                if first.end > run.end {
                    break;
                }
                rest = &rest[1..];
            }
        }
        Self::new(runs)
    }

    /// Whether a position is among them.
    pub fn contains(&self, position: u32) -> bool {
        self.runs_from(position).next().is_some_and(|run| run.start == position)
    }

    /// How many of them stand before a position.
    pub fn before(&self, position: u32) -> u64 {
        match &self.found {
            Found::Runs(runs) => runs.iter().map(|run| u64::from(run.end.min(position).saturating_sub(run.start))).sum(),
            Found::Bits { words, .. } => {
                let whole = words.iter().take(position as usize / 64).map(|word| u64::from(word.count_ones())).sum::<u64>();
                let part = words.get(position as usize / 64).map_or(0, |word| word & !(u64::MAX << (position % 64)));
                whole + u64::from(part.count_ones())
            }
        }
    }

    /// The position of the `offset`-th hit, counted from 0; one past every position where there are not as many.
    pub fn at(&self, mut offset: u64) -> u32 {
        let first = match &self.found {
            Found::Runs(_) => 0,
            // Whole words are counted and passed over.
            Found::Bits { words, .. } => {
                let word = words.iter().take_while(|word| {
                    let hits = u64::from(word.count_ones());
                    let passed = offset >= hits;
                    offset -= if passed { hits } else { 0 };
                    passed
                });
                word.count() as u32 * 64
            }
        };
        for run in self.runs_from(first) {
            let length = u64::from(run.end - run.start);
            if offset < length {
                return run.start + u32::try_from(offset).expect("smaller than a run of u32 positions");
            }
            offset -= length;
        }
        u32::MAX
    }
}

impl PartialEq for Selection {
    fn eq(&self, other: &Self) -> bool {
        self.matched == other.matched && self.runs_from(0).eq(other.runs_from(0))
    }
}

impl Eq for Selection {}

/// The runs of set bits from position `at` on.
struct BitRuns<'a> {
    words: &'a [u64],
    at: u32,
}

impl BitRuns<'_> {
    /// The first position from `at` on whose bit is set, or unset where `inverted` has every bit; the end where there is none.
    fn edge(&self, at: u32, inverted: u64) -> u32 {
        let (mut word, mut mask) = (at as usize / 64, u64::MAX << (at % 64));
        while let Some(bits) = self.words.get(word) {
            let bits = (bits ^ inverted) & mask;
            if bits != 0 {
                return word as u32 * 64 + bits.trailing_zeros();
            }
            (word, mask) = (word + 1, u64::MAX);
        }
        self.words.len() as u32 * 64
    }
}

impl Iterator for BitRuns<'_> {
    type Item = Range<u32>;

    fn next(&mut self) -> Option<Range<u32>> {
        let start = self.edge(self.at, 0);
        self.at = self.edge(start, u64::MAX);
        (start < self.at).then_some(start..self.at)
    }
}

/// One page of a selection.
#[derive(Debug)]
pub struct Page {
    /// The table that the positions belong to.
    pub table: Arc<Table>,
    /// The page's positions, as ascending runs.
    pub runs: Vec<Range<u32>>,
    /// How many features match on all pages together.
    pub matched: u64,
    /// How many are on this page.
    pub returned: u64,
    /// Where the next page starts: its first position, and the last one on this page. `None` on the last page.
    pub next: Option<Next>,
}

/// Where the next page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The position of its first feature.
    pub position: u32,
    /// The position of this page's last feature, whose key finds the place again in another version of the data.
    pub last: u32,
}

impl Page {
    /// The first `limit` positions of the selection from position `start` on.
    pub(super) fn new(table: Arc<Table>, selection: &Selection, start: u32, limit: u32) -> Self {
        let mut left = limit;
        let mut runs: Vec<Range<u32>> = Vec::new();
        let mut next = None;
        for run in selection.runs_from(start) {
            let from = run.start.max(start);
            if from >= run.end {
                continue;
            }
            if left == 0 {
                next = runs.last().map(|last| Next { position: from, last: last.end - 1 });
                break;
            }
            let to = run.end.min(from.saturating_add(left));
            left -= to - from;
            runs.push(from..to);
            if to < run.end {
                next = Some(Next { position: to, last: to - 1 });
                break;
            }
        }
        Self { table, runs, matched: selection.matched, returned: u64::from(limit - left), next }
    }

    /// No feature of a selection, only how many there are.
    pub(super) fn counted(table: Arc<Table>, matched: u64) -> Self {
        Self { table, runs: Vec::new(), matched, returned: 0, next: None }
    }

    /// Ends the page where its text would take more than `budget` bytes, though never before its first feature.
    pub fn shorten(&mut self, budget: u64, sorted: bool) {
        let mut left = budget;
        for index in 0..self.runs.len() {
            let run = self.runs[index].clone();
            let size = self.table.text_size(&run);
            if size <= left {
                left -= size;
                continue;
            }
            let fits = |position: &u32| {
                let size = self.table.text_size(&(*position..position + 1));
                left.checked_sub(size).map(|rest| left = rest).is_some()
            };
            let fitting = run.clone().take_while(fits).count().max(usize::from(index == 0));
            let end = run.start + u32::try_from(fitting).expect("within a run of u32 positions");
            let is_last = end == run.end && index + 1 == self.runs.len() && self.next.is_none();
            self.runs.truncate(index);
            if end > run.start {
                self.runs.push(run.start..end);
            }
            self.returned = self.runs.iter().map(|run| u64::from(run.end - run.start)).sum();
            if let Some(last) = self.runs.last().map(|run| run.end - 1).filter(|_| !is_last) {
                self.next = Some(Next { position: if sorted { last } else { end }, last });
            }
            return;
        }
    }

    /// Every row of the page.
    pub fn rows(&self) -> impl Iterator<Item = super::Row<'_>> {
        self.runs.iter().cloned().flatten().map(|position| self.table.row(position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn selection(bits: &[bool]) -> Selection {
        let positions = (0_u32..).zip(bits).filter(|(_, bit)| **bit).map(|(position, _)| position..position + 1);
        let mut runs: Vec<Range<u32>> = Vec::new();
        for one in positions {
            match runs.last_mut() {
                Some(run) if run.end == one.start => run.end = one.end,
                _ => runs.push(one),
            }
        }
        Selection::new(runs)
    }

    proptest! {
        #[test]
        fn runs_are_sets(a in prop::collection::vec(any::<bool>(), 0..80), b in prop::collection::vec(any::<bool>(), 80)) {
            let both = a.iter().zip(&b).map(|(a, b)| *a && *b).collect::<Vec<_>>();
            let (one, other) = (selection(&a), selection(&b));
            prop_assert_eq!(one.and(&other), selection(&both));
            for position in 0..80_u32 {
                prop_assert_eq!(one.contains(position), a.get(position as usize) == Some(&true));
                let before = a.iter().take(position as usize).filter(|bit| **bit).count() as u64;
                prop_assert_eq!(one.before(position), before);
            }
        }

        #[test]
        fn bits_and_runs_say_the_same(words in prop::collection::vec(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)], 0..5), start in 0_u32..400, offset in 0_u64..330) {
            let bits = Selection::of_bits(words.clone());
            let set = (0..words.len() as u32 * 64).filter(|at| words[*at as usize / 64] >> (at % 64) & 1 == 1).collect::<Vec<_>>();
            let runs = Selection::new(bits.runs().to_vec());
            prop_assert_eq!(&bits, &runs);
            prop_assert_eq!(bits.matched(), set.len() as u64);
            prop_assert!(bits.runs().windows(2).all(|pair| pair[0].end < pair[1].start));
            for selection in [&bits, &runs] {
                let rest = selection.runs_from(start).flatten().collect::<Vec<_>>();
                prop_assert_eq!(rest, set.iter().copied().filter(|at| *at >= start).collect::<Vec<_>>());
                prop_assert_eq!(selection.contains(start), set.contains(&start));
                prop_assert_eq!(selection.before(start), set.iter().filter(|at| **at < start).count() as u64);
                prop_assert_eq!(selection.at(offset), set.get(offset as usize).copied().unwrap_or(u32::MAX));
            }
        }
    }
}
