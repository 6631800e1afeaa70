//! Conditions asked of columns, thousands of positions at a time.
//!
//! `plan` turns a condition into a [`Scan`]: comparisons with a literal become ranges over typed arrays, whatever names only one column of
//! few different texts becomes a table of answers by code (or a union of its bit sets), times become ranges over their four bounds, and
//! geometries runs that the spatial index finds. What is left is asked row by row, last, and only of positions that nothing
//! cheaper has settled. The answers are those of [`truth`], which is the oracle of its tests.
//!
//! # Figures
//! `cargo bench --bench index -- filter` (`tests/perf/filter.rs`): nanoseconds a row of one comparison with a literal, counted over ten million
//! rows whose neighbours are alike in nothing, on two cores of an AMD EPYC (Zen 5) that other work kept busy.
//!
//! | column | as it was | now | bytes a row read |
//! | --- | --- | --- | --- |
//! | whole numbers of 32 bits, days, uncertain times | 0.22 | 0.22 | 4 |
//! | decimals (2 places); timestamps of whole seconds | 0.52; 0.70 | 0.23 | 4 |
//! | numbers, whole numbers and timestamps of more than 32 bits | 0.52 to 0.70 | 0.23 to 0.33 | 4, seldom 8 |
//! | texts of twenty different values | 0.003 | 0.003 | 1/8 |
//! | texts of a million and of ten million different values: `=`, `<`, `LIKE 'a%'` | 11.8; more | 0.25 to 0.28 | 2, seldom the text |
//! | the same: `LIKE '%a'` | 71 | 24 | the text |

mod block;
mod plan;
mod range;
mod spatial;
mod values;

use std::ops::Range;

pub(super) use plan::{common, plan};

use super::{Table, bits::Bits, kernels, times::Times};
use crate::{
    query::{Budget, TimeFilter, filter::Expr},
    store::{Selection, condition::truth},
};
use block::{Answer, Asked};
use values::{TextTest, Values};

/// Positions from which on bits are kept rather than runs.
const LARGE: u32 = 65_536;
/// What it costs to ask a word, where each of its positions is asked by itself.
const SLOW: u32 = 100;

/// A condition over the columns of a table.
pub(super) enum Scan<'t> {
    /// The same answer everywhere.
    Constant(Option<bool>),
    /// All hold; cheaper ones first.
    And(Vec<Scan<'t>>),
    /// One holds; cheaper ones first.
    Or(Vec<Scan<'t>>),
    /// It does not hold.
    Not(Box<Scan<'t>>),
    /// The value is known.
    Known(Option<&'t Bits>),
    /// The value lies in a closed range; unknown where it is not known.
    Values(Option<&'t Bits>, Values<'t>),
    /// A bound of the feature's time lies in a closed range of milliseconds; unknown where it has no time.
    Bound(&'t Times, usize, [i64; 2]),
    /// Of two bounds of the feature's time the first is at the end of an interval of milliseconds or before, the second at its start or
    /// after; unknown where it has no time.
    Bounds(&'t Times, [usize; 2], [i64; 2]),
    /// The feature's time overlaps an interval; never unknown.
    Overlaps(&'t Times, TimeFilter),
    /// The feature has a time.
    Timed(&'t Times),
    /// The position is among the hits; unknown in others, and from `located` on.
    Runs { hits: Vec<Range<u32>>, unknown: Vec<Range<u32>>, located: u32 },
    /// Asked of each row.
    Rows(&'t Table, &'t Expr, &'t Budget),
}

/// Words that are asked at once, at the most: as many positions as keep a loop over values busy, in answers that stay in the processor's
/// nearest memory.
const BLOCK: usize = 64;

impl<'t> Scan<'t> {
    /// The positions of runs for which the condition is true; fewer where the budget is spent.
    pub(super) fn select(&self, runs: Vec<Range<u32>>, budget: &Budget) -> Selection {
        match self {
            Self::Constant(Some(true)) => return Selection::new(runs),
            Self::Constant(_) => return Selection::new(Vec::new()),
            _ => {}
        }
        let end = runs.last().map_or(0, |run| run.end);
        let asked = runs.iter().map(|run| run.end - run.start).sum::<u32>();
        // Much of a large table: hits may be scattered all over it, and a run takes as much as sixty-four bits.
        if asked >= LARGE && asked >= end / 4 {
            let mut words = vec![0; Bits::words_of(end as usize)];
            self.each_block(&runs, budget, |first, yes| {
                words[first..first + yes.len()].iter_mut().zip(yes).for_each(|(word, yes)| *word |= yes);
            });
            return Selection::of_bits(words);
        }
        let mut found = Vec::new();
        self.each_block(&runs, budget, |first, yes| {
            for (word, yes) in (first as u32..).zip(yes) {
                push_bits(&mut found, word * 64, *yes);
            }
        });
        Selection::new(found)
    }

    /// How many positions of runs the condition is true for; nothing is kept of which they are.
    pub(super) fn count(&self, runs: &[Range<u32>], budget: &Budget) -> u64 {
        match self {
            Self::Constant(Some(true)) => runs.iter().map(|run| u64::from(run.end - run.start)).sum(),
            Self::Constant(_) => 0,
            // Each position is in one set at the most.
            Self::Values(None, Values::Sets(sets)) => sets.iter().flat_map(|set| runs.iter().map(|run| set.count(run))).sum(),
            _ => {
                let mut count = 0;
                self.each_block(runs, budget, |_, yes| count += kernels::ones(yes));
                count
            }
        }
    }

    /// Calls `take` with some words in a row, by the number of the first, of some runs: the positions in them, among those of the runs, for
    /// which the condition is true.
    fn each_block(&self, runs: &[Range<u32>], budget: &Budget, mut take: impl FnMut(usize, &[u64])) {
        // Columns of numbers are read at a fraction of a nanosecond a position: that takes no leave.
        let is_slow = self.cost() >= SLOW;
        let (mut positions, mut yes, mut no) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
        for run in runs.iter().filter(|run| !run.is_empty()) {
            let (start, last) = (run.start as usize / 64, (run.end - 1) as usize / 64);
            for first in (start..=last).step_by(BLOCK) {
                if is_slow && !budget.allows(0) {
                    return;
                }
                let length = BLOCK.min(last + 1 - first);
                let positions = &mut positions[..length];
                positions.fill(u64::MAX);
                if first == start {
                    positions[0] &= u64::MAX << (run.start % 64);
                }
                if first + length > last {
                    positions[length - 1] &= u64::MAX >> (63 - (run.end - 1) % 64);
                }
                let (yes, no) = (&mut yes[..length], &mut no[..length]);
                self.ask(Asked { first, positions }, &mut Answer { yes, no });
                yes.iter_mut().zip(&*positions).for_each(|(yes, asked)| *yes &= asked);
                take(first, yes);
            }
        }
    }

    /// The answer for the positions that are asked for; of others it may say anything.
    fn ask(&self, asked: Asked<'_>, answer: &mut Answer<'_>) {
        match self {
            Self::Constant(constant) => answer.fill(fill(*constant == Some(true)), fill(*constant == Some(false))),
            Self::And(parts) => ask_parts(parts, true, asked, answer),
            Self::Or(parts) => ask_parts(parts, false, asked, answer),
            Self::Not(part) => part.ask(asked, &mut Answer { yes: answer.no, no: answer.yes }),
            Self::Known(None) => answer.fill(u64::MAX, 0),
            Self::Known(Some(known)) => {
                answer.yes.copy_from_slice(asked.of(known.words()));
                answer.settle(None);
            }
            Self::Values(known, values) => {
                let known = known.map(|known| asked.of(known.words()));
                values.ask(asked, known, answer);
            }
            Self::Bound(times, bound, range) => {
                times.within(*bound, asked.first, *range, answer.yes);
                times.settle(asked.first, answer.yes, answer.no);
            }
            Self::Bounds(times, bounds, interval) => {
                times.meeting(*bounds, *interval, asked.first, answer.yes);
                times.settle(asked.first, answer.yes, answer.no);
            }
            Self::Overlaps(times, filter) => {
                times.overlapping(filter, asked.first, answer.yes);
                answer.settle(None);
            }
            Self::Timed(times) => {
                times.known(asked.first, answer.yes);
                answer.settle(None);
            }
            Self::Runs { hits, unknown, located } => {
                for ((word, _), (yes, no)) in asked.words().zip(answer.yes.iter_mut().zip(&mut *answer.no)) {
                    let known = below(*located, word) & !runs_word(unknown, word);
                    *yes = runs_word(hits, word) & known;
                    *no = !*yes & known;
                }
            }
            Self::Rows(table, condition, budget) => {
                for ((word, mut left), (yes, no)) in asked.words().zip(answer.yes.iter_mut().zip(&mut *answer.no)) {
                    (*yes, *no) = (0, 0);
                    if left != 0 && !budget.allows(left.count_ones().into()) {
                        continue;
                    }
                    while left != 0 {
                        let bit = left.trailing_zeros();
                        match truth(condition, &table.row(word * 64 + bit)) {
                            Some(true) => *yes |= 1 << bit,
                            Some(false) => *no |= 1 << bit,
                            None => {}
                        }
                        left &= left - 1;
                    }
                }
            }
        }
    }

    /// What it costs to ask a word, roughly; it orders the parts of AND and OR.
    fn cost(&self) -> u32 {
        match self {
            Self::Constant(_) => 0,
            Self::Known(_) | Self::Timed(_) => 1,
            Self::Values(_, Values::Booleans(_) | Values::Sets(_)) => 2,
            Self::Runs { .. } => 3,
            Self::Values(_, Values::Texts(..)) => 2 * SLOW,
            // Few are read one by one, if a pattern does not begin like many.
            Self::Values(_, Values::Ranked(_, reach, ..)) if !reach.is_settled() => SLOW,
            Self::Values(..) | Self::Bound(..) => 4,
            Self::Bounds(..) | Self::Overlaps(..) => 5,
            Self::Not(part) => part.cost(),
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::cost).sum::<u32>() + 1,
            Self::Rows(..) => 1000,
        }
    }

    /// AND or OR, its parts in the order of their cost.
    pub(super) fn chain(all: bool, mut parts: Vec<Self>) -> Self {
        parts.sort_by_key(Self::cost);
        match parts.len() {
            1 => parts.remove(0),
            _ if all => Self::And(parts),
            _ => Self::Or(parts),
        }
    }
}

/// The answer to several parts, all of which are to hold, or one. Each is asked only of the positions that the ones before have not settled.
fn ask_parts(parts: &[Scan<'_>], all: bool, asked: Asked<'_>, answer: &mut Answer<'_>) {
    let length = asked.positions.len();
    let (mut left, mut yes, mut no) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
    let (left, yes, no) = (&mut left[..length], &mut yes[..length], &mut no[..length]);
    left.copy_from_slice(asked.positions);
    answer.fill(fill(all), fill(!all));
    for part in parts {
        part.ask(Asked { first: asked.first, positions: left }, &mut Answer { yes, no });
        let mut open = 0;
        for (at, left) in left.iter_mut().enumerate() {
            let (sum_yes, sum_no) = (&mut answer.yes[at], &mut answer.no[at]);
            if all {
                (*sum_yes, *sum_no) = (*sum_yes & yes[at], *sum_no | no[at]);
                *left &= !*sum_no;
            } else {
                (*sum_yes, *sum_no) = (*sum_yes | yes[at], *sum_no & no[at]);
                *left &= !*sum_yes;
            }
            open |= *left;
        }
        if open == 0 {
            return;
        }
    }
}

/// Adds the set bits of a word as runs, the lowest of them at position `first`.
fn push_bits(runs: &mut Vec<Range<u32>>, mut first: u32, mut bits: u64) {
    while bits != 0 {
        let gap = bits.trailing_zeros();
        let length = (bits >> gap).trailing_ones();
        first += gap;
        match runs.last_mut() {
            Some(run) if run.end == first => run.end += length,
            _ => runs.push(first..first + length),
        }
        first += length;
        bits = bits.checked_shr(gap + length).unwrap_or(0);
    }
}

fn fill(bit: bool) -> u64 {
    if bit { u64::MAX } else { 0 }
}

/// The positions of a word that are below `end`.
fn below(end: u32, word: u32) -> u64 {
    match end.saturating_sub(word * 64) {
        0 => 0,
        count if count >= 64 => u64::MAX,
        count => u64::MAX >> (64 - count),
    }
}

/// The positions of a word that are in ascending runs.
///
/// Cost: O(log runs + runs in the word).
fn runs_word(runs: &[Range<u32>], word: u32) -> u64 {
    let (from, to) = (word * 64, word * 64 + 64);
    let first = runs.partition_point(|run| run.end <= from);
    let within = runs[first..].iter().take_while(|run| run.start < to);
    within.fold(0, |bits, run| bits | below(run.end, word) & !below(run.start, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_as_words() {
        let runs = [3..5, 60..130, 200..201];
        for word in 0..5 {
            let bits = runs_word(&runs, word);
            for bit in 0..64 {
                let position = word * 64 + bit;
                assert_eq!(bits >> bit & 1 == 1, runs.iter().any(|run| run.contains(&position)), "{position}");
            }
        }
        assert_eq!((below(64, 0), below(64, 1), below(65, 1)), (u64::MAX, 0, 1));
    }
}
