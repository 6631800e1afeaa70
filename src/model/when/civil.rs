//! Day arithmetic of the proleptic Gregorian calendar for any year that milliseconds can hold.
//!
//! A day is counted from 1970-01-01, which is day 0. `jiff` stops at the years ±9999, EDTF does not; hence closed formulas.

use jiff::civil::Date;

/// Milliseconds of a day; civil days are read as UTC, where every day has as many.
pub(super) const DAY_MS: i64 = 86_400_000;

/// The first year whose every millisecond fits a 64-bit count.
pub(super) const FIRST_YEAR: i64 = -292_275_054;

/// The last year whose every millisecond fits a 64-bit count.
pub(super) const LAST_YEAR: i64 = 292_278_993;

/// Days from 0000-01-01 to 1970-01-01.
const EPOCH: i64 = 719_528;

/// Days before each month of a common year.
const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days of a month (1–12).
pub(super) fn month_days(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number of a day.
pub(super) fn day_number(year: i64, month: u8, day: u8) -> i64 {
    let past = year - 1;
    let leaps = past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400) + 1;
    let leap_day = i64::from(month > 2 && is_leap(year));
    365 * year + leaps + BEFORE_MONTH[usize::from(month - 1)] + leap_day + i64::from(day) - 1 - EPOCH
}

/// The year, month and day of a day's number.
pub(super) fn civil(day: i64) -> (i64, u8, u8) {
    // 400 years have 146,097 days; the mean year leads to the right one or to its neighbour.
    let mut year = ((day + EPOCH) * 400).div_euclid(146_097);
    let mut first = day_number(year, 1, 1);
    if first > day {
        year -= 1;
        first = day_number(year, 1, 1);
    } else if day - first >= 365 + i64::from(is_leap(year)) {
        year += 1;
        first = day_number(year, 1, 1);
    }
    // No month has more than 31 days: this one is reached or passed by one.
    let within = day - first;
    let leap = i64::from(is_leap(year));
    let before = |month: i64| BEFORE_MONTH[month as usize] + if month > 1 { leap } else { 0 };
    let mut month = within / 31;
    if month < 11 && before(month + 1) <= within {
        month += 1;
    }
    let in_month = within - before(month) + 1;
    let month = u8::try_from(month + 1).expect("a year has 12 months");
    (year, month, u8::try_from(in_month).expect("a month has at most 31 days"))
}

/// The day as a civil date; `None` outside the years ±9999.
pub(super) fn date(day: i64) -> Option<Date> {
    let (year, month, day) = civil(day);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The number of a civil date.
pub(super) fn number_of(date: Date) -> i64 {
    day_number(i64::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// Days from 1970-01-01 to a civil date.
pub fn day_of(date: Date) -> i32 {
    i32::try_from(number_of(date)).expect("a civil date lies within ±9999 years")
}

/// The civil date of a count of days from 1970-01-01; `None` outside the years ±9999.
pub fn date_of(day: i32) -> Option<Date> {
    date(i64::from(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as ymd;

    #[test]
    fn days_agree_with_jiff_and_count_one_by_one() {
        let mut expected = ymd(1899, 12, 30);
        let first = number_of(expected);
        for day in first..first + 80_000 {
            assert_eq!(date(day), Some(expected));
            expected = expected.tomorrow().unwrap();
        }
        assert_eq!(number_of(ymd(1970, 1, 1)), 0);
        assert_eq!(civil(day_number(-4, 2, 29)), (-4, 2, 29));
        assert_eq!(date(day_number(10_000, 1, 1)), None);
    }

    #[test]
    fn the_first_and_last_years_fit_milliseconds() {
        assert!(day_number(FIRST_YEAR, 1, 1).checked_mul(DAY_MS).is_some());
        assert!(day_number(FIRST_YEAR - 1, 1, 1).checked_mul(DAY_MS).is_none());
        assert!(day_number(LAST_YEAR + 1, 1, 1).checked_mul(DAY_MS).is_some());
        assert!(day_number(LAST_YEAR + 2, 1, 1).checked_mul(DAY_MS).is_none());
        for year in [FIRST_YEAR, -1, 0, 1, LAST_YEAR] {
            assert_eq!(civil(day_number(year, 1, 1)), (year, 1, 1));
            assert_eq!(civil(day_number(year, 12, 31)), (year, 12, 31));
        }
    }
}
