//! `limit` and `offset`.

use super::QueryError;

/// The page size asked for: `default` where none is, `most` where more is asked for, however much
/// (OGC API – Features Part 1, `/req/core/fc-limit-response-1`).
///
/// # Errors
/// When the value is not a whole number of at least 1.
pub fn limit(value: Option<&str>, default: u32, most: u32) -> Result<u32, QueryError> {
    let Some(value) = value else { return Ok(default) };
    match digits(value) {
        Some(number) if number >= 1 => Ok(u32::try_from(number).unwrap_or(u32::MAX).min(most)),
        _ => Err(QueryError::Number { parameter: "limit", value: value.to_owned(), least: 1 }),
    }
}

/// How many features to skip.
///
/// # Errors
/// When the value is not a whole number.
pub fn offset(value: &str) -> Result<u64, QueryError> {
    digits(value).ok_or_else(|| QueryError::Number { parameter: "offset", value: value.to_owned(), least: 0 })
}

/// A number made of digits; larger than 64 bits counts as the largest.
fn digits(value: &str) -> Option<u64> {
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| value.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_beyond_the_maximum_is_clamped_however_large() {
        for (value, expected) in [("1", 1), ("10000", 10_000), ("10001", 10_000), ("99999999999999999999999999", 10_000)] {
            assert_eq!(limit(Some(value), 1000, 10_000), Ok(expected), "{value}");
        }
        assert_eq!(limit(None, 1000, 10_000), Ok(1000));
    }

    #[test]
    fn what_is_no_page_size_is_refused() {
        for bad in ["", "0", "-1", "+1", "1.0", "ten", " 1", "1e3", "0x10"] {
            assert!(limit(Some(bad), 1000, 10_000).is_err(), "{bad:?}");
        }
        assert_eq!(limit(Some("0"), 1, 1).unwrap_err().to_string(), "limit: \"0\" is not a whole number of at least 1");
    }

    #[test]
    fn offsets_start_at_zero() {
        assert_eq!(offset("0"), Ok(0));
        assert_eq!(offset("99999999999999999999999999"), Ok(u64::MAX));
        assert!(offset("-1").is_err());
    }
}
