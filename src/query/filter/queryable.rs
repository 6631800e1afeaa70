//! What the features of a collection can be filtered by.

use crate::model::{Collection, GeometryKind, Kind, Property};

/// Something of a feature that a filter can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Its id.
    Id,
    /// Its geometry.
    Geometry,
    /// Its time: the bounds of when it was.
    Time,
    /// The property at this position of the schema, and its type.
    Property(usize, Kind),
}

/// A field under its name.
#[derive(Debug, Clone, Copy)]
pub struct Queryable<'a> {
    /// As filters write it.
    pub name: &'a str,
    /// What it names.
    pub field: Field,
    /// Its description, where it is a property.
    pub property: Option<&'a Property>,
}

/// Every queryable of a collection, in the order in which they are listed: the id, the geometry, the time, the properties. Where a
/// property has the name of one of the first three, that one has an underscore after its name. Structures (JSON) cannot be asked for.
pub fn queryables(collection: &Collection) -> Vec<Queryable<'_>> {
    let properties = &collection.schema.properties;
    let timed = properties.iter().any(|property| property.role.is_some());
    let schema = &collection.schema;
    let own = [
        (schema.id_name(), Field::Id, true),
        (schema.geometry_name(), Field::Geometry, collection.geometry != GeometryKind::None),
        (schema.time_name(), Field::Time, timed),
    ];
    let own = own.into_iter().filter(|(_, _, offered)| *offered);
    let own = own.map(|(name, field, _)| Queryable { name, field, property: None });
    let properties = properties.iter().enumerate().filter(|(_, property)| property.kind != Kind::Json);
    let properties = properties.map(|(position, property)| Queryable {
        name: &property.name,
        field: Field::Property(position, property.kind),
        property: Some(property),
    });
    own.chain(properties).collect()
}

impl Queryable<'_> {
    /// Whether it has a simple value (text, number, boolean, date or timestamp), so that it can stand as a parameter of its own
    /// (OGC API – Features Part 3, `/req/queryables-query-parameters/parameters`). Lists can too: their members are asked for.
    pub fn is_parameter(&self) -> bool {
        !matches!(self.field, Field::Geometry | Field::Time)
    }
}
