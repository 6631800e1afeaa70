//! An uncertain time in words, for people.

mod english;
mod french;

use super::{
    When,
    form::{Dated, End, Member, Part, Point},
};
use crate::model::Lang;

/// The value in words of a language; the text as written where there are no good words for it.
///
/// French sets U+00A0 before a unit (`14 h 05`).
///
/// # Example
/// ```
/// use harmattan::model::{Lang, when::{When, in_words}};
/// let week: When = "[2023-12-04..2023-12-10]".parse()?;
/// assert_eq!(in_words(&week, Lang::En), "some day from 4 to 10 December 2023");
/// assert_eq!(in_words(&week, Lang::Fr), "un jour entre le 4 et le 10 décembre 2023");
/// # Ok::<(), harmattan::model::when::WhenError>(())
/// ```
pub fn in_words(when: &When, lang: Lang) -> String {
    let words = match lang {
        Lang::En => english::words(&when.form),
        Lang::Fr => french::words(&when.form),
    };
    words.unwrap_or_else(|| when.as_str().to_owned())
}

/// What a date need not say because the next one says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nothing,
    Year,
    MonthAndYear,
}

impl Cut {
    /// What `first` may leave to `second`.
    fn between(first: &Part, second: &Part) -> Self {
        match (first, second) {
            (Part::Day(year, month, _), Part::Day(next, next_month, _)) if (year, month) == (next, next_month) => Self::MonthAndYear,
            (Part::Day(year, ..), Part::Day(next, ..)) | (Part::Month(year, _), Part::Month(next, _)) if year == next => Self::Year,
            _ => Self::Nothing,
        }
    }
}

/// The dates of a set that is nothing but plain days, in order.
fn plain_days(members: &[Member]) -> Option<Vec<Part>> {
    members
        .iter()
        .map(|member| match member {
            Member::At(Dated { part: part @ Part::Day(..), qualifier: None }) => Some(*part),
            _ => None,
        })
        .collect()
}

/// The two dates of an interval, where both are dates and neither has a qualifier.
fn plain_ends(start: &End, end: &End) -> Option<(Part, Part)> {
    match (start, end) {
        (End::At(Point::Date(Dated { part: first, qualifier: None })), End::At(Point::Date(Dated { part: last, qualifier: None }))) => {
            Some((*first, *last))
        }
        _ => None,
    }
}

/// `a, b or c`
fn list(items: &[String], or: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {or} {last}", most.join(", ")),
    }
}

/// First and last year of an unspecified one, in the order of time.
fn years_of(before_christ: bool, from: i64, years: i64) -> (i64, i64) {
    if before_christ { (-(from + years - 1), -from.max(1)) } else { (from, from + years - 1) }
}

/// A number of minutes east of UTC as `UTC+02:00`.
fn offset(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(text: &str, en: &str, fr: &str) {
        let when: When = text.parse().unwrap();
        assert_eq!(in_words(&when, Lang::En), en, "{text}");
        assert_eq!(in_words(&when, Lang::Fr).replace('\u{a0}', " "), fr, "{text}");
    }

    #[test]
    fn dates() {
        says("2023-08-25", "25 August 2023", "25 août 2023");
        says("2023-08-01", "1 August 2023", "1er août 2023");
        says("2024-07", "July 2024", "juillet 2024");
        says("2024", "2024", "2024");
        says("-0043-03-15", "15 March 44 BC", "15 mars 44 av. J.-C.");
        says("Y170000002", "the year 170000002", "l’an 170000002");
        says("2023-22", "summer 2023", "été 2023");
        says("2023-24", "winter 2023–2024", "hiver 2023-2024");
        says("2024-07-XX", "some day in July 2024", "un jour de juillet 2024");
        says("2024-08-XX", "some day in August 2024", "un jour d’août 2024");
        says("2024-XX", "some month of 2024", "un mois de 2024");
        says("2024-XX-XX", "some day in 2024", "un jour de 2024");
        says("201X", "some year from 2010 to 2019", "une année entre 2010 et 2019");
    }

    #[test]
    fn times() {
        says("2023-08-25T14:05:00Z", "25 August 2023, 14:05 UTC", "25 août 2023 à 14 h 05 UTC");
        says("2023-08-25T04:05:09", "25 August 2023, 04:05:09", "25 août 2023 à 4 h 05 min 09 s");
        says("2023-08-25T04:05:00+05:30", "25 August 2023, 04:05 UTC+05:30", "25 août 2023 à 4 h 05 UTC+05:30");
    }

    #[test]
    fn qualifiers() {
        says("2023-08~", "about August 2023", "vers août 2023");
        says("2023-08-03~", "about 3 August 2023", "vers le 3 août 2023");
        says("2023-08-03?", "perhaps 3 August 2023", "peut-être le 3 août 2023");
        says("2023-21~", "about spring 2023", "vers le printemps 2023");
        says("2023%", "perhaps about 2023", "peut-être vers 2023");
        says("2023-08-XX~", "some day in about August 2023", "un jour d’août 2023 environ");
        says("2023-08-XX?", "perhaps some day in August 2023", "peut-être un jour d’août 2023");
    }

    #[test]
    fn intervals() {
        says("2023-12-01/2023-12-10", "from 1 to 10 December 2023", "du 1er au 10 décembre 2023");
        says("2023-08-25/2023-09-03", "from 25 August to 3 September 2023", "du 25 août au 3 septembre 2023");
        says("2022-08-25/2023-08-25", "from 25 August 2022 to 25 August 2023", "du 25 août 2022 au 25 août 2023");
        says("2023-08/2023-12", "from August to December 2023", "d’août à décembre 2023");
        says("2004/2006", "from 2004 to 2006", "de 2004 à 2006");
        says("2023-21/2023-22", "from spring 2023 to summer 2023", "du printemps 2023 à l’été 2023");
        says("2023-12-04/..", "from 4 December 2023 on", "à partir du 4 décembre 2023");
        says("../2023-12-04", "until 4 December 2023", "jusqu’au 4 décembre 2023");
        says("2023-12-04/", "from 4 December 2023, end unknown", "à partir du 4 décembre 2023, fin inconnue");
        says("/2023-12", "until December 2023, start unknown", "jusqu’à décembre 2023, début inconnu");
        says(
            "2023-12-04~/2023-12-10?",
            "from about 4 December 2023 to perhaps 10 December 2023",
            "du 4 décembre 2023 environ au 10 décembre 2023 peut-être",
        );
        says("2024-07-XX/2024-08", "from some day in July 2024 to August 2024", "d’un jour de juillet 2024 à août 2024");
    }

    #[test]
    fn sets() {
        says("[2023-12-04..2023-12-10]", "some day from 4 to 10 December 2023", "un jour entre le 4 et le 10 décembre 2023");
        says(
            "[2023-08-30..2023-09-01]",
            "some day from 30 August to 1 September 2023",
            "un jour entre le 30 août et le 1er septembre 2023",
        );
        says("[2023-12-11..]", "11 December 2023 or later", "le 11 décembre 2023 ou plus tard");
        says("[..2023-12-11]", "11 December 2023 or earlier", "le 11 décembre 2023 ou plus tôt");
        says("[2024-07..]", "July 2024 or later", "juillet 2024 ou plus tard");
        says("[2023-08-03,2023-08-04]", "3 or 4 August 2023", "3 ou 4 août 2023");
        says("[2023-07-31,2023-08-01]", "31 July or 1 August 2023", "31 juillet ou 1er août 2023");
        says("[2023-08-03,2023-08-04,2023-08-07]", "3, 4 or 7 August 2023", "3, 4 ou 7 août 2023");
        says("[2023-08-03~,2024]", "about 3 August 2023 or 2024", "vers le 3 août 2023 ou 2024");
        says("[1667,1668,1670..1672]", "1667, 1668 or some year from 1670 to 1672", "1667, 1668 ou une année entre 1670 et 1672");
        says("[2023-01..2023-03]", "some month from January to March 2023", "un mois entre janvier et mars 2023");
        says("[2023-01..2024-03-05]", "[2023-01..2024-03-05]", "[2023-01..2024-03-05]");
    }
}
