//! Reported claims that are shown as contradicted and dispute nothing (rule 6).

use std::collections::BTreeSet;

use super::Said;
use crate::model::Confidence;

/// How many independent publishers it takes.
const CONTRADICTED_BY: usize = 2;

/// Ids of the low-confidence claims that two or more independent publishers contradict, at higher confidence and about the
/// same act. A publisher may contradict itself.
pub(super) fn set_aside<'a>(reported: &[Said<'a>]) -> BTreeSet<&'a str> {
    let low = reported.iter().filter(|said| said.claim.confidence == Confidence::Low);
    low.filter(|said| contradicting(said, reported) >= CONTRADICTED_BY).map(|said| said.claim.id.as_str()).collect()
}

fn contradicting(said: &Said<'_>, reported: &[Said<'_>]) -> usize {
    let others = reported.iter().filter(|other| {
        let contradicts = said.when().zip(other.when()).is_some_and(|(when, other)| when.intersect(other).is_none());
        other.claim.act == said.claim.act && other.claim.confidence > said.claim.confidence && contradicts
    });
    others.map(|other| other.source.voice()).collect::<BTreeSet<_>>().len()
}
