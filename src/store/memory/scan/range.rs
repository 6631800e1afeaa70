//! Comparisons with a time that a filter writes.

use std::cmp::Ordering;

use crate::query::filter::{Comparison, Time};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// The days that compare so with a time, as a closed range, empty where its first day is greater than its second, and whether all others
/// are meant in their place. A day is before a time where all of the day is.
pub(super) fn days(comparison: Comparison, time: Time) -> ([i32; 2], bool) {
    let day = |millis: i64| i32::try_from(millis.div_euclid(DAY)).expect("a time that a filter writes has a year of four digits");
    let [first, last] = [day(time.first().as_millis()), day(time.last().as_millis())];
    let range = match comparison {
        Comparison::Equal | Comparison::NotEqual => [first, last],
        Comparison::Less => [i32::MIN, first - 1],
        Comparison::LessOrEqual => [i32::MIN, last],
        Comparison::Greater => [last + 1, i32::MAX],
        Comparison::GreaterOrEqual => [first, i32::MAX],
    };
    (range, comparison == Comparison::NotEqual)
}

/// How a moment, in milliseconds, compares with a time: it is equal to all that lies in it.
pub(super) fn moment(millis: i64, time: Time) -> Ordering {
    if millis < time.first().as_millis() {
        Ordering::Less
    } else if millis > time.last().as_millis() {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}
