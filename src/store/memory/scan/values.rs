//! Typed values, asked a block of words at a time.

use super::block::{Answer, Asked};
use crate::{
    query::filter::{Comparison, Pattern},
    store::memory::{
        bits::Bits,
        halves::{Halves, Keys},
        kernels,
        ranks::{self, Letters, Reach},
    },
};

/// Typed values and what is asked of them.
pub(in crate::store::memory) enum Values<'t> {
    /// In a closed range of keys.
    Keys(&'t Halves, Keys),
    /// In a closed range of days.
    Days(&'t [i32], [i32; 2]),
    /// As it is.
    Booleans(&'t Bits),
    /// By code: which are true, which false.
    Codes(&'t [u8], Box<[[bool; 256]; 2]>),
    /// In one of some sets; all others are false.
    Sets(Vec<&'t Bits>),
    /// Compared one by one.
    Texts(Letters<'t>, TextTest<'t>),
    /// By rank, and those that this does not settle one by one.
    Ranked(&'t [u16], Reach, Letters<'t>, TextTest<'t>),
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
            (Self::Keys(values, a), Self::Keys(same, b)) if values.is(same) => Self::Keys(values, both(*a, *b)),
            (Self::Days(values, a), Self::Days(same, b)) if std::ptr::eq(*values, *same) => Self::Days(values, both(*a, *b)),
            _ => return None,
        })
    }

    /// Of the positions asked for: those whose value is known and for which it is true, and false.
    pub(super) fn ask(&self, asked: Asked<'_>, known: Option<&[u64]>, answer: &mut Answer<'_>) {
        match self {
            Self::Keys(values, keys) => values.ask(*keys, asked.first, answer.yes),
            Self::Days(values, range) => kernels::in_range(asked.values(values), *range, answer.yes),
            Self::Booleans(bits) => answer.yes.copy_from_slice(asked.of(bits.words())),
            Self::Sets(sets) => {
                answer.yes.fill(0);
                for set in sets {
                    answer.yes.iter_mut().zip(asked.of(set.words())).for_each(|(yes, set)| *yes |= set);
                }
            }
            Self::Texts(letters, test) => {
                for (at, (word, asked)) in asked.words().enumerate() {
                    let asked = known.map_or(asked, |known| asked & known[at]);
                    answer.yes[at] = holding(word, asked, *letters, *test);
                }
            }
            Self::Ranked(ranks, reach, letters, test) => {
                let ranks = asked.values(ranks);
                kernels::in_range(ranks, reach.possible, answer.yes);
                if !reach.is_settled() {
                    // `no` is made from `yes` below.
                    kernels::in_range(ranks, reach.certain, answer.no);
                    for (at, (word, asked)) in asked.words().enumerate() {
                        let doubt = answer.yes[at] & !answer.no[at] & known.map_or(asked, |known| asked & known[at]);
                        answer.yes[at] = answer.yes[at] & answer.no[at] | holding(word, doubt, *letters, *test);
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

/// Those of a word's positions whose text passes a test.
fn holding(word: u32, mut asked: u64, letters: Letters<'_>, test: TextTest<'_>) -> u64 {
    let mut yes = 0;
    while asked != 0 {
        let bit = asked.trailing_zeros();
        let position = word * 64 + bit;
        let holds = match test {
            TextTest::Compare(comparison, other) => ranks::holds(comparison, letters.bytes(position), other),
            TextTest::Like(pattern) => pattern.matches(letters.get(position)),
        };
        yes |= u64::from(holds) << bit;
        asked &= asked - 1;
    }
    yes
}
