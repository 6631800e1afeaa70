//! What stands at the end of the file: the metadata `geo` (GeoParquet 1.1.0, “File metadata”), and what the collection is.

use std::io;

use serde_json::{Map, Value, json};

use super::{
    super::{about::about, summary::Summary},
    schema::{EDGES, Layout},
};
use crate::model::{Collection, Crs, Lang};

/// The definition of a system as PROJJSON; none where it is CRS84, which is meant where nothing is said.
///
/// # Errors
/// When nothing is known of it.
pub(super) fn system(crs: &Crs) -> io::Result<Option<Value>> {
    if crs.is_wgs84() && !crs.is_north_first() {
        return Ok(None);
    }
    let definition = crs.definition_text().and_then(|text| serde_json::from_str(&text.projjson).ok());
    let unknown = || io::Error::new(io::ErrorKind::InvalidInput, format!("the definition of {} is not known", crs.name()));
    definition.map(Some).ok_or_else(unknown)
}

/// Keys and values.
pub(super) fn pairs(collection: &Collection, layout: &Layout<'_>, system: Option<Value>, summary: &Summary) -> Vec<(&'static str, String)> {
    let mut pairs =
        vec![("title", collection.title.get(Lang::En).to_owned()), ("description", collection.description.get(Lang::En).to_owned())];
    pairs.extend(about(collection));
    if let Some(geometry) = &layout.geometry {
        pairs.push(("geo", geo(geometry, layout, system, summary).to_string()));
    }
    pairs
}

fn geo(geometry: &str, layout: &Layout<'_>, system: Option<Value>, summary: &Summary) -> Value {
    let types = summary.types().map(|(name, has_heights)| format!("{name}{}", if has_heights { " Z" } else { "" }));
    let mut column = json!({
        "encoding": "WKB",
        "geometry_types": types.collect::<Vec<_>>(),
        "covering": { "bbox": EDGES.map(|edge| (edge.to_owned(), json!([layout.boxes, edge]))).into_iter().collect::<Map<_, _>>() },
    });
    if let Some(system) = system {
        column["crs"] = system;
    }
    if let Some(rect) = summary.envelope {
        column["bbox"] = match summary.heights {
            Some((low, high)) => json!([rect.min_x, rect.min_y, low, rect.max_x, rect.max_y, high]),
            None => json!([rect.min_x, rect.min_y, rect.max_x, rect.max_y]),
        };
    }
    json!({ "version": "1.1.0", "primary_column": geometry, "columns": { geometry: column } })
}
