//! Reading features by name, and a small data set of our own invention.

use std::sync::OnceLock;

use harmattan::{
    dataset::{Dataset, File, files},
    model::{Collection, Feature, Value},
};

/// The two views of bases, closures and claims.
pub(crate) const ALL: usize = 0;
/// The five documents alone.
pub(crate) const DOCUMENTS: usize = 1;

/// The embedded data set, read once.
pub(crate) fn dataset() -> &'static Dataset {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    DATASET.get_or_init(|| {
        Dataset::embedded().unwrap_or_else(|violations| {
            panic!("{}", violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        })
    })
}

/// A feature whose values are asked for by name.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) feature: &'a Feature,
    collection: &'a Collection,
}

impl<'a> Row<'a> {
    pub(crate) fn value(&self, name: &str) -> &'a Value {
        let position = self.collection.schema.position(name);
        &self.feature.values[position.unwrap_or_else(|| panic!("{} has no property {name}", self.collection.id))]
    }

    /// The value as text; `-` where there is none.
    pub(crate) fn text(&self, name: &str) -> String {
        match self.value(name) {
            Value::Null => "-".to_owned(),
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Boolean(value) => value.to_string(),
            Value::Date(day) => day.to_string(),
            Value::List(list) => list.join(" "),
            Value::Json(json) => json.to_string(),
            Value::Timestamp(instant) => instant.to_string(),
        }
    }

    pub(crate) fn id(&self) -> &'a str {
        &self.feature.id
    }
}

/// Every feature of a view.
pub(crate) fn rows<'a>(dataset: &'a Dataset, collection: &str, view: usize) -> Vec<Row<'a>> {
    let layer = dataset.layer(collection).unwrap_or_else(|| panic!("no collection {collection}"));
    // The test's own copies, for as long as it runs.
    layer.views[view].features().map(|feature| Row { feature: Box::leak(Box::new(feature)), collection: &layer.collection }).collect()
}

/// One feature of a view of the embedded data set.
pub(crate) fn row(collection: &str, view: usize, id: &str) -> Row<'static> {
    find(collection, view, id).unwrap_or_else(|| panic!("{collection} has no {id}"))
}

/// One feature of a view of the embedded data set, where it has it.
pub(crate) fn find(collection: &str, view: usize, id: &str) -> Option<Row<'static>> {
    rows(dataset(), collection, view).into_iter().find(|row| row.id() == id)
}

/// The claims of the embedded data set for which the named properties have these values.
pub(crate) fn claims(having: &[(&str, &str)]) -> Vec<Row<'static>> {
    let mut rows = rows(dataset(), "claims", ALL);
    rows.retain(|row| having.iter().all(|(name, value)| row.text(name) == *value));
    rows
}

const SUBJECTS: &str = r#"
country = "ML"

[[subject]]
id = "alpha"
kind = "base"
name = "Alpha"
name_fr = "Alpha"
place = "Alpha"
accuracy_m = 5000
"#;

const PLACES: &str = "geonameid\tname\tlat\tlon\tcountry\tadmin1\tpopulation\talternates\ttransliterations\tcodes\n\
    1\tAlpha\t14.5\t-4.25\tML\t04\t100\tAlfa\t\t\n\
    2\tTwin\t15.0\t-4.0\tML\t04\t0\t\t\t\n\
    3\tTwin\t16.0\t-4.0\tML\t04\t0\t\t\t\n\
    5\tNowhere\t16.0\t-4.0\tML\t99\t0\t\t\t\n";

const HAND: &str = "id\tname\tlat\tlon\tcountry\tadmin1\tlevel\taccuracy_m\tsource\tconfidence\taliases\tnote\n\
    4\tCentre\t14.5\t-4.25\tML\t04\tregion\t100000\tinvented\tlow\t\t\n";

/// Replaces one file of a data set.
pub(crate) fn with<'a>(mut files: Vec<File<'a>>, name: &'a str, text: &'a str) -> Vec<File<'a>> {
    files.retain(|file| file.name != name);
    files.push(File { name, text });
    files
}

/// A data set of one invented source and one invented base; descriptions and page are those of the embedded one.
pub(crate) fn small(source: &str) -> Vec<File<'_>> {
    let shared = ["seeds/loose.toml", "data/collections.toml", "data/map.toml"];
    let mut set: Vec<File<'_>> = files().into_iter().filter(|file| shared.contains(&file.name)).collect();
    for (name, text) in [
        ("seeds/invented.toml", source),
        ("data/subjects.toml", SUBJECTS),
        ("data/gazetteer/places.tsv", PLACES),
        ("data/gazetteer/hand.tsv", HAND),
    ] {
        set.push(File { name, text });
    }
    set
}
