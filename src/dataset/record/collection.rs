//! How the collections and their properties are called, what they mean and in what they are measured.

use super::fields::{Fields, Origin};
use crate::{
    dataset::{File, check::Violation},
    model::{Collection, GeometryKind, Kind, Licence, Property, Role, Schema, Text, Views},
};

/// One `[[collection]]`.
#[derive(Debug)]
pub(in crate::dataset) struct CollectionRecord {
    pub(in crate::dataset) origin: Origin,
    pub(in crate::dataset) collection: Collection,
    /// Where each property stands, in the order of the schema.
    pub(in crate::dataset) properties: Vec<Origin>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum GeometryWord {
    Point,
    None,
    Any,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewsRecord {
    parameter: String,
    names: Vec<String>,
}

pub(super) fn read(file: File<'_>, found: &mut Vec<Violation>) -> Vec<CollectionRecord> {
    let mut top = Fields::of_file(file, found);
    let collections = top.records("collection", collection).into_iter().flatten().collect();
    top.finish();
    collections
}

fn collection(mut fields: Fields<'_, '_>) -> Option<CollectionRecord> {
    fields.require(&["id", "title", "description", "geometry", "property"]);
    let id = fields.id("id");
    fields.name(id.as_deref());
    let (title, description) = (fields.take::<Text>("title"), fields.take::<Text>("description"));
    let keywords = fields.take("keywords").unwrap_or_default();
    let (licence, attribution) = (fields.take::<Licence>("licence"), fields.text("attribution"));
    let geometry = fields.take::<GeometryWord>("geometry").map(|word| match word {
        GeometryWord::Point => GeometryKind::Point,
        GeometryWord::None => GeometryKind::None,
        GeometryWord::Any => GeometryKind::Any,
    });
    let label = fields.take::<Text>("label");
    let views = fields.take::<ViewsRecord>("views").map(|ViewsRecord { parameter, names }| Views { parameter, names });
    let (origins, properties) = fields.records("property", property).into_iter().flatten().unzip();
    let origin = fields.finish();
    let collection = Collection {
        id: id?,
        title: title?,
        description: description?,
        keywords,
        licence,
        attribution,
        source: None,
        geometry: geometry?,
        schema: Schema { properties },
        label,
        views,
    };
    Some(CollectionRecord { origin, collection, properties: origins })
}

fn property(mut fields: Fields<'_, '_>) -> Option<(Origin, Property)> {
    fields.require(&["name", "kind", "title"]);
    let name = fields.text("name");
    fields.name(name.as_deref());
    let (kind, title) = (fields.take::<Kind>("kind"), fields.take::<Text>("title"));
    let (description, unit) = (fields.take::<Text>("description"), fields.text("unit"));
    let (role, codes) = (fields.take::<Role>("role"), fields.take("codes").unwrap_or_default());
    let origin = fields.finish();
    Some((origin, Property { name: name?, kind: kind?, title: title?, description, unit, role, codes }))
}
