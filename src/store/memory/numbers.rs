//! Finite numbers as whole ones that order as they do, so that they compare in four bytes where [`Halves`] have room for them.

use std::{cmp::Ordering, io};

use super::{
    bits::Bits,
    halves::{Halves, Keys},
    sections::{Damage, Part, Sink},
};
use crate::query::filter::{Comparison, Num};

/// Numbers, one for each position.
#[derive(Debug)]
pub(super) struct Numbers {
    wholes: Halves,
    form: Form,
}

/// What whole numbers stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// As many of them as this power of ten are one: decimals as they are written, since the quotient of two doubles is the double
    /// that is nearest to it (IEEE 754, clause 5.4.1).
    Decimal(f64),
    /// The bits of a double; those of negative ones turned, so that all order as whole numbers.
    Bits,
}

/// Decimal places of a column of decimals, at the most.
const MOST_PLACES: i32 = 15;
/// The place of the form in its section, where it is bits.
const IS_BITS: u8 = u8::MAX;
/// Up to here every whole number is a double.
const EXACT: u64 = 1 << 53;

impl Form {
    /// The first that has every one of some numbers exactly, minus zero among them, and its place in the section.
    fn of(values: impl Iterator<Item = f64>) -> (Self, u8) {
        let mut places = 0;
        for value in values {
            while Self::decimal(places).whole(value).is_none() {
                places += 1;
                if places > MOST_PLACES {
                    return (Self::Bits, IS_BITS);
                }
            }
        }
        (Self::decimal(places), places as u8)
    }

    fn decimal(places: i32) -> Self {
        Self::Decimal(10_f64.powi(places))
    }

    /// What a number is as a whole one; `None` where it cannot be given back exactly.
    fn whole(self, value: f64) -> Option<i64> {
        match self {
            Self::Decimal(power) => {
                // To the nearest whole number, more or less: what is taken gives the value back.
                let whole = (value * power + 0.5_f64.copysign(value)) as i64;
                (whole.unsigned_abs() <= EXACT && self.number(whole).to_bits() == value.to_bits()).then_some(whole)
            }
            Self::Bits => Some(turned(value.to_bits() as i64)),
        }
    }

    #[inline]
    fn number(self, whole: i64) -> f64 {
        match self {
            Self::Decimal(power) => whole as f64 / power,
            Self::Bits => f64::from_bits(turned(whole) as u64),
        }
    }
}

/// The bits of a double as a whole number that orders as it does, and the way back.
fn turned(bits: i64) -> i64 {
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

impl Numbers {
    /// Writes numbers that are in the order of a table.
    pub(super) fn write(values: &[f64], known: Option<&Bits>, sink: &mut Sink<'_>, name: &str) -> io::Result<Self> {
        let is_known = |at: usize| known.is_none_or(|known| known.get(at as u32));
        let (mut form, mut place) = Form::of(values.iter().enumerate().filter(|(at, _)| is_known(*at)).map(|(_, value)| *value));
        let wholes = |form: Form| {
            let each = values.iter().enumerate().map(|(at, value)| if is_known(at) { form.whole(*value) } else { Some(0) });
            each.collect::<Option<Vec<_>>>()
        };
        // What had its place with few decimal places need not have it with more: it may grow too great.
        let wholes = wholes(form).unwrap_or_else(|| {
            (form, place) = (Form::Bits, IS_BITS);
            wholes(form).unwrap_or_default()
        });
        sink.put(&format!("{name}.form"), vec![place])?;
        Ok(Self { wholes: Halves::write(&wholes, known, sink, name)?, form })
    }

    pub(super) fn open(part: &Part<'_>, name: &str, count: usize) -> Result<Self, Damage> {
        let form = match part.array::<u8>(&format!("{name}.form"), 1)?[0] {
            IS_BITS => Form::Bits,
            places => Form::decimal(i32::from(places).min(MOST_PLACES)),
        };
        Ok(Self { wholes: Halves::open(part, name, count)?, form })
    }

    /// The number at a position.
    #[inline]
    pub(super) fn get(&self, at: usize) -> f64 {
        self.form.number(self.wholes.get(at))
    }

    /// What they are kept as.
    pub(super) fn wholes(&self) -> &Halves {
        &self.wholes
    }

    /// The keys of those that compare so with a number, and whether all others are meant in their place.
    pub(super) fn compared(&self, comparison: Comparison, other: Num) -> (Keys, bool) {
        // Between finite numbers there are only finite ones, unless a file is damaged.
        let order = |whole| Num::from_f64(self.form.number(whole)).map_or(Ordering::Equal, |number| number.compare(other));
        self.wholes.compared(comparison, order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::sections::{Sections, Target};
    use proptest::prelude::*;

    fn decimal() -> BoxedStrategy<f64> {
        (-100_000_i64..100_000, 0..4).prop_map(|(whole, places)| whole as f64 / 10_f64.powi(places)).boxed()
    }

    fn any() -> BoxedStrategy<f64> {
        let finite = proptest::num::f64::ANY.prop_filter("finite", |number| number.is_finite());
        let border = [
            0.0,
            -0.0,
            f64::MIN,
            f64::MAX,
            f64::MIN_POSITIVE,
            -f64::MIN_POSITIVE,
            5e-324,
            EXACT as f64,
            EXACT as f64 - 1.0,
            1e15,
            0.1,
            0.3,
        ];
        prop_oneof![finite, prop::sample::select(border.to_vec()), -1.0..1.0, decimal()].boxed()
    }

    fn literal() -> impl Strategy<Value = Num> {
        prop_oneof![
            any().prop_filter_map("finite", Num::from_f64),
            proptest::num::i64::ANY.prop_map(Num::Int),
            (-9_i64..9).prop_map(Num::Int)
        ]
    }

    proptest! {
        #[test]
        fn numbers_are_given_back_to_the_bit_and_compare_exactly(
            values in prop_oneof![prop::collection::vec(decimal(), 1..150), prop::collection::vec(any(), 1..150)],
            literal in literal(),
            picked: prop::sample::Index,
        ) {
            let mut sections = Sections::default();
            Numbers::write(&values, None, &mut Sink::new(Target::Memory(&mut sections), "t".into()), "x").unwrap();
            let numbers = Numbers::open(&sections.part("t"), "x", values.len()).unwrap();
            for (at, value) in values.iter().enumerate() {
                prop_assert_eq!(numbers.get(at).to_bits(), value.to_bits());
            }
            let one = *picked.get(&values);
            let near = [one, one.next_up(), one.next_down(), -one].map(Num::from_f64);
            for literal in near.into_iter().flatten().chain([literal]) {
                for (comparison, _) in Comparison::ALL {
                    let (keys, outside) = numbers.compared(comparison, literal);
                    let mut out = vec![0; values.len().div_ceil(64)];
                    numbers.wholes().ask(keys, 0, &mut out);
                    for (at, value) in values.iter().enumerate() {
                        let expected = comparison.holds(Num::from_f64(*value).unwrap().compare(literal));
                        prop_assert_eq!((out[at / 64] >> (at % 64) & 1 == 1) != outside, expected, "{} {:?} {}", value, comparison, literal);
                    }
                }
            }
        }
    }

    #[test]
    fn decimals_are_told_from_other_numbers() {
        let form = |values: &[f64]| Form::of(values.iter().copied()).0;
        assert_eq!(form(&[1.0, -7.0]), Form::decimal(0));
        assert_eq!(form(&[1.0, 0.1, 12.345]), Form::decimal(3));
        for other in [1.0 / 3.0, -0.0, 1e300, f64::MIN_POSITIVE] {
            assert_eq!(form(&[1.0, other]), Form::Bits, "{other}");
        }
    }
}
