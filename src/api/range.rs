//! Which part of a body a client asks for (RFC 9110, clause 14).

use std::ops::Range;

/// What the headers of a request ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that there are not.
    Nothing,
}

/// Reads `Range` and `If-Range` of a request for a body of `length` bytes, whose entity tag is `tag` with its quotes.
///
/// Several ranges at once, other units and what is no range are answered whole, as the standard allows (clause 14.2). So is a range that
/// goes with a date, which is not exact enough to join bytes by (clause 13.1.5).
pub(super) fn asked(range: Option<&str>, if_range: Option<&str>, tag: &str, length: u64) -> Asked {
    let parts = range.and_then(|range| range.trim().strip_prefix("bytes=")).filter(|_| if_range.is_none_or(|known| known.trim() == tag));
    let Some((first, last)) = parts.filter(|parts| !parts.contains(',')).and_then(|part| part.trim().split_once('-')) else {
        return Asked::Whole;
    };
    let number =
        |text: &str| Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).and_then(|text| text.parse::<u64>().ok());
    match (first, last) {
        ("", last) => match number(last).filter(|_| !last.is_empty()) {
            // The last bytes: of none there are none.
            Some(0) => Asked::Nothing,
            Some(count) if length > 0 => Asked::Part(length.saturating_sub(count)..length),
            Some(_) => Asked::Nothing,
            None => Asked::Whole,
        },
        (first, last) => {
            let end = if last.is_empty() { Some(length) } else { number(last).map(|last| last.saturating_add(1).min(length)) };
            match number(first).zip(end) {
                Some((start, _)) if start >= length => Asked::Nothing,
                Some((start, end)) if start < end => Asked::Part(start..end),
                _ => Asked::Whole,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_a_part_and_what_is_none_is_the_whole() {
        for (range, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=0-99", Asked::Part(0..100)),
            ("bytes=90-", Asked::Part(90..100)),
            ("bytes=90-1000", Asked::Part(90..100)),
            ("bytes=-10", Asked::Part(90..100)),
            ("bytes=-1000", Asked::Part(0..100)),
            ("bytes=100-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=5-4", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("bytes=x-", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("items=0-1", Asked::Whole),
            ("bytes=0-18446744073709551615", Asked::Part(0..100)),
            ("bytes=18446744073709551615-", Asked::Nothing),
            ("bytes=99999999999999999999-", Asked::Whole),
        ] {
            assert_eq!(asked(Some(range), None, "\"t\"", 100), expected, "{range}");
        }
        assert_eq!(asked(None, None, "\"t\"", 100), Asked::Whole);
        assert_eq!(asked(Some("bytes=0-"), None, "\"t\"", 0), Asked::Nothing);
        assert_eq!(asked(Some("bytes=-5"), None, "\"t\"", 0), Asked::Nothing);
    }

    #[test]
    fn a_part_is_joined_to_the_same_bytes_only() {
        let part = Some("bytes=1-2");
        assert_eq!(asked(part, Some("\"t\""), "\"t\"", 100), Asked::Part(1..3));
        for other in ["\"u\"", "W/\"t\"", "Wed, 25 Nov 2026 10:00:00 GMT", "\"t-gzip\""] {
            assert_eq!(asked(part, Some(other), "\"t\"", 100), Asked::Whole, "{other}");
        }
    }
}
