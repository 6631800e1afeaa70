//! The state of a base on a day.

use jiff::civil::Date;

/// What a base is on a day, as far as the dates say. The page computes the same for any day of its slider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// In use.
    Open,
    /// In use, and its closing is announced.
    ClosingPlanned,
    /// It may have closed by then.
    Uncertain,
    /// Kept for the liquidation of the mission.
    InLiquidation,
    /// Closed.
    Closed,
}

impl State {
    /// The word used in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::ClosingPlanned => "closing_planned",
            Self::Uncertain => "uncertain",
            Self::InLiquidation => "in_liquidation",
            Self::Closed => "closed",
        }
    }
}

/// The days that a base's state follows from; each is `None` where no source sets it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// The first day on which it can have closed.
    pub closed_earliest: Option<Date>,
    /// The last day on which it can have closed.
    pub closed_latest: Option<Date>,
    /// The day on which its liquidation begins.
    pub liquidation_from: Option<Date>,
    /// The day from which the plan to close it was known.
    pub planned_since: Option<Date>,
}

impl Days {
    /// The state on `day`.
    pub fn state(&self, day: Date) -> State {
        let reached = |date: Option<Date>| date.is_some_and(|date| date <= day);
        // Without a first day but with a last one, it may have closed on any day before that.
        let may_have_closed = reached(self.closed_earliest) || (self.closed_earliest.is_none() && self.closed_latest.is_some());
        if reached(self.closed_latest) {
            State::Closed
        } else if reached(self.liquidation_from) {
            State::InLiquidation
        } else if may_have_closed {
            State::Uncertain
        } else if reached(self.planned_since) {
            State::ClosingPlanned
        } else {
            State::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn states_follow_each_other() {
        let days = Days {
            closed_earliest: Some(date(2024, 7, 1)),
            closed_latest: Some(date(2024, 7, 31)),
            liquidation_from: Some(date(2024, 1, 1)),
            planned_since: Some(date(2023, 11, 24)),
        };
        assert_eq!(days.state(date(2023, 11, 23)), State::Open);
        assert_eq!(days.state(date(2023, 11, 24)), State::ClosingPlanned);
        assert_eq!(days.state(date(2024, 1, 1)), State::InLiquidation);
        assert_eq!(days.state(date(2024, 7, 30)), State::InLiquidation);
        assert_eq!(days.state(date(2024, 7, 31)), State::Closed);
    }

    #[test]
    fn a_range_is_uncertain_until_its_last_day() {
        let days = Days { closed_earliest: Some(date(2023, 8, 25)), closed_latest: Some(date(2023, 8, 31)), ..Days::default() };
        assert_eq!(days.state(date(2023, 8, 24)), State::Open);
        assert_eq!(days.state(date(2023, 8, 25)), State::Uncertain);
        assert_eq!(days.state(date(2023, 8, 31)), State::Closed);
        let open_ended = Days { closed_latest: None, ..days };
        assert_eq!(open_ended.state(date(2030, 1, 1)), State::Uncertain);
        let open_start = Days { closed_earliest: None, ..days };
        assert_eq!(open_start.state(date(2020, 1, 1)), State::Uncertain);
        assert_eq!(Days::default().state(date(2030, 1, 1)), State::Open);
    }
}
