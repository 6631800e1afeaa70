//! `bbox` (OGC API – Features Part 1, clause 7.15.3).

use super::QueryError;
use crate::model::Bbox;

/// Parses 4 or 6 numbers in the order of CRS84: west, south, (bottom,) east, north(, top).
///
/// # Errors
/// When there are not 4 or 6 finite numbers, or they are not a box; where the box would be valid with its axes swapped, the
/// error carries it.
pub(super) fn parse(value: &str) -> Result<Bbox, QueryError> {
    let numbers = numbers(value)?;
    let parsed = match numbers[..] {
        [west, south, east, north] => Bbox::new(west, south, east, north),
        [west, south, bottom, east, north, top] => Bbox::new(west, south, east, north).and_then(|bbox| bbox.with_heights(bottom, top)),
        _ => return Err(form(value)),
    };
    parsed.map_err(|error| {
        let swapped = match numbers[..] {
            [west, south, east, north] | [west, south, _, east, north, _] => Bbox::new(south, west, north, east).ok(),
            _ => None,
        };
        QueryError::Bbox { value: value.to_owned(), error, swapped }
    })
}

/// The numbers of a box, in whatever order.
///
/// # Errors
/// When a part is no finite number as the standard writes it.
pub(super) fn numbers(value: &str) -> Result<Vec<f64>, QueryError> {
    value.split(',').map(number).collect::<Option<Vec<_>>>().ok_or_else(|| form(value))
}

/// The error for what is not 4 or 6 numbers.
pub(super) fn form(value: &str) -> QueryError {
    QueryError::BboxForm { parameter: "bbox", value: value.to_owned() }
}

/// A number as the standard writes it; Rust alone would also take `inf`, `nan` and `infinity`.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_or_six_numbers_make_a_box() {
        assert_eq!(parse("-3,14,1.5,2e1").unwrap().edges(), [-3.0, 14.0, 1.5, 20.0]);
        let tall = parse("-3,14,-10,1,20,500").unwrap();
        assert_eq!((tall.edges(), tall.heights()), ([-3.0, 14.0, 1.0, 20.0], Some((-10.0, 500.0))));
    }

    #[test]
    fn anything_else_is_named() {
        for bad in ["", "1", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,nan", "1,2,3,inf", "1,,3,4", "1,2,3,4,"] {
            assert!(matches!(parse(bad), Err(QueryError::BboxForm { .. })), "{bad}");
        }
        assert!(matches!(parse("1,2,3,1e999"), Err(QueryError::Bbox { .. })));
    }

    #[test]
    fn swapped_axes_are_noticed() {
        let Err(QueryError::Bbox { swapped, .. }) = parse("14,-120,20,-100") else { panic!("an error") };
        assert_eq!(swapped.unwrap().edges(), [-120.0, 14.0, -100.0, 20.0]);
    }
}
