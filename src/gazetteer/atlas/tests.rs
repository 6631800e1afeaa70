use super::*;
use crate::{
    gazetteer::{
        Method,
        pack::{Builder, Entry, EntryName, NameCode},
    },
    model::{Bbox, Level, Position},
};

/// A packed gazetteer of these entries.
pub(super) fn packed(entries: Vec<Entry>) -> Atlas {
    let mut builder = Builder::new();
    entries.into_iter().for_each(|entry| builder.push(entry).unwrap());
    let mut bytes = Vec::new();
    let packed = builder.finish("a test", &mut bytes).unwrap();
    assert_eq!(packed.bytes, bytes.len());
    Atlas::open(Bytes::from(bytes)).unwrap()
}

pub(super) fn entry(id: usize, name: &str, country: &str, population: u64) -> Entry {
    Entry { id: id.to_string(), name: name.to_owned(), country: country.to_owned(), population, ..Entry::default() }
}

pub(super) fn alternate(text: &str) -> EntryName {
    EntryName::new(text, NameCode::Alternate)
}

pub(super) const MALI: Wish<'_> = Wish { country: Some("ML"), bbox: None, near: None, level: None, class: None, lang: None, year: None };

fn first(text: &str, wish: &Wish<'_>) -> (String, String, Method) {
    let hits = shared().search(text, wish, 5);
    let hit = hits.first().unwrap_or_else(|| panic!("{text} is found"));
    (hit.spot.name(), hit.spot.country().to_owned(), hit.method)
}

fn found(text: &str, wish: &Wish<'_>) -> String {
    let (name, country, method) = first(text, wish);
    format!("{name} {country} {}", method.as_str())
}

#[test]
fn who_types_the_beginning_of_a_capital_means_it() {
    let first = |text: &str| shared().suggest(text, &Wish::default(), 1).into_iter().map(|hit| hit.spot.name()).collect::<String>();
    for (typed, name) in
        [("nairo", "Nairobi"), ("lon", "London"), ("bamak", "Bamako"), ("bama", "Bama"), ("Gao", "Gao"), ("tombou", "Timbuktu")]
    {
        assert_eq!(first(typed), name, "{typed}");
    }
}

#[test]
fn a_file_of_another_layout_says_what_to_do() {
    let open = |bytes: &[u8]| Atlas::open(bytes::Bytes::copy_from_slice(bytes)).map(|_| ()).unwrap_err().to_string();
    let mut old = MAGIC.to_vec();
    *old.last_mut().unwrap() = 2;
    old.resize(4_000, 0);
    assert!(open(&old).contains("layout 2, and this program reads layout 4 alone: pack its sources anew"), "{}", open(&old));
    for other in [b"".as_slice(), b"PK\x03\x04", &MAGIC[..7], &MAGIC, b"id,name,lon,lat\n1,Gao,0,16\n"] {
        assert!(open(other).contains("no packed gazetteer"), "{other:?}");
    }
}

#[test]
fn the_world_is_embedded_whole() {
    let atlas = shared();
    assert!((234_908..235_300).contains(&atlas.len()), "{}", atlas.len());
    assert!(atlas.size() < 35_000_000, "{} bytes are more than the program may carry", atlas.size());
    assert!(atlas.about().contains("CC BY 4.0"));
    Atlas::open(Bytes::from_static(&[])).unwrap_err();
    let whole = Atlas::open(atlas.bytes.clone()).unwrap();
    assert_eq!(whole.len(), atlas.len());
}

#[test]
fn places_are_read_as_they_were_packed() {
    let gao = shared().get("2457163").unwrap();
    assert_eq!((gao.name().as_str(), gao.country(), gao.admin1(), gao.region()), ("Gao", "ML", "09", Some("Gao")));
    assert_eq!(gao.position(), Position { lon: -0.04472, lat: 16.27167 });
    assert_eq!((gao.level(), gao.source(), gao.class(), gao.years()), (Level::Settlement, "GeoNames", "", None));
    let names = gao.names().map(|name| name.text).collect::<Vec<_>>();
    assert!(names.contains(&"جاو".to_owned()), "{names:?}");
    assert_eq!(shared().get("ml-09").unwrap().level(), Level::Region);
    assert_eq!(shared().get("ber").unwrap().id(), "ber");
    for id in ["0", "02457163", "", "nowhere"] {
        assert!(shared().get(id).is_none(), "{id:?}");
    }
}

#[test]
fn names_are_found_however_they_are_spelt() {
    for (text, expected) in [
        ("Ménaka", "Ménaka ML name"),
        ("MENAKA", "Ménaka ML folded"),
        ("Tombouctou", "Timbuktu ML alias"),
        ("Tombuoctou", "Timbuktu ML fuzzy"),
        ("Bamkao", "Bamako ML fuzzy"),
        ("Bamak", "Bamako ML prefix"),
        ("Mopti-Sévaré", "Sévaré ML alias"),
        ("sévaré mopti", "Sévaré ML folded"),
        ("bel sidi abbes", "Sidi Bel Abbes DZ words"),
        ("camp de Gao", "Gao ML folded"),
        ("Gao region", "Gao ML folded"),
        ("Timbuktu (Mali)", "Timbuktu ML name"),
        ("Gao Mali", "Gao ML folded"),
    ] {
        assert_eq!(found(text, &MALI), expected, "{text}");
    }
    for (text, expected) in [
        ("Paris", "Paris FR name"),
        ("Paris, Texas", "Paris US name"),
        ("Lodnon", "London GB fuzzy"),
        ("Москва", "Moscow RU alias"),
        ("東京", "Tokyo JP alias"),
        ("القاهرة", "Cairo EG alias"),
        ("Gao, Mali", "Gao ML name"),
        ("Springfield, Illinois", "Springfield US name"),
        ("Springfield, MO", "Springfield US name"),
        ("Los Angeles CA", "Los Angeles US folded"),
        ("Zürich, ZH", "Zürich CH name"),
        ("U.S.A.", "United States US alias"),
        ("Czech Republic", "Czechia CZ alias"),
        ("République démocratique du Congo", "Democratic Republic of the Congo CD alias"),
        ("Allemagne", "Germany DE alias"),
        ("Côte d'Ivoire", "Ivory Coast CI alias"),
        ("N'Djaména, Tchad", "N'Djamena TD folded"),
    ] {
        assert_eq!(found(text, &Wish::default()), expected, "{text}");
    }
}

#[test]
fn a_great_city_comes_before_hamlets_that_bear_another_of_its_names() {
    let anywhere = Wish::default();
    for (text, expected) in [
        ("Roma", "Rome IT alias"),
        ("Londres", "London GB alias"),
        ("Bombay", "Mumbai IN alias"),
        ("Cologne", "Köln DE alias"),
        ("Roma, Lesotho", "Roma LS name"),
        // Written with its accent it is the village; Sanaa is also called Sena.
        ("Séna", "Séna CI name"),
        // Nothing is a hundred times as large.
        ("Paris", "Paris FR name"),
        ("Georgia", "Georgia GE name"),
    ] {
        assert_eq!(found(text, &anywhere), expected, "{text}");
    }
    assert_eq!(verdict(&shared().search("Roma", &anywhere, 10), &anywhere), Verdict::Homonyms(8), "nothing is guessed");
    for (text, country, expected) in [("Roma", "LS", "Roma LS name"), ("Londres", "AR", "Londres AR name")] {
        assert_eq!(found(text, &Wish { country: Some(country), ..anywhere }), expected, "{text}");
    }
    let near = Wish { near: Some(Position { lon: 27.7, lat: -29.4 }), ..anywhere };
    assert_eq!(found("Roma", &near), "Roma LS name");
    for (people, expected) in [(99_999, ["2", "1"]), (100_000, ["1", "2"])] {
        let city = Entry { names: vec![alternate("Munich")], ..entry(1, "München", "DE", people) };
        let atlas = packed(vec![city, entry(2, "Munich", "US", 0)]);
        let ids = atlas.search("munich", &anywhere, 2).into_iter().map(|hit| hit.spot.id().into_owned()).collect::<Vec<_>>();
        assert_eq!(ids, expected, "{people}");
    }
}

#[test]
fn countries_are_known_by_their_names_in_other_languages() {
    for (name, code) in [
        ("Mali", "ML"),
        ("MLI", "ML"),
        ("Tchad", "TD"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("ألمانيا", "DE"),
        ("USA", "US"),
        ("UK", "GB"),
        ("Burma", "MM"),
        ("香港", "HK"),
    ] {
        assert_eq!(shared().country_code(name), Some(code), "{name}");
    }
    assert_eq!(shared().country_code("Gao"), None);
    let niger = shared().search("Нигер", &Wish::default(), 1);
    assert_eq!((niger[0].spot.country(), niger[0].language), ("NE", Some("ru")));
}

#[test]
fn words_around_a_name_say_its_level() {
    let level = |text: &str| shared().search(text, &MALI, 3).first().map(|hit| (hit.spot.id().into_owned(), hit.spot.level()));
    assert_eq!(level("Gao region"), Some(("ml-09".into(), Level::Region)));
    assert_eq!(level("région de Tombouctou"), Some(("ml-08".into(), Level::Region)));
    assert_eq!(level("camp de Gao"), Some(("2457163".into(), Level::Settlement)));
    assert_eq!(level("ville de Kidal"), Some(("2455290".into(), Level::Settlement)));
    let wish = Wish { level: Some(Level::Region), ..MALI };
    assert_eq!(first("Gao", &wish).0, "Gao");
    assert_eq!(shared().search("Gao", &wish, 1)[0].spot.id(), "ml-09");
}

#[test]
fn context_moves_the_ranking_and_leaves_nothing_out() {
    let country = |wish: Wish<'_>| shared().search("Gao", &wish, 10)[0].spot.country().to_owned();
    assert_eq!(country(Wish { near: Some(Position { lon: -1.5, lat: 12.0 }), ..Wish::default() }), "BF");
    assert_eq!(country(Wish { bbox: Bbox::new(-3.0, 10.0, 0.0, 13.0).ok(), ..Wish::default() }), "BF");
    assert_eq!(country(Wish { country: Some("BF"), ..Wish::default() }), "BF");
    let hits = shared().search("Paris", &MALI, 3);
    assert_eq!((hits[0].spot.country(), hits[0].score), ("FR", 0.5));
    assert_eq!(hits[0].reason, "the name as written; in FR, not in ML");
    assert_eq!(verdict(&hits, &MALI), Verdict::Weak);
}

#[test]
fn homonyms_all_come_back_and_none_is_guessed() {
    let mut entries = (0..47).map(|id| entry(id, "Madina", "ML", 0)).collect::<Vec<_>>();
    entries.extend((47..50).map(|id| entry(id, "Madina", "SN", 9_000)));
    entries.push(Entry { lon: 1.0, lat: 2.0, ..entry(50, "Madinani", "CI", 90_000) });
    let atlas = packed(entries);
    let hits = atlas.search("madina", &MALI, 100);
    assert_eq!(hits.len(), 51);
    assert_eq!(verdict(&hits, &MALI), Verdict::Homonyms(47));
    assert!(hits[..47].iter().all(|hit| hit.spot.country() == "ML"));
    assert_eq!(hits[47].spot.country(), "SN");
    let ids = hits.iter().map(|hit| hit.spot.id().into_owned()).collect::<std::collections::HashSet<_>>();
    assert_eq!(ids.len(), 51);
}

#[test]
fn what_machines_make_of_names_never_beats_a_name() {
    for text in ["BKO", "LON", "par", "tom", "sao", "ji da er", "mos"] {
        for hits in [shared().search(text, &Wish::default(), 100), shared().suggest(text, &Wish::default(), 100)] {
            let first_junk = hits.iter().position(|hit| !hit.kind.is_real()).unwrap_or(hits.len());
            assert!(hits[first_junk..].iter().all(|hit| !hit.kind.is_real()), "{text}: {hits:#?}");
        }
    }
    // Districts of Helsinki by their numbers.
    for number in ["10", "54"] {
        assert!(
            shared().search(number, &Wish::default(), 100).iter().all(|hit| hit.matched_name != number || !hit.kind.is_real()),
            "{number}"
        );
    }
    let bko = &shared().search("BKO", &MALI, 1)[0];
    assert_eq!((bko.spot.name().as_str(), bko.matched_name.as_str()), ("Bamako", "BKO"));
    assert_eq!(verdict(std::slice::from_ref(bko), &MALI), Verdict::Weak);
}

#[test]
fn suggestions_weigh_the_place() {
    let names = |text: &str, wish: &Wish<'_>| {
        let hits = shared().suggest(text, wish, 3);
        hits.iter().map(|hit| format!("{} {}", hit.spot.name(), hit.spot.country())).collect::<Vec<_>>()
    };
    assert_eq!(names("lond", &Wish::default())[0], "London GB");
    assert_eq!(names("new yo", &Wish::default())[0], "New York City US");
    assert_eq!(names("tombouc", &Wish::default())[0], "Timbuktu ML");
    assert_eq!(names("ma", &MALI).len(), 3);
    assert!(names("ma", &MALI).iter().all(|name| name.ends_with("ML")), "{:?}", names("ma", &MALI));
    assert_eq!(names("bel abb", &Wish { country: Some("DZ"), ..Wish::default() })[0], "Sidi Bel Abbes DZ");
    assert_eq!(names("bamakoo", &Wish::default())[0], "Bamako ML");
}

#[test]
fn nothing_finds_nothing() {
    for text in ["", " ", "***", "\u{0}", "qzxwvkj qzxwvkj"] {
        assert!(shared().search(text, &MALI, 10).is_empty(), "{text:?}");
        assert!(shared().suggest(text, &MALI, 10).is_empty(), "{text:?}");
    }
    assert!(shared().search("Gao", &MALI, 0).is_empty() && shared().reverse(Position { lon: 0.0, lat: 0.0 }, 0).is_empty());
    let empty = packed(Vec::new());
    assert!(empty.is_empty() && empty.search("gao", &MALI, 3).is_empty() && empty.get("1").is_none());
    assert!(empty.reverse(Position { lon: 0.0, lat: 0.0 }, 3).is_empty());
}

#[test]
fn a_damaged_file_is_refused() {
    let mut bytes = Vec::new();
    let mut builder = Builder::new();
    builder.push(entry(1, "Gao", "ML", 1)).unwrap();
    builder.finish("a test", &mut bytes).unwrap();
    assert!(Atlas::open(Bytes::from(bytes.clone())).is_ok());
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x40;
        assert!(Atlas::open(Bytes::from(damaged)).is_err(), "byte {at}");
        assert!(Atlas::open(Bytes::copy_from_slice(&bytes[..at])).is_err(), "cut at {at}");
    }
}

#[test]
fn two_places_of_one_id_are_refused() {
    for id in ["7", "seven"] {
        let mut builder = Builder::new();
        for _ in 0..2 {
            builder.push(Entry { id: id.to_owned(), ..entry(0, "Gao", "ML", 1) }).unwrap();
        }
        assert_eq!(builder.finish("", &mut Vec::new()).unwrap_err().to_string(), format!("two places have the id {id:?}"));
    }
}
