//! What the service is and knows.

use serde_json::{Value, json};

use crate::api::{App, extract::Ask};

/// Types: the levels of places.
pub(super) const TYPES: [(&str, &str); 5] =
    [("settlement", "Settlement"), ("camp", "Camp or base"), ("region", "Region"), ("country", "Country"), ("other", "Other feature")];

/// A property of a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) help: &'static str,
}

const fn property(id: &'static str, name: &'static str, help: &'static str) -> Property {
    Property { id, name, help }
}

/// The property that queries may have and places have not.
pub(super) const NEAR: &str = "near";

/// Properties: what a query may narrow by, and what can be fetched.
pub(super) const PROPERTIES: [Property; 11] = [
    property("country", "Country code", "ISO 3166-1 alpha-2 code; a query may also give the country's name"),
    property("region", "Region", "Name of the first-level division, where known"),
    property("admin1", "Region code", "GeoNames code of the first-level division"),
    property("level", "Level", "settlement, camp, region, country or other"),
    property("class", "Class", "The source's own word for the kind of place"),
    property("population", "Population", "People, where somebody counted them"),
    property("lon", "Longitude", "Degrees east of Greenwich (WGS 84)"),
    property("lat", "Latitude", "Degrees north of the equator (WGS 84)"),
    property("name", "Name", "The name that is shown"),
    property("other_names", "Other names", "Further names that people use"),
    property(NEAR, "Near", "A point, longitude,latitude, that the place should be near (queries only)"),
];

/// The manifest.
pub(super) fn manifest(app: &App, ask: &Ask) -> Value {
    let kinds = TYPES.map(|(id, name)| json!({ "id": id, "name": name }));
    let suggest = |what: &str| {
        json!({
            "service_url": ask.base,
            "service_path": format!("/reconcile/suggest/{what}"),
            "flyout_service_url": ask.base,
            "flyout_service_path": format!("/reconcile/flyout/{what}?id=${{id}}"),
        })
    };
    json!({
        "versions": ["0.1", "0.2"],
        "name": format!("Places of {}", app.map.title.get(crate::model::Lang::En)),
        "identifierSpace": ask.url("/places/"),
        "schemaSpace": ask.url("/reconcile#types"),
        "documentation": ask.url("/api"),
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "logo": ask.url("/assets/icon.svg"),
        "view": { "url": ask.url("/places/{{id}}") },
        "defaultTypes": kinds,
        "suggest": { "entity": suggest("entity"), "type": suggest("type"), "property": suggest("property") },
        "preview": { "url": ask.url("/reconcile/preview?id={{id}}"), "width": 430, "height": 160 },
        "extend": {
            "propose_properties": { "service_url": ask.base, "service_path": "/reconcile/extend/propose" },
            "property_settings": [{
                "name": "limit", "label": "Values at the most", "type": "number", "default": 0,
                "help_text": "How many values of a property are fetched; 0 for all",
            }],
        },
        "batchSize": super::MOST_IN_BATCH,
    })
}
