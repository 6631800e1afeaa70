//! A moment, as a count that compares and packs.

use std::fmt;

use jiff::civil::Date;

use super::civil::{self, DAY_MS};

/// A moment: milliseconds since 1970-01-01T00:00:00Z in the proleptic Gregorian calendar, without leap seconds.
///
/// # Units
/// Milliseconds. [`Instant::PAST`] and [`Instant::FUTURE`] stand for "no bound on this side".
///
/// # Example
/// ```
/// use harmattan::model::when::Instant;
/// assert_eq!(Instant::from_millis(0).to_string(), "1970-01-01T00:00:00Z");
/// assert_eq!(Instant::FUTURE.to_string(), "..");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// Before every moment: no bound towards the past.
    pub const PAST: Self = Self(i64::MIN);

    /// After every moment: no bound towards the future.
    pub const FUTURE: Self = Self(i64::MAX);

    /// The moment of a count of milliseconds since 1970-01-01T00:00:00Z; the two extremes are the two sentinels.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The first millisecond of a day, UTC.
    pub fn start_of(day: Date) -> Self {
        Self::start_of_number(civil::number_of(day))
    }

    /// The last millisecond of a day, UTC.
    pub fn end_of(day: Date) -> Self {
        Self::end_of_number(civil::number_of(day))
    }

    /// Whether this is a moment, not one of the two sentinels.
    pub const fn is_bounded(self) -> bool {
        self.0 != i64::MIN && self.0 != i64::MAX
    }

    /// The UTC day it falls on; `None` for a sentinel and outside the years ±9999.
    pub fn day(self) -> Option<Date> {
        if self.is_bounded() { civil::date(self.day_number()) } else { None }
    }

    /// The same as days since 1970-01-01.
    pub fn civil_day(self) -> Option<i32> {
        const DAYS: std::ops::RangeInclusive<i64> = civil::FIRST_DAY..=civil::LAST_DAY;
        Some(self.day_number()).filter(|day| DAYS.contains(day)).map(|day| day as i32)
    }

    /// Days since 1970-01-01; the sentinels stay the extremes of the type.
    pub(super) fn day_number(self) -> i64 {
        if self.is_bounded() { self.0.div_euclid(DAY_MS) } else { self.0 }
    }

    pub(super) fn start_of_number(day: i64) -> Self {
        Self(day.saturating_mul(DAY_MS))
    }

    pub(super) fn end_of_number(day: i64) -> Self {
        Self(day.saturating_mul(DAY_MS).saturating_add(DAY_MS - 1))
    }

    /// The first millisecond of the same UTC day; a sentinel stays itself.
    pub(super) fn floor_day(self) -> Self {
        Self::start_of_number(self.day_number())
    }

    /// The last millisecond of the same UTC day; a sentinel stays itself.
    pub(super) fn ceil_day(self) -> Self {
        if self.is_bounded() { Self::end_of_number(self.day_number()) } else { self }
    }
}

/// Prints RFC 3339, with milliseconds where there are any; `..` for a sentinel; a year outside 0000–9999 with its sign and at
/// least six digits (ISO 8601-1 expanded representation).
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_bounded() {
            return f.write_str("..");
        }
        let (year, month, day) = civil::civil(self.day_number());
        let millis = self.0.rem_euclid(DAY_MS);
        if (0..=9999).contains(&year) {
            write!(f, "{year:04}")?;
        } else {
            write!(f, "{year:+07}")?;
        }
        let (hour, minute, second) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match millis % 1000 {
            0 => f.write_str("Z"),
            fraction => write!(f, ".{fraction:03}Z"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_told_where_there_is_a_date() {
        let edges = [(-9999, 1, 1), (9999, 12, 31), (1970, 1, 1)].map(|(year, month, day)| civil::number_of(date(year, month, day)));
        for day in edges.into_iter().flat_map(|day| [day - 1, day, day + 1]) {
            for instant in [Instant::start_of_number(day), Instant::end_of_number(day)] {
                assert_eq!(instant.civil_day(), instant.day().map(civil::day_of), "{day}");
            }
        }
        assert_eq!([Instant::PAST.civil_day(), Instant::FUTURE.civil_day()], [None; 2]);
    }

    #[test]
    fn prints_rfc_3339() {
        assert_eq!(Instant::end_of(date(2023, 8, 31)).to_string(), "2023-08-31T23:59:59.999Z");
        assert_eq!(Instant::start_of(date(0, 1, 1)).to_string(), "0000-01-01T00:00:00Z");
        assert_eq!(Instant::start_of(date(-44, 3, 15)).to_string(), "-000044-03-15T00:00:00Z");
        assert_eq!(Instant::PAST.to_string(), "..");
    }

    #[test]
    fn days_are_utc_days() {
        assert_eq!(Instant::from_millis(-1).day(), Some(date(1969, 12, 31)));
        assert_eq!(Instant::from_millis(i64::MAX - 1).day(), None);
        assert_eq!(Instant::FUTURE.ceil_day(), Instant::FUTURE);
        assert_eq!(Instant::PAST.floor_day(), Instant::PAST);
        assert_eq!(Instant::from_millis(5).ceil_day(), Instant::from_millis(DAY_MS - 1));
    }
}
