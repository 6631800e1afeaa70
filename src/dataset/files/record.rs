//! What readers push: records, faults and notes.

use std::{borrow::Cow, io, io::BufRead, ops::ControlFlow, sync::Arc};

use super::fault::{Rule, Spot};
use crate::model::Geometry;

/// A value as a file has it, before the types of the columns are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw<'a> {
    /// Nothing.
    Null,
    /// A cell of a table: its type is whatever all cells of its column allow.
    Cell(Cow<'a, str>),
    /// A cell that is a number with a decimal comma, in a table that has semicolons between its cells.
    Decimal(Cow<'a, str>),
    /// A text that the file marks as one.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// An array of texts, as JSON.
    List(String),
    /// Any other array or object, as JSON.
    Json(String),
}

#[cfg(test)]
impl Raw<'_> {
    /// The same, kept for longer than the file.
    pub(super) fn into_owned(self) -> Raw<'static> {
        match self {
            Raw::Null => Raw::Null,
            Raw::Cell(text) => Raw::Cell(text.into_owned().into()),
            Raw::Decimal(text) => Raw::Decimal(text.into_owned().into()),
            Raw::Text(text) => Raw::Text(text.into_owned().into()),
            Raw::Integer(number) => Raw::Integer(number),
            Raw::Number(number) => Raw::Number(number),
            Raw::Boolean(is) => Raw::Boolean(is),
            Raw::List(json) => Raw::List(json),
            Raw::Json(json) => Raw::Json(json),
        }
    }
}

/// One record of a file.
#[derive(Debug, PartialEq)]
pub(super) struct Record<'a> {
    /// Where it stands.
    pub(super) spot: Spot,
    /// Its id, where the format has one.
    pub(super) id: Option<Cow<'a, str>>,
    /// Its geometry, checked.
    pub(super) geometry: Option<Geometry>,
    /// The name that says where it is, and the country beside it, where the file gives no geometry.
    pub(super) place: Option<PlaceName<'a>>,
    /// Its properties, in the file's order; names are unique within a record but for what JSON allows: there the last counts.
    pub(super) properties: Vec<(Cow<'a, str>, Raw<'a>)>,
}

/// A name to look up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlaceName<'a> {
    /// As written.
    pub(super) name: &'a str,
    /// The country, by code or name, where the record has one.
    pub(super) country: Option<&'a str>,
}

/// Reads the bytes of one record and pushes what stands in them.
pub(super) type Decode = Arc<dyn Fn(&[u8], Spot, &mut Sink<'_>) -> Result<(), Stop> + Send + Sync>;

/// What a reader pushes.
pub(super) enum Item<'a> {
    /// The bytes of a record, which are decoded later and elsewhere: a reader that can tell where its records end pushes them so.
    Frame {
        /// Where it stands.
        spot: Spot,
        /// Its bytes.
        bytes: &'a [u8],
        /// What reads them.
        decode: &'a Decode,
    },
    /// A good record.
    Record(Record<'a>),
    /// Something that is not one.
    Fault(Spot, Rule),
    /// Something that the user should know of the whole file.
    Note(String),
    /// What a property is called to a reader.
    Title {
        /// The property.
        column: &'a str,
        /// What it is called.
        title: &'a str,
    },
}

/// Takes what a reader finds; `Break` ends the reading.
pub(super) type Sink<'s> = dyn FnMut(Item<'_>) -> ControlFlow<()> + 's;

/// Reads a stream from its beginning, past any byte order mark.
pub(super) type Reader = fn(&mut dyn BufRead, &mut Sink<'_>) -> Result<(), Stop>;

/// Why reading ended before the end of the file.
#[derive(Debug)]
pub(super) enum Stop {
    /// The sink asked for it.
    Asked,
    /// The stream failed.
    Io(io::Error),
    /// The coordinates are in a reference system that is not read: its name.
    System(String),
    /// The coordinates that were read are in another system than the file had said by then: its name.
    LateSystem(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Why a file that is read by its path is not read, or not to its end.
pub(super) enum End {
    /// As the sink or the file asks.
    Stop(Stop),
    /// What is at fault ends it.
    Fault(Spot, Rule),
}

impl From<Stop> for End {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<Rule> for End {
    fn from(rule: Rule) -> Self {
        Self::Fault(Spot::default(), rule)
    }
}

/// Pushes an item.
pub(super) fn push(sink: &mut Sink<'_>, item: Item<'_>) -> Result<(), Stop> {
    match sink(item) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Stop::Asked),
    }
}
