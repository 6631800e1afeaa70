//! Reading a TOML file record by record and field by field, so that every mistake is found, not only the first.

use std::{collections::BTreeMap, rc::Rc};

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use crate::{
    dataset::{
        File,
        check::{Rule, Violation, nearest},
    },
    model::{Text, when::When},
};

/// Where a record stands, for messages about it long after it was read.
#[derive(Debug, Clone)]
pub(in crate::dataset) struct Origin {
    file: String,
    record: String,
    line: usize,
    lines: BTreeMap<String, usize>,
}

impl Origin {
    /// The violation of a rule by a field; by the record as a whole where `field` is empty.
    pub(in crate::dataset) fn breaks(&self, field: &str, rule: Rule) -> Violation {
        let line = self.lines.get(field).copied().unwrap_or(self.line);
        Violation { file: self.file.clone(), line: Some(line), record: self.record.clone(), field: field.to_owned(), rule }
    }

    /// Whether the record has the field, however wrong.
    pub(in crate::dataset) fn has(&self, field: &str) -> bool {
        self.lines.contains_key(field)
    }

    /// File and line of the record.
    pub(in crate::dataset) fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// The file's name without folder and extension.
    pub(in crate::dataset) fn stem(&self) -> &str {
        let name = self.file.rsplit('/').next().unwrap_or(&self.file);
        name.strip_suffix(".toml").unwrap_or(name)
    }
}

/// A record that is being read: fields are taken out of it; what is left at the end is unknown.
pub(in crate::dataset) struct Fields<'f, 'v> {
    lines: Lines,
    origin: Origin,
    left: BTreeMap<String, Spanned<DeValue<'f>>>,
    /// Fields that were asked for: those that the format has.
    asked: Vec<String>,
    found: &'v mut Vec<Violation>,
}

impl<'f, 'v> Fields<'f, 'v> {
    /// The top level of a file.
    pub(in crate::dataset) fn of_file(file: File<'f>, found: &'v mut Vec<Violation>) -> Self {
        let lines = Lines::of(file.text);
        let (table, errors) = DeTable::parse_recoverable(file.text);
        for error in errors {
            let line = error.span().map(|span| lines.line(span.start));
            let rule = Rule::Syntax(error.message().to_owned());
            found.push(Violation { line, ..Violation::of_file(file.name, rule) });
        }
        let origin = Origin { file: file.name.to_owned(), record: String::new(), line: 1, lines: BTreeMap::new() };
        Self::new(lines, origin, table.into_inner(), found)
    }

    fn new(lines: Lines, mut origin: Origin, table: DeTable<'f>, found: &'v mut Vec<Violation>) -> Self {
        let mut left = BTreeMap::new();
        for (key, value) in table {
            origin.lines.insert(key.get_ref().to_string(), lines.line(key.span().start));
            left.insert(key.into_inner().into_owned(), value);
        }
        Self { lines, origin, left, asked: Vec::new(), found }
    }

    /// Reports a rule that a field breaks.
    pub(in crate::dataset) fn breaks(&mut self, field: &str, rule: impl Into<Rule>) {
        self.found.push(self.origin.breaks(field, rule.into()));
    }

    /// Reports those of the fields that are not there.
    pub(in crate::dataset) fn require(&mut self, fields: &[&str]) {
        for field in fields {
            if !self.left.contains_key(*field) {
                self.breaks(field, Rule::Missing);
            }
        }
    }

    /// Whether more mistakes than so many have been found.
    pub(in crate::dataset) fn has_found(&self, count: usize) -> bool {
        self.found.len() > count
    }

    /// Whether the field is there and was not taken.
    pub(in crate::dataset) fn has(&self, field: &str) -> bool {
        self.left.contains_key(field)
    }

    /// Takes a field, which is known from then on.
    fn value(&mut self, field: &str) -> Option<Spanned<DeValue<'f>>> {
        self.asked.push(field.to_owned());
        let value = self.left.remove(field)?;
        let span = value.span();
        Some(match value.into_inner() {
            // TOML's own dates are written without quotes; here they are what they would be within.
            DeValue::Datetime(date) => Spanned::new(span, DeValue::String(date.to_string().into())),
            other => Spanned::new(span, other),
        })
    }

    /// A text that is the same in every language, or one for each (`{ en = …, fr = … }`).
    pub(in crate::dataset) fn words(&mut self, field: &str) -> Option<Text> {
        if self.is_text(field) { self.text(field).map(Text::plain) } else { self.take(field) }
    }

    /// A text, or a list of them.
    pub(in crate::dataset) fn texts(&mut self, field: &str) -> Vec<String> {
        if self.is_text(field) { self.text(field).into_iter().collect() } else { self.take(field).unwrap_or_default() }
    }

    /// Whether the field is there and is a text.
    pub(in crate::dataset) fn is_text(&self, field: &str) -> bool {
        self.left.get(field).is_some_and(|value| matches!(value.get_ref(), DeValue::String(_)))
    }

    /// A field of any type that can be read.
    pub(in crate::dataset) fn take<T: DeserializeOwned>(&mut self, field: &str) -> Option<T> {
        let value = self.value(field)?;
        let read = T::deserialize(ValueDeserializer::from(value));
        read.map_err(|error| self.breaks(field, Rule::Type(error.message().to_owned()))).ok()
    }

    /// A text that is not empty.
    pub(in crate::dataset) fn text(&mut self, field: &str) -> Option<String> {
        let text: String = self.take(field)?;
        if text.trim().is_empty() {
            self.breaks(field, Rule::Empty);
            return None;
        }
        Some(text)
    }

    /// A text in English, with its French beside it under the same name and `_fr`.
    pub(in crate::dataset) fn both(&mut self, field: &'static str, field_fr: &'static str) -> Option<Text> {
        let (has, has_fr) = (self.has(field), self.has(field_fr));
        if has != has_fr {
            let (given, other) = if has { (field, field_fr) } else { (field_fr, field) };
            self.breaks(given, Rule::Needs(other));
        }
        let (en, fr) = (self.text(field), self.text(field_fr));
        en.map(|en| Text { en, fr })
    }

    /// An id: lower-case ASCII letters, digits and hyphens.
    pub(in crate::dataset) fn id(&mut self, field: &str) -> Option<String> {
        let id = self.text(field)?;
        if !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            self.breaks(field, Rule::Id(id));
            return None;
        }
        Some(id)
    }

    /// A date, certain or not.
    pub(in crate::dataset) fn when(&mut self, field: &str) -> Option<When> {
        let text = self.text(field)?;
        text.parse().map_err(|error: crate::model::when::WhenError| self.breaks(field, error)).ok()
    }

    /// One day.
    pub(in crate::dataset) fn day(&mut self, field: &str) -> Option<Date> {
        let when = self.when(field)?;
        let day = when.first_day().filter(|_| when.is_single_day());
        if day.is_none() {
            self.breaks(field, Rule::NotOneDay(when.as_str().to_owned()));
        }
        day
    }

    /// The record `[field]`, to be read in turn.
    pub(in crate::dataset) fn record<'s>(&'s mut self, field: &str) -> Option<Fields<'f, 's>> {
        let value = self.value(field)?;
        self.nested(field, field.to_owned(), value)
    }

    /// The records `[[field]]`, each given to `read` in turn; named by their number, counted from 1, until they have an id.
    pub(in crate::dataset) fn records<T>(&mut self, field: &str, mut read: impl FnMut(Fields<'f, '_>) -> T) -> Vec<T> {
        let Some(value) = self.value(field) else { return Vec::new() };
        let DeValue::Array(tables) = value.into_inner() else {
            self.breaks(field, Rule::Type(format!("expected [[{field}]]")));
            return Vec::new();
        };
        let mut records = Vec::new();
        for (number, table) in (1..).zip(tables) {
            records.extend(self.nested(field, format!("{field} {number}"), table).map(&mut read));
        }
        records
    }

    fn nested<'s>(&'s mut self, field: &str, record: String, value: Spanned<DeValue<'f>>) -> Option<Fields<'f, 's>> {
        let line = self.lines.line(value.span().start);
        let DeValue::Table(table) = value.into_inner() else {
            self.breaks(field, Rule::Type("expected a table: { name = value, … }".to_owned()));
            return None;
        };
        // A property's record is named after its collection's: `collection bases, property 3`.
        let outer = Some(&self.origin.record).filter(|outer| !outer.is_empty());
        let record = outer.map(|outer| format!("{outer}, {record}")).unwrap_or(record);
        let origin = Origin { file: self.origin.file.clone(), record, line, lines: BTreeMap::new() };
        Some(Fields::new(self.lines.clone(), origin, table, self.found))
    }

    /// Names the record in messages by what it says of itself.
    pub(in crate::dataset) fn name(&mut self, id: Option<&str>) {
        let Some(id) = id else { return };
        let (outer, own) = self.origin.record.rsplit_once(", ").unwrap_or(("", &self.origin.record));
        let kind = own.split(' ').next().unwrap_or_default();
        let separator = if outer.is_empty() { "" } else { ", " };
        self.origin.record = format!("{outer}{separator}{kind} {id}");
    }

    /// Reports every field that was not taken, and says where the record stands.
    pub(in crate::dataset) fn finish(mut self) -> Origin {
        let asked = std::mem::take(&mut self.asked);
        let known = asked.iter().map(String::as_str).filter(|field| !self.origin.has(field)).collect::<Vec<_>>();
        for field in std::mem::take(&mut self.left).into_keys() {
            let rule = nearest(&field, &known).map_or(Rule::UnknownField, Rule::UnknownNear);
            self.found.push(self.origin.breaks(&field, rule));
        }
        self.origin
    }
}

/// Where the lines of a file end, in bytes.
#[derive(Debug, Clone)]
struct Lines(Rc<[usize]>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(byte, _)| byte).collect())
    }

    /// The line of a byte, counted from 1.
    fn line(&self, byte: usize) -> usize {
        1 + self.0.partition_point(|end| *end < byte)
    }
}
