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

/// The number of the first day of the year −9999, before which there is no civil date.
pub(super) const FIRST_DAY: i64 = -4_371_587;

/// The number of the last day of the year 9999, after which there is none.
pub(super) const LAST_DAY: i64 = 2_932_896;

/// Days from 0000-01-01 to 1970-01-01.
const EPOCH: i64 = 719_528;

/// Days of 400 years.
const CYCLE: i64 = 146_097;

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
///
/// Counted in years that begin in March, so that a leap day is the last of its year and the months before it are as long in each: the
/// days of the months from March on follow 153 days in five months. Such a count is told from a day without a look at its neighbours
/// (after Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms", 2023,
/// <https://doi.org/10.1002/spe.3172>).
#[inline]
pub(super) fn civil(day: i64) -> (i64, u8, u8) {
    let since = day + EPOCH - (31 + 29);
    let (cycle, within) = (since.div_euclid(CYCLE), since.rem_euclid(CYCLE) as u32);
    // Days of leap years taken out, every year has 365.
    let year = (within - within / 1_460 + within / 36_524 - within / (CYCLE as u32 - 1)) / 365;
    let of_year = within - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, is_next) = if month < 10 { (month + 3, false) } else { (month - 9, true) };
    (cycle * 400 + i64::from(year) + i64::from(is_next), month as u8, of_month as u8)
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

/// A count of days from 1970-01-01 as `YYYY-MM-DD`; `None` outside the years 0 to 9999.
///
/// As `civil` counts, in 32 bits and with fewer divisions: a year's number and the day within it are both parts of one product.
#[inline]
pub fn letters_of(day: i32) -> Option<[u8; 10]> {
    // Ten thousand years from March of the year 0 on; the two months before it are told by the longer way.
    let Some(since) = u32::try_from(day.checked_add(EPOCH as i32 - (31 + 29))?).ok() else { return first_letters(day) };
    let quarters = since.checked_mul(4)?.checked_add(3)?;
    let (century, of_century) = (quarters / CYCLE as u32, quarters % CYCLE as u32 / 4);
    // 2,939,745 is 2³² / 1461 rounded up: a year has 1461 quarters of a day.
    let product = 2_939_745 * u64::from(4 * of_century + 3);
    let (year, of_year) = ((product >> 32) as u32, product as u32 / 2_939_745 / 4);
    let months = 2_141 * of_year + 197_913;
    let (month, of_month) = (months >> 16, (months & 0xffff) / 2_141);
    let is_next = u32::from(of_year >= 306);
    written(100 * century + year + is_next, month - 12 * is_next, of_month + 1)
}

/// The count of days from 1970-01-01 to a day as `YYYY-MM-DD`; `None` where it is not written so, or there is no such day.
#[inline]
pub fn day_of_letters(letters: &[u8]) -> Option<i32> {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = *letters else { return None };
    let digits = [a, b, c, d, e, f, g, h].map(|letter| letter.wrapping_sub(b'0'));
    if digits.iter().fold(false, |found, digit| found | (*digit > 9)) {
        return None;
    }
    let pair = |at: usize| digits[at] * 10 + digits[at + 1];
    let (year, month, day) = (i64::from(pair(0)) * 100 + i64::from(pair(2)), pair(4), pair(6));
    let is_there = (1..=12).contains(&month) && day >= 1 && day <= month_days(year, month);
    is_there.then(|| day_number(year, month, day) as i32)
}

fn first_letters(day: i32) -> Option<[u8; 10]> {
    let (year, month, day) = civil(i64::from(day));
    written(u32::try_from(year).ok()?, month.into(), day.into())
}

#[inline]
fn written(year: u32, month: u32, day: u32) -> Option<[u8; 10]> {
    if year > 9999 {
        return None;
    }
    // Two digits each, the first one lower.
    let pair = |number: u32| u64::from(number / 10 + number % 10 * 0x100 + 0x3030);
    let (start, end) = (pair(year / 100) | pair(year % 100) << 16 | pair(month) << 40, pair(day));
    let ([a, b, c, d, _, e, f, _], [g, h, ..]) = (start.to_le_bytes(), end.to_le_bytes());
    Some([a, b, c, d, b'-', e, f, b'-', g, h])
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
            assert_eq!(letters_of(day as i32).as_ref().map(|text| &text[..]), Some(expected.to_string().as_bytes()));
            assert_eq!(day_of_letters(expected.to_string().as_bytes()), Some(day as i32));
            expected = expected.tomorrow().unwrap();
        }
        assert_eq!(number_of(ymd(1970, 1, 1)), 0);
        assert_eq!(civil(day_number(-4, 2, 29)), (-4, 2, 29));
        assert_eq!(date(day_number(10_000, 1, 1)), None);
        let text = |year, month, day| letters_of(day_number(year, month, day) as i32);
        assert_eq!([text(0, 1, 1), text(9999, 12, 31)], [Some(*b"0000-01-01"), Some(*b"9999-12-31")]);
        assert_eq!([text(-1, 12, 31), text(10_000, 1, 1), letters_of(i32::MAX), letters_of(i32::MIN)], [None; 4]);
        for day in (day_number(0, 1, 1)..=day_number(9999, 12, 31)).step_by(61) {
            let (year, month, of_month) = civil(day);
            assert_eq!(letters_of(day as i32).unwrap(), *format!("{year:04}-{month:02}-{of_month:02}").as_bytes(), "{day}");
        }
    }

    #[test]
    fn what_is_no_day_has_no_number() {
        for (letters, day) in [("0000-01-01", Some((0, 1, 1))), ("9999-12-31", Some((9999, 12, 31))), ("2024-02-29", Some((2024, 2, 29)))] {
            assert_eq!(day_of_letters(letters.as_bytes()), day.map(|(year, month, day)| day_number(year, month, day) as i32), "{letters}");
        }
        for letters in
            ["2023-02-29", "2023-00-01", "2023-13-01", "2023-01-00", "2023-04-31", "2023-1-01", "2023/01/01", "x023-01-01", "20230-1-1", ""]
        {
            assert_eq!(day_of_letters(letters.as_bytes()), None, "{letters}");
        }
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
