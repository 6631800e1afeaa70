//! How one time lies to another: the fifteen relations of CQL2 (OGC 21-065r2, clause 7.8), and what of them uncertain times leave
//! possible.

use jiff::civil::Date;

use super::{bounds::Bounds, civil::DAY_MS, instant::Instant};

/// A time that relations are asked of: its bounds, and whether its ends are whole days or moments.
///
/// An end that is a day and a start that is the same day are the same value: the interval to 5 May *meets* the one from 5 May, though
/// the day is long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Between which moments it started and ended.
    pub bounds: Bounds,
    /// Whether its start is a whole day.
    pub starts_with_day: bool,
    /// Whether its end is a whole day.
    pub ends_with_day: bool,
}

impl Span {
    /// A whole day, UTC.
    pub fn day(day: Date) -> Self {
        let bounds = Bounds::certain(Instant::start_of(day), Instant::end_of(day));
        Self { bounds, starts_with_day: true, ends_with_day: true }
    }

    /// One moment.
    pub fn moment(moment: Instant) -> Self {
        Self { bounds: Bounds::certain(moment, moment), starts_with_day: false, ends_with_day: false }
    }

    /// An uncertain time; its ends are days where they fall on the edges of days.
    pub fn uncertain(bounds: Bounds) -> Self {
        let starts = |at: Instant| !at.is_bounded() || at.as_millis().rem_euclid(DAY_MS) == 0;
        let ends = |at: Instant| !at.is_bounded() || at.as_millis().rem_euclid(DAY_MS) == DAY_MS - 1;
        Self {
            bounds,
            starts_with_day: starts(bounds.earliest_start) && starts(bounds.latest_start),
            ends_with_day: ends(bounds.earliest_end) && ends(bounds.latest_end),
        }
    }

    /// From the start of one time to the end of another; `None` stands for an end that is open.
    ///
    /// The answer is `None` where it must end before it starts.
    pub fn between(start: Option<Self>, end: Option<Self>) -> Option<Self> {
        let first = start.map_or((Instant::PAST, Instant::PAST), |span| (span.bounds.earliest_start, span.bounds.latest_start));
        let last = end.map_or((Instant::FUTURE, Instant::FUTURE), |span| (span.bounds.earliest_end, span.bounds.latest_end));
        let bounds =
            Bounds { earliest_start: first.0, latest_start: first.1.min(last.1), earliest_end: last.0.max(first.0), latest_end: last.1 };
        (first.0 <= last.1).then_some(Self {
            bounds,
            starts_with_day: start.is_none_or(|span| span.starts_with_day),
            ends_with_day: end.is_none_or(|span| span.ends_with_day),
        })
    }

    /// Whether it is before `other`, as a comparison of values asks it: `Some` where that is certain, `None` where it depends.
    pub fn is_before(&self, other: &Self) -> Option<bool> {
        if self.bounds.latest_end < other.bounds.earliest_start {
            Some(true)
        } else if self.bounds.earliest_end >= other.bounds.latest_start {
            Some(false)
        } else {
            None
        }
    }
}

/// A relation between two times; each is read as an interval, closed at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It starts after the other ended.
    After,
    /// It ends before the other started.
    Before,
    /// It starts before the other and ends after it.
    Contains,
    /// They share no moment.
    Disjoint,
    /// It starts after the other and ends before it.
    During,
    /// They start together and end together.
    Equals,
    /// They end together; it starts first.
    FinishedBy,
    /// They end together; it starts later.
    Finishes,
    /// They share a moment.
    Intersects,
    /// It ends where the other starts.
    Meets,
    /// It starts where the other ends.
    MetBy,
    /// It starts within the other and ends after it.
    OverlappedBy,
    /// It starts before the other and ends within it.
    Overlaps,
    /// They start together; it ends later.
    StartedBy,
    /// They start together; it ends first.
    Starts,
}

/// One of the four ends of two times.
#[derive(Clone, Copy)]
enum End {
    StartA,
    EndA,
    StartB,
    EndB,
}

/// A condition on two ends.
#[derive(Clone, Copy)]
enum Rule {
    /// The first is before the second.
    Less(End, End),
    /// The first is before the second or the same.
    Most(End, End),
    /// They are the same.
    Same(End, End),
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 15] = [
        Self::After,
        Self::Before,
        Self::Contains,
        Self::Disjoint,
        Self::During,
        Self::Equals,
        Self::FinishedBy,
        Self::Finishes,
        Self::Intersects,
        Self::Meets,
        Self::MetBy,
        Self::OverlappedBy,
        Self::Overlaps,
        Self::StartedBy,
        Self::Starts,
    ];

    /// Whether it may hold between two uncertain times: whether some pair of their possible values has it.
    ///
    /// Exact for bounds without holes (see [`Bounds::possibly_overlaps`]).
    pub fn is_possible(self, a: &Span, b: &Span) -> bool {
        use End::{EndA, EndB, StartA, StartB};
        use Rule::{Less, Most, Same};
        let rules: &[Rule] = match self {
            Self::Disjoint => return Self::Before.is_possible(a, b) || Self::After.is_possible(a, b),
            Self::After => &[Less(EndB, StartA)],
            Self::Before => &[Less(EndA, StartB)],
            Self::Contains => &[Less(StartA, StartB), Less(EndB, EndA)],
            Self::During => &[Less(StartB, StartA), Less(EndA, EndB)],
            Self::Equals => &[Same(StartA, StartB), Same(EndA, EndB)],
            Self::FinishedBy => &[Less(StartA, StartB), Same(EndA, EndB)],
            Self::Finishes => &[Less(StartB, StartA), Same(EndA, EndB)],
            Self::Intersects => &[Most(StartA, EndB), Most(StartB, EndA)],
            Self::Meets => &[Same(EndA, StartB)],
            Self::MetBy => &[Same(EndB, StartA)],
            Self::OverlappedBy => &[Less(StartB, StartA), Less(StartA, EndB), Less(EndB, EndA)],
            Self::Overlaps => &[Less(StartA, StartB), Less(StartB, EndA), Less(EndA, EndB)],
            Self::StartedBy => &[Same(StartA, StartB), Less(EndB, EndA)],
            Self::Starts => &[Same(StartA, StartB), Less(EndA, EndB)],
        };
        let mut ends = ends(self, a, b);
        // Each time starts before it ends; where an end was moved to the start of its day, that still holds.
        let order = [Most(StartA, EndA), Most(StartB, EndB)];
        // Bounds are drawn together along the rules until they hold at both extremes; four ends need at most four rounds. Values
        // exist exactly where no end is left without room (difference constraints, which have the property of consistent bounds).
        for _ in 0..4 {
            for rule in order.iter().chain(rules) {
                tighten(&mut ends, *rule);
            }
        }
        ends.iter().all(|(low, high)| low <= high)
    }

    /// Whether they certainly share a moment, whichever of their values are the true ones.
    pub fn certainly_intersect(a: &Span, b: &Span) -> bool {
        a.bounds.latest_start <= b.bounds.earliest_end && b.bounds.latest_start <= a.bounds.earliest_end
    }

    /// Whether `a` certainly ends before `b` starts.
    pub fn certainly_before(a: &Span, b: &Span) -> bool {
        a.bounds.latest_end < b.bounds.earliest_start
    }
}

/// First and last possible moment of the four ends, in the order of [`End`].
fn ends(relation: Relation, a: &Span, b: &Span) -> [(Instant, Instant); 4] {
    // Where the end of one and the start of the other are compared as values, two days are one value.
    let by_value = matches!(relation, Relation::Meets | Relation::MetBy | Relation::Overlaps | Relation::OverlappedBy);
    let end = |span: &Span, other: &Span| {
        let Bounds { earliest_end: low, latest_end: high, .. } = span.bounds;
        if by_value && span.ends_with_day && other.starts_with_day { (low.floor_day(), high.floor_day()) } else { (low, high) }
    };
    let start = |span: &Span| (span.bounds.earliest_start, span.bounds.latest_start);
    [start(a), end(a, b), start(b), end(b, a)]
}

fn tighten(ends: &mut [(Instant, Instant); 4], rule: Rule) {
    let (first, second, gap) = match rule {
        Rule::Less(first, second) => (first, second, 1),
        Rule::Most(first, second) => (first, second, 0),
        Rule::Same(first, second) => {
            tighten(ends, Rule::Most(first, second));
            (second, first, 0)
        }
    };
    let (first, second) = (first as usize, second as usize);
    let shifted = |at: Instant, by: i64| Instant::from_millis(at.as_millis().saturating_add(by));
    // Nothing is before an open start, and nothing after an open end.
    if gap == 1 && (ends[second].1 == Instant::PAST || ends[first].0 == Instant::FUTURE) {
        ends[first] = (Instant::FUTURE, Instant::PAST);
        return;
    }
    ends[second].0 = ends[second].0.max(shifted(ends[first].0, gap));
    ends[first].1 = ends[first].1.min(shifted(ends[second].1, -gap));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of the standard, for times that are known.
    fn holds(relation: Relation, (a, b): (i64, i64), (c, d): (i64, i64)) -> bool {
        match relation {
            Relation::After => a > d,
            Relation::Before => b < c,
            Relation::Contains => a < c && b > d,
            Relation::Disjoint => b < c || a > d,
            Relation::During => a > c && b < d,
            Relation::Equals => a == c && b == d,
            Relation::FinishedBy => a < c && b == d,
            Relation::Finishes => a > c && b == d,
            Relation::Intersects => a <= d && c <= b,
            Relation::Meets => b == c,
            Relation::MetBy => a == d,
            Relation::OverlappedBy => a > c && a < d && b > d,
            Relation::Overlaps => a < c && b > c && b < d,
            Relation::StartedBy => a == c && b > d,
            Relation::Starts => a == c && b < d,
        }
    }

    fn at(millis: i64) -> Instant {
        Instant::from_millis(millis)
    }

    fn uncertain() -> impl Strategy<Value = [i64; 4]> {
        (0_i64..5, 0_i64..3, 0_i64..5, 0_i64..3).prop_map(|(start, more, end, longer)| [start, start + more, end, end + longer])
    }

    fn values([a, b, c, d]: [i64; 4]) -> Vec<(i64, i64)> {
        (a..=b).flat_map(|start| (c..=d).map(move |end| (start, end))).filter(|(start, end)| start <= end).collect()
    }

    fn span([a, b, c, d]: [i64; 4]) -> Span {
        let bounds = Bounds { earliest_start: at(a), latest_start: at(b), earliest_end: at(c), latest_end: at(d) };
        Span { bounds, starts_with_day: false, ends_with_day: false }
    }

    proptest! {
        #[test]
        fn possible_is_some_pair_of_values(a in uncertain(), b in uncertain()) {
            let (first, second) = (values(a), values(b));
            for relation in Relation::ALL {
                let expected = first.iter().any(|x| second.iter().any(|y| holds(relation, *x, *y)));
                prop_assert_eq!(relation.is_possible(&span(a), &span(b)), expected, "{:?}", relation);
            }
            if !first.is_empty() && !second.is_empty() {
                let all = |test: &dyn Fn((i64, i64), (i64, i64)) -> bool| first.iter().all(|x| second.iter().all(|y| test(*x, *y)));
                let (tight_a, tight_b) = (Span::between(Some(span(a)), Some(span(a))).unwrap(), Span::between(Some(span(b)), Some(span(b))).unwrap());
                prop_assert_eq!(Relation::certainly_intersect(&tight_a, &tight_b), all(&|x, y| holds(Relation::Intersects, x, y)));
                prop_assert_eq!(Relation::certainly_before(&tight_a, &tight_b), all(&|x, y| holds(Relation::Before, x, y)));
            }
        }

        #[test]
        fn before_and_not_before_part_the_certain(a in uncertain(), b in uncertain()) {
            let (first, second) = (values(a), values(b));
            prop_assume!(!first.is_empty() && !second.is_empty());
            let answers = first.iter().flat_map(|x| second.iter().map(move |y| x.1 < y.0)).collect::<Vec<_>>();
            if let Some(answer) = span(a).is_before(&span(b)) {
                prop_assert!(answers.iter().all(|one| *one == answer));
            }
        }
    }

    #[test]
    fn days_are_values_where_they_meet() {
        let day = |day| Span::day(jiff::civil::date(2023, 5, day));
        let between = |from, to| Span::between(Some(day(from)), Some(day(to))).unwrap();
        assert!(Relation::Meets.is_possible(&between(1, 5), &between(5, 9)));
        assert!(!Relation::Overlaps.is_possible(&between(1, 5), &between(5, 9)));
        assert!(Relation::Overlaps.is_possible(&between(1, 6), &between(5, 9)));
        assert!(Relation::Intersects.is_possible(&between(1, 5), &between(5, 9)));
        assert!(Relation::Equals.is_possible(&day(3), &between(3, 3)));
        assert!(Span::between(Some(day(3)), Some(day(2))).is_none());
    }

    #[test]
    fn open_ends_are_beyond_everything() {
        let day = Span::day(jiff::civil::date(2023, 5, 1));
        let (from, until) = (Span::between(Some(day), None).unwrap(), Span::between(None, Some(day)).unwrap());
        assert!(!Relation::After.is_possible(&day, &from));
        assert!(Relation::Intersects.is_possible(&day, &from));
        assert!(!Relation::Before.is_possible(&from, &day));
        assert!(Relation::OverlappedBy.is_possible(&from, &Span::between(None, Some(Span::day(jiff::civil::date(2024, 5, 1)))).unwrap()));
        assert!(Relation::Equals.is_possible(&until, &until));
        assert!(!Relation::Contains.is_possible(&from, &from));
    }
}
