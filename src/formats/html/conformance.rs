//! `/conformance`: which parts of which standards the service keeps to.

use maud::html;

use super::{Frame, shell};

/// The conformance classes.
pub fn conformance(frame: &Frame, classes: &[&str]) -> String {
    let words = frame.words();
    let title = words.t("conformance.title");
    let contents = html! {
        h1 { (title) }
        p .lede { (words.t("conformance.lede")) }
        div .scroll tabindex="0" role="region" aria-labelledby="classes" {
            table .stack {
                caption #classes { (words.count("conformance.classes", classes.len() as u64)) }
                thead {
                    tr {
                        th scope="col" { (words.t("conformance.standard")) }
                        th scope="col" { (words.t("conformance.class")) }
                        th scope="col" { (words.t("conformance.uri")) }
                    }
                }
                tbody {
                    @for class in classes {
                        @let (standard, name) = read(class);
                        tr {
                            th scope="row" { (standard) } td data-label=(words.t("conformance.class")) { (name) } td { a .address href=(class) rel="external noopener noreferrer" { (class) } }
                        }
                    }
                }
            }
        }
    };
    shell::page(frame, title, words.t("conformance.lede"), &shell::above_collections(frame), &contents)
}

/// The standard and the class that a conformance URI of OGC names: `…/spec/<standard>-<part>/<version>/conf/<class>`.
fn read(uri: &str) -> (String, &str) {
    let Some((specification, class)) = uri.split_once("/conf/") else { return (String::new(), uri) };
    let mut parts = specification.rsplit('/');
    let (version, standard) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (name, part) = standard.rsplit_once('-').unwrap_or((standard, ""));
    let name = name.strip_prefix("ogcapi-").map_or(name.to_owned(), |name| {
        let mut letters = name.chars();
        format!("OGC API – {}", letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default())
    });
    (format!("{name}, part {part}, {version}"), class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_names_its_standard() {
        let uri = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core";
        assert_eq!(read(uri), ("OGC API – Features, part 1, 1.0".into(), "core"));
        assert_eq!(read("urn:x"), (String::new(), "urn:x"));
    }
}
