//! Times of day and offsets, as both EDTF and RFC 3339 write them.

use std::fmt;

use super::{civil::DAY_MS, scan::Scanner};

/// A time of day with what was said of its offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    /// 60 for a leap second.
    pub(super) second: u8,
    /// Thousandths, where a fraction was written; finer digits are cut off.
    pub(super) millis: Option<u16>,
    pub(super) zone: Zone,
}

/// What a time of day is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Zone {
    /// Nothing was said; read as UTC.
    Local,
    Utc,
    /// Minutes east of UTC.
    Offset(i16),
}

/// The grammar to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// The offset may be absent, or hours alone.
    Edtf,
    /// The offset is required; `z` may be lower case.
    Rfc3339,
}

/// What is wrong with a time of day; the caller names the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockFault {
    Expected(&'static str),
    /// Position, unit, number, last allowed.
    Outside(usize, &'static str, u8, u8),
    /// Position of the 60.
    LeapSecond(usize),
}

impl Clock {
    /// Reads `hh:mm:ss`, a fraction and an offset.
    pub(super) fn read(scan: &mut Scanner<'_>, grammar: Grammar) -> Result<Self, ClockFault> {
        let hour = number(scan, "hour", 23, "two digits of an hour")?;
        colon(scan)?;
        let minute = number(scan, "minute", 59, "two digits of a minute")?;
        colon(scan)?;
        let second_at = scan.at();
        let second = number(scan, "second", 60, "two digits of a second")?;
        let millis = if scan.eat(".") { Some(fraction(scan)?) } else { None };
        let zone = zone(scan, grammar)?;
        let clock = Self { hour, minute, second, millis, zone };
        let utc_minute = clock.minutes().rem_euclid(24 * 60);
        if second == 60 && utc_minute != 24 * 60 - 1 {
            return Err(ClockFault::LeapSecond(second_at));
        }
        Ok(clock)
    }

    /// Minutes since the midnight that starts the day as written, in UTC; outside 0–1439 on a neighbouring day.
    fn minutes(&self) -> i64 {
        let offset = match self.zone {
            Zone::Local | Zone::Utc => 0,
            Zone::Offset(minutes) => i64::from(minutes),
        };
        i64::from(self.hour) * 60 + i64::from(self.minute) - offset
    }

    /// First and last millisecond that it names, counted from the midnight that starts the day as written, in UTC.
    ///
    /// A leap second is the last millisecond before it, since the count has no place for it.
    pub(super) fn millis_of_day(&self) -> (i64, i64) {
        let minute = self.minutes() * 60_000;
        if self.second == 60 {
            return (minute + 59_999, minute + 59_999);
        }
        let second = minute + i64::from(self.second) * 1000;
        match self.millis {
            Some(millis) => (second + i64::from(millis), second + i64::from(millis)),
            None => (second, second + 999),
        }
    }

    /// First and last millisecond that it names on the day of this number, since 1970-01-01T00:00:00Z.
    pub(super) fn on(&self, day: i64) -> (i64, i64) {
        let (first, last) = self.millis_of_day();
        (day * DAY_MS + first, day * DAY_MS + last)
    }
}

fn colon(scan: &mut Scanner<'_>) -> Result<(), ClockFault> {
    if scan.eat(":") { Ok(()) } else { Err(ClockFault::Expected("':'")) }
}

fn number(scan: &mut Scanner<'_>, unit: &'static str, last: u8, what: &'static str) -> Result<u8, ClockFault> {
    let at = scan.at();
    let number = scan.two_digits().ok_or(ClockFault::Expected(what))?;
    if number > last {
        return Err(ClockFault::Outside(at, unit, number, last));
    }
    Ok(number)
}

fn fraction(scan: &mut Scanner<'_>) -> Result<u16, ClockFault> {
    let digits = scan.take(usize::MAX, |byte| byte.is_ascii_digit());
    if digits.is_empty() {
        return Err(ClockFault::Expected("digits of a fraction"));
    }
    let thousandths = digits.bytes().chain([b'0'; 3]).take(3);
    Ok(thousandths.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
}

fn zone(scan: &mut Scanner<'_>, grammar: Grammar) -> Result<Zone, ClockFault> {
    let lower = grammar == Grammar::Rfc3339;
    if scan.eat("Z") || (lower && scan.eat("z")) {
        return Ok(Zone::Utc);
    }
    let sign = match scan.peek() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        // Only RFC 3339 requires an offset; a '+' that was not escaped in an address arrives as a space.
        _ if lower => return Err(ClockFault::Expected("Z or an offset such as +01:00 (in an address, '+' is sent as %2B)")),
        _ => return Ok(Zone::Local),
    };
    scan.bump();
    let hours = number(scan, "offset hour", 23, "two digits of an offset hour")?;
    let minutes = if scan.eat(":") {
        number(scan, "offset minute", 59, "two digits of an offset minute")?
    } else if lower {
        return Err(ClockFault::Expected("':'"));
    } else {
        0
    };
    Ok(Zone::Offset(sign * (i16::from(hours) * 60 + i16::from(minutes))))
}

/// Prints the time of day with its offset, the canonical way: offsets with minutes, fractions with three digits.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if let Some(millis) = self.millis {
            write!(f, ".{millis:03}")?;
        }
        match self.zone {
            Zone::Local => Ok(()),
            Zone::Utc => f.write_str("Z"),
            Zone::Offset(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}
