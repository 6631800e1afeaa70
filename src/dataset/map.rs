//! How the page shows a data set: the title, the first view, the timeline's span, the layers.

use serde_json::{Value, json};

use crate::model::Text;

/// Whom to credit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, expecting = "{ text = …, url = … }")]
pub struct Credit {
    /// What the credit says.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// How the page shows the data.
#[derive(Debug, Clone, Default, serde::Deserialize, serde::Serialize)]
pub struct MapConfig {
    /// Title of the page.
    pub title: Text,
    /// One sentence under it.
    pub lede: Text,
    /// West, south, east and north edge of the first view, in degrees.
    pub bbox: Option<[f64; 4]>,
    /// The timeline's span and the day on which it opens.
    pub time: Option<Timeline>,
    /// What is drawn, in order.
    pub layers: Vec<MapLayer>,
    /// The switch between two views of the data.
    pub views: Option<MapViews>,
    /// Whom to credit.
    pub attribution: Vec<Credit>,
    /// How to cite the data; `{version}`, `{date}` and `{address}` are filled in by the page.
    pub cite: Option<Text>,
}

/// The timeline's span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Timeline {
    /// Its first day.
    pub start: jiff::civil::Date,
    /// Its last day.
    pub end: jiff::civil::Date,
    /// The day on which it opens.
    pub initial: jiff::civil::Date,
}

/// One layer of the page; the texts in it name properties of the collection.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct MapLayer {
    /// Id of the collection.
    pub collection: String,
    /// Its title on the page.
    pub title: Text,
    /// The properties that name a feature.
    pub label: Text,
    /// The properties that date it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<LayerTime>,
    /// How it is drawn: `state`, `event`, or plain marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<LayerStyle>,
    /// Whether its features are listed beside the map.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub list: bool,
    /// Whether its features are marked on the timeline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub timeline: bool,
    /// The properties to filter by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// The property that holds the radius of the position, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<String>,
    /// Where the claims on a feature are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Id of the collection of the claims' sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<String>,
}

/// The properties that date a feature.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct LayerTime {
    /// The date as EDTF.
    pub edtf: String,
    /// Its first possible day.
    pub earliest: String,
    /// Its last possible day.
    pub latest: String,
}

/// How a layer is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerStyle {
    /// By its state at the chosen day.
    State,
    /// As something that happened.
    Event,
}

/// Where the claims on a feature are.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Id of the collection of claims.
    pub collection: String,
    /// Its property that holds the feature's id.
    pub subject: String,
}

/// The switch between two views of the data.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct MapViews {
    /// Name of the query parameter.
    pub parameter: String,
    /// Its value when the switch is off.
    pub all: String,
    /// Its value when it is on.
    pub other: String,
    /// What the switch says.
    pub label: Text,
}

impl MapConfig {
    /// As `/map.json` gives it; the server adds what it alone knows: base map, data version, address, whether it may be embedded.
    pub fn to_json(&self) -> Value {
        let Self { title, lede, bbox, layers, views, attribution, cite, .. } = self;
        let time = self.time.map(|Timeline { start, end, initial }| {
            json!({ "start": start.to_string(), "end": end.to_string(), "initial": initial.to_string() })
        });
        json!({ "title": title, "lede": lede, "bbox": bbox, "time": time, "layers": layers, "views": views,
            "attribution": attribution, "cite": cite })
    }

    /// Whom to credit, as one plain line.
    pub fn credits(&self) -> String {
        let texts = self.attribution.iter().map(|credit| credit.text.as_str());
        texts.collect::<Vec<_>>().join("; ")
    }
}
