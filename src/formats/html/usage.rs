//! How to take a collection along: lines that work as they stand, with the real address.

use maud::{Markup, html};

use super::Frame;
use crate::store::Layer;

/// QGIS, ogr2ogr, geopandas and curl.
pub(super) fn section(frame: &Frame, layer: &Layer) -> Markup {
    let words = frame.words();
    let id = layer.collection.id.as_str();
    let root = frame.absolute(&[], &[]);
    let geojson = frame.absolute(&["collections", id, "download"], &[("f", "json")]);
    let csv = frame.absolute(&["collections", id, "download"], &[("f", "csv")]);
    // The id stands in quotes for the shell and for Python; in an address it is escaped already.
    let (shell, python) = (quoted(id), format!("{geojson:?}"));
    html! {
        section {
            h2 { (words.t("usage.title")) }
            dl .usage {
                div {
                    dt { "QGIS" }
                    dd { p { (words.t("usage.qgis")) } pre tabindex="0" { code { (root) } } }
                }
                div {
                    dt { "ogr2ogr" }
                    dd {
                        p { (words.t("usage.ogr")) }
                        pre tabindex="0" { code { "ogr2ogr " (quoted(&format!("{id}.gpkg"))) " " (quoted(&format!("OAPIF:{root}"))) " " (shell) } }
                    }
                }
                div {
                    dt { "Python (geopandas)" }
                    dd {
                        pre tabindex="0" { code { "import geopandas\n\n" "layer = geopandas.read_file(" (python) ")" } }
                    }
                }
                div {
                    dt { "curl" }
                    dd {
                        pre tabindex="0" {
                            code { "curl -o " (quoted(&format!("{id}.geojson"))) " " (quoted(&geojson)) "\n" "curl -o " (quoted(&format!("{id}.csv"))) " " (quoted(&csv)) }
                        }
                    }
                }
            }
        }
    }
}

/// A word for a POSIX shell: bare where that is safe, else in single quotes.
fn quoted(word: &str) -> String {
    let is_bare = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_bare { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_safe_for_a_shell() {
        assert_eq!(quoted("bases.gpkg"), "bases.gpkg");
        assert_eq!(quoted("a'; rm -rf $HOME"), r"'a'\''; rm -rf $HOME'");
    }
}
