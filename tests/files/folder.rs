//! Folders: with a `harmattan.toml` that says what is in them, and without.

use harmattan::{
    dataset::files::{FileError, Options, watched},
    model::{Feature, Kind, Lang, Role, Value},
};

use proptest::prelude::*;

use crate::support::{Folder, load, refused};

const SITES: &str =
    "code,name,town,iso,opened,shut,beds\nw1,Well,Tombouctou,ML,2023-01-05,2023-09,12\nc2,Clinic,Nowhere,ML,2023-02,2024-03-XX,7\n";
const MORE: &str = "code,name,town,iso,opened,shut,beds\nm3,Market,Gao,Mali,2024,,\n";

const CONFIG: &str = r#"
[map]
title = { en = "Health in the north", fr = "La santé au nord" }
sentence = "Where care is given."
bbox = [-6.0, 12.0, 3.0, 20.0]
time = { start = "2023-01-01", end = "2024-12-31", initial = "2023-06-30" }
attribution = [{ text = "Survey of 2023", url = "https://example.org/survey" }]

[[collection]]
id = "care"
files = ["sites.csv", "more.csv"]
title = { en = "Places of care", fr = "Lieux de soins" }
description = "As a survey found them."
keywords = ["health", "beds"]
licence = { name = "CC BY 4.0", address = "https://creativecommons.org/licenses/by/4.0/" }
attribution = "The survey"
source = { name = "The survey's page", address = "https://example.org/survey" }
id_column = "code"
time = { start = "opened", end = "shut" }
place = { name = "town", country = "iso" }

[collection.map]
title = "Care"
label = { en = "name", fr = "town" }
list = true
timeline = true
filters = ["beds"]

[[collection.property]]
name = "beds"
title = { en = "Beds", fr = "Lits" }
description = "Counted by day."
unit = "beds"

[[collection]]
id = "codes"
file = "invented.gpkg:codes"
map = { draw = false }

[[collection]]
id = "survey"
file = "invented.gpkg:sites utm"
map = { draw = false }
"#;

fn invented() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/invented.gpkg")).unwrap()
}

fn configured(config: &str) -> Folder {
    let folder = Folder::new();
    folder.file("sites.csv", SITES);
    folder.file("more.csv", MORE);
    folder.file("invented.gpkg", invented());
    folder.file("harmattan.toml", config);
    folder
}

#[test]
fn a_folder_says_what_is_in_it() {
    let folder = configured(CONFIG);
    let (data, report) = load(&[folder.here()], true).unwrap();
    let ids = data.layers.iter().map(|layer| layer.collection.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids, ["care", "codes", "survey", "places"]);
    assert_eq!(data.layer("survey").unwrap().collection.title.en, "Sites of a survey", "as the file itself has it");

    let care = &data.layer("care").unwrap().collection;
    assert_eq!((care.title.get(Lang::En), care.title.get(Lang::Fr)), ("Places of care", "Lieux de soins"));
    assert_eq!((care.description.en.as_str(), care.keywords.join(" ").as_str()), ("As a survey found them.", "health beds"));
    assert_eq!(care.licence.as_ref().map(|licence| licence.name.as_str()), Some("CC BY 4.0"));
    assert_eq!(care.source.as_ref().and_then(|source| source.address.as_deref()), Some("https://example.org/survey"));
    assert_eq!(care.attribution.as_deref(), Some("The survey"));
    let property = |name: &str| &care.schema.properties[care.schema.position(name).unwrap()];
    assert_eq!((property("beds").title.get(Lang::Fr), property("beds").unit.as_deref()), ("Lits", Some("beds")));
    // Uncertain dates under names that do not say so, and of two files as one.
    assert_eq!((property("shut").kind, property("shut").role), (Kind::Edtf, Some(Role::PrimaryIntervalEnd)));
    assert_eq!(care.schema.position("code"), None, "the id is no property");

    let features = data.layer("care").unwrap().views[0].features().collect::<Vec<_>>();
    assert_eq!(features.iter().map(|feature| feature.id.as_str()).collect::<Vec<_>>(), ["w1", "c2", "m3"]);
    assert_eq!(features.iter().map(|feature| feature.geometry.is_some()).collect::<Vec<_>>(), [true, false, true]);
    assert!(features.iter().all(|feature| feature.time.is_some()));
    assert!(report.to_string().contains("2 of 3 place names"), "{report}");
    assert!(!report.to_string().contains("no column says where"), "{report}");

    assert_eq!(data.map.title.get(Lang::Fr), "La santé au nord");
    assert_eq!((data.map.lede.en.as_str(), data.map.bbox), ("Where care is given.", Some([-6.0, 12.0, 3.0, 20.0])));
    assert_eq!(data.map.time.map(|time| time.initial.to_string()).as_deref(), Some("2023-06-30"));
    assert_eq!(data.map.attribution[0].text, "Survey of 2023");
    assert_eq!(data.map.layers.len(), 1, "what is not to be drawn is not");
    let layer = &data.map.layers[0];
    assert_eq!((layer.title.en.as_str(), layer.label.get(Lang::Fr), layer.list, layer.timeline), ("Care", "town", true, true));
    assert_eq!(layer.filters, ["beds"]);
}

#[test]
fn the_file_may_be_named_itself_and_is_part_of_the_version() {
    let folder = configured(CONFIG);
    let by_folder = load(&[folder.here()], true).unwrap().0.version;
    assert_eq!(load(&[folder.here().join("harmattan.toml")], true).unwrap().0.version, by_folder);
    folder.file("harmattan.toml", CONFIG.replace("The survey\"", "A survey\""));
    assert_ne!(load(&[folder.here()], true).unwrap().0.version, by_folder);
}

/// The mistakes of a folder, each without the folder's own path.
fn mistakes(config: &str) -> Vec<String> {
    let folder = configured(config);
    let error = refused(&[folder.here()]);
    assert!(matches!(error, FileError::Config(_)), "{error}");
    let start = format!("{}/", folder.here().display());
    error.to_string().lines().map(|line| line.strip_prefix(&start).unwrap_or_else(|| panic!("{line}")).to_owned()).collect()
}

#[test]
fn every_mistake_is_told_at_once() {
    let config = r#"
titel = "x"
[map]
bbox = [1.0, 2.0, 3.0]
sentense = "x"
time = { start = "2024-01-01", end = "2023-01-01" }
[[collection]]
id = "My data"
file = "sites.csv"
files = ["more.csv"]
[[collection]]
id = "a"
file = "missing.csv"
[[collection]]
id = "a"
file = "harmattan.toml"
licence = { name = "x", address = "javascript:alert(1)" }
place = { country = "iso" }
time = { start = "opened" }
[[collection.property]]
titel = "Beds"
[[collection]]
id = "places"
"#;
    let expected = [
        "harmattan.toml:2: titel: no such field",
        "harmattan.toml:4: map: bbox: invalid length 3, expected an array of length 4",
        "harmattan.toml:5: map: sentense: no such field; did you mean sentence?",
        "harmattan.toml:6: map, time: start, initial and end must follow each other",
        "harmattan.toml:8: collection 1: id: \"My data\" is not an id of a collection (a-z, 0-9, - and _)",
        "harmattan.toml:9: collection 1: file: says the same as files; keep one of the two",
        "harmattan.toml:13: collection a: file: there is no file \"missing.csv\"",
        "harmattan.toml:15: collection a: id: \"a\" is taken by harmattan.toml:11",
        "harmattan.toml:16: collection a: file: \"harmattan.toml\": no format has this ending",
        "harmattan.toml:17: collection a: licence: \"javascript:alert(1)\" is not an address",
        "harmattan.toml:18: collection a, place: name: is missing",
        "harmattan.toml:19: collection a, time: end: is missing",
        "harmattan.toml:20: collection a, property 1: name: is missing",
        "harmattan.toml:21: collection a, property 1: titel: no such field; did you mean title?",
        "harmattan.toml:22: collection 4: file: is missing",
        "harmattan.toml:23: collection 4: id: \"places\" is taken by the gazetteer",
    ];
    let found = mistakes(config);
    let shown = found.join("\n");
    assert_eq!(found.len(), expected.len(), "{shown}");
    for (found, expected) in found.iter().zip(expected) {
        let found = found.replace(&found[found.find("taken by /").map_or(found.len(), |at| at + 9)..], "");
        let (start, end) = expected.split_once("harmattan.toml:11").unwrap_or((expected, ""));
        assert!(found.starts_with(start) && found.ends_with(end), "{found}\nis not\n{expected}\nin\n{shown}");
    }
    // Of what is no TOML nothing else is told.
    let broken = mistakes("[[collection]\nid = \"a\"\n");
    assert!(broken.len() == 1 && broken[0].starts_with("harmattan.toml:1: not valid TOML: "), "{broken:?}");
    let types = mistakes("[map]\ntitle = 5\n[[collection]]\nid = \"a\"\nfile = \"sites.csv\"\nlicence = \"CC0\"\nsource = 1\ntime = 5\n");
    let expected = [
        "title: invalid type: integer `5`, expected a text, or one for each language: { en = …, fr = … }",
        "licence: invalid type: string \"CC0\", expected { name = …, address = … }",
        "source: invalid type: integer `1`, expected { name = …, address = … }",
        "time: expected a table: { name = value, … }",
    ];
    assert!(types.len() == 4 && types.iter().zip(expected).all(|(found, expected)| found.ends_with(expected)), "{types:#?}");
    // A date of TOML's own is one, with quotes or without.
    let dated = configured("[map]\ntime = { start = 2023-01-01, end = \"2024-12-31\" }\n");
    assert!(load(&[dated.here()], false).is_ok());
}

#[test]
fn a_configuration_is_short_text_and_its_mistakes_are_counted_beyond_the_first() {
    assert_eq!(mistakes("[[collection]]\nid = \"care\"\nfiles = []\n"), ["harmattan.toml:3: collection care: files: is empty"]);
    let folder = Folder::new();
    for (bytes, said) in [
        (vec![0xff, 0xfe, b'['], "harmattan.toml: cannot be read: it is not UTF-8; save it as UTF-8"),
        (vec![b'#'; (1 << 20) + 1], "harmattan.toml: cannot be read: it is longer than 1 MiB"),
    ] {
        folder.file("harmattan.toml", bytes);
        let error = refused(&[folder.here()]).to_string();
        assert!(error.ends_with(said), "{error}");
    }
    folder.file("harmattan.toml", "[[collection]]\nfile = \"missing.csv\"\n".repeat(200));
    let error = refused(&[folder.here()]).to_string();
    assert_eq!((error.lines().count(), error.lines().last()), (101, Some("and 300 more")), "{error}");
}

#[test]
fn what_only_the_data_can_tell_is_told_as_well() {
    let config = CONFIG
        .replace("id_column = \"code\"", "id_column = \"iso\"")
        .replace("start = \"opened\"", "start = \"beds\"")
        .replace("name = \"town\"", "name = \"twon\"")
        .replace("name = \"beds\"", "name = \"Beds\"")
        .replace("filters = [\"beds\"]", "filters = [\"bets\"]")
        .replace("fr = \"town\"", "fr = \"nom\"")
        .replace("invented.gpkg:codes", "invented.gpkg");
    let expected = [
        "harmattan.toml:18: collection care: id_column: column \"iso\" gives no ids: it is empty or repeats itself somewhere",
        "harmattan.toml:19: collection care: time: column \"beds\" holds integer, not dates",
        "harmattan.toml:20: collection care: place: \"twon\" is not a column of the files; did you mean \"town\"?",
        "harmattan.toml:24: collection care, map: label: \"nom\" is not a column of the files",
        "harmattan.toml:27: collection care, map: filters: \"bets\" is not a column of the files; did you mean \"beds\"?",
        "harmattan.toml:30: collection care, property Beds: name: \"Beds\" is not a column of the files; did you mean \"beds\"?",
        "harmattan.toml:37: collection codes: file: \"invented.gpkg\" has several tables; write invented.gpkg:TABLE with one of invented, sites utm, codes",
    ];
    let found = mistakes(&config);
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\nis not\n{expected}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn without_a_word_every_file_is_a_collection() {
    let folder = Folder::new();
    folder.file("b.csv", "lon,lat\n1,2\n");
    folder.file("a.geojson", r#"{"type":"Point","coordinates":[1,2]}"#);
    for name in ["notes.txt", ".hidden.csv"] {
        folder.file(name, "nothing");
    }
    let ids = |folder: &Folder| {
        let (data, _) = load(&[folder.here()], true).unwrap();
        data.layers.iter().map(|layer| layer.collection.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&folder), ["a", "b", "places"]);
    // The page alone may be configured.
    folder.file("harmattan.toml", "[map]\ntitle = \"Two\"\n");
    assert_eq!(ids(&folder), ["a", "b", "places"]);
    assert_eq!(load(&[folder.here()], true).unwrap().0.map.title.en, "Two");

    let empty = Folder::new();
    let error = refused(&[empty.here()]).to_string();
    assert!(error.contains("no file in this folder has the ending of a format; read are .geojson, "), "{error}");
    empty.file("a.shp", "");
    let error = refused(&[empty.here()]).to_string();
    assert!(
        error.contains("has the ending of a format: convert it, ogr2ogr -f GPKG a.gpkg ") && error.contains("a.shp; read are"),
        "{error}"
    );
}

#[test]
fn what_a_folder_names_is_watched() {
    let folder = configured(CONFIG);
    let watched = watched(&[folder.here()], &Options::default());
    for (name, counts) in
        [("sites.csv", true), ("more.csv", true), ("invented.gpkg", true), ("harmattan.toml", true), ("new.csv", true), ("new.txt", false)]
    {
        assert_eq!(watched.counts(&folder.here().join(name)), counts, "{name}");
    }
    let one = harmattan::dataset::files::watched(&[folder.here().join("sites.csv")], &Options::default());
    assert!(one.counts(&folder.here().join("sites.csv")) && !one.counts(&folder.here().join("more.csv")));
    let outside = Folder::new();
    let config = format!("[[collection]]\nid = \"a\"\nfile = \"{}\"\n", outside.file("far.csv", "n\n1\n").display());
    folder.file("harmattan.toml", config);
    assert!(harmattan::dataset::files::watched(&[folder.here()], &Options::default()).counts(&outside.here().join("far.csv")));
}

const DECIDED: &str =
    "name,country,id,who,why\nNowhere,ML,2455290,the desk,\"a slip, the report says Kidal\"\nGao,ML,none,the desk,left out\n";

#[test]
fn what_people_decided_of_place_names_is_replayed_with_who_and_why() {
    let decided = r#"place = { name = "town", country = "iso", decisions = "decided.csv" }"#;
    let folder = configured(&CONFIG.replace(r#"place = { name = "town", country = "iso" }"#, decided));
    folder.file("decided.csv", DECIDED);
    let (data, report) = load(&[folder.here()], true).unwrap();
    let layer = data.layer("care").unwrap();
    let schema = &layer.collection.schema;
    let said = |feature: &Feature, name: &str| feature.values[schema.position(name).unwrap()].clone();
    let features = layer.views[0].features().collect::<Vec<_>>();
    let all = |name: &str| features.iter().map(|feature| said(feature, name)).collect::<Vec<_>>();
    assert_eq!(features.iter().map(|feature| feature.geometry.is_some()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(all("place_match"), ["alias".into(), "decision".into(), "decision".into()]);
    assert_eq!(all("place_name"), ["Timbuktu".into(), "Kidal".into(), Value::Null]);
    assert_eq!(all("decided_by"), [Value::Null, "the desk".into(), "the desk".into()]);
    assert_eq!(all("decided_why"), [Value::Null, "a slip, the report says Kidal".into(), "left out".into()]);
    assert!(report.to_string().contains("2 of 3 place names") && report.to_string().contains("what 2 of the place names mean"), "{report}");
    assert!(watched(&[folder.here()], &Options::default()).files.contains(&folder.here().join("decided.csv")));
    // They are part of the version, and a mistake in them is told with its line.
    folder.file("decided.csv", DECIDED.replace("the desk", "a desk"));
    assert_ne!(load(&[folder.here()], true).unwrap().0.version, data.version);
    folder.file("decided.csv", DECIDED.replace("2455290", "0"));
    let error = refused(&[folder.here()]).to_string();
    assert!(error.ends_with(r#"decided.csv: line 2: id: "0" is no place of the gazetteer, nor `none`"#), "{error}");
    std::fs::remove_file(folder.here().join("decided.csv")).unwrap();
    let error = refused(&[folder.here()]).to_string();
    assert!(error.contains(r#"harmattan.toml:20: collection care, place: decisions: there is no file "decided.csv""#), "{error}");
}

#[test]
fn the_example_of_the_readme_is_read_whole() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    let folder = Folder::new();
    folder.file("harmattan.toml", rest.split_once("```").unwrap().0);
    for (name, row) in
        [("clinics.csv", "a,Well,Puits,water,Tombouctou,ML,2023,2024,1"), ("more.csv", "b,Clinic,Clinique,care,Gao,ML,2023,2024,2")]
    {
        folder.file(name, format!("code,name,nom,kind,town,iso,opened,shut,beds\n{row}\n"));
    }
    folder.file("decided.csv", DECIDED);
    let (data, _) = load(&[folder.here()], true).unwrap();
    assert_eq!((data.layers[0].collection.id.as_str(), data.layers[0].views[0].len()), ("care", 2));
    // As many reference systems as the program says that it knows.
    let unknown = "EPSG:1".parse::<harmattan::model::Crs>().unwrap_err().to_string();
    let count = unknown.split(' ').find_map(|word| word.parse::<usize>().ok()).unwrap();
    assert!(readme.contains(&format!("{},{:03} systems of EPSG", count / 1000, count % 1000)), "{unknown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_makes_the_reading_of_a_folder_panic(
        from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), between in "[ -~\\n]{0,12}", text in "\\PC{0,60}",
    ) {
        // The example with a stretch of it replaced, and anything at all.
        let (mut from, mut to) = (from.index(CONFIG.len()), to.index(CONFIG.len()));
        if from > to {
            std::mem::swap(&mut from, &mut to);
        }
        while !CONFIG.is_char_boundary(from) {
            from -= 1;
        }
        while !CONFIG.is_char_boundary(to) {
            to += 1;
        }
        let folder = Folder::new();
        for text in [[&CONFIG[..from], &between, &CONFIG[to..]].concat(), text] {
            folder.file("harmattan.toml", text);
            watched(&[folder.here()], &Options::default());
        }
    }
}
