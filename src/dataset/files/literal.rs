//! Texts that say a number, a day, an instant, whether something is true, or an address: each in the ways that programs write it.

use jiff::civil::Date;

use crate::model::when::{Instant, date_of, day_of_letters, rfc3339};

/// A whole number in its one way of writing: `007` and `+7` are texts, since a number would not give them back.
pub(super) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0')) && text != "-0";
    if is_plain && !digits.is_empty() { text.parse().ok() } else { None }
}

/// A finite decimal number, with a fraction and an exponent or without; no leading zeros but the one before the point.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let is_led = digits.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.');
    let has_zeros = digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
    // A whole number beyond 64 bits would lose digits.
    let is_huge = digits.len() > 18 && digits.iter().all(u8::is_ascii_digit);
    if !is_led || has_zeros || is_huge {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Whether a cell holds a word by which programs say that it has no value: R, pandas, Excel, and the dumps of databases.
pub(super) fn is_missing(text: &str) -> bool {
    matches!(
        text.trim(),
        "NA" | "N/A" | "n/a" | "#N/A" | "NaN" | "nan" | "NAN" | "NULL" | "null" | "Null" | "None" | "\\N" | "-" | "–" | "—"
    )
}

/// Whether a text is a number with a decimal comma, in its one way of writing.
pub(super) fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.trim().split_once(',').is_some_and(|(whole, fraction)| {
        digits(fraction) && digits(whole.strip_prefix('-').unwrap_or(whole)) && number(&with_point(text)).is_some()
    })
}

/// The same number with a point.
pub(super) fn with_point(text: &str) -> String {
    text.trim().replacen(',', ".", 1)
}

/// `true` or `false`, as programs write them.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// A day as `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Option<Date> {
    day_of_letters(text.as_bytes()).and_then(date_of)
}

/// An instant as RFC 3339 has it, or as databases write it: a space for the `T`, no seconds, no offset (then UTC).
pub(super) fn timestamp(text: &str) -> Option<Instant> {
    plain_timestamp(text.as_bytes()).or_else(|| any_timestamp(text))
}

/// One of whole seconds in UTC, as nearly all programs write it.
pub(super) fn plain_timestamp(text: &[u8]) -> Option<Instant> {
    let (day, clock) = text.split_at_checked(10)?;
    let [b'T' | b' ', a, b, b':', c, d, b':', e, f, rest @ ..] = clock else { return None };
    if !matches!(rest, [] | [b'Z']) || ![a, b, c, d, e, f].into_iter().all(u8::is_ascii_digit) {
        return None;
    }
    let pair = |first: &u8, second: &u8| i64::from((first - b'0') * 10 + (second - b'0'));
    let (hour, minute, second) = (pair(a, b), pair(c, d), pair(e, f));
    let is_plain = hour < 24 && minute < 60 && second < 60;
    let of_day = ((hour * 60 + minute) * 60 + second) * 1000;
    day_of_letters(day).filter(|_| is_plain).map(|day| Instant::from_millis(i64::from(day) * 86_400_000 + of_day))
}

/// One in any of these ways.
pub(super) fn any_timestamp(text: &str) -> Option<Instant> {
    let (day, clock) = (text.get(..10)?, text.get(11..)?);
    if !matches!(text.as_bytes()[10], b'T' | b't' | b' ') || date(day).is_none() || text.len() > 40 {
        return None;
    }
    let has_offset = clock.ends_with(['Z', 'z']) || clock.get(5..).is_some_and(|rest| rest.contains(['+', '-']));
    let (clock, offset) = match has_offset {
        false => (clock, "Z"),
        true => clock.split_at(clock.find(['Z', 'z', '+', '-'])?),
    };
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    rfc3339::parse_instant(&format!("{day}T{clock}{seconds}{offset}")).ok().map(|(instant, _)| instant)
}

/// Whether a text is an address of the web.
pub(super) fn is_uri(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::when::When;

    #[test]
    fn plain_instants_are_read_as_all_others() {
        for (at, day) in ["2023-08-03", "1969-12-31", "0000-01-01", "9999-12-31", "2023-02-29"].into_iter().enumerate() {
            for clock in
                ["T10:20:30", " 10:20:30Z", "T23:59:59Z", "T00:00:00", "T24:00:00", "T23:60:00", "T23:59:60", "T1:00:00", "T10:00:00z"]
            {
                let text = format!("{day}{clock}");
                assert!(plain_timestamp(text.as_bytes()).is_none_or(|instant| any_timestamp(&text) == Some(instant)), "{text}");
                let is_plain = at < 4 && ["T10:20:30", " 10:20:30Z", "T23:59:59Z", "T00:00:00"].contains(&clock);
                assert_eq!(plain_timestamp(text.as_bytes()).is_some(), is_plain, "{text}");
                assert!(!is_plain || !text.contains('T') || text.parse::<When>().is_ok(), "{text} is EDTF");
            }
        }
    }

    #[test]
    fn instants_of_databases_are_read_as_utc() {
        let read = |text: &str| timestamp(text).map(|instant| instant.to_string());
        assert_eq!(read("2023-08-03 10:00").as_deref(), Some("2023-08-03T10:00:00Z"));
        assert_eq!(read("2023-08-03 10:00+02:00").as_deref(), Some("2023-08-03T08:00:00Z"));
        assert_eq!(read("2023-08-03T10:00:00.25").as_deref(), Some("2023-08-03T10:00:00.250Z"));
        for bad in ["2023-08-03", "2023-08-03x10:00:00Z", "2023-08-03 1000", "", "é2023-08-03 10:00", "2023-08-03é10:00"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
