//! Counts as JSON: by value and by time.

use serde_json::{Value, json};

use super::Link;
use crate::{
    model::{self, Collection},
    query::CountsQuery,
    store::{Counts, Layer, Tally, ValueCounts, feature_text::write_cell},
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

/// The same of counts that a database has made.
pub fn page_of(collection: &Collection, counted: &Counts, query: &CountsQuery, links: &[Link]) -> String {
    let mut page = json!({ "numberMatched": counted.matched });
    if !query.by.is_empty() {
        let values = query.by.iter().zip(&counted.values).map(|(index, tally)| {
            let value = |value: &model::Value| match value {
                model::Value::Null | model::Value::Json(_) | model::Value::List(_) => Value::Null,
                model::Value::Text(text) => json!(text),
                model::Value::Integer(number) => json!(number),
                model::Value::Number(number) => json!(number),
                model::Value::Boolean(truth) => json!(truth),
                model::Value::Date(day) => json!(day.to_string()),
                model::Value::Timestamp(moment) => json!(moment.to_string()),
            };
            let tally = tally.as_ref().map(|ValueCounts { counts, unknown }| {
                let mut counts = counts.iter().map(|(of, count)| (value(of), *count)).collect::<Vec<_>>();
                counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.to_string().cmp(&b.0.to_string())));
                json!({ "counts": counts.iter().map(|(value, count)| json!([value, count])).collect::<Vec<_>>(), "unknown": unknown })
            });
            (collection.schema.properties[*index].name.clone(), tally.unwrap_or_default())
        });
        page["values"] = Value::Object(values.collect());
    }
    if query.bins > 0 {
        page["time"] = match &counted.time {
            Some((from, to, counts)) => json!({ "start": from.to_string(), "end": to.to_string(), "counts": counts }),
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
