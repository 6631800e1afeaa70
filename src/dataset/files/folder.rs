//! `harmattan.toml`: a folder says which collections are in it, what they are, and how the page shows them.
//!
//! Every mistake is found, each with its line, its key and the rule that it breaks; what only the data can tell, such as whether a
//! column is there, is found once they are read.

use std::path::Path;

use super::{
    advice::advice,
    endings, format_of,
    plan::{Input, Wanted},
    wishes::{About, LayerWishes, PlaceColumns, TimeColumns, Wishes},
};
use crate::{
    dataset::{
        Credit, File, Timeline,
        check::{Rule, Violation, is_address},
        record::Fields,
    },
    model::{Bbox, Licence, Provenance, Text},
};

/// What is wished of the page.
#[derive(Debug, Clone, Default)]
pub(super) struct PageWishes {
    pub(super) title: Option<Text>,
    /// One sentence under the title.
    pub(super) sentence: Option<Text>,
    /// West, south, east and north edge of the first view, in degrees.
    pub(super) bbox: Option<[f64; 4]>,
    /// The timeline's span.
    pub(super) time: Option<Timeline>,
    /// Whom to credit, before those who made the base map.
    pub(super) credits: Vec<Credit>,
    /// How to cite the data.
    pub(super) cite: Option<Text>,
    /// The address of the database in which all collections lie.
    pub(super) database: Option<String>,
}

/// Reads the text of a file in `folder`, to which the paths in it are relative.
pub(super) fn read(name: &str, text: &str, folder: &Path, found: &mut Vec<Violation>) -> (Vec<Wanted>, PageWishes) {
    let before = found.len();
    let mut top = Fields::of_file(File { name, text }, found);
    if top.has_found(before) {
        // Of what is no TOML, whatever else was read may be read wrong.
        return (Vec::new(), PageWishes::default());
    }
    let database = top.text("database");
    let page = top.record("map").map(page).unwrap_or_default();
    let mut ids: Vec<(String, String)> = Vec::new();
    let wanted = top.records("collection", |fields| collection(fields, folder, &mut ids, database.is_some()));
    top.finish();
    (wanted.into_iter().flatten().collect(), PageWishes { database, ..page })
}

fn page(mut fields: Fields<'_, '_>) -> PageWishes {
    let bbox = fields.take::<[f64; 4]>("bbox");
    if let Some([west, south, east, north]) = bbox
        && let Err(error) = Bbox::new(west, south, east, north)
    {
        fields.breaks("bbox", error);
    }
    let time = fields.record("time").and_then(timeline);
    let credits = fields.take::<Vec<Credit>>("attribution").unwrap_or_default();
    check_addresses(&mut fields, "attribution", credits.iter().map(|credit| credit.url.as_str()));
    let (title, sentence, cite) = (fields.words("title"), fields.words("sentence"), fields.words("cite"));
    fields.finish();
    PageWishes { title, sentence, bbox, time, credits, cite, database: None }
}

fn timeline(mut fields: Fields<'_, '_>) -> Option<Timeline> {
    fields.require(&["start", "end"]);
    let (start, end, initial) = (fields.day("start"), fields.day("end"), fields.day("initial"));
    let initial = initial.or(end);
    if let (Some(start), Some(initial), Some(end)) = (start, initial, end)
        && !(start <= initial && initial <= end)
    {
        fields.breaks("", Rule::TimeOrder);
    }
    fields.finish();
    Some(Timeline { start: start?, end: end?, initial: initial? })
}

fn collection(mut fields: Fields<'_, '_>, folder: &Path, ids: &mut Vec<(String, String)>, is_database: bool) -> Option<Wanted> {
    fields.require(&["id"]);
    let id = collection_id(&mut fields);
    fields.name(id.as_deref());
    let table = table(&mut fields, is_database);
    let files = if is_database || table.is_some() { Vec::new() } else { files(&mut fields, folder) };
    let (licence, source) = (fields.take::<Licence>("licence"), fields.take::<Provenance>("source"));
    check_addresses(&mut fields, "licence", licence.iter().map(|licence| licence.address.as_str()));
    check_addresses(&mut fields, "source", source.iter().filter_map(|source| source.address.as_deref()));
    let mut wishes = Wishes {
        table,
        title: fields.words("title"),
        description: fields.words("description"),
        keywords: fields.texts("keywords"),
        licence,
        attribution: fields.text("attribution"),
        source,
        id_column: fields.text("id_column"),
        time: time(&mut fields),
        place: fields.record("place").and_then(|fields| place(fields, folder)),
        layer: fields.record("map").map(layer).unwrap_or_default(),
        properties: fields.records("property", property).into_iter().flatten().collect(),
        ..Wishes::default()
    };
    if let Some(id) = &id
        && let Some((_, first)) = ids.iter().find(|(other, _)| other == id)
    {
        fields.breaks("id", Rule::DuplicateId { id: id.clone(), first: first.clone() });
    }
    let origin = fields.finish();
    ids.extend(id.clone().map(|id| (id, origin.place())));
    wishes.origin = Some(origin);
    wishes.id = Some(id?);
    Some(Wanted { files, wishes })
}

/// Reports what is no address on the web: it would lead nowhere, or run as a script.
fn check_addresses<'a>(fields: &mut Fields<'_, '_>, field: &str, addresses: impl Iterator<Item = &'a str>) {
    for address in addresses.filter(|address| !is_address(address)) {
        fields.breaks(field, Rule::Address(address.to_owned()));
    }
}

/// An id: as those that are made of file names, and none that the service has already.
fn collection_id(fields: &mut Fields<'_, '_>) -> Option<String> {
    let id = fields.text("id")?;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if !id.bytes().all(is_plain) {
        fields.breaks("id", Rule::CollectionId(id));
        return None;
    }
    if id == super::PLACES {
        fields.breaks("id", Rule::DuplicateId { id, first: "the gazetteer".to_owned() });
        return None;
    }
    Some(id)
}

/// The table of a collection: `table`, where there is a database.
fn table(fields: &mut Fields<'_, '_>, is_database: bool) -> Option<String> {
    let table = fields.text("table");
    match (is_database, &table) {
        (true, None) => fields.breaks("table", Rule::Missing),
        (false, Some(_)) => fields.breaks("table", Rule::NoDatabase),
        _ => {}
    }
    for field in ["file", "files"].into_iter().filter(|_| is_database || table.is_some()) {
        if fields.has(field) {
            fields.breaks(field, Rule::Twice("table"));
            fields.take::<serde::de::IgnoredAny>(field);
        }
    }
    table
}

/// The files of a collection: `file`, or `files`.
fn files(fields: &mut Fields<'_, '_>, folder: &Path) -> Vec<Input> {
    let (has_one, has_many) = (fields.has("file"), fields.has("files"));
    if has_one && has_many {
        fields.breaks("file", Rule::Twice("files"));
    }
    if !has_one && !has_many {
        fields.breaks("file", Rule::Missing);
    }
    let mut inputs = Vec::new();
    for field in ["file", "files"] {
        let is_list = fields.has(field) && !fields.is_text(field);
        let listed = if is_list { fields.take::<Vec<String>>(field) } else { Some(fields.texts(field)) };
        if is_list && listed.as_ref().is_some_and(Vec::is_empty) {
            fields.breaks(field, Rule::Empty);
        }
        for text in listed.unwrap_or_default() {
            let input = Input::new(&folder.join(&text));
            if !input.path.is_file() {
                fields.breaks(field, Rule::NoFile(text));
            } else if format_of(&input.path).is_none() {
                fields.breaks(field, Rule::NoFormat { advice: advice(&input.path), file: text, endings: endings() });
            } else {
                inputs.push(input);
            }
        }
    }
    inputs
}

/// `time = "column"`, or `time = { start = "column", end = "column" }`.
fn time(fields: &mut Fields<'_, '_>) -> Option<TimeColumns> {
    if fields.is_text("time") {
        return fields.text("time").map(TimeColumns::One);
    }
    let mut pair = fields.record("time")?;
    pair.require(&["start", "end"]);
    let (start, end) = (pair.text("start"), pair.text("end"));
    pair.finish();
    start.zip(end).map(|(start, end)| TimeColumns::Interval(start, end))
}

/// `place = { name = "column", country = "column", decisions = "file" }`.
fn place(mut fields: Fields<'_, '_>, folder: &Path) -> Option<PlaceColumns> {
    fields.require(&["name"]);
    let (name, country, decisions) = (fields.text("name"), fields.text("country"), fields.text("decisions"));
    let decisions = decisions.map(|text| (folder.join(&text), text));
    if let Some((_, text)) = decisions.as_ref().filter(|(path, _)| !path.is_file()) {
        fields.breaks("decisions", Rule::NoFile(text.clone()));
    }
    fields.finish();
    name.map(|name| PlaceColumns { name, country, decisions: decisions.map(|(path, _)| path) })
}

fn layer(mut fields: Fields<'_, '_>) -> LayerWishes {
    let (draw, title, label) = (fields.take("draw"), fields.words("title"), fields.words("label"));
    let (list, timeline, filters) = (fields.take("list"), fields.take("timeline"), fields.texts("filters"));
    LayerWishes { origin: Some(fields.finish()), draw, title, label, list, timeline, filters }
}

fn property(mut fields: Fields<'_, '_>) -> Option<About> {
    fields.require(&["name"]);
    let name = fields.text("name");
    fields.name(name.as_deref());
    let (title, description, unit) = (fields.words("title"), fields.words("description"), fields.text("unit"));
    let origin = Some(fields.finish());
    name.map(|name| About { origin, name, title, description, unit })
}
