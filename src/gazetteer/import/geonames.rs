//! GeoNames' own files (download.geonames.org/export/dump, readme.txt): no header, tabs between columns.

use std::collections::HashMap;

use super::{Import, ImportError, Lines};
use crate::{
    gazetteer::pack::{Entry, EntryName, NameCode, NameUse, Tag},
    model::Position,
};

/// Names by place from alternateNamesV2, which is in no order: held as text and sorted once.
#[derive(Debug, Default)]
pub(super) struct Tagged {
    texts: String,
    /// GeoNames id, where its text begins, what else is known of it, and kind.
    names: Vec<(u32, u32, u16, NameCode)>,
    tags: Vec<String>,
    numbers: HashMap<String, u16>,
    is_sorted: bool,
}

impl Tagged {
    fn add(&mut self, place: u32, text: &str, tag: &Tag<'_>, kind: NameCode) {
        // Where there are more tags than numbers, years are dropped: there are fewer than a thousand languages.
        let number = self.number(tag.to_text()).or_else(|| self.number(tag.language.to_owned())).unwrap_or(0);
        self.names.push((place, self.texts.len() as u32, number, kind));
        self.texts.push_str(text);
        self.texts.push('\n');
        self.is_sorted = false;
    }

    fn number(&mut self, text: String) -> Option<u16> {
        if let Some(&known) = self.numbers.get(&text) {
            return Some(known);
        }
        let number = u16::try_from(self.tags.len()).ok()?;
        self.tags.push(text.clone());
        self.numbers.insert(text, number);
        Some(number)
    }

    /// The names of a place.
    fn of(&mut self, place: u32) -> Vec<EntryName> {
        if !self.is_sorted {
            self.names.sort_unstable_by_key(|name| (name.0, name.1));
            self.is_sorted = true;
        }
        let start = self.names.partition_point(|name| name.0 < place);
        let own = self.names[start..].iter().take_while(|name| name.0 == place);
        own.map(|&(_, at, number, kind)| {
            let rest = &self.texts[at as usize..];
            let Tag { language, years, usage } = Tag::of(&self.tags[usize::from(number)]);
            let language = Some(language.to_owned()).filter(|code| !code.is_empty());
            EntryName { language, years, usage, ..EntryName::new(&rest[..rest.find('\n').unwrap_or(rest.len())], kind) }
        })
        .collect()
    }
}

/// alternateNamesV2: id, place, language or kind, name, preferred, short, colloquial, historic, from, to.
pub(super) fn alternates(lines: &mut Lines<'_>, import: &mut Import) -> Result<(), ImportError> {
    loop {
        let (file, number) = (lines.file, lines.number + 1);
        let Some(line) = lines.next()? else { return Ok(()) };
        let fields = match line {
            Ok(line) => line.split('\t').collect::<Vec<_>>(),
            Err(rule) => {
                import.faults.add(file, number, rule);
                continue;
            }
        };
        let [_, place, language, name, preferred, ..] = fields[..] else {
            import.faults.add(file, number, format!("{} columns, at least 5 are needed", fields.len()));
            continue;
        };
        let Ok(place) = place.parse() else {
            import.faults.add(file, number, format!("geonameid: {place:?} is not a whole number"));
            continue;
        };
        let is_set = |index: usize| fields.get(index) == Some(&"1");
        let usage = match () {
            () if is_set(7) => NameUse::Historic,
            () if is_set(6) => NameUse::Colloquial,
            () if is_set(5) => NameUse::Short,
            () => NameUse::Usual,
        };
        // Ends are free text: a date, a year, or words, which say nothing that can be compared.
        let year = |index: usize| fields.get(index).and_then(|text| leading_year(text));
        let years = match (year(8), year(9)) {
            (None, None) => None,
            (first, last) => Some((first.unwrap_or(i16::MIN), last.unwrap_or(i16::MAX))),
        };
        // Links, postcodes and the like are no names; Wikidata ids neither.
        match language {
            "link" | "post" | "wkdt" | "unlc" | "phon" | "piny" | "abbr" | "fr_1793" => {}
            "iata" | "icao" | "faac" | "tcid" => import.tagged.add(place, name, &Tag::default(), NameCode::Code),
            _ if import.tagged.texts.len() + name.len() >= u32::MAX as usize => {
                return Err(crate::gazetteer::pack::PackError::TooLarge("tagged names").into());
            }
            language => {
                let kind = if preferred == "1" && usage != NameUse::Historic { NameCode::Preferred } else { NameCode::Alternate };
                import.tagged.add(place, name, &Tag { language, years, usage }, kind);
            }
        }
    }
}

/// The year at the beginning of a date; before our era where `BC` stands behind it.
fn leading_year(text: &str) -> Option<i16> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let year = text[..digits].parse::<i16>().ok().filter(|_| digits <= 4)?;
    let rest = text[digits..].trim_start().to_ascii_lowercase();
    match rest.as_bytes().first() {
        // `19xx` is a century.
        Some(b'x') => None,
        _ if rest.starts_with("bc") => Some(-year),
        _ => Some(year),
    }
}

/// hierarchy: the id of what holds, of what lies in it, and of which sort that is (`ADM` for the administrative one).
pub(super) fn hierarchy(lines: &mut Lines<'_>, import: &mut Import) -> Result<(), ImportError> {
    let mut administrative = Vec::new();
    loop {
        let (file, number) = (lines.file, lines.number + 1);
        let Some(line) = lines.next()? else { break };
        let fields = line.unwrap_or_default().split('\t').collect::<Vec<_>>();
        let id = |index: usize| fields.get(index).and_then(|text| text.parse::<u32>().ok());
        match (id(0), id(1)) {
            (Some(parent), Some(child)) if fields.get(2) == Some(&"ADM") => administrative.push((child, parent)),
            (Some(parent), Some(child)) => import.builder.lies_in(child, parent),
            _ => import.faults.add(file, number, "no two ids, of a place and of one in it"),
        }
    }
    // Said last, since it counts where a place lies in several.
    administrative.into_iter().for_each(|(child, parent)| import.builder.lies_in(child, parent));
    Ok(())
}

/// admin1CodesASCII: country and code (`ML.09`), name, ASCII name, id.
pub(super) fn admin1(lines: &mut Lines<'_>, import: &mut Import) -> Result<(), ImportError> {
    loop {
        let (file, number) = (lines.file, lines.number + 1);
        let Some(line) = lines.next()? else { return Ok(()) };
        let mut fields = line.unwrap_or_default().split('\t');
        match (fields.next().and_then(|code| code.split_once('.')), fields.next()) {
            (Some((country, code)), Some(name)) => import.builder.name_region(country, code, name),
            _ => import.faults.add(file, number, "no code such as ML.09 and a name"),
        }
    }
}

/// The main table: id, name, ASCII name, further names, latitude, longitude, feature class, feature code, country, …, admin1 (11th), …,
/// population (15th).
pub(super) fn places(lines: &mut Lines<'_>, import: &mut Import) -> Result<(), ImportError> {
    loop {
        let (file, number) = (lines.file, lines.number + 1);
        let Some(line) = lines.next()? else { return Ok(()) };
        let entry = line.map_err(str::to_owned).and_then(|line| entry(line, &mut import.tagged));
        match entry {
            Ok(entry) => import.builder.push(entry)?,
            Err(rule) => import.faults.add(file, number, rule),
        }
    }
}

fn entry(line: &str, tagged: &mut Tagged) -> Result<Entry, String> {
    let fields = line.split('\t').collect::<Vec<_>>();
    if fields.len() != 19 {
        return Err(format!("{} columns, 19 are needed", fields.len()));
    }
    let id = fields[0].parse::<u32>().map_err(|_| format!("geonameid: {:?} is not a whole number", fields[0]))?;
    let name = fields[1].trim();
    if name.is_empty() {
        return Err("name: is empty".to_owned());
    }
    let number =
        |index: usize, what: &str| fields[index].parse::<f64>().map_err(|_| format!("{what}: {:?} is not a decimal number", fields[index]));
    let (lat, lon) = (number(4, "latitude")?, number(5, "longitude")?);
    let position = Position::new(lon, lat).map_err(|error| error.to_string())?;
    let population = match fields[14] {
        "" => 0,
        text => text.parse().map_err(|_| format!("population: {text:?} is not a whole number"))?,
    };
    let mut names = tagged.of(id);
    let alternate = |text: &str| EntryName::new(text, kind(text));
    names.extend(fields[3].split(',').filter(|text| !text.is_empty()).map(alternate));
    Ok(Entry {
        id: fields[0].to_owned(),
        name: name.to_owned(),
        names,
        lon: position.lon,
        lat: position.lat,
        country: fields[8].to_owned(),
        admin1: fields[10].to_owned(),
        population,
        level: level(fields[6], fields[7]),
        class: format!("{}.{}", fields[6], fields[7]),
        years: None,
        source: "GeoNames".to_owned(),
    })
}

/// What an untagged name is, by its letters: three capitals are an airport's code, a name without a capital is a machine's.
fn kind(text: &str) -> NameCode {
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return NameCode::Code;
    }
    let is_machine =
        text.is_ascii() && text.bytes().any(|byte| byte.is_ascii_alphabetic()) && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_machine { NameCode::Transliteration } else { NameCode::Alternate }
}

/// The level of a feature class and code, as an index of `Level::ALL`.
fn level(class: &str, code: &str) -> u8 {
    match (class, code) {
        ("P", _) => 0,
        ("S", "CMP" | "CMPRF" | "MILB" | "CMPL" | "CMPO" | "CMPMN") | ("L", "MILB") => 1,
        ("A", "ADM1" | "ADM1H") => 2,
        ("A", "PCLI" | "PCL" | "PCLD" | "PCLF" | "PCLS" | "PCLIX") => 3,
        _ => 4,
    }
}
