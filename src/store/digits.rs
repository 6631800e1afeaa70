//! Numbers, days and instants as JSON has them: most are few digits, which are written without the way that all can take.

use std::io::Write as _;

use jiff::civil::Date;

use crate::model::when::{Instant, letters_of};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Appends a finite number.
pub(super) fn write_number(out: &mut Vec<u8>, number: f64) {
    if !write_decimal(out, number) {
        write_any_number(out, number);
    }
}

/// Decimal places of the numbers that are written quickly.
const PLACES: usize = 7;

/// Appends a number of few decimal places, as most coordinates and measures are, and says whether it is one.
///
/// Of two decimals of fifteen digits or fewer no double is the nearest to both: the one that gives the number back, without the zeros at
/// its end, is the shortest text that does.
fn write_decimal(out: &mut Vec<u8>, number: f64) -> bool {
    const POWER: f64 = 1e7;
    // To the nearest whole number, more or less: what is taken gives the number back.
    let whole = (number * POWER + 0.5_f64.copysign(number)) as i64;
    let size = whole.unsigned_abs();
    // Smaller ones are written with an exponent.
    let is_decimal = size < 10_u64.pow(15) && (whole == 0 || size >= 10_u64.pow(4)) && (whole as f64 / POWER).to_bits() == number.to_bits();
    if !is_decimal {
        return false;
    }
    if whole < 0 {
        out.push(b'-');
    }
    let (before, mut after) = (size / 10_u64.pow(PLACES as u32), size % 10_u64.pow(PLACES as u32));
    out.extend_from_slice(itoa::Buffer::new().format(before).as_bytes());
    let (mut digits, mut length) = ([b'0'; PLACES + 1], 2);
    digits[0] = b'.';
    for place in (1..=PLACES).rev() {
        let digit = (after % 10) as u8;
        after /= 10;
        digits[place] = b'0' + digit;
        if digit > 0 && length <= place {
            length = place + 1;
        }
    }
    out.extend_from_slice(&digits[..length]);
    true
}

fn write_any_number(out: &mut Vec<u8>, number: f64) {
    serde_json::to_writer(out, &number).expect("a number is always valid JSON, and a Vec takes every byte");
}

/// Appends an instant, quoted, as it prints itself.
pub(super) fn write_instant(out: &mut Vec<u8>, instant: Instant) {
    let (day, of_day) = (instant.as_millis().div_euclid(DAY_MS), instant.as_millis().rem_euclid(DAY_MS));
    let Some(letters) = i32::try_from(day).ok().and_then(letters_of) else {
        return write!(out, "\"{instant}\"").expect("a Vec takes every byte");
    };
    let pair = |number: i64| [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
    let ([a, b], [c, d], [e, f]) = (pair(of_day / 3_600_000), pair(of_day / 60_000 % 60), pair(of_day / 1000 % 60));
    out.push(b'"');
    out.extend_from_slice(&letters);
    out.extend_from_slice(&[b'T', a, b, b':', c, d, b':', e, f]);
    if of_day % 1000 > 0 {
        let [g, h] = pair(of_day % 100);
        out.extend_from_slice(&[b'.', b'0' + (of_day % 1000 / 100) as u8, g, h]);
    }
    out.extend_from_slice(b"Z\"");
}

/// Appends a day, quoted.
pub(super) fn write_date(out: &mut Vec<u8>, date: Date) {
    out.push(b'"');
    write_day(out, date);
    out.push(b'"');
}

/// Appends a day as `YYYY-MM-DD`.
pub fn write_day(out: &mut Vec<u8>, date: Date) {
    match u16::try_from(date.year()) {
        Ok(year) => {
            let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
            let digits = |number: u16| [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
            let ([a, b], [c, d], [e, f], [g, h]) = (digits(year / 100), digits(year), digits(month.into()), digits(day.into()));
            out.extend_from_slice(&[a, b, c, d, b'-', e, f, b'-', g, h]);
        }
        Err(_) => write!(out, "{date}").expect("a Vec takes every byte"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn decimals_are_written_as_all_numbers_are(
            number in prop_oneof![
                (any::<i32>(), 0..12).prop_map(|(whole, places)| f64::from(whole) / 10_f64.powi(places)),
                (-10_i64.pow(16)..10_i64.pow(16), 0..12).prop_map(|(whole, places)| whole as f64 / 10_f64.powi(places)),
                (-180.0..180.0_f64),
                proptest::num::f64::ANY.prop_filter("finite", |number| number.is_finite()),
                prop::sample::select(vec![0.0, -0.0, 0.001, 0.0009999, 1e7, 99_999_999.999_999_9, 1e8, 0.1 + 0.2, f64::MIN_POSITIVE, f64::MAX]),
            ],
        ) {
            prop_assert_eq!(written(|out| write_number(out, number)), written(|out| write_any_number(out, number)));
        }

        #[test]
        fn instants_are_written_as_they_print_themselves(
            millis in prop_oneof![any::<i64>(), -62_200_000_000_000..253_500_000_000_000_i64, (-99_999..99_999_i64).prop_map(|second| second * 1000)],
        ) {
            let instant = Instant::from_millis(millis);
            prop_assert_eq!(written(|out| write_instant(out, instant)), format!("\"{instant}\""));
        }
    }
}
