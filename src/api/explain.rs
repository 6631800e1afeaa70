//! `explain`: which filter removed how many features, and what each says of one feature that was looked for in vain.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::extract::Ask;
use crate::{
    model::{Bbox, Collection},
    query::{
        Certainty, Explain, Filter, ItemsQuery,
        filter::{Expr, Field},
        parameter_queryables,
    },
    store::{Layer, Page, Row, Selection, Table, feature_text::write_cell, truth},
};

/// What stands beside the features of a page: the explanation that was asked for, and a hint where a box looks as if its axes were
/// swapped.
pub(super) fn beside(ask: &Ask, layer: &Layer, query: &ItemsQuery, page: &Page) -> Map<String, Value> {
    let mut members = Map::new();
    if layer.source().is_some() {
        // It would ask the database again; the parameter is refused there.
        return members;
    }
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

/// One filter of a request: a parameter, and what it asks.
struct Step<'a> {
    parameter: &'a str,
    asks: Asks,
}

enum Asks {
    Of(Filter),
    Words,
}

/// The filters of a request, in the order in which they are applied; each queryable that is a parameter is one of its own.
fn steps<'a>(ask: &Ask, collection: &'a Collection, query: &ItemsQuery) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut add = |parameter, filter| steps.push(Step { parameter, asks: Asks::Of(filter) });
    if let Some(bbox) = query.filter.bbox {
        add("bbox", only_box(bbox));
    }
    if query.filter.time.is_some() {
        add("datetime", Filter { time: query.filter.time, ..Filter::default() });
    }
    let condition = |expr| Filter { expr: Some(expr), budget: query.filter.budget.clone(), ..Filter::default() };
    // What `filter` says comes first, then what each queryable's parameter says, in their order.
    let given = parameter_queryables(collection).into_iter().filter(|queryable| ask.params.get(queryable.name).is_some());
    let given = given.map(|queryable| queryable.name).collect::<Vec<_>>();
    let parts = query.filter.expr.as_ref().map(conjuncts).unwrap_or_default();
    let (filter, own) = parts.split_at(parts.len().saturating_sub(given.len()));
    match filter {
        [] => {}
        [one] => add("filter", condition(one.clone())),
        several => add("filter", condition(Expr::And(several.to_vec()))),
    }
    given.iter().zip(own).for_each(|(name, part)| add(*name, condition(part.clone())));
    if query.text.is_some() {
        steps.push(Step { parameter: "q", asks: Asks::Words });
    }
    steps
}

/// The conditions that must all be true.
fn conjuncts(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::And(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

impl Step<'_> {
    /// The opposite of a condition.
    fn negated(&self) -> Option<Filter> {
        let Asks::Of(filter @ Filter { expr: Some(condition), .. }) = &self.asks else { return None };
        Some(Filter { expr: Some(Expr::Not(Box::new(condition.clone()))), ..filter.clone() })
    }

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
    for step in steps(ask, &layer.collection, query) {
        let kept = step.apply(table, query, &left);
        let removed = left.matched() - kept.matched();
        let mut told = json!({
            "parameter": step.parameter,
            "value": ask.params.get(step.parameter),
            "removed": removed,
            "left": kept.matched(),
        });
        // What is neither true nor false is removed as well.
        if let Some(not) = step.negated() {
            told["unknown"] = json!(removed.saturating_sub(left.and(&table.select(&not)).matched()));
        }
        filters.push(told);
        left = kept;
    }
    let mut explanation = json!({ "features": all.matched(), "filters": filters, "matched": page.matched, "returned": page.returned });
    if let Explain::Feature(id) = explain {
        explanation["feature"] = of_feature(ask, layer, query, &all, &left, id);
    }
    explanation
}

/// What each filter says of one feature.
fn of_feature(ask: &Ask, layer: &Layer, query: &ItemsQuery, all: &Selection, left: &Selection, id: &str) -> Value {
    let table = &layer.tables[query.view];
    let Some(position) = table.find(id) else {
        return json!({ "id": id, "exists": false, "why": missing(layer, id) });
    };
    let row = table.row(position);
    let said = steps(ask, &layer.collection, query).into_iter().map(|step| {
        let kept = step.apply(table, query, all).contains(position);
        json!({ "parameter": step.parameter, "keeps": kept, "why": why(&step, layer, query, &row) })
    });
    let mut feature = json!({ "id": id, "exists": true, "matches": left.contains(position), "filters": said.collect::<Vec<_>>() });
    if left.contains(position) {
        feature["offset"] = json!(layer.before(query, left, position));
    }
    feature
}

/// Why there is no feature of this id in the view that is asked.
fn missing(layer: &Layer, id: &str) -> String {
    let views = layer.collection.views.as_ref();
    let others = views.into_iter().flat_map(|views| {
        let with = layer.tables.iter().zip(&views.names).filter(|(table, _)| table.find(id).is_some());
        with.map(|(_, name)| format!("{}={name}", views.parameter))
    });
    match others.collect::<Vec<_>>()[..] {
        [] => "no feature of this collection has this id".to_owned(),
        ref others => format!("it is not in this view of the collection, but with {}", others.join(", ")),
    }
}

/// What conditions say of a feature, and the values that they look at.
fn truths(expr: &Expr, layer: &Layer, row: &Row<'_>) -> String {
    let say = |part: &Expr| {
        let mut seen = Vec::new();
        part.each_field(&mut |field| {
            let Field::Property(index, _) = field else { return };
            let mut text = format!("{} is ", layer.collection.schema.properties[index].name).into_bytes();
            write_cell(&mut text, row.cell_at(index));
            let text = String::from_utf8_lossy(&text).into_owned();
            if !seen.contains(&text) {
                seen.push(text);
            }
        });
        let truth = match truth(part, row) {
            Some(true) => "true",
            Some(false) => "false",
            None => "not known to be true",
        };
        let seen = if seen.is_empty() { String::new() } else { format!(" ({})", seen.join(", ")) };
        format!("{part} is {truth}{seen}")
    };
    conjuncts(expr).iter().map(say).collect::<Vec<_>>().join("; ")
}

/// What the filter looked at.
fn why(step: &Step<'_>, layer: &Layer, query: &ItemsQuery, row: &Row<'_>) -> String {
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
        "q" => "one of its texts must say one of the phrases, spelling aside".to_owned(),
        _ => match &step.asks {
            Asks::Of(Filter { expr: Some(expr), .. }) => truths(expr, layer, row),
            _ => String::new(),
        },
    }
}
