//! Properties by column: one typed array for each property, in the order of the table.

use jiff::civil::Date;

use crate::model::{Kind, Value, when::Instant};

/// Texts one after another, each with its end.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    ends: Vec<u64>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
    }

    pub(super) fn get(&self, position: u32) -> &str {
        let position = position as usize;
        let start = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        &self.bytes[start..self.ends[position] as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// One bit for each position.
#[derive(Debug, Default)]
struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if bit {
            *self.words.last_mut().expect("a word was just pushed") |= 1 << (self.len % 64);
        }
        self.len += 1;
    }

    fn get(&self, position: u32) -> bool {
        self.words[position as usize / 64] >> (position % 64) & 1 == 1
    }
}

/// The values of one property.
#[derive(Debug)]
pub(super) struct Column {
    known: Bits,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Text(Texts),
    Integer(Vec<i64>),
    Number(Vec<f64>),
    Boolean(Bits),
    Date(Vec<Date>),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(Vec<i64>),
    /// JSON text, written once when the table is built and verbatim into every answer.
    Json(Texts),
}

/// One value as a reader sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Not known.
    Null,
    /// Text, EDTF text or an address.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A civil day.
    Date(Date),
    /// An instant.
    Timestamp(Instant),
    /// A list or structure, as JSON text.
    Json(&'a str),
}

impl Column {
    pub(super) fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text | Kind::Edtf | Kind::Uri => Values::Text(Texts::default()),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Boolean => Values::Boolean(Bits::default()),
            Kind::Date => Values::Date(Vec::new()),
            Kind::Timestamp => Values::Timestamp(Vec::new()),
            Kind::List | Kind::Json => Values::Json(Texts::default()),
        };
        Self { known: Bits::default(), values }
    }

    /// Adds the value of the next position. A value of another type than the column's counts as not known: the data path has
    /// checked types before, so this is the last net, not the rule.
    pub(super) fn push(&mut self, value: &Value) {
        let known = match (&mut self.values, value) {
            (Values::Text(texts), Value::Text(text)) => {
                texts.push(text);
                true
            }
            (Values::Integer(values), Value::Integer(value)) => {
                values.push(*value);
                true
            }
            (Values::Number(values), Value::Number(value)) if value.is_finite() => {
                values.push(*value);
                true
            }
            (Values::Number(values), Value::Integer(value)) => {
                values.push(*value as f64);
                true
            }
            (Values::Boolean(values), Value::Boolean(value)) => {
                values.push(*value);
                true
            }
            (Values::Date(values), Value::Date(value)) => {
                values.push(*value);
                true
            }
            (Values::Timestamp(values), Value::Timestamp(value)) => {
                values.push(value.as_millis());
                true
            }
            (Values::Json(texts), Value::List(list)) => {
                texts.push(&serde_json::Value::from(list.as_slice()).to_string());
                true
            }
            (Values::Json(texts), Value::Json(json)) => {
                texts.push(&json.to_string());
                true
            }
            (values, _) => {
                values.push_blank();
                false
            }
        };
        self.known.push(known);
    }

    pub(super) fn get(&self, position: u32) -> Cell<'_> {
        if !self.known.get(position) {
            return Cell::Null;
        }
        let at = position as usize;
        match &self.values {
            Values::Text(texts) => Cell::Text(texts.get(position)),
            Values::Integer(values) => Cell::Integer(values[at]),
            Values::Number(values) => Cell::Number(values[at]),
            Values::Boolean(values) => Cell::Boolean(values.get(position)),
            Values::Date(values) => Cell::Date(values[at]),
            Values::Timestamp(values) => Cell::Timestamp(Instant::from_millis(values[at])),
            Values::Json(texts) => Cell::Json(texts.get(position)),
        }
    }
}

impl Values {
    fn push_blank(&mut self) {
        match self {
            Self::Text(texts) | Self::Json(texts) => texts.push(""),
            Self::Integer(values) | Self::Timestamp(values) => values.push(0),
            Self::Number(values) => values.push(0.0),
            Self::Boolean(values) => values.push(false),
            Self::Date(values) => values.push(Date::ZERO),
        }
    }
}
