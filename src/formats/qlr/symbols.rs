//! How QGIS draws a layer: symbols in the colours of the map's marks, and labels.

use std::io;

use crate::{
    dataset::{LayerStyle, MapLayer},
    formats::{html::words::Words, xml::Xml},
    model::{Collection, Lang},
};

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
/// That of outlines and labels.
const INK: &str = "32,39,44,255";
/// The property that holds a state.
const STATE: &str = "state";

/// What a layer's features are drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Marks.
    Points,
    /// Lines.
    Lines,
    /// Polygons.
    Areas,
    /// A table without a map.
    Nothing,
}

impl Shape {
    /// Its name for OGR, of single and multiple ones.
    pub(super) fn ogr(self) -> &'static str {
        match self {
            Self::Points => "Point",
            Self::Lines => "LineString",
            Self::Areas => "Polygon",
            Self::Nothing => "None",
        }
    }

    /// Its name for people.
    pub(super) fn name(self, lang: Lang) -> &'static str {
        let key = match self {
            Self::Points => "geometry.points",
            Self::Lines => "geometry.lines",
            Self::Areas => "geometry.polygons",
            Self::Nothing => return "",
        };
        Words::of(lang).t(key)
    }
}

/// The colours: one for each state where the map shows states, else one.
pub(super) fn renderer(xml: &mut Xml<'_>, collection: &Collection, layer: Option<&MapLayer>, shape: Shape, lang: Lang) -> io::Result<()> {
    let style = layer.and_then(|layer| layer.style);
    let states = collection.schema.properties.iter().find(|property| property.name == STATE && !property.codes.is_empty());
    let states = states.filter(|_| style == Some(LayerStyle::State));
    let common = [("symbollevels", "0"), ("forceraster", "0"), ("enableorderby", "0")];
    if shape == Shape::Nothing {
        return Ok(());
    }
    let Some(property) = states else {
        let colour = if style == Some(LayerStyle::Event) { EVENT } else { PLAIN };
        xml.open("renderer-v2", &[&[("type", "singleSymbol")], &common[..]].concat())?;
        xml.open("symbols", &[])?;
        symbol(xml, "0", colour, shape)?;
        xml.close("symbols")?;
        return xml.close("renderer-v2");
    };
    xml.open("renderer-v2", &[&[("type", "categorizedSymbol"), ("attr", STATE)], &common[..]].concat())?;
    xml.open("categories", &[])?;
    for (index, code) in property.codes.iter().enumerate() {
        let label = Words::of(lang).code(property, code).map_or_else(|| code.replace('_', " "), str::to_owned);
        let (number, of_text) = (index.to_string(), [("type", "string"), ("render", "true")]);
        xml.empty("category", &[&[("symbol", number.as_str()), ("value", code), ("label", &label)], &of_text[..]].concat())?;
    }
    xml.close("categories")?;
    xml.open("symbols", &[])?;
    for (index, code) in property.codes.iter().enumerate() {
        let colour = STATES.iter().find(|(state, _)| state == code).map_or(PLAIN, |(_, colour)| colour);
        symbol(xml, &index.to_string(), colour, shape)?;
    }
    xml.close("symbols")?;
    xml.close("renderer-v2")
}

/// A round mark, a line, or a polygon that lets what lies below it shine through.
fn symbol(xml: &mut Xml<'_>, name: &str, colour: &str, shape: Shape) -> io::Result<()> {
    let (solid, clear) = (format!("{colour},255"), format!("{colour},90"));
    let (kind, class, own) = match shape {
        Shape::Points | Shape::Nothing => (
            "marker",
            "SimpleMarker",
            vec![
                ("name", "circle"),
                ("color", &solid),
                ("outline_color", INK),
                ("outline_width", "0.2"),
                ("size", "3"),
                ("size_unit", "MM"),
            ],
        ),
        Shape::Lines => ("line", "SimpleLine", vec![("line_color", solid.as_str()), ("line_width", "0.6"), ("line_width_unit", "MM")]),
        Shape::Areas => {
            ("fill", "SimpleFill", vec![("color", clear.as_str()), ("style", "solid"), ("outline_color", &solid), ("outline_width", "0.4")])
        }
    };
    xml.open("symbol", &[("type", kind), ("name", name), ("alpha", "1"), ("clip_to_extent", "1"), ("force_rhr", "0")])?;
    xml.open("layer", &[("class", class), ("enabled", "1"), ("locked", "0"), ("pass", "0")])?;
    xml.open("Option", &[("type", "Map")])?;
    for (name, value) in own.into_iter().chain([("outline_style", "solid"), ("outline_width_unit", "MM")]) {
        xml.empty("Option", &[("name", name), ("type", "QString"), ("value", value)])?;
    }
    xml.close("Option")?;
    xml.close("layer")?;
    xml.close("symbol")
}

/// A label for each feature, as far as there is room: beside a point, along a line, within a polygon.
pub(super) fn labels(xml: &mut Xml<'_>, property: &str, shape: Shape) -> io::Result<()> {
    // `QgsPalLayerSettings::Placement`.
    let placement = match shape {
        Shape::Points => "0",
        Shape::Lines => "2",
        Shape::Areas => "4",
        Shape::Nothing => return Ok(()),
    };
    xml.open("labeling", &[("type", "simple")])?;
    xml.open("settings", &[("calloutType", "simple")])?;
    let text = [("fieldName", property), ("isExpression", "0"), ("fontSize", "8"), ("fontSizeUnit", "Point"), ("textColor", INK)];
    xml.open("text-style", &text)?;
    let halo = [("bufferDraw", "1"), ("bufferSize", "0.7"), ("bufferSizeUnits", "MM"), ("bufferColor", "255,255,255,230")];
    xml.empty("text-buffer", &halo)?;
    xml.close("text-style")?;
    xml.empty("placement", &[("placement", placement), ("dist", "1"), ("distUnits", "MM")])?;
    xml.close("settings")?;
    xml.close("labeling")
}
