//! The columns of a header, and the values of a feature in them.

use std::borrow::Cow;

use ::flatgeobuf::{Column as Table, ColumnType};

use super::{
    super::{name::unique, record::Raw},
    Rule, damaged,
};

/// Columns at the most: as many as a collection has properties.
const MOST: usize = 2_000;

/// The columns, in the file's order.
#[derive(Debug)]
pub(super) struct Columns(Vec<Column>);

#[derive(Debug)]
struct Column {
    name: String,
    kind: ColumnType,
}

impl Columns {
    /// Reads them; a name that stands twice is numbered.
    pub(super) fn new<'a>(tables: impl Iterator<Item = Table<'a>>) -> Result<Self, Rule> {
        let mut names: Vec<String> = Vec::new();
        let mut columns = Vec::new();
        for table in tables {
            let (name, kind) = (table.name(), table.type_());
            if columns.len() == MOST {
                return Err(Rule::TooManyProperties(MOST));
            }
            if kind.variant_name().is_none() {
                return Err(damaged(format!("column {name:?} is of type {}, which there is not", kind.0)));
            }
            let name = unique(name, &names, '_');
            names.push(name.clone());
            columns.push(Column { name, kind });
        }
        Ok(Self(columns))
    }

    /// Whether some hold what is no value of a property.
    pub(super) fn has_binary(&self) -> bool {
        self.0.iter().any(|column| column.kind == ColumnType::Binary)
    }

    /// The values of a feature: the number of a column and what it holds, again and again. A column that is not named is null.
    pub(super) fn read<'f>(&'f self, bytes: &'f [u8]) -> Result<Vec<(Cow<'f, str>, Raw<'f>)>, Rule> {
        let named = self.0.iter().map(|column| (Cow::Borrowed(column.name.as_str()), Raw::Null));
        let mut values = named.collect::<Vec<_>>();
        let mut bytes = Bytes(bytes);
        // Some writers leave a byte after the last value.
        while bytes.0.len() > 1 {
            let index = usize::from(bytes.array().map(u16::from_le_bytes).unwrap_or_default());
            let Some(column) = self.0.get(index) else {
                return Err(damaged(format!("a value of column {index}, counted from 0, where {} are", self.0.len())));
            };
            values[index].1 = column.value(&mut bytes)?;
        }
        if self.has_binary() {
            let mut kinds = self.0.iter().map(|column| column.kind);
            values.retain(|_| kinds.next() != Some(ColumnType::Binary));
        }
        Ok(values)
    }
}

impl Column {
    fn value<'f>(&self, bytes: &mut Bytes<'f>) -> Result<Raw<'f>, Rule> {
        let value = match self.kind {
            ColumnType::Byte => bytes.array().map(|[byte]| Raw::Integer(i8::from_le_bytes([byte]).into())),
            ColumnType::UByte => bytes.array().map(|[byte]| Raw::Integer(byte.into())),
            ColumnType::Bool => bytes.array().map(|[byte]| Raw::Boolean(byte != 0)),
            ColumnType::Short => bytes.array().map(|bytes| Raw::Integer(i16::from_le_bytes(bytes).into())),
            ColumnType::UShort => bytes.array().map(|bytes| Raw::Integer(u16::from_le_bytes(bytes).into())),
            ColumnType::Int => bytes.array().map(|bytes| Raw::Integer(i32::from_le_bytes(bytes).into())),
            ColumnType::UInt => bytes.array().map(|bytes| Raw::Integer(u32::from_le_bytes(bytes).into())),
            ColumnType::Long => bytes.array().map(|bytes| Raw::Integer(i64::from_le_bytes(bytes))),
            ColumnType::ULong => bytes.array().map(|bytes| unsigned(u64::from_le_bytes(bytes))),
            ColumnType::Float => bytes.array().map(|bytes| single(f32::from_le_bytes(bytes))),
            ColumnType::Double => bytes.array().map(|bytes| number(f64::from_le_bytes(bytes))),
            ColumnType::Binary => bytes.counted().map(|_| Raw::Null),
            _ => match bytes.counted() {
                Some(text) => Some(self.text(text)?),
                None => None,
            },
        };
        value.ok_or_else(|| damaged(format!("column {:?}: its value goes beyond the end of the feature", self.name)))
    }

    /// A text, a date, or JSON.
    fn text<'f>(&self, bytes: &'f [u8]) -> Result<Raw<'f>, Rule> {
        let text = std::str::from_utf8(bytes).map_err(|_| damaged(format!("column {:?}: its value is not UTF-8", self.name)))?;
        if self.kind != ColumnType::Json {
            return Ok(Raw::Text(Cow::Borrowed(text)));
        }
        serde_json::from_str(text).map_err(|error| match error.to_string() {
            message if message.starts_with("recursion limit") => Rule::TooDeep,
            message => Rule::Json(format!("column {:?}: {message}", self.name)),
        })
    }
}

/// Beyond 64 bits with a sign, only the digits are exact.
fn unsigned<'a>(number: u64) -> Raw<'a> {
    i64::try_from(number).map_or_else(|_| Raw::Text(number.to_string().into()), Raw::Integer)
}

/// What is no number, or not finite, is nothing.
fn number<'a>(number: f64) -> Raw<'a> {
    if number.is_finite() { Raw::Number(number) } else { Raw::Null }
}

/// A number of 32 bits in its shortest digits: 0.1 is not 0.10000000149011612.
fn single<'a>(short: f32) -> Raw<'a> {
    number(short.to_string().parse().unwrap_or_else(|_| short.into()))
}

/// What is left of the values.
struct Bytes<'f>(&'f [u8]);

impl<'f> Bytes<'f> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    /// Bytes with their count before them.
    fn counted(&mut self) -> Option<&'f [u8]> {
        let count = usize::try_from(u32::from_le_bytes(self.array()?)).ok()?;
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }
}
