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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// As typed, without what stands around the name.
    pub(super) typed: String,
    /// The same, folded.
    pub(super) folded: String,
    /// The level that a word names.
    pub(super) level: Option<Level>,
    /// What stood after a comma, or last, and may be a country or a region: folded.
    pub(super) within: Option<String>,
    /// The same as it was typed, where it is two or three capitals: it may be the code of a region ("Springfield, IL").
    pub(super) code: Option<String>,
}

/// The ways to read `text`, the plainest first.
pub(super) fn readings(text: &str) -> Vec<Reading> {
    let text = text.trim();
    let plain = Reading { typed: text.to_owned(), folded: fold(text), ..Reading::default() };
    let mut all = vec![plain];
    let mut add = |reading: Reading| {
        if !reading.folded.is_empty() && !all.contains(&reading) {
            all.push(reading);
        }
    };
    if let Some((name, within)) = text.split_once([',', '(']) {
        let (name, folded, code) = (name.trim(), fold(within), code(within));
        let within = Some(folded).filter(|within| !within.is_empty());
        add(Reading { typed: name.to_owned(), folded: fold(name), level: None, within: within.clone(), code: code.clone() });
        if let Some((level, rest)) = without_level(&fold(name)) {
            add(Reading { typed: String::new(), folded: rest, level, within, code });
        }
    }
    let folded = fold(text);
    if let Some((level, rest)) = without_level(&folded) {
        add(Reading { folded: rest, level, ..Reading::default() });
    }
    if let Some((name, within)) = folded.rsplit_once(' ') {
        let code = text.rsplit(' ').next().and_then(code);
        add(Reading { folded: name.to_owned(), within: Some(within.to_owned()), code, ..Reading::default() });
    }
    // "U.S.A."
    let letters = folded.split(' ').collect::<Vec<_>>();
    if letters.len() > 1 && letters.iter().all(|letter| letter.chars().nth(1).is_none()) {
        add(Reading { folded: letters.concat(), ..Reading::default() });
    }
    all
}

/// Two or three capitals.
fn code(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(')');
    (matches!(text.len(), 2 | 3) && text.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| text.to_owned())
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
        assert!(read("U.S.A.").contains(&reading("usa", None, None)));
        assert!(!read("Rua A").contains(&reading("ruaa", None, None)));
        let code = |text: &str| readings(text).into_iter().find_map(|reading| reading.code);
        assert_eq!([code("Springfield, IL"), code("Zürich (ZH)"), code("Foo La")], [Some("IL".to_owned()), Some("ZH".to_owned()), None]);
        assert_eq!(read(" , "), [reading("", None, None)]);
    }
}
