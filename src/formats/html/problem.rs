//! An error for people: what cannot be done, why, and what works instead. Programs get the same as problem details.

use maud::{Markup, html};

use super::{Frame, filter_form, shell};
use crate::store::Layer;

/// What went wrong, as its problem details say it; in English, as those are.
#[derive(Debug, Clone, Copy)]
pub struct Fault<'a> {
    /// The status of the answer.
    pub status: u16,
    /// A sentence that names the value and the rule.
    pub detail: &'a str,
    /// The parameter at fault.
    pub parameter: Option<&'a str>,
    /// Its value as given.
    pub value: Option<&'a str>,
    /// What would work instead.
    pub hint: Option<&'a str>,
}

/// An error; `layer` is the collection whose records were asked for, so that the question can be asked again, better.
pub fn problem(frame: &Frame, fault: &Fault<'_>, layer: Option<&Layer>) -> String {
    let words = frame.words();
    let title = match fault.status {
        400 => words.t("problem.400"),
        404 => words.t("problem.404"),
        406 => words.t("problem.406"),
        _ => words.t("problem.other"),
    };
    let contents = html! {
        h1 { (title) }
        p .lede role="alert" lang="en" { (fault.detail) }
        (facts(frame, fault))
        ul .plain { (ways(frame, fault)) }
        @if let Some(layer) = layer { (filter_form::form(frame, &layer.collection, &[], &[])) }
    };
    shell::page(frame, title, title, &shell::above_collections(frame), &contents)
}

fn facts(frame: &Frame, fault: &Fault<'_>) -> Markup {
    let words = frame.words();
    html! {
        dl .facts {
            @if let Some(parameter) = fault.parameter { div { dt { (words.t("problem.parameter")) } dd { code { (parameter) } } } }
            @if let Some(value) = fault.value { div { dt { (words.t("problem.value")) } dd { code { (value) } } } }
            @if let Some(hint) = fault.hint { div { dt { (words.t("problem.hint")) } dd lang="en" { (hint) } } }
        }
    }
}

/// Where to go from here.
fn ways(frame: &Frame, fault: &Fault<'_>) -> Markup {
    let words = frame.words();
    let asked = frame.parameters();
    html! {
        @if let Some(parameter) = fault.parameter.filter(|parameter| asked.len() > 1 && asked.iter().any(|(name, _)| name == parameter)) {
            li { a href=(frame.without(&[parameter])) { (words.fill("problem.without", &[("name", parameter)])) } }
        }
        // What is not there is not there without parameters either.
        @if !asked.is_empty() && fault.status != 404 { li { a href=(frame.path()) { (words.t("problem.plain")) } } }
        li { a href=(frame.local(&["collections"], &[])) { (words.t("problem.data")) } }
        li { a href=(frame.local(&[], &[])) { (words.t("problem.map")) } }
    }
}
