//! French: articles and prepositions contract and elide (`du 4`, `d’août`, `à l’été`), the first of a month is `1er`.

use super::{Cut, list, offset, plain_days, plain_ends, years_of};
use crate::model::when::{
    clock::{Clock, Zone},
    form::{Dated, End, Form, Member, Part, Point, Qualifier, TimeOfDate},
};

const MONTHS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

/// The word before a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The article alone, where the date has one.
    Article,
    /// `de`
    From,
    /// `à`
    To,
}

/// The words; `None` where there are none better than the text.
pub(super) fn words(form: &Form) -> Option<String> {
    match form {
        Form::Single(Point::Date(date)) => Some(dated(date)),
        Form::Single(Point::Time(time)) => Some(format!("{} {}", name(&day_of(time), Cut::Nothing), clock(&time.clock))),
        Form::Interval(start, end) => Some(interval(start, end)),
        Form::OneOf(members) => {
            if let Some(days) = plain_days(members) {
                return Some(list(&shortened(&days), "ou"));
            }
            let members: Option<Vec<String>> = members.iter().map(member).collect();
            Some(list(&members?, "ou"))
        }
    }
}

fn shortened(days: &[Part]) -> Vec<String> {
    let cut = |index: usize| days.get(index + 1).map_or(Cut::Nothing, |next| Cut::between(&days[index], next));
    days.iter().enumerate().map(|(index, day)| name(day, cut(index))).collect()
}

fn interval(start: &End, end: &End) -> String {
    if let Some((first, last)) = plain_ends(start, end) {
        let from = after(Before::From, &first, Cut::between(&first, &last));
        return format!("{from} {}", after(Before::To, &last, Cut::Nothing));
    }
    match (start, end) {
        (End::At(start), End::At(end)) => format!("{} {}", point(Before::From, start), point(Before::To, end)),
        (End::At(start), End::Open) => format!("à partir {}", point(Before::From, start)),
        (End::At(start), End::Unknown) => format!("à partir {}, fin inconnue", point(Before::From, start)),
        (End::Open, End::At(end)) => format!("jusqu’{}", point(Before::To, end)),
        (End::Unknown, End::At(end)) => format!("jusqu’{}, début inconnu", point(Before::To, end)),
        (start, end) => format!("{start}/{end}"),
    }
}

fn member(member: &Member) -> Option<String> {
    Some(match member {
        Member::At(date) => dated(date),
        Member::From(date) => format!("{} ou plus tard", with_article(date)),
        Member::Until(date) => format!("{} ou plus tôt", with_article(date)),
        Member::Between(Dated { part: first, qualifier: None }, Dated { part: last, qualifier: None }) => {
            let unit = match (first, last) {
                (Part::Day(..), Part::Day(..)) => "un jour",
                (Part::Month(..), Part::Month(..)) => "un mois",
                (Part::Year(_), Part::Year(_)) => "une année",
                _ => return None,
            };
            let first = after(Before::Article, first, Cut::between(first, last));
            format!("{unit} entre {first} et {}", after(Before::Article, last, Cut::Nothing))
        }
        Member::Between(..) => return None,
    })
}

/// An end of an interval after its preposition; what qualifies it comes after.
fn point(before: Before, point: &Point) -> String {
    match point {
        Point::Time(time) => format!("{} {}", after(before, &day_of(time), Cut::Nothing), clock(&time.clock)),
        Point::Date(date) => {
            let qualifier = match date.qualifier {
                None => "",
                Some(Qualifier::Approximate) => " environ",
                Some(Qualifier::Uncertain) => " peut-être",
                Some(Qualifier::UncertainAndApproximate) => " environ, peut-être",
            };
            format!("{}{qualifier}", after(before, &date.part, Cut::Nothing))
        }
    }
}

fn day_of(time: &TimeOfDate) -> Part {
    Part::Day(time.year, time.month, time.day)
}

fn clock(clock: &Clock) -> String {
    let mut words = format!("à {}\u{a0}h\u{a0}{:02}", clock.hour, clock.minute);
    if clock.second > 0 {
        words += &format!("\u{a0}min\u{a0}{:02}\u{a0}s", clock.second);
    }
    match clock.zone {
        Zone::Local => {}
        Zone::Utc => words += " UTC",
        Zone::Offset(minutes) => words = format!("{words} {}", offset(minutes)),
    }
    words
}

fn with_article(date: &Dated) -> String {
    match date.qualifier {
        None => after(Before::Article, &date.part, Cut::Nothing),
        Some(_) => dated(date),
    }
}

fn dated(date: &Dated) -> String {
    let full = || after(Before::Article, &date.part, Cut::Nothing);
    let about = || if is_some_of(&date.part) { format!("{} environ", full()) } else { format!("vers {}", full()) };
    match date.qualifier {
        None => name(&date.part, Cut::Nothing),
        Some(Qualifier::Approximate) => about(),
        Some(Qualifier::Uncertain) => format!("peut-être {}", full()),
        Some(Qualifier::UncertainAndApproximate) => format!("peut-être {}", about()),
    }
}

fn is_some_of(part: &Part) -> bool {
    matches!(part, Part::SomeYear { .. } | Part::SomeMonth(_) | Part::SomeDayOfMonth(..) | Part::SomeDayOfYear(_))
}

/// A date's name with its article or after a preposition.
fn after(before: Before, part: &Part, cut: Cut) -> String {
    let name = name(part, cut);
    let before = match (before, part) {
        (Before::Article, Part::Day(..) | Part::Season(_, 21)) => "le ",
        (Before::Article, Part::Season(..)) => "l’",
        (Before::Article, _) => "",
        (Before::From, Part::Day(..) | Part::Season(_, 21)) => "du ",
        (Before::From, Part::Season(..)) => "de l’",
        (Before::From, _) => de(&name),
        (Before::To, Part::Day(..) | Part::Season(_, 21)) => "au ",
        (Before::To, Part::Season(..)) => "à l’",
        (Before::To, _) => "à ",
    };
    format!("{before}{name}")
}

/// `de`, elided before a vowel.
fn de(name: &str) -> &'static str {
    if name.starts_with(['a', 'o', 'u']) { "d’" } else { "de " }
}

/// A date's name without article.
fn name(part: &Part, cut: Cut) -> String {
    match *part {
        Part::Year(number) => year(number),
        Part::SomeYear { before_christ, from, years } => {
            let (first, last) = years_of(before_christ, from, years);
            format!("une année entre {} et {}", year(first), year(last))
        }
        Part::Month(number, month) if cut == Cut::Nothing => format!("{} {}", month_name(month), year(number)),
        Part::Month(_, month) => month_name(month).to_owned(),
        Part::Season(number, 24) => format!("hiver {}-{}", year(number), year(number + 1)),
        Part::Season(number, season) => {
            let season = ["printemps", "été", "automne"][usize::from(season - 21)];
            format!("{season} {}", year(number))
        }
        Part::Day(number, month, day) => {
            let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
            match cut {
                Cut::Nothing => format!("{day} {} {}", month_name(month), year(number)),
                Cut::Year => format!("{day} {}", month_name(month)),
                Cut::MonthAndYear => day,
            }
        }
        Part::SomeMonth(number) => format!("un mois de {}", year(number)),
        Part::SomeDayOfMonth(number, month) => {
            let month = month_name(month);
            format!("un jour {}{month} {}", de(month), year(number))
        }
        Part::SomeDayOfYear(number) => format!("un jour de {}", year(number)),
    }
}

fn month_name(month: u8) -> &'static str {
    MONTHS[usize::from(month - 1)]
}

fn year(number: i64) -> String {
    match number {
        // Year 0 is 1 BC.
        ..=0 => format!("{} av. J.-C.", 1 - number),
        1..=9999 => number.to_string(),
        _ => format!("l’an {number}"),
    }
}
