//! The files of a data set, read into records: every field typed, every mistake with its file, line, record and field.

mod claim;
mod collection;
mod fields;
mod map;
mod source;
mod subject;

pub(super) use claim::ClaimRecord;
pub(super) use collection::CollectionRecord;
pub(super) use fields::{Fields, Origin};
pub(super) use map::MapRecord;
pub(super) use source::SourceRecord;
pub(super) use subject::{Subject, SubjectKind, Subjects};

use std::collections::HashSet;

use super::{
    File,
    check::{Rule, Violation},
};
use crate::gazetteer::Gazetteer;

/// The names of the files that every data set has.
const LOOSE: &str = "seeds/loose.toml";
const SUBJECTS: &str = "data/subjects.toml";
const COLLECTIONS: &str = "data/collections.toml";
const MAP: &str = "data/map.toml";
const PLACES: &str = "data/gazetteer/places.tsv";
const HAND: &str = "data/gazetteer/hand.tsv";

/// Everything that the files say, as far as it could be read.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) sources: Vec<SourceRecord>,
    pub(super) subjects: Subjects,
    /// Keys of the loose words.
    pub(super) loose: Vec<String>,
    pub(super) collections: Vec<CollectionRecord>,
    pub(super) map: Option<MapRecord>,
    pub(super) gazetteer: Option<Gazetteer>,
}

/// Reads all files and reports whatever is wrong with each by itself.
pub(super) fn read(files: &[File<'_>], found: &mut Vec<Violation>) -> Records {
    let mut seen = HashSet::new();
    for file in files {
        if !seen.insert(file.name) {
            found.push(Violation::of_file(file.name, Rule::DuplicateFile));
        }
        if !is_source(file.name) && ![LOOSE, SUBJECTS, COLLECTIONS, MAP, PLACES, HAND].contains(&file.name) {
            found.push(Violation::of_file(file.name, Rule::UnknownFile));
        }
    }
    let loose = find(files, LOOSE, found).map(|file| loose(file, found)).unwrap_or_default();
    let subjects = find(files, SUBJECTS, found).map(|file| subject::read(file, found)).unwrap_or_default();
    let Outline { collections, map, gazetteer } = outline(files, found);
    let sources = files.iter().filter(|file| is_source(file.name)).filter_map(|file| source::read(*file, found)).collect();
    Records { sources, subjects, loose, collections, map, gazetteer }
}

/// What the files say of the form of a data set, and of names.
pub(super) struct Outline {
    pub(super) collections: Vec<CollectionRecord>,
    pub(super) map: Option<MapRecord>,
    pub(super) gazetteer: Option<Gazetteer>,
}

/// Reads these files alone, a third of the work of [`read`].
pub(super) fn outline(files: &[File<'_>], found: &mut Vec<Violation>) -> Outline {
    let collections = find(files, COLLECTIONS, found).map(|file| collection::read(file, found)).unwrap_or_default();
    let map = find(files, MAP, found).and_then(|file| map::read(file, found));
    let (places, hand) = (find(files, PLACES, found), find(files, HAND, found));
    let gazetteer = places.zip(hand).and_then(|(places, hand)| gazetteer(places, hand, found));
    Outline { collections, map, gazetteer }
}

/// A file that every data set has.
fn find<'f>(files: &[File<'f>], name: &str, found: &mut Vec<Violation>) -> Option<File<'f>> {
    let file = files.iter().copied().find(|file| file.name == name);
    if file.is_none() {
        found.push(Violation::of_file(name, Rule::MissingFile));
    }
    file
}

fn is_source(name: &str) -> bool {
    let folder = name.strip_prefix("seeds/").or_else(|| name.strip_prefix("data/facts/"));
    name != LOOSE && folder.is_some_and(|name| name.ends_with(".toml") && !name.contains('/'))
}

/// The keys of the loose words; their widths are for people, and the rule of each claim's value.
fn loose(file: File<'_>, found: &mut Vec<Violation>) -> Vec<String> {
    let mut top = Fields::of_file(file, found);
    let keys = top.records("loose", |mut fields| {
        fields.require(&["key", "en", "fr", "rule", "rule_fr"]);
        let key = fields.id("key");
        fields.name(key.as_deref());
        for (field, field_fr) in [("en", "fr"), ("rule", "rule_fr")] {
            fields.both(field, field_fr);
        }
        fields.finish();
        key
    });
    top.finish();
    keys.into_iter().flatten().collect()
}

fn gazetteer(places: File<'_>, hand: File<'_>, found: &mut Vec<Violation>) -> Option<Gazetteer> {
    let errors = match Gazetteer::from_tsv(places.text, hand.text) {
        Ok(gazetteer) => return Some(gazetteer),
        Err(errors) => errors,
    };
    found.extend(errors.into_iter().map(|error| Violation {
        file: format!("data/gazetteer/{}", error.file),
        line: Some(error.line),
        record: String::new(),
        field: error.field.to_owned(),
        rule: error.rule.into(),
    }));
    None
}
