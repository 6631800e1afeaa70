//! Uncertain time: when something happened, as far as anyone knows.
//!
//! Read and written is the Extended Date/Time Format (EDTF; Library of Congress, 2019; ISO 8601-2:2019), **level 0 and level 1
//! complete, and of level 2 the sets "one of"** whose members are level-1 dates or ranges of them. Everything else of level 2
//! is refused by name.
//!
//! | text | says | bounds |
//! | --- | --- | --- |
//! | `2023-08-03` | that day | the day |
//! | `2024-07` | the whole month | starts on the 1st, ends on the 31st |
//! | `2024-07-XX` | some one day of it | starts and ends on one day from the 1st to the 31st |
//! | `201X`, `2023-XX` | some one year of the decade, some one month of the year | |
//! | `2023-21` … `2023-24` | spring, summer, autumn, winter | see below |
//! | `2023-08?`, `~`, `%` | uncertain, approximate, both | those of `2023-08`: how far off is not said |
//! | `2023-08/2023-12` | all that time | starts as its first date, ends as its last |
//! | `2023-08/..`, `2023-08/` | with no end, with an end that is not known | |
//! | `[2023-08-25..2023-08-31]` | one of these days | |
//! | `[2023-12-11..]`, `[..2023-12-11]` | then or later, then or earlier | |
//! | `[1667,1668,1670..1672]` | one of these | the hull of the members |
//! | `Y170000002`, `-0043` | years of more digits, years before 0 (44 BC) | |
//!
//! What the standard leaves open is decided so:
//! - Civil dates are UTC days, and a date-time without offset is read as UTC.
//! - Seasons are the northern meteorological quarters (March–May, June–August, September–November, December–February of the
//!   next year). That is an assumption, so nothing inside the quarter is certain: it is bounded as one day of it would be.
//! - Beyond the Library of Congress's level 0, and within ISO 8601-1, a second may have a fraction (kept to the millisecond)
//!   and an interval may run between date-times.

mod bounds;
mod civil;
mod clock;
mod combine;
mod error;
mod form;
mod instant;
#[cfg(test)]
mod laws;
mod parse;
mod relation;
pub mod rfc3339;
mod scan;
mod span;
#[cfg(test)]
mod tests;
mod words;

use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use jiff::civil::Date;

pub use bounds::Bounds;
pub use civil::{date_of, day_of, day_of_letters, letters_of};
pub use error::{Spot, WhenError};
pub use form::Qualifier;
pub use instant::Instant;
pub use relation::{Relation, Span};
pub use words::in_words;

use form::{Dated, Form, Member, Part};

/// An uncertain time: its text as written and the bounds it sets.
///
/// Two values are equal where they say the same, however written: `[1667, 1668]` equals `[1667,1668]`. Printing gives the
/// canonical text, and reading that gives an equal value.
///
/// # Example
/// ```
/// use harmattan::model::when::When;
/// let when: When = "[2023-08-25..2023-08-31]".parse()?;
/// assert_eq!(when.first_day(), Some(jiff::civil::date(2023, 8, 25)));
/// assert_eq!(when.span_days(), Some(7));
/// assert!("the end of August".parse::<When>().is_err());
/// # Ok::<(), harmattan::model::when::WhenError>(())
/// ```
#[derive(Debug, Clone)]
pub struct When {
    text: String,
    form: Form,
    bounds: Bounds,
}

impl When {
    /// The value that is some day from `first` to `last`, either of which may be without bound; one day where they are equal.
    ///
    /// # Errors
    /// When `last` is before `first`, and when both are `None`.
    ///
    /// # Example
    /// ```
    /// use harmattan::model::when::When;
    /// use jiff::civil::date;
    /// let day = date(2023, 12, 11);
    /// assert_eq!(When::from_days(None, Some(day))?.as_str(), "[..2023-12-11]");
    /// assert!(When::from_days(Some(day), Some(date(2023, 12, 10))).is_err());
    /// # Ok::<(), harmattan::model::when::WhenError>(())
    /// ```
    pub fn from_days(first: Option<Date>, last: Option<Date>) -> Result<Self, WhenError> {
        let text = |day: Option<Date>| day.map(|day| day_part(day).to_string()).unwrap_or_default();
        match (first, last) {
            (Some(first), Some(last)) if first == last => text(Some(first)).parse(),
            _ => format!("[{}..{}]", text(first), text(last)).parse(),
        }
    }

    /// The value that is `day` or any later one: `[day..]`.
    #[must_use]
    pub fn not_before(day: Date) -> Self {
        let form = Form::OneOf(vec![Member::From(Dated::plain(day_part(day)))]);
        Self::from_form(form).expect("one member cannot be out of order")
    }

    /// The value of a form whose text is canonical; `None` where an interval or a range ends before it starts.
    fn from_form(form: Form) -> Option<Self> {
        let bounds = form.bounds()?;
        Some(Self { text: form.to_string(), form, bounds })
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Between which moments it started and ended.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The qualifiers of all its dates taken together; `None` where there are none.
    pub fn qualifier(&self) -> Option<Qualifier> {
        self.form.qualifier()
    }

    /// The first possible day, UTC; `None` without bound and outside the years ±9999.
    pub fn first_day(&self) -> Option<Date> {
        self.bounds.earliest_start.day()
    }

    /// The last possible day, UTC; `None` without bound and outside the years ±9999.
    pub fn last_day(&self) -> Option<Date> {
        self.bounds.latest_end.day()
    }

    /// On how many days it may have been, holes left out: fewer days, greater precision; `None` without bound.
    ///
    /// # Units
    /// Days.
    pub fn span_days(&self) -> Option<i64> {
        let is_bounded = self.bounds.earliest_start.is_bounded() && self.bounds.latest_end.is_bounded();
        is_bounded.then(|| self.form.days().iter().map(|(first, last)| last - first + 1).sum())
    }

    /// Whether only one day is possible.
    pub fn is_single_day(&self) -> bool {
        self.span_days() == Some(1)
    }
}

fn day_part(day: Date) -> Part {
    Part::Day(i64::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs())
}

impl FromStr for When {
    type Err = WhenError;

    fn from_str(text: &str) -> Result<Self, WhenError> {
        let form = parse::form(text)?;
        // The grammar has refused what runs backwards, with the position; nothing else is without bounds.
        let bounds = form.bounds().ok_or_else(|| WhenError::EndBeforeStart(Spot::new(text, 0)))?;
        Ok(Self { text: text.to_owned(), form, bounds })
    }
}

/// Prints the canonical text.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.fmt(f)
    }
}

impl PartialEq for When {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form
    }
}

impl Eq for When {}

impl Hash for When {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.form.hash(state);
    }
}
