//! Which of two claims is shown first (rule 3).

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::civil::Date;

use super::{Reason, Said};
use crate::model::{Confidence, when::When};

/// The order of rule 3; the smaller is shown first. Source and claim id make it total, so that the order of the files never
/// matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rank<'a> {
    confidence: Reverse<Confidence>,
    /// On how many days it may have been.
    days: i64,
    voices: Reverse<usize>,
    /// The day from which it can have been published; undated (`None`) comes last.
    published: Reverse<Option<Date>>,
    source: &'a str,
    claim: &'a str,
}

/// The claims in the order of rule 3: higher confidence, then greater precision, then more independent publishers that say
/// the same or more narrowly, then later publication (undated last), then the source id that sorts first.
pub(super) fn ranked(claims: Vec<Said<'_>>) -> Vec<Said<'_>> {
    let mut keyed: Vec<_> = claims.iter().map(|said| (rank(*said, &claims), *said)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    keyed.into_iter().map(|(_, said)| said).collect()
}

fn rank<'a>(said: Said<'a>, all: &[Said<'a>]) -> Rank<'a> {
    let when = said.when();
    Rank {
        confidence: Reverse(said.claim.confidence),
        days: when.and_then(When::span_days).unwrap_or(i64::MAX),
        voices: Reverse(all.iter().filter(|other| says(other, said)).map(|other| other.source.voice()).collect::<BTreeSet<_>>().len()),
        published: Reverse(said.source.published.as_ref().and_then(|when| when.first_day().or_else(|| when.last_day()))),
        source: &said.source.id,
        claim: &said.claim.id,
    }
}

/// What puts the claim `before` in front of `after`, both ranked among `all`.
pub(super) fn reason(before: Said<'_>, after: Said<'_>, all: &[Said<'_>]) -> Reason {
    let (a, b) = (rank(before, all), rank(after, all));
    match () {
        () if a.confidence != b.confidence => Reason::Confidence,
        () if a.days != b.days => Reason::Precision,
        () if a.voices != b.voices => Reason::Voices,
        () if a.published != b.published => Reason::Later,
        () => Reason::Id,
    }
}

/// Whether `other` says what `said` says, or more narrowly; of values without a date, whether it says the same.
fn says(other: &Said<'_>, said: Said<'_>) -> bool {
    match (other.when(), said.when()) {
        (Some(other), Some(when)) => when.intersect(other).is_some_and(|shared| same_days(&shared, other)),
        _ => other.claim.value == said.claim.value,
    }
}

fn same_days(a: &When, b: &When) -> bool {
    (a.first_day(), a.last_day(), a.span_days()) == (b.first_day(), b.last_day(), b.span_days())
}
