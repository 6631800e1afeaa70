//! Conditions asked of columns, sixty-four positions at a time.
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

use super::{
    Table,
    bits::Bits,
    texts::Texts,
    times::{Times, mask, push_bits},
};
use crate::{
    query::filter::{Comparison, Expr, Pattern},
    store::{Selection, condition::truth},
};

/// Positions from which on bits are kept rather than runs.
const LARGE: u32 = 65_536;

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
    /// The feature has a time.
    Timed(&'t Times),
    /// The position is among the hits; unknown in others, and from `located` on.
    Runs { hits: Vec<Range<u32>>, unknown: Vec<Range<u32>>, located: u32 },
    /// Asked of each row.
    Rows(&'t Table, &'t Expr),
}

/// Typed values and what is asked of them.
pub(super) enum Values<'t> {
    /// In a closed range.
    Integers(&'t [i64], [i64; 2]),
    /// In a closed range.
    Numbers(&'t [f64], [f64; 2]),
    /// In a closed range of days.
    Days(&'t [i32], [i32; 2]),
    /// As it is.
    Booleans(&'t Bits),
    /// By code: which are true, which false.
    Codes(&'t [u8], Box<[[bool; 2]; 256]>),
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

/// The positions of one word for which a condition is true, and those for which it is false; of the others it is unknown.
#[derive(Clone, Copy)]
struct Answer {
    yes: u64,
    no: u64,
}

impl<'t> Scan<'t> {
    /// The positions of runs for which the condition is true.
    pub(super) fn select(&self, runs: Vec<Range<u32>>) -> Selection {
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
            self.each_word(&runs, |word, yes| words[word as usize] |= yes);
            return Selection::of_bits(words);
        }
        let mut found = Vec::new();
        self.each_word(&runs, |word, yes| push_bits(&mut found, word * 64, yes));
        Selection::new(found)
    }

    /// Calls `take` with each word of some runs and the positions in it, among theirs, for which the condition is true.
    fn each_word(&self, runs: &[Range<u32>], mut take: impl FnMut(u32, u64)) {
        for run in runs {
            let mut from = run.start;
            while from < run.end {
                // Up to the next position that begins a word.
                let to = run.end.min((from / 64 + 1) * 64);
                let asked = u64::MAX >> (64 - (to - from)) << (from % 64);
                take(from / 64, self.ask(from / 64, asked).yes & asked);
                from = to;
            }
        }
    }

    /// The answer for the positions of a word that are asked for; of others it may say anything.
    fn ask(&self, word: u32, asked: u64) -> Answer {
        match self {
            Self::Constant(answer) => Answer { yes: fill(*answer == Some(true)), no: fill(*answer == Some(false)) },
            Self::And(parts) => parts.iter().fold(Answer { yes: u64::MAX, no: 0 }, |sum, part| {
                let left = asked & !sum.no;
                if left == 0 {
                    return sum;
                }
                let answer = part.ask(word, left);
                Answer { yes: sum.yes & answer.yes, no: sum.no | (answer.no & left) }
            }),
            Self::Or(parts) => parts.iter().fold(Answer { yes: 0, no: u64::MAX }, |sum, part| {
                let left = asked & !sum.yes;
                if left == 0 {
                    return sum;
                }
                let answer = part.ask(word, left);
                Answer { yes: sum.yes | (answer.yes & left), no: sum.no & answer.no }
            }),
            Self::Not(part) => {
                let Answer { yes, no } = part.ask(word, asked);
                Answer { yes: no, no: yes }
            }
            Self::Known(known) => {
                let yes = known_word(*known, word);
                Answer { yes, no: !yes }
            }
            Self::Values(known, values) => {
                let known = known_word(*known, word);
                let (yes, no) = values.ask(word, asked & known);
                Answer { yes: yes & known, no: no & known }
            }
            Self::Bound(times, bound, range) => {
                let (known, yes) = times.within(*bound, word, *range);
                Answer { yes: yes & known, no: !yes & known }
            }
            Self::Timed(times) => {
                let yes = times.known_word(word);
                Answer { yes, no: !yes }
            }
            Self::Runs { hits, unknown, located } => {
                let yes = runs_word(hits, word);
                let known = below(*located, word) & !runs_word(unknown, word);
                Answer { yes: yes & known, no: !yes & known }
            }
            Self::Rows(table, condition) => {
                let (mut yes, mut no, mut left) = (0, 0, asked);
                while left != 0 {
                    let bit = left.trailing_zeros();
                    match truth(condition, &table.row(word * 64 + bit)) {
                        Some(true) => yes |= 1 << bit,
                        Some(false) => no |= 1 << bit,
                        None => {}
                    }
                    left &= left - 1;
                }
                Answer { yes, no }
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
            Self::Values(_, Values::Texts(..)) => 100,
            Self::Values(..) | Self::Bound(..) => 4,
            Self::Not(part) => part.cost(),
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::cost).sum::<u32>() + 1,
            Self::Rows(..) => 1000,
        }
    }

    /// AND or OR, its parts in the order of their cost.
    fn chain(all: bool, mut parts: Vec<Self>) -> Self {
        parts.sort_by_key(Self::cost);
        match parts.len() {
            1 => parts.remove(0),
            _ if all => Self::And(parts),
            _ => Self::Or(parts),
        }
    }
}

impl Values<'_> {
    /// The positions of a word for which it is true, and false, where the value is known and asked for.
    #[inline]
    fn ask(&self, word: u32, asked: u64) -> (u64, u64) {
        let yes = match self {
            Self::Integers(values, [low, high]) => mask(part(values, word), |value| low <= value && value <= high),
            Self::Numbers(values, [low, high]) => mask(part(values, word), |value| low <= value && value <= high),
            Self::Days(values, [low, high]) => mask(part(values, word), |value| low <= value && value <= high),
            Self::Booleans(bits) => bits.words()[word as usize],
            Self::Sets(sets) => sets.iter().fold(0, |sum, set| sum | set.words()[word as usize]),
            Self::Texts(texts, test) => {
                let (mut yes, mut left) = (0, asked);
                while left != 0 {
                    let bit = left.trailing_zeros();
                    yes |= u64::from(test.holds(texts.get(word * 64 + bit))) << bit;
                    left &= left - 1;
                }
                yes
            }
            Self::Codes(codes, answers) => {
                let codes = part(codes, word);
                return (mask(codes, |code| answers[usize::from(*code)][0]), mask(codes, |code| answers[usize::from(*code)][1]));
            }
        };
        (yes, !yes)
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

/// The values of a word's positions; fewer at the end.
#[inline]
fn part<T>(values: &[T], word: u32) -> &[T] {
    let from = word as usize * 64;
    &values[from..values.len().min(from + 64)]
}

fn fill(bit: bool) -> u64 {
    if bit { u64::MAX } else { 0 }
}

#[inline]
fn known_word(known: Option<&Bits>, word: u32) -> u64 {
    known.map_or(u64::MAX, |known| known.words()[word as usize])
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
