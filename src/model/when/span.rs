//! From what a text says to its four bounds.

use super::{
    bounds::Bounds,
    civil,
    form::{End, Form, Member, Part, Point},
    instant::Instant,
};

/// First and last day of a span, as day numbers.
type Days = (i64, i64);

impl Part {
    /// The earliest and the latest span of days that it may stand for; one and the same where it is certain.
    fn spans(&self) -> (Days, Days) {
        let year = |year| (civil::day_number(year, 1, 1), civil::day_number(year, 12, 31));
        let month = |year, month| (civil::day_number(year, month, 1), civil::day_number(year, month, civil::month_days(year, month)));
        let both = |days: Days| (days, days);
        // Some one day of the span.
        let some_day = |(first, last): Days| ((first, first), (last, last));
        match *self {
            Self::Year(number) => both(year(number)),
            Self::SomeYear { before_christ: false, from, years } => (year(from), year(from + years - 1)),
            // Year 0 is written without sign, so the decade -000X ends with the year -1.
            Self::SomeYear { before_christ: true, from, years } => (year(-(from + years - 1)), year(-from.max(1))),
            Self::Month(number, of_year) => both(month(number, of_year)),
            Self::Day(number, of_year, day) => both(some_day_at(number, of_year, day)),
            Self::SomeMonth(number) => (month(number, 1), month(number, 12)),
            Self::SomeDayOfMonth(number, of_year) => some_day(month(number, of_year)),
            Self::SomeDayOfYear(number) => some_day(year(number)),
            // Where a season starts is an assumption of this reader, so nothing inside it is certain.
            Self::Season(number, 24) => some_day((month(number, 12).0, month(number + 1, 2).1)),
            Self::Season(number, season) => {
                let first = (season - 20) * 3;
                some_day((month(number, first).0, month(number, first + 2).1))
            }
        }
    }

    /// The four bounds of the date.
    pub(super) fn bounds(&self) -> Bounds {
        let (first, last) = self.spans();
        Bounds {
            earliest_start: Instant::start_of_number(first.0),
            latest_start: Instant::start_of_number(last.0),
            earliest_end: Instant::end_of_number(first.1),
            latest_end: Instant::end_of_number(last.1),
        }
    }
}

fn some_day_at(year: i64, month: u8, day: u8) -> Days {
    let number = civil::day_number(year, month, day);
    (number, number)
}

impl Point {
    /// The four bounds of the date or date-time.
    pub(super) fn bounds(&self) -> Bounds {
        match self {
            Self::Date(dated) => dated.part.bounds(),
            Self::Time(time) => {
                let day = civil::day_number(time.year, time.month, time.day);
                let (first, last) = time.clock.on(day);
                Bounds::certain(Instant::from_millis(first), Instant::from_millis(last))
            }
        }
    }
}

impl Member {
    /// The four bounds of the member; `None` where a range ends before it starts.
    pub(super) fn bounds(&self) -> Option<Bounds> {
        match self {
            Self::At(dated) => Some(dated.part.bounds()),
            Self::From(dated) => Some(Bounds { latest_start: Instant::FUTURE, latest_end: Instant::FUTURE, ..dated.part.bounds() }),
            Self::Until(dated) => Some(Bounds { earliest_start: Instant::PAST, earliest_end: Instant::PAST, ..dated.part.bounds() }),
            Self::Between(first, last) => {
                let (first, last) = (first.part.bounds(), last.part.bounds());
                if last.latest_end < first.earliest_start {
                    return None;
                }
                Some(Bounds {
                    earliest_start: first.earliest_start,
                    latest_start: first.latest_start.max(last.latest_start).min(last.latest_end),
                    earliest_end: first.earliest_end.min(last.earliest_end).max(first.earliest_start),
                    latest_end: last.latest_end,
                })
            }
        }
    }
}

impl Form {
    /// The four bounds of the whole; `None` where an interval or a range ends before it starts.
    pub(super) fn bounds(&self) -> Option<Bounds> {
        match self {
            Self::Single(point) => Some(point.bounds()),
            Self::Interval(start, end) => interval(start, end),
            Self::OneOf(members) => {
                let mut members = members.iter().map(Member::bounds);
                let first = members.next()??;
                members.try_fold(first, |hull, member| Some(hull.hull(&member?)))
            }
        }
    }

    /// The days on which it may have been, as sorted runs of day numbers with gaps between them; the extremes of the type
    /// where there is no bound.
    pub(super) fn days(&self) -> Vec<Days> {
        let parts: Vec<Bounds> = match self {
            Self::OneOf(members) => members.iter().filter_map(Member::bounds).collect(),
            _ => self.bounds().into_iter().collect(),
        };
        let mut runs: Vec<Days> = parts.iter().map(|bounds| (bounds.earliest_start.day_number(), bounds.latest_end.day_number())).collect();
        runs.sort_unstable();
        runs.dedup_by(|next, run| {
            let joined = next.0 <= run.1.saturating_add(1);
            if joined {
                run.1 = run.1.max(next.1);
            }
            joined
        });
        runs
    }
}

/// The bounds of an interval: its start from the one end, its end from the other.
///
/// An unknown end lies anywhere that keeps the interval in order, so one day of the known end is certain. Bounds that the
/// order rules out are cut off.
fn interval(start: &End, end: &End) -> Option<Bounds> {
    let (start, end) = match (start, end) {
        (End::At(start), End::At(end)) => (start.bounds(), end.bounds()),
        (End::At(start), open) => {
            let start = start.bounds();
            let first_end = start.earliest_start.ceil_day().min(start.earliest_end);
            let earliest_end = if *open == End::Open { Instant::FUTURE } else { first_end };
            return Some(Bounds { earliest_end, latest_end: Instant::FUTURE, ..start });
        }
        (open, End::At(end)) => {
            let end = end.bounds();
            let last_start = end.latest_end.floor_day().max(end.latest_start);
            let latest_start = if *open == End::Open { Instant::PAST } else { last_start };
            return Some(Bounds { earliest_start: Instant::PAST, latest_start, ..end });
        }
        _ => return None,
    };
    if end.latest_end < start.earliest_start {
        return None;
    }
    let last_start = end.latest_end.floor_day().max(start.earliest_start);
    let first_end = start.earliest_start.ceil_day().min(end.latest_end);
    Some(Bounds {
        earliest_start: start.earliest_start,
        latest_start: start.latest_start.min(last_start),
        earliest_end: end.earliest_end.max(first_end),
        latest_end: end.latest_end,
    })
}
