//! Records by column → one collection: typed when all have come.

use std::collections::HashSet;

use rayon::prelude::*;

use super::{
    column::Column as RawColumn,
    days,
    fault::{Fault, FileError, Rule},
    guess,
    ids::{id_column, ids},
    map,
    name::unique,
    part::{ACCURACY, LookedUp, PLACED, Part},
    repeats::repeats,
    report::{FileReport, Report},
    time::{self, Derived, Time},
    wishes::{self, LayerWishes, TimeColumns, Wishes},
};
use crate::{
    dataset::{LayerTime, MapLayer, Prepared, Rule as Broken, Violation},
    model::{Batch, Collection, Column, GeometryKind, Kind, Lang, Property, Schema, Text, TimeColumn, wkb},
};

/// Names that every format gives a meaning of its own.
const RESERVED: [&str; 2] = ["id", "geometry"];

/// Records whose times are read at once.
const AT_ONCE: usize = 1 << 16;

/// A collection with its features, and what the page needs to know of it.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) layer: Prepared,
    time: Option<LayerTime>,
    accuracy: Option<String>,
    wishes: LayerWishes,
}

/// What a collection is called where nothing is wished.
pub(super) struct Called {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) description: Option<Text>,
}

/// Makes the collection of all that was read; what was decided on the way goes to the report, what cannot be as it is wished to `found`.
///
/// # Errors
/// When an id repeats itself and the report is strict.
pub(super) fn finish(
    mut all: Part<'_>,
    Called { id, title, description }: Called,
    wishes: &Wishes,
    report: &mut Report,
    found: &mut Vec<Violation>,
) -> Result<Made, FileError> {
    if wishes.id_column.is_some() {
        // The ids that the records have are others than those that are wished.
        all.forget_ids();
    }
    leave_out_repeats(&mut all, report)?;
    let own = all.columns.len();
    let is_placed = all.placed.is_some();
    all.columns.extend(all.placed.take().into_iter().flatten());
    let rows = all.rows();
    all.columns.iter_mut().for_each(|column| column.pad(rows));
    let id_column = id_column(&all, wishes, report, found);
    days::settle(&mut all.columns, id_column, &mut |note| report.note(note));
    let raws = std::mem::take(&mut all.columns);
    let names = raws.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let table = Typed::new(&raws, &names, own, id_column, wishes, report, found);
    let missing =
        raws.iter().zip(&table.columns).filter(|(raw, (_, kind))| raw.seen.missing > 0 && !matches!(kind, Kind::Text | Kind::Json));
    let missing = missing.map(|(raw, _)| format!("{:?} ({})", raw.name, raw.seen.missing)).collect::<Vec<_>>();
    if !missing.is_empty() {
        report.note(format!("cells that say NA, NULL, - or the like among other values count as empty: {}", missing.join(", ")));
    }
    let accuracy = is_placed.then(|| table.names[own + ACCURACY].clone());
    let (batch, backwards) = batch(&mut all, raws, &table);
    if backwards > 0 {
        report.note(format!("{backwards} end before they start: they are kept without a time"));
    }
    if all.looked_up != LookedUp::default() {
        let LookedUp { all, found, decided } = all.looked_up;
        let next = if found < all { ": `harmattan geocode` lists their candidates, and `decisions` replays what you decide" } else { "" };
        report.note(format!("{found} of {all} place names are one place of the gazetteer; the others have no position{next}"));
        if decided > 0 {
            report.note(format!("what {decided} of the place names mean was decided before"));
        }
    }
    all.strangers.told().into_iter().for_each(|note| report.note(note));
    let without_position = batch.shapes.iter().filter(Option::is_none).count();
    report.end(FileReport { collection: id.clone(), features: batch.len(), without_position, ..FileReport::default() });
    let mut properties = table.properties(accuracy.as_deref());
    for (column, title) in std::mem::take(&mut all.titles).into_iter().rev() {
        let index = names.iter().position(|name| *name == column).filter(|index| Some(*index) != table.id);
        let property = index.and_then(|index| properties.iter_mut().find(|property| property.name == table.names[index]));
        property.into_iter().for_each(|property| property.title = Text::plain(title.clone()));
    }
    describe(&mut properties, &names, &table, wishes, found);
    let label = wanted_label(&properties, &wishes.layer, found).or_else(|| guess::label(&properties));
    let records = map::records(batch.len());
    let counted = Text {
        en: format!("{}: {}.", title.en, records.get(Lang::En)),
        fr: Some(format!("{} : {}.", title.get(Lang::Fr), records.get(Lang::Fr))),
    };
    let collection = Collection {
        id,
        description: description.unwrap_or(counted),
        title,
        keywords: wishes.keywords.clone(),
        licence: wishes.licence.clone(),
        attribution: wishes.attribution.clone(),
        source: wishes.source.clone(),
        geometry: geometry_kind(&batch),
        label,
        schema: Schema { properties },
        views: None,
    };
    let (layer, time) = (Prepared { collection, views: vec![batch], arena: true }, table.time_of_layer());
    Ok(Made { layer, time, accuracy, wishes: wishes.layer.clone() })
}

/// Gives properties the titles, descriptions and units that are wished.
fn describe(properties: &mut [Property], names: &[String], table: &Typed<'_>, wishes: &Wishes, found: &mut Vec<Violation>) {
    let columns = names.iter().map(String::as_str).collect::<Vec<_>>();
    for about in &wishes.properties {
        let Some(index) = wishes::column(about.origin.as_ref(), "name", &about.name, &columns, found) else { continue };
        // The column of the ids is none of the properties.
        let Some(property) = properties.iter_mut().find(|property| Some(index) != table.id && property.name == table.names[index]) else {
            continue;
        };
        property.title = about.title.clone().unwrap_or_else(|| property.title.clone());
        property.description = about.description.clone().or_else(|| property.description.take());
        property.unit = about.unit.clone().or_else(|| property.unit.take());
    }
    for name in wishes.place.iter().flat_map(|place| std::iter::once(&place.name).chain(&place.country)) {
        wishes.column("place", name, &columns, found);
    }
    for filter in &wishes.layer.filters {
        let known = properties.iter().map(|property| property.name.as_str()).collect::<Vec<_>>();
        wishes::column(wishes.layer.origin.as_ref(), "filters", filter, &known, found);
    }
}

/// The properties that are wished to name a feature.
pub(super) fn wanted_label(properties: &[Property], wishes: &LayerWishes, found: &mut Vec<Violation>) -> Option<Text> {
    let label = wishes.label.clone()?;
    let known = properties.iter().map(|property| property.name.as_str()).chain(["id"]).collect::<Vec<_>>();
    let names = std::iter::once(&label.en).chain(&label.fr);
    let all = names.map(|name| wishes::column(wishes.origin.as_ref(), "label", name, &known, found)).collect::<Vec<_>>();
    all.iter().all(Option::is_some).then_some(label)
}

/// Leaves out the records whose id another one before them has.
fn leave_out_repeats(all: &mut Part<'_>, report: &mut Report) -> Result<(), FileError> {
    let repeated = repeats(&all.ids, |row| all.has_id.get(row));
    if repeated.is_empty() {
        return Ok(());
    }
    for row in &repeated {
        report.fault(Fault { file: all.file_of(*row), spot: all.spot(*row), rule: Rule::DuplicateId(all.ids.get(*row).to_owned()) })?;
    }
    let gone = repeated.into_iter().collect::<HashSet<_>>();
    all.retain(|row| !gone.contains(&row));
    Ok(())
}

/// The features of all records, their values of their columns' types; and how many end before they start.
fn batch(all: &mut Part<'_>, raws: Vec<RawColumn>, table: &Typed<'_>) -> (Batch, usize) {
    let kinds = table.columns.iter().map(|(_, kind)| *kind);
    // Each raw column is gone as soon as it is typed.
    let typed = raws.into_par_iter().zip(kinds.collect::<Vec<_>>()).map(|(raw, kind)| raw.typed(kind));
    let mut columns = typed.collect::<Vec<_>>();
    let (mut times, mut backwards) = (TimeColumn::default(), 0);
    for first in (0..all.rows()).step_by(AT_ONCE) {
        let rows = first..all.rows().min(first + AT_ONCE);
        let moment = |index: usize, row| time::moment(&columns[index], row, table.columns[index].1);
        let of = |row| table.time.map_or(Ok(None), |time| time.of(|index| moment(index, row)));
        for time in rows.into_par_iter().map(of).collect::<Vec<_>>() {
            times.push(time.unwrap_or_else(|time::Backwards| {
                backwards += 1;
                None
            }));
        }
    }
    let id_column = table.id.map(|index| columns.remove(index));
    let derived = table.derived.par_iter().map(|(_, kind, derived)| {
        if let (Kind::Date, Some(day)) = (kind, derived.day()) {
            let days = (0..all.rows()).into_par_iter().map(|row| times.get(row).and_then(&day)).collect::<Vec<_>>();
            return Column::of_days(&days);
        }
        let mut column = Column::new(*kind);
        (0..all.rows()).for_each(|row| column.push(&derived.value(times.get(row))));
        column
    });
    columns.par_extend(derived);
    let ids = ids(all, id_column);
    (Batch { ids, shapes: std::mem::take(&mut all.shapes), times, columns }, backwards)
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
    fn new(
        columns: &[RawColumn],
        names: &'a [String],
        own: usize,
        id: Option<usize>,
        wishes: &Wishes,
        report: &mut Report,
        found: &mut Vec<Violation>,
    ) -> Self {
        let plain = names[..own].iter().map(String::as_str).collect::<Vec<_>>();
        let wanted = wishes.time.as_ref().map(|time| wanted_time(time, &plain, wishes, found));
        let kind = |(index, column): (usize, &RawColumn)| match (Some(index) == id, wanted.flatten()) {
            // An id is no date, though it may look like one.
            (true, _) => Kind::Text,
            // However many of them are empty.
            _ if index >= own => PLACED[index - own].1,
            (false, Some(time)) if time.role(index).is_some() => column.seen.kind_of_time(&column.name),
            _ => column.seen.kind(&column.name),
        };
        let kinds = columns.iter().enumerate().map(kind);
        let columns = names.iter().map(String::as_str).zip(kinds).collect::<Vec<_>>();
        let time = match wanted {
            Some(time) => time.filter(|time| time.holds(&columns, wishes, found)),
            None => {
                let (time, note) = time::find(&columns[..own]);
                note.into_iter().for_each(|note| report.note(note));
                time
            }
        };
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

/// The columns that are wished to date a record.
pub(super) fn wanted_time(time: &TimeColumns, columns: &[&str], wishes: &Wishes, found: &mut Vec<Violation>) -> Option<Time> {
    match time {
        TimeColumns::One(at) => wishes.column("time", at, columns, found).map(Time::Instant),
        TimeColumns::Interval(start, end) => {
            let (start, end) = (wishes.column("time", start, columns, found), wishes.column("time", end, columns, found));
            start.zip(end).map(|(start, end)| Time::Interval(start, end))
        }
    }
}

impl Time {
    /// Whether its columns hold times; reported where one does not.
    pub(super) fn holds(self, columns: &[(&str, Kind)], wishes: &Wishes, found: &mut Vec<Violation>) -> bool {
        let own = columns.iter().enumerate().filter(|(index, _)| self.role(*index).is_some());
        let wrong = own.filter(|(_, (_, kind))| !time::is_time(*kind)).map(|(_, (name, kind))| (*name, *kind)).collect::<Vec<_>>();
        for (name, kind) in &wrong {
            let kind = format!("{kind:?}").to_lowercase();
            wishes.breaks("time", Broken::NoTimes { column: (*name).to_owned(), kind }, found);
        }
        wrong.is_empty()
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
    /// Whether it is wished, or wished not, that the features are listed beside the map.
    pub(super) fn says_what_is_listed(&self) -> bool {
        self.wishes.list.is_some()
    }

    /// How the page draws it; a table without a geometry is none of its layers.
    pub(super) fn layer_of_map(&self) -> Option<MapLayer> {
        let collection = &self.layer.collection;
        let wishes = &self.wishes;
        (wishes.draw != Some(false) && collection.geometry != GeometryKind::None).then(|| MapLayer {
            collection: collection.id.clone(),
            title: wishes.title.clone().unwrap_or_else(|| collection.title.clone()),
            label: collection.label.clone().unwrap_or_else(|| Text::plain("id")),
            time: self.time.clone(),
            style: None,
            list: wishes.list.unwrap_or_default(),
            timeline: wishes.timeline.unwrap_or_default(),
            filters: wishes.filters.clone(),
            accuracy: self.accuracy.clone(),
            evidence: None,
            sources: None,
        })
    }
}
