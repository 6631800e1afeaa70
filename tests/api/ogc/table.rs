//! The table of abstract tests, and what became of each in this run.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::PathBuf,
    pin::Pin,
    sync::{Mutex, PoisonError},
};

use super::{
    site::{Site, awkward, embedded, world},
    *,
};

/// One abstract test.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// URI of its conformance class.
    pub(super) class: &'static str,
    /// Its identifier in the standard.
    pub(super) id: &'static str,
    /// The requirements that it covers.
    pub(super) requirements: &'static str,
}

/// Lists the tests of a conformance class: identifier, requirements, function. Each becomes a test of its own that calls the function
/// with each data set.
macro_rules! suite {
    (mod $module:ident, $class:literal, { $($id:literal covers $requirements:literal => $name:ident;)+ }) => {
        pub(super) mod $module {
            use super::super::table;
            pub(in super::super) const TESTS: &[table::Entry] =
                &[$(table::Entry { class: $class, id: $id, requirements: $requirements }),+];
            $(
                #[tokio::test]
                async fn $name() {
                    table::run($class, $id, |site| Box::pin(super::$name(site))).await;
                }
            )+
        }
    };
}
pub(super) use suite;

/// Every abstract test that is run.
pub(super) fn all() -> Vec<Entry> {
    let suites = [
        common::core::TESTS,
        common::landing_page::TESTS,
        common::collections::TESTS,
        common::collections_of_drafts::TESTS,
        core::core::TESTS,
        features::core::TESTS,
        encodings::geojson::TESTS,
        encodings::html::TESTS,
        encodings::common_html::TESTS,
        encodings::common_json::TESTS,
        encodings::common_2_html::TESTS,
        encodings::common_2_json::TESTS,
        openapi::oas30::TESTS,
        openapi::common_oas30::TESTS,
        crs::crs::TESTS,
        filtering::queryables::TESTS,
        filtering::parameters::TESTS,
        filtering::filter::TESTS,
        filtering::features_filter::TESTS,
        schemas::schemas::TESTS,
        schemas::roles::TESTS,
        schemas::returnables::TESTS,
        schemas::queryables::TESTS,
        schemas::sortables::TESTS,
        schemas::draft::TESTS,
        tiles::core::TESTS,
        tiles::tileset::TESTS,
        tiles::tilesets_list::TESTS,
        tiles::dataset_tilesets::TESTS,
        tiles::geodata_tilesets::TESTS,
        tiles::collections_selection::TESTS,
        tiles::datetime::TESTS,
        tiles::oas30::TESTS,
        tiles::mvt::TESTS,
        tms::tilematrixset::TESTS,
        tms::json_tilematrixset::TESTS,
        tms::tilematrixsetlimits::TESTS,
        tms::json_tilematrixsetlimits::TESTS,
        tms::tilesetmetadata::TESTS,
        tms::json_tilesetmetadata::TESTS,
        jsonfg::core::TESTS,
        jsonfg::types_schemas::TESTS,
        jsonfg::profiles::TESTS,
        jsonfg::api::TESTS,
        jsonfg::profile_parameter::TESTS,
        drafts::properties::TESTS,
        drafts::properties_features::TESTS,
        drafts::zoom_level::TESTS,
        drafts::zoom_level_features::TESTS,
        drafts::sorting::TESTS,
        drafts::features_sorting::TESTS,
        drafts::text_search::TESTS,
        drafts::features_text_search::TESTS,
    ];
    let cql2 = crate::cql2::TESTS.iter().map(|(id, requirements)| Entry { class: cql2_class(id), id, requirements });
    suites.concat().into_iter().chain(cql2).collect()
}

/// The class of one of CQL2's tests, which have a table of their own.
fn cql2_class(id: &str) -> &'static str {
    static CLASSES: Mutex<BTreeMap<String, &'static str>> = Mutex::new(BTreeMap::new());
    let name = id.split('/').nth(2).unwrap_or_default();
    let mut classes = CLASSES.lock().unwrap_or_else(PoisonError::into_inner);
    classes.entry(name.to_owned()).or_insert_with(|| format!("http://www.opengis.net/spec/cql2/1.0/conf/{name}").leak())
}

/// Notes the outcome of one of CQL2's tests when it ends.
pub(crate) fn note_cql2(id: &'static str) -> Note {
    Note(cql2_class(id), id)
}

type Outcomes = BTreeMap<(&'static str, &'static str), bool>;
static OUTCOMES: Mutex<Outcomes> = Mutex::new(BTreeMap::new());

/// Notes the outcome when a test ends, whichever way.
pub(crate) struct Note(&'static str, &'static str);

impl Drop for Note {
    fn drop(&mut self) {
        let passed = !std::thread::panicking();
        let mut outcomes = OUTCOMES.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.insert((self.0, self.1), passed);
        let all = all();
        if outcomes.len() == all.len() {
            let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("abstract-tests.md");
            // Without the table the run is still a run.
            let _ = std::fs::write(path, table(&all, &outcomes));
        }
    }
}

/// The table, in Markdown: one section for each class.
fn table(all: &[Entry], outcomes: &Outcomes) -> String {
    let mut text =
        String::from("# Abstract tests, as run on the embedded data set, the awkward one, and most on the places of the world\n");
    let mut class = "";
    for entry in all {
        if entry.class != class {
            class = entry.class;
            write!(text, "\n## {class}\n\n| abstract test | requirements | |\n| --- | --- | --- |\n").unwrap();
        }
        let outcome = if outcomes[&(entry.class, entry.id)] { "passed" } else { "**failed**" };
        writeln!(text, "| `{}` | {} | {outcome} |", entry.id, entry.requirements).unwrap();
    }
    text
}

type Running = Pin<Box<dyn Future<Output = ()>>>;

/// Abstract tests that are not asked of the places of the world: those that hold the list of collections against the site's, and those that
/// walk every feature, which takes minutes with as many.
const NOT_OF_THE_WORLD: [&str; 39] = [
    "/conf/collections/collections-list-collections",
    "/conf/collections/collections-list-success",
    "/conf/collections/description-extent",
    "/conf/collections/description-success",
    "/conf/collections/rc-md-collection-content",
    "/conf/collections/rc-md-extent",
    "/conf/collections/rc-md-items",
    "/conf/collections/rc-md-success",
    "/conf/collections/rc-op-subset",
    "/conf/collections/rc-subset-response",
    "/conf/collections/src-md-success",
    "/conf/core/fc-bbox-response",
    "/conf/core/fc-limit-response",
    "/conf/core/fc-md-extent",
    "/conf/core/fc-md-items",
    "/conf/core/fc-md-items-links",
    "/conf/core/fc-md-success",
    "/conf/core/fc-numberMatched",
    "/conf/core/query-param-value-integer",
    "/conf/core/sfc-md-success",
    "/conf/core/tc-error",
    "/conf/core/tc-op",
    "/conf/core/tc-success",
    "/conf/crs/bbox-crs-parameter",
    "/conf/features-sorting/sortby-param",
    "/conf/filter/filter-crs-wgs84",
    "/conf/filter/logical",
    "/conf/geodata-tilesets/desc-links",
    "/conf/geojson/content",
    "/conf/html/content",
    "/conf/html/definition",
    "/conf/json-tilematrixsetlimits/model",
    "/conf/json-tilesetmetadata/model",
    "/conf/oas30/oas-impl",
    "/conf/queryables-query-parameters/parameters",
    "/conf/sorting/sortby-response",
    "/conf/tilematrixsetlimits/model",
    "/conf/tilesetmetadata/identifier",
    "/conf/tilesetmetadata/model",
];
/// Those of JSON-FG are about what single features are made of, and want features of many kinds.
const OF_KINDS: &str = "json-fg";

/// Runs a test with each data set.
pub(super) async fn run(class: &'static str, id: &'static str, test: fn(&'static Site) -> Running) {
    let _note = Note(class, id);
    for site in [embedded(), awkward()] {
        test(site).await;
    }
    if !NOT_OF_THE_WORLD.contains(&id) && !class.contains(OF_KINDS) {
        test(world()).await;
    }
}

#[test]
fn identifiers_are_unique_and_name_their_class() {
    let mut seen = std::collections::BTreeSet::new();
    let is_test = |id: &&str| all().iter().any(|entry| entry.id == *id);
    assert!(NOT_OF_THE_WORLD.iter().all(is_test));
    for entry in all() {
        assert!(seen.insert((entry.class, entry.id)), "{entry:?} stands twice");
        assert!(entry.class.contains("/conf/") && entry.id.starts_with("/conf/"), "{entry:?}");
        assert!(entry.requirements.starts_with("/req/") || ["n/a", "all requirements"].contains(&entry.requirements), "{entry:?}");
    }
}

#[tokio::test]
async fn every_declared_class_is_covered_and_every_covered_one_declared() {
    let declared = embedded().json("/conformance").await;
    let declared = declared["conformsTo"].as_array().unwrap().iter().map(|class| class.as_str().unwrap()).collect::<Vec<_>>();
    for class in &declared {
        assert!(all().iter().any(|entry| entry.class == *class), "{class} is declared, and no test covers it");
    }
    for entry in all() {
        assert!(declared.contains(&entry.class), "{} is tested, and not declared", entry.class);
    }
    let (mut sorted, count) = (declared.clone(), declared.len());
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), count, "no class stands twice");
}
