//! Linked Places (<https://github.com/LinkedPasts/linked-places-format>): a FeatureCollection, or a feature a line. Features are read one by one.

use std::{
    fmt,
    io::{self, BufRead},
};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::Import;
use crate::{
    gazetteer::pack::{Entry, EntryName, NameCode},
    model::Position,
};

/// Takes features one by one.
struct Take<'i> {
    file: &'i str,
    number: u64,
    import: &'i mut Import,
}

pub(super) fn read(stream: Box<dyn BufRead + '_>, file: &str, import: &mut Import) -> io::Result<()> {
    let mut take = Take { file, number: 0, import };
    let mut values = serde_json::Deserializer::from_reader(stream);
    // A collection, or features one after the other: as many values as there are.
    loop {
        match values.end() {
            Ok(()) => return Ok(()),
            Err(_) => values.deserialize_map(Collection(&mut take)).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?,
        }
    }
}

/// A FeatureCollection, whose `features` are taken as they come; any other object is one feature.
struct Collection<'t, 'i>(&'t mut Take<'i>);

impl<'de> Visitor<'de> for Collection<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FeatureCollection or a Feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut feature = serde_json::Map::new();
        let mut is_collection = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == "features" {
                is_collection = true;
                map.next_value_seed(Features(&mut *self.0))?;
            } else if is_collection {
                map.next_value::<IgnoredAny>()?;
            } else {
                feature.insert(key, map.next_value()?);
            }
        }
        if !is_collection {
            self.0.take(&Value::Object(feature)).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

struct Features<'t, 'i>(&'t mut Take<'i>);

impl<'de> DeserializeSeed<'de> for Features<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut features: A) -> Result<(), A::Error> {
        while let Some(feature) = features.next_element::<Value>()? {
            self.0.take(&feature).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

impl Take<'_> {
    fn take(&mut self, feature: &Value) -> Result<(), String> {
        self.number += 1;
        match entry(feature, self.number) {
            Ok(entry) => self.import.builder.push(entry).map_err(|error| error.to_string()),
            Err(rule) => {
                self.import.faults.add(self.file, self.number, rule);
                Ok(())
            }
        }
    }
}

fn entry(feature: &Value, number: u64) -> Result<Entry, String> {
    let properties = &feature["properties"];
    let mut names = toponyms(&feature["names"]);
    let title = properties["title"].as_str().or_else(|| properties["name"].as_str()).map(str::trim).filter(|title| !title.is_empty());
    let name = match title {
        Some(title) => title.to_owned(),
        None if !names.is_empty() => names.remove(0).text,
        None => return Err("neither a title nor a toponym".to_owned()),
    };
    let position = position(&feature["geometry"]).ok_or("geometry: no point, and none within it, on the Earth")?;
    let id = feature["@id"].as_str().or_else(|| feature["id"].as_str()).map(str::to_owned);
    let class = feature["types"][0]["label"].as_str().or_else(|| feature["types"][0]["sourceLabels"][0]["label"].as_str());
    let years = years(&feature["when"]).or_else(|| years(&feature["geometry"]["when"]));
    Ok(Entry {
        id: id.or_else(|| feature["id"].as_u64().map(|id| id.to_string())).unwrap_or_else(|| format!("feature-{number}")),
        name,
        names,
        lon: position.lon,
        lat: position.lat,
        country: properties["ccodes"][0].as_str().filter(|code| code.len() == 2).unwrap_or_default().to_owned(),
        population: properties["population"].as_u64().unwrap_or(0),
        level: match properties["fclasses"][0].as_str() {
            Some("P") | None => 0,
            _ => 4,
        },
        class: class.unwrap_or_default().to_owned(),
        years,
        ..Entry::default()
    })
}

fn toponyms(names: &Value) -> Vec<EntryName> {
    let all = names.as_array().map(Vec::as_slice).unwrap_or_default();
    let name = |name: &Value| {
        let text = name["toponym"].as_str()?.trim();
        let language = name["lang"].as_str().filter(|code| (2..=3).contains(&code.len())).map(str::to_owned);
        (!text.is_empty()).then(|| EntryName { language, years: years(&name["when"]), ..EntryName::new(text, NameCode::Alternate) })
    };
    all.iter().filter_map(name).collect()
}

/// The point of a geometry, the first one of a collection, or the first position of any other.
fn position(geometry: &Value) -> Option<Position> {
    if let Some(first) = geometry["geometries"].get(0) {
        return position(first);
    }
    let mut coordinates = &geometry["coordinates"];
    while coordinates.get(0)?.is_array() {
        coordinates = &coordinates[0];
    }
    Position::new(coordinates[0].as_f64()?, coordinates[1].as_f64()?).ok()
}

/// First and last year of the first timespan.
fn years(when: &Value) -> Option<(i16, i16)> {
    let span = when["timespans"].get(0)?;
    let year = |end: &Value| ["in", "earliest", "latest"].iter().find_map(|bound| leading_year(end[bound].as_str()?));
    let (first, last) = (year(&span["start"]), year(&span["end"]));
    (first.is_some() || last.is_some()).then(|| (first.unwrap_or(i16::MIN), last.unwrap_or(i16::MAX)))
}

/// The year at the beginning of an ISO 8601 date.
fn leading_year(text: &str) -> Option<i16> {
    let end = text.char_indices().skip(1).find(|(_, c)| *c == '-').map_or(text.len(), |(at, _)| at);
    text[..end].parse().ok()
}
