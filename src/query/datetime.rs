//! `datetime` and `certainty` (OGC API – Features Part 1, clause 7.15.4; uncertainty is ours).

use super::QueryError;
use crate::model::when::{Instant, rfc3339};

/// Which of the two questions about uncertain time is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Certainty {
    /// Features that may overlap the interval; those with no time match.
    #[default]
    Possible,
    /// Features that overlap it whatever the truth is; those with no time do not.
    Certain,
}

impl Certainty {
    /// The values of the parameter.
    pub const NAMES: [&str; 2] = ["possible", "certain"];

    /// The parameter's value.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// A closed interval of time, and which question is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeFilter {
    /// First instant; [`Instant::PAST`] where the interval is open.
    pub from: Instant,
    /// Last instant; [`Instant::FUTURE`] where the interval is open.
    pub to: Instant,
    /// Which question.
    pub certainty: Certainty,
}

/// The filter that the two parameters make: none where nothing is asked; certainty alone asks of all time, and so leaves out only
/// what has no time.
///
/// # Errors
/// When the value is no instant or interval of the standard.
pub(super) fn filter(value: Option<&str>, certainty: Certainty) -> Result<Option<TimeFilter>, QueryError> {
    let (from, to) = match (value, certainty) {
        (None, Certainty::Possible) => return Ok(None),
        (None, Certainty::Certain) => (None, None),
        (Some(value), _) => rfc3339::parse_interval(value).map_err(|error| QueryError::Datetime { value: value.to_owned(), error })?,
    };
    Ok(Some(TimeFilter { from: from.unwrap_or(Instant::PAST), to: to.unwrap_or(Instant::FUTURE), certainty }))
}
