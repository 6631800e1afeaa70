//! Rules of sources.

use std::collections::HashMap;

use super::{Rule, Violation};
use crate::{
    dataset::record::{Origin, Records, SourceRecord},
    model::Basis,
};

pub(super) fn check(records: &Records, found: &mut Vec<Violation>) {
    let mut ids: HashMap<&str, &Origin> = HashMap::new();
    for record in &records.sources {
        let SourceRecord { origin, source, claims } = record;
        let mut breaks = |field: &str, rule| found.push(origin.breaks(field, rule));
        if let Some(first) = ids.insert(&source.id, origin) {
            breaks("id", Rule::DuplicateId { id: source.id.clone(), first: first.place() });
        }
        if source.id != origin.stem() {
            breaks("id", Rule::FileStem { id: source.id.clone(), expected: origin.stem().to_owned() });
        }
        if source.title.is_none() && source.publisher.is_none() && source.address.is_none() {
            breaks("", Rule::Unnamed);
        }
        if let Some(address) = source.address.as_ref().filter(|address| !is_address(address)) {
            breaks("address", Rule::Address(address.clone()));
        }
        match (&source.sha256, source.characters) {
            (Some(hash), _) if !is_hash(hash) => breaks("sha256", Rule::Hash(hash.clone())),
            (Some(_), None) => breaks("sha256", Rule::Needs("characters")),
            (None, Some(_)) => breaks("characters", Rule::Needs("sha256")),
            (None, None) if source.basis == Basis::Documents => breaks("basis", Rule::DocumentWithoutHash),
            _ => {}
        }
        if source.published_note.is_some() && source.published.is_none() {
            breaks("published_note", Rule::Needs("published"));
        }
        if claims.is_empty() {
            breaks("", Rule::NoClaims);
        }
    }
}

pub(in crate::dataset) fn is_address(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn is_hash(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
