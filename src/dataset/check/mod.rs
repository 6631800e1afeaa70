//! Every rule of a data set, and every place where one is broken.
//!
//! [`Rule`] lists the rules; what a field needs by itself is asked while it is read (`record`), what fields and records need
//! of each other here. All violations are collected: nothing stops at the first.

mod claim;
mod collection;
mod source;
mod subject;
mod violation;

pub(in crate::dataset) use source::is_address;
pub(in crate::dataset) use violation::nearest;
pub use violation::{Rule, Violation};

use super::record::Records;
use crate::model::{Claim, Source};

/// The most words that a claim may keep of a text; a word is a maximal run without white space.
pub const MAX_ANCHOR_WORDS: usize = 8;

/// Checks the records against each other and gives the claims that could be read whole.
pub(super) fn check(records: &Records, found: &mut Vec<Violation>) -> Vec<(Source, Vec<Claim>)> {
    subject::check(records, found);
    collection::check(records, found);
    source::check(records, found);
    records.sources.iter().map(|record| (record.source.clone(), claim::check(record, records, found))).collect()
}
