//! Comparisons with a literal as closed ranges.

use crate::query::filter::{Comparison, Num, Time};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// A closed range, empty where its first value is greater than its second, and whether what lies outside of it is meant.
pub(super) type Ranged<T> = ([T; 2], bool);

/// The range of what compares so with something that has a `first` and a `last` value: less is less than the first, greater is greater
/// than the last, equal lies between. `before` and `after` give the neighbours of a value, `None` beyond the ends of the type.
fn ranged<T: Copy>(
    comparison: Comparison,
    [first, last]: [T; 2],
    [least, most]: [T; 2],
    before: impl Fn(T) -> Option<T>,
    after: impl Fn(T) -> Option<T>,
) -> Ranged<T> {
    let empty = [most, least];
    match comparison {
        Comparison::Equal => ([first, last], false),
        Comparison::NotEqual => ([first, last], true),
        Comparison::Less => (before(first).map_or(empty, |before| [least, before]), false),
        Comparison::LessOrEqual => ([least, last], false),
        Comparison::Greater => (after(last).map_or(empty, |after| [after, most]), false),
        Comparison::GreaterOrEqual => ([first, most], false),
    }
}

/// The whole numbers that compare so with a number.
pub(super) fn integers(comparison: Comparison, number: Num) -> Ranged<i64> {
    let (least, most) = (i64::MIN, i64::MAX);
    let [floor, ceil] = match number {
        Num::Int(value) => [value, value],
        // Beyond 64 bits every whole number is on one side.
        Num::Real(value) if value >= 9_223_372_036_854_775_808.0 => {
            let all = matches!(comparison, Comparison::Less | Comparison::LessOrEqual | Comparison::NotEqual);
            return (if all { [least, most] } else { [most, least] }, false);
        }
        Num::Real(value) if value < -9_223_372_036_854_775_808.0 => {
            let all = matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual | Comparison::NotEqual);
            return (if all { [least, most] } else { [most, least] }, false);
        }
        Num::Real(value) => [value.floor() as i64, value.ceil() as i64],
    };
    if floor == ceil {
        return ranged(comparison, [floor, ceil], [least, most], |value| value.checked_sub(1), |value| value.checked_add(1));
    }
    // Between two whole numbers.
    match comparison {
        Comparison::Equal => ([most, least], false),
        Comparison::NotEqual => ([least, most], false),
        Comparison::Less | Comparison::LessOrEqual => ([least, floor], false),
        Comparison::Greater | Comparison::GreaterOrEqual => ([ceil, most], false),
    }
}

/// The same range of whole numbers of 32 bits.
pub(super) fn shorts([low, high]: [i64; 2]) -> [i32; 2] {
    let (least, most) = (i64::from(i32::MIN), i64::from(i32::MAX));
    if low > high || low > most || high < least {
        return [i32::MAX, i32::MIN];
    }
    [low.max(least) as i32, high.min(most) as i32]
}

/// The doubles that compare so with a number; `None` where it is a whole number that no double is.
pub(super) fn numbers(comparison: Comparison, number: Num) -> Option<Ranged<f64>> {
    let value = number.as_f64();
    if Num::from_f64(value)?.compare(number).is_ne() {
        return None;
    }
    let finite = |value: f64| value.is_finite().then_some(value);
    let ends = [f64::MIN, f64::MAX];
    Some(ranged(comparison, [value, value], ends, |value| finite(value.next_down()), |value| finite(value.next_up())))
}

/// The days that compare so with a time: a day is before it where all of the day is.
pub(super) fn days(comparison: Comparison, time: Time) -> Ranged<i32> {
    let day = |millis: i64| i32::try_from(millis.div_euclid(DAY)).expect("a time that a filter writes has a year of four digits");
    let ends = [day(time.first().as_millis()), day(time.last().as_millis())];
    ranged(comparison, ends, [i32::MIN, i32::MAX], |value| value.checked_sub(1), |value| value.checked_add(1))
}

/// The moments, in milliseconds, that compare so with a time.
pub(super) fn moments(comparison: Comparison, time: Time) -> Ranged<i64> {
    let ends = [time.first().as_millis(), time.last().as_millis()];
    ranged(comparison, ends, [i64::MIN, i64::MAX], |value| value.checked_sub(1), |value| value.checked_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_in<T: PartialOrd>(([low, high], outside): &Ranged<T>, value: T) -> bool {
        (*low <= value && value <= *high) != *outside
    }

    fn whole() -> impl Strategy<Value = i64> {
        prop_oneof![
            -3_i64..3,
            any::<i64>(),
            Just(i64::MIN),
            Just(i64::MAX),
            Just(i64::from(i32::MIN)),
            Just(i64::from(i32::MAX)),
            any::<i32>().prop_map(i64::from),
            Just(9_007_199_254_740_993)
        ]
    }

    fn number() -> impl Strategy<Value = Num> {
        let real = prop_oneof![-3.0..3.0_f64, any::<f64>(), Just(9.3e18), Just(-9.3e18), Just(9_223_372_036_854_775_808.0), Just(-0.0)];
        prop_oneof![whole().prop_map(Num::Int), real.prop_filter_map("finite", Num::from_f64)]
    }

    proptest! {
        #[test]
        fn a_range_is_the_comparison(value in whole(), real in number(), literal in number()) {
            for (comparison, _) in Comparison::ALL {
                let expected = comparison.holds(Num::Int(value).compare(literal));
                let (range, outside) = integers(comparison, literal);
                prop_assert_eq!(is_in(&(range, outside), value), expected, "{} {:?} {:?}", value, comparison, literal);
                if let Ok(short) = i32::try_from(value) {
                    prop_assert_eq!(is_in(&(shorts(range), outside), short), expected, "{} {:?} {:?}", value, comparison, literal);
                }
                if let Some(range) = numbers(comparison, literal) {
                    let Some(real) = Num::from_f64(real.as_f64()) else { continue };
                    let expected = comparison.holds(real.compare(literal));
                    prop_assert_eq!(is_in(&range, real.as_f64()), expected, "{:?} {:?} {:?}", real, comparison, literal);
                }
            }
        }
    }
}
