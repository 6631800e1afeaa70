//! A layer definition for QGIS (`.qlr`): one double click opens the collection as a layer, with colours, labels, names for its columns,
//! terms of use, and its time for the temporal controller.
//!
//! QGIS's own provider of OGC API – Features reads what is on the map page by page. It takes the type of all features from the first
//! ones, and QGIS draws no layer of mixed types; so a collection of several types is a group of layers, one for each, which GDAL's
//! driver of the same API reads. `tests/clients/qgis.test.mjs` opens all of it in QGIS.

mod metadata;
mod symbols;

use std::io::{self, Write};

use self::symbols::{Shape, renderer};
use super::{link::segment, xml::Xml};
use crate::{
    dataset::MapLayer,
    model::{Collection, GeometryKind, Kind, Lang, Property, Role},
    store::Types,
};

/// Media type: there is no registered one; it is XML.
pub const MEDIA: &str = "application/x-qgis-layer-definition";

/// Features that GDAL's driver asks for at once; it would take ten.
const PAGE: u32 = 1000;

/// A layer of the definition.
struct Part {
    /// Joins its place in the tree and itself; QGIS gives it another when it reads the definition.
    id: String,
    name: String,
    provider: &'static str,
    source: String,
    shape: Shape,
}

/// Writes the definition of a collection's layer, whose features have geometries of some types, and which is asked for at `address`, the
/// landing page.
///
/// # Errors
/// What `out` says.
pub fn write(
    collection: &Collection,
    layer: Option<&MapLayer>,
    types: Types,
    address: &str,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let parts = parts(collection, types, address, lang);
    let mut xml = Xml::new(out);
    xml.line_of("<!DOCTYPE qgis-layer-definition>")?;
    xml.open("qlr", &[])?;
    xml.open("layer-tree-group", &[("name", ""), ("checked", "Qt::Checked"), ("expanded", "1")])?;
    let is_group = parts.len() > 1;
    if is_group {
        xml.open("layer-tree-group", &[("name", collection.title.get(lang)), ("checked", "Qt::Checked"), ("expanded", "1")])?;
    }
    for Part { id, name, provider, source, .. } in &parts {
        let node = [("name", name.as_str()), ("id", id), ("providerKey", provider), ("source", source)];
        xml.empty("layer-tree-layer", &[&node[..], &[("checked", "Qt::Checked"), ("expanded", "1")]].concat())?;
    }
    if is_group {
        xml.close("layer-tree-group")?;
    }
    xml.close("layer-tree-group")?;
    xml.open("maplayers", &[])?;
    parts.iter().try_for_each(|part| map_layer(&mut xml, collection, layer, part, lang))?;
    xml.close("maplayers")?;
    xml.close("qlr")?;
    xml.line()
}

/// The layers: one, or one for each type of geometry. Collections of geometries have no type that QGIS can draw, and are left out where
/// there are others.
fn parts(collection: &Collection, types: Types, address: &str, lang: Lang) -> Vec<Part> {
    let title = collection.title.get(lang);
    let known = [(types.points, Shape::Points), (types.lines, Shape::Lines), (types.areas, Shape::Areas)];
    let shapes = match collection.geometry {
        GeometryKind::Point => vec![Shape::Points],
        GeometryKind::None => Vec::new(),
        GeometryKind::Any => known.into_iter().filter_map(|(is_there, shape)| is_there.then_some(shape)).collect::<Vec<_>>(),
    };
    let id = format!("{}_harmattan", collection.id);
    if shapes.len() <= 1 && !(types.collections && shapes.len() == 1) {
        let shape = shapes.first().copied().unwrap_or(Shape::Nothing);
        let source = datasource(collection, address);
        return vec![Part { id, name: title.to_owned(), provider: "OAPIF", source, shape }];
    }
    let part = |shape: Shape| Part {
        id: format!("{id}_{}", shape.ogr()),
        name: format!("{title} – {}", shape.name(lang)),
        provider: "ogr",
        source: format!("OAPIF:{address}/collections/{}|geometrytype={}|option:PAGE_SIZE={PAGE}", segment(&collection.id), shape.ogr()),
        shape,
    };
    shapes.into_iter().map(part).collect()
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

fn map_layer(xml: &mut Xml<'_>, collection: &Collection, layer: Option<&MapLayer>, part: &Part, lang: Lang) -> io::Result<()> {
    let label = collection.label.as_ref().map(|label| label.get(lang));
    let labels = if label.is_some() && part.shape != Shape::Nothing { "1" } else { "0" };
    let mut attributes = vec![("type", "vector"), ("styleCategories", "AllStyleCategories"), ("readOnly", "1"), ("labelsEnabled", labels)];
    match collection.geometry {
        GeometryKind::Point => attributes.extend([("geometry", "Point"), ("wkbType", "Point")]),
        GeometryKind::None => attributes.extend([("geometry", "No geometry"), ("wkbType", "NoGeometry")]),
        // Known only once QGIS has asked.
        GeometryKind::Any => {}
    }
    xml.open("maplayer", &attributes)?;
    xml.leaf("id", &[], &part.id)?;
    xml.leaf("datasource", &[], &part.source)?;
    xml.leaf("layername", &[], &part.name)?;
    xml.leaf("shortname", &[], &collection.id)?;
    metadata::write(xml, collection, &part.name, lang)?;
    xml.open("srs", &[])?;
    xml.open("spatialrefsys", &[])?;
    // Without its number in QGIS's own table the code is not looked up, and the system is one of nothing.
    xml.leaf("srsid", &[], "3452")?;
    xml.leaf("authid", &[], "EPSG:4326")?;
    xml.close("spatialrefsys")?;
    xml.close("srs")?;
    xml.leaf("provider", &[("encoding", "UTF-8")], part.provider)?;
    temporal(xml, collection, layer)?;
    aliases(xml, collection, lang)?;
    renderer(xml, collection, layer, part.shape, lang)?;
    if let Some(label) = label {
        symbols::labels(xml, label, part.shape)?;
        xml.leaf("previewExpression", &[], &format!("\"{}\"", label.replace('"', "\"\"")))?;
    }
    xml.close("maplayer")
}

/// When each feature is: by the two days between which it is possible, else by its start and end or its day, else by the first pair of
/// days between which something of it is possible.
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
            None => {
                let latest = |start: &Property| named(&format!("{}_latest", start.name.strip_suffix("_earliest")?));
                let mut pairs = schema.properties.iter().filter(dated).filter_map(|start| Some((start, latest(start)?)));
                let Some((start, end)) = pairs.next() else { return Ok(()) };
                ("2", start, Some(end))
            }
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
