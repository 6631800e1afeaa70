//! `properties` and `exclude-properties` (OGC API – Features Part 6, draft 24-019).

use super::{Params, QueryError, names::list};
use crate::model::Schema;

/// Which members of a feature are asked for. Its id always is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// Whether its geometry is; it is null otherwise, as an answer in GeoJSON must say something of it.
    pub geometry: bool,
    /// Of each property of the schema, whether it is.
    pub properties: Vec<bool>,
}

impl Fields {
    /// Parses the two parameters; `None` where neither is given.
    ///
    /// # Errors
    /// When both are given, or a name is none of the schema's.
    pub(super) fn parse(params: &Params, schema: &Schema) -> Result<Option<Self>, QueryError> {
        let (parameter, value, named) = match (params.get("properties"), params.get("exclude-properties")) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err(QueryError::Conflict { parameter: "properties", other: "exclude-properties" }),
            (Some(value), None) => ("properties", value, true),
            (None, Some(value)) => ("exclude-properties", value, false),
        };
        let (id, geometry) = (schema.id_name(), schema.geometry_name());
        let known = schema.properties.iter().map(|property| property.name.as_str()).chain([geometry, id]);
        let known = known.collect::<Vec<_>>();
        let mut fields = Self { geometry: !named, properties: vec![!named; schema.properties.len()] };
        list(parameter, value, &known, |index| match fields.properties.get_mut(index) {
            Some(property) => *property = named,
            None if known[index] == geometry => fields.geometry = named,
            None => {}
        })?;
        Ok(Some(fields))
    }
}
