//! Why a filter cannot be asked.

use std::fmt;

use crate::model::{BboxError, GeometryError};

/// Where in a filter: a character of the text, or a member of the JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// Counted from 0.
    Character(usize),
    /// A JSON pointer (RFC 6901); empty for the whole.
    Member(String),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character(at) => write!(f, "at character {at}"),
            Self::Member(pointer) if pointer.is_empty() => f.write_str("at the top"),
            Self::Member(pointer) => write!(f, "at {pointer}"),
        }
    }
}

/// Why a filter cannot be asked; each message names the place and the rule.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FilterError {
    /// Something else is needed here.
    #[error("{at}: expected {expected}, found {found}")]
    Expected {
        /// Where.
        at: At,
        /// What.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// Not JSON.
    #[error("at character {at}: not JSON: {message}")]
    Json {
        /// Counted from 0.
        at: usize,
        /// What the reader of JSON says.
        message: String,
    },
    /// No such queryable.
    #[error("{at}: there is no property {name:?} to filter by{}", hint(nearest.as_deref()))]
    Property {
        /// Where.
        at: At,
        /// As given.
        name: String,
        /// The closest name.
        nearest: Option<String>,
    },
    /// No such function or operator.
    #[error("{at}: there is no function {name:?}; /functions lists them{}", hint(nearest.as_deref()))]
    Function {
        /// Where.
        at: At,
        /// As given.
        name: String,
        /// The closest name.
        nearest: Option<String>,
    },
    /// Too few or too many arguments.
    #[error("{at}: {name} takes {expected} arguments, found {found}")]
    Arguments {
        /// Where.
        at: At,
        /// Of what.
        name: String,
        /// How many it takes.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// An operand of another type than the rule asks for.
    #[error("{at}: {operand} must be {expected}, found {found}")]
    Type {
        /// Where.
        at: At,
        /// Which operand of what.
        operand: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// Two operands that cannot be compared.
    #[error("{at}: {operator} compares values of one type, found {left} and {right}")]
    Compare {
        /// Where the second operand stands.
        at: At,
        /// The operator.
        operator: &'static str,
        /// Type of the first operand.
        left: &'static str,
        /// Type of the second.
        right: &'static str,
    },
    /// A time that cannot be read.
    #[error("{at}: {message}")]
    Time {
        /// Where.
        at: At,
        /// The rule it breaks.
        message: String,
    },
    /// A box that is none.
    #[error("{at}: BBOX: {error}")]
    Bbox {
        /// Where.
        at: At,
        /// The rule it breaks.
        error: BboxError,
    },
    /// Coordinates that are no geometry.
    #[error("{at}: {error}")]
    Geometry {
        /// Where.
        at: At,
        /// The rule they break.
        error: GeometryError,
    },
    /// Coordinates outside the reference system.
    #[error("{at}: {message}")]
    Coordinates {
        /// Where.
        at: At,
        /// The rule they break.
        message: String,
    },
    /// Nested too deep.
    #[error("{at}: nested deeper than {most} levels")]
    Deep {
        /// Where.
        at: At,
        /// The most allowed.
        most: usize,
    },
    /// Too many parts.
    #[error("{at}: a filter has {most} parts at the most")]
    Large {
        /// Where the first part too many stands.
        at: At,
        /// The most allowed.
        most: usize,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}
