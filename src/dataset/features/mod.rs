//! Subjects, claims and places → the features of each collection, in each of its views.

mod annotation;
mod base;
mod bases;
mod claims;
mod closures;
mod events;
mod knowledge;
mod places;
mod sources;

pub(super) use knowledge::Knowledge;

use super::{
    Prepared,
    check::{Rule, Violation},
    record::CollectionRecord,
};
use crate::model::{Batch, Collection, Feature, Geometry, Kind, Value, when::Bounds};

/// The views of the collections that have more than one, the default first.
pub(super) const VIEWS: [&str; 2] = ["all", "documents"];

/// Which sources a view rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// All of them.
    All,
    /// Those with basis `documents` alone.
    Documents,
}

/// A feature whose values are not yet in the order of the schema.
#[derive(Debug)]
struct Draft {
    id: String,
    geometry: Option<Geometry>,
    time: Option<Bounds>,
    values: Vec<(&'static str, Value)>,
}

/// How a collection is made.
pub(super) struct Table {
    /// Id of the collection.
    pub(super) id: &'static str,
    /// Its properties and their types; their order is that of the description.
    pub(super) columns: &'static [(&'static str, Kind)],
    /// Whether it has the views of [`VIEWS`].
    pub(super) has_views: bool,
    /// Whether finished text is kept for it.
    arena: bool,
    /// What makes its features; nothing where the service has others in their stead.
    drafts: Option<fn(&Knowledge<'_>, View) -> Vec<Draft>>,
}

/// Every collection of the embedded data.
pub(super) const TABLES: [Table; 6] = [
    Table { id: "bases", columns: bases::COLUMNS, has_views: true, arena: true, drafts: Some(bases::drafts) },
    Table { id: "closures", columns: closures::COLUMNS, has_views: true, arena: true, drafts: Some(closures::drafts) },
    Table { id: "events", columns: events::COLUMNS, has_views: false, arena: true, drafts: Some(events::drafts) },
    Table { id: "places", columns: places::COLUMNS, has_views: false, arena: false, drafts: None },
    Table { id: "claims", columns: claims::COLUMNS, has_views: true, arena: true, drafts: Some(claims::drafts) },
    Table { id: "sources", columns: sources::COLUMNS, has_views: false, arena: true, drafts: Some(sources::drafts) },
];

/// The features of every described collection, in the order of the descriptions; values outside a closed list are reported.
pub(super) fn prepare(records: &[CollectionRecord], knowledge: &Knowledge<'_>, found: &mut Vec<Violation>) -> Vec<Prepared> {
    let mut layers = Vec::new();
    for record in records {
        let Some(table) = TABLES.iter().find(|table| table.id == record.collection.id) else { continue };
        let views: &[View] = match table.drafts {
            None => &[],
            Some(_) if table.has_views => &[View::All, View::Documents],
            Some(_) => &[View::All],
        };
        let features = |view: &View| {
            let drafts = table.drafts.map(|drafts| drafts(knowledge, *view)).unwrap_or_default().into_iter();
            drafts.map(|draft| arrange(draft, &record.collection)).collect::<Vec<_>>()
        };
        let views: Vec<Vec<Feature>> = views.iter().map(features).collect();
        codes(record, &views, found);
        let views = views.iter().map(|features| Batch::from_features(&record.collection.schema, features)).collect();
        layers.push(Prepared { collection: record.collection.clone(), views, arena: table.arena });
    }
    layers
}

/// Puts a draft's values into the order of the schema.
fn arrange(mut draft: Draft, collection: &Collection) -> Feature {
    let mut value = |name: &str| {
        let index = draft.values.iter().position(|(column, _)| *column == name);
        index.map_or(Value::Null, |index| draft.values.swap_remove(index).1)
    };
    let values = collection.schema.properties.iter().map(|property| value(&property.name)).collect();
    Feature { id: draft.id, geometry: draft.geometry, time: draft.time, values }
}

/// Every value of a property with a closed list of values is in it.
fn codes(record: &CollectionRecord, views: &[Vec<Feature>], found: &mut Vec<Violation>) {
    for (index, property) in record.collection.schema.properties.iter().enumerate() {
        for feature in views.iter().flatten() {
            if let Value::Text(value) = &feature.values[index]
                && !property.codes.is_empty()
                && !property.codes.contains(value)
            {
                let (value, feature, property) = (value.clone(), feature.id.clone(), property.name.clone());
                found.push(record.properties[index].breaks("codes", Rule::Code { value, feature, property }));
            }
        }
    }
}

/// The text of an uncertain time, as written.
fn edtf(when: Option<&crate::model::when::When>) -> Value {
    when.map(|when| when.as_str()).into()
}
