//! The data path: source records and tables in, checked features out.
//!
//! ```text
//! files → record (typed fields) → check (rules) → place (names to positions) → conclude (claims to values) → features
//! ```
//!
//! Every step reports all that is wrong, and a data set exists only when nothing is. The same path reads the embedded files
//! and any others ([`Dataset::load`]). The user's own files, which have no records of that form, go through [`mod@files`].

mod check;
pub mod conclude;
mod documents;
mod embedded;
mod features;
pub mod files;
mod map;
mod place;
mod property;
mod record;
mod report;
mod state;
mod version;
mod world;

pub use check::{MAX_ANCHOR_WORDS, Rule, Violation};
pub use embedded::{File, files};
pub use map::{Credit, Evidence, LayerStyle, LayerTime, MapConfig, MapLayer, MapViews, Timeline};
pub use report::{Report, check, check_files};
pub use state::{Days, State};
pub use world::{features_of, time_of};

use std::sync::Arc;

use crate::{
    gazetteer::{Atlas, Gazetteer},
    model::{Batch, Claim, Collection, Source},
};

use features::Knowledge;
use record::{Records, SubjectKind};

/// A data set, checked and placed, ready for a store.
#[derive(Debug)]
pub struct Dataset {
    /// Hash of everything that it was made of, in hexadecimal.
    pub version: String,
    /// In the order in which collections are listed.
    pub layers: Vec<Prepared>,
    /// How the page shows it.
    pub map: MapConfig,
    /// The names that it was placed by.
    pub gazetteer: Gazetteer,
    /// The places of the world, among which columns of place names are looked up.
    pub atlas: Arc<Atlas>,
}

/// One collection with the features of each of its views.
#[derive(Debug)]
pub struct Prepared {
    /// What it is.
    pub collection: Collection,
    /// The features of each view, in the order of the collection's view names; one where it has no views. None for [`files::PLACES`],
    /// which are those of the atlas.
    pub views: Vec<Batch>,
    /// Whether finished text is kept for it; rarely read tables do without.
    pub arena: bool,
}

impl Dataset {
    /// The data set that is part of the program.
    ///
    /// # Errors
    /// When its files break a rule: all violations at once.
    pub fn embedded() -> Result<Self, Vec<Violation>> {
        Self::load(&files())
    }

    /// Of the same no more than is served beside other data: the gazetteer, and the collection of its places without any feature.
    ///
    /// # Errors
    /// As [`Dataset::embedded`].
    pub fn names() -> Result<Self, Vec<Violation>> {
        let (mut found, files) = (Vec::new(), files());
        let record::Outline { collections, map, gazetteer } = record::outline(&files, &mut found);
        let (Some(map), Some(gazetteer)) = (map, gazetteer) else { return Err(found) };
        let places = collections.into_iter().map(|record| record.collection).filter(|collection| collection.id == self::files::PLACES);
        let layers = places.map(|collection| Prepared { collection, views: Vec::new(), arena: false }).collect();
        Ok(Self { version: version::of(&files), layers, map: map.config, gazetteer, atlas: Atlas::world() })
    }

    /// A data set from the texts of its files.
    ///
    /// # Errors
    /// When a file is missing or breaks a rule: all violations at once.
    pub fn load(files: &[File<'_>]) -> Result<Self, Vec<Violation>> {
        let mut found = Vec::new();
        let records = record::read(files, &mut found);
        let sources = check::check(&records, &mut found);
        let layers = layers(&records, &sources, &mut found);
        match (records.map, records.gazetteer) {
            (Some(map), Some(gazetteer)) if found.is_empty() => {
                Ok(Self { version: version::of(files), layers, map: map.config, gazetteer, atlas: Atlas::world() })
            }
            _ => {
                // In the order of the files' lines, for those who mend them.
                found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
                Err(found)
            }
        }
    }

    /// The collection with this id.
    pub fn layer(&self, id: &str) -> Option<&Prepared> {
        self.layers.iter().find(|layer| layer.collection.id == id)
    }
}

/// Places the subjects and makes the features; without a gazetteer or a day there are none, which has been reported.
fn layers(records: &Records, sources: &[(Source, Vec<Claim>)], found: &mut Vec<Violation>) -> Vec<Prepared> {
    let (Some(gazetteer), Some(map)) = (&records.gazetteer, &records.map) else { return Vec::new() };
    let subjects = &records.subjects;
    let places = place::place(subjects, gazetteer, found);
    let knowledge = Knowledge::new(sources, &subjects.list, places, gazetteer, map.as_of);
    for base in subjects.list.iter().filter(|subject| subject.kind == SubjectKind::Base && subject.place.is_some()) {
        if !knowledge.names_region(&base.id) && knowledge.region(&base.id).is_none() {
            found.push(base.origin.breaks("", Rule::BaseWithoutRegion));
        }
    }
    features::prepare(&records.collections, &knowledge, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_the_whole() {
        let (names, whole) = (Dataset::names().unwrap(), Dataset::embedded().unwrap());
        let [places] = names.layers.as_slice() else { panic!("the places alone") };
        assert_eq!(Some(&places.collection), whole.layer(files::PLACES).map(|layer| &layer.collection));
        assert_eq!((names.version, names.gazetteer.len()), (whole.version, whole.gazetteer.len()));
    }
}
