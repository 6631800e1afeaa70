//! A place in a few lines of HTML.

use maud::{DOCTYPE, html};

use crate::gazetteer::Spot;

/// Names shown beside the first.
const MOST_NAMES: usize = 12;
const STYLE: &str =
    "body{margin:.6rem;font:14px/1.4 system-ui,sans-serif;color:#1a1a1a;background:#fff}h1{margin:0;font-size:1rem}p{margin:.3rem 0}";

/// A word or a sentence.
pub(super) fn word(text: &str) -> String {
    html! { p { (text) } }.into_string()
}

/// Name, what tells it from others, position, other names.
pub(super) fn place(spot: Spot<'_>, line: &str) -> String {
    let at = spot.position();
    let other = spot.names().skip(1).filter(|name| name.kind.is_real()).take(MOST_NAMES).map(|name| name.text).collect::<Vec<_>>();
    html! {
        h1 { (spot.name()) }
        p { (line) }
        p { (format!("{:.4}, {:.4}", at.lat, at.lon)) " (latitude, longitude)" }
        @if !other.is_empty() { p dir="auto" { (other.join(" · ")) } }
    }
    .into_string()
}

/// The same as a page.
pub(super) fn whole(spot: Spot<'_>, line: &str) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (spot.name()) } style { (maud::PreEscaped(STYLE)) } }
            body { (maud::PreEscaped(place(spot, line))) }
        }
    }
    .into_string()
}
