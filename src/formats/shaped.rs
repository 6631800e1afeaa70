//! GeoJSON of features in another form than the one that is kept finished: some of their properties, another geometry, or something
//! to say beside them. Written from columns and binary geometry.

use serde_json::{Map, Value};

use super::{Link, Others, geojson, write_links};
use crate::{
    model::{AxisUnit, Crs, Order},
    query::Shape,
    store::{
        Page, Row,
        feature_text::{Form, write_feature_as},
    },
};

/// The form that a request asks for, with coordinates in an order.
pub fn form(shape: &Shape, order: Order) -> Form<'_> {
    Form {
        crs: shape.crs.clone(),
        order,
        axes: axes(&shape.crs, order),
        properties: shape.fields.as_ref().map(|fields| fields.properties.as_slice()),
        has_geometry: shape.fields.as_ref().is_none_or(|fields| fields.geometry),
        tolerance: shape.zoom.map(tolerance),
    }
}

/// What the two coordinates of a system are called, in an order.
fn axes(crs: &Crs, order: Order) -> [&'static str; 2] {
    match (crs.unit(), order == Order::Authority && crs.is_north_first()) {
        (AxisUnit::Degree, false) => ["longitude", "latitude"],
        (AxisUnit::Degree, true) => ["latitude", "longitude"],
        (AxisUnit::Length { .. }, false) => ["easting", "northing"],
        (AxisUnit::Length { .. }, true) => ["northing", "easting"],
    }
}

/// Half a pixel at the equator at a level of the tiling scheme WebMercatorQuad (tiles of 256 pixels), in degrees.
fn tolerance(level: f64) -> f64 {
    360.0 / 256.0 / level.exp2() / 2.0
}

/// A page as a FeatureCollection; `others` are links that follow the first one, and `beside` are members that stand beside the features.
pub fn page(page: &Page, links: &[Link], others: &Others, form: &Form<'_>, beside: &Map<String, Value>) -> Vec<u8> {
    let mut text = Vec::new();
    geojson::write_head(&mut text, page, links, others);
    for (index, row) in page.rows().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        write_feature_as(&mut text, &row, form);
    }
    text.push(b']');
    append(&mut text, beside);
    text.extend_from_slice(b"}\n");
    text
}

/// One feature with its links.
pub fn item(row: &Row<'_>, links: &[Link], form: &Form<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    let offsets = write_feature_as(&mut text, row, form);
    text.truncate(offsets.close as usize);
    text.extend_from_slice(br#","links":"#);
    write_links(&mut text, links);
    text.extend_from_slice(b"}\n");
    text
}

fn append(text: &mut Vec<u8>, members: &Map<String, Value>) {
    for (name, value) in members {
        text.push(b',');
        text.extend_from_slice(Value::from(name.as_str()).to_string().as_bytes());
        text.push(b':');
        text.extend_from_slice(value.to_string().as_bytes());
    }
}
