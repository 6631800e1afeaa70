//! Reads the two tables.

use std::collections::HashMap;

use super::error::{GazetteerError, Rule};
use crate::model::{Confidence, Level, Name, NameKind, Place, Position};

const PLACES: Table = Table {
    file: "places.tsv",
    columns: &["geonameid", "name", "lat", "lon", "country", "admin1", "population", "alternates", "transliterations", "codes"],
};
const HAND: Table = Table {
    file: "hand.tsv",
    columns: &["id", "name", "lat", "lon", "country", "admin1", "level", "accuracy_m", "source", "confidence", "aliases", "note"],
};
/// How far, in metres, the hand table may put a place from where places.tsv has it: it corrects names, not positions.
const MAX_MOVE_M: f64 = 1_000.0;

/// A tab-separated file: UTF-8, a header line, one row a line, no quoting.
struct Table {
    file: &'static str,
    columns: &'static [&'static str],
}

/// Reads both files; all violations at once.
pub(super) fn load(places: &str, hand: &str) -> Result<Vec<Place>, Vec<GazetteerError>> {
    let mut errors = Vec::new();
    let mut all = Vec::new();
    let mut known = Ids::new();
    for row in PLACES.rows(places, &mut errors) {
        if let Some(place) = geonames_place(&row, &mut errors) {
            add(&mut all, &mut known, place, &row, &mut errors);
        }
    }
    let mut own = Ids::new();
    for row in HAND.rows(hand, &mut errors) {
        let Some(place) = hand_place(&row, &mut errors) else { continue };
        match known.get(&place.id) {
            Some(&(index, _)) if !own.contains_key(&place.id) => {
                own.insert(place.id.clone(), (index, row.line));
                let old: &mut Place = &mut all[index];
                check_same(old, &place, &row, &mut errors);
                enrich(old, place);
            }
            _ => add(&mut all, &mut own, place, &row, &mut errors),
        }
    }
    if errors.is_empty() { Ok(all) } else { Err(errors) }
}

/// Index of the place and line of each id.
type Ids = HashMap<String, (usize, usize)>;

fn add(all: &mut Vec<Place>, ids: &mut Ids, place: Place, row: &Row<'_>, errors: &mut Vec<GazetteerError>) {
    if let Some(&(_, first)) = ids.get(&place.id) {
        errors.push(row.error(0, Rule::Duplicate { value: place.id, first }));
        return;
    }
    ids.insert(place.id.clone(), (all.len(), row.line));
    all.push(place);
}

fn geonames_place(row: &Row<'_>, errors: &mut Vec<GazetteerError>) -> Option<Place> {
    let before = errors.len();
    let id = row.id(0, errors);
    let name = row.text(1, errors);
    let position = row.position(2, 3, errors);
    let country = row.country(4, errors);
    let population = row.whole(6, errors).unwrap_or(0);
    let kinds = [(7, NameKind::Alternate), (8, NameKind::Transliteration), (9, NameKind::Code)];
    let names = kinds.iter().flat_map(|&(column, kind)| {
        let texts = row.fields[column].split('|').filter(|text| !text.is_empty());
        texts.map(move |text| Name { text: text.to_owned(), language: None, kind })
    });
    Some(Place {
        id,
        name,
        names: names.collect(),
        position: position?,
        accuracy_m: None,
        level: Level::Settlement,
        country,
        admin1: row.fields[5].to_owned(),
        population,
        source: "GeoNames".to_owned(),
        confidence: None,
        note: None,
    })
    .filter(|_| errors.len() == before)
}

fn hand_place(row: &Row<'_>, errors: &mut Vec<GazetteerError>) -> Option<Place> {
    let before = errors.len();
    let id = row.id(0, errors);
    let name = row.text(1, errors);
    let position = row.position(2, 3, errors);
    let country = row.country(4, errors);
    let level = Level::parse(row.fields[6]);
    if level.is_none() {
        errors.push(row.word(6, "settlement, camp, region, country, other"));
    }
    let accuracy_m = row.whole(7, errors);
    let source = row.text(8, errors);
    let confidence = match row.fields[9] {
        "high" => Some(Confidence::High),
        "medium" => Some(Confidence::Medium),
        "low" => Some(Confidence::Low),
        _ => {
            errors.push(row.word(9, "high, medium, low"));
            None
        }
    };
    let names = row.aliases(10, errors);
    Some(Place {
        id,
        name,
        names,
        position: position?,
        accuracy_m,
        level: level?,
        country,
        admin1: row.fields[5].to_owned(),
        population: 0,
        source,
        confidence,
        note: Some(row.fields[11].to_owned()).filter(|note| !note.is_empty()),
    })
    .filter(|_| errors.len() == before)
}

fn check_same(old: &Place, new: &Place, row: &Row<'_>, errors: &mut Vec<GazetteerError>) {
    let metres = old.position.distance_m(new.position);
    if metres > MAX_MOVE_M {
        errors.push(row.error(2, Rule::Moved { metres: metres.round() as u64 }));
    }
    if old.country != new.country {
        errors.push(row.error(4, Rule::OtherCountry { value: new.country.clone(), known: old.country.clone() }));
    }
}

/// The hand table's word counts; what it does not say stays as it was.
fn enrich(old: &mut Place, new: Place) {
    let mut names = new.names;
    if new.name != old.name {
        names.push(Name { text: std::mem::replace(&mut old.name, new.name), language: None, kind: NameKind::Alternate });
    }
    let said = |name: &Name| names.iter().any(|other| other.text == name.text);
    let rest: Vec<Name> = old.names.drain(..).filter(|name| !said(name) && name.text != old.name).collect();
    old.names = names;
    old.names.extend(rest);
    old.level = new.level;
    old.accuracy_m = new.accuracy_m;
    old.confidence = new.confidence;
    old.note = new.note;
    if !new.admin1.is_empty() {
        old.admin1 = new.admin1;
    }
}

/// One row of a table, with as many fields as the table has columns.
struct Row<'a> {
    table: &'static Table,
    line: usize,
    fields: Vec<&'a str>,
}

impl Table {
    fn rows<'a>(&'static self, text: &'a str, errors: &mut Vec<GazetteerError>) -> Vec<Row<'a>> {
        let error = |line, rule| GazetteerError { file: self.file, line, field: "row", rule };
        let mut lines = text.lines().zip(1..);
        let header = lines.next().map_or("", |(line, _)| line);
        let expected = self.columns.join("\t");
        if header != expected {
            errors.push(error(1, Rule::Header { found: header.to_owned(), expected }));
            return Vec::new();
        }
        let mut rows = Vec::new();
        for (text, line) in lines {
            let fields: Vec<&str> = text.split('\t').collect();
            if fields.len() == self.columns.len() {
                rows.push(Row { table: self, line, fields });
            } else {
                errors.push(error(line, Rule::Fields { found: fields.len(), expected: self.columns.len() }));
            }
        }
        rows
    }
}

impl Row<'_> {
    fn error(&self, column: usize, rule: Rule) -> GazetteerError {
        GazetteerError { file: self.table.file, line: self.line, field: self.table.columns[column], rule }
    }

    fn word(&self, column: usize, allowed: &'static str) -> GazetteerError {
        self.error(column, Rule::Word { value: self.fields[column].to_owned(), allowed })
    }

    fn text(&self, column: usize, errors: &mut Vec<GazetteerError>) -> String {
        let field = self.fields[column].trim();
        if field.is_empty() {
            errors.push(self.error(column, Rule::Empty));
        }
        field.to_owned()
    }

    fn id(&self, column: usize, errors: &mut Vec<GazetteerError>) -> String {
        let value = self.fields[column].to_owned();
        if value.is_empty() || !value.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
            errors.push(self.error(column, Rule::Id { value: value.clone() }));
        }
        value
    }

    fn country(&self, column: usize, errors: &mut Vec<GazetteerError>) -> String {
        let value = self.fields[column].to_owned();
        if value.len() != 2 || !value.bytes().all(|b| b.is_ascii_uppercase()) {
            errors.push(self.error(column, Rule::Country { value: value.clone() }));
        }
        value
    }

    /// A whole number; `None` where the field is empty or, with an error, where it is not one.
    fn whole<T: std::str::FromStr>(&self, column: usize, errors: &mut Vec<GazetteerError>) -> Option<T> {
        let value = self.fields[column];
        let number = value.parse().ok();
        if number.is_none() && !value.is_empty() {
            errors.push(self.error(column, Rule::NotANumber { value: value.to_owned(), kind: "whole number" }));
        }
        number
    }

    fn decimal(&self, column: usize, errors: &mut Vec<GazetteerError>) -> Option<f64> {
        let value = self.fields[column];
        let number = value.parse().ok();
        if number.is_none() {
            errors.push(self.error(column, Rule::NotANumber { value: value.to_owned(), kind: "decimal number" }));
        }
        number
    }

    fn position(&self, lat: usize, lon: usize, errors: &mut Vec<GazetteerError>) -> Option<Position> {
        let (y, x) = (self.decimal(lat, errors), self.decimal(lon, errors));
        Position::new(x?, y?).map_err(|rule| errors.push(self.error(lat, Rule::Position(rule)))).ok()
    }

    /// Names separated by `|`, each with its language after an `@` where it is the usual name in that language.
    fn aliases(&self, column: usize, errors: &mut Vec<GazetteerError>) -> Vec<Name> {
        let mut names = Vec::new();
        for value in self.fields[column].split('|').filter(|_| !self.fields[column].is_empty()) {
            let (text, language) = value.rsplit_once('@').map_or((value, None), |(text, code)| (text, Some(code)));
            let is_code = |code: &str| matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_lowercase());
            if text.trim() != text || text.is_empty() || !language.is_none_or(is_code) {
                errors.push(self.error(column, Rule::Alias { value: value.to_owned() }));
                continue;
            }
            let kind = if language.is_some() { NameKind::Preferred } else { NameKind::Alternate };
            names.push(Name { text: text.to_owned(), language: language.map(str::to_owned), kind });
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "1\tA\t10.5\t-3\tML\t04\t900\tÁ|Aa\tae\tAAA\n";

    fn tables(places: &str, hand: &str) -> (String, String) {
        (PLACES.columns.join("\t") + "\n" + places, HAND.columns.join("\t") + "\n" + hand)
    }

    fn read(places: &str, hand: &str) -> Result<Vec<Place>, Vec<String>> {
        let (places, hand) = tables(places, hand);
        load(&places, &hand).map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn names_keep_their_kinds() {
        let places = read(ROW, "").unwrap();
        let kinds: Vec<_> = places[0].names.iter().map(|name| (name.text.as_str(), name.kind)).collect();
        use NameKind::{Alternate, Code, Transliteration};
        assert_eq!(kinds, [("Á", Alternate), ("Aa", Alternate), ("ae", Transliteration), ("AAA", Code)]);
        assert_eq!(places[0].position, Position { lon: -3.0, lat: 10.5 });
        assert_eq!(places[0].population, 900);
    }

    #[test]
    fn hand_rows_enrich_or_add() {
        let hand = "1\tAh\t10.5\t-3\tML\t\tcamp\t500\tX\tlow\tÁ@fr\tn\n\
                    own\tB\t1\t2\tML\t\tsettlement\t\tY\thigh\t\t\n";
        let places = read(ROW, hand).unwrap();
        assert_eq!(places.len(), 2);
        let a = &places[0];
        assert_eq!((a.name.as_str(), a.level, a.accuracy_m, a.population), ("Ah", Level::Camp, Some(500), 900));
        assert_eq!((a.admin1.as_str(), a.source.as_str()), ("04", "GeoNames"));
        assert_eq!(a.name_in("fr"), "Á");
        assert_eq!(a.other_names().collect::<Vec<_>>(), ["Á", "A", "Aa"]);
        assert_eq!((places[1].id.as_str(), places[1].note.as_deref()), ("own", None));
    }

    #[test]
    fn all_violations_at_once() {
        let errors = read(
            &format!("{ROW}{ROW}x y\t\t91\t0\tml\t\tmany\t\t\t\nshort\n"),
            "1\tA\t11\t-3\tNE\t\ttown\t-1\t\tsure\tA@x||\t\n1\tA\t11\t-3\tNE\t\tcamp\t\tS\tlow\t\t\n",
        )
        .unwrap_err();
        assert_eq!(
            errors,
            [
                "places.tsv:5: row: 1 fields, expected 10",
                "places.tsv:3: geonameid: \"1\" stands in line 2 already",
                "places.tsv:4: geonameid: \"x y\" is neither a GeoNames id (digits) nor a lower-case word of ours (a-z, 0-9, -)",
                "places.tsv:4: name: is empty",
                "places.tsv:4: lat: latitude 91 is outside -90..=90",
                "places.tsv:4: country: \"ml\" is not a two-letter country code in capitals",
                "places.tsv:4: population: \"many\" is not a whole number",
                "hand.tsv:2: level: \"town\" is none of settlement, camp, region, country, other",
                "hand.tsv:2: accuracy_m: \"-1\" is not a whole number",
                "hand.tsv:2: source: is empty",
                "hand.tsv:2: confidence: \"sure\" is none of high, medium, low",
                "hand.tsv:2: aliases: \"A@x\" is not a name, or a name and a language such as Tombouctou@fr",
                "hand.tsv:2: aliases: \"\" is not a name, or a name and a language such as Tombouctou@fr",
                "hand.tsv:2: aliases: \"\" is not a name, or a name and a language such as Tombouctou@fr",
                "hand.tsv:3: lat: 55598 m from the position in places.tsv, at most 1000 m are allowed",
                "hand.tsv:3: country: \"NE\" is not the country in places.tsv, \"ML\"",
            ]
        );
    }

    #[test]
    fn a_header_must_be_as_written() {
        let errors = load("geonameid\n", "").unwrap_err();
        assert_eq!(errors.len(), 2);
        assert!(errors[0].to_string().starts_with("places.tsv:1: row: the header is \"geonameid\", expected"));
    }

    #[test]
    fn a_place_corrected_twice_is_a_duplicate() {
        let hand = "1\tA\t10.5\t-3\tML\t\tcamp\t\tS\tlow\t\t\n".repeat(2);
        assert_eq!(read(ROW, &hand).unwrap_err(), ["hand.tsv:3: id: \"1\" stands in line 2 already"]);
    }
}
