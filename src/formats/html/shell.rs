//! The frame around every page but the map: head, header, path, contents, links, languages.

use maud::{DOCTYPE, Markup, html};

use super::{Frame, links};
use crate::model::Lang;

/// Where a page stands: the pages above it, each with its address, from the root down.
pub(super) type Trail = Vec<(String, String)>;

/// A whole page. `summary` is one sentence for search engines and previews.
pub(super) fn page(frame: &Frame, title: &str, summary: &str, trail: &Trail, contents: &Markup) -> String {
    let words = frame.words();
    let root = frame.root();
    html! {
        (DOCTYPE)
        html lang=(frame.lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (frame.service) }
                meta name="description" content=(summary);
                meta name="color-scheme" content="light dark";
                (languages_for_programs(frame))
                (links::for_programs(frame))
                link rel="icon" href={ (root) "/assets/icon.svg" } type="image/svg+xml";
                link rel="stylesheet" href={ (root) "/assets/css/base.css" };
                link rel="stylesheet" href={ (root) "/assets/css/pages.css" };
            }
            body .pages {
                a .skip href="#contents" { (words.t("shell.skip")) }
                header .bar {
                    a .service href=(frame.local(&[], &[])) { (frame.service) }
                    nav aria-label=(words.t("shell.service")) {
                        a href=(frame.local(&[], &[])) { (words.t("shell.map")) }
                        a href=(frame.local(&["collections"], &[])) { (words.t("shell.data")) }
                        a href=(frame.local(&["places", "search"], &[])) { (words.t("shell.places")) }
                        a href=(frame.local(&["api"], &[("f", "html")])) { (words.t("shell.api")) }
                    }
                    (languages(frame))
                }
                @if !trail.is_empty() {
                    nav .trail aria-label=(words.t("shell.trail")) {
                        ol {
                            @for (name, address) in trail { li { a href=(address) { (name) } } }
                            li { span aria-current="page" { (title) } }
                        }
                    }
                }
                main #contents tabindex="-1" { (contents) }
                footer { (links::for_people(frame)) }
            }
        }
    }
    .into_string()
}

/// The switch between languages: this same page in each.
pub(super) fn languages(frame: &Frame) -> Markup {
    html! {
        nav .languages aria-label=(frame.words().t("language")) {
            @for (lang, address) in Lang::ALL.into_iter().zip(&frame.in_languages) {
                a href=(address) lang=(lang.tag()) hreflang=(lang.tag()) aria-current=[(lang == frame.lang).then_some("true")] { (name(lang)) } " "
            }
        }
    }
}

/// The same as elements of the head.
pub(super) fn languages_for_programs(frame: &Frame) -> Markup {
    html! {
        @for (lang, address) in Lang::ALL.into_iter().zip(&frame.in_languages) {
            link rel="alternate" hreflang=(lang.tag()) href=(address);
        }
    }
}

/// A language by its own name.
fn name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::Fr => "Français",
    }
}

/// The pages above a collection's own: the map, then all collections.
pub(super) fn above_collections(frame: &Frame) -> Trail {
    vec![(frame.words().t("shell.map").to_owned(), frame.local(&[], &[]))]
}
