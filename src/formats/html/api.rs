//! `/api` for people: what can be asked, with examples that run; read from the OpenAPI document, so that the two never differ.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

use super::{Frame, shell, words::Words};

/// The interface for people: what can be asked, with examples.
pub fn api(frame: &Frame, openapi: &Value) -> String {
    let words = frame.words();
    let title = words.t("api.title");
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("api.lede")) }
        dl .facts {
            div { dt { (words.t("api.server")) } dd { code { (frame.absolute(&[], &[])) } } }
            div { dt { (words.t("api.version")) } dd { (openapi["info"]["version"].as_str().unwrap_or_default()) } }
            div { dt { "OpenAPI" } dd { a href=(frame.local(&["api"], &[("f", "json")])) { (openapi["openapi"].as_str().unwrap_or_default()) } } }
        }
        section { h2 #resources { (words.t("api.resources")) } @for group in groups(openapi) { (table(frame, openapi, &group)) } }
        section {
            h2 #parameters { (words.t("api.parameters")) } dl .parameters { @for (key, parameter) in members(&openapi["components"]["parameters"]) { (described(words, key, parameter)) } }
        }
        section { h2 #answers { (words.t("api.answers")) } (answers(words, openapi)) }
    };
    shell::page(frame, title, words.t("api.lede"), &shell::above_collections(frame), &contents)
}

/// The paths of one part of the service: one collection's, or all that belong to none.
struct Group<'a> {
    collection: Option<&'a str>,
    paths: Vec<(&'a str, &'a Value)>,
}

fn groups(openapi: &Value) -> Vec<Group<'_>> {
    let mut groups = vec![Group { collection: None, paths: Vec::new() }];
    for (path, operations) in members(&openapi["paths"]) {
        // A path that is any collection's is the service's.
        let collection =
            path.strip_prefix("/collections/").map(|rest| rest.split('/').next().unwrap_or(rest)).filter(|id| !id.starts_with('{'));
        match groups.iter_mut().find(|group| group.collection == collection) {
            Some(group) => group.paths.push((path, &operations["get"])),
            None => groups.push(Group { collection, paths: vec![(path, &operations["get"])] }),
        }
    }
    groups
}

fn table(frame: &Frame, openapi: &Value, group: &Group<'_>) -> Markup {
    let words = frame.words();
    let caption = match group.collection {
        Some(id) => words.fill("api.of_collection", &[("id", id)]),
        None => words.t("api.of_service").to_owned(),
    };
    html! {
        div .scroll tabindex="0" role="region" aria-label=(caption) {
            table .operations .stack {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { (words.t("api.path")) }
                        th scope="col" { (words.t("api.answer")) }
                        th scope="col" { (words.t("api.parameters")) }
                        th scope="col" { (words.t("api.try")) }
                    }
                }
                tbody { @for (path, operation) in &group.paths { (line(frame, openapi, path, operation)) } }
            }
        }
    }
}

fn line(frame: &Frame, openapi: &Value, path: &str, operation: &Value) -> Markup {
    let words = frame.words();
    let parameters = keys(operation);
    let examples = examples(frame, openapi, path, &parameters);
    html! {
        tr {
            th scope="row" { code { (path) } }
            td { (summary(words, operation)) }
            td data-label=(words.t("api.parameters")) {
                @for (index, key) in parameters.iter().enumerate() { @if index > 0 { ", " } a href={ "#" (key) } { (name(openapi, key)) } }
            }
            td .examples data-label=(words.t("api.try")) { @for (shown, address) in &examples { a href=(address) { code { (shown) } } " " } }
        }
    }
}

/// What an operation answers: in the page's language where it is one of ours, else as the document says it.
fn summary(words: Words, operation: &Value) -> &str {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let kind = id.rsplit('.').next().unwrap_or(id);
    words.find(&format!("operation.{kind}")).or(operation["summary"].as_str()).unwrap_or_default()
}

/// The keys of an operation's parameters among the shared ones.
fn keys(operation: &Value) -> Vec<&str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.filter_map(|parameter| parameter["$ref"].as_str()?.rsplit('/').next()).collect()
}

fn name<'a>(openapi: &'a Value, key: &'a str) -> &'a str {
    openapi["components"]["parameters"][key]["name"].as_str().unwrap_or(key)
}

/// Addresses that work: the path by itself, and with each parameter that has an example. None where the path needs an id that the
/// document gives no example of.
fn examples(frame: &Frame, openapi: &Value, path: &str, keys: &[&str]) -> Vec<(String, String)> {
    let shared = &openapi["components"]["parameters"];
    let mut path = path.to_owned();
    for key in keys.iter().filter(|key| shared[**key]["in"] == "path") {
        let Some(example) = example(&shared[*key]) else { return Vec::new() };
        path = path.replace(&format!("{{{}}}", name(openapi, key)), &example);
    }
    let asks = keys
        .iter()
        .filter(|key| shared[**key]["in"] == "query")
        .filter_map(|key| Some((name(openapi, key), example(&shared[*key])?, shared[*key]["required"] == true)));
    let (needed, free): (Vec<_>, Vec<_>) = asks.partition(|(_, _, needed)| *needed);
    let shown =
        |asked: &[&(&str, String, bool)]| asked.iter().map(|(name, value, _)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let address = |asked: &[&(&str, String, bool)]| {
        let encode =
            |value: &str| form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace("%2C", ",").replace("%2F", "/");
        let pairs = asked.iter().map(|(name, value, _)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&");
        format!("{}{path}{}{pairs}", frame.root(), if asked.is_empty() { "" } else { "?" })
    };
    // What must be given stands in every address.
    let needed = needed.iter().collect::<Vec<_>>();
    let bare = if needed.is_empty() { "GET".to_owned() } else { format!("?{}", shown(&needed)) };
    let with = free.iter().map(|one| (format!("?{}", shown(&[one])), address(&[&needed[..], &[one]].concat())));
    std::iter::once((bare, address(&needed))).chain(with).collect()
}

/// An example of a parameter's value, as it stands in an address.
fn example(parameter: &Value) -> Option<String> {
    let example = [&parameter["example"], &parameter["schema"]["example"]].into_iter().find(|value| !value.is_null())?;
    Some(match example {
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(other),
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a parameter means and takes.
fn described(words: Words, key: &str, parameter: &Value) -> Markup {
    let schema = &parameter["schema"];
    let choices = schema["enum"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        div id=(key) {
            dt {
                code { (parameter["name"].as_str().unwrap_or(key)) } " " span .quiet { (words.find(&format!("in.{}", parameter["in"].as_str().unwrap_or_default())).unwrap_or_default()) }
            }
            dd {
                p { (words.find(&format!("parameter.{key}")).or(parameter["description"].as_str()).unwrap_or_default()) }
                ul .plain .quiet {
                    @if !choices.is_empty() {
                        li { (words.t("api.values")) " " @for (index, choice) in choices.iter().enumerate() { @if index > 0 { ", " } code { (plain(choice)) } } }
                    }
                    @if !schema["minimum"].is_null() || !schema["maximum"].is_null() { li { (range(words, schema)) } }
                    @if !schema["default"].is_null() { li { (words.t("api.default")) " " code { (plain(&schema["default"])) } } }
                    @if let Some(example) = example(parameter) { li { (words.t("api.example")) " " code { (example) } } }
                }
            }
        }
    }
}

fn range(words: Words, schema: &Value) -> String {
    let end = |name: &str| schema[name].as_i64().map(|number| words.integer(number.into()));
    match (end("minimum"), end("maximum")) {
        (Some(least), Some(most)) => words.fill("api.between", &[("least", &least), ("most", &most)]),
        (Some(least), None) => words.fill("api.at_least", &[("least", &least)]),
        (None, most) => words.fill("api.at_most", &[("most", &most.unwrap_or_default())]),
    }
}

/// Every status that any operation answers.
fn answers(words: Words, openapi: &Value) -> Markup {
    let operations = members(&openapi["paths"]).map(|(_, path)| &path["get"]["responses"]);
    let statuses = operations.flat_map(|responses| members(responses).map(|(status, _)| status)).collect::<BTreeSet<_>>();
    html! {
        dl .facts {
            @for status in statuses { div { dt { code { (status) } } dd { (words.find(&format!("status.{status}")).unwrap_or_default()) } } }
        }
        p { (words.t("api.problems")) }
    }
}

/// The members of an object; none of anything else.
fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}
