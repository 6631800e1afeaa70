//! `/collections` and `/collections/{id}` (OGC API – Features Part 1, clauses 7.13 and 7.14).

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    App,
    answer::Answer,
    conflicts,
    download::Downloads,
    extract::{Ask, Path},
    links::self_and_alternates,
    negotiate::{DOCUMENT, DOWNLOADS, FEATURES, Form},
    problem::Problem,
};
use crate::{
    dataset::files::PLACES,
    formats::{Link, html, qlr, segment},
    model::{GeometryKind, Lang, when::Instant},
    query::CRS84,
    store::Layer,
};

/// GeoJSON of the profile of JSON-FG (OGC 21-045r1).
const JSON_FG: &str = "application/geo+json; profile=jsonfg";

pub(super) async fn list(State(app): State<Arc<App>>, State(downloads): State<Downloads>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(DOCUMENT, &[])?;
    let links = self_and_alternates(&ask, &offer, DOCUMENT);
    let sizes = app.store.layers().iter().map(|layer| downloads.sizes(&app, layer)).collect::<Vec<_>>();
    let key = format!("{sizes:?}");
    let answer = Answer::new(&app, &ask, &offer, &key).links(&links);
    Ok(match offer.form {
        Form::Html => answer.send(|| html::collections(&ask.page(&app, links), app.store.layers())),
        _ => answer.send(|| {
            let layers = app.store.layers().iter().zip(&sizes);
            let collections = layers.map(|(layer, sizes)| describe(&app, layer, links_of(&app, &ask, layer, sizes))).collect::<Vec<_>>();
            let systems = app.settings.limits.systems.uris().collect::<Vec<_>>();
            json!({ "links": links, "crs": systems, "collections": collections }).to_string()
        }),
    })
}

pub(super) async fn one(
    State(app): State<Arc<App>>,
    State(downloads): State<Downloads>,
    Path(id): Path<String>,
    ask: Ask,
) -> Result<Response, Problem> {
    let layer = layer(&app, &id)?;
    let offer = ask.form(DOCUMENT, &[])?;
    let own = self_and_alternates(&ask, &offer, DOCUMENT);
    // What is said of downloads changes when one is finished.
    let sizes = downloads.sizes(&app, layer);
    let key = format!("{sizes:?}");
    let answer = Answer::new(&app, &ask, &offer, &key).links(&own);
    let links = own.into_iter().chain(links_of(&app, &ask, layer, &sizes).into_iter().skip(1)).collect();
    Ok(match offer.form {
        Form::Html => answer.send(|| html::collection(&ask.page(&app, links), layer)),
        _ => answer.send(|| describe(&app, layer, links).to_string()),
    })
}

/// The layer of a collection.
///
/// # Errors
/// 404 with the nearest id.
pub(super) fn layer<'a>(app: &'a App, id: &str) -> Result<&'a Layer, Problem> {
    app.store.layer(id).ok_or_else(|| {
        let known = app.store.layers().iter().map(|layer| layer.collection.id.as_str()).collect::<Vec<_>>().join(", ");
        let hint = format!("the collections are {known}");
        // The one collection that every service has, unless its gazetteer is too large for a table.
        let of_places =
            "the places of this gazetteer are too many for a collection: /places/search?q=, /places/suggest?q= and /places/{id} have them";
        Problem::no_such("collection", id, if id == PLACES { format!("{of_places}; {hint}") } else { hint })
    })
}

/// The links of a collection, whose downloads have these lengths, `self` first.
fn links_of(app: &App, ask: &Ask, layer: &Layer, sizes: &[Option<u64>]) -> Vec<Link> {
    let collection = &layer.collection;
    let base = ask.url(&format!("/collections/{}", segment(&collection.id)));
    let title = |what: &str| format!("{}: {what}", collection.title.get(Lang::En));
    let mut links = vec![Link::new("self", base.clone()).media("application/json").title(title("description"))];
    links.extend(FEATURES.iter().map(|offer| {
        let href = format!("{base}/items?f={}", offer.name);
        // GDAL takes the last link whose type is that of GeoJSON, letter by letter (the one below); others may take the first.
        let media = if offer.name == "jsonfg" { JSON_FG } else { offer.media };
        Link::new("items", href).media(media).title(title(&format!("features as {}", offer.title)))
    }));
    // It writes the id of a feature after the address, which must end with its path.
    links.push(Link::new("items", format!("{base}/items")).media(FEATURES[0].media).title(title("features")));
    links.extend(DOWNLOADS.iter().zip(sizes).map(|(offer, size)| {
        let href = format!("{base}/download?f={}", offer.name);
        Link::new("enclosure", href).media(offer.media).title(title(&format!("all features as {}", offer.title))).length(*size)
    }));
    let schema = Link::new("http://www.opengis.net/def/rel/ogc/1.0/schema", format!("{base}/schema"));
    links.push(schema.media("application/schema+json").title(title("schema")));
    let queryables = Link::new("http://www.opengis.net/def/rel/ogc/1.0/queryables", format!("{base}/queryables"));
    links.push(queryables.media("application/schema+json").title(title("queryables")));
    let sortables = Link::new("http://www.opengis.net/def/rel/ogc/1.0/sortables", format!("{base}/sortables"));
    links.push(sortables.media("application/schema+json").title(title("properties by which features can be sorted")));
    let feature = Link::new("describedby", format!("{base}/schema/feature"));
    links.push(feature.media("application/schema+json").title(title("schema of a feature")));
    if collection.geometry != GeometryKind::None {
        let tiles = Link::new("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", format!("{base}/tiles"));
        links.push(tiles.media("application/json").title(title("vector tiles")));
    }
    let clusters = Link::new("related", format!("{base}/clusters"));
    links.push(clusters.media(FEATURES[0].media).title(title("clusters with counts, for maps")));
    let qgis = Link::new("related", format!("{base}/layer.qlr"));
    links.push(qgis.media(qlr::MEDIA).title(title("layer definition for QGIS")));
    if conflicts::claims(app, layer).is_some() {
        links.push(Link::new("related", format!("{base}/conflicts")).media("application/json").title(title("where sources differ")));
    }
    if let Some(licence) = &collection.licence {
        links.push(Link::new("license", licence.address.clone()).media("text/html").title(licence.name.clone()));
    }
    if let Some((source, address)) = collection.source.as_ref().and_then(|source| Some((source, source.address.as_ref()?))) {
        links.push(Link::new("via", address.clone()).media("text/html").title(source.name.clone()));
    }
    links
}

/// A collection object; the same wherever it stands.
fn describe(app: &App, layer: &Layer, links: Vec<Link>) -> Value {
    let collection = &layer.collection;
    let systems = app.settings.limits.systems.uris().collect::<Vec<_>>();
    let mut object = json!({
        "id": collection.id,
        "title": collection.title.get(Lang::En),
        "description": collection.description.get(Lang::En),
        "keywords": collection.keywords,
        "itemType": "feature",
        "crs": systems,
        "storageCrs": CRS84,
        "extent": extent(layer),
        "links": links,
    });
    if let Some(attribution) = &collection.attribution {
        object["attribution"] = json!(attribution);
    }
    object
}

/// The extent of a collection: a box in degrees where anything has a place, an interval where anything has a time.
fn extent(layer: &Layer) -> Value {
    let mut extent = json!({});
    if let Some(rect) = layer.extent() {
        extent["spatial"] = json!({ "bbox": [[rect.min_x, rect.min_y, rect.max_x, rect.max_y]], "crs": CRS84 });
    }
    if let Some((from, to)) = layer.span() {
        // Where a side is open it is the first or last moment that a request can ask for, not null: OGC's executable test suite reads
        // each as a date-time and gives the collection's times up where one is none.
        let [first, last] = [-62_167_219_200_000, 253_402_300_799_999].map(Instant::from_millis);
        extent["temporal"] = json!({
            "interval": [[from.clamp(first, last).to_string(), to.clamp(first, last).to_string()]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        });
    }
    extent
}
