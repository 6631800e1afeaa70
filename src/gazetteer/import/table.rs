//! A table with a header: `id`, `name`, `lon`, `lat`, and where there are any `country`, `admin1`, `region`, `population`, `level`, `class`,
//! `aliases` (separated by `|`, each with `@` and a language where known), `from` and `to` (years).

use super::{Import, ImportError, Lines};
use crate::{
    gazetteer::pack::{Entry, EntryName, NameCode},
    model::{Level, Position},
};

/// Columns by the names that they go by.
struct Columns {
    id: Option<usize>,
    name: usize,
    lon: usize,
    lat: usize,
    country: Option<usize>,
    admin1: Option<usize>,
    region: Option<usize>,
    population: Option<usize>,
    level: Option<usize>,
    class: Option<usize>,
    aliases: Option<usize>,
    from: Option<usize>,
    to: Option<usize>,
}

impl Columns {
    fn new(header: &[String], file: &str) -> Result<Self, ImportError> {
        let find = |names: &[&str]| names.iter().find_map(|name| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name)));
        let found = || Some(header.join(", ")).filter(|found| !found.is_empty()).unwrap_or_else(|| "none: it is empty".to_owned());
        let need =
            |names: &[&str], column| find(names).ok_or_else(|| ImportError::Column { file: file.to_owned(), column, found: found() });
        Ok(Self {
            id: find(&["id", "geonameid", "title_id"]),
            name: need(&["name", "title", "toponym"], "name")?,
            lon: need(&["lon", "lng", "longitude"], "lon")?,
            lat: need(&["lat", "latitude"], "lat")?,
            country: find(&["country", "country_code", "ccodes", "iso2"]),
            admin1: find(&["admin1", "admin1_code"]),
            region: find(&["region", "admin1_name"]),
            population: find(&["population", "pop"]),
            level: find(&["level"]),
            class: find(&["class", "feature_code", "types", "fclass"]),
            aliases: find(&["aliases", "alternates", "alternatenames", "variants"]),
            from: find(&["from", "start"]),
            to: find(&["to", "end"]),
        })
    }
}

pub(super) fn places(lines: &mut Lines<'_>, import: &mut Import) -> Result<(), ImportError> {
    let (file, first) = (lines.file, lines.next()?.and_then(Result::ok).unwrap_or_default().to_owned());
    let delimiter = if first.contains('\t') {
        b'\t'
    } else if first.matches(';').count() > first.matches(',').count() {
        b';'
    } else {
        b','
    };
    let header = cells(&first, delimiter);
    let columns = Columns::new(&header, file)?;
    loop {
        let number = lines.number + 1;
        let Some(line) = lines.next()? else { return Ok(()) };
        let row = line.map_err(str::to_owned).map(|line| cells(line, delimiter));
        match row.and_then(|row| {
            if row.len() == header.len() { Ok(row) } else { Err(format!("{} columns, the header has {}", row.len(), header.len())) }
        }) {
            Ok(row) => match entry(&row, &columns, number) {
                Ok(entry) => {
                    if let Some(region) = columns.region.map(|index| row[index].trim()).filter(|name| !name.is_empty()) {
                        let code = if entry.admin1.is_empty() { region } else { &entry.admin1 };
                        import.builder.name_region(&entry.country, code, region);
                    }
                    import.builder.push(entry)?;
                }
                Err(rule) => import.faults.add(file, number, rule),
            },
            Err(rule) => import.faults.add(file, number, rule),
        }
    }
}

/// The cells of a line; a quoted cell may hold the delimiter, not a line break.
fn cells(line: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(line.as_bytes());
    let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
    row.iter().map(str::to_owned).collect()
}

fn entry(row: &[String], columns: &Columns, number: u64) -> Result<Entry, String> {
    let text = |index: Option<usize>| index.map_or("", |index| row[index].trim());
    let degrees = |index: usize, what: &str| {
        row[index].trim().parse::<f64>().map_err(|_| format!("{what}: {:?} is not a decimal number", row[index]))
    };
    let position = Position::new(degrees(columns.lon, "lon")?, degrees(columns.lat, "lat")?).map_err(|error| error.to_string())?;
    let name = row[columns.name].trim();
    if name.is_empty() {
        return Err("name: is empty".to_owned());
    }
    let country = text(columns.country);
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !country.is_empty() && !is_code {
        return Err(format!("country: {country:?} is not a two-letter code in capitals"));
    }
    let population = match text(columns.population) {
        "" => 0,
        text => text.parse().map_err(|_| format!("population: {text:?} is not a whole number"))?,
    };
    let level = match text(columns.level) {
        "" => Level::Settlement,
        word => Level::parse(word).ok_or_else(|| format!("level: {word:?} is not a level"))?,
    };
    let year = |index: Option<usize>, unknown: i16| match text(index) {
        "" => Ok(unknown),
        text => text.parse().map_err(|_| format!("year: {text:?} is not a year from -32768 to 32767")),
    };
    let years = (year(columns.from, i16::MIN)?, year(columns.to, i16::MAX)?);
    let aliases = text(columns.aliases).split('|').map(str::trim).filter(|alias| !alias.is_empty());
    let names = aliases.map(|alias| match alias.rsplit_once('@') {
        Some((text, code)) if (2..=3).contains(&code.len()) => {
            EntryName { language: Some(code.to_owned()), ..EntryName::new(text, NameCode::Preferred) }
        }
        _ => EntryName::new(alias, NameCode::Alternate),
    });
    let admin1 = match text(columns.admin1) {
        "" => text(columns.region),
        code => code,
    };
    Ok(Entry {
        // Where there is no id, the line is one.
        id: match text(columns.id) {
            "" => format!("row-{number}"),
            id => id.to_owned(),
        },
        name: name.to_owned(),
        names: names.collect(),
        lon: position.lon,
        lat: position.lat,
        country: country.to_owned(),
        admin1: admin1.to_owned(),
        population,
        level: Level::ALL.iter().position(|known| *known == level).unwrap_or(0) as u8,
        class: text(columns.class).to_owned(),
        years: Some(years).filter(|years| *years != (i16::MIN, i16::MAX)),
        source: String::new(),
    })
}
