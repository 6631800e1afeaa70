//! Tables that are kept elsewhere and read when they are asked: what they are to the page and the API, as if they were files.

use super::{
    folder::PageWishes,
    guess, map,
    name::{slug_of, title_of, unique},
    time::{self, Derived, Time, is_time},
};
use crate::{
    dataset::{LayerTime, MapConfig, MapLayer, Timeline},
    model::{
        Cell, Collection, Feature, GeometryKind, Kind, Lang, Property, Rect, Schema, Text, Value,
        when::{Bounds, Instant},
    },
};

/// A column of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideColumn {
    /// Its name there.
    pub name: String,
    /// The type of its values.
    pub kind: Kind,
    /// What it means, where that is known.
    pub description: Option<String>,
    /// Unit of its numbers.
    pub unit: Option<String>,
}

/// Which columns date a record, by their positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dating {
    /// One.
    Instant(usize),
    /// A start and an end.
    Interval(usize, usize),
}

/// A property that is made of a record's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// Its first possible day.
    First,
    /// Its last possible day.
    Last,
    /// From the first to the last day, as EDTF.
    Span,
}

/// What a table says of itself.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Its name, of which its id and its title are made.
    pub name: String,
    /// The id, where it is another one.
    pub id: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// How many records it has.
    pub records: u64,
}

/// A table that is kept elsewhere, as a collection: the properties are its columns in order, and after them what is made of its time.
#[derive(Debug, Clone)]
pub struct Outside {
    /// The collection.
    pub collection: Collection,
    time: Option<Time>,
    kinds: Vec<Kind>,
    derived: Vec<(String, Kind, Derived)>,
    names: Vec<String>,
}

impl Outside {
    /// The collection of a table; `dating` names the columns that date its records, else they are found by their names and types.
    pub fn new(about: About, geometry: GeometryKind, columns: &[OutsideColumn], dating: Option<Dating>) -> Self {
        let plain = columns.iter().map(|column| (column.name.as_str(), column.kind)).collect::<Vec<_>>();
        let time = match dating {
            Some(Dating::Instant(at)) => Some(Time::Instant(at)),
            Some(Dating::Interval(start, end)) => Some(Time::Interval(start, end)),
            None => time::find(&plain).0,
        };
        let mut taken = ["id", "geometry"].map(str::to_owned).to_vec();
        let mut take = |name: &str| {
            let name = unique(name, &taken, '_');
            taken.push(name.clone());
            name
        };
        let names = columns.iter().map(|column| take(&column.name)).collect::<Vec<_>>();
        let derived = time.map(|time| time.derived(&plain)).unwrap_or_default();
        let derived = derived.into_iter().map(|(name, kind, derived)| (take(&name), kind, derived)).collect::<Vec<_>>();
        let own = columns.iter().zip(&names).enumerate().map(|(index, (column, name))| Property {
            title: Text::plain(title_of(name)),
            description: column.description.clone().map(Text::plain),
            unit: column.unit.clone(),
            role: time.and_then(|time| time.role(index)),
            ..Property::new(name.clone(), column.kind)
        });
        let made = derived.iter().map(|(name, kind, derived)| Property {
            title: Text::plain(title_of(name)),
            description: Some(Text::plain(format!("Time: {}", derived.title()))),
            ..Property::new(name.clone(), *kind)
        });
        let properties = own.chain(made).collect::<Vec<_>>();
        let title = Text::plain(title_of(&about.name));
        let records = map::records(usize::try_from(about.records).unwrap_or(usize::MAX));
        let counted = || Text {
            en: format!("{}: {}.", title.en, records.get(Lang::En)),
            fr: Some(format!("{} : {}.", title.en, records.get(Lang::Fr))),
        };
        let collection = Collection {
            title: title.clone(),
            description: about.description.map_or_else(counted, Text::plain),
            label: guess::label(&properties),
            ..Collection::new(about.id.unwrap_or_else(|| slug_of(&about.name)), geometry, Schema { properties })
        };
        Self { collection, time, kinds: columns.iter().map(|column| column.kind).collect(), derived, names }
    }

    /// The columns that date a record.
    pub fn dating(&self) -> Option<Dating> {
        self.time.map(|time| match time {
            Time::Instant(at) => Dating::Instant(at),
            Time::Interval(start, end) => Dating::Interval(start, end),
        })
    }

    /// What the properties after those of the columns are made of.
    pub fn made(&self) -> impl Iterator<Item = Made> {
        self.derived.iter().map(|(_, _, derived)| match derived {
            Derived::First => Made::First,
            Derived::Last => Made::Last,
            Derived::Span => Made::Span,
        })
    }

    /// Gives a feature, which has a value for each column, its time and the values that are made of it.
    pub fn complete(&self, feature: &mut Feature) {
        feature.time = self.time.and_then(|time| {
            let moment = |index: usize| moment(&feature.values[index], self.kinds[index]);
            time.of(moment).unwrap_or(None)
        });
        feature.values.extend(self.derived.iter().map(|(_, _, derived)| derived.value(feature.time)));
    }

    /// How the page draws it; a table without a geometry is none of its layers.
    pub fn map_layer(&self) -> Option<MapLayer> {
        let Collection { id, title, label, geometry, .. } = &self.collection;
        (*geometry != GeometryKind::None).then(|| MapLayer {
            collection: id.clone(),
            title: title.clone(),
            label: label.clone().unwrap_or_else(|| Text::plain("id")),
            time: self.layer_time(),
            style: None,
            list: false,
            timeline: false,
            filters: Vec::new(),
            accuracy: None,
            evidence: None,
            sources: None,
        })
    }

    fn layer_time(&self) -> Option<LayerTime> {
        let derived = self.derived.iter().map(|(name, _, derived)| (name.clone(), *derived)).collect::<Vec<_>>();
        self.time.map(|time| time.of_layer(&self.names, &derived))
    }
}

/// The moment of a value.
fn moment(value: &Value, kind: Kind) -> Option<Bounds> {
    let cell = match value {
        Value::Date(day) => Cell::Date(*day),
        Value::Timestamp(instant) => Cell::Timestamp(*instant),
        Value::Text(text) => Cell::Text(text),
        _ => return None,
    };
    is_time(kind).then(|| time::moment_of(cell, kind)).flatten()
}

/// The page of such tables; the credits of the base map and the gazetteer are those of `base`.
pub fn page<'a>(
    tables: impl Iterator<Item = (&'a Outside, u64)>,
    extent: Option<Rect>,
    span: Option<(Instant, Instant)>,
    base: &MapConfig,
) -> MapConfig {
    let (tables, counts) = tables.unzip::<_, _, Vec<_>, Vec<_>>();
    let layers = tables.iter().filter_map(|table| table.map_layer()).collect();
    let titles = tables.iter().map(|table| table.collection.title.en.as_str()).collect::<Vec<_>>();
    map::config_of(
        map::Shown {
            titles: &titles,
            count: usize::try_from(counts.iter().sum::<u64>()).unwrap_or(usize::MAX),
            layers,
            is_listed: false,
            bbox: extent.map(map::with_ground),
            time: span.and_then(timeline),
        },
        PageWishes::default(),
        base,
    )
}

/// From the first to the last day, as far as both are known and within the years 0 to 9999.
fn timeline((start, end): (Instant, Instant)) -> Option<Timeline> {
    let year = |day: &jiff::civil::Date| (0..=9999).contains(&day.year());
    let (start, end) = (start.day().filter(year)?, end.day().filter(year)?);
    Some(Timeline { start, end, initial: end })
}
