//! The pages' words, in every language served.
//!
//! `web/text/server.*.json` holds the pages' own words, `web/text/*.json` those that they share with the map, such as the words for
//! codes of the data (`state.open`). Tests compare the languages key by key and look every key of this module's files up.

use std::{collections::HashMap, sync::LazyLock};

use crate::model::{Lang, Property};

type Table = HashMap<String, String>;

/// One table for each language, in the order of [`Lang::ALL`].
static TABLES: LazyLock<[Table; 2]> = LazyLock::new(|| {
    [
        table(include_str!("../../../web/text/en.json"), include_str!("../../../web/text/server.en.json")),
        table(include_str!("../../../web/text/fr.json"), include_str!("../../../web/text/server.fr.json")),
    ]
});

/// Both files as one table; where they share a key, the pages' own word.
fn table(shared: &str, own: &str) -> Table {
    let read = |text: &str| serde_json::from_str::<Table>(text).expect("the embedded words are a flat JSON object, which a test reads");
    let mut table = read(shared);
    table.extend(read(own));
    table
}

/// Properties whose values have words of ours although they are not a closed list.
const WORDED: [&str; 5] = ["contingents", "kind", "property", "region", "unit"];

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub(in crate::formats) struct Words {
    /// Which language.
    pub(super) lang: Lang,
    table: &'static Table,
}

impl Words {
    /// The words of `lang`.
    pub(in crate::formats) fn of(lang: Lang) -> Self {
        let index = Lang::ALL.iter().position(|served| *served == lang).unwrap_or_default();
        Self { lang, table: &TABLES[index] }
    }

    /// The text of a key; the key itself where there is none, which a test rules out.
    pub(in crate::formats) fn t<'a>(&self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key that may be missing.
    pub(super) fn find(&self, key: &str) -> Option<&'static str> {
        self.table.get(key).map(String::as_str)
    }

    /// The text of a key with each `{name}` replaced. What is put in is not looked at again.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.t(key);
        let mut text = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text += before;
            text += values.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| value);
            rest = after;
        }
        text + rest
    }

    /// A number and what it counts: `<key>.one` or `<key>.other`, with the number for `{n}`. In French, 0 is singular.
    pub(super) fn count(&self, key: &str, n: u64) -> String {
        let one = n == 1 || (n == 0 && self.lang == Lang::Fr);
        self.fill(&format!("{key}.{}", if one { "one" } else { "other" }), &[("n", &self.integer(n as i128))])
    }

    /// A code of the data in words: only where the property is a list of codes, so that free text is left as it is.
    pub(in crate::formats) fn code(&self, property: &Property, value: &str) -> Option<&'static str> {
        let listed = property.codes.iter().any(|code| code == value) || WORDED.contains(&property.name.as_str());
        listed.then(|| self.code_of(&property.name, value)).flatten()
    }

    /// The word for a code of the property called `name`.
    pub(super) fn code_of(&self, name: &str, value: &str) -> Option<&'static str> {
        let name = match name {
            // What a claim is about is named by its property.
            "property" => "field",
            "contingents" => "contingent",
            "named_base" => "kind",
            other => other,
        };
        self.find(&format!("{name}.{value}"))
    }

    /// A whole number with its thousands apart; four digits stand together, as years do.
    pub(super) fn integer(&self, value: i128) -> String {
        self.lang.integer(value)
    }

    /// A number as short as it can be said exactly.
    pub(super) fn number(&self, value: f64) -> String {
        if value.fract() == 0.0 && value.abs() < 1e15 {
            return self.integer(value as i128);
        }
        let text = value.to_string().replace('-', "\u{2212}");
        if self.lang == Lang::Fr { text.replace('.', ",") } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        let mut keys = serde_json::from_str::<Table>(text).unwrap().into_keys().collect::<Vec<_>>();
        keys.sort();
        keys
    }

    #[test]
    fn both_languages_have_every_key() {
        assert_eq!(keys(include_str!("../../../web/text/server.en.json")), keys(include_str!("../../../web/text/server.fr.json")));
        assert_eq!(keys(include_str!("../../../web/text/en.json")), keys(include_str!("../../../web/text/fr.json")));
    }

    /// Every file of the pages; a key is what stands in quotes after one of the calls that look words up.
    const FILES: [&str; 24] = [
        include_str!("api.rs"),
        include_str!("chips.rs"),
        include_str!("claims.rs"),
        include_str!("collection.rs"),
        include_str!("collections.rs"),
        include_str!("conflicts.rs"),
        include_str!("conformance.rs"),
        include_str!("dates.rs"),
        include_str!("documents.rs"),
        include_str!("downloads.rs"),
        include_str!("embed.rs"),
        include_str!("filter_form.rs"),
        include_str!("frame.rs"),
        include_str!("how.rs"),
        include_str!("item.rs"),
        include_str!("items.rs"),
        include_str!("landing.rs"),
        include_str!("links.rs"),
        include_str!("place.rs"),
        include_str!("places.rs"),
        include_str!("problem.rs"),
        include_str!("shell.rs"),
        include_str!("usage.rs"),
        include_str!("values.rs"),
    ];

    #[test]
    fn every_key_used_exists() {
        let words = Words::of(Lang::En);
        let mut used = 0;
        for file in FILES {
            let code = file.split("#[cfg(test)]").next().unwrap();
            for (call, forms) in [(".t(\"", &[""][..]), (".fill(\"", &[""]), (".count(\"", &[".one", ".other"])] {
                for rest in code.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    for form in forms {
                        assert!(words.find(&format!("{key}{form}")).is_some(), "no words for {key}{form}");
                        used += 1;
                    }
                }
            }
        }
        assert!(used > 50, "the calls were found");
    }

    #[test]
    fn french_sets_its_spaces() {
        for (key, text) in serde_json::from_str::<Table>(include_str!("../../../web/text/server.fr.json")).unwrap() {
            for sign in [" :", " ;", " ?", " !", " »", "« "] {
                assert!(!text.contains(sign), "{key}: an ordinary space at {sign:?} in {text:?}");
            }
            assert!(!text.contains('\''), "{key}: a straight apostrophe in {text:?}");
        }
    }

    #[test]
    fn numbers_follow_the_language() {
        let (en, fr) = (Words::of(Lang::En), Words::of(Lang::Fr));
        assert_eq!((en.integer(2023), en.integer(15_000), en.integer(-1_234_567)), ("2023".into(), "15,000".into(), "−1,234,567".into()));
        assert_eq!((fr.integer(15_000), fr.number(0.75)), ("15\u{202f}000".into(), "0,75".into()));
        assert_eq!((en.number(-3.00742), en.number(5000.0)), ("−3.00742".into(), "5000".into()));
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let words = Words::of(Lang::En);
        assert_eq!(words.fill("no such key {a} {b} {c}", &[("a", "{b}"), ("b", "2")]), "no such key {b} 2 ");
    }
}
