//! Names → places.
//!
//! Two of them: [`Gazetteer`] is the small table that the embedded data set rests on, [`Atlas`] the whole world (or whatever
//! `harmattan gazetteer build` packed), searched where it lies.
//!
//! A [`Gazetteer`] is read once from two tables and never changes. Read in this order: [`fold()`] (when two spellings are one
//! name), `table` (the sorted names), `load` (the two files), [`Candidate`] (how well a name fits); then the three questions:
//! [`Gazetteer::resolve`] (which place does a record mean?), [`Gazetteer::suggest`] (what could be meant so far?),
//! [`Gazetteer::reverse`] (what is near?).
//!
//! Homonyms are never guessed: `resolve` answers with one place only where it leads by a written margin, else with all.

mod atlas;
pub mod batch;
mod candidate;
mod error;
pub mod import;
mod load;
pub mod pack;
mod resolve;
mod reverse;
mod suggest;
mod table;

pub use crate::model::names::{MAX_FOLDED, fold};
pub use atlas::{Atlas, AtlasError, AtlasName, Hit, Spot, UnknownCountry, Verdict, Wish, verdict};
pub use candidate::{Candidate, Method};
pub use error::{GazetteerError, Rule};
pub use resolve::{Context, Doubt, FLOOR, MARGIN, Outcome, Resolution};
pub use reverse::Nearby;

use std::{collections::HashMap, sync::OnceLock};

use crate::model::{Level, Place};

/// The places and their indexes.
#[derive(Debug)]
pub struct Gazetteer {
    /// In the order of the files; the indexes hold positions in it.
    places: Vec<Place>,
    by_id: HashMap<String, u32>,
    /// Regions by country and first-level code.
    regions: HashMap<(String, String), u32>,
    /// Both are made for the first who asks by name, or by position: a server of other data never does, and starts sooner.
    names: OnceLock<table::NameTable>,
    tree: OnceLock<reverse::Tree>,
}

impl Gazetteer {
    /// The gazetteer of the embedded data: Mali and its neighbours (GeoNames, CC BY 4.0) and the hand table.
    ///
    /// # Errors
    /// When the files in `data/gazetteer` break a rule: all violations at once.
    pub fn embedded() -> Result<Self, Vec<GazetteerError>> {
        Self::from_tsv(include_str!("../../data/gazetteer/places.tsv"), include_str!("../../data/gazetteer/hand.tsv"))
    }

    /// Reads the two tables; `hand` adds places and corrects those of `places` that have the same id.
    ///
    /// # Errors
    /// All violations of both files, each with file, line, field and rule.
    pub fn from_tsv(places: &str, hand: &str) -> Result<Self, Vec<GazetteerError>> {
        load::load(places, hand).map(Self::new)
    }

    fn new(places: Vec<Place>) -> Self {
        let indexed = || places.iter().zip(0u32..);
        let by_id = indexed().map(|(place, index)| (place.id.clone(), index)).collect();
        let regions = indexed()
            .filter(|(place, _)| place.level == Level::Region && !place.admin1.is_empty())
            .map(|(place, index)| ((place.country.clone(), place.admin1.clone()), index))
            .collect();
        Self { places, by_id, regions, names: OnceLock::new(), tree: OnceLock::new() }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Every place, in a fixed order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Place> {
        self.places.iter()
    }

    /// The place with this id.
    pub fn get(&self, id: &str) -> Option<&Place> {
        self.by_id.get(id).map(|&index| self.place(index))
    }

    /// The region that a place lies in, where both are known.
    pub fn region(&self, place: &Place) -> Option<&Place> {
        let key = (place.country.clone(), place.admin1.clone());
        self.regions.get(&key).map(|&index| self.place(index))
    }

    fn names(&self) -> &table::NameTable {
        self.names.get_or_init(|| table::NameTable::new(&self.places))
    }

    fn tree(&self) -> &reverse::Tree {
        self.tree.get_or_init(|| reverse::tree(&self.places))
    }

    fn place(&self, index: u32) -> &Place {
        &self.places[index as usize]
    }
}

/// The embedded gazetteer, read once for all tests of this module.
#[cfg(test)]
fn shared() -> &'static Gazetteer {
    static SHARED: std::sync::OnceLock<Gazetteer> = std::sync::OnceLock::new();
    SHARED.get_or_init(|| Gazetteer::embedded().expect("the files break no rule, as a test of its own shows"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_files_break_no_rule() {
        let gazetteer = Gazetteer::embedded().unwrap();
        assert!(gazetteer.len() > 6_097, "the hand table adds to the 6,097 places of GeoNames");
        assert_eq!(gazetteer.iter().count(), gazetteer.len());
        assert!(!gazetteer.is_empty());
    }

    #[test]
    fn ids_find_places_and_regions() {
        let gazetteer = Gazetteer::embedded().unwrap();
        let menaka = gazetteer.get("2453514").unwrap();
        assert_eq!(menaka.name, "Ménaka");
        let region = gazetteer.region(menaka).unwrap();
        assert_eq!((region.name.as_str(), region.level), ("Ménaka", Level::Region));
        assert_eq!(region.name_in("fr"), "Région de Ménaka");
        assert_eq!(gazetteer.get("2449067").unwrap().name_in("fr"), "Tombouctou");
        assert_eq!(gazetteer.get("2449067").unwrap().name_in("de"), "Timbuktu");
        assert!(gazetteer.get("0").is_none());
    }
}
