//! Two dated statements about one event: what they leave possible together, and what holds them all.
//!
//! The unit is the day: an intersection is that of the sets of possible days, holes included.

use super::{
    When, civil,
    form::{Dated, Form, Member, Part, Point},
    parse::MAX_BYTES,
};

impl When {
    /// The narrower value that two statements about one event leave; `None` where they share no day.
    ///
    /// A result with the days of one operand is that operand, text and qualifier kept. Of two operands with the same days the
    /// one kept is the narrower in time, then the one without qualifier, then the less certain (`2024-07-XX` before
    /// `2024-07`), then the shorter text; so the order of the operands never matters. Two times of one day that differ give
    /// that day. A result with more holes than a text of 256 bytes can name is given without its holes.
    ///
    /// # Example
    /// ```
    /// use harmattan::model::when::When;
    /// let week: When = "[2023-12-04..2023-12-10]".parse()?;
    /// let month: When = "2023-12-XX".parse()?;
    /// let weekend: When = "[2023-12-09..2023-12-12]".parse()?;
    /// assert_eq!(week.intersect(&month), Some(week.clone()));
    /// assert_eq!(week.intersect(&weekend), Some("[2023-12-09..2023-12-10]".parse()?));
    /// assert_eq!(week.intersect(&"2024".parse()?), None);
    /// # Ok::<(), harmattan::model::when::WhenError>(())
    /// ```
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let (own, others) = (self.form.days(), other.form.days());
        let common = common(&own, &others);
        if common.is_empty() {
            return None;
        }
        match (common == own, common == others) {
            (true, true) if self.bounds.intersect(&other.bounds).is_some() => {
                Some(if self.rank() <= other.rank() { self.clone() } else { other.clone() })
            }
            (true, false) => Some(self.clone()),
            (false, true) => Some(other.clone()),
            _ => one_of(&common),
        }
    }

    /// Order of preference between two values with the same days; the first is kept.
    fn rank(&self) -> (i128, bool, i128, usize, &str) {
        let bounds = self.bounds;
        let width = i128::from(bounds.latest_end.as_millis()) - i128::from(bounds.earliest_start.as_millis());
        let certain = i128::from(bounds.earliest_end.as_millis()) - i128::from(bounds.latest_start.as_millis());
        (width, self.qualifier().is_some(), certain, self.text.len(), &self.text)
    }

    /// From the first to the last day of all values, as `[a..b]`, `[a..]`, `[..b]` or one day; `None` of no values and where
    /// neither side has a bound.
    ///
    /// A bound outside the years ±9999, which days cannot be written in, counts as no bound.
    ///
    /// # Example
    /// ```
    /// use harmattan::model::when::When;
    /// let (third, fourth): (When, When) = ("2023-08-03".parse()?, "2023-08-04".parse()?);
    /// assert_eq!(When::hull(&[&third, &fourth]), Some("[2023-08-03..2023-08-04]".parse()?));
    /// # Ok::<(), harmattan::model::when::WhenError>(())
    /// ```
    #[must_use]
    pub fn hull(values: &[&Self]) -> Option<Self> {
        let bounds = values.iter().map(|value| value.bounds).reduce(|hull, bounds| hull.hull(&bounds))?;
        Self::from_days(bounds.earliest_start.day(), bounds.latest_end.day()).ok()
    }
}

/// The runs of days that lie in both.
fn common(own: &[(i64, i64)], others: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let meet = |&(first, last): &(i64, i64)| {
        others.iter().filter_map(move |&(from, to)| {
            let run = (first.max(from), last.min(to));
            (run.0 <= run.1).then_some(run)
        })
    };
    own.iter().flat_map(meet).collect()
}

/// The value that is one of these days; `None` where none can be written (see [`edge`]).
fn one_of(runs: &[(i64, i64)]) -> Option<When> {
    let members: Vec<Member> = runs.iter().filter_map(member).collect();
    let form = match members.as_slice() {
        [] => return None,
        [Member::At(day)] => Form::Single(Point::Date(*day)),
        _ => Form::OneOf(members),
    };
    let when = When::from_form(form)?;
    if when.text.len() <= MAX_BYTES {
        return Some(when);
    }
    // A value must stay readable: with too many holes for a text, the holes are given up.
    let (first, last) = (runs.first()?, runs.last()?);
    one_of(&[(first.0, last.1)])
}

fn member(&(first, last): &(i64, i64)) -> Option<Member> {
    Some(match (first, last) {
        (i64::MIN, i64::MAX) => return None,
        (i64::MIN, last) => Member::Until(edge(last, false)),
        (first, i64::MAX) => Member::From(edge(first, true)),
        (first, last) if first == last && civil::date(first).is_some() => Member::At(edge(first, true)),
        (first, last) => {
            let member = Member::Between(edge(first, true), edge(last, false));
            member.bounds()?;
            member
        }
    })
}

/// A day as a date; outside the years ±9999, where EDTF has no days, the nearest whole year inwards.
fn edge(day: i64, is_first: bool) -> Dated {
    let (year, month, of_month) = civil::civil(day);
    if (-9999..=9999).contains(&year) {
        return Dated::plain(Part::Day(year, month, of_month));
    }
    Dated::plain(Part::Year(match (is_first, month, of_month) {
        (true, 1, 1) | (false, 12, 31) => year,
        (true, ..) => year + 1,
        (false, ..) => year - 1,
    }))
}
