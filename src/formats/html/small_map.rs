//! A small map of the features that a page speaks of: `web/js/smallmap.js` draws it. Without JavaScript it is not there: all that it
//! shows stands on the page in words.

use maud::{Markup, html};

use super::Frame;
use crate::{
    formats::segment,
    model::{Collection, Lang, Schema},
    query::ItemsQuery,
};

/// What a map draws.
#[derive(Debug, Default)]
pub(super) struct SmallMap<'a> {
    /// Its name to those who do not see it.
    pub(super) label: &'a str,
    /// Address of the GeoJSON that it draws.
    pub(super) features: String,
    /// Address of more GeoJSON, drawn quietly beside the first; see `fits_both`.
    pub(super) beside: Option<String>,
    /// Whether the map shows both at the start, not the first alone.
    pub(super) fits_both: bool,
    /// The property that names a feature, and another for those that have none in it.
    pub(super) names: [Option<&'a str>; 2],
    /// The address of a feature's page up to its id, and what follows the id.
    pub(super) pages: Option<(String, String)>,
}

impl SmallMap<'_> {
    /// The place of the map on the page, and what draws it.
    pub(super) fn markup(&self, frame: &Frame) -> Markup {
        let root = frame.root();
        let (before, after) = self.pages.as_ref().map_or((None, None), |(before, after)| (Some(before), Some(after)));
        html! {
            link rel="stylesheet" href={ (root) "/assets/vendor/leaflet-1.9.4/leaflet.css" };
            link rel="stylesheet" href={ (root) "/assets/css/map.css" };
            script type="module" src={ (root) "/assets/js/smallmap.js" } {}
            div .smallmap role="region" aria-label=(self.label) data-features=(self.features) data-beside=[self.beside.as_ref()] data-fit[self.fits_both]
                data-name=[self.names[0]] data-other=[self.names[1]] data-before=[before] data-after=[after] {}
        }
    }
}

/// The properties that name a feature of the collection: in a language, and in English or as found where it has no name in that.
pub(super) fn naming(collection: &Collection, lang: Lang) -> [Option<&str>; 2] {
    let named = collection.label.as_ref().map(|label| [label.get(lang), label.en.as_str()]);
    let is_there = |name: &&str| collection.schema.position(name).is_some();
    let mut names = named.into_iter().flatten().chain(["name", "title"]).filter(is_there);
    let first = names.next();
    [first, names.find(|other| Some(*other) != first)]
}

/// The address of the GeoJSON of a page of records: the same records, with nothing but a name and a shape.
pub(super) fn of_page(frame: &Frame, collection: &Collection) -> String {
    let known = ItemsQuery::parameters(collection);
    let shape = ["f", "properties", "exclude-properties", "crs", "explain", "resultType", "zoom-level"];
    let asked = frame.parameters();
    let asked = asked.iter().filter(|(name, _)| known.contains(&name.as_str()) && !shape.contains(&name.as_str()));
    let wanted = wanted(&collection.schema, naming(collection, frame.words().lang));
    let more = [("properties", wanted.as_str()), ("f", "json")];
    let query = asked.map(|(name, value)| (name.as_str(), value.as_str())).chain(more).collect::<Vec<_>>();
    super::frame::join_to(frame.root(), &["collections", &collection.id, "items"], &query)
}

/// The properties that a map reads: a shape and names.
pub(super) fn wanted(schema: &Schema, [name, other]: [Option<&str>; 2]) -> String {
    [Some(schema.geometry_name()), name, other].into_iter().flatten().collect::<Vec<_>>().join(",")
}

/// Where the page of a record of the collection is: what stands before its id, and what after it.
pub(super) fn pages(frame: &Frame, collection: &Collection) -> (String, String) {
    let view = frame.view(collection);
    let query = view.as_ref().map(|(name, value)| (name.as_str(), value.as_str())).into_iter().collect::<Vec<_>>();
    let address = frame.local(&["collections", &collection.id, "items"], &query);
    let query = address.split_once('?').map_or_else(String::new, |(_, query)| format!("?{query}"));
    (format!("{}/collections/{}/items/", frame.root(), segment(&collection.id)), query)
}
