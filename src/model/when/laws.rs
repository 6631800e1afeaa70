//! Laws that hold for every value, and the two questions against naive enumeration.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn when(text: &str) -> When {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// A date of any level-1 precision in a few years, so that values meet often.
fn any_date() -> impl Strategy<Value = String> {
    let year = prop_oneof![8 => (2023_i32..=2024).prop_map(|year| format!("{year:04}")), 1 => Just("-0044".to_owned()), 1 => Just("0000".to_owned())];
    let date = (year, 1..=12_u8, 1..=28_u8, 21..=24_u8, 0..12_u8).prop_map(|(year, month, day, season, kind)| match kind {
        0 => year,
        1 => format!("{year}-{month:02}"),
        2 => format!("{year}-XX"),
        3 => format!("{year}-{month:02}-XX"),
        4 => format!("{year}-XX-XX"),
        5 => format!("{year}-{season}"),
        6 => "202X".to_owned(),
        7 => "Y17000".to_owned(),
        _ => format!("{year}-{month:02}-{day:02}"),
    });
    (date, prop_oneof![5 => Just(""), 1 => Just("?"), 1 => Just("~"), 1 => Just("%")]).prop_map(|(date, mark)| date + mark)
}

/// Any value; texts that run backwards are left out.
fn any_when() -> impl Strategy<Value = When> {
    let member = (any_date(), any_date(), 0..6_u8).prop_map(|(one, other, kind)| match kind {
        0 => format!("{one}.."),
        1 => format!("..{one}"),
        2 | 3 => format!("{one}..{other}"),
        _ => one,
    });
    let time = (1..=28_u8, 0..24_u8, 0..60_u8, prop_oneof![Just(""), Just("Z"), Just("+02"), Just("-03:30"), Just(".5Z")])
        .prop_map(|(day, hour, minute, zone)| format!("2023-08-{day:02}T{hour:02}:{minute:02}:09{zone}"));
    let end = prop_oneof![4 => any_date(), 1 => Just("..".to_owned()), 1 => Just(String::new()), 1 => time.clone()];
    let text = prop_oneof![
        2 => any_date(),
        1 => time,
        2 => (end.clone(), end).prop_map(|(start, end)| format!("{start}/{end}")),
        3 => prop::collection::vec(member, 1..4).prop_map(|members| format!("[{}]", members.join(", "))),
    ];
    text.prop_filter_map("runs backwards", |text| match text.parse::<When>() {
        Ok(when) => Some(when),
        Err(WhenError::EndBeforeStart(_) | WhenError::RangeOrder(_) | WhenError::NoEnds(_)) => None,
        Err(error) => panic!("{error}"),
    })
}

/// A set of single days of one month, with the days themselves.
fn small_set() -> impl Strategy<Value = (When, Vec<i8>)> {
    let members = prop::collection::vec((1..=12_i8, 0..=3_i8), 1..4);
    members.prop_map(|runs| {
        let texts: Vec<String> = runs
            .iter()
            .map(
                |(first, more)| {
                    if *more == 0 { format!("2023-08-{first:02}") } else { format!("2023-08-{first:02}..2023-08-{:02}", first + more) }
                },
            )
            .collect();
        let mut days: Vec<i8> = runs.iter().flat_map(|(first, more)| *first..=first + more).collect();
        days.sort_unstable();
        days.dedup();
        (when(&format!("[{}]", texts.join(","))), days)
    })
}

/// The spans that a value may stand for, one by one, where it may start on one day and end on another of a month.
fn small_interval() -> impl Strategy<Value = (When, Vec<(i8, i8)>)> {
    (1..=10_i8, 1..=31_i8, any::<bool>()).prop_map(|(start, end, is_known)| {
        if is_known {
            let end = end.max(start);
            return (when(&format!("2023-08-{start:02}/2023-08-{end:02}")), vec![(start, end)]);
        }
        (when(&format!("2023-08-{start:02}/2023-08-XX")), (start..=31).map(|end| (start, end)).collect())
    })
}

fn august(from: i8, to: i8) -> (Instant, Instant) {
    (Instant::start_of(date(2023, 8, from)), Instant::end_of(date(2023, 8, to)))
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}|[0-9XYTZ:./,?~%\\[\\]+ -]{0,60}|(.|\\n){0,300}") {
        if let Ok(when) = text.parse::<When>() {
            let _ = (in_words(&when, crate::model::Lang::En), in_words(&when, crate::model::Lang::Fr));
            prop_assert_eq!(when.to_string().parse::<When>(), Ok(when));
        }
    }

    #[test]
    fn parse_print_parse_is_the_identity(when in any_when()) {
        let printed: When = when.to_string().parse().unwrap();
        prop_assert_eq!(&printed, &when);
        prop_assert_eq!(printed.to_string(), when.to_string());
        prop_assert_eq!(printed.bounds(), when.bounds());
    }

    #[test]
    fn bounds_are_in_order(when in any_when()) {
        let Bounds { earliest_start, latest_start, earliest_end, latest_end } = when.bounds();
        prop_assert!(earliest_start <= latest_start && earliest_end <= latest_end);
        prop_assert!(latest_start <= latest_end && earliest_start <= earliest_end);
    }

    #[test]
    fn overlaps_agree_with_every_possible_day((when, days) in small_set(), from in 1..=20_i8, length in 0..=6_i8) {
        let (start, end) = august(from, from + length);
        let inside = |day: &i8| (from..=from + length).contains(day);
        let hull = *days.first().unwrap()..=*days.last().unwrap();
        prop_assert_eq!(when.bounds().possibly_overlaps(start, end), hull.clone().any(|day| inside(&day)));
        prop_assert_eq!(when.bounds().certainly_overlaps(start, end), days.iter().all(inside));
    }

    #[test]
    fn overlaps_agree_with_every_possible_span((when, spans) in small_interval(), from in 1..=25_i8, length in 0..=6_i8) {
        let (start, end) = august(from, from + length);
        let meets = |(first, last): &(i8, i8)| *first <= from + length && *last >= from;
        prop_assert_eq!(when.bounds().possibly_overlaps(start, end), spans.iter().any(meets));
        prop_assert_eq!(when.bounds().certainly_overlaps(start, end), spans.iter().all(meets));
    }

    #[test]
    fn certain_is_possible(when in any_when(), from in 1..=20_i8, length in 0..=11_i8) {
        let (start, end) = august(from, from + length);
        prop_assert!(!when.bounds().certainly_overlaps(start, end) || when.bounds().possibly_overlaps(start, end));
    }

    #[test]
    fn intersections_are_the_common_days((one, days) in small_set(), (other, others) in small_set()) {
        let common: Vec<i8> = days.into_iter().filter(|day| others.contains(day)).collect();
        let result = one.intersect(&other);
        prop_assert_eq!(result.is_some(), !common.is_empty());
        if let Some(result) = result {
            prop_assert_eq!(result.span_days(), Some(i64::try_from(common.len()).unwrap()));
            prop_assert_eq!(result.first_day(), common.first().map(|&day| date(2023, 8, day)));
            prop_assert_eq!(result.last_day(), common.last().map(|&day| date(2023, 8, day)));
        }
    }

    #[test]
    fn intersection_commutes_and_lies_in_both(one in any_when(), other in any_when()) {
        let result = one.intersect(&other);
        let turned = other.intersect(&one);
        prop_assert_eq!(result.as_ref().map(When::as_str), turned.as_ref().map(When::as_str));
        prop_assert_eq!(one.bounds().intersect(&other.bounds()), other.bounds().intersect(&one.bounds()));
        prop_assert_eq!(one.intersect(&one), Some(one.clone()));
        let Some(result) = result else { return Ok(()) };
        for operand in [&one, &other] {
            for (first, last) in result.form.days() {
                prop_assert!(operand.form.days().iter().any(|&(from, to)| from <= first && last <= to), "{result} in {operand}");
            }
        }
        prop_assert_eq!(result.to_string().parse::<When>(), Ok(result));
    }

    #[test]
    fn a_hull_holds_its_values(one in any_when(), other in any_when()) {
        let Some(hull) = When::hull(&[&one, &other]) else { return Ok(()) };
        for value in [&one, &other] {
            prop_assert!(hull.bounds().earliest_start <= value.bounds().earliest_start);
            prop_assert!(hull.bounds().latest_end >= value.bounds().latest_end);
        }
    }
}
