//! The time of a request: RFC 3339 instants, whole days and intervals, as OGC API – Features – Part 1, clause 7.15.4 has them.

use jiff::tz::Offset;

use super::{
    civil,
    clock::{Clock, ClockFault, Grammar},
    error::Spot,
    instant::Instant,
    scan::Scanner,
};

/// The longest text read, in bytes.
const MAX_BYTES: usize = 128;

/// Why a text is not a time of a request; each message names the text, the character and the rule.
///
/// # Example
/// ```
/// use harmattan::model::when::rfc3339::parse_interval;
/// let error = parse_interval("2023-08").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#""2023-08" at character 0: a month or a year alone is not allowed; write the interval 2023-08-01/2023-08-31"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RfcError {
    /// No text at all.
    #[error("{0}: a time must not be empty")]
    Empty(Spot),
    /// Longer than any interval needs: length and limit in bytes.
    #[error("{0}: {1} bytes are more than the {2} allowed")]
    TooLong(Spot, usize, usize),
    /// A character that no time has.
    #[error("{0}: {1:?} is not an ASCII character")]
    NotAscii(Spot, char),
    /// Something else is needed here: what, and what was found.
    #[error("{0}: expected {1}, found {2}")]
    Expected(Spot, &'static str, String),
    /// Reduced precision, with the interval to write instead.
    #[error("{0}: a month or a year alone is not allowed; write the interval {1}")]
    Reduced(Spot, String),
    /// No such month.
    #[error("{0}: month {1:02} is outside 01..12")]
    Month(Spot, u8),
    /// No such day in that month: the day and the month's last.
    #[error("{0}: day {1:02} is outside 01..{2:02} of that month")]
    Day(Spot, u8, u8),
    /// No such hour, minute or second: which, the number and the last allowed.
    #[error("{0}: {1} {2:02} is outside 00..{3}")]
    Time(Spot, &'static str, u8, u8),
    /// Leap seconds are inserted at one time of day only.
    #[error("{0}: second 60 exists only at 23:59 UTC")]
    LeapSecond(Spot),
    /// A second `/`.
    #[error("{0}: an interval has one '/'")]
    SecondSlash(Spot),
    /// Both ends are open.
    #[error("{0}: at least one end of an interval must be a time")]
    NoEnds(Spot),
    /// A length of time that is none, or leads beyond the years of four digits.
    #[error("{0}: not a length of time such as P2D, P1M or PT12H that ends in the years 0000 to 9999")]
    Duration(Spot),
    /// The interval runs backwards.
    #[error("{0}: the interval ends before it starts")]
    EndBeforeStart(Spot),
}

/// Reads the value of a `datetime` parameter: first and last moment, inclusive, `None` where that side is open.
///
/// Beyond the standard, which ISO 8601 allows and OGC's executable test suite asks for: the end may be a length of time, `2023-08-01/P2D`,
/// and the interval is then all that is before that time is over.
///
/// A date-time names one millisecond, finer digits cut off; a full date all of its UTC day; `a/b`, `../b`, `a/..`, `/b` and
/// `a/` an interval. `t` and `z` may be lower case (RFC 3339, clause 5.6). A leap second is read as the last millisecond
/// before it.
///
/// # Errors
/// When it is none of these: reduced precision (`2023-08`), both ends open, a second `/`, an end before the start, a date or
/// time that does not exist.
///
/// # Example
/// ```
/// use harmattan::model::when::rfc3339::parse_interval;
/// let (from, to) = parse_interval("2023-08-01/..")?;
/// assert_eq!(from.map(|from| from.to_string()).as_deref(), Some("2023-08-01T00:00:00Z"));
/// assert_eq!(to, None);
/// assert!(parse_interval("../..").is_err());
/// # Ok::<(), harmattan::model::when::rfc3339::RfcError>(())
/// ```
pub fn parse_interval(text: &str) -> Result<(Option<Instant>, Option<Instant>), RfcError> {
    let mut scan = scanner(text)?;
    let Some(slash) = text.find('/') else {
        let (first, last) = span(&mut scan)?;
        return Ok((Some(first), Some(last)));
    };
    if let Some(second) = text[slash + 1..].find('/') {
        return Err(RfcError::SecondSlash(scan.spot_at(slash + 1 + second)));
    }
    let start = end(&mut scan.part(0, slash))?.map(|(first, _)| first);
    if let (Some(start), "P" | "p") = (start, text.get(slash + 1..slash + 2).unwrap_or_default()) {
        let last = after(start, &text[slash + 1..]).ok_or_else(|| RfcError::Duration(scan.spot_at(slash + 1)))?;
        return Ok((Some(start), Some(last)));
    }
    let end = end(&mut scan.part(slash + 1, text.len()))?.map(|(_, last)| last);
    match (start, end) {
        (None, None) => Err(RfcError::NoEnds(scan.spot())),
        (Some(start), Some(end)) if end < start => Err(RfcError::EndBeforeStart(scan.spot_at(slash + 1))),
        ends => Ok(ends),
    }
}

/// Reads one date-time, or one full date as its first and last millisecond.
///
/// # Errors
/// As for [`parse_interval`]; an interval is one too.
pub fn parse_instant(text: &str) -> Result<(Instant, Instant), RfcError> {
    span(&mut scanner(text)?)
}

fn scanner(text: &str) -> Result<Scanner<'_>, RfcError> {
    if text.is_empty() {
        return Err(RfcError::Empty(Spot::new(text, 0)));
    }
    if text.len() > MAX_BYTES {
        let shown: String = text.chars().take(24).chain(['…']).collect();
        let at = text.char_indices().take_while(|(byte, _)| *byte < MAX_BYTES).count();
        return Err(RfcError::TooLong(Spot { text: shown, at }, text.len(), MAX_BYTES));
    }
    Scanner::new(text).map_err(|(spot, found)| RfcError::NotAscii(spot, found))
}

/// The last millisecond of a length of time (ISO 8601, clause 5.5.2.4) that begins at `start`, in the calendar of UTC.
fn after(start: Instant, length: &str) -> Option<Instant> {
    let length = length.to_ascii_uppercase().parse::<jiff::Span>().ok().filter(|length| length.is_positive())?;
    let first = jiff::Timestamp::from_millisecond(start.as_millis()).ok()?;
    let end = Offset::UTC.to_datetime(first).checked_add(length).ok()?;
    let end = Offset::UTC.to_timestamp(end).ok()?.as_millisecond();
    (start.as_millis() < end).then(|| Instant::from_millis(end - 1))
}

fn end(scan: &mut Scanner<'_>) -> Result<Option<(Instant, Instant)>, RfcError> {
    if matches!(scan.rest(), "" | "..") { Ok(None) } else { span(scan).map(Some) }
}

fn span(scan: &mut Scanner<'_>) -> Result<(Instant, Instant), RfcError> {
    let day = full_date(scan)?;
    if scan.rest().is_empty() {
        return Ok((Instant::start_of_number(day), Instant::end_of_number(day)));
    }
    if !scan.eat("T") && !scan.eat("t") {
        return Err(expected(scan, "'T' or the end"));
    }
    let clock = Clock::read(scan, Grammar::Rfc3339).map_err(|fault| match fault {
        ClockFault::Expected(what) => expected(scan, what),
        ClockFault::Outside(at, unit, number, last) => RfcError::Time(scan.spot_at(at), unit, number, last),
        ClockFault::LeapSecond(at) => RfcError::LeapSecond(scan.spot_at(at)),
    })?;
    if !scan.rest().is_empty() {
        return Err(expected(scan, "the end"));
    }
    // An instant without fraction is its first millisecond, not the whole second.
    let (first, _) = clock.on(day);
    let instant = Instant::from_millis(first);
    Ok((instant, instant))
}

/// The number of a day written `YYYY-MM-DD`.
fn full_date(scan: &mut Scanner<'_>) -> Result<i64, RfcError> {
    let start = scan.at();
    let digits = scan.take(4, |byte| byte.is_ascii_digit());
    if digits.len() < 4 {
        return Err(expected(scan, "a year of four digits"));
    }
    let year = digits.bytes().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    if scan.rest().is_empty() {
        return Err(RfcError::Reduced(scan.spot_at(start), format!("{year:04}-01-01/{year:04}-12-31")));
    }
    dash(scan)?;
    let at = scan.at();
    let month = scan.two_digits().ok_or_else(|| expected(scan, "two digits of a month"))?;
    if !(1..=12).contains(&month) {
        return Err(RfcError::Month(scan.spot_at(at), month));
    }
    let last = civil::month_days(year, month);
    if scan.rest().is_empty() {
        let interval = format!("{year:04}-{month:02}-01/{year:04}-{month:02}-{last:02}");
        return Err(RfcError::Reduced(scan.spot_at(start), interval));
    }
    dash(scan)?;
    let at = scan.at();
    let day = scan.two_digits().ok_or_else(|| expected(scan, "two digits of a day"))?;
    if !(1..=last).contains(&day) {
        return Err(RfcError::Day(scan.spot_at(at), day, last));
    }
    Ok(civil::day_number(year, month, day))
}

fn dash(scan: &mut Scanner<'_>) -> Result<(), RfcError> {
    if scan.eat("-") { Ok(()) } else { Err(expected(scan, "'-'")) }
}

fn expected(scan: &Scanner<'_>, what: &'static str) -> RfcError {
    RfcError::Expected(scan.spot(), what, scan.found())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ends(text: &str) -> (String, String) {
        let (from, to) = parse_interval(text).unwrap();
        (from.unwrap_or(Instant::PAST).to_string(), to.unwrap_or(Instant::FUTURE).to_string())
    }

    #[track_caller]
    fn reads(text: &str, from: &str, to: &str) {
        assert_eq!(ends(text), (from.to_owned(), to.to_owned()), "{text}");
    }

    #[test]
    fn instants_days_and_intervals() {
        reads("2018-02-12T23:20:50Z", "2018-02-12T23:20:50Z", "2018-02-12T23:20:50Z");
        reads("2018-02-12t23:20:50z", "2018-02-12T23:20:50Z", "2018-02-12T23:20:50Z");
        reads("2018-02-12T23:20:50.5219-01:30", "2018-02-13T00:50:50.521Z", "2018-02-13T00:50:50.521Z");
        reads("2018-02-12T23:20:50.5+23:59", "2018-02-11T23:21:50.500Z", "2018-02-11T23:21:50.500Z");
        reads("2018-02-12", "2018-02-12T00:00:00Z", "2018-02-12T23:59:59.999Z");
        reads("2018-02-12/2018-03-18", "2018-02-12T00:00:00Z", "2018-03-18T23:59:59.999Z");
        reads("2018-02-12/2018-02-12T00:00:00Z", "2018-02-12T00:00:00Z", "2018-02-12T00:00:00Z");
        reads("../2018-03-18T12:31:12Z", "..", "2018-03-18T12:31:12Z");
        reads("2023-08-30/P2D", "2023-08-30T00:00:00Z", "2023-08-31T23:59:59.999Z");
        reads("2023-01-31/P1M", "2023-01-31T00:00:00Z", "2023-02-27T23:59:59.999Z");
        reads("2023-08-01T12:00:00Z/pt1h30m", "2023-08-01T12:00:00Z", "2023-08-01T13:29:59.999Z");
        reads("/2018-03-18", "..", "2018-03-18T23:59:59.999Z");
        reads("2018-02-12T00:00:00Z/..", "2018-02-12T00:00:00Z", "..");
        reads("2018-02-12/", "2018-02-12T00:00:00Z", "..");
        reads("0000-01-01", "0000-01-01T00:00:00Z", "0000-01-01T23:59:59.999Z");
    }

    #[test]
    fn a_leap_second_is_the_end_of_its_minute() {
        reads("1990-12-31T23:59:60Z", "1990-12-31T23:59:59.999Z", "1990-12-31T23:59:59.999Z");
        reads("1990-12-31T15:59:60-08:00", "1990-12-31T23:59:59.999Z", "1990-12-31T23:59:59.999Z");
    }

    #[test]
    fn every_bad_text_has_its_rule_and_position() {
        let message = |text: &str| parse_interval(text).unwrap_err().to_string();
        for text in ["2023-08-01/P", "2023-08-01/P0D", "2023-08-01/P9999Y", "2023-08-01/P-2D", "2023-08-01/P2X", "9999-12-31/P1D"] {
            assert!(message(text).contains("character 11: not a length of time such as P2D"), "{}", message(text));
        }
        assert!(message("../P2D").contains("character 3: expected a year of four digits"), "{}", message("../P2D"));
        for (text, expected) in [
            ("", r#""" at character 0: a time must not be empty"#),
            ("../..", r#""../.." at character 0: at least one end of an interval must be a time"#),
            ("/", r#""/" at character 0: at least one end of an interval must be a time"#),
            ("/..", r#""/.." at character 0: at least one end of an interval must be a time"#),
            ("..", r#"".." at character 0: expected a year of four digits, found '.'"#),
            ("2023", r#""2023" at character 0: a month or a year alone is not allowed; write the interval 2023-01-01/2023-12-31"#),
            (
                "2023-01-01/2024-02",
                r#""2023-01-01/2024-02" at character 11: a month or a year alone is not allowed; write the interval 2024-02-01/2024-02-29"#,
            ),
            ("2023-08-03/2023-08-02", r#""2023-08-03/2023-08-02" at character 11: the interval ends before it starts"#),
            ("2023-08-03/2023-08-04/..", r#""2023-08-03/2023-08-04/.." at character 21: an interval has one '/'"#),
            ("2023-13-01", r#""2023-13-01" at character 5: month 13 is outside 01..12"#),
            ("2023-02-29", r#""2023-02-29" at character 8: day 29 is outside 01..28 of that month"#),
            ("2023-8-01", r#""2023-8-01" at character 6: expected two digits of a month, found '-'"#),
            ("20230801", r#""20230801" at character 4: expected '-', found '0'"#),
            ("2023-08-01T24:00:00Z", r#""2023-08-01T24:00:00Z" at character 11: hour 24 is outside 00..23"#),
            ("2023-08-01T10:00Z", r#""2023-08-01T10:00Z" at character 16: expected ':', found 'Z'"#),
            ("2023-08-01T10:00:60Z", r#""2023-08-01T10:00:60Z" at character 17: second 60 exists only at 23:59 UTC"#),
            ("2023-08-01T10:00:61Z", r#""2023-08-01T10:00:61Z" at character 17: second 61 is outside 00..60"#),
            ("2023-08-01T10:00:00.Z", r#""2023-08-01T10:00:00.Z" at character 20: expected digits of a fraction, found 'Z'"#),
            (
                "2023-08-01T10:00:00 01:00",
                r#""2023-08-01T10:00:00 01:00" at character 19: expected Z or an offset such as +01:00 (in an address, '+' is sent as %2B), found ' '"#,
            ),
            ("2023-08-01T10:00:00+01", r#""2023-08-01T10:00:00+01" at character 22: expected ':', found the end"#),
            ("2023-08-01 10:00:00Z", r#""2023-08-01 10:00:00Z" at character 10: expected 'T' or the end, found ' '"#),
            ("2023-08-01T10:00:00Zulu", r#""2023-08-01T10:00:00Zulu" at character 20: expected the end, found 'u'"#),
            ("2023–08", r#""2023–08" at character 4: '–' is not an ASCII character"#),
        ] {
            assert_eq!(message(text), expected);
        }
        assert!(message(&"2".repeat(129)).ends_with("129 bytes are more than the 128 allowed"));
    }

    #[test]
    fn one_instant_is_no_interval() {
        assert!(parse_instant("2023-08-01/2023-08-02").is_err());
        let (first, last) = parse_instant("2023-08-01T00:00:00Z").unwrap();
        assert_eq!((first, first), (last, Instant::start_of(jiff::civil::date(2023, 8, 1))));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}|[0-9TtZz:./+ -]{0,60}|(.|\\n){0,40}") {
            let _ = parse_interval(&text);
        }

        #[test]
        fn what_an_instant_prints_is_read_back(millis in -62_167_219_200_000_i64..=253_402_300_799_999) {
            let instant = Instant::from_millis(millis);
            prop_assert_eq!(parse_instant(&instant.to_string()), Ok((instant, instant)));
        }
    }
}
