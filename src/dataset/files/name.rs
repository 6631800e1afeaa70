//! Names: of collections, after their files, and of properties, each once.

use std::path::Path;

/// Characters of an id at the most.
const LONGEST_ID: usize = 64;

/// The file as messages name it.
pub(super) fn file(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The file's name without its endings.
fn stem(path: &Path) -> String {
    let name = file(path);
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".GZ")).unwrap_or(&name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// The id of a file's collection: its name in `a-z`, `0-9`, `-` and `_`, without dots, since a client fails on them.
pub(super) fn slug(path: &Path) -> String {
    slug_of(&stem(path))
}

/// The id of a collection that is called so elsewhere: in `a-z`, `0-9`, `-` and `_`.
pub(crate) fn slug_of(name: &str) -> String {
    let letter = |letter: char| if matches!(letter, 'a'..='z' | '0'..='9') { letter } else { ' ' };
    let part = |part: &str| {
        let plain = crate::gazetteer::fold(part).chars().map(letter).collect::<String>();
        plain.split_whitespace().collect::<Vec<_>>().join("-")
    };
    let parts = name.split('_').map(part).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let slug = parts.join("_").chars().take(LONGEST_ID).collect::<String>();
    if slug.is_empty() { "data".to_owned() } else { slug }
}

/// The title of a file's collection: its name, with spaces and a capital.
pub(super) fn title(path: &Path) -> String {
    title_of(&stem(path))
}

/// The title of a collection that its file calls so.
pub(super) fn title_of(name: &str) -> String {
    let words = name.replace(['_', '-', '.'], " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.map_or_else(|| "Data".to_owned(), |first| first + letters.as_str())
}

/// `name`, or with `-2`, `-3` … after it, so that it is none of `taken`.
pub(crate) fn unique(name: &str, taken: &[impl AsRef<str>], between: char) -> String {
    let is_free = |name: &str| taken.iter().all(|other| other.as_ref() != name);
    let numbered = (2..).map(|number: u32| format!("{name}{between}{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| is_free(name)).expect("numbers do not end before names do")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_titles_come_from_file_names() {
        for (path, id, words) in [
            ("/a/b/sites.geojson", "sites", "Sites"),
            ("Health_Sites 2024.v2.csv.gz", "health_sites-2024-v2", "Health Sites 2024 v2"),
            ("Écoles du Mali.CSV", "ecoles-du-mali", "Écoles du Mali"),
            ("....json", "data", "Data"),
            ("地図.json", "data", "地図"),
        ] {
            assert_eq!((slug(Path::new(path)).as_str(), title(Path::new(path)).as_str()), (id, words), "{path}");
        }
    }

    #[test]
    fn names_are_made_unique() {
        assert_eq!(unique("a", &["b"], '-'), "a");
        assert_eq!(unique("a", &["a", "a-2"], '-'), "a-3");
    }
}
