//! What the properties of a tile's features are called and what they are.

use crate::model::{Collection, Kind, Lang, Schema};

/// A property of a tile's features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: FieldKind,
    /// Its title for people.
    pub title: String,
}

/// The types that values on tiles can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text; also dates, lists and structures.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
}

impl FieldKind {
    /// The type's name in JSON Schema.
    pub fn json(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }

    /// The type's name in the metadata of tile archives.
    pub fn plain(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Integer | Self::Number => "Number",
            Self::Boolean => "Boolean",
        }
    }
}

/// The names of all columns of a table on tiles: that of ids, those of the properties, that of counts.
#[derive(Debug)]
pub(super) struct Names<'a> {
    schema: &'a Schema,
    id: String,
    count: String,
}

impl<'a> Names<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let free = |name: &str| {
            let mut name = name.to_owned();
            while schema.position(&name).is_some() {
                name.insert_str(0, "feature_");
            }
            name
        };
        Self { schema, id: free("id"), count: free("count") }
    }

    /// Each of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let properties = self.schema.properties.iter().map(|property| property.name.as_str());
        std::iter::once(self.id.as_str()).chain(properties).chain([self.count.as_str()])
    }
}

/// The properties that the features of a collection can have on a tile: their own, or those of them that are chosen by position, `id` where ids are no numbers, and `count` where one
/// stands for several. The two are called otherwise where the collection has properties of these names.
pub fn fields(collection: &Collection, chosen: Option<&[usize]>) -> Vec<Field> {
    let Names { schema, id, count } = Names::new(&collection.schema);
    let own = schema.properties.iter().enumerate().filter(|(position, _)| chosen.is_none_or(|chosen| chosen.contains(position)));
    let own = own.map(|(_, property)| Field {
        name: property.name.clone(),
        kind: kind(property.kind),
        title: property.title.get(Lang::En).to_owned(),
    });
    let id = Field { name: id, kind: FieldKind::Text, title: "Id".into() };
    let count = Field { name: count, kind: FieldKind::Integer, title: "How many features it stands for".into() };
    std::iter::once(id).chain(own).chain([count]).collect()
}

fn kind(kind: Kind) -> FieldKind {
    match kind {
        Kind::Integer => FieldKind::Integer,
        Kind::Number => FieldKind::Number,
        Kind::Boolean => FieldKind::Boolean,
        Kind::Text | Kind::Date | Kind::Timestamp | Kind::Edtf | Kind::Uri | Kind::List | Kind::Json => FieldKind::Text,
    }
}
