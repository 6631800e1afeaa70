//! Rules of the collections' descriptions: they name what is made, all of it and nothing else.

use std::collections::HashMap;

use super::{Rule, Violation};
use crate::{
    dataset::{
        features::{TABLES, Table, VIEWS},
        record::{CollectionRecord, MapRecord, Origin, Records},
    },
    model::{Kind, Property},
};

/// The file that describes them.
const FILE: &str = "data/collections.toml";

pub(super) fn check(records: &Records, found: &mut Vec<Violation>) {
    let mut ids: HashMap<&str, &Origin> = HashMap::new();
    for record in &records.collections {
        let id = record.collection.id.as_str();
        if let Some(first) = ids.insert(id, &record.origin) {
            found.push(record.origin.breaks("id", Rule::DuplicateId { id: id.to_owned(), first: first.place() }));
        }
        match TABLES.iter().find(|table| table.id == id) {
            Some(table) => properties(record, table, found),
            None => found.push(record.origin.breaks("id", Rule::UnknownCollection)),
        }
    }
    for table in TABLES.iter().filter(|table| !ids.contains_key(table.id)) {
        found.push(Violation::of_file(FILE, Rule::CollectionMissing(table.id)));
    }
    if let Some(map) = &records.map {
        layers(map, &records.collections, found);
    }
}

fn properties(record: &CollectionRecord, table: &Table, found: &mut Vec<Violation>) {
    let CollectionRecord { origin, collection, properties } = record;
    let mut first: HashMap<&str, &Origin> = HashMap::new();
    for (place, property) in properties.iter().zip(&collection.schema.properties) {
        let name = property.name.as_str();
        if let Some(first) = first.insert(name, place) {
            found.push(place.breaks("name", Rule::DuplicateId { id: name.to_owned(), first: first.place() }));
        }
        match table.columns.iter().find(|(column, _)| *column == name) {
            None => found.push(place.breaks("name", Rule::UnknownColumn(name.to_owned()))),
            Some((_, kind)) if *kind != property.kind => {
                let rule = Rule::ColumnKind { expected: word(*kind), found: word(property.kind) };
                found.push(place.breaks("kind", rule));
            }
            Some(_) => {}
        }
    }
    for (column, _) in table.columns.iter().filter(|(column, _)| !first.contains_key(column)) {
        found.push(origin.breaks("property", Rule::ColumnMissing(column)));
    }
    let has = |name: &str| first.contains_key(name);
    for name in collection.label.iter().flat_map(|label| [Some(&label.en), label.fr.as_ref()]).flatten().filter(|name| !has(name)) {
        found.push(origin.breaks("label", Rule::UnknownColumn(name.clone())));
    }
    let views = collection.views.as_ref().map(|views| views.names.iter().map(String::as_str).collect::<Vec<_>>());
    if views.as_deref() != table.has_views.then_some(&VIEWS[..]) {
        let expected = if table.has_views { VIEWS.join(", ") } else { "none".to_owned() };
        found.push(origin.breaks("views", Rule::Views(expected)));
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Timestamp => "timestamp",
        Kind::Edtf => "edtf",
        Kind::Uri => "uri",
        Kind::List => "list",
        Kind::Json => "json",
    }
}

/// The page's layers name collections and properties that are there.
fn layers(map: &MapRecord, collections: &[CollectionRecord], found: &mut Vec<Violation>) {
    let find = |id: &str| collections.iter().map(|record| &record.collection).find(|collection| collection.id == id);
    for (origin, layer) in map.layers.iter().zip(&map.config.layers) {
        let mut breaks = |field, rule| found.push(origin.breaks(field, rule));
        let Some(collection) = find(&layer.collection) else {
            breaks("collection", Rule::UnknownCollection);
            continue;
        };
        let time = layer.time.iter().flat_map(|time| [&time.edtf, &time.earliest, &time.latest]);
        let label = [Some(&layer.label.en), layer.label.fr.as_ref()].into_iter().flatten();
        let named = label.map(|name| ("label", name)).chain(time.map(|name| ("time", name)));
        let named =
            named.chain(layer.filters.iter().map(|name| ("filters", name))).chain(layer.accuracy.iter().map(|name| ("accuracy", name)));
        for (field, name) in named {
            if !has(&collection.schema.properties, name) {
                breaks(field, Rule::UnknownColumn(name.clone()));
            }
        }
        if let Some(evidence) = &layer.evidence {
            match find(&evidence.collection) {
                None => breaks("evidence", Rule::UnknownCollection),
                Some(claims) if !has(&claims.schema.properties, &evidence.subject) => {
                    breaks("evidence", Rule::UnknownColumn(evidence.subject.clone()));
                }
                Some(_) => {}
            }
        }
        if layer.sources.as_ref().is_some_and(|sources| find(sources).is_none()) {
            breaks("sources", Rule::UnknownCollection);
        }
    }
    if let Some(views) = &map.config.views
        && [&views.all, &views.other].into_iter().any(|name| !VIEWS.contains(&name.as_str()))
    {
        found.push(map.origin.breaks("views", Rule::Views(VIEWS.join(", "))));
    }
}

fn has(properties: &[Property], name: &str) -> bool {
    properties.iter().any(|property| property.name == name)
}
