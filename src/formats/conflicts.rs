//! Where claims on a collection's records disagree, as JSON.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    Link,
    follow::{DATED, Followed, TAKEN},
    said::pairs,
};
use crate::{
    dataset::conclude::{Said, Step},
    model::ClaimValue,
    store::{Layer, Row, Table, feature_text::write_cell},
};

/// Records looked at, at the most.
pub(super) const MOST: u32 = 10_000;

/// The claims of one view by what they are about; `claims` is the collection that holds them.
pub(super) fn by_subject(claims: &Table) -> HashMap<&str, Vec<Row<'_>>> {
    let mut all: HashMap<&str, Vec<Row<'_>>> = HashMap::new();
    for row in (0..claims.len()).map(|position| claims.row(position)) {
        if let Some(subject) = row.text("subject") {
            all.entry(subject).or_default().push(row);
        }
    }
    all
}

/// The list: records by their ids, `records` is the address that their ids stand behind. Each step names what became of a claim, in the
/// order in which the rule takes them.
///
/// Cost: one pass over the claims and one over the records.
pub fn list(layers: &[Layer], table: &Table, claims: &Table, records: &dyn Fn(&str) -> String, links: &[Link]) -> String {
    let by_subject = by_subject(claims);
    let mut rows = (0..table.len().min(MOST)).map(|position| table.row(position)).collect::<Vec<_>>();
    rows.sort_by_key(Row::id);
    let conflicts = rows.iter().filter_map(|row| {
        let conflicts = of_record(layers, row, by_subject.get(row.id())?);
        (!conflicts.is_empty()).then(|| json!({ "id": row.id(), "href": records(row.id()), "values": conflicts }))
    });
    let conflicts = conflicts.collect::<Vec<_>>();
    json!({ "links": links, "numberReturned": conflicts.len(), "conflicts": conflicts }).to_string()
}

/// The values of a record on which claims disagree.
fn of_record(layers: &[Layer], row: &Row<'_>, said: &[Row<'_>]) -> Vec<Value> {
    let pairs = pairs(layers, said);
    let of_property = |name: &&str| {
        let said = pairs.iter().filter(|(claim, _)| claim.property == **name);
        let said = said.map(|(claim, source)| Said { claim, source }).collect::<Vec<_>>();
        let followed = Followed::of(name, &said, row.cell(name)).filter(Followed::in_conflict)?;
        let mut text = Vec::new();
        write_cell(&mut text, row.cell(name));
        let value = serde_json::from_slice::<Value>(&text).unwrap_or_default();
        Some(match followed {
            Followed::Date(conclusion, steps) => json!({
                "property": name,
                "value": value,
                "agreement": conclusion.agreement.as_str(),
                "alternatives": conclusion.alternatives.iter().map(|when| when.as_str()).collect::<Vec<_>>(),
                "steps": steps.iter().map(step).collect::<Vec<_>>(),
            }),
            Followed::Taken(order) => {
                let steps = order.iter().map(|(said, behind)| {
                    let is_first = said.claim.value == order[0].0.claim.value;
                    let step = match behind {
                        None => "first",
                        Some(_) if is_first => "fits",
                        Some(_) => "against",
                    };
                    let by = behind.filter(|_| !is_first).map(|reason| reason.as_str());
                    without_nulls(json!({ "step": step, "claim": said.claim.id, "value": said_value(&said.claim.value), "by": by }))
                });
                json!({ "property": name, "value": value, "steps": steps.collect::<Vec<_>>() })
            }
        })
    };
    DATED.iter().chain(&TAKEN).filter_map(of_property).collect()
}

fn said_value(value: &ClaimValue) -> Value {
    match value {
        ClaimValue::When(when) => json!(when.as_str()),
        ClaimValue::Integer(number) => json!(number),
        ClaimValue::Text(text) => json!(text),
    }
}

/// One step by its name, with the claim that it takes and what is left after it.
fn step(step: &Step) -> Value {
    without_nulls(match step {
        Step::Planned { claim } => json!({ "step": "planned", "claim": claim }),
        Step::SetAside { claim } => json!({ "step": "set_aside", "claim": claim }),
        Step::Flag { claim } => json!({ "step": "flag", "claim": claim }),
        Step::First { claim, value, act, over } => json!({
            "step": "first",
            "claim": claim,
            "value": value.as_str(),
            "act": act.map(|act| act.as_str()),
            "over": over.as_ref().map(|(other, _)| other),
            "by": over.as_ref().map(|(_, reason)| reason.as_str()),
        }),
        Step::Fits { claim, value, narrows } => {
            json!({ "step": if *narrows { "narrows" } else { "fits" }, "claim": claim, "value": value.as_str() })
        }
        Step::Against { claim, value, by } => json!({ "step": "against", "claim": claim, "value": value.as_str(), "by": by.as_str() }),
        Step::ActsMeet { act, value } => json!({ "step": "acts_meet", "act": act.as_str(), "value": value.as_str() }),
        Step::ActApart { act, value } => json!({ "step": "act_apart", "act": act.as_str(), "value": value.as_str() }),
        Step::NotBefore { claim, value: Some(value) } => json!({ "step": "not_before", "claim": claim, "value": value.as_str() }),
        Step::NotBefore { claim, value: None } => json!({ "step": "not_before_against", "claim": claim }),
        Step::Voices { count } => json!({ "step": "voices", "count": count }),
    })
}

/// The names of all steps.
pub const STEPS: [&str; 12] = [
    "planned",
    "set_aside",
    "flag",
    "first",
    "fits",
    "narrows",
    "against",
    "acts_meet",
    "act_apart",
    "not_before",
    "not_before_against",
    "voices",
];

fn without_nulls(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    value
}
