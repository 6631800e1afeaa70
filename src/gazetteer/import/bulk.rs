//! Who's On First rows of twelve columns: id, name, kind, latitude, longitude, country, GeoNames id, Wikidata id, population,
//! whether current, source, names as JSON by language and use (`eng_x_preferred`).

use serde::de::{Deserializer as _, MapAccess, Visitor};

use super::{Import, ImportError, Lines};
use crate::{
    gazetteer::pack::{Entry, EntryName, NameCode},
    model::Position,
};

pub(super) fn places(lines: &mut Lines<'_>, import: &mut Import) -> Result<(), ImportError> {
    loop {
        let (file, number) = (lines.file, lines.number + 1);
        let Some(line) = lines.next()? else { return Ok(()) };
        match line.map_err(str::to_owned).and_then(entry) {
            Ok(entry) => import.builder.push(entry)?,
            Err(rule) => import.faults.add(file, number, rule),
        }
    }
}

fn entry(line: &str) -> Result<Entry, String> {
    let fields = line.splitn(12, '\t').collect::<Vec<_>>();
    let [id, name, class, lat, lon, country, _, _, population, _, _, names] = fields[..] else {
        return Err(format!("{} columns, 12 are needed", fields.len()));
    };
    if id.is_empty() || name.trim().is_empty() {
        return Err("id or name: is empty".to_owned());
    }
    let number = |text: &str, what: &str| text.parse::<f64>().map_err(|_| format!("{what}: {text:?} is not a decimal number"));
    let position = Position::new(number(lon, "longitude")?, number(lat, "latitude")?).map_err(|error| error.to_string())?;
    let population = match population {
        "" => 0,
        // Some are written as decimals.
        text => {
            text.parse::<f64>().ok().filter(|people| *people >= 0.0).ok_or_else(|| format!("population: {text:?} is not a whole number"))?
                as u64
        }
    };
    Ok(Entry {
        id: id.to_owned(),
        name: name.trim().to_owned(),
        names: names_of(names)?,
        lon: position.lon,
        lat: position.lat,
        country: country.to_owned(),
        population,
        level: level(class),
        class: class.to_owned(),
        source: "Who's On First".to_owned(),
        ..Entry::default()
    })
}

fn level(class: &str) -> u8 {
    match class {
        "locality" | "localadmin" | "borough" | "neighbourhood" | "macrohood" | "microhood" => 0,
        "region" | "macroregion" => 2,
        "country" | "dependency" | "empire" => 3,
        _ => 4,
    }
}

fn names_of(text: &str) -> Result<Vec<EntryName>, String> {
    struct Names;

    impl<'de> Visitor<'de> for Names {
        type Value = Vec<EntryName>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object of lists of names")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut names = Vec::new();
            while let Some((key, texts)) = map.next_entry::<String, Vec<String>>()? {
                let (language, usage) = key.split_once("_x_").unwrap_or((&key, ""));
                let language = two_letters(language);
                for text in texts.into_iter().filter(|text| !text.trim().is_empty()) {
                    let is_code = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_uppercase());
                    let kind = match usage {
                        _ if is_code => NameCode::Code,
                        "preferred" => NameCode::Preferred,
                        _ => NameCode::Alternate,
                    };
                    names.push(EntryName { language: Some(language.to_owned()), ..EntryName::new(text.trim(), kind) });
                }
            }
            Ok(names)
        }
    }

    serde_json::Deserializer::from_str(text).deserialize_map(Names).map_err(|error| format!("names: {error}"))
}

/// ISO 639-1 codes of the languages that have one and are common here; others keep their three letters.
fn two_letters(code: &str) -> &str {
    match code {
        "eng" => "en",
        "fra" | "fre" => "fr",
        "ara" => "ar",
        "spa" => "es",
        "deu" | "ger" => "de",
        "por" => "pt",
        "rus" => "ru",
        "zho" | "chi" => "zh",
        "jpn" => "ja",
        "ita" => "it",
        "nld" => "nl",
        "kor" => "ko",
        "fas" => "fa",
        "urd" => "ur",
        "tur" => "tr",
        "pol" => "pl",
        "ukr" => "uk",
        "swe" => "sv",
        "heb" => "he",
        "hin" => "hi",
        "ben" => "bn",
        "vie" => "vi",
        "ind" => "id",
        "bam" => "bm",
        other => other,
    }
}
