//! Counts as JSON: by value and by time.

use serde_json::{Value, json};

use super::Link;
use crate::{
    query::CountsQuery,
    store::{Layer, Tally, feature_text::write_cell},
};

/// The counts that a query asks for. `values` has a member for each property: values with their counts, the commonest first, and how many
/// features have none; `null` for a property of too many values. `time` has the stretches from `start` to `end`.
pub fn page(layer: &Layer, query: &CountsQuery, links: &[Link]) -> String {
    let table = &layer.tables[query.items.view];
    let selection = table.select(&query.items.filter);
    let mut page = json!({ "numberMatched": selection.matched() });
    if !query.by.is_empty() {
        let values = query.by.iter().map(|index| {
            let name = layer.collection.schema.properties[*index].name.clone();
            (name, table.tally(&selection, *index).map_or(Value::Null, |tally| tallied(&tally)))
        });
        page["values"] = Value::Object(values.collect());
    }
    if query.bins > 0 {
        let span =
            query.items.filter.time.as_ref().map(|time| (time.from, time.to)).filter(|(from, to)| from.is_bounded() && to.is_bounded());
        page["time"] = match span.or_else(|| table.span().filter(|(from, to)| from.is_bounded() && to.is_bounded())) {
            Some((from, to)) => {
                let counts = table.in_time(&selection, (from, to), query.bins);
                json!({ "start": from.to_string(), "end": to.to_string(), "counts": counts })
            }
            None => Value::Null,
        };
    }
    page["links"] = json!(links);
    page.to_string()
}

fn tallied(Tally { counts, unknown }: &Tally<'_>) -> Value {
    let value = |cell| {
        let mut text = Vec::new();
        write_cell(&mut text, cell);
        serde_json::from_slice::<Value>(&text).unwrap_or_default()
    };
    let counts = counts.iter().map(|(cell, count)| json!([value(*cell), count])).collect::<Vec<_>>();
    json!({ "counts": counts, "unknown": unknown })
}
