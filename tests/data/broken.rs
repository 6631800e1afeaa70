//! Every rule broken once: all violations are reported together, each with its file, line, record and field.

use harmattan::dataset::{Dataset, File, Rule, Violation, files};

use crate::support::{small, with};

/// A sound source that speaks of the one base of [`small`].
const SOUND: &str = r#"
[source]
id = "invented"
title = "Invented"
rights = "ours"
basis = "public"

[[claim]]
id = "alpha-region"
subject = "alpha"
property = "region"
value = "Centre"
"#;

fn violations(files: &[File<'_>]) -> Vec<Violation> {
    Dataset::load(files).err().unwrap_or_default()
}

fn lines(files: &[File<'_>]) -> Vec<String> {
    violations(files).iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_data_set_breaks_none() {
    assert_eq!(lines(&small(SOUND)), [""; 0]);
}

#[test]
fn sources_claims_and_subjects() {
    let mut set = small(SOUND);
    set = with(set, "data/subjects.toml", include_str!("broken/subjects.toml"));
    for (name, text) in [
        ("seeds/syntax.toml", include_str!("broken/syntax.toml")),
        ("seeds/nobody.toml", include_str!("broken/nobody.toml")),
        ("seeds/source.toml", include_str!("broken/source.toml")),
        ("seeds/unnamed.toml", include_str!("broken/unnamed.toml")),
        ("seeds/hash.toml", include_str!("broken/hash.toml")),
        ("seeds/length.toml", include_str!("broken/length.toml")),
        ("seeds/whole.toml", include_str!("broken/whole.toml")),
        ("data/facts/page.toml", include_str!("broken/page.toml")),
        ("data/facts/again.toml", include_str!("broken/again.toml")),
    ] {
        set.push(File { name, text });
    }
    let found = lines(&set);
    let expected: Vec<&str> = include_str!("broken/expected.txt").lines().collect();
    assert_eq!(found, expected, "\n{}", found.join("\n"));
}

#[test]
fn the_page_and_its_layers() {
    let set = with(small(SOUND), "data/map.toml", include_str!("broken/map.toml"));
    assert_eq!(
        lines(&set),
        [
            "data/map.toml:1: title: unknown field `de`, expected `en` or `fr`",
            "data/map.toml:3: bbox: south 91.2 is outside -90..=90",
            "data/map.toml:4: as_of: \"2024\" is not one day",
            "data/map.toml:6: time: start, initial and end must follow each other",
        ]
    );
    let set = with(small(SOUND), "data/map.toml", include_str!("broken/layers.toml"));
    assert_eq!(
        lines(&set),
        [
            "data/map.toml:6: layers castles: collection: no collection of this id is made",
            "data/map.toml:13: layers bases: label: \"surname\" is no property of the collection",
            "data/map.toml:14: layers bases: time: \"ended\" is no property of the collection",
            "data/map.toml:15: layers bases: filters: \"colour\" is no property of the collection",
            "data/map.toml:16: layers bases: accuracy: \"radius\" is no property of the collection",
            "data/map.toml:17: layers bases: evidence: \"topic\" is no property of the collection",
            "data/map.toml:18: layers bases: sources: no collection of this id is made",
            "data/map.toml:20: views: the collection's views are all, documents",
        ]
    );
}

#[test]
fn collections_describe_what_is_made() {
    let files = files();
    let text = files.iter().find(|file| file.name == "data/collections.toml").unwrap().text;
    let (events, rest) = (text.find("[[collection]]\nid = \"events\"").unwrap(), text.find("[[collection]]\nid = \"claims\"").unwrap());
    let broken = format!("{}{}", &text[..events], &text[rest..])
        .replacen("name = \"region\"", "name = \"county\"", 1)
        .replacen("kind = \"list\"", "kind = \"text\"", 1)
        .replacen("names = [\"all\", \"documents\"]", "names = [\"all\"]", 1)
        .replacen("label = { en = \"name\", fr = \"name_fr\" }", "label = { en = \"name\", fr = \"nom\" }", 1)
        .replacen("codes = [\"none\", ", "codes = [", 1)
        .replacen("id = \"sources\"", "id = \"books\"", 1);
    let set = with(small(SOUND), "data/collections.toml", &broken);
    // Without the lines of the embedded files, which move.
    let record = |line: &String| {
        line.split_once(": ").filter(|(place, _)| !place.ends_with(".toml")).map_or(line.clone(), |(_, rest)| rest.to_owned())
    };
    assert_eq!(
        lines(&set).iter().map(record).collect::<Vec<_>>(),
        [
            "data/collections.toml: the collection \"events\" is not described",
            "data/collections.toml: the collection \"sources\" is not described",
            "collection bases: label: \"nom\" is no property of the collection",
            "collection bases: views: the collection's views are all, documents",
            "collection bases: property: the property \"region\" is not described",
            "collection bases, property other_names: kind: the property is list, not text",
            "collection bases, property county: name: \"county\" is no property of the collection",
            "collection bases, property agreement: codes: \"none\" of alpha is none of the codes of agreement",
            "collection books: id: no collection of this id is made",
            "layers bases: filters: \"region\" is no property of the collection",
            "layers bases: sources: no collection of this id is made",
            "layers events: collection: no collection of this id is made",
        ]
    );
}

#[test]
fn files_that_are_missing_unknown_or_there_twice() {
    let mut set = small(SOUND);
    set.retain(|file| file.name != "seeds/loose.toml");
    set.push(File { name: "data/other.toml", text: "" });
    set.push(File { name: "seeds/deep/er.toml", text: "" });
    set.push(*set.iter().find(|file| file.name == "data/map.toml").unwrap());
    assert_eq!(
        lines(&set),
        [
            "data/map.toml: stands twice among the files",
            "data/other.toml: no file of this name belongs to a data set",
            "seeds/deep/er.toml: no file of this name belongs to a data set",
            "seeds/loose.toml: the file is missing",
        ]
    );
    assert_eq!(lines(&[]).len(), 12, "every file that is needed, and every collection that is not described");
}

#[test]
fn positions_outside_the_earth() {
    let places = "geonameid\tname\tlat\tlon\tcountry\tadmin1\tpopulation\talternates\ttransliterations\tcodes\n\
        1\tAlpha\t91.2\t-4.25\tML\t04\t100\t\t\t\n\
        2\tBeta\t14.5\t180.5\tML\t04\t100\t\t\t\n";
    let found = violations(&with(small(SOUND), "data/gazetteer/places.tsv", places));
    let [latitude, longitude] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(latitude.to_string(), "data/gazetteer/places.tsv:2: lat: latitude 91.2 is outside -90..=90");
    assert_eq!((longitude.line, longitude.rule.to_string().as_str()), (Some(3), "longitude 180.5 is outside -180..=180"));
    assert!(found.iter().all(|violation| matches!(violation.rule, Rule::Gazetteer(_))));
}
