//! Records → one collection: columns are collected while they come, typed when all have come, and then made into features.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use super::{
    column::Column,
    fault::{Rule, Spot},
    guess,
    infer::value,
    name::unique,
    record::{PlaceName, Raw, Record},
    report::{FileReport, Report},
    time::{self, Derived, Time},
};
use crate::{
    dataset::{LayerTime, MapLayer, Prepared},
    gazetteer::{Context, Gazetteer, Outcome},
    model::{Collection, Feature, Geometry, GeometryKind, Kind, Level, Property, Schema, Text, Value},
};

/// Properties of a collection at the most: each costs memory for every record.
const MOST_PROPERTIES: usize = 2_000;

/// Names that every format gives a meaning of its own.
const RESERVED: [&str; 2] = ["id", "geometry"];

/// The columns that say how a record was placed by its name.
const PLACED: [&str; 4] = ["place_id", "place_match", "place_score", "place_accuracy_m"];

/// A record without its properties, which are in the columns.
#[derive(Debug)]
struct Row {
    number: u64,
    id: Option<Rc<str>>,
    geometry: Option<Geometry>,
}

/// The records of one file.
pub(super) struct Collector<'g> {
    gazetteer: &'g Gazetteer,
    rows: Vec<Row>,
    ids: HashSet<Rc<str>>,
    columns: Vec<Column>,
    by_name: HashMap<String, usize>,
    /// How records were placed, once one has been looked up.
    placed: Option<[Column; 4]>,
    /// How many names were looked up, and how many of them are one place.
    looked_up: (u64, u64),
}

/// A collection with its features, and what the page needs to know of it.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) layer: Prepared,
    time: Option<LayerTime>,
    accuracy: Option<String>,
}

impl<'g> Collector<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer) -> Self {
        Self {
            gazetteer,
            rows: Vec::new(),
            ids: HashSet::new(),
            columns: Vec::new(),
            by_name: HashMap::new(),
            placed: None,
            looked_up: (0, 0),
        }
    }

    /// Takes a record; a refused one leaves no trace.
    pub(super) fn push(&mut self, record: Record<'_>) -> Result<(), (Spot, Rule)> {
        let Record { spot, id, mut geometry, place, properties } = record;
        if let Some(id) = id.as_deref().filter(|id| self.ids.contains(*id)) {
            return Err((spot, Rule::DuplicateId(id.to_owned())));
        }
        let unknown = properties.iter().filter(|(name, _)| !self.by_name.contains_key(&**name)).count();
        if self.columns.len() + unknown > MOST_PROPERTIES {
            return Err((spot, Rule::TooManyProperties(MOST_PROPERTIES)));
        }
        let row = self.rows.len();
        let indices = properties.iter().zip(0..).map(|((name, _), at)| self.column(name, at)).collect::<Vec<_>>();
        // From the end on: of two members of one name the last counts.
        for (index, (_, raw)) in indices.into_iter().zip(&properties).rev() {
            if self.columns[index].rows <= row {
                self.columns[index].push(row, raw);
            }
        }
        if let Some(place) = place {
            geometry = geometry.or(self.place(row, place));
        }
        let id = id.map(Rc::from);
        self.ids.extend(id.clone());
        self.rows.push(Row { number: spot.record, id, geometry });
        Ok(())
    }

    /// The position of the column of a name, which is most often where it was in the record before.
    fn column(&mut self, name: &str, likely: usize) -> usize {
        if self.columns.get(likely).is_some_and(|column| column.name == name) {
            return likely;
        }
        *self.by_name.entry(name.to_owned()).or_insert_with(|| {
            self.columns.push(Column::new(name.to_owned()));
            self.columns.len() - 1
        })
    }

    /// Looks a name up; where it is one place, that is where the record is.
    fn place(&mut self, row: usize, PlaceName { name, country }: PlaceName<'_>) -> Option<Geometry> {
        if name.trim().is_empty() {
            return None;
        }
        self.looked_up.0 += 1;
        let columns = self.placed.get_or_insert_with(|| PLACED.map(|name| Column::new(name.to_owned())));
        let country = country.map(str::to_ascii_uppercase);
        // A region has the name of its town so often that only the town can be meant by a name alone.
        let context = Context { country: country.as_deref(), level: Some(Level::Settlement), near: None };
        let resolution = self.gazetteer.resolve(name, context);
        let (matched, score, place) = match resolution.outcome() {
            Outcome::One(best) => (best.method.as_str(), Some(best.score), Some(best.place)),
            Outcome::Ambiguous(_) => ("ambiguous", None, None),
            Outcome::None => ("none", None, None),
        };
        self.looked_up.1 += u64::from(place.is_some());
        let accuracy = place.and_then(|place| place.accuracy_m);
        let cells = [
            place.map_or(Raw::Null, |place| Raw::Text(Cow::Borrowed(&place.id))),
            Raw::Text(matched.into()),
            score.map_or(Raw::Null, Raw::Number),
            accuracy.map_or(Raw::Null, |metres| Raw::Integer(metres.into())),
        ];
        columns.iter_mut().zip(&cells).for_each(|(column, cell)| column.push(row, cell));
        place.map(|place| Geometry::point(place.position))
    }

    /// Makes the collection; what was decided on the way goes to the report.
    pub(super) fn finish(mut self, id: String, title: String, report: &mut Report) -> Made {
        let own = self.columns.len();
        let is_placed = self.placed.is_some();
        self.columns.extend(self.placed.take().into_iter().flatten());
        self.columns.iter_mut().for_each(|column| column.pad(self.rows.len()));
        let table = Typed::new(&self.columns, own, self.id_column(report), report);
        let accuracy = is_placed.then(|| table.names[own + 3].clone());

        let rows = std::mem::take(&mut self.rows);
        let features = self.features(rows, &table, report);
        if self.looked_up.0 > 0 {
            let (all, found) = self.looked_up;
            report.note(format!("{found} of {all} place names are one place of the gazetteer; the others have no position"));
        }
        let count = features.len();
        let without_position = features.iter().filter(|feature| feature.geometry.is_none()).count();
        report.end(FileReport { collection: id.clone(), features: count, without_position, ..FileReport::default() });
        let properties = table.properties(accuracy.as_deref());
        let collection = Collection {
            id,
            description: Text { en: format!("{title}: {count} records."), fr: Some(format!("{title} : {count} enregistrements.")) },
            title: Text::plain(title),
            keywords: Vec::new(),
            licence: None,
            attribution: None,
            geometry: geometry_kind(&features),
            label: guess::label(&properties),
            schema: Schema { properties },
            views: None,
        };
        let time = table.time_of_layer();
        Made { layer: Prepared { collection, views: vec![features], arena: true }, time, accuracy }
    }

    /// The records with their values, each of its column's type.
    fn features(&self, rows: Vec<Row>, table: &Typed<'_>, report: &mut Report) -> Vec<Feature> {
        let mut backwards = 0;
        let mut readers = self.columns.iter().map(Column::values).collect::<Vec<_>>();
        let has_ids = rows.iter().any(|row| row.id.is_some());
        let mut features = Vec::with_capacity(rows.len());
        for row in rows {
            let raws = readers.iter_mut().map(|reader| reader.next().unwrap_or(Raw::Null));
            let mut values = raws.zip(&table.columns).map(|(raw, (_, kind))| value(raw, *kind)).collect::<Vec<_>>();
            let time = table.time.map_or(Ok(None), |time| time.of(&values, &table.columns)).unwrap_or_else(|time::Backwards| {
                backwards += 1;
                None
            });
            let id = match (row.id, table.id) {
                (Some(id), _) => id.to_string(),
                (None, Some(index)) => match values.remove(index) {
                    Value::Text(text) => text,
                    _ => row.number.to_string(),
                },
                (None, None) => self.number(row.number, has_ids),
            };
            values.extend(table.derived.iter().map(|(_, _, derived)| derived.value(time)));
            features.push(Feature { id, geometry: row.geometry, time, values });
        }
        if backwards > 0 {
            report.note(format!("{backwards} end before they start: they are kept without a time"));
        }
        features
    }

    /// The column that gives the ids: `id`, else `fid`, where no record has an id of its own and each has another value there.
    fn id_column(&self, report: &mut Report) -> Option<usize> {
        if self.rows.iter().any(|row| row.id.is_some()) {
            return None;
        }
        for wanted in ["id", "fid"] {
            let Some(index) = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(wanted)) else { continue };
            let mut seen = HashSet::new();
            let mut texts = self.columns[index].values().map(|raw| match value(raw, Kind::Text) {
                Value::Text(text) if !text.is_empty() => Some(text),
                _ => None,
            });
            if texts.all(|text| text.is_some_and(|text| seen.insert(text))) {
                return Some(index);
            }
            report.note(format!("column {:?} is not the id: it is empty or repeats itself somewhere", self.columns[index].name));
        }
        if !self.rows.is_empty() {
            report.note("no ids: each record has its number as id, which changes when records are added or removed before it".to_owned());
        }
        None
    }

    /// A number as an id; other than those that the file gives to some of its records.
    fn number(&self, number: u64, has_ids: bool) -> String {
        let mut id = number.to_string();
        while has_ids && self.ids.contains(id.as_str()) {
            id.push('_');
        }
        id
    }
}

/// What the columns turned out to be.
struct Typed<'a> {
    /// Name in the file and type of each column.
    columns: Vec<(&'a str, Kind)>,
    /// The name of each as a property; none for the column of the ids.
    names: Vec<String>,
    /// The column of the ids.
    id: Option<usize>,
    time: Option<Time>,
    /// The columns that are made of the time, each with its name as a property.
    derived: Vec<(String, Kind, Derived)>,
}

impl<'a> Typed<'a> {
    /// Types the columns; the first `own` of them are the file's.
    fn new(columns: &'a [Column], own: usize, id: Option<usize>, report: &mut Report) -> Self {
        // An id is no date, though it may look like one.
        let kind = |(index, column): (usize, &Column)| if Some(index) == id { Kind::Text } else { column.seen.kind(&column.name) };
        let kinds = columns.iter().enumerate().map(kind);
        let columns = columns.iter().map(|column| column.name.as_str()).zip(kinds).collect::<Vec<_>>();
        let (time, note) = time::find(&columns[..own]);
        note.into_iter().for_each(|note| report.note(note));
        let mut taken = RESERVED.map(str::to_owned).to_vec();
        let mut take = |name: &str| {
            let name = unique(name, &taken, '_');
            taken.push(name.clone());
            name
        };
        let names =
            columns.iter().enumerate().map(|(index, (name, _))| if Some(index) == id { String::new() } else { take(name) }).collect();
        let derived = time.map(|time| time.derived(&columns)).unwrap_or_default();
        let derived = derived.into_iter().map(|(name, kind, derived)| (take(&name), kind, derived)).collect();
        Self { columns, names, id, time, derived }
    }

    /// Every property, in order; `accuracy` is the one that holds metres.
    fn properties(&self, accuracy: Option<&str>) -> Vec<Property> {
        let named = self.names.iter().zip(&self.columns).enumerate().filter(|(index, _)| Some(*index) != self.id);
        let own = named.map(|(index, (name, (_, kind)))| Property {
            role: self.time.and_then(|time| time.role(index)),
            unit: (accuracy == Some(name)).then(|| "m".to_owned()),
            ..property(name, *kind)
        });
        let derived = self.derived.iter().map(|(name, kind, derived)| {
            let description = Some(Text::plain(format!("Time: {}", derived.title())));
            Property { description, ..property(name, *kind) }
        });
        own.chain(derived).collect()
    }

    fn time_of_layer(&self) -> Option<LayerTime> {
        let derived = self.derived.iter().map(|(name, _, derived)| (name.clone(), *derived)).collect::<Vec<_>>();
        self.time.map(|time| time.of_layer(&self.names, &derived))
    }
}

fn property(name: &str, kind: Kind) -> Property {
    let words = name.replace('_', " ");
    let mut letters = words.trim().chars();
    let title = letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_else(|| name.to_owned());
    Property { name: name.to_owned(), kind, title: Text::plain(title), description: None, unit: None, role: None, codes: Vec::new() }
}

fn geometry_kind(features: &[Feature]) -> GeometryKind {
    let shapes = || features.iter().filter_map(|feature| feature.geometry.as_ref());
    match shapes().next() {
        None => GeometryKind::None,
        Some(_) if shapes().all(|shape| matches!(shape.flat(), geo::Geometry::Point(_))) => GeometryKind::Point,
        Some(_) => GeometryKind::Any,
    }
}

impl Made {
    /// How the page draws it; a table without a geometry is none of its layers.
    pub(super) fn layer_of_map(&self) -> Option<MapLayer> {
        let collection = &self.layer.collection;
        (collection.geometry != GeometryKind::None).then(|| MapLayer {
            collection: collection.id.clone(),
            title: collection.title.clone(),
            label: collection.label.clone().unwrap_or_else(|| Text::plain("id")),
            time: self.time.clone(),
            style: None,
            list: false,
            timeline: false,
            filters: Vec::new(),
            accuracy: self.accuracy.clone(),
            evidence: None,
            sources: None,
        })
    }
}
