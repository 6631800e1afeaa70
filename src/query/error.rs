//! Why a query cannot be asked.

use super::filter::FilterError;
use crate::model::{Bbox, BboxError, CrsError, when::rfc3339::RfcError};

/// A parameter that cannot be taken. Messages name the parameter, the value and the rule.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QueryError {
    /// No such parameter here (OGC API – Features Part 1, `/req/core/query-param-unknown`).
    #[error("{parameter}: unknown parameter; this resource takes {known}{}", nearest.as_ref().map(|name| format!("; did you mean {name}?")).unwrap_or_default())]
    Unknown {
        /// As given.
        parameter: String,
        /// What the resource takes.
        known: String,
        /// The known name closest to it.
        nearest: Option<String>,
    },
    /// Given twice.
    #[error("{parameter}: given more than once; a parameter may stand once")]
    Repeated {
        /// Which.
        parameter: String,
    },
    /// Percent-encoding that does not decode to UTF-8.
    #[error("{parameter}: {value} does not decode to UTF-8 text")]
    NotUtf8 {
        /// Which, or the part of the query where the name itself does not decode.
        parameter: String,
        /// As given.
        value: String,
    },
    /// Not a list of 4 or 6 numbers.
    #[error("{parameter}: {value:?} is not 4 or 6 numbers separated by commas (west,south,east,north or west,south,bottom,east,north,top)")]
    BboxForm {
        /// `bbox`.
        parameter: &'static str,
        /// As given.
        value: String,
    },
    /// Numbers that are not a box.
    #[error("bbox: {error}{}", swapped.map(|_| "; the order is west,south,east,north (longitude first)").unwrap_or_default())]
    Bbox {
        /// As given.
        value: String,
        /// Which edge breaks which rule.
        error: BboxError,
        /// The box with its axes swapped, where that is a valid one.
        swapped: Option<Bbox>,
    },
    /// Not an instant or interval.
    #[error("datetime: {error}")]
    Datetime {
        /// As given.
        value: String,
        /// Which rule it breaks.
        error: RfcError,
    },
    /// A filter that cannot be asked.
    #[error("filter: {error}")]
    Filter {
        /// As given.
        value: String,
        /// Where, and which rule it breaks.
        error: FilterError,
    },
    /// No reference system, or one that is not known.
    #[error("{parameter}: {error}")]
    Crs {
        /// Which.
        parameter: &'static str,
        /// As given.
        value: String,
        /// What is wrong with it.
        error: CrsError,
    },
    /// A value that a queryable cannot have.
    #[error("{parameter}: {value:?} is not {expected}")]
    Property {
        /// Which queryable.
        parameter: String,
        /// As given.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// Not a whole number in range.
    #[error("{parameter}: {value:?} is not a whole number of at least {least}")]
    Number {
        /// Which.
        parameter: &'static str,
        /// As given.
        value: String,
        /// The smallest number allowed.
        least: u32,
    },
    /// Not a whole number in range.
    #[error("{parameter}: {value:?} is not a whole number from {least} to {most}")]
    Range {
        /// Which.
        parameter: &'static str,
        /// As given.
        value: String,
        /// The smallest number allowed.
        least: u32,
        /// The greatest.
        most: u32,
    },
    /// Not one of a list.
    #[error("{parameter}: {value:?} is not one of {allowed}")]
    Choice {
        /// Which.
        parameter: String,
        /// As given.
        value: String,
        /// The values allowed.
        allowed: String,
    },
    /// A cursor that was not made by this server.
    #[error("cursor: {value:?} is not a cursor of this server; start again without it")]
    Cursor {
        /// As given.
        value: String,
    },
    /// A cursor that was made for another question.
    #[error("cursor: {value:?} belongs to another query; a cursor goes with the parameters of the page that it came from")]
    CursorQuery {
        /// As given.
        value: String,
    },
    /// Of another form than the parameter has.
    #[error("{parameter}: {value:?} is {rule}")]
    Malformed {
        /// Which.
        parameter: &'static str,
        /// As given, cut where it is long.
        value: String,
        /// What is wrong with it.
        rule: &'static str,
    },
    /// Two parameters that exclude each other.
    #[error("{parameter}: cannot stand together with {other}")]
    Conflict {
        /// The one.
        parameter: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Left out though needed.
    #[error("{parameter}: missing; {rule}")]
    Missing {
        /// Which.
        parameter: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// A name within a list that is not known.
    #[error("{parameter}: there is no {value:?} here; there are {known}{}", nearest.as_ref().map(|name| format!("; did you mean {name}?")).unwrap_or_default())]
    NoSuchName {
        /// Which.
        parameter: &'static str,
        /// As given.
        value: String,
        /// The names that can stand here.
        known: String,
        /// The known name closest to it.
        nearest: Option<String>,
    },
    /// A list longer than allowed.
    #[error("{parameter}: {given} given; at most {most} are looked for at once")]
    TooMany {
        /// Which.
        parameter: &'static str,
        /// How many.
        given: usize,
        /// The most allowed.
        most: usize,
    },
    /// A reference system that is not on offer.
    #[error("{parameter}: {value:?} is not one of {allowed}{}", meant.as_ref().map(|uri| format!("; did you mean {uri}?")).unwrap_or_default())]
    System {
        /// Which.
        parameter: &'static str,
        /// As given.
        value: String,
        /// The identifiers of those on offer.
        allowed: String,
        /// The identifier of the one that has this name.
        meant: Option<String>,
    },
    /// Numbers that are no box of their reference system.
    #[error("bbox: {rule}")]
    Window {
        /// As given.
        value: String,
        /// Which rule they break.
        rule: String,
    },
    /// No zoom level.
    #[error("zoom-level: {value:?} is not a number of at least 0, such as 7 or 7.5")]
    Zoom {
        /// As given.
        value: String,
    },
    /// Nothing to look for.
    #[error("q: {value:?} holds no letter or digit to look for")]
    NoWords {
        /// As given.
        value: String,
    },
    /// Longer than allowed.
    #[error("{parameter}: {length} bytes long; at most {most} are taken")]
    TooLong {
        /// Which.
        parameter: String,
        /// Its length in bytes.
        length: usize,
        /// The most allowed, in bytes.
        most: usize,
    },
}

impl QueryError {
    /// The name of the parameter at fault.
    pub fn parameter(&self) -> &str {
        match self {
            Self::Unknown { parameter, .. } | Self::Repeated { parameter } | Self::NotUtf8 { parameter, .. } => parameter,
            Self::Choice { parameter, .. } | Self::TooLong { parameter, .. } | Self::Property { parameter, .. } => parameter,
            Self::BboxForm { parameter, .. } | Self::Number { parameter, .. } | Self::Range { parameter, .. } => parameter,
            Self::Malformed { parameter, .. } => parameter,
            Self::Crs { parameter, .. } | Self::Conflict { parameter, .. } | Self::Missing { parameter, .. } => parameter,
            Self::NoSuchName { parameter, .. } | Self::TooMany { parameter, .. } => parameter,
            Self::System { parameter, .. } => parameter,
            Self::Bbox { .. } | Self::Window { .. } => "bbox",
            Self::Zoom { .. } => "zoom-level",
            Self::NoWords { .. } => "q",
            Self::Datetime { .. } => "datetime",
            Self::Filter { .. } => "filter",
            Self::Cursor { .. } | Self::CursorQuery { .. } => "cursor",
        }
    }

    /// The value as given, where there is one to show.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::NotUtf8 { value, .. } | Self::BboxForm { value, .. } | Self::Bbox { value, .. } => Some(value),
            Self::Datetime { value, .. } | Self::Number { value, .. } | Self::Choice { value, .. } => Some(value),
            Self::Filter { value, .. } | Self::Property { value, .. } | Self::Crs { value, .. } => Some(value),
            Self::Range { value, .. } | Self::Cursor { value } | Self::CursorQuery { value } => Some(value),
            Self::System { value, .. } | Self::Window { value, .. } => Some(value),
            Self::NoSuchName { value, .. } | Self::Zoom { value } | Self::NoWords { value } => Some(value),
            Self::Malformed { value, .. } => Some(value),
            _ => None,
        }
    }
}
