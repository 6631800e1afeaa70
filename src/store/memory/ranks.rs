//! Roughly where each text of a column stands among all of them, in two bytes: what those settle of a comparison need not be read.
//!
//! Some of the texts, evenly spaced in their order, are marks. A rank says of a text between which two marks it stands, or which it
//! is; what all of them begin with is passed over. Only texts that stand between the same two marks as the other side of a
//! comparison are read: some thousands of ten million, since what is frequent is a mark itself.

use std::io;

use rayon::prelude::*;

use super::{
    array::Array,
    columns::permuted,
    sections::{Damage, Part, Sink},
    texts::Texts,
    within::Within,
};
use crate::{
    model,
    query::filter::{Comparison, Pattern},
};

/// Marks of a column, at the most; a rank is up to twice as many. With sixteen times as many, a table of a million took a quarter longer
/// to build, since they did not stay in the cache, and comparisons were no faster.
const MOST: usize = 2047;
/// Texts that marks are chosen from, for each mark.
const SAMPLES: usize = 4;
/// Columns with fewer texts do without.
const LEAST: usize = 64;

/// The ranks of a column's texts.
#[derive(Debug)]
pub(super) struct Ranks {
    /// The positions of the marks, in the order of their texts, which are all different.
    marks: Array<u32>,
    /// Of each position twice the number of marks before its text, and one more where it is a mark's.
    ranks: Array<u16>,
}

/// A closed range of ranks, empty where its first one is greater than its second.
pub(super) type Range = [u16; 2];

/// No rank.
const NONE: Range = [1, 0];

/// The texts that a question to ranks is true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Those with these ranks, whatever they are.
    pub(super) certain: Range,
    /// No others than those with these ranks: each that is not certain is read.
    pub(super) possible: Range,
}

/// Texts of many different values, wherever they are kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum Letters<'t> {
    Own(&'t Texts),
    Within(&'t Within),
}

impl<'t> Letters<'t> {
    /// The text at a position.
    #[inline]
    pub(super) fn get(self, position: u32) -> &'t str {
        match self {
            Self::Own(texts) => texts.get(position),
            Self::Within(texts) => texts.get(position),
        }
    }

    /// The same as bytes.
    #[inline]
    pub(super) fn bytes(self, position: u32) -> &'t [u8] {
        match self {
            Self::Own(texts) => texts.get_bytes(position),
            Self::Within(texts) => texts.get_bytes(position),
        }
    }
}

/// Marks that many texts are held against, the first sixteen bytes after what all marks begin with as numbers.
struct Ladder<'t> {
    texts: Vec<&'t [u8]>,
    shared: &'t [u8],
    heads: Vec<u128>,
    /// How many heads begin with fewer than each of [`FIRST`] bits, and how many there are.
    before: Vec<u16>,
}

/// Bits of a head by which it is looked up before it is compared.
const FIRST: u32 = 12;

impl<'t> Ladder<'t> {
    fn new(texts: Vec<&'t [u8]>) -> Self {
        let (first, last) = (texts.first().copied().unwrap_or_default(), texts.last().copied().unwrap_or_default());
        let shared = &first[..first.iter().zip(last).take_while(|(a, b)| a == b).count()];
        let heads = texts.iter().map(|text| head(&text[shared.len()..])).collect::<Vec<_>>();
        let before = (0..1 << FIRST).map(|bits| heads.partition_point(|head| leading(*head) < bits) as u16).chain([heads.len() as u16]);
        Self { texts, shared, before: before.collect(), heads }
    }

    fn rank(&self, text: &[u8]) -> u16 {
        let range = match text.strip_prefix(self.shared) {
            // What begins otherwise than all marks is before or after all of them.
            None => {
                let before = if text < self.shared { 0 } else { self.texts.len() };
                before..before
            }
            Some(rest) => {
                let head = head(rest);
                let bits = leading(head);
                let (start, end) = (usize::from(self.before[bits]), usize::from(self.before[bits + 1]));
                let first = start + self.heads[start..end].partition_point(|other| *other < head);
                let same = self.heads[first..].iter().take_while(|other| **other == head).count();
                first..first + same
            }
        };
        let before = range.start + self.texts[range.clone()].partition_point(|mark| *mark < text);
        // The mark that a text is begins as it does: where none does, none is looked at.
        let is_mark = before < range.end && self.texts[before] == text;
        before as u16 * 2 + u16::from(is_mark)
    }
}

/// The first bits of a head.
fn leading(head: u128) -> usize {
    (head >> (u128::BITS - FIRST)) as usize
}

/// The first sixteen bytes as a number that orders as they do.
fn head(bytes: &[u8]) -> u128 {
    let mut first = [0; 16];
    let length = bytes.len().min(first.len());
    first[..length].copy_from_slice(&bytes[..length]);
    u128::from_be_bytes(first)
}

impl Ranks {
    /// Writes the ranks of texts in the order of a table; nothing where there are few.
    ///
    /// Cost: O(n log marks).
    pub(super) fn write(texts: &model::Texts, order: &[u32], sink: &mut Sink<'_>, name: &str) -> io::Result<Option<Self>> {
        let count = texts.len();
        if count < LEAST {
            return Ok(None);
        }
        let step = (count / (MOST * SAMPLES)).max(1) as u32;
        // Somewhere in each step, or a table that repeats itself would show only some of its texts (the hash is Knuth's, by multiplication).
        let sample = |at: u32| (at + (at.wrapping_mul(2_654_435_761) >> 8) % step).min(count as u32 - 1);
        let mut samples = (0..count as u32).step_by(step as usize).map(sample).collect::<Vec<_>>();
        let text = |position: u32| texts.get_bytes(order[position as usize] as usize);
        samples.par_sort_by(|a, b| text(*a).cmp(text(*b)));
        let mut marks = samples.iter().copied().step_by(samples.len().div_ceil(MOST)).collect::<Vec<_>>();
        marks.dedup_by(|a, b| text(*a) == text(*b));
        let ladder = Ladder::new(marks.iter().map(|mark| text(*mark)).collect());
        // Row by row: in the order of the table they lie all over memory.
        let ranks = (0..count).into_par_iter().with_min_len(1024).map(|row| ladder.rank(texts.get_bytes(row))).collect::<Vec<_>>();
        let ranks = sink.put(&format!("{name}.ranks"), permuted(&ranks, order))?;
        Ok(Some(Self { ranks, marks: sink.put(&format!("{name}.marks"), marks)? }))
    }

    pub(super) fn open(part: &Part<'_>, name: &str, count: usize) -> Result<Option<Self>, Damage> {
        let marked = format!("{name}.marks");
        if !part.has(&marked) {
            return Ok(None);
        }
        let marks = part.values::<u32>(&marked)?;
        // They are looked up at every question: there are few, and a damaged file can hold any position.
        if marks.len() > MOST || marks.iter().any(|mark| *mark as usize >= count) {
            return Err(Damage::Description(format!("column {name} has marks that are no positions of its texts")));
        }
        Ok(Some(Self { marks, ranks: part.array(&format!("{name}.ranks"), count)? }))
    }

    /// The rank of each position.
    pub(super) fn ranks(&self) -> &[u16] {
        &self.ranks
    }

    /// How many marks come before something.
    fn before(&self, letters: Letters<'_>, is_before: impl Fn(&[u8]) -> bool) -> u16 {
        self.marks.partition_point(|mark| is_before(letters.bytes(*mark))) as u16
    }

    /// The texts that compare so with another; NOT EQUAL has no range.
    pub(super) fn compared(&self, letters: Letters<'_>, comparison: Comparison, other: &str) -> Option<Reach> {
        let other = other.as_bytes();
        let before = self.before(letters, |mark| mark < other);
        let is_mark = self.marks.get(usize::from(before)).is_some_and(|mark| letters.bytes(*mark) == other);
        let (rank, most) = (before * 2 + u16::from(is_mark), self.marks.len() as u16 * 2);
        let (below, above) = (rank.checked_sub(1).map_or(NONE, |below| [0, below]), if rank < most { [rank + 1, most] } else { NONE });
        let (certain, possible) = match comparison {
            Comparison::NotEqual => return None,
            Comparison::Equal => (NONE, [rank, rank]),
            Comparison::Less | Comparison::LessOrEqual => (below, [0, rank]),
            Comparison::Greater | Comparison::GreaterOrEqual => (above, [rank, most]),
        };
        if !is_mark {
            return Some(Reach { certain, possible });
        }
        // All texts of this rank are the other one.
        let exact = match comparison {
            Comparison::Less | Comparison::Greater => certain,
            _ => possible,
        };
        Some(Reach { certain: exact, possible: exact })
    }

    /// The texts that are like a pattern that begins with some letters; `None` where it begins with a sign.
    pub(super) fn like(&self, letters: Letters<'_>, pattern: &Pattern) -> Option<Reach> {
        let (start, is_all) = pattern.start()?;
        let start = start.as_bytes();
        let first = self.before(letters, |mark| mark < start);
        let after = self.before(letters, |mark| mark < start || mark.starts_with(start));
        let possible = [first * 2, after * 2];
        let certain = if is_all && first < after { [first * 2 + 1, after * 2 - 1] } else { NONE };
        Some(Reach { certain, possible })
    }
}

impl Reach {
    /// Whether there is nothing to read.
    pub(super) fn is_settled(&self) -> bool {
        self.certain == self.possible
    }
}

/// Whether a text compares so with another: as its code points do, which is as its bytes do.
pub(super) fn holds(comparison: Comparison, text: &[u8], other: &str) -> bool {
    match comparison {
        Comparison::Equal => text == other.as_bytes(),
        _ => comparison.holds(text.cmp(other.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::sections::{Sections, Target};
    use proptest::prelude::*;

    fn texts() -> impl Strategy<Value = Vec<String>> {
        let shared = prop_oneof![Just(""), Just("Name of "), Just("é")];
        (shared, prop::collection::vec("[abé\u{0}]{0,12}|b", 64..200), prop::collection::vec("[a-z]{0,9}", 0..3))
            .prop_map(|(shared, texts, others)| texts.into_iter().map(|text| format!("{shared}{text}")).chain(others).collect())
    }

    proptest! {
        #[test]
        fn ranks_settle_nothing_wrong(texts in texts(), other in "[abé]{0,4}|Name( of (a|b|é){0,3})?", picked: prop::sample::Index) {
            let mut column = model::Texts::default();
            texts.iter().for_each(|text| column.push(text));
            // Any order will do.
            let order = (0..texts.len() as u32).rev().collect::<Vec<_>>();
            let texts = texts.into_iter().rev().collect::<Vec<_>>();
            let mut sections = Sections::default();
            let mut sink = Sink::new(Target::Memory(&mut sections), "t".into());
            let held = Texts::write(&column, &order, &mut sink, "y").unwrap();
            Ranks::write(&column, &order, &mut sink, "x").unwrap();
            let ranks = Ranks::open(&sections.part("t"), "x", texts.len()).unwrap().unwrap();
            let letters = Letters::Own(&held);
            let is_in = |[first, last]: Range, rank: u16| first <= rank && rank <= last;
            for other in [&other, picked.get(&texts)] {
                for (comparison, _) in Comparison::ALL {
                    let Some(reach) = ranks.compared(letters, comparison, other) else { continue };
                    for (text, rank) in texts.iter().zip(ranks.ranks()) {
                        let expected = comparison.holds(text.as_str().cmp(other.as_str()));
                        prop_assert_eq!(holds(comparison, text.as_bytes(), other), expected);
                        prop_assert!(!is_in(reach.certain, *rank) || expected, "{} {:?} {} {:?}", text, comparison, other, reach);
                        prop_assert!(is_in(reach.possible, *rank) || !expected, "{} {:?} {} {:?}", text, comparison, other, reach);
                    }
                }
                for end in ["%", "_", "%b"] {
                    let pattern = Pattern::new(&format!("{other}{end}"), &[]);
                    let Some(reach) = ranks.like(letters, &pattern) else { continue };
                    for (text, rank) in texts.iter().zip(ranks.ranks()) {
                        let expected = pattern.matches(text);
                        prop_assert!(!is_in(reach.certain, *rank) || expected, "{} {} {:?}", text, pattern, reach);
                        prop_assert!(is_in(reach.possible, *rank) || !expected, "{} {} {:?}", text, pattern, reach);
                    }
                }
            }
        }
    }

    /// More texts than there are marks: those between the same two are few.
    #[test]
    fn few_texts_share_a_rank_unless_they_are_the_same() {
        let mut column = model::Texts::default();
        let number = |at: u32| at.wrapping_mul(2_654_435_761) >> 7;
        (0..200_000).for_each(|at| column.push(&if at % 3 == 0 { "the same".to_owned() } else { format!("number {}", number(at)) }));
        let order = (0..200_000).collect::<Vec<_>>();
        let mut sections = Sections::default();
        let mut sink = Sink::new(Target::Memory(&mut sections), "t".into());
        let held = Texts::write(&column, &order, &mut sink, "y").unwrap();
        let ranks = Ranks::write(&column, &order, &mut sink, "x").unwrap().unwrap();
        let mut counts = std::collections::HashMap::<u16, u32>::new();
        ranks.ranks().iter().filter(|rank| *rank % 2 == 0).for_each(|rank| *counts.entry(*rank).or_default() += 1);
        assert!(counts.values().all(|count| *count < 1000), "{:?}", counts.values().max());
        let same = ranks.compared(Letters::Own(&held), Comparison::Equal, "the same").unwrap();
        assert!(same.is_settled());
    }
}
