//! Documents that are made for programs, for the people who land on them: schemas, queryables, sortables, functions. Each is read from
//! its JSON, so that the two never differ.

use maud::{Markup, html};
use serde_json::Value;

use super::{Frame, place::text, shell, words::Words};
use crate::model::Collection;

/// A schema of a collection's properties; `kind` is the last part of its address.
pub fn schema(frame: &Frame, collection: &Collection, kind: &str, schema: &Value) -> String {
    let words = frame.words();
    let of = collection.title.get(words.lang);
    let title = words.fill(heading(kind), &[("collection", of)]);
    // The properties of a feature lie one level deeper.
    let members = [&schema["properties"]["properties"]["properties"], &schema["properties"]];
    let members = members.into_iter().find_map(Value::as_object);
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t(lede(kind))) }
        div .scroll tabindex="0" role="region" aria-label=(title) {
            table .stack {
                thead {
                    tr {
                        th scope="col" { (words.t("collection.property")) }
                        th scope="col" { (words.t("collection.type")) }
                        th scope="col" { (words.t("collection.meaning")) }
                    }
                }
                tbody { @for (name, property) in members.into_iter().flatten() { (row(words, name, property)) } }
            }
        }
    };
    let mut trail = shell::above_collections(frame);
    trail.push((words.t("collections.title").to_owned(), frame.local(&["collections"], &[])));
    trail.push((of.to_owned(), frame.local(&["collections", &collection.id], &[])));
    shell::page(frame, &title, words.t(lede(kind)), &trail, &contents)
}

fn heading(kind: &str) -> &'static str {
    match kind {
        "queryables" => "schema.queryables",
        "sortables" => "schema.sortables",
        "feature" => "schema.feature",
        _ => "schema.schema",
    }
}

fn lede(kind: &str) -> &'static str {
    match kind {
        "queryables" => "operation.queryables",
        "sortables" => "operation.sortables",
        "feature" => "operation.featureSchema",
        _ => "operation.schema",
    }
}

fn row(words: Words, name: &str, property: &Value) -> Markup {
    let kind = property["type"].as_str().map_or_else(|| property["type"].to_string(), str::to_owned);
    let details = [property["format"].as_str(), property["x-ogc-unit"].as_str(), property["x-ogc-role"].as_str()];
    let kind = [Some(kind.as_str()).filter(|kind| *kind != "null")].into_iter().chain(details).flatten().collect::<Vec<_>>().join(", ");
    let codes = property["enum"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        tr {
            th scope="row" { code { (name) } }
            td .kind data-label=(words.t("collection.type")) { code { (kind) } }
            td {
                @if let Some(title) = property["title"].as_str() { strong { (title) } }
                @if let Some(description) = property["description"].as_str() { (words.t("colon")) " " (description) }
                @if !codes.is_empty() { ul .codes { @for code in codes { li { code { (code.as_str().map_or_else(|| code.to_string(), str::to_owned)) } } } } }
            }
        }
    }
}

/// The functions that filters may call.
pub fn functions(frame: &Frame, document: &Value) -> String {
    let words = frame.words();
    let title = words.t("functions.title");
    let functions = document["functions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("functions.lede")) }
        div .scroll tabindex="0" role="region" aria-label=(title) {
            table .stack {
                thead {
                    tr {
                        th scope="col" { (words.t("functions.call")) }
                        th scope="col" { (words.t("functions.returns")) }
                        th scope="col" { (words.t("collection.meaning")) }
                    }
                }
                tbody {
                    @for function in functions {
                        tr {
                            th scope="row" { code { (call(function)) } }
                            td .kind data-label=(words.t("functions.returns")) { code { (types(&function["returns"])) } }
                            td lang="en" { (text(function, "description")) }
                        }
                    }
                }
            }
        }
    };
    shell::page(frame, title, words.t("functions.lede"), &shell::above_collections(frame), &contents)
}

/// A call with its arguments and their types: `min(a: number, b: number)`.
fn call(function: &Value) -> String {
    let arguments = function["arguments"].as_array().into_iter().flatten();
    let arguments = arguments.map(|argument| format!("{}: {}", text(argument, "title"), types(&argument["type"]))).collect::<Vec<_>>();
    format!("{}({})", text(function, "name"), arguments.join(", "))
}

fn types(types: &Value) -> String {
    types.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ")
}
