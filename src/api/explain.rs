//! `explain`: which filter removed how many features, and what each says of one feature that was looked for in vain.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::extract::Ask;
use crate::{
    model::Bbox,
    query::{Certainty, Explain, Filter, ItemsQuery},
    store::{Layer, Page, Row, Selection, Table},
};

/// What stands beside the features of a page: the explanation that was asked for, and a hint where a box looks as if its axes were
/// swapped.
pub(super) fn beside(ask: &Ask, layer: &Layer, query: &ItemsQuery, page: &Page) -> Map<String, Value> {
    let mut members = Map::new();
    if let Some(hint) = swapped(layer, query, page) {
        members.insert("hint".into(), hint.into());
    }
    if let Some(explain) = &query.explain {
        members.insert("explain".into(), explanation(ask, layer, query, page, explain));
    }
    members
}

/// Where a box meets no geometry although it would with its axes swapped, says so: such an answer is no error, only empty.
fn swapped(layer: &Layer, query: &ItemsQuery, page: &Page) -> Option<String> {
    let table = &layer.tables[query.view];
    let bbox = query.filter.bbox?;
    // Features without geometry match every box.
    let unlocated = u64::from(table.unlocated());
    if page.matched > unlocated || table.count(&only_box(bbox)) > unlocated {
        return None;
    }
    let [west, south, east, north] = bbox.edges();
    let found = table.count(&only_box(Bbox::new(south, west, north, east).ok()?)) - unlocated;
    (found > 0).then(|| {
        format!(
            "the box meets no feature, but with bbox={south},{west},{north},{east} it would meet {found}: the order is longitude, latitude"
        )
    })
}

fn only_box(bbox: Bbox) -> Filter {
    Filter { bbox: Some(bbox), ..Filter::default() }
}

/// One filter of a request.
struct Step {
    parameter: &'static str,
    asks: Asks,
}

enum Asks {
    Of(Filter),
    Words,
}

/// The filters of a request, in the order in which they are applied.
fn steps(query: &ItemsQuery) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(bbox) = query.filter.bbox {
        steps.push(Step { parameter: "bbox", asks: Asks::Of(only_box(bbox)) });
    }
    if query.filter.time.is_some() {
        let filter = Filter { time: query.filter.time, ..Filter::default() };
        steps.push(Step { parameter: "datetime", asks: Asks::Of(filter) });
    }
    if query.filter.expr.is_some() {
        let filter = Filter { expr: query.filter.expr.clone(), ..Filter::default() };
        steps.push(Step { parameter: "filter", asks: Asks::Of(filter) });
    }
    if query.text.is_some() {
        steps.push(Step { parameter: "q", asks: Asks::Words });
    }
    steps
}

impl Step {
    /// What the filter leaves of a selection.
    fn apply(&self, table: &Arc<Table>, query: &ItemsQuery, before: &Selection) -> Selection {
        match (&self.asks, &query.text) {
            (Asks::Of(filter), _) => {
                let kept = before.and(&table.select(filter));
                match &query.window {
                    Some(window) if self.parameter == "bbox" => table.within(&kept, window, &query.filter.budget),
                    _ => kept,
                }
            }
            (Asks::Words, Some(text)) => table.saying(before, text, &query.filter.budget),
            (Asks::Words, None) => before.clone(),
        }
    }
}

fn explanation(ask: &Ask, layer: &Layer, query: &ItemsQuery, page: &Page, explain: &Explain) -> Value {
    let table = &layer.tables[query.view];
    let mut left = table.select(&Filter::default());
    let all = left.clone();
    let mut filters = Vec::new();
    for step in steps(query) {
        let kept = step.apply(table, query, &left);
        filters.push(json!({
            "parameter": step.parameter,
            "value": ask.params.get(step.parameter),
            "removed": left.matched() - kept.matched(),
            "left": kept.matched(),
        }));
        left = kept;
    }
    let mut explanation = json!({ "features": all.matched(), "filters": filters, "matched": page.matched, "returned": page.returned });
    if let Explain::Feature(id) = explain {
        explanation["feature"] = of_feature(table, query, &all, &left, id);
    }
    explanation
}

/// What each filter says of one feature.
fn of_feature(table: &Arc<Table>, query: &ItemsQuery, all: &Selection, left: &Selection, id: &str) -> Value {
    let Some(position) = table.find(id) else {
        return json!({ "id": id, "exists": false, "why": "no feature of this collection has this id" });
    };
    let row = table.row(position);
    let said = steps(query).into_iter().map(|step| {
        let kept = step.apply(table, query, all).contains(position);
        json!({ "parameter": step.parameter, "keeps": kept, "why": why(&step, query, &row) })
    });
    let mut feature = json!({ "id": id, "exists": true, "matches": left.contains(position), "filters": said.collect::<Vec<_>>() });
    if left.contains(position) && query.sort.is_none() {
        feature["offset"] = json!(left.before(position));
    }
    feature
}

/// What the filter looked at.
fn why(step: &Step, query: &ItemsQuery, row: &Row<'_>) -> String {
    match step.parameter {
        "bbox" => match row.geometry().and_then(|geometry| geometry.bounds()) {
            None => "it has no geometry, and so matches every box".to_owned(),
            Some(rect) => format!("its geometry lies within {},{},{},{}", rect.min_x, rect.min_y, rect.max_x, rect.max_y),
        },
        "datetime" => {
            let certain = query.filter.time.is_some_and(|time| time.certainty == Certainty::Certain);
            match row.time() {
                None if certain => "it has no time, and so nothing about it is certain".to_owned(),
                None => "it has no time, and so matches every time".to_owned(),
                Some(time) => {
                    let question = if certain { "certainly" } else { "possibly" };
                    format!(
                        "it begins from {} to {} and ends from {} to {}, and is asked whether it {question} meets the interval",
                        time.earliest_start, time.latest_start, time.earliest_end, time.latest_end
                    )
                }
            }
        }
        "filter" => "filter and the parameters that name its queryables must be true of it; what is not known is not true".to_owned(),
        _ => "one of its texts must say one of the phrases, spelling aside".to_owned(),
    }
}
