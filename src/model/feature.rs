//! One thing on the map, or off it.

use super::{
    Geometry,
    when::{Bounds, Instant},
};

/// The value of one property.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Not known.
    Null,
    /// Text, EDTF text or an address.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A civil day.
    Date(jiff::civil::Date),
    /// An instant.
    Timestamp(Instant),
    /// A list of texts.
    List(Vec<String>),
    /// A structure; boxed, since it alone would treble the size of every value.
    Json(Box<serde_json::Value>),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// `From` for the plain types that values are made of.
macro_rules! value_from {
    ($($from:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+};
}

value_from!(&str => Text, String => Text, i64 => Integer, u32 => Integer, f64 => Number, bool => Boolean,
    jiff::civil::Date => Date, Vec<String> => List, Box<serde_json::Value> => Json);

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        Self::Json(Box::new(value))
    }
}

/// A feature before it is stored: geometry, time and properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Unique in its collection; any text.
    pub id: String,
    /// Where; `None` for a feature that could not be placed.
    pub geometry: Option<Geometry>,
    /// When; `None` for one with no time.
    pub time: Option<Bounds>,
    /// One value for each property of the collection's schema, in its order.
    pub values: Vec<Value>,
}
