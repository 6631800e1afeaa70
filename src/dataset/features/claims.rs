//! `claims`: one feature is what one source says about one property of one subject.
//!
//! Its time is the date that it gives, or, for a number, the day that the number speaks from; it stands where its subject is.

use std::collections::{BTreeSet, HashMap};

use super::{Draft, Knowledge, View, annotation::annotation, base::on, edtf, knowledge::admits};
use crate::{
    dataset::{
        conclude::{Said, conclude},
        record::Subject,
    },
    model::{
        Act, Bound, Claim, ClaimValue, Confidence,
        Kind::{self, Boolean, Date, Edtf, Integer, Json, Number, Text, Uri},
        Modality, Source,
        when::When,
    },
};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("subject", Text),
    ("subject_name", Text),
    ("property", Text),
    ("value", Text),
    ("act", Text),
    ("modality", Text),
    ("reading", Text),
    ("confidence", Text),
    ("counts", Boolean),
    ("as_of", Edtf),
    ("counted", Text),
    ("counted_fr", Text),
    ("unit", Text),
    ("bound", Text),
    ("value_low", Number),
    ("value_high", Number),
    ("value_earliest", Date),
    ("value_latest", Date),
    ("loose", Text),
    ("note", Text),
    ("note_fr", Text),
    ("source", Text),
    ("source_title", Text),
    ("source_address", Uri),
    ("publisher", Text),
    ("basis", Text),
    ("start", Integer),
    ("end", Integer),
    ("anchor", Text),
    ("annotation", Json),
];

pub(super) fn drafts(knowledge: &Knowledge<'_>, view: View) -> Vec<Draft> {
    let subjects: HashMap<&str, &Subject> = knowledge.subjects.iter().map(|subject| (subject.id.as_str(), subject)).collect();
    let set_aside = set_aside(knowledge, view);
    let mut drafts = Vec::new();
    for (source, claims) in knowledge.sources.iter().filter(|(source, _)| admits(view, source)) {
        for claim in claims {
            let name = subjects.get(claim.subject.as_str()).map(|subject| subject.name.en.as_str());
            let counts = !set_aside.contains(&claim.id) && claim.act != Some(Act::FlagLowered);
            drafts.push(draft(knowledge, claim, source, name, counts));
        }
    }
    drafts
}

/// Ids of the claims that dispute nothing because better ones contradict them. It takes two claims of a view to set a third
/// aside, so this depends on the view.
fn set_aside(knowledge: &Knowledge<'_>, view: View) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for subject in knowledge.subjects {
        let said = knowledge.said(&subject.id, view);
        let low: BTreeSet<&str> =
            said.iter().filter(|said| said.claim.confidence == Confidence::Low).map(|said| said.claim.property.as_str()).collect();
        ids.extend(low.into_iter().flat_map(|property| conclude(&on(&said, property)).set_aside));
    }
    ids
}

fn draft(knowledge: &Knowledge<'_>, claim: &Claim, source: &Source, name: Option<&str>, counts: bool) -> Draft {
    let when = bounded(claim);
    let (low, high) = range(claim);
    let (counted, note, locator) = (claim.counted.as_ref(), claim.note.as_ref(), claim.locator.as_ref());
    let bound = matches!(claim.value, ClaimValue::Integer(_)).then(|| claim.bound.as_str());
    let said = Said { claim, source };
    let values = vec![
        ("subject", claim.subject.as_str().into()),
        ("subject_name", name.into()),
        ("property", claim.property.as_str().into()),
        ("value", text(&claim.value).into()),
        ("act", claim.act.map(Act::as_str).into()),
        ("modality", claim.modality.as_str().into()),
        ("reading", claim.reading.as_str().into()),
        ("confidence", claim.confidence.as_str().into()),
        ("counts", counts.into()),
        ("as_of", edtf(claim.as_of.as_ref())),
        ("counted", counted.map(|text| text.en.as_str()).into()),
        ("counted_fr", counted.and_then(|text| text.fr.as_deref()).into()),
        ("unit", claim.unit.as_deref().into()),
        ("bound", bound.into()),
        ("value_low", low.into()),
        ("value_high", high.into()),
        ("value_earliest", when.as_ref().and_then(When::first_day).into()),
        ("value_latest", when.as_ref().and_then(When::last_day).into()),
        ("loose", claim.loose.as_deref().into()),
        ("note", note.map(|text| text.en.as_str()).into()),
        ("note_fr", note.and_then(|text| text.fr.as_deref()).into()),
        ("source", source.id.as_str().into()),
        ("source_title", source.title.as_deref().into()),
        ("source_address", source.address.as_deref().into()),
        ("publisher", source.publisher.as_deref().into()),
        ("basis", source.basis.as_str().into()),
        ("start", locator.map(|locator| locator.start).into()),
        ("end", locator.map(|locator| locator.end).into()),
        ("anchor", locator.map(|locator| locator.anchor.as_str()).into()),
        ("annotation", annotation(said, &text(&claim.value)).into()),
    ];
    let time = when.or_else(|| number_day(claim)).map(|when| when.bounds());
    Draft { id: claim.id.clone(), geometry: knowledge.point(&claim.subject), time, values }
}

/// The date that the claim sets: for one that had not happened by a day, that day or any later one.
fn bounded(claim: &Claim) -> Option<When> {
    let when = claim.when()?;
    match claim.modality {
        Modality::NotYet => when.first_day().map(When::not_before),
        _ => Some(when.clone()),
    }
}

fn number_day(claim: &Claim) -> Option<When> {
    claim.as_of.clone().filter(|_| matches!(claim.value, ClaimValue::Integer(_)))
}

fn text(value: &ClaimValue) -> String {
    match value {
        ClaimValue::When(when) => when.as_str().to_owned(),
        ClaimValue::Integer(number) => number.to_string(),
        ClaimValue::Text(text) => text.clone(),
    }
}

/// Between which numbers the true one lies, both inclusive; "about" has the width of `about-n` in `seeds/loose.toml`.
fn range(claim: &Claim) -> (Option<f64>, Option<f64>) {
    let ClaimValue::Integer(number) = claim.value else { return (None, None) };
    let value = number as f64;
    match claim.bound {
        Bound::Exactly => (Some(value), Some(value)),
        Bound::AtLeast => (Some(value), None),
        Bound::AtMost => (None, Some(value)),
        Bound::About => (Some(value - about(number)), Some(value + about(number))),
    }
}

/// Half a unit of the place of the last non-zero digit: 5 for 180, 500 for 15,000, nothing for 0.
fn about(number: i64) -> f64 {
    if number == 0 {
        return 0.0;
    }
    let mut unit = 1_i64;
    while let Some(next) = unit.checked_mul(10).filter(|next| number % next == 0) {
        unit = next;
    }
    unit as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_has_the_width_of_the_last_digit() {
        let widths = [(180, 5.0), (15_000, 500.0), (13_800, 50.0), (4_000_000_000, 500_000_000.0), (7, 0.5), (0, 0.0), (-20, 5.0)];
        for (number, width) in widths {
            assert_eq!(about(number), width, "{number}");
        }
        assert_eq!(about(1_000_000_000_000_000_000), 5e17);
    }
}
