//! What a publisher says of a collection that its files do not say themselves.

use std::path::PathBuf;

use crate::{
    dataset::{
        check::{Rule, Violation, nearest},
        record::Origin,
    },
    gazetteer::{Atlas, Gazetteer, batch::Decisions},
    model::{Licence, Provenance, Text},
};

/// The wishes of a collection; each that is not there is decided by the files.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    /// Where they stand, for messages; nowhere where nothing was configured.
    pub(super) origin: Option<Origin>,
    /// The table of a database that it is.
    pub(super) table: Option<String>,
    /// The id in addresses.
    pub(super) id: Option<String>,
    /// The title.
    pub(super) title: Option<Text>,
    /// What it is.
    pub(super) description: Option<Text>,
    /// For search.
    pub(super) keywords: Vec<String>,
    /// Terms of use.
    pub(super) licence: Option<Licence>,
    /// Whom to credit.
    pub(super) attribution: Option<String>,
    /// Where the data come from.
    pub(super) source: Option<Provenance>,
    /// The column of the ids.
    pub(super) id_column: Option<String>,
    /// The columns that date a record.
    pub(super) time: Option<TimeColumns>,
    /// The columns that say where a record is.
    pub(super) place: Option<PlaceColumns>,
    /// What is known of the properties.
    pub(super) properties: Vec<About>,
    /// How the page shows it.
    pub(super) layer: LayerWishes,
}

/// The columns that date a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimeColumns {
    /// Of a day, an instant, or an uncertain date (EDTF).
    One(String),
    /// Of a start and an end.
    Interval(String, String),
}

/// The columns that say where a record is by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlaceColumns {
    /// Of the names.
    pub(super) name: String,
    /// Of the codes of countries (ISO 3166-1 alpha-2).
    pub(super) country: Option<String>,
    /// The file of what people decided of names.
    pub(super) decisions: Option<PathBuf>,
}

/// What is known of a property.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    pub(super) origin: Option<Origin>,
    /// Its column.
    pub(super) name: String,
    pub(super) title: Option<Text>,
    pub(super) description: Option<Text>,
    pub(super) unit: Option<String>,
}

/// How the page shows a collection.
#[derive(Debug, Clone, Default)]
pub(super) struct LayerWishes {
    pub(super) origin: Option<Origin>,
    /// Whether it is drawn; else wherever it has geometries.
    pub(super) draw: Option<bool>,
    pub(super) title: Option<Text>,
    /// The properties that name a feature, by language.
    pub(super) label: Option<Text>,
    pub(super) list: Option<bool>,
    pub(super) timeline: Option<bool>,
    pub(super) filters: Vec<String>,
}

/// What records are placed by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'g> {
    pub(super) gazetteer: &'g Gazetteer,
    /// Where names are looked up.
    pub(super) atlas: &'g Atlas,
    /// The columns of names, where the publisher says which they are.
    pub(super) place: Option<&'g PlaceColumns>,
    /// What people decided of names.
    pub(super) decisions: Option<&'g Decisions>,
}

impl Wishes {
    /// The position of a column among those that there are; reported where it is none.
    pub(super) fn column(&self, field: &str, name: &str, columns: &[&str], found: &mut Vec<Violation>) -> Option<usize> {
        column(self.origin.as_ref(), field, name, columns, found)
    }

    /// Reports a rule that a field breaks.
    pub(super) fn breaks(&self, field: &str, rule: Rule, found: &mut Vec<Violation>) {
        found.extend(self.origin.as_ref().map(|origin| origin.breaks(field, rule)));
    }
}

/// The position of a column that a field at `origin` names.
pub(super) fn column(origin: Option<&Origin>, field: &str, name: &str, columns: &[&str], found: &mut Vec<Violation>) -> Option<usize> {
    let position = columns.iter().position(|column| *column == name);
    if position.is_none() {
        let nearest = nearest(name, columns);
        found.extend(origin.map(|origin| origin.breaks(field, Rule::NoColumn { name: name.to_owned(), nearest })));
    }
    position
}
