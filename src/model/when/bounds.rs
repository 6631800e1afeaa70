//! The four bounds of an uncertain time and the two questions put to them.

use super::instant::Instant;

/// Between which moments something started and ended; every bound is inclusive.
///
/// # Units
/// [`Instant`]s: milliseconds since 1970-01-01T00:00:00Z. An end is the last millisecond of its day or second.
///
/// A value of this type is a hull: a set with holes, such as `[2023-11-18,2023-11-25]`, is held as everything from its first
/// to its last member.
///
/// # Example
/// ```
/// use harmattan::model::when::{Instant, When};
/// use jiff::civil::date;
///
/// let some_day: When = "2024-07-XX".parse()?;
/// let (from, to) = (Instant::start_of(date(2024, 7, 10)), Instant::end_of(date(2024, 7, 20)));
/// assert!(some_day.bounds().possibly_overlaps(from, to));
/// assert!(!some_day.bounds().certainly_overlaps(from, to));
/// let month: When = "2024-07".parse()?;
/// assert!(month.bounds().certainly_overlaps(from, to));
/// # Ok::<(), harmattan::model::when::WhenError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// It started then or later.
    pub earliest_start: Instant,
    /// It started then or earlier.
    pub latest_start: Instant,
    /// It ended then or later.
    pub earliest_end: Instant,
    /// It ended then or earlier.
    pub latest_end: Instant,
}

impl Bounds {
    /// The bounds of a time that is known: from `start` to `end`, both inclusive.
    pub const fn certain(start: Instant, end: Instant) -> Self {
        Self { earliest_start: start, latest_start: start, earliest_end: end, latest_end: end }
    }

    /// The bounds of a whole day, by its count of days from 1970-01-01.
    pub fn of_day(day: i32) -> Self {
        Self::certain(Instant::start_of_number(day.into()), Instant::end_of_number(day.into()))
    }

    /// The day that it is, from its first to its last millisecond, as [`Self::of_day`] has it; `None` where it is anything else.
    pub fn day(&self) -> Option<i32> {
        let day = i32::try_from(self.earliest_start.day_number()).ok()?;
        (*self == Self::of_day(day)).then_some(day)
    }

    /// Whether it may share a moment with the closed span from `from` to `to`.
    ///
    /// `true` is exact where starts and ends have no holes between their bounds; with holes (a set with commas) it is the
    /// answer for the hull: possible there is never missed, but a span that lies wholly in a hole is answered `true` too.
    pub fn possibly_overlaps(&self, from: Instant, to: Instant) -> bool {
        self.earliest_start <= to && self.latest_end >= from
    }

    /// Whether it shares a moment with the closed span from `from` to `to`, whichever of its values is the true one.
    ///
    /// Exact for holes as well: every possible value starts by `to` and ends no sooner than `from` just when the last
    /// start and the first end do.
    pub fn certainly_overlaps(&self, from: Instant, to: Instant) -> bool {
        self.latest_start <= to && self.earliest_end >= from
    }

    /// The smallest bounds that hold both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        Self {
            earliest_start: self.earliest_start.min(other.earliest_start),
            latest_start: self.latest_start.max(other.latest_start),
            earliest_end: self.earliest_end.min(other.earliest_end),
            latest_end: self.latest_end.max(other.latest_end),
        }
    }

    /// What two statements about one event of one day leave possible together; `None` where they share no moment.
    ///
    /// Where one lies within the other, that one; where they only overlap, some day of the overlap. Of two with the same
    /// extent (`2024-07` and `2024-07-XX`) the less certain inner bounds are kept.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let first = self.earliest_start.max(other.earliest_start);
        let last = self.latest_end.min(other.latest_end);
        if first > last {
            return None;
        }
        let is_result = |bounds: &Self| bounds.earliest_start == first && bounds.latest_end == last;
        Some(match (is_result(self), is_result(other)) {
            (true, true) => self.hull(other),
            (true, false) => *self,
            (false, true) => *other,
            (false, false) => Self {
                earliest_start: first,
                latest_start: last.floor_day().max(first),
                earliest_end: first.ceil_day().min(last),
                latest_end: last,
            },
        })
    }
}
