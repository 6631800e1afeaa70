//! Typed values, asked a block of words at a time.

use super::block::{Answer, Asked};
use crate::{
    query::filter::{Comparison, Pattern},
    store::memory::{bits::Bits, kernels, texts::Texts},
};

/// Typed values and what is asked of them.
pub(in crate::store::memory) enum Values<'t> {
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
pub(in crate::store::memory) enum TextTest<'t> {
    /// Compared with another.
    Compare(Comparison, &'t str),
    /// Like a pattern.
    Like(&'t Pattern),
}

impl<'t> Values<'t> {
    /// What is in both of two ranges of the same values; `None` where they are no such ranges.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
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
    pub(super) fn ask(&self, asked: Asked<'_>, known: Option<&[u64]>, answer: &mut Answer<'_>) {
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
