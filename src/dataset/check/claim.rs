//! Rules of claims.

use std::collections::HashMap;

use super::{MAX_ANCHOR_WORDS, Rule, Violation};
use crate::{
    dataset::{
        property::{self, Property, Takes},
        record::{ClaimRecord, Origin, Records, SourceRecord, Subject},
    },
    model::{Claim, ClaimValue, Modality, Source},
};

/// Checks the claims of a source; gives those that could be read whole.
pub(super) fn check(source: &SourceRecord, records: &Records, found: &mut Vec<Violation>) -> Vec<Claim> {
    let mut ids: HashMap<&str, &Origin> = HashMap::new();
    let mut claims = Vec::new();
    for record in &source.claims {
        let origin = &record.origin;
        if let Some(id) = &record.id
            && let Some(first) = ids.insert(id, origin)
        {
            found.push(origin.breaks("id", Rule::DuplicateId { id: id.clone(), first: first.place() }));
        }
        let mut broken = Vec::new();
        let subject = subject(record, records, &mut broken);
        let property = property(record, subject, &mut broken);
        let value = property.zip(record.value.as_ref()).and_then(|(property, value)| {
            let read = read_value(property, value);
            read.map_err(|rule| broken.push(("value", rule))).ok()
        });
        ending(record, &mut broken);
        if let Some(property) = property {
            modality(record, property, value.as_ref(), &mut broken);
            number(record, property, &mut broken);
        }
        if let Some(loose) = record.loose.as_ref().filter(|loose| !records.loose.contains(loose)) {
            broken.push(("loose", Rule::UnknownLoose(loose.clone())));
        }
        locator(record, &source.source, &mut broken);
        found.extend(broken.into_iter().map(|(field, rule)| origin.breaks(field, rule)));
        claims.extend(value.and_then(|value| record.claim(&source.source.id, value)));
    }
    claims
}

type Broken = Vec<(&'static str, Rule)>;

fn subject<'r>(record: &ClaimRecord, records: &'r Records, broken: &mut Broken) -> Option<&'r Subject> {
    let id = record.subject.as_ref()?;
    let subject = records.subjects.list.iter().find(|subject| subject.id == *id);
    if subject.is_none() {
        broken.push(("subject", Rule::UnknownSubject(id.clone())));
    }
    subject
}

fn property(record: &ClaimRecord, subject: Option<&Subject>, broken: &mut Broken) -> Option<&'static Property> {
    let name = record.property.as_ref()?;
    let property = property::find(name);
    match (property, subject) {
        (None, _) => broken.push(("property", Rule::UnknownProperty(name.clone()))),
        (Some(property), Some(subject)) if !property.of.contains(&subject.kind) => {
            broken.push(("property", Rule::PropertyOfOther { property: name.clone(), kind: subject.kind.as_str() }));
        }
        _ => {}
    }
    property
}

fn read_value(property: &Property, value: &toml::Value) -> Result<ClaimValue, Rule> {
    match (property.takes, value) {
        (Takes::When, toml::Value::String(text)) => Ok(ClaimValue::When(text.parse()?)),
        (Takes::Name | Takes::Word(_), toml::Value::String(text)) if text.trim().is_empty() => Err(Rule::Empty),
        (Takes::Word(words), toml::Value::String(text)) if !words.contains(&text.as_str()) => {
            Err(Rule::Word { value: text.clone(), allowed: words.join(", ") })
        }
        (Takes::Name | Takes::Word(_), toml::Value::String(text)) => Ok(ClaimValue::Text(text.clone())),
        (Takes::Count | Takes::Rank, toml::Value::Integer(number)) => Ok(ClaimValue::Integer(*number)),
        (takes, other) => Err(Rule::Value { property: property.name.to_owned(), expected: takes.as_str(), found: other.type_str() }),
    }
}

/// An act says how a base ended, so it stands exactly where one is said to have ended.
fn ending(record: &ClaimRecord, broken: &mut Broken) {
    let ended = record.property.as_deref() == Some("closed") && record.modality == Modality::Reported;
    match (ended, record.act) {
        (true, None) if !record.origin.has("act") => broken.push(("act", Rule::ActMissing)),
        (false, Some(_)) => broken.push(("act", Rule::ActElsewhere)),
        _ => {}
    }
}

/// A date or a rank can be planned; only a date can be said not to have come yet, and then by one day.
fn modality(record: &ClaimRecord, property: &Property, value: Option<&ClaimValue>, broken: &mut Broken) {
    let fits = match record.modality {
        Modality::Reported => true,
        Modality::Planned => matches!(property.takes, Takes::When | Takes::Rank),
        Modality::NotYet => property.takes == Takes::When,
    };
    if !fits {
        let rule = Rule::Modality { property: property.name.to_owned(), modality: record.modality.as_str() };
        broken.push(("modality", rule));
    } else if let (Modality::NotYet, Some(ClaimValue::When(when))) = (record.modality, value)
        && !when.is_single_day()
    {
        broken.push(("value", Rule::NotOneDay(when.as_str().to_owned())));
    }
}

/// A number says what it counts and in what; nothing else does.
fn number(record: &ClaimRecord, property: &Property, broken: &mut Broken) {
    if property.takes == Takes::Count {
        if record.counted.is_none() {
            broken.push(("counted", Rule::Missing));
        }
        if record.unit.is_none() {
            broken.push(("unit", Rule::Missing));
        }
        return;
    }
    for (field, given) in [("counted", record.counted.is_some()), ("unit", record.unit.is_some())] {
        if given {
            broken.push((field, Rule::NumbersOnly));
        }
    }
    if record.bound.is_some() && !property.takes.is_number() {
        broken.push(("bound", Rule::NumbersOnly));
    }
}

fn locator(record: &ClaimRecord, source: &Source, broken: &mut Broken) {
    if source.sha256.is_none() {
        for (field, given) in [("at", record.at.is_some()), ("anchor", record.anchor.is_some())] {
            if given {
                broken.push((field, Rule::LocatorWithoutText));
            }
        }
        return;
    }
    match record.at {
        None if !record.origin.has("at") => broken.push(("at", Rule::LocatorMissing)),
        Some([start, end]) if start >= end => broken.push(("at", Rule::SpanOrder { start, end })),
        Some([_, end]) => {
            if let Some(characters) = source.characters.filter(|characters| end > *characters) {
                broken.push(("at", Rule::SpanBeyond { end, characters }));
            }
        }
        None => {}
    }
    let Some(anchor) = &record.anchor else {
        if !record.origin.has("anchor") {
            broken.push(("anchor", Rule::LocatorMissing));
        }
        return;
    };
    let (words, length) = (anchor.split_whitespace().count(), anchor.chars().count());
    if words > MAX_ANCHOR_WORDS {
        broken.push(("anchor", Rule::AnchorWords { anchor: anchor.clone(), words }));
    }
    if anchor.contains(['\n', '\r']) {
        broken.push(("anchor", Rule::AnchorLines(anchor.clone())));
    }
    if let Some(span) = record.at.and_then(|[start, end]| end.checked_sub(start)).filter(|span| *span as usize != length) {
        broken.push(("anchor", Rule::AnchorLength { anchor: anchor.clone(), length, span }));
    }
}
