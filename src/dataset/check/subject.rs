//! Rules of subjects; whether their places are found is asked where they are placed.

use std::collections::{HashMap, HashSet};

use super::{Rule, Violation};
use crate::dataset::record::{Origin, Records, SubjectKind};

pub(super) fn check(records: &Records, found: &mut Vec<Violation>) {
    let spoken_of: HashSet<&str> =
        records.sources.iter().flat_map(|source| &source.claims).filter_map(|claim| claim.subject.as_deref()).collect();
    let mut ids: HashMap<&str, &Origin> = HashMap::new();
    for subject in &records.subjects.list {
        let origin = &subject.origin;
        if let Some(first) = ids.insert(&subject.id, origin) {
            found.push(origin.breaks("id", Rule::DuplicateId { id: subject.id.clone(), first: first.place() }));
        }
        if !spoken_of.contains(subject.id.as_str()) {
            found.push(origin.breaks("", Rule::SubjectWithoutClaim));
        }
        if subject.kind == SubjectKind::Base && subject.place.is_none() {
            found.push(origin.breaks("place", Rule::BaseWithoutPlace));
        }
    }
}
