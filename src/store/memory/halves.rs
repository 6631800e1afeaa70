//! Whole numbers in four bytes each where those tell them apart, else in two halves of which a comparison seldom reads the second.
//!
//! A value is `least + step × key`. The step is what all differences can be divided by: timestamps of whole seconds of a century and
//! those of whole days of any are keys of 32 bits. A longer key is cut so that the upper half holds its 32 highest bits: most
//! comparisons are settled by it, and the lower half is read only beside upper halves that are those of the range's own ends.

use std::{cmp::Ordering, io};

use super::{
    array::Array,
    bits::Bits,
    kernels,
    sections::{Damage, Part, Sink},
};
use crate::query::filter::Comparison;

/// A closed range of keys, empty where its first one is greater than its second.
pub(super) type Keys = [u64; 2];

/// No key.
const NONE: Keys = [1, 0];

/// Whole numbers, one for each position.
#[derive(Debug, Clone)]
pub(super) struct Halves {
    scale: Scale,
    high: Array<u32>,
    /// Nothing where keys have 32 bits.
    low: Option<Array<u32>>,
}

/// What keys stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scale {
    /// The value of key 0.
    least: i64,
    step: u64,
    /// The greatest key.
    most: u64,
}

impl Scale {
    /// The scale of some values.
    fn of(values: impl Iterator<Item = i64> + Clone) -> Self {
        let (Some(least), Some(greatest)) = (values.clone().min(), values.clone().max()) else {
            return Self { least: 0, step: 1, most: 0 };
        };
        let reach = greatest.wrapping_sub(least) as u64;
        let mut step = 0;
        if reach > u32::MAX.into() {
            for past in values.map(|value| value.wrapping_sub(least) as u64).filter(|past| *past > 0) {
                step = if step > 0 && past % step == 0 { step } else { common(past, step) };
                if step == 1 {
                    break;
                }
            }
        }
        let step = step.max(1);
        Self { least, step, most: reach / step }
    }

    /// Bits of a key that are in its lower half.
    fn shift(self) -> u32 {
        (64 - self.most.leading_zeros()).saturating_sub(32)
    }

    /// The value of a key. A damaged file can hold any scale: nothing overflows.
    #[inline]
    fn value(self, key: u64) -> i64 {
        self.least.wrapping_add(self.step.wrapping_mul(key) as i64)
    }

    /// How many keys there are whose value is not `past` something, which is so of all values from some one on.
    fn until(self, past: impl Fn(i64) -> bool) -> u128 {
        let (mut low, mut high) = (0, u128::from(self.most) + 1);
        while low < high {
            let middle = (low + high) / 2;
            if past(self.value(middle as u64)) { high = middle } else { low = middle + 1 }
        }
        low
    }
}

/// The greatest number that divides both.
fn common(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Halves {
    /// Writes values that are in the order of a table; those of positions that are not known are lost.
    pub(super) fn write(values: &[i64], known: Option<&Bits>, sink: &mut Sink<'_>, name: &str) -> io::Result<Self> {
        let is_known = |at: usize| known.is_none_or(|known| known.get(at as u32));
        let scale = Scale::of(values.iter().enumerate().filter(|(at, _)| is_known(*at)).map(|(_, value)| *value));
        let key = |(at, value): (usize, &i64)| match (is_known(at), value.wrapping_sub(scale.least) as u64) {
            (false, _) => 0,
            // Most scales have steps of one, and a division takes longer than all the rest.
            (true, past) if scale.step == 1 => past,
            (true, past) => past / scale.step,
        };
        let (shift, keys) = (scale.shift(), || values.iter().enumerate().map(key));
        sink.put(&format!("{name}.scale"), vec![scale.least as u64, scale.step, scale.most])?;
        let high = sink.put(&format!("{name}.high"), keys().map(|key| (key >> shift) as u32).collect())?;
        let mask = low_mask(shift);
        let low = (shift > 0).then(|| sink.put(&format!("{name}.low"), keys().map(|key| (key & mask) as u32).collect()));
        Ok(Self { scale, high, low: low.transpose()? })
    }

    pub(super) fn open(part: &Part<'_>, name: &str, count: usize) -> Result<Self, Damage> {
        let scale = part.array::<u64>(&format!("{name}.scale"), 3)?;
        let scale = Scale { least: scale[0] as i64, step: scale[1], most: scale[2] };
        let low = (scale.shift() > 0).then(|| part.array(&format!("{name}.low"), count)).transpose()?;
        Ok(Self { scale, high: part.array(&format!("{name}.high"), count)?, low })
    }

    /// The value at a position.
    #[inline]
    pub(super) fn get(&self, at: usize) -> i64 {
        let high = u64::from(self.high[at]);
        self.scale.value(self.low.as_ref().map_or(high, |low| high << self.scale.shift() | u64::from(low[at])))
    }

    /// Whether these are the same values in the same place.
    pub(super) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.high.as_ptr(), other.high.as_ptr())
    }

    /// The halves of the keys: where two are the same, so are the values.
    pub(super) fn halves(&self) -> (&[u32], Option<&[u32]>) {
        (&self.high, self.low.as_deref())
    }

    /// The keys whose values lie in a closed range.
    pub(super) fn keys(&self, [first, last]: [i64; 2]) -> Keys {
        let Scale { least, step, most } = self.scale;
        if first > last || last < least {
            return NONE;
        }
        let past = |value: i64| value.wrapping_sub(least) as u64;
        let first = if first <= least { 0 } else { past(first).div_ceil(step.max(1)) };
        [first, (past(last) / step.max(1)).min(most)]
    }

    /// The keys whose values compare so with something, and whether all others are meant in their place. `order` says how a value
    /// compares with it, and is monotone.
    pub(super) fn compared(&self, comparison: Comparison, order: impl Fn(i64) -> Ordering) -> (Keys, bool) {
        let until = |past: &dyn Fn(Ordering) -> bool| self.scale.until(|value| past(order(value)));
        let (less, same) = (until(&Ordering::is_ge), until(&Ordering::is_gt));
        let (first, end) = match comparison {
            Comparison::Equal | Comparison::NotEqual => (less, same),
            Comparison::Less => (0, less),
            Comparison::LessOrEqual => (0, same),
            Comparison::Greater => (same, u128::from(self.scale.most) + 1),
            Comparison::GreaterOrEqual => (less, u128::from(self.scale.most) + 1),
        };
        let keys = if first < end { [first as u64, (end - 1) as u64] } else { NONE };
        (keys, comparison == Comparison::NotEqual)
    }

    /// Of the positions of some words in a row: whose keys lie in a range.
    pub(super) fn ask(&self, [first, last]: Keys, word: usize, out: &mut [u64]) {
        if first > last {
            return out.fill(0);
        }
        let positions = word * 64..self.high.len().min((word + out.len()) * 64);
        let high = &self.high[positions.clone()];
        match &self.low {
            None => kernels::in_range(high, [first as u32, last as u32], out),
            Some(low) => kernels::in_halves(high, &low[positions], self.scale.shift(), [first, last], out),
        }
    }
}

/// The bits of a lower half.
pub(super) fn low_mask(shift: u32) -> u64 {
    (1 << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::sections::{Sections, Target};
    use proptest::prelude::*;

    /// Values that are close together, far apart, steps apart, and the extremes.
    fn values() -> impl Strategy<Value = Vec<i64>> {
        let each = prop_oneof![
            (-3_i64..3).boxed(),
            (-3_i64..3).prop_map(|step| step * 86_400_000_000).boxed(),
            (-9_i64..9).prop_map(|step| (step << 33) + step % 3).boxed(),
            any::<i64>().boxed(),
            prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0)].boxed(),
        ];
        (0_usize..5).prop_flat_map(move |_| prop::collection::vec(each.clone(), 0..200))
    }

    proptest! {
        #[test]
        fn halves_are_the_values_and_compare_as_they_do(values in values(), unknown: u64, literal in any::<i64>(), picked: prop::sample::Index, other: prop::sample::Index) {
            let known = (0..values.len()).map(|at| unknown >> (at % 64) & 1 == 0).collect::<crate::model::Bits>();
            let known = Bits::new(known.into_words().into());
            let mut sections = Sections::default();
            Halves::write(&values, Some(&known), &mut Sink::new(Target::Memory(&mut sections), "t".into()), "x").unwrap();
            let halves = Halves::open(&sections.part("t"), "x", values.len()).unwrap();
            let at = |picked: prop::sample::Index| if values.is_empty() { literal } else { values[picked.index(values.len())] };
            let known = |position: &usize| known.get(*position as u32);
            for position in (0..values.len()).filter(known) {
                prop_assert_eq!(halves.get(position), values[position]);
            }
            let found = |keys: Keys| {
                let mut out = vec![u64::MAX; values.len().div_ceil(64)];
                halves.ask(keys, 0, &mut out);
                if out.len() > 1 {
                    let mut tail = vec![0; out.len() - 1];
                    halves.ask(keys, 1, &mut tail);
                    assert_eq!(tail, out[1..]);
                }
                (0..values.len()).filter(known).filter(|at| out[at / 64] >> (at % 64) & 1 == 1).collect::<Vec<_>>()
            };
            let naive = |is: &dyn Fn(i64) -> bool| (0..values.len()).filter(known).filter(|at| is(values[*at])).collect::<Vec<_>>();
            for literal in [literal, at(picked), at(picked).wrapping_add(1)] {
                for (comparison, _) in Comparison::ALL {
                    let (keys, outside) = halves.compared(comparison, |value| value.cmp(&literal));
                    let expected = naive(&|value| comparison.holds(value.cmp(&literal)) != outside);
                    prop_assert_eq!(found(keys), expected, "{:?} {}", comparison, literal);
                }
                let (low, high) = (literal.min(at(other)), literal.max(at(other)));
                prop_assert_eq!(found(halves.keys([low, high])), naive(&|value| low <= value && value <= high));
                prop_assert_eq!(found(halves.keys([high, low])), naive(&|value| low == high && value == low));
            }
        }
    }

    #[test]
    fn what_32_bits_tell_apart_takes_four_bytes() {
        let takes = |values: &[i64]| {
            let mut sections = Sections::default();
            let halves = Halves::write(values, None, &mut Sink::new(Target::Memory(&mut sections), "t".into()), "x").unwrap();
            if halves.low.is_some() { 8 } else { 4 }
        };
        assert_eq!(takes(&[i64::from(i32::MIN), i64::from(i32::MAX)]), 4);
        assert_eq!(takes(&[1_700_000_000_000, 1_700_000_001_000, 4_000_000_000_000]), 4, "whole seconds");
        assert_eq!(takes(&[i64::MIN, 0]), 4, "one step");
        assert_eq!(takes(&[0, 1, 1 << 33]), 8);
    }
}
