//! A collection to take along: every form in which it can be had whole or page by page, with sizes where they are known, under which
//! terms, and whom to credit.

use maud::{Markup, html};

use super::{
    super::{Link, qlr},
    Frame,
    links::form,
    words::Words,
};
use crate::model::Collection;

/// The section of a collection's page.
pub(super) fn section(frame: &Frame, collection: &Collection) -> Markup {
    let words = frame.words();
    let of = |rel: &'static str| frame.links.iter().filter(move |link| link.rel == rel && is_form(link)).collect::<Vec<_>>();
    let (whole, paged) = (of("enclosure"), of("items"));
    html! {
        section {
            h2 #downloads { (words.t("downloads.title")) }
            @if !whole.is_empty() {
                p { (words.t("downloads.whole")) }
                (buttons(frame, &whole))
            }
            @if let Some(layer) = frame.links.iter().find(|link| link.media == Some(qlr::MEDIA)) {
                p { (words.t("downloads.qgis")) }
                ul .buttons { li { a href=(local(frame, &layer.href)) type=(qlr::MEDIA) download { "QGIS" } } }
            }
            @if !paged.is_empty() {
                p { (words.t("downloads.paged")) }
                (buttons(frame, &paged))
            }
            (terms(words, collection))
        }
    }
}

/// Whether a link leads to one form whoever follows it.
fn is_form(link: &Link) -> bool {
    !is_page(link) && link.href.contains("f=")
}

fn is_page(link: &Link) -> bool {
    link.media.is_some_and(|media| media.starts_with("text/html"))
}

fn buttons(frame: &Frame, links: &[&Link]) -> Markup {
    let words = frame.words();
    html! {
        ul .buttons {
            @for link in links {
                li {
                    a href=(local(frame, &link.href)) type=[link.media] download[link.rel == "enclosure"] {
                        (named(words, link))
                        @if let Some(bytes) = link.length { " " span .size { (size(words, bytes)) } }
                    }
                }
            }
        }
    }
}

/// The form that a link leads to: what its title says after the last "as", else its media type's name.
fn named(words: Words, link: &Link) -> String {
    let title = link.title.as_deref().and_then(|title| title.rsplit_once(" as ")).map(|(_, form)| spoken(words, form).to_owned());
    title.unwrap_or_else(|| link.media.map_or_else(|| link.href.clone(), |media| form(media).to_owned()))
}

/// The name of a form in the page's language; most are names everywhere.
pub(super) fn spoken(words: Words, title: &str) -> &str {
    match title {
        "GeoJSON, one feature a line" => words.t("downloads.lines"),
        "GeoJSON text sequence" => words.t("downloads.sequence"),
        name => name,
    }
}

/// An address on the host under which the reader came.
fn local(frame: &Frame, href: &str) -> String {
    href.strip_prefix(&frame.base).map_or_else(|| href.to_owned(), |path| format!("{}{path}", frame.root()))
}

/// A size in the unit that suits it, in powers of ten (IEC 80000-13).
fn size(words: Words, bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1000.0 && unit + 1 < units.len() {
        (value, unit) = (value / 1000.0, unit + 1);
    }
    let value = if value < 10.0 && unit > 0 { (value * 10.0).round() / 10.0 } else { value.round() };
    format!("{}\u{a0}{}", words.number(value), units[unit])
}

/// The forms in which the page's own records can be had.
pub(super) fn these(frame: &Frame) -> Markup {
    let others = frame.links.iter().filter(|link| link.rel == "alternate" && !is_page(link)).collect::<Vec<_>>();
    html! {
        @if !others.is_empty() {
            p .quiet {
                (frame.words().t("downloads.these")) " "
                @for (index, link) in others.iter().enumerate() {
                    @if index > 0 { " · " }
                    a href=(local(frame, &link.href)) type=[link.media] { (spoken(frame.words(), link.title.as_deref().unwrap_or_default())) }
                }
            }
        }
    }
}

/// Terms of use and whom to credit.
pub(super) fn terms(words: Words, collection: &Collection) -> Markup {
    html! {
        @if collection.licence.is_some() || collection.attribution.is_some() {
            p .quiet .terms {
                @if let Some(licence) = &collection.licence {
                    (words.t("rel.license")) (words.t("colon")) " " a href=(licence.address) rel="license external noopener noreferrer" { (licence.name) } ". "
                }
                @if let Some(credit) = &collection.attribution { (words.t("collection.attribution")) (words.t("colon")) " " (credit) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn sizes_are_short() {
        let (en, fr) = (Words::of(Lang::En), Words::of(Lang::Fr));
        for (bytes, expected) in
            [(0, "0\u{a0}B"), (999, "999\u{a0}B"), (1500, "1.5\u{a0}kB"), (12_345, "12\u{a0}kB"), (2_000_000_000, "2\u{a0}GB")]
        {
            assert_eq!(size(en, bytes), expected);
        }
        assert_eq!(size(fr, 1500), "1,5\u{a0}kB");
    }
}
