//! The columns of a file.

use std::{io, sync::Arc};

use parquet::{
    basic::{LogicalType, Repetition, TimeUnit, Type as Physical},
    errors::ParquetError,
    schema::types::{Type, TypePtr},
};

use super::super::fields::{Fields, free};
use crate::model::{Kind, Property};

/// The edges of a box, in the order of their columns.
pub(super) const EDGES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// What the columns are called beside those of the properties.
pub(super) struct Layout<'a> {
    fields: &'a Fields<'a>,
    /// The column of the geometries, where there is one.
    pub(super) geometry: Option<String>,
    /// That of their boxes.
    pub(super) boxes: String,
}

impl<'a> Layout<'a> {
    /// Finds names that no property has.
    pub(super) fn new(fields: &'a Fields<'a>, has_geometry: bool) -> Self {
        let taken = fields.properties.iter().map(|field| field.property.name.as_str()).chain([fields.id]);
        let geometry = free("geometry", taken.clone());
        let boxes = free("bbox", taken);
        Self { fields, geometry: has_geometry.then_some(geometry), boxes }
    }

    /// The schema: the id, the properties, the geometry and its box.
    ///
    /// # Errors
    /// What the library finds wrong.
    pub(super) fn schema(&self) -> io::Result<TypePtr> {
        let build = || -> Result<Type, ParquetError> {
            let id = Type::primitive_type_builder(self.fields.id, Physical::BYTE_ARRAY).with_repetition(Repetition::REQUIRED);
            let mut columns = vec![Arc::new(id.with_logical_type(Some(LogicalType::String)).build()?)];
            for field in &self.fields.properties {
                columns.push(Arc::new(column(field.property)?));
            }
            if let Some(geometry) = &self.geometry {
                columns.push(Arc::new(Type::primitive_type_builder(geometry, Physical::BYTE_ARRAY).build_optional()?));
                let edge = |name| Type::primitive_type_builder(name, Physical::DOUBLE).with_repetition(Repetition::REQUIRED).build();
                let edges = EDGES.into_iter().map(|name| edge(name).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
                let boxes = Type::group_type_builder(&self.boxes).with_repetition(Repetition::OPTIONAL);
                columns.push(Arc::new(boxes.with_fields(edges).build()?));
            }
            Type::group_type_builder("schema").with_fields(columns).build()
        };
        build().map(Arc::new).map_err(super::failed)
    }

    /// The paths of the columns whose values hardly repeat themselves.
    pub(super) fn unrepeated(&self) -> Vec<Vec<String>> {
        let mut paths = vec![vec![self.fields.id.to_owned()]];
        if let Some(geometry) = &self.geometry {
            paths.push(vec![geometry.clone()]);
            paths.extend(EDGES.map(|edge| vec![self.boxes.clone(), edge.to_owned()]));
        }
        paths
    }
}

/// What can be built so that it may be null.
trait Optional {
    fn build_optional(self) -> Result<Type, ParquetError>;
}

impl Optional for parquet::schema::types::PrimitiveTypeBuilder<'_> {
    fn build_optional(self) -> Result<Type, ParquetError> {
        self.with_repetition(Repetition::OPTIONAL).build()
    }
}

/// The column of a property: of lists as a list of texts, of structures as JSON.
fn column(property: &Property) -> Result<Type, ParquetError> {
    let (physical, logical) = match property.kind {
        Kind::Text | Kind::Edtf | Kind::Uri => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Timestamp => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        Kind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        Kind::List => return list(&property.name),
    };
    Type::primitive_type_builder(&property.name, physical).with_logical_type(logical).build_optional()
}

/// A list of texts, in the three levels of the format's own rule for lists.
fn list(name: &str) -> Result<Type, ParquetError> {
    let element = Type::primitive_type_builder("element", Physical::BYTE_ARRAY).with_logical_type(Some(LogicalType::String));
    let element = element.with_repetition(Repetition::REQUIRED).build()?;
    let items = Type::group_type_builder("list").with_repetition(Repetition::REPEATED).with_fields(vec![Arc::new(element)]).build()?;
    let list = Type::group_type_builder(name).with_repetition(Repetition::OPTIONAL).with_logical_type(Some(LogicalType::List));
    list.with_fields(vec![Arc::new(items)]).build()
}
