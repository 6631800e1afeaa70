//! Angles as people write them: in degrees, or in degrees, minutes and seconds, with a letter of the compass or a sign.

/// Which coordinate an angle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// East of Greenwich.
    Lon,
    /// North of the equator.
    Lat,
}

/// What may stand between the numbers and after the last of them, beside blanks.
const MARKS: &str = "°º˚'′’‘\"″”“:";

/// Decimals of a result, a hundredth of a millimetre: what follows is noise of the division.
const EXACT: f64 = 1e10;

/// Reads an angle in degrees: `16.774`, `16°46'26"N`, `3 00 27 W`, `-3:00:27`; `None` where it is none, or one of the other axis. `O`
/// is west in some languages and east in others, so it is neither here.
pub(super) fn read(text: &str, axis: Axis) -> Option<f64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (positive, negative) = match axis {
        Axis::Lon => ('E', 'W'),
        Axis::Lat => ('N', 'S'),
    };
    let upper =
        |letter: Option<char>| letter.map(|letter| letter.to_ascii_uppercase()).filter(|upper| [positive, negative].contains(upper));
    let (first, last) = (upper(text.chars().next()), upper(text.chars().next_back()));
    let (text, letter) = match (first, last) {
        (Some(letter), None) => (&text[1..], Some(letter)),
        (None, Some(letter)) => (&text[..text.len() - 1], Some(letter)),
        (None, None) => (text, None),
        (Some(_), Some(_)) => return None,
    };
    let text = text.trim();
    let (text, is_negative) = match text.strip_prefix(['-', '−']) {
        // Two signs of one direction may mean it or its opposite.
        Some(_) if letter.is_some() => return None,
        Some(rest) => (rest.trim_start(), true),
        None => (text, letter == Some(negative)),
    };
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut numbers = text.split(|mark: char| mark.is_whitespace() || MARKS.contains(mark)).filter(|number| !number.is_empty());
    let (degrees, minutes, seconds) = (numbers.next()?, numbers.next(), numbers.next());
    if numbers.next().is_some() {
        return None;
    }
    // A comma by itself may part thousands.
    if minutes.is_none() && letter.is_none() && degrees.len() == text.len() {
        return None;
    }
    // Only the last of the numbers may have decimals.
    let last = seconds.or(minutes).unwrap_or(degrees);
    let number = |text: &str| {
        let is_last = std::ptr::eq(text, last);
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || is_last && matches!(byte, b'.' | b','));
        if is_plain { text.replacen(',', ".", 1).parse::<f64>().ok() } else { None }
    };
    let part = |text: Option<&str>| text.map_or(Some(0.0), |text| number(text).filter(|part| *part < 60.0));
    let angle = number(degrees)? + (part(minutes)? + part(seconds)? / 60.0) / 60.0;
    let angle = (angle * EXACT).round() / EXACT;
    Some(if is_negative { -angle } else { angle })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn angles_are_read_however_they_are_written() {
        for (text, angle) in [
            ("16.774", 16.774),
            ("-3", -3.0),
            ("16°46'26\"N", 16.773_888_888_9),
            ("16° 46′ 26″ N", 16.773_888_888_9),
            ("16º46’26.5”S", -16.774_027_777_8),
            ("16 46 26 n", 16.773_888_888_9),
            ("N16 46.5", 16.775),
            ("16°46,5'", 16.775),
            ("-16:46:26", -16.773_888_888_9),
            ("16.5°", 16.5),
            ("16.27N", 16.27),
            ("S 16.27", -16.27),
            ("0°30'S", -0.5),
        ] {
            assert_eq!(read(text, Axis::Lat), Some(angle), "{text}");
        }
        assert_eq!(read("3°00'27\"W", Axis::Lon), Some(-3.0075));
        assert_eq!(read("E 3°30'", Axis::Lon), Some(3.5));
    }

    #[test]
    fn what_is_no_angle_of_the_axis_is_refused() {
        for text in [
            "",
            "x",
            "N",
            "16°60'N",
            "16°46'61\"",
            "16.5°30'",
            "16 46 26 1",
            "-16 S",
            "3°W",
            "3°O",
            "N16S",
            "°16",
            "16°-4'",
            "16,774",
            "1e2N",
        ] {
            assert_eq!(read(text, Axis::Lat), None, "{text}");
        }
        assert_eq!(read("16°N", Axis::Lon), None);
    }

    proptest! {
        #[test]
        fn what_is_written_in_minutes_and_seconds_is_read_back(millis in -324_000_000..324_000_000_i64) {
            let (whole, sign) = (millis.abs(), if millis < 0 { 'S' } else { 'N' });
            let (degrees, minutes, seconds) = (whole / 3_600_000, whole / 60_000 % 60, whole % 60_000);
            let text = format!("{degrees}°{minutes}'{}.{:03}\"{sign}", seconds / 1000, seconds % 1000);
            let angle = read(&text, Axis::Lat).unwrap();
            prop_assert!((angle - millis as f64 / 3.6e6).abs() < 1e-9, "{} {}", text, angle);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,12}") {
            read(&text, Axis::Lon);
        }
    }
}
