//! The columns of files that have columns: the id and the properties that are asked for.

use crate::{
    model::{Cell, Property, Schema},
    store::{Row, feature_text::Form},
};

/// The columns of a file, the id of the feature first.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    /// What the column of the ids is called: `id`, or what no property is called.
    pub(super) id: &'static str,
    /// Those of the properties, in the order of the schema.
    pub(super) properties: Vec<Field<'a>>,
}

/// The column of a property.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// What it holds.
    pub(super) property: &'a Property,
    /// Where the property stands in the schema.
    index: usize,
}

impl<'a> Fields<'a> {
    /// The columns of a schema's features in a form.
    pub(super) fn new(schema: &'a Schema, form: &Form<'_>) -> Self {
        let properties = schema.properties.iter().enumerate().filter(|(index, _)| form.has(*index));
        Self { id: schema.id_name(), properties: properties.map(|(index, property)| Field { property, index }).collect() }
    }
}

impl Field<'_> {
    /// The value of a feature.
    pub(super) fn cell<'r>(&self, row: &Row<'r>) -> Cell<'r> {
        row.cell_at(self.index)
    }
}

/// A name that is none of those taken, whatever their case: itself, with as many `_` after it as that takes.
pub(super) fn free<'n>(name: &str, taken: impl Iterator<Item = &'n str> + Clone) -> String {
    let mut name = name.to_owned();
    while taken.clone().any(|other| other.eq_ignore_ascii_case(&name)) {
        name.push('_');
    }
    name
}
