//! What texts say, which are refused and why.

use jiff::civil::{Date, date};

use super::*;

fn when(text: &str) -> When {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// The four bounds in words of RFC 3339.
#[track_caller]
fn bounds(text: &str, expected: [&str; 4]) {
    let bounds = when(text).bounds();
    let printed = [bounds.earliest_start, bounds.latest_start, bounds.earliest_end, bounds.latest_end].map(|bound| bound.to_string());
    assert_eq!(printed, expected, "{text}");
}

/// The four bounds, where all of them are whole days.
#[track_caller]
fn days(text: &str, [a, b, c, d]: [&str; 4]) {
    let start = |day: &str| if day == ".." { day.to_owned() } else { format!("{day}T00:00:00Z") };
    let end = |day: &str| if day == ".." { day.to_owned() } else { format!("{day}T23:59:59.999Z") };
    bounds(text, [&start(a), &start(b), &end(c), &end(d)]);
}

#[test]
fn dates_set_their_bounds() {
    days("2023-08-03", ["2023-08-03", "2023-08-03", "2023-08-03", "2023-08-03"]);
    days("2024-07", ["2024-07-01", "2024-07-01", "2024-07-31", "2024-07-31"]);
    days("2024-02", ["2024-02-01", "2024-02-01", "2024-02-29", "2024-02-29"]);
    days("2024-07-XX", ["2024-07-01", "2024-07-31", "2024-07-01", "2024-07-31"]);
    days("2023", ["2023-01-01", "2023-01-01", "2023-12-31", "2023-12-31"]);
    days("2023-XX", ["2023-01-01", "2023-12-01", "2023-01-31", "2023-12-31"]);
    days("2023-XX-XX", ["2023-01-01", "2023-12-31", "2023-01-01", "2023-12-31"]);
    days("201X", ["2010-01-01", "2019-01-01", "2010-12-31", "2019-12-31"]);
    days("20XX~", ["2000-01-01", "2099-01-01", "2000-12-31", "2099-12-31"]);
    days("-001X", ["-000019-01-01", "-000010-01-01", "-000019-12-31", "-000010-12-31"]);
    days("-000X", ["-000009-01-01", "-000001-01-01", "-000009-12-31", "-000001-12-31"]);
    days("2023-21", ["2023-03-01", "2023-05-31", "2023-03-01", "2023-05-31"]);
    days("2023-24?", ["2023-12-01", "2024-02-29", "2023-12-01", "2024-02-29"]);
    days("-0044-03-15", ["-000044-03-15", "-000044-03-15", "-000044-03-15", "-000044-03-15"]);
    days("Y12345", ["+012345-01-01", "+012345-01-01", "+012345-12-31", "+012345-12-31"]);
    days("Y-170000002", ["-170000002-01-01", "-170000002-01-01", "-170000002-12-31", "-170000002-12-31"]);
}

#[test]
fn date_times_are_seconds_in_utc() {
    let second = ["2023-08-03T08:05:09Z", "2023-08-03T08:05:09Z", "2023-08-03T08:05:09.999Z", "2023-08-03T08:05:09.999Z"];
    bounds("2023-08-03T08:05:09Z", second);
    bounds("2023-08-03T08:05:09", second);
    bounds("2023-08-03T10:05:09+02", second);
    bounds("2023-08-03T04:35:09-03:30", second);
    bounds("2023-08-03T08:05:09.25Z", ["2023-08-03T08:05:09.250Z"; 4]);
    bounds("2016-12-31T23:59:60Z", ["2016-12-31T23:59:59.999Z"; 4]);
    assert_eq!(when("2023-08-03T23:00:00-02:00").first_day(), Some(date(2023, 8, 4)));
}

#[test]
fn intervals_start_as_one_end_and_end_as_the_other() {
    days("2023-08/2023-12", ["2023-08-01", "2023-08-01", "2023-12-31", "2023-12-31"]);
    days("2023-08-XX/2023-12", ["2023-08-01", "2023-08-31", "2023-12-31", "2023-12-31"]);
    days("2023-08/..", ["2023-08-01", "2023-08-01", "..", ".."]);
    days("../2023-08", ["..", "..", "2023-08-31", "2023-08-31"]);
    days("2023-08/", ["2023-08-01", "2023-08-01", "2023-08-01", ".."]);
    days("/2023-08", ["..", "2023-08-31", "2023-08-31", "2023-08-31"]);
    days("2023-XX/2023-02", ["2023-01-01", "2023-02-28", "2023-02-28", "2023-02-28"]);
    days("2004-02-01~/2005?", ["2004-02-01", "2004-02-01", "2005-12-31", "2005-12-31"]);
    assert_eq!(when("2004-02-01~/2005?").qualifier(), Some(Qualifier::UncertainAndApproximate));
    let (first, last) = ("2023-08-03T08:00:00Z", "2023-08-03T09:00:00.999Z");
    bounds("2023-08-03T08:00:00Z/2023-08-03T09:00:00Z", [first, first, last, last]);
}

#[test]
fn sets_are_one_of_their_members() {
    days("[2023-08-25..2023-08-31]", ["2023-08-25", "2023-08-31", "2023-08-25", "2023-08-31"]);
    days("[2023-11-18,2023-11-25]", ["2023-11-18", "2023-11-25", "2023-11-18", "2023-11-25"]);
    days("[1667, 1668, 1670..1672]", ["1667-01-01", "1672-01-01", "1667-12-31", "1672-12-31"]);
    days("[1668,1667]", ["1667-01-01", "1668-01-01", "1667-12-31", "1668-12-31"]);
    days("[2023-12-11..]", ["2023-12-11", "..", "2023-12-11", ".."]);
    days("[..2023-12-11]", ["..", "2023-12-11", "..", "2023-12-11"]);
    days("[1760-01,1760-02,1760-12..]", ["1760-01-01", "..", "1760-01-31", ".."]);
    days("[2023-08..2023-09-02]", ["2023-08-01", "2023-09-02", "2023-08-31", "2023-09-02"]);
}

#[test]
fn every_level_is_printed_as_read() {
    for text in [
        "2023",
        "0000",
        "-0043",
        "2023-08",
        "2023-08-03",
        "2023-08-03T08:05:09Z",
        "2023-08-03T08:05:09",
        "2023-08-03T08:05:09+02:00",
        "2023-08-03T08:05:09.250Z",
        "2023-08-03?",
        "2023-08~",
        "2023%",
        "201X",
        "20XX?",
        "-20XX",
        "2023-XX",
        "2023-08-XX",
        "2023-XX-XX~",
        "2023-21",
        "2023-24%",
        "Y170000002",
        "Y-12345?",
        "2004/2005",
        "2004-06/2006-08",
        "2004-02-01/2005",
        "1985-04-12/..",
        "../1985-04",
        "1985/",
        "/1985-04-12~",
        "1984-06-02?/2004-08-08~",
        "[2023-08-25..2023-08-31]",
        "[2023-12-11..]",
        "[..2023-12-11]",
        "[1667,1668,1670..1672]",
        "[..1984,2000?]",
        "[2023-08-XX,2023-21]",
        "[Y17000..Y18000]",
    ] {
        assert_eq!(when(text).to_string(), text);
        assert_eq!(when(text).as_str(), text);
    }
    let written = when("[1667,  1668, 1670..1672]");
    assert_eq!((written.as_str(), written.to_string().as_str()), ("[1667,  1668, 1670..1672]", "[1667,1668,1670..1672]"));
    assert_eq!(written, when("[1667,1668,1670..1672]"));
    assert_eq!(when("2023-08-03T08:05:09-02").to_string(), "2023-08-03T08:05:09-02:00");
}

#[test]
fn what_breaks_a_rule_is_named_with_its_place() {
    for (text, expected) in [
        ("", "0: a date must not be empty"),
        (" 2023", "0: expected a year of four digits, found ' '"),
        ("2023 ", "4: nothing may follow a complete date, found \" \""),
        ("203", "3: expected a year of four digits, found the end"),
        ("20230803", "4: expected '-' or the end (a year of more than four digits is written with Y), found '0'"),
        ("+2023", "0: expected a year of four digits, found '+'"),
        ("−2023", "0: '−' is not an ASCII character"),
        ("2023-08–03", "7: '–' is not an ASCII character"),
        ("-0000", "0: year -0000 is written 0000"),
        ("2023-13", "5: month 13 is outside 01..12"),
        ("2023-00", "5: month 00 is outside 01..12"),
        ("2023-42", "5: month 42 is outside 01..12"),
        ("2023-8", "6: expected two digits of a month, found the end"),
        ("2023-06-31", "8: day 31 is outside 01..30 of that month"),
        ("2023-02-29", "8: day 29 is outside 01..28 of that month"),
        ("2023-06-00", "8: day 00 is outside 01..30 of that month"),
        ("2023-06-", "8: expected two digits of a day, found the end"),
        ("2023-21-05", "7: a season has no day"),
        ("2023-08T10:00:00Z", "7: a time of day needs a complete date without qualifier before it"),
        ("2023-08-03?T10:00:00Z", "11: a time of day needs a complete date without qualifier before it"),
        ("2023-08-03T24:00:00Z", "11: hour 24 is outside 00..23"),
        ("2023-08-03T10:60:00Z", "14: minute 60 is outside 00..59"),
        ("2023-08-03T10:00:60Z", "17: second 60 exists only at 23:59 UTC"),
        ("2023-08-03T10:00", "16: expected ':', found the end"),
        ("2023-08-03T10:00:00+25", "20: offset hour 25 is outside 00..23"),
        ("2023-08-03T10:00:00Z~", "20: a date-time takes no qualifier"),
        ("2023-08-03?~", "11: nothing may follow a complete date, found \"~\""),
        ("Y2023", "1: after Y a year has five or more digits and no leading zero"),
        ("Y012345", "1: after Y a year has five or more digits and no leading zero"),
        ("Y292278994", "1: year 292278994 is outside -292275054..292278993"),
        ("Y-99999999999999999999", "1: year -99999999999999999999 is outside -292275054..292278993"),
        ("2024/2023", "5: the interval ends before it starts"),
        ("2023-08-03/2023-08-02", "11: the interval ends before it starts"),
        ("../..", "0: at least one end must be a date"),
        ("/", "0: at least one end must be a date"),
        ("2023/2024/2025", "9: nothing may follow a complete date, found \"/2025\""),
        ("2023..2024", "4: nothing may follow a complete date, found \"..2024\""),
        ("[]", "1: expected a year of four digits, found ']'"),
        ("[..]", "1: at least one end must be a date"),
        ("[2023", "5: expected ',' or ']', found the end"),
        ("[2023]x", "6: nothing may follow a complete date, found \"x\""),
        ("[2023,]", "6: expected a year of four digits, found ']'"),
        ("[2023-12-10..2023-12-04]", "13: the range ends before it starts"),
        ("[2023-08-03T10:00:00Z]", "11: a member of a set is a date without time of day"),
        ("[2023/2024]", "5: expected ',' or ']', found '/'"),
    ] {
        let error = text.parse::<When>().expect_err(text);
        assert_eq!(error.to_string(), format!("{text:?} at character {expected}"));
    }
}

#[test]
fn other_level_2_is_refused_as_such() {
    for (text, at) in [
        ("{1667,1668}", 0),
        ("?2004-06", 0),
        ("2004?-06", 4),
        ("2004-06~-11", 7),
        ("2004-?06-11", 5),
        ("156X-12-25", 0),
        ("1XXX", 0),
        ("XXXX", 0),
        ("X234", 0),
        ("15X0", 0),
        ("1560-XX-25", 8),
        ("1560-1X", 5),
        ("1560-12-2X", 8),
        ("1950S2", 4),
        ("Y171010000S3", 10),
        ("Y-17E7", 4),
        ("2001-34", 5),
        ("[2004?-06]", 5),
    ] {
        let error = text.parse::<When>().expect_err(text);
        assert!(matches!(error, WhenError::LevelTwo(..)), "{error}");
        assert_eq!(error.spot().at, at, "{error}");
        assert!(error.to_string().contains("level 2, which is not supported"), "{error}");
    }
}

#[test]
fn length_is_bounded() {
    let long = format!("[{}2023]", "é2023,".repeat(60));
    let error = long.parse::<When>().unwrap_err();
    assert!(matches!(error, WhenError::TooLong(_, 426, 256)), "{error}");
    assert!(error.spot().text.chars().count() == 25);
}

#[test]
fn days_and_precision() {
    assert_eq!(when("2024-07-XX").first_day(), Some(date(2024, 7, 1)));
    assert_eq!(when("2024-07-XX").last_day(), Some(date(2024, 7, 31)));
    assert_eq!((when("[2023-12-11..]").last_day(), when("Y17000").first_day()), (None, None));
    assert_eq!(when("[2023-11-18,2023-11-25]").span_days(), Some(2));
    assert_eq!(when("2024").span_days(), Some(366));
    assert_eq!(when("[..2023]").span_days(), None);
    assert!(when("2023-08-03T10:00:00Z").is_single_day());
    assert!(!when("[2023-08-03,2023-08-04]").is_single_day());
    assert_eq!(When::not_before(date(2023, 12, 11)).as_str(), "[2023-12-11..]");
    assert_eq!(When::not_before(Date::MIN).to_string(), "[-9999-01-01..]");
    let (first, last) = (date(2023, 8, 3), date(2023, 8, 4));
    assert_eq!(When::from_days(Some(first), Some(last)).unwrap().as_str(), "[2023-08-03..2023-08-04]");
    assert_eq!(When::from_days(Some(first), Some(first)).unwrap().as_str(), "2023-08-03");
    assert!(matches!(When::from_days(Some(last), Some(first)), Err(WhenError::RangeOrder(_))));
    assert!(matches!(When::from_days(None, None), Err(WhenError::NoEnds(_))));
}

#[test]
fn intersections_print_the_narrower() {
    for (one, other, expected) in [
        ("[2023-12-04..2023-12-10]", "2023-12-08", Some("2023-12-08")),
        ("[2023-12-11..]", "2024-07-XX", Some("2024-07-XX")),
        ("[2023-08-25..2023-08-31]", "[2023-08-30..2023-09-02]", Some("[2023-08-30..2023-08-31]")),
        ("[2023-08-25..2023-08-31]", "[2023-08-31..]", Some("2023-08-31")),
        ("[2023-08-03,2023-08-10]", "2023-08-05", None),
        ("[2023-08-03,2023-08-10]", "[2023-08-10..2023-08-12]", Some("2023-08-10")),
        ("[2023-08-01..2023-08-04,2023-08-09]", "[2023-08-03..2023-08-12]", Some("[2023-08-03..2023-08-04,2023-08-09]")),
        ("2023-08-03", "2023-08-04", None),
        ("2023-08-03~", "2023-08-03", Some("2023-08-03")),
        ("2024-07", "2024-07-XX", Some("2024-07-XX")),
        ("2023-08-03", "2023-08-03T10:00:00Z", Some("2023-08-03T10:00:00Z")),
        ("2023-08-03T10:00:00Z", "2023-08-03T12:00:00Z", Some("2023-08-03")),
        ("[..2023-12-11]", "[2023-12-01..]", Some("[2023-12-01..2023-12-11]")),
        ("[..2023-12-11]", "[..2023-12-01]", Some("[..2023-12-01]")),
        ("[Y17000..Y18000]", "[Y17500..Y19000]", Some("[Y17500..Y18000]")),
        ("9999-24", "[Y10000..]", None),
    ] {
        let result = when(one).intersect(&when(other));
        assert_eq!(result.as_ref().map(When::as_str), expected, "{one} {other}");
    }
}

#[test]
fn an_intersection_too_long_to_write_gives_up_its_holes() {
    let years = |first: i32| {
        let years: Vec<String> = (0..45).map(|index: i32| (first + 2 * index).to_string()).collect();
        format!("[{}]", years.join(","))
    };
    let (one, other) = (when(&years(1000)), when(&years(1002)));
    let result = one.intersect(&other).unwrap();
    assert_eq!(result.as_str(), "[1002-01-01..1088-12-31]");
}

#[test]
fn a_hull_is_written_in_days() {
    let hull = |texts: &[&str]| {
        let values: Vec<When> = texts.iter().map(|text| when(text)).collect();
        When::hull(&values.iter().collect::<Vec<_>>()).map(|hull| hull.to_string())
    };
    assert_eq!(hull(&["2023-08-03", "2023-08-04"]).as_deref(), Some("[2023-08-03..2023-08-04]"));
    assert_eq!(hull(&["2023-08-03"]).as_deref(), Some("2023-08-03"));
    assert_eq!(hull(&["2024-02", "[2023-12-11..]"]).as_deref(), Some("[2023-12-11..]"));
    assert_eq!(hull(&["2024-02", "[..2023-12-11]"]).as_deref(), Some("[..2024-02-29]"));
    assert_eq!(hull(&["[2024..]", "[..2023]"]), None);
    assert_eq!(hull(&[]), None);
}
