//! Tables that are kept elsewhere and read when they are asked: what they are to the page and the API, as if they were files.

use std::path::Path;

use super::{
    FileError, collect,
    folder::PageWishes,
    guess, map,
    name::{slug_of, title_of, unique},
    plan::{CONFIG, Plan, Wanted},
    time::{self, Derived, Time, is_time},
    wishes::{LayerWishes, Wishes, column},
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

/// What a `harmattan.toml` says of tables that are kept elsewhere.
#[derive(Default)]
pub struct OutsidePlan {
    /// The address of the database.
    pub address: String,
    /// Each table that is a collection; all tables are where it names none.
    pub tables: Vec<OutsideWishes>,
    page: PageWishes,
}

/// Nothing of the address, in which there may be a password.
impl std::fmt::Debug for OutsidePlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.spelled())
    }
}

/// What it says of one of them.
#[derive(Debug)]
pub struct OutsideWishes {
    /// The table, as `table` or `schema.table`.
    pub table: String,
    wishes: Wishes,
}

impl OutsideWishes {
    /// The column of the ids.
    pub fn id_column(&self) -> Option<&str> {
        self.wishes.id_column.as_deref()
    }
}

impl OutsidePlan {
    /// All that is wished, spelled out, without the address, in which there may be a password.
    pub fn spelled(&self) -> String {
        format!("{:?} {:?}", self.tables, PageWishes { database: None, ..self.page.clone() })
    }

    /// All tables of a database, of which nothing is wished.
    pub fn all(address: String) -> Self {
        Self { address, ..Self::default() }
    }

    /// The plan of a `harmattan.toml` or of the folder that it is in; nothing where there is none, or it is not about a database.
    ///
    /// # Errors
    /// As [`load`](super::load()), where what is said breaks a rule.
    pub fn of(path: &Path) -> Result<Option<Self>, FileError> {
        if !(path.is_dir() && path.join(CONFIG).exists() || path.file_name().is_some_and(|name| name == CONFIG)) {
            return Ok(None);
        }
        let Plan { collections, page, .. } = Plan::new(&[path], None)?;
        let Some(address) = page.database.clone() else { return Ok(None) };
        let table = |wanted: Wanted| Some(OutsideWishes { table: wanted.wishes.table.clone()?, wishes: wanted.wishes });
        Ok(Some(Self { address, tables: collections.into_iter().filter_map(table).collect(), page }))
    }
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
    layer: LayerWishes,
}

impl Outside {
    /// The collection of a table, as it is wished. Where nobody says which columns date its records, they are found by their names and
    /// types.
    ///
    /// # Errors
    /// When a column is wished that there is not, or one that holds no times: all such wishes, a line each.
    pub fn new(about: About, geometry: GeometryKind, columns: &[OutsideColumn], wishes: Option<&OutsideWishes>) -> Result<Self, String> {
        let plain_wishes = Wishes::default();
        let (wishes, mut found) = (wishes.map_or(&plain_wishes, |wishes| &wishes.wishes), Vec::new());
        let known = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>();
        let wanted = wishes.time.as_ref().map(|time| collect::wanted_time(time, &known, wishes, &mut found));
        let is_wanted = |index: usize| wanted.flatten().is_some_and(|time| time.role(index).is_some());
        // A text that is wished to date a record is an uncertain date.
        let kind = |(index, column): (usize, &OutsideColumn)| match column.kind {
            Kind::Text if is_wanted(index) => Kind::Edtf,
            kind => kind,
        };
        let kinds = columns.iter().enumerate().map(kind).collect::<Vec<_>>();
        let plain = known.iter().copied().zip(kinds.iter().copied()).collect::<Vec<_>>();
        let time = match wanted {
            Some(time) => time.filter(|time| time.holds(&plain, wishes, &mut found)),
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
        let own = columns.iter().zip(&kinds).zip(&names).enumerate().map(|(index, ((column, kind), name))| Property {
            title: Text::plain(title_of(name)),
            description: column.description.clone().map(Text::plain),
            unit: column.unit.clone(),
            role: time.and_then(|time| time.role(index)),
            ..Property::new(name.clone(), *kind)
        });
        let made = derived.iter().map(|(name, kind, derived)| Property {
            title: Text::plain(title_of(name)),
            description: Some(Text::plain(format!("Time: {}", derived.title()))),
            ..Property::new(name.clone(), *kind)
        });
        let mut properties = own.chain(made).collect::<Vec<_>>();
        for about in &wishes.properties {
            let Some(index) = column(about.origin.as_ref(), "name", &about.name, &known, &mut found) else { continue };
            let property = &mut properties[index];
            property.title = about.title.clone().unwrap_or_else(|| property.title.clone());
            property.description = about.description.clone().or_else(|| property.description.take());
            property.unit = about.unit.clone().or_else(|| property.unit.take());
        }
        for filter in &wishes.layer.filters {
            let known = properties.iter().map(|property| property.name.as_str()).collect::<Vec<_>>();
            column(wishes.layer.origin.as_ref(), "filters", filter, &known, &mut found);
        }
        let label = collect::wanted_label(&properties, &wishes.layer, &mut found).or_else(|| guess::label(&properties));
        if !found.is_empty() {
            return Err(found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        }
        let title = wishes.title.clone().unwrap_or_else(|| Text::plain(title_of(&about.name)));
        let records = map::records(usize::try_from(about.records).unwrap_or(usize::MAX));
        let counted = || Text {
            en: format!("{}: {}.", title.en, records.get(Lang::En)),
            fr: Some(format!("{} : {}.", title.get(Lang::Fr), records.get(Lang::Fr))),
        };
        let id = wishes.id.clone().or(about.id).unwrap_or_else(|| slug_of(&about.name));
        let collection = Collection {
            description: wishes.description.clone().or(about.description.map(Text::plain)).unwrap_or_else(counted),
            title,
            keywords: wishes.keywords.clone(),
            licence: wishes.licence.clone(),
            attribution: wishes.attribution.clone(),
            source: wishes.source.clone(),
            label,
            ..Collection::new(id, geometry, Schema { properties })
        };
        Ok(Self { collection, time, kinds, derived, names, layer: wishes.layer.clone() })
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
        let (Collection { id, title, label, geometry, .. }, wishes) = (&self.collection, &self.layer);
        (wishes.draw != Some(false) && *geometry != GeometryKind::None).then(|| MapLayer {
            collection: id.clone(),
            title: wishes.title.clone().unwrap_or_else(|| title.clone()),
            label: label.clone().unwrap_or_else(|| Text::plain("id")),
            time: self.layer_time(),
            style: None,
            list: wishes.list.unwrap_or_default(),
            timeline: wishes.timeline.unwrap_or_default(),
            filters: wishes.filters.clone(),
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

impl OutsidePlan {
    /// The page of some tables with their counts; the credits of the base map and the gazetteer are those of `base`.
    pub fn page(&self, tables: &[(&Outside, u64)], extent: Option<Rect>, span: Option<(Instant, Instant)>, base: &MapConfig) -> MapConfig {
        let titles = tables.iter().map(|(table, _)| table.collection.title.en.as_str()).collect::<Vec<_>>();
        let shown = map::Shown {
            titles: &titles,
            count: usize::try_from(tables.iter().map(|(_, count)| count).sum::<u64>()).unwrap_or(usize::MAX),
            layers: tables.iter().filter_map(|(table, _)| table.map_layer()).collect(),
            is_listed: tables.iter().any(|(table, _)| table.layer.list.is_some()),
            bbox: extent.map(map::with_ground),
            time: span.and_then(timeline),
        };
        let config = map::config_of(shown, self.page.clone(), base);
        let cite = self.page.cite.clone().unwrap_or_else(|| map::cite_live(&config.title));
        MapConfig { cite: Some(cite), ..config }
    }
}

/// From the first to the last day, as far as both are known and within the years 0 to 9999.
fn timeline((start, end): (Instant, Instant)) -> Option<Timeline> {
    let year = |day: &jiff::civil::Date| (0..=9999).contains(&day.year());
    let (start, end) = (start.day().filter(year)?, end.day().filter(year)?);
    Some(Timeline { start, end, initial: end })
}
