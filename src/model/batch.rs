//! Features by column, in the order in which they came.

use super::{
    Bits, Cell, Column, Feature, Geometry, Schema, Texts, Value, Values,
    when::{Bounds, Instant},
    wkb,
};

/// Features before they are stored, column by column: a twentieth of what as many [`Feature`]s take.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// The id of each; unique.
    pub ids: Texts,
    /// The shape of each.
    pub shapes: ShapeColumn,
    /// The time of each.
    pub times: TimeColumn,
    /// The properties, in the order of the schema.
    pub columns: Vec<Column>,
}

/// Shapes one after another as [`wkb`], each with its end; those without one take no room beyond it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ShapeColumn {
    bytes: Vec<u8>,
    ends: Vec<u64>,
}

/// Times one after another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimeColumn {
    times: Times,
    len: usize,
}

/// Times, in as little room as they need.
#[derive(Debug, Clone, Default, PartialEq)]
enum Times {
    /// None is known.
    #[default]
    Unknown,
    /// All that are known are whole days, in a tenth of the room.
    Days {
        /// Days since 1970-01-01; 0 for those not known.
        days: Vec<i32>,
        /// Which are known.
        known: Bits,
    },
    /// Some are something else.
    Bounds(Vec<Option<Bounds>>),
}

impl Batch {
    /// No features yet, of a schema.
    pub fn new(schema: &Schema) -> Self {
        Self { columns: schema.properties.iter().map(|property| Column::new(property.kind)).collect(), ..Self::default() }
    }

    /// Features whose values are in the order of the schema.
    pub fn from_features<'a>(schema: &Schema, features: impl IntoIterator<Item = &'a Feature>) -> Self {
        let mut batch = Self::new(schema);
        features.into_iter().for_each(|feature| batch.push(feature));
        batch
    }

    /// Adds a feature.
    pub fn push(&mut self, feature: &Feature) {
        self.ids.push(&feature.id);
        self.shapes.push(feature.geometry.as_ref());
        self.times.push(feature.time);
        self.columns.iter_mut().zip(&feature.values).for_each(|(column, value)| column.push(value));
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The feature at a position.
    pub fn feature(&self, position: usize) -> Feature {
        let value = |column: &Column| match column.get(position) {
            Cell::Null => Value::Null,
            Cell::Text(text) => Value::Text(text.to_owned()),
            Cell::Integer(value) => Value::Integer(value),
            Cell::Number(value) => Value::Number(value),
            Cell::Boolean(value) => Value::Boolean(value),
            Cell::Date(date) => Value::Date(date),
            Cell::Timestamp(instant) => Value::Timestamp(instant),
            Cell::Json(text) if matches!(column.values, Values::List(_)) => Value::List(serde_json::from_str(text).unwrap_or_default()),
            Cell::Json(text) => Value::from(serde_json::from_str::<serde_json::Value>(text).unwrap_or_default()),
        };
        Feature {
            id: self.ids.get(position).to_owned(),
            geometry: self.shapes.get(position),
            time: self.times.get(position),
            values: self.columns.iter().map(value).collect(),
        }
    }

    /// Every feature, in order.
    pub fn features(&self) -> impl Iterator<Item = Feature> {
        (0..self.len()).map(|position| self.feature(position))
    }
}

impl ShapeColumn {
    /// Adds the shape of the next position; one without coordinates stands for none (RFC 7946, clause 3.1).
    pub fn push(&mut self, geometry: Option<&Geometry>) {
        if let Some(geometry) = geometry.filter(|geometry| !geometry.is_empty()) {
            wkb::write(&mut self.bytes, geometry);
        }
        self.ends.push(self.bytes.len() as u64);
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: &Self) {
        let before = self.bytes.len() as u64;
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// The shape at a position, as WKB.
    pub fn wkb(&self, position: usize) -> Option<&[u8]> {
        let start = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        let bytes = &self.bytes[start..self.ends[position] as usize];
        (!bytes.is_empty()).then_some(bytes)
    }

    /// The shape at a position.
    pub fn get(&self, position: usize) -> Option<Geometry> {
        self.wkb(position).and_then(wkb::read)
    }

    /// How many positions there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Every shape as WKB, in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&[u8]>> {
        (0..self.len()).map(|position| self.wkb(position))
    }

    /// Leaves out the positions for which `keep` is false.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let mut kept = Self::default();
        for (position, shape) in self.iter().enumerate().filter(|(position, _)| keep(*position)) {
            debug_assert!(position < self.len());
            kept.bytes.extend_from_slice(shape.unwrap_or_default());
            kept.ends.push(kept.bytes.len() as u64);
        }
        *self = kept;
    }
}

impl TimeColumn {
    /// Adds the time of the next position.
    pub fn push(&mut self, time: Option<Bounds>) {
        let day = time.map(|time| time.day());
        match (&mut self.times, day) {
            (Times::Unknown, None) => {}
            (Times::Unknown, Some(Some(_))) => {
                self.times = Times::Days { days: vec![0; self.len], known: std::iter::repeat_n(false, self.len).collect() };
            }
            (Times::Unknown | Times::Days { .. }, Some(None)) => {
                self.times = Times::Bounds((0..self.len).map(|position| self.get(position)).collect());
            }
            (Times::Days { .. }, None | Some(Some(_))) | (Times::Bounds(_), _) => {}
        }
        match &mut self.times {
            Times::Unknown => {}
            Times::Days { days, known } => {
                days.push(day.flatten().unwrap_or_default());
                known.push(day.is_some());
            }
            Times::Bounds(times) => times.push(time),
        }
        self.len += 1;
    }

    /// The time at a position.
    pub fn get(&self, position: usize) -> Option<Bounds> {
        match &self.times {
            Times::Unknown => None,
            Times::Days { days, known } => known.get(position).then(|| Bounds::of_day(days[position])),
            Times::Bounds(times) => times.get(position).copied().flatten(),
        }
    }

    /// Whether any time is known.
    pub fn is_dated(&self) -> bool {
        !matches!(self.times, Times::Unknown)
    }

    /// The days since 1970-01-01, and which of them are known, where all that are known are whole days.
    pub fn days(&self) -> Option<(&[i32], &Bits)> {
        match &self.times {
            Times::Days { days, known } => Some((days, known)),
            Times::Unknown | Times::Bounds(_) => None,
        }
    }

    /// Every known time.
    pub fn known(&self) -> impl Iterator<Item = Bounds> {
        (0..if self.is_dated() { self.len } else { 0 }).filter_map(|position| self.get(position))
    }

    /// From the earliest possible start to the latest possible end of them all.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        self.known().fold(None, |span, time| {
            let (start, end) = span.unwrap_or((time.earliest_start, time.latest_end));
            Some((start.min(time.earliest_start), end.max(time.latest_end)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Position, Property};

    #[test]
    fn times_come_back_whatever_comes_after_them() {
        let (day, other) = (Bounds::of_day(19_000), Bounds::certain(Instant::from_millis(5), Instant::from_millis(6)));
        for times in [&[None, Some(day), None, Some(day)][..], &[Some(day), None, Some(other), Some(day)], &[None, Some(other)], &[None]] {
            let mut column = TimeColumn::default();
            times.iter().for_each(|time| column.push(*time));
            assert_eq!((0..times.len()).map(|position| column.get(position)).collect::<Vec<_>>(), times);
            assert_eq!(column.known().collect::<Vec<_>>(), times.iter().flatten().copied().collect::<Vec<_>>());
            assert_eq!(column.is_dated(), times.iter().any(Option::is_some));
            assert_eq!(column.days().is_some(), times.contains(&Some(day)) && !times.contains(&Some(other)));
        }
        assert_eq!((day.day(), other.day()), (Some(19_000), None));
    }

    #[test]
    fn features_come_back_as_they_went_in() {
        let property = |name: &str, kind| Property::new(name, kind);
        let schema = Schema { properties: vec![property("a", super::super::Kind::Text), property("b", super::super::Kind::List)] };
        let time = Bounds::certain(Instant::from_millis(5), Instant::from_millis(6));
        let feature = |id: &str, geometry, time, values| Feature { id: id.into(), geometry, time, values };
        let features = [
            feature("x", None, None, vec![Value::Null, Value::List(vec!["l".into()])]),
            feature("ý", Some(Geometry::point(Position { lon: 1.0, lat: 2.0 })), Some(time), vec!["t".into(), Value::Null]),
            feature("z", None, None, vec!["".into(), Value::Null]),
        ];
        let mut batch = Batch::from_features(&schema, &features);
        assert_eq!(batch.features().collect::<Vec<_>>(), features);
        assert_eq!(batch.times.span(), Some((Instant::from_millis(5), Instant::from_millis(6))));
        batch.shapes.retain(|position| position > 0);
        assert_eq!(batch.shapes.iter().map(|shape| shape.is_some()).collect::<Vec<_>>(), [true, false]);
    }
}
