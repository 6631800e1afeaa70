//! Records by column → one collection: typed when all have come.

use std::collections::HashSet;

use rayon::prelude::*;

use super::{
    column::Column as RawColumn,
    fault::{Fault, FileError, Rule},
    guess,
    infer::{push, value},
    name::unique,
    part::Part,
    record::Raw,
    repeats::repeats,
    report::{FileReport, Report},
    time::{self, Derived, Time},
};
use crate::{
    dataset::{LayerTime, MapLayer, Prepared},
    model::{Batch, Cell, Collection, Column, GeometryKind, Kind, Property, Schema, Text, Texts, TimeColumn, Value, wkb},
};

/// Names that every format gives a meaning of its own.
const RESERVED: [&str; 2] = ["id", "geometry"];

/// A collection with its features, and what the page needs to know of it.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) layer: Prepared,
    time: Option<LayerTime>,
    accuracy: Option<String>,
}

/// Makes the collection of all that was read; what was decided on the way goes to the report.
///
/// # Errors
/// When an id repeats itself and the report is strict.
pub(super) fn finish(mut all: Part<'_>, id: String, title: String, report: &mut Report) -> Result<Made, FileError> {
    leave_out_repeats(&mut all, report)?;
    let own = all.columns.len();
    let is_placed = all.placed.is_some();
    all.columns.extend(all.placed.take().into_iter().flatten());
    let rows = all.rows();
    all.columns.iter_mut().for_each(|column| column.pad(rows));
    let id_column = id_column(&all, report);
    let raws = std::mem::take(&mut all.columns);
    let names = raws.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let table = Typed::new(&raws, &names, own, id_column, report);
    let accuracy = is_placed.then(|| table.names[own + 3].clone());
    let (batch, backwards) = batch(&mut all, raws, &table);
    if backwards > 0 {
        report.note(format!("{backwards} end before they start: they are kept without a time"));
    }
    if all.looked_up.0 > 0 {
        let (all, found) = all.looked_up;
        report.note(format!("{found} of {all} place names are one place of the gazetteer; the others have no position"));
    }
    let count = batch.len();
    let without_position = batch.shapes.iter().filter(Option::is_none).count();
    report.end(FileReport { collection: id.clone(), features: count, without_position, ..FileReport::default() });
    let properties = table.properties(accuracy.as_deref());
    let collection = Collection {
        id,
        description: Text { en: format!("{title}: {count} records."), fr: Some(format!("{title} : {count} enregistrements.")) },
        title: Text::plain(title),
        keywords: Vec::new(),
        licence: None,
        attribution: None,
        geometry: geometry_kind(&batch),
        label: guess::label(&properties),
        schema: Schema { properties },
        views: None,
    };
    let time = table.time_of_layer();
    Ok(Made { layer: Prepared { collection, views: vec![batch], arena: true }, time, accuracy })
}

/// Leaves out the records whose id another one before them has.
fn leave_out_repeats(all: &mut Part<'_>, report: &mut Report) -> Result<(), FileError> {
    let repeated = repeats(&all.ids, |row| all.has_id.get(row));
    if repeated.is_empty() {
        return Ok(());
    }
    for row in &repeated {
        report.fault(Fault { file: report.file(), spot: all.spot(*row), rule: Rule::DuplicateId(all.ids.get(*row).to_owned()) })?;
    }
    let gone = repeated.into_iter().collect::<HashSet<_>>();
    all.retain(|row| !gone.contains(&row));
    Ok(())
}

/// The features of all records, their values of their columns' types; and how many end before they start.
fn batch(all: &mut Part<'_>, raws: Vec<RawColumn>, table: &Typed<'_>) -> (Batch, usize) {
    let kinds = table.columns.iter().map(|(_, kind)| *kind);
    // Each raw column is gone as soon as it is typed.
    let typed = raws.into_par_iter().zip(kinds.collect::<Vec<_>>()).map(|(raw, kind)| {
        let mut column = Column::new(kind);
        raw.values().for_each(|raw| push(&mut column, raw, kind));
        column
    });
    let mut columns = typed.collect::<Vec<_>>();
    let (mut times, mut backwards) = (TimeColumn::default(), 0);
    for row in 0..all.rows() {
        let time = table.time.map_or(Ok(None), |time| time.of(|index| columns[index].get(row), &table.columns));
        times.push(time.unwrap_or_else(|time::Backwards| {
            backwards += 1;
            None
        }));
    }
    let id_column = table.id.map(|index| columns.remove(index));
    for (_, kind, derived) in &table.derived {
        let mut column = Column::new(*kind);
        (0..all.rows()).for_each(|row| column.push(&derived.value(times.get(row))));
        columns.push(column);
    }
    let ids = ids(all, id_column);
    (Batch { ids, shapes: std::mem::take(&mut all.shapes), times, columns }, backwards)
}

/// The id of each record: its own, that of the column of ids, else its number.
fn ids(all: &mut Part<'_>, id_column: Option<Column>) -> Texts {
    if all.has_id.is_full() {
        return std::mem::take(&mut all.ids);
    }
    let has_ids = (0..all.rows()).any(|row| all.has_id.get(row));
    let taken = if has_ids { all.ids.iter().collect::<HashSet<_>>() } else { HashSet::new() };
    let mut ids = Texts::default();
    for row in 0..all.rows() {
        match id_column.as_ref().map(|column| column.get(row)) {
            _ if all.has_id.get(row) => ids.push(all.ids.get(row)),
            Some(Cell::Text(text)) => ids.push(text),
            _ => {
                let mut number = all.spot(row).record.to_string();
                // Other than those that the file gives to some of its records.
                while taken.contains(number.as_str()) {
                    number.push('_');
                }
                ids.push(&number);
            }
        }
    }
    ids
}

/// The column that gives the ids: `id`, else `fid`, where no record has an id of its own and each has another value there.
fn id_column(all: &Part<'_>, report: &mut Report) -> Option<usize> {
    if (0..all.rows()).any(|row| all.has_id.get(row)) {
        return None;
    }
    for wanted in ["id", "fid"] {
        let Some(index) = all.columns.iter().position(|column| column.name.eq_ignore_ascii_case(wanted)) else { continue };
        let mut texts = Texts::default();
        let is_whole = all.columns[index].values().all(|raw: Raw<'_>| match value(raw, Kind::Text) {
            Value::Text(text) if !text.is_empty() => {
                texts.push(&text);
                true
            }
            _ => false,
        });
        if is_whole && repeats(&texts, |_| true).is_empty() {
            return Some(index);
        }
        report.note(format!("column {:?} is not the id: it is empty or repeats itself somewhere", all.columns[index].name));
    }
    if all.rows() > 0 {
        report.note("no ids: each record has its number as id, which changes when records are added or removed before it".to_owned());
    }
    None
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
    fn new(columns: &[RawColumn], names: &'a [String], own: usize, id: Option<usize>, report: &mut Report) -> Self {
        // An id is no date, though it may look like one.
        let kind = |(index, column): (usize, &RawColumn)| if Some(index) == id { Kind::Text } else { column.seen.kind(&column.name) };
        let kinds = columns.iter().enumerate().map(kind);
        let columns = names.iter().map(String::as_str).zip(kinds).collect::<Vec<_>>();
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

fn geometry_kind(batch: &Batch) -> GeometryKind {
    let mut shapes = batch.shapes.iter().flatten();
    match shapes.next() {
        None => GeometryKind::None,
        Some(first) if wkb::is_point(first) && shapes.all(wkb::is_point) => GeometryKind::Point,
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
