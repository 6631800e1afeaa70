//! A resource's links: the same on its page as in its JSON (OGC API – Features Part 1, `/req/html/content`).

use maud::{Markup, html};

use super::{super::Link, Frame, downloads, words::Words};

/// Every link as an element of the head.
pub(super) fn for_programs(frame: &Frame) -> Markup {
    html! {
        @for link in &frame.links {
            link rel=(link.rel) href=(link.href) type=[link.media] title=[link.title.as_deref()] hreflang=[link.hreflang];
        }
    }
}

/// Every link that leads on from the page, those of one relation together.
pub(super) fn for_people(frame: &Frame) -> Markup {
    let words = frame.words();
    let mut relations = Vec::<(&str, Vec<&Link>)>::new();
    for link in &frame.links {
        match relations.iter_mut().find(|(rel, _)| *rel == link.rel) {
            Some((_, links)) => links.push(link),
            None => relations.push((link.rel, vec![link])),
        }
    }
    html! {
        nav .relations aria-labelledby="links" {
            h2 #links { (words.t("links.title")) }
            dl {
                @for (rel, links) in &relations {
                    div {
                        dt { (relation(words, rel)) }
                        dd {
                            @for link in links {
                                a href=(link.href) rel=(link.rel) type=[link.media] hreflang=[link.hreflang] { (name(frame, link)) } " "
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a relation is to a reader.
fn relation(words: Words, rel: &str) -> &str {
    let short = rel.rsplit('/').next().unwrap_or(rel);
    words.find(&format!("rel.{short}")).unwrap_or(short)
}

/// A link by what it answers: the form, or the title of what has none.
///
/// An address without `f=` answers a browser with a page, whatever form the link speaks of: it is named by its path.
fn name(frame: &Frame, link: &Link) -> String {
    let is_own = ["self", "alternate"].contains(&link.rel);
    let path = link.href.strip_prefix(&frame.base).filter(|path| !is_own && !path.contains("f="));
    match link.rel {
        "next" => frame.words().t("items.next").to_owned(),
        "license" => link.title.as_deref().unwrap_or(&link.href).to_owned(),
        _ if path.is_some() => path.unwrap_or_default().to_owned(),
        // Two forms can be of one media type.
        "alternate" if link.title.is_some() => downloads::spoken(frame.words(), link.title.as_deref().unwrap_or_default()).to_owned(),
        _ => link
            .media
            .map(form)
            .map(str::to_owned)
            .or_else(|| link.title.as_deref().map(str::to_owned))
            .unwrap_or_else(|| link.href.clone()),
    }
}

/// The name of a media type.
pub(super) fn form(media: &'static str) -> &'static str {
    match media.split(';').next().unwrap_or(media) {
        "application/json" => "JSON",
        "application/geo+json" => "GeoJSON",
        "application/schema+json" => "JSON Schema",
        "application/vnd.oai.openapi+json" => "OpenAPI",
        "text/csv" => "CSV",
        "text/html" => "HTML",
        _ => media,
    }
}
