//! Conditions asked of columns, thousands of positions at a time.
//!
//! `plan` turns a condition into a [`Scan`]: comparisons with a literal become ranges over typed arrays, whatever names only one column of
//! few different texts becomes a table of answers by code (or a union of its bit sets), times become ranges over their four bounds, and
//! geometries runs that the spatial index finds. What is left is asked row by row, last, and only of positions that nothing
//! cheaper has settled. The answers are those of [`truth`], which is the oracle of its tests.
//!
//! # Figures
//! See `tests/perf/filter.rs`.

mod plan;
mod range;
mod spatial;

use std::ops::Range;

pub(super) use plan::{common, plan};

use super::{Table, bits::Bits, kernels, texts::Texts, times::Times};
use crate::{
    query::{
        Budget, TimeFilter,
        filter::{Comparison, Expr, Pattern},
    },
    store::{Selection, condition::truth},
};

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

/// Typed values and what is asked of them.
pub(super) enum Values<'t> {
    /// In a closed range.
    Integers(&'t [i64], [i64; 2]),
    /// In a closed range.
    Shorts(&'t [i32], [i32; 2]),
    /// In a closed range.
    Numbers(&'t [f64], [f64; 2]),
    /// In a closed range of days.
    Days(&'t [i32], [i32; 2]),
    /// As it is.
    Booleans(&'t Bits),
    /// By code: which are true, which false.
    Codes(&'t [u8], Box<[[bool; 256]; 2]>),
    /// In one of some sets; all others are false.
    Sets(Vec<&'t Bits>),
    /// Compared one by one.
    Texts(&'t Texts, TextTest<'t>),
}

/// What is asked of a text.
#[derive(Clone, Copy)]
pub(super) enum TextTest<'t> {
    /// Compared with another.
    Compare(Comparison, &'t str),
    /// Like a pattern.
    Like(&'t Pattern),
}

/// Words that are asked at once, at the most: as many positions as keep a loop over values busy, in answers that stay in the processor's
/// nearest memory.
const BLOCK: usize = 64;

/// The positions of some words in a row for which a condition is true, and those for which it is false; of the others it is unknown.
///
/// A pair of slices into buffers of a caller, as long as the words that are asked.
struct Answer<'a> {
    yes: &'a mut [u64],
    no: &'a mut [u64],
}

impl Answer<'_> {
    fn fill(&mut self, yes: u64, no: u64) {
        self.yes.fill(yes);
        self.no.fill(no);
    }

    /// What is not `yes` is `no`; where a value is not known it is neither.
    fn settle(&mut self, known: Option<&[u64]>) {
        match known {
            None => self.yes.iter().zip(&mut *self.no).for_each(|(yes, no)| *no = !yes),
            Some(known) => {
                for ((yes, no), known) in self.yes.iter_mut().zip(&mut *self.no).zip(known) {
                    *no = !*yes & known;
                    *yes &= known;
                }
            }
        }
    }
}

/// What is asked of some words in a row: the first of them, and of each the positions that are asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    first: usize,
    positions: &'a [u64],
}

impl<'a> Asked<'a> {
    /// These words of a list of all.
    fn of<'b>(&self, words: &'b [u64]) -> &'b [u64] {
        &words[self.first..self.first + self.positions.len()]
    }

    /// The values of these words' positions; fewer at the end of a table.
    fn values<'b, T>(&self, values: &'b [T]) -> &'b [T] {
        &values[self.first * 64..values.len().min((self.first + self.positions.len()) * 64)]
    }

    /// The number of each word, and the positions asked of it.
    fn words(&self) -> impl Iterator<Item = (u32, u64)> + use<'a> {
        (self.first as u32..).zip(self.positions.iter().copied())
    }
}

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
            Self::Values(_, Values::Texts(..)) => SLOW,
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

impl<'t> Values<'t> {
    /// What is in both of two ranges of the same values; `None` where they are no such ranges.
    fn and(&self, other: &Self) -> Option<Self> {
        fn both<T: PartialOrd + Copy>([a, b]: [T; 2], [c, d]: [T; 2]) -> [T; 2] {
            [if a > c { a } else { c }, if b < d { b } else { d }]
        }
        Some(match (self, other) {
            (Self::Integers(values, a), Self::Integers(_, b)) => Self::Integers(values, both(*a, *b)),
            (Self::Shorts(values, a), Self::Shorts(_, b)) => Self::Shorts(values, both(*a, *b)),
            (Self::Numbers(values, a), Self::Numbers(_, b)) => Self::Numbers(values, both(*a, *b)),
            (Self::Days(values, a), Self::Days(_, b)) => Self::Days(values, both(*a, *b)),
            _ => return None,
        })
    }

    /// Of the positions asked for: those whose value is known and for which it is true, and false.
    fn ask(&self, asked: Asked<'_>, known: Option<&[u64]>, answer: &mut Answer<'_>) {
        match self {
            Self::Integers(values, range) => kernels::in_range(asked.values(values), *range, answer.yes),
            Self::Shorts(values, range) | Self::Days(values, range) => kernels::in_range(asked.values(values), *range, answer.yes),
            Self::Numbers(values, range) => kernels::in_range(asked.values(values), *range, answer.yes),
            Self::Booleans(bits) => answer.yes.copy_from_slice(asked.of(bits.words())),
            Self::Sets(sets) => {
                answer.yes.fill(0);
                for set in sets {
                    answer.yes.iter_mut().zip(asked.of(set.words())).for_each(|(yes, set)| *yes |= set);
                }
            }
            Self::Texts(texts, test) => {
                for (at, (word, asked)) in asked.words().enumerate() {
                    let mut left = known.map_or(asked, |known| asked & known[at]);
                    answer.yes[at] = 0;
                    while left != 0 {
                        let bit = left.trailing_zeros();
                        answer.yes[at] |= u64::from(test.holds(texts.get(word * 64 + bit))) << bit;
                        left &= left - 1;
                    }
                }
            }
            Self::Codes(codes, answers) => {
                let ([yes, no], codes) = (&**answers, asked.values(codes));
                kernels::answered(codes, yes, answer.yes);
                kernels::answered(codes, no, answer.no);
                if let Some(known) = known {
                    answer.yes.iter_mut().zip(known).for_each(|(yes, known)| *yes &= known);
                    answer.no.iter_mut().zip(known).for_each(|(no, known)| *no &= known);
                }
                return;
            }
        }
        answer.settle(known);
    }
}

impl TextTest<'_> {
    #[inline]
    fn holds(self, text: &str) -> bool {
        match self {
            Self::Compare(Comparison::Equal, other) => text == other,
            Self::Compare(comparison, other) => comparison.holds(text.cmp(other)),
            Self::Like(pattern) => pattern.matches(text),
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
