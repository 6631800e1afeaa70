//! What people write around a name: "camp de Gao", "Gao region", "Gao, Mali".

use crate::{gazetteer::fold, model::Level};

/// Words that say which level is meant, folded; English, French and Spanish.
const LEVELS: [(Option<Level>, &[&str]); 5] = [
    (
        Some(Level::Region),
        &["region", "province", "provincia", "state", "estado", "governorate", "wilaya", "oblast", "departement", "department"],
    ),
    (Some(Level::Camp), &["camp", "base", "airfield", "aerodrome", "campement"]),
    (Some(Level::Settlement), &["city", "town", "village", "ville", "ciudad", "commune", "municipality", "pueblo"]),
    (Some(Level::Country), &["republic of", "republique de", "republique du", "country"]),
    (None, &["cercle", "district", "county", "area", "zone", "secteur"]),
];
/// Words between such a word and the name.
const LINKS: [&str; 9] = ["de", "d", "du", "des", "of", "del", "la", "le", "the"];

/// One way to read what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// As typed, without what stands around the name.
    pub(super) typed: String,
    /// The same, folded.
    pub(super) folded: String,
    /// The level that a word names.
    pub(super) level: Option<Level>,
    /// What stood after a comma, or last, and may be a country or a region: folded.
    pub(super) within: Option<String>,
}

/// The ways to read `text`, the plainest first.
pub(super) fn readings(text: &str) -> Vec<Reading> {
    let text = text.trim();
    let plain = Reading { typed: text.to_owned(), folded: fold(text), level: None, within: None };
    let mut all = vec![plain];
    let mut add = |reading: Reading| {
        if !reading.folded.is_empty() && !all.contains(&reading) {
            all.push(reading);
        }
    };
    if let Some((name, within)) = text.split_once([',', '(']) {
        let (name, folded) = (name.trim(), fold(within));
        let within = Some(folded).filter(|within| !within.is_empty());
        add(Reading { typed: name.to_owned(), folded: fold(name), level: None, within: within.clone() });
        if let Some((level, rest)) = without_level(&fold(name)) {
            add(Reading { typed: String::new(), folded: rest, level, within });
        }
    }
    let folded = fold(text);
    if let Some((level, rest)) = without_level(&folded) {
        add(Reading { typed: String::new(), folded: rest, level, within: None });
    }
    if let Some((name, within)) = folded.rsplit_once(' ') {
        add(Reading { typed: String::new(), folded: name.to_owned(), level: None, within: Some(within.to_owned()) });
    }
    all
}

/// The level that the first or last word of a folded name says, and the name without it.
fn without_level(folded: &str) -> Option<(Option<Level>, String)> {
    for (level, words) in LEVELS {
        for word in words {
            let after = folded.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
            let before = folded.strip_suffix(word).and_then(|rest| rest.strip_suffix(' '));
            if let Some(rest) = after.or(before) {
                let rest = LINKS.iter().find_map(|link| rest.strip_prefix(link)?.strip_prefix(' ')).unwrap_or(rest);
                return Some((level, rest.to_owned()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_name_is_told_from_it() {
        let read = |text: &str| readings(text).into_iter().map(|r| (r.folded, r.level, r.within)).collect::<Vec<_>>();
        let reading = |folded: &str, level, within: Option<&str>| (folded.to_owned(), level, within.map(str::to_owned));
        assert_eq!(read("Gao"), [reading("gao", None, None)]);
        assert_eq!(
            read("Camp de Gao"),
            [reading("camp de gao", None, None), reading("gao", Some(Level::Camp), None), reading("camp de", None, Some("gao"))]
        );
        assert!(read("Gao region").contains(&reading("gao", Some(Level::Region), None)));
        assert!(read("région de Gao, Mali").contains(&reading("gao", Some(Level::Region), Some("mali"))));
        assert!(read("Timbuktu (Mali)").contains(&reading("timbuktu", None, Some("mali"))));
        assert_eq!(read(" , "), [reading("", None, None)]);
    }
}
