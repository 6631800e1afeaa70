//! Entries → a packed gazetteer.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use super::super::fold;
use super::{
    Area, Entry, HEADER, ID_IS_TEXT, MAGIC, MOST_NAMES, MOST_PLACES, NameCode, Section, area, encode,
    index::{by_id, country_index, key_index, word_index},
    name, put_numbers, put_varint, sort, text_table,
    weight::{self, Weight},
};

/// Why no file can be made.
#[derive(Debug)]
pub enum PackError {
    /// More than [`MOST_PLACES`].
    TooManyPlaces,
    /// A part would be larger than its 32-bit offsets reach.
    TooLarge(&'static str),
    /// An id that two places have.
    Duplicate(String),
    /// The file cannot be written.
    Io(io::Error),
    /// The index cannot be made.
    Index(fst::Error),
}

impl std::fmt::Display for PackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooManyPlaces => write!(f, "more than {MOST_PLACES} places"),
            Self::TooLarge(what) => write!(f, "the {what} take more than 4 GiB"),
            Self::Duplicate(id) => write!(f, "two places have the id {id:?}"),
            Self::Io(error) => write!(f, "{error}"),
            Self::Index(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for PackError {}

impl From<io::Error> for PackError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<fst::Error> for PackError {
    fn from(error: fst::Error) -> Self {
        Self::Index(error)
    }
}

/// What was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// Places.
    pub places: usize,
    /// Names: those of one place that fold alike count once.
    pub names: usize,
    /// Bytes of the file.
    pub bytes: usize,
}

/// Collects entries, then writes the file. Holds about 60 bytes for each name and 60 for each place.
#[derive(Debug, Default)]
pub struct Builder {
    places: Vec<Held>,
    /// Encoded names, place after place, as they came.
    names: Vec<u8>,
    /// Folded names, one after the other.
    folded: Vec<u8>,
    keys: Vec<Key>,
    texts: Vec<u8>,
    regions: Table,
    region_names: HashMap<String, String>,
    classes: Table,
    languages: Table,
    sources: Table,
    has_years: bool,
    /// Numbers of places and of those that they lie in.
    parents: Vec<(u32, u32)>,
    areas: Vec<Area>,
}

/// A place as it is held until its number is known.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) importance: f32,
    pub(super) names: (u32, u32),
    pub(super) point: (i32, i32),
    pub(super) population: u32,
    pub(super) id: u32,
    pub(super) years: (i16, i16),
    pub(super) region: u16,
    pub(super) class: u16,
    /// And how many names it has.
    pub(super) level: u8,
    pub(super) flags: u8,
}

/// A folded name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) at: u32,
    pub(super) length: u16,
    pub(super) junk: bool,
    pub(super) place: u32,
}

#[derive(Debug, Default)]
struct Table {
    index: HashMap<String, u16>,
    texts: Vec<String>,
}

impl Table {
    fn index(&mut self, text: &str) -> u16 {
        // Past the last number all further texts are the empty one at 0.
        self.add(text).unwrap_or(0)
    }

    fn add(&mut self, text: &str) -> Option<u16> {
        if let Some(&index) = self.index.get(text) {
            return Some(index);
        }
        let index = u16::try_from(self.texts.len()).ok()?;
        self.index.insert(text.to_owned(), index);
        self.texts.push(text.to_owned());
        Some(index)
    }

    fn bytes(&self) -> Vec<u8> {
        text_table(self.texts.iter().map(String::as_str))
    }
}

impl Builder {
    /// A builder with nothing in it.
    pub fn new() -> Self {
        let mut new = Self::default();
        for table in [&mut new.regions, &mut new.classes, &mut new.languages, &mut new.sources] {
            table.index("");
        }
        new
    }

    /// Names a first-level division, by country and code, for places that lie in it.
    pub fn name_region(&mut self, country: &str, admin1: &str, name: &str) {
        self.region_names.insert(format!("{country}\t{admin1}"), name.to_owned());
    }

    /// Says that one place lies in another, both by their numbers; where it lies in several, the last word counts.
    pub fn lies_in(&mut self, place: u32, parent: u32) {
        self.parents.push((place, parent));
    }

    /// Takes the outline of a region in.
    pub fn outline(&mut self, area: Area) {
        self.areas.push(area);
    }

    /// Takes a place in.
    ///
    /// # Errors
    /// When there are too many places or their names are too long in all.
    pub fn push(&mut self, mut entry: Entry) -> Result<(), PackError> {
        if self.places.len() == MOST_PLACES {
            return Err(PackError::TooManyPlaces);
        }
        entry.names.sort_by(|a, b| (a.kind.is_junk(), &a.text).cmp(&(b.kind.is_junk(), &b.text)));
        let start = offset(self.names.len(), "names")?;
        let (mut seen, mut stored, mut before) = (Vec::<(usize, usize)>::new(), 0, Vec::new());
        let own = std::iter::once((&entry.name, None, NameCode::Preferred));
        let all = own.chain(entry.names.iter().map(|name| (&name.text, name.tag(), name.kind)));
        for (text, tag, kind) in all {
            let key = encode(&fold(text));
            let known = seen.iter().any(|&(from, to)| self.folded[from..to] == key);
            let is_stored = kind != NameCode::Transliteration;
            if known || (key.is_empty() && !seen.is_empty()) || stored == MOST_NAMES {
                continue;
            }
            let at = offset(self.folded.len(), "names")?;
            self.folded.extend_from_slice(&key);
            seen.push((at as usize, self.folded.len()));
            if is_stored {
                // Where there are more tags than numbers, the language alone is kept.
                let tag = tag.map(|tag| self.languages.add(&tag.to_text()).unwrap_or_else(|| self.languages.index(tag.language)));
                name::put(&mut self.names, &mut before, text, kind, tag.map(u32::from));
                stored += 1;
            }
            if !key.is_empty() {
                // A folded name has at most 256 characters, of 5 bytes at most.
                let key = Key { at, length: key.len() as u16, junk: kind.is_junk(), place: self.places.len() as u32 };
                self.keys.push(key);
            }
        }
        let (id, flags) = match entry.id.parse::<u32>() {
            Ok(number) if number.to_string() == entry.id => (number, 0),
            _ => {
                let at = offset(self.texts.len(), "ids")?;
                put_varint(&mut self.texts, entry.id.len() as u64);
                self.texts.extend_from_slice(entry.id.as_bytes());
                (at, ID_IS_TEXT)
            }
        };
        let unit = |degrees: f64| (degrees * 1e7).round() as i32;
        self.has_years |= entry.years.is_some();
        self.places.push(Held {
            importance: Weight { level: entry.level, people: entry.population, names: (seen.len() as f64).ln_1p() }.value() as f32,
            names: (start, offset(self.names.len(), "names")?),
            point: (unit(entry.lon), unit(entry.lat)),
            population: u32::try_from(entry.population).unwrap_or(u32::MAX),
            id,
            years: entry.years.unwrap_or((i16::MIN, i16::MAX)),
            region: self.regions.index(&format!("{}\t{}", entry.country, entry.admin1)),
            class: self.classes.index(&entry.class),
            level: weight::with_names(entry.level, seen.len()),
            flags: flags | (self.sources.index(&entry.source).min(127) as u8) << 1,
        });
        Ok(())
    }

    /// Writes the file; `about` says in a line what it holds and whom to credit.
    ///
    /// # Errors
    /// When two places have one id, a part is too large, or `out` fails.
    pub fn finish(mut self, about: &str, out: &mut impl Write) -> Result<Packed, PackError> {
        let order = self.order();
        let mut rank = vec![0; order.len()];
        order.iter().zip(0u32..).for_each(|(&place, new)| rank[place as usize] = new);
        self.keys.iter_mut().for_each(|key| key.place = rank[key.place as usize]);
        drop(rank);
        let places = order.iter().map(|&place| &self.places[place as usize]).collect::<Vec<_>>();
        let folded = &self.folded;
        let text = |key: &Key| &folded[key.at as usize..][..usize::from(key.length)];
        self.keys.sort_unstable_by(|a, b| (text(a), a.junk, a.place).cmp(&(text(b), b.junk, b.place)));

        let mut sections = Section::ALL.map(|_| Vec::new());
        let mut set = |section: Section, bytes: Vec<u8>| sections[section as usize] = bytes;
        set(Section::ById, by_id(&places, &self.texts)?);
        let mut names = Vec::with_capacity(self.names.len());
        let mut names_at = Vec::with_capacity(places.len() + 1);
        for place in &places {
            names_at.push(names.len() as u32);
            names.extend_from_slice(&self.names[place.names.0 as usize..place.names.1 as usize]);
        }
        names_at.push(names.len() as u32);
        set(Section::NamesAt, put_numbers(&names_at));
        set(Section::Names, names);
        set(Section::Points, places.iter().flat_map(|p| [p.point.0.to_le_bytes(), p.point.1.to_le_bytes()].concat()).collect());
        set(Section::Facts, places.iter().flat_map(|place| place.facts()).collect());
        set(Section::Ids, put_numbers(&places.iter().map(|place| place.id).collect::<Vec<_>>()));
        if self.classes.texts.len() > 1 {
            set(Section::Kinds, places.iter().flat_map(|place| place.class.to_le_bytes()).collect());
        }
        if self.has_years {
            set(Section::Years, places.iter().flat_map(|p| [p.years.0.to_le_bytes(), p.years.1.to_le_bytes()].concat()).collect());
        }
        if !self.parents.is_empty() {
            set(Section::Parents, put_numbers(&parents(&places, std::mem::take(&mut self.parents))));
        }
        if !self.areas.is_empty() {
            set(Section::Areas, area::write(&self.areas).ok_or(PackError::TooLarge("outlines"))?);
        }
        let (keys, postings) = key_index(&self.keys, text)?;
        set(Section::Keys, keys);
        set(Section::Postings, postings);
        let (words, postings) = word_index(&self.keys, folded)?;
        set(Section::Words, words);
        set(Section::WordPostings, postings);
        let (countries, by_country) = country_index(&places, &self.regions.texts);
        set(Section::Countries, countries);
        set(Section::ByCountry, by_country);
        let within = places.iter().zip(0u32..).filter(|(place, _)| weight::level(place.level) < 2);
        let degrees = |unit: i32| f64::from(unit) / 1e7;
        let mut near = within.map(|(p, index)| (index, degrees(p.point.0), degrees(p.point.1))).collect::<Vec<_>>();
        let (near, splits) = sort::nearest_order(&mut near);
        set(Section::Nearest, put_numbers(&near));
        set(Section::Splits, splits);
        set(Section::Texts, std::mem::take(&mut self.texts));
        let named = self.regions.texts.iter().map(|key| format!("{key}\t{}", self.region_names.get(key).map_or("", String::as_str)));
        let named = named.collect::<Vec<_>>();
        set(Section::Regions, text_table(named.iter().map(String::as_str)));
        set(Section::Classes, self.classes.bytes());
        set(Section::Languages, self.languages.bytes());
        set(Section::Sources, self.sources.bytes());
        set(Section::About, text_table([about].into_iter()));
        let bytes = write(&sections, out)?;
        Ok(Packed { places: places.len(), names: self.keys.len(), bytes })
    }

    /// Most important first; ids decide where two are alike, so that the file depends on nothing but the entries.
    fn order(&self) -> Vec<u32> {
        let mut order = (0..self.places.len() as u32).collect::<Vec<_>>();
        order.sort_by(|&a, &b| {
            let (a, b) = (&self.places[a as usize], &self.places[b as usize]);
            b.importance.total_cmp(&a.importance).then((a.flags & ID_IS_TEXT, a.id).cmp(&(b.flags & ID_IS_TEXT, b.id)))
        });
        order
    }
}

/// For each place the rank of the one that it lies in, plus 1; 0 where it lies in none that is known, or in itself.
fn parents(places: &[&Held], mut pairs: Vec<(u32, u32)>) -> Vec<u32> {
    let numbered = places.iter().zip(0u32..).filter(|(place, _)| place.flags & ID_IS_TEXT == 0);
    let rank = numbered.map(|(place, rank)| (place.id, rank)).collect::<HashMap<_, _>>();
    let mut parents = vec![0; places.len()];
    for (place, parent) in pairs.drain(..).filter(|(place, parent)| place != parent) {
        if let (Some(&place), Some(&parent)) = (rank.get(&place), rank.get(&parent)) {
            parents[place as usize] = parent + 1;
        }
    }
    parents
}

impl Held {
    fn facts(&self) -> [u8; 8] {
        let mut facts = [0; 8];
        facts[..4].copy_from_slice(&self.population.to_le_bytes());
        facts[4..6].copy_from_slice(&self.region.to_le_bytes());
        (facts[6], facts[7]) = (self.level, self.flags);
        facts
    }
}

/// An offset as the file holds it.
pub(super) fn offset(at: usize, what: &'static str) -> Result<u32, PackError> {
    u32::try_from(at).map_err(|_| PackError::TooLarge(what))
}

fn write(sections: &[Vec<u8>], out: &mut impl Write) -> Result<usize, PackError> {
    let mut table = Vec::new();
    let mut at = HEADER as u64;
    for section in sections {
        table.extend_from_slice(&at.to_le_bytes());
        table.extend_from_slice(&(section.len() as u64).to_le_bytes());
        at += section.len() as u64;
    }
    let mut sum = crc32fast::Hasher::new();
    sum.update(&table);
    sections.iter().for_each(|section| sum.update(section));
    out.write_all(&MAGIC)?;
    out.write_all(&sum.finalize().to_le_bytes())?;
    out.write_all(&table)?;
    for section in sections {
        out.write_all(section)?;
    }
    out.flush()?;
    Ok(at as usize)
}
