use std::{env, fs, path::PathBuf};

use bytes::Bytes;

use super::*;
use crate::{
    gazetteer::{Atlas, Wish, pack::NameUse},
    model::Level,
};

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("harmattan-import-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Builds, and reads what was built.
    fn build(&self, inputs: &[PathBuf]) -> (Atlas, Faults) {
        self.build_with(inputs, Vec::new())
    }

    fn build_with(&self, inputs: &[PathBuf], areas: Vec<Area>) -> (Atlas, Faults) {
        let out = self.0.join("out.gazetteer");
        let built = build(inputs, areas, &out, &mut |_| {}).unwrap();
        let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
        assert!(!names.iter().any(|name| name.contains(".part")), "nothing half-built is left: {names:?}");
        (Atlas::open(Bytes::from(fs::read(out).unwrap())).unwrap(), built.faults)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn row(id: &str, name: &str, names: &str, at: [&str; 2], class: [&str; 2], population: &str) -> String {
    [id, name, name, names, at[0], at[1], class[0], class[1], "ML", "", "09", "", "", "", population, "", "", "Africa/Bamako", "2020-01-01"]
        .join("\t")
}

fn rules(faults: &Faults) -> Vec<String> {
    faults.first.iter().map(|fault| fault.to_string().rsplit_once('/').unwrap().1.to_owned()).collect()
}

#[test]
fn geonames_files_are_joined() {
    let folder = Folder::new("geonames");
    let rows = [
        row("1", "Gao", "GAQ,Gawgaw,gaw gaw", ["16.27", "-0.04"], ["P", "PPLA"], "86353"),
        row("2", "Région de Gao", "", ["17", "0"], ["A", "ADM1"], ""),
        row("3", "Camp", "", ["16.3", "-0.05"], ["S", "MILB"], "0"),
        row("4", "Niger", "", ["15", "0"], ["H", "STM"], "0"),
        row("x", "Bad", "", ["16.3", "-0.05"], ["P", "PPL"], "0"),
        row("5", "Bad", "", ["91", "-0.05"], ["P", "PPL"], "0"),
        row("6", " ", "", ["9", "-0.05"], ["P", "PPL"], "0"),
        row("7", "Bad", "", ["9", "-0.05"], ["P", "PPL"], "many"),
        "8\tshort".to_owned(),
    ];
    let places = folder.file("ML.txt", rows.join("\n") + "\n");
    let alternates =
        "1\t1\tfr\tGâo\t1\t\t\t\t\t\n2\t1\tlink\thttps://example.org\t\t\t\t\t\t\n3\t1\tar\tغاو\t\t\t\t\t\t\nbad\n4\tx\tfr\tA\t\t\n";
    let alternates = folder.file("alternateNamesV2.txt", alternates);
    let admin1 = folder.file("admin1CodesASCII.txt", "ML.09\tGao Region\tGao Region\t2457161\n");
    let (atlas, faults) = folder.build(&[places, alternates, admin1]);
    assert_eq!(atlas.len(), 4);
    let gao = atlas.get("1").unwrap();
    assert_eq!((gao.region(), gao.class(), gao.population()), (Some("Gao Region"), "P.PPLA", 86_353));
    let arabic = &atlas.search("غاو", &Wish { lang: Some("ar"), ..Wish::default() }, 1)[0];
    assert_eq!((arabic.spot.id().as_ref(), arabic.language), ("1", Some("ar")));
    assert!(!atlas.search("GAQ", &Wish::default(), 1)[0].kind.is_real());
    let levels = ["2", "3", "4"].map(|id| atlas.get(id).unwrap().level());
    assert_eq!(levels, [Level::Region, Level::Camp, Level::Other]);
    assert_eq!(atlas.search("region de gao", &Wish { class: Some("A"), ..Wish::default() }, 1)[0].spot.id(), "2");
    assert_eq!(
        rules(&faults),
        [
            "alternateNamesV2.txt:4: 1 columns, at least 5 are needed",
            "alternateNamesV2.txt:5: geonameid: \"x\" is not a whole number",
            "ML.txt:5: geonameid: \"x\" is not a whole number",
            "ML.txt:6: latitude 91 is outside -90..=90",
            "ML.txt:7: name: is empty",
            "ML.txt:8: population: \"many\" is not a whole number",
            "ML.txt:9: 2 columns, 19 are needed",
        ]
    );
}

#[test]
fn names_have_times_and_places_lie_in_others() {
    let folder = Folder::new("hierarchy");
    let rows = [
        row("1", "Mali", "", ["17", "-4"], ["A", "PCLI"], "20000000"),
        row("2", "Gao Region", "", ["17", "0"], ["A", "ADM1"], "500000"),
        row("3", "Cercle de Gao", "", ["16.5", "0"], ["A", "ADM2"], "100000"),
        row("4", "Gao", "", ["16.27", "-0.04"], ["P", "PPLA"], "86353"),
        row("5", "Ansongo", "", ["15.66", "0.5"], ["P", "PPL"], "5000"),
    ];
    let names = [
        "1\t4\tfr\tKawkaw\t\t\t\t1\t890\t1591-03-13",
        "2\t4\tsw\tGawo\t1\t\t\t1\t\t19xx",
        "3\t4\ten\tGG\t\t1\t\t\t\t",
        "4\t5\t\tAsongo\t\t\t1\t\t300 BC\t",
    ];
    let hierarchy = "1\t2\tADM\n3\t4\t\n2\t3\tADM\n5\t5\t\n4\tx\n9\t4\t\n1\t3\t\n";
    let inputs = [
        folder.file("ML.txt", rows.join("\n")),
        folder.file("alternateNamesV2.txt", names.join("\n")),
        folder.file("hierarchy.txt", hierarchy),
    ];
    let square = vec![[-1.0, 16.0], [1.0, 16.0], [1.0, 17.0], [-1.0, 17.0], [-1.0, 16.0]];
    let (atlas, faults) =
        folder.build_with(&inputs, vec![Area { id: "g".into(), name: "Gao".into(), rings: vec![square], ..Area::default() }]);
    assert_eq!(rules(&faults), ["hierarchy.txt:5: no two ids, of a place and of one in it"]);
    let within = |id: &str| atlas.get(id).unwrap().ancestors().map(|spot| spot.id().into_owned()).collect::<Vec<_>>();
    assert_eq!(within("4"), ["3", "2", "1"], "the hierarchy");
    assert_eq!(within("5"), ["2", "1"], "the code of its region");
    assert!(within("1").is_empty());
    let names = |id: &str| atlas.get(id).unwrap().names().map(|name| (name.text, name.years, name.usage)).collect::<Vec<_>>();
    let name = |text: &str, years, usage| (text.to_owned(), years, usage);
    assert_eq!(
        names("4")[1..],
        [name("GG", None, NameUse::Short), name("Gawo", None, NameUse::Historic), name("Kawkaw", Some((890, 1591)), NameUse::Historic)]
    );
    assert_eq!(names("5")[1], name("Asongo", Some((-300, i16::MAX)), NameUse::Colloquial));
    let in_year = |year| atlas.search("Kawkaw", &Wish { year: Some(year), ..Wish::default() }, 1)[0].clone();
    assert_eq!(in_year(1500).score, 0.95);
    assert_eq!((in_year(2020).score < 0.72, in_year(2020).reason.ends_with("called so 890 to 1591, not in 2020")), (true, true));
    let regions = |lon, lat| atlas.regions_at(crate::model::Position { lon, lat }).iter().map(|area| area.name).collect::<Vec<_>>();
    assert_eq!((regions(0.0, 16.5), regions(0.0, 18.0)), (vec!["Gao"], vec![]));
}

#[test]
fn tables_and_linked_places_are_read() {
    let folder = Folder::new("table");
    let table = "id;name;lon;lat;country;region;aliases;from;to\na;Gao;-0.04;16.27;ML;Gao;Gawgaw@fr|Kawkaw;1300;1591\n;Kidal;1.4;18.4;;;;;\nb;Bad;x;1;;;;;\nc;Bad;1;1;Mali;;;;\nd;short\n";
    let table = folder.file("own.csv", table);
    let linked = serde_json::json!({ "type": "FeatureCollection", "@context": "x", "features": [
        { "@id": "https://example.org/p/1", "type": "Feature", "properties": { "title": "Timbuktu", "ccodes": ["ML"], "fclasses": ["P"] },
          "names": [{ "toponym": "Tombouctou", "lang": "fr" }], "types": [{ "label": "town" }],
          "geometry": { "type": "GeometryCollection", "geometries": [{ "type": "Point", "coordinates": [-3.0, 16.77] }] },
          "when": { "timespans": [{ "start": { "in": "1100" }, "end": { "latest": "1591-05-30" } }] } },
        { "type": "Feature", "properties": {}, "geometry": null },
    ] });
    let linked = folder.file("places.json", linked.to_string());
    let (atlas, faults) = folder.build(&[table, linked]);
    assert_eq!(atlas.len(), 3);
    let gao = atlas.get("a").unwrap();
    assert_eq!((gao.years(), gao.region(), gao.country()), (Some((1300, 1591)), Some("Gao"), "ML"));
    assert!(atlas.get("row-3").is_some(), "a row without an id is known by its line");
    let then = atlas.search("gao", &Wish { year: Some(1400), ..Wish::default() }, 1)[0].score;
    let now = atlas.search("gao", &Wish { year: Some(2020), ..Wish::default() }, 1)[0].score;
    assert!(then > now);
    let timbuktu = atlas.get("https://example.org/p/1").unwrap();
    assert_eq!((timbuktu.years(), timbuktu.class()), (Some((1100, 1591)), "town"));
    assert_eq!(atlas.search("tombouctou", &Wish::default(), 1)[0].language, Some("fr"));
    assert_eq!(
        rules(&faults),
        [
            "own.csv:4: lon: \"x\" is not a decimal number",
            "own.csv:5: country: \"Mali\" is not a two-letter code in capitals",
            "own.csv:6: 2 columns, the header has 9",
            "places.json:2: neither a title nor a toponym",
        ]
    );
}

#[test]
fn whos_on_first_rows_are_read() {
    let folder = Folder::new("bulk");
    let good = "421\tGao\tlocality\t16.27\t-0.04\tML\t\t\t86353\t1\tx\t{\"fra_x_preferred\":[\"Gao\"],\"ara_x_preferred\":[\"غاو\"],\"eng_x_variant\":[\"GAQ\",\"Gawgaw\"]}";
    let bad = "422\tGao\tlocality\t16.27\t-0.04\tML\t\t\t\t1\tx\t{\"fra_x_preferred\":";
    let (atlas, faults) = folder.build(&[folder.file("bulk.tsv", format!("{good}\n{bad}\n"))]);
    assert_eq!(atlas.len(), 1);
    assert_eq!(atlas.search("غاو", &Wish::default(), 1)[0].language, Some("ar"));
    assert!(rules(&faults)[0].starts_with("bulk.tsv:2: names: EOF"), "{faults}");
}

#[test]
fn what_fails_leaves_everything_as_it_was() {
    let folder = Folder::new("fails");
    let out = folder.file("out.gazetteer", "as it was");
    let twice = folder.file("own.csv", "id,name,lon,lat\n1,A,0,0\n1,B,0,0\n");
    let torn = folder.file("torn.json", "{\"features\":[{\"type\"");
    let strange = folder.file("strange.txt", "what\n");
    let headless = folder.file("headless.csv", "id,title\n");
    for (input, message) in [
        (twice, "two places have the id \"1\""),
        (torn, "EOF while parsing"),
        (strange, "neither GeoNames"),
        (folder.file("empty.csv", ""), "the header names no column name; it has none: it is empty"),
        (headless, "the header names no column lon"),
        (folder.0.join("missing.csv"), "No such file"),
    ] {
        let error = build(&[input], Vec::new(), &out, &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
        assert_eq!(fs::read_to_string(&out).unwrap(), "as it was");
    }
    assert!(fs::read_dir(&folder.0).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().contains(".part")));
}
