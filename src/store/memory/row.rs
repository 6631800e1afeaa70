//! One feature of a table, read from its columns.

use super::{columns::Kept, table::Table};
use crate::{
    model::{Cell, Geometry, Property, Schema, when::Bounds},
    store::feature_text::Keys,
};

/// One feature of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    position: u32,
}

impl<'a> Row<'a> {
    pub(super) fn new(table: &'a Table, position: u32) -> Self {
        Self { table, position }
    }

    /// Where it stands in its table.
    pub fn position(&self) -> u32 {
        self.position
    }

    /// Its id.
    pub fn id(&self) -> &'a str {
        self.table.ids.get(self.position)
    }

    /// The bytes from its id on, and how many of them are its own, as [`super::Series::from`] has them of a text.
    #[inline]
    pub fn id_from(&self) -> (&'a [u8], usize) {
        self.table.ids.from(self.position)
    }

    /// Its geometry.
    pub fn geometry(&self) -> Option<Geometry> {
        if self.is_located() { self.table.shapes.get(self.position) } else { None }
    }

    /// Whether it has a geometry.
    #[inline]
    pub fn is_located(&self) -> bool {
        self.position < self.table.about.located
    }

    /// Longitude and latitude in degrees, where its geometry is a point without a height.
    #[inline]
    pub fn point(&self) -> Option<[f64; 2]> {
        if self.is_located() { self.table.shapes.point(self.position) } else { None }
    }

    /// The properties' names as they stand in text.
    pub(in crate::store) fn keys(&self) -> &'a Keys {
        &self.table.keys
    }

    /// Its time.
    pub fn time(&self) -> Option<Bounds> {
        self.table.times.get(self.position)
    }

    /// About how many bytes its GeoJSON takes.
    pub fn text_size(&self) -> u64 {
        let cells = self.cells().map(|(property, cell)| match cell {
            Cell::Text(text) | Cell::Json(text) => property.name.len() + text.len() + 6,
            _ => property.name.len() + 20,
        });
        // A coordinate pair takes about forty digits and signs.
        let shape = match self.point() {
            Some(_) => 80,
            None => self.geometry().map_or(4, |geometry| 40 + 40 * geo::CoordsIter::coords_count(geometry.flat())),
        };
        (80 + self.id().len() + shape + cells.sum::<usize>()) as u64
    }

    /// What its properties are.
    pub fn schema(&self) -> &'a Schema {
        &self.table.schema
    }

    /// Every property with its value, in the order of the schema.
    pub fn cells(&self) -> impl Iterator<Item = (&'a Property, Cell<'a>)> {
        let Self { table, position } = *self;
        table.schema.properties.iter().zip(table.columns.iter().map(move |column| column.get(position)))
    }

    /// The value of the property called `name`; `Null` where there is no such property.
    pub fn cell(&self, name: &str) -> Cell<'a> {
        self.table.schema.position(name).map_or(Cell::Null, |index| self.table.columns[index].get(self.position))
    }

    /// The value of the property at this position of the schema; `Null` where there is no such property.
    pub fn cell_at(&self, index: usize) -> Cell<'a> {
        self.table.columns.get(index).map_or(Cell::Null, |column| column.get(self.position))
    }

    /// The value of the property at this position of the schema as it is kept.
    #[inline]
    pub(in crate::store) fn kept_at(&self, index: usize) -> Kept<'a> {
        self.table.columns.get(index).map_or(Kept::Other(Cell::Null), |column| column.kept(self.position))
    }

    /// The text of the property called `name`, where it has one.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        match self.cell(name) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}
