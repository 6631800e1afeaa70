//! `/embed`: the map alone, for a frame in another page. What the map shows, the address says after its `#`, as on the map's own page.

use maud::{DOCTYPE, html};

use super::Frame;
use crate::dataset::MapConfig;

/// The map without anything around it; without JavaScript, the ways to what it shows.
pub fn embed(frame: &Frame, map: &MapConfig) -> String {
    let words = frame.words();
    let (title, root) = (map.title.get(frame.lang), frame.root());
    let file = |path: &str| format!("{root}/assets/{path}");
    html! {
        (DOCTYPE)
        html lang=(frame.lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                title { (title) }
                meta name="description" content=(map.lede.get(frame.lang));
                meta name="color-scheme" content="light dark";
                // Found by search, the whole page is better.
                meta name="robots" content="noindex";
                link rel="canonical" href=(frame.absolute(&[], &[]));
                link rel="icon" href=(file("icon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(file("vendor/leaflet-1.9.4/leaflet.css"));
                link rel="stylesheet" href=(file("css/base.css"));
                link rel="stylesheet" href=(file("css/page.css"));
                link rel="stylesheet" href=(file("css/map.css"));
                link rel="modulepreload" href=(file("vendor/leaflet-1.9.4/leaflet-src.esm.js"));
                script type="module" src=(file("js/main.js")) {}
            }
            body .embed {
                header { h1 { (title) } p { (map.lede.get(frame.lang)) } }
                main #fallback {
                    noscript { p { (words.t("landing.nojs")) } }
                    ul {
                        li { a href=(frame.local(&[], &[])) target="_blank" rel="noopener" { (words.t("embed.full")) } }
                        li { a href=(frame.local(&["collections"], &[])) target="_blank" rel="noopener" { (words.t("collections.title")) } }
                    }
                }
            }
        }
    }
    .into_string()
}
