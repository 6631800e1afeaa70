//! English.

use super::{Cut, list, offset, plain_days, plain_ends, years_of};
use crate::model::when::{
    clock::{Clock, Zone},
    form::{Dated, End, Form, Member, Part, Point, Qualifier, TimeOfDate},
};

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// The words; `None` where there are none better than the text.
pub(super) fn words(form: &Form) -> Option<String> {
    match form {
        Form::Single(point) => Some(point_words(point)),
        Form::Interval(start, end) => Some(interval(start, end)),
        Form::OneOf(members) => {
            if let Some(days) = plain_days(members) {
                return Some(list(&shortened(&days), "or"));
            }
            let members: Option<Vec<String>> = members.iter().map(member).collect();
            Some(list(&members?, "or"))
        }
    }
}

fn shortened(days: &[Part]) -> Vec<String> {
    let cut = |index: usize| days.get(index + 1).map_or(Cut::Nothing, |next| Cut::between(&days[index], next));
    days.iter().enumerate().map(|(index, day)| name(day, cut(index), "")).collect()
}

fn interval(start: &End, end: &End) -> String {
    if let Some((first, last)) = plain_ends(start, end) {
        return format!("from {} to {}", name(&first, Cut::between(&first, &last), ""), name(&last, Cut::Nothing, ""));
    }
    match (start, end) {
        (End::At(start), End::At(end)) => format!("from {} to {}", point_words(start), point_words(end)),
        (End::At(start), End::Open) => format!("from {} on", point_words(start)),
        (End::At(start), End::Unknown) => format!("from {}, end unknown", point_words(start)),
        (End::Open, End::At(end)) => format!("until {}", point_words(end)),
        (End::Unknown, End::At(end)) => format!("until {}, start unknown", point_words(end)),
        (start, end) => format!("{start}/{end}"),
    }
}

fn member(member: &Member) -> Option<String> {
    Some(match member {
        Member::At(date) => dated(date),
        Member::From(date) => format!("{} or later", dated(date)),
        Member::Until(date) => format!("{} or earlier", dated(date)),
        Member::Between(Dated { part: first, qualifier: None }, Dated { part: last, qualifier: None }) => {
            let unit = match (first, last) {
                (Part::Day(..), Part::Day(..)) => "day",
                (Part::Month(..), Part::Month(..)) => "month",
                (Part::Year(_), Part::Year(_)) => "year",
                _ => return None,
            };
            format!("some {unit} from {} to {}", name(first, Cut::between(first, last), ""), name(last, Cut::Nothing, ""))
        }
        Member::Between(..) => return None,
    })
}

fn point_words(point: &Point) -> String {
    match point {
        Point::Date(date) => dated(date),
        Point::Time(TimeOfDate { year, month, day, clock }) => {
            format!("{}, {}", name(&Part::Day(*year, *month, *day), Cut::Nothing, ""), time(clock))
        }
    }
}

fn time(clock: &Clock) -> String {
    let mut words = format!("{:02}:{:02}", clock.hour, clock.minute);
    if clock.second > 0 {
        words += &format!(":{:02}", clock.second);
    }
    match clock.zone {
        Zone::Local => {}
        Zone::Utc => words += " UTC",
        Zone::Offset(minutes) => words = format!("{words} {}", offset(minutes)),
    }
    words
}

fn dated(date: &Dated) -> String {
    match date.qualifier {
        None => name(&date.part, Cut::Nothing, ""),
        Some(Qualifier::Approximate) => name(&date.part, Cut::Nothing, "about "),
        Some(Qualifier::Uncertain) => format!("perhaps {}", name(&date.part, Cut::Nothing, "")),
        Some(Qualifier::UncertainAndApproximate) => format!("perhaps {}", name(&date.part, Cut::Nothing, "about ")),
    }
}

/// A date's name, with `about` before the part of it that is known.
fn name(part: &Part, cut: Cut, about: &str) -> String {
    match *part {
        Part::Year(number) => format!("{about}{}", year(number)),
        Part::SomeYear { before_christ, from, years } => {
            let (first, last) = years_of(before_christ, from, years);
            format!("some year from {about}{} to {}", year(first), year(last))
        }
        Part::Month(number, month) if cut == Cut::Nothing => format!("{about}{} {}", month_name(month), year(number)),
        Part::Month(_, month) => format!("{about}{}", month_name(month)),
        Part::Season(number, 24) => format!("{about}winter {}–{}", year(number), year(number + 1)),
        Part::Season(number, season) => {
            let season = ["spring", "summer", "autumn"][usize::from(season - 21)];
            format!("{about}{season} {}", year(number))
        }
        Part::Day(number, month, day) => match cut {
            Cut::Nothing => format!("{about}{day} {} {}", month_name(month), year(number)),
            Cut::Year => format!("{about}{day} {}", month_name(month)),
            Cut::MonthAndYear => format!("{about}{day}"),
        },
        Part::SomeMonth(number) => format!("some month of {about}{}", year(number)),
        Part::SomeDayOfMonth(number, month) => format!("some day in {about}{} {}", month_name(month), year(number)),
        Part::SomeDayOfYear(number) => format!("some day in {about}{}", year(number)),
    }
}

fn month_name(month: u8) -> &'static str {
    MONTHS[usize::from(month - 1)]
}

fn year(number: i64) -> String {
    match number {
        // Year 0 is 1 BC.
        ..=0 => format!("{} BC", 1 - number),
        1..=9999 => number.to_string(),
        _ => format!("the year {number}"),
    }
}
