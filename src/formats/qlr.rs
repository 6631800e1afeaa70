//! A layer definition for QGIS (`.qlr`): one double click opens the collection as a layer through QGIS's own provider of OGC API –
//! Features, with colours, names for its columns, and its time for the temporal controller.
//!
//! The structure is that which QGIS writes and reads (`QgsLayerDefinition`, `QgsVectorLayer::readSymbology`,
//! `QgsVectorLayerTemporalProperties`, `QgsWFSDataSourceURI` in its sources, 3.22 to 4.0); whatever is left out has QGIS's default.

use std::io::{self, Write};

use super::xml::Xml;
use crate::{
    dataset::{LayerStyle, MapLayer},
    model::{Collection, GeometryKind, Kind, Lang, Property, Role},
};

/// Media type: there is no registered one; it is XML.
pub const MEDIA: &str = "application/x-qgis-layer-definition";

/// Colours of the map's marks, as red, green and blue: the Okabe–Ito palette.
const PLAIN: &str = "0,114,178";
/// Those of the states of a base.
const STATES: [(&str, &str); 5] = [
    ("open", "0,114,178"),
    ("closing_planned", "230,159,0"),
    ("uncertain", "204,121,167"),
    ("in_liquidation", "0,158,115"),
    ("closed", "213,94,0"),
];
/// That of events.
const EVENT: &str = "107,115,120";
/// The property that holds a state.
const STATE: &str = "state";

/// Writes the definition of a collection's layer, which is asked for at `address`, the landing page.
///
/// # Errors
/// What `out` says.
pub fn write(collection: &Collection, layer: Option<&MapLayer>, address: &str, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let name = collection.title.get(lang);
    // QGIS gives the layer an id of its own when it reads the definition; within the file this one joins its two parts.
    let id = format!("{}_harmattan", collection.id);
    let source = datasource(collection, address);
    let mut xml = Xml::new(out);
    xml.line_of("<!DOCTYPE qgis-layer-definition>")?;
    xml.open("qlr", &[])?;
    xml.open("layer-tree-group", &[("name", ""), ("checked", "Qt::Checked"), ("expanded", "1")])?;
    let node = [("name", name), ("id", &id), ("providerKey", "OAPIF"), ("source", &source), ("checked", "Qt::Checked"), ("expanded", "1")];
    xml.empty("layer-tree-layer", &node)?;
    xml.close("layer-tree-group")?;
    xml.open("maplayers", &[])?;
    let mut attributes = vec![("type", "vector"), ("styleCategories", "AllStyleCategories"), ("readOnly", "1")];
    match collection.geometry {
        GeometryKind::Point => attributes.extend([("geometry", "Point"), ("wkbType", "Point")]),
        GeometryKind::None => attributes.extend([("geometry", "No geometry"), ("wkbType", "NoGeometry")]),
        // Known only once QGIS has asked.
        GeometryKind::Any => {}
    }
    xml.open("maplayer", &attributes)?;
    xml.leaf("id", &[], &id)?;
    xml.leaf("datasource", &[], &source)?;
    xml.leaf("layername", &[], name)?;
    xml.leaf("shortname", &[], &collection.id)?;
    xml.leaf("abstract", &[], collection.description.get(lang))?;
    if let Some(attribution) = &collection.attribution {
        xml.leaf("attribution", &[], attribution)?;
    }
    xml.open("srs", &[])?;
    xml.open("spatialrefsys", &[])?;
    xml.leaf("authid", &[], "OGC:CRS84")?;
    xml.close("spatialrefsys")?;
    xml.close("srs")?;
    xml.leaf("provider", &[("encoding", "UTF-8")], "OAPIF")?;
    temporal(&mut xml, collection, layer)?;
    aliases(&mut xml, collection, lang)?;
    if collection.geometry == GeometryKind::Point {
        renderer(&mut xml, collection, layer)?;
    }
    if let Some(label) = collection.label.as_ref() {
        xml.leaf("previewExpression", &[], &format!("\"{}\"", label.get(lang).replace('"', "\"\"")))?;
    }
    xml.close("maplayer")?;
    xml.close("maplayers")?;
    xml.close("qlr")?;
    xml.line()
}

/// Where QGIS finds the features (`QgsDataSourceUri`): values in single quotes, page by page, of the view only.
fn datasource(collection: &Collection, address: &str) -> String {
    let quoted = |value: &str| value.replace('\\', r"\\").replace('\'', r"\'");
    format!(
        "pagingEnabled='true' restrictToRequestBBOX='1' srsname='OGC:CRS84' typename='{}' url='{}' version='OGC_API_FEATURES'",
        quoted(&collection.id),
        quoted(address)
    )
}

/// When each feature is: by the two days between which it is possible, else by its start and end or its day.
fn temporal(xml: &mut Xml<'_>, collection: &Collection, layer: Option<&MapLayer>) -> io::Result<()> {
    let schema = &collection.schema;
    let dated = |property: &&Property| matches!(property.kind, Kind::Date | Kind::Timestamp);
    let of_role = |role| schema.properties.iter().filter(dated).find(|property| property.role == Some(role));
    let named = |name: &str| schema.properties.iter().filter(dated).find(|property| property.name == name);
    let of_layer = layer.and_then(|layer| layer.time.as_ref()).and_then(|time| Some((named(&time.earliest)?, named(&time.latest)?)));
    // 1: one column; 2: a column of starts and one of ends (`TemporalMode`).
    let (mode, start, end) = match (of_role(Role::PrimaryIntervalStart), of_role(Role::PrimaryIntervalEnd), of_role(Role::PrimaryInstant)) {
        (Some(start), Some(end), _) => ("2", start, Some(end)),
        (_, _, Some(instant)) => ("1", instant, None),
        _ => match of_layer {
            Some((start, end)) if start.name != end.name => ("2", start, Some(end)),
            Some((instant, _)) => ("1", instant, None),
            None => return Ok(()),
        },
    };
    let is_day = end.is_none() && start.kind == Kind::Date;
    let end = end.map_or("", |property| property.name.as_str());
    let attributes = [
        ("enabled", "1"),
        ("mode", mode),
        ("startField", start.name.as_str()),
        ("endField", end),
        ("durationField", ""),
        ("startExpression", ""),
        ("endExpression", ""),
        // A day lasts one.
        ("durationUnit", "d"),
        ("fixedDuration", if is_day { "1" } else { "0" }),
        ("accumulate", "0"),
        // The last day counts.
        ("limitMode", "1"),
    ];
    xml.empty("temporal", &attributes)
}

/// What people call the columns.
fn aliases(xml: &mut Xml<'_>, collection: &Collection, lang: Lang) -> io::Result<()> {
    xml.open("aliases", &[])?;
    for (index, property) in collection.schema.properties.iter().enumerate() {
        xml.empty("alias", &[("field", &property.name), ("index", &index.to_string()), ("name", property.title.get(lang))])?;
    }
    xml.close("aliases")
}

/// The colours: one for each state where the map shows states, else one.
fn renderer(xml: &mut Xml<'_>, collection: &Collection, layer: Option<&MapLayer>) -> io::Result<()> {
    let style = layer.and_then(|layer| layer.style);
    let states = collection.schema.properties.iter().find(|property| property.name == STATE && !property.codes.is_empty());
    let states = states.filter(|_| style == Some(LayerStyle::State));
    let Some(property) = states else {
        let colour = if style == Some(LayerStyle::Event) { EVENT } else { PLAIN };
        xml.open("renderer-v2", &[("type", "singleSymbol"), ("symbollevels", "0"), ("forceraster", "0"), ("enableorderby", "0")])?;
        xml.open("symbols", &[])?;
        symbol(xml, "0", colour)?;
        xml.close("symbols")?;
        return xml.close("renderer-v2");
    };
    let attributes = [("type", "categorizedSymbol"), ("attr", STATE), ("symbollevels", "0"), ("forceraster", "0"), ("enableorderby", "0")];
    xml.open("renderer-v2", &attributes)?;
    xml.open("categories", &[])?;
    for (index, code) in property.codes.iter().enumerate() {
        let label = code.replace('_', " ");
        xml.empty(
            "category",
            &[("symbol", &index.to_string()), ("value", code), ("label", &label), ("type", "string"), ("render", "true")],
        )?;
    }
    xml.close("categories")?;
    xml.open("symbols", &[])?;
    for (index, code) in property.codes.iter().enumerate() {
        let colour = STATES.iter().find(|(state, _)| state == code).map_or(PLAIN, |(_, colour)| colour);
        symbol(xml, &index.to_string(), colour)?;
    }
    xml.close("symbols")?;
    xml.close("renderer-v2")
}

/// A round mark.
fn symbol(xml: &mut Xml<'_>, name: &str, colour: &str) -> io::Result<()> {
    let attributes = [("type", "marker"), ("name", name), ("alpha", "1"), ("clip_to_extent", "1"), ("force_rhr", "0")];
    xml.open("symbol", &attributes)?;
    xml.open("layer", &[("class", "SimpleMarker"), ("enabled", "1"), ("locked", "0"), ("pass", "0")])?;
    xml.open("Option", &[("type", "Map")])?;
    let options = [
        ("name", "circle"),
        ("color", &format!("{colour},255")),
        ("outline_color", "32,39,44,255"),
        ("outline_style", "solid"),
        ("outline_width", "0.2"),
        ("outline_width_unit", "MM"),
        ("size", "3"),
        ("size_unit", "MM"),
    ];
    for (name, value) in options {
        xml.empty("Option", &[("name", name), ("type", "QString"), ("value", value)])?;
    }
    xml.close("Option")?;
    xml.close("layer")?;
    xml.close("symbol")
}
