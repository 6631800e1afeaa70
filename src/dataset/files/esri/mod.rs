//! Esri's JSON of features, as ArcGIS's services answer (ArcGIS REST API: "Feature object", "Geometry objects", "Spatial reference").
//!
//! It is framed as GeoJSON is, so the reader of GeoJSON reads it and asks here what it means. What says how features are to be read
//! (`spatialReference`, `fields` …) stands before them in every answer of a service.

mod geometry;

use std::{collections::HashSet, sync::Arc};

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use super::{
    UNDEFINED,
    fault::{Rule, Spot},
    feature::{Properties, json},
    record::{Decode, Item, Raw, Record, Sink, Stop, push},
};
use crate::model::{Crs, CrsError};
use geometry::{Heights, Shaped};

/// What is told where a service has not sent all that was asked for.
pub(super) const MORE: &str =
    "the service says that there are more features than it sent (exceededTransferLimit): ask it for the others, with resultOffset";
/// Members of a set that say how its features are to be read.
const OWN: [&str; 7] = ["geometryType", "spatialReference", "fields", "fieldAliases", "objectIdFieldName", "hasZ", "hasM"];

/// What a set says of its features before they come.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    system: System,
    /// The field of the ids.
    id: Option<String>,
    /// Fields of milliseconds since 1970.
    dates: HashSet<String>,
    /// The name of each field to a reader, where that is another.
    titles: Vec<(String, String)>,
    heights: Heights,
    /// Whether a member was met that no other format has.
    is_set: bool,
}

/// The system of the coordinates.
#[derive(Debug, Clone, Default)]
enum System {
    #[default]
    Unsaid,
    Known(Crs),
    /// By its name.
    Unknown(String),
}

/// A field, as far as it is read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Field {
    name: String,
    alias: String,
    r#type: String,
}

impl Head {
    /// Takes a member of the set; what is not as it should be says nothing.
    pub(super) fn member(&mut self, name: &str, text: &[u8]) {
        if !OWN.contains(&name) {
            return;
        }
        let Ok(value) = serde_json::from_slice::<Value>(text) else { return };
        match name {
            "geometryType" => self.is_set = true,
            "spatialReference" => {
                self.is_set = true;
                self.system = system(&value);
            }
            "objectIdFieldName" => self.id = value.as_str().map(str::to_owned),
            "hasZ" => self.heights.has_z = value.as_bool(),
            "hasM" => self.heights.has_m = value.as_bool(),
            "fieldAliases" => {
                let aliases = value.as_object().into_iter().flatten();
                self.titles.extend(aliases.filter_map(|(name, alias)| Some((name.clone(), alias.as_str()?.to_owned()))));
            }
            "fields" => {
                for Field { name, alias, r#type } in serde_json::from_value::<Vec<Field>>(value).unwrap_or_default() {
                    match r#type.as_str() {
                        "esriFieldTypeOID" => self.id = self.id.take().or_else(|| Some(name.clone())),
                        "esriFieldTypeDate" => _ = self.dates.insert(name.clone()),
                        _ => {}
                    }
                    self.titles.push((name, alias));
                }
            }
            _ => {}
        }
    }

    /// Says what is to be known of the whole set, whose first feature is at hand, and gives what reads its features; `None` where they are
    /// not Esri's. The second is whether nothing says in which system their coordinates are.
    pub(super) fn begin(self, first: &[u8], sink: &mut Sink<'_>) -> Result<Option<(Decode, bool)>, Stop> {
        if !is_feature(first, self.is_set) {
            return Ok(None);
        }
        if let System::Unknown(name) = self.system {
            return Err(Stop::System(name));
        }
        for (name, title) in &self.titles {
            if title != name && !title.is_empty() {
                push(sink, Item::Title { column: name, title })?;
            }
        }
        let is_unsaid = matches!(self.system, System::Unsaid) && memchr::memmem::find(first, b"\"spatialReference\"").is_none();
        match &self.system {
            System::Known(system) => super::tell_of(system, sink)?,
            _ if is_unsaid => push(sink, Item::Note(UNDEFINED.to_owned()))?,
            _ => {}
        }
        if self.heights.has_m == Some(true) {
            push(sink, Item::Note("measures of positions (M) are left out".to_owned()))?;
        }
        let decode: Decode = Arc::new(move |text: &[u8], spot, sink: &mut Sink<'_>| {
            let read = self.feature(text, spot);
            push(sink, read.map_or_else(|rule| Item::Fault(spot, rule), Item::Record))
        });
        Ok(Some((decode, is_unsaid)))
    }

    fn feature<'t>(&self, text: &'t [u8], spot: Spot) -> Result<Record<'t>, Rule> {
        let text = std::str::from_utf8(text).map_err(|error| Rule::Encoding(error.valid_up_to()))?;
        let Feature { attributes, geometry } = serde_json::from_str(text).map_err(|error| json(&error, text))?;
        let mut properties = attributes.unwrap_or_default().0;
        for (name, value) in &mut properties {
            if let (true, Raw::Integer(milliseconds)) = (self.dates.contains(name.as_ref()), &value) {
                *value = jiff::Timestamp::from_millisecond(*milliseconds).map_or(Raw::Null, |at| Raw::Text(at.to_string().into()));
            }
        }
        let id = properties.iter().find(|(name, _)| Some(name.as_ref()) == self.id.as_deref());
        let id = id.and_then(|(_, value)| match value {
            Raw::Integer(number) => Some(number.to_string().into()),
            Raw::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        });
        let geometry = match geometry {
            None => None,
            Some(geometry) => {
                let own = geometry.spatial_reference.as_ref().map(system);
                let system = match (own, &self.system) {
                    (Some(System::Known(own)), _) => Some(own),
                    (Some(System::Unknown(name)), _) => return Err(CrsError::Unknown(name).into()),
                    (_, System::Known(system)) => Some(system.clone()),
                    _ => None,
                };
                geometry.shape(self.heights)?.map(|shape| shape.check_in(system.as_ref())).transpose()?.flatten()
            }
        };
        Ok(Record { spot, id, geometry, place: None, properties })
    }
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'t: 'de, 'de: 't"), expecting = "a feature with attributes and a geometry")]
struct Feature<'t> {
    #[serde(default)]
    attributes: Option<Properties<'t>>,
    #[serde(default)]
    geometry: Option<Shaped>,
}

/// Whether a member says that there are more features than were sent: that of a set of Esri's or, in a service's GeoJSON, one of its
/// collection's properties.
pub(super) fn says_more(name: &str, text: &[u8]) -> bool {
    match name {
        "exceededTransferLimit" => text == b"true",
        "properties" if text.len() < 1000 => {
            serde_json::from_slice::<Value>(text).is_ok_and(|properties| properties["exceededTransferLimit"] == true)
        }
        _ => false,
    }
}

/// What a service says that refused: its words.
pub(super) fn refused(name: &str, text: &[u8]) -> Option<String> {
    let value = (name == "error").then(|| serde_json::from_slice::<Value>(text).ok())??;
    let message = value["message"].as_str()?;
    let details = value["details"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let words = std::iter::once(message).chain(details).collect::<Vec<_>>().join("; ");
    Some(format!("{words:?}").chars().take(300).collect())
}

/// Whether a feature is one of Esri's: it has no `type`, as those of GeoJSON have, and attributes in place of properties, or nothing but a
/// geometry in a set that is Esri's.
fn is_feature(text: &[u8], is_set: bool) -> bool {
    #[derive(Deserialize)]
    struct Looked {
        r#type: Option<IgnoredAny>,
        attributes: Option<IgnoredAny>,
    }
    serde_json::from_slice::<Looked>(text).is_ok_and(|looked| looked.r#type.is_none() && (is_set || looked.attributes.is_some()))
}

/// What a reference to a system says: its number, the newer one first, or its definition.
fn system(value: &Value) -> System {
    let numbers = ["latestWkid", "wkid"].into_iter().filter_map(|name| value[name].as_u64());
    let mut named = None;
    for number in numbers {
        let code = u32::try_from(number).unwrap_or(u32::MAX);
        match Crs::epsg(code).or_else(|_| Crs::esri(code)) {
            Ok(system) => return System::Known(system),
            Err(_) => named = named.or(Some(format!("wkid {number}"))),
        }
    }
    match (value["wkt"].as_str().map(|text| (text, text.parse::<Crs>())), named) {
        (Some((_, Ok(system))), _) => System::Known(system),
        (_, Some(name)) => System::Unknown(name),
        (Some((text, Err(_))), None) => System::Unknown(text.chars().take(200).collect()),
        (None, None) => System::Unsaid,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{kinds, read, read_stream};
    use crate::model::Kind;

    /// As a service answers.
    const SET: &str = r#"{"objectIdFieldName":"OBJECTID","geometryType":"esriGeometryPoint",
        "spatialReference":{"wkid":102100,"latestWkid":3857},"exceededTransferLimit":true,
        "fields":[{"name":"OBJECTID","type":"esriFieldTypeOID","alias":"OBJECTID"},{"name":"NAME","type":"esriFieldTypeString","alias":"Name of the site","length":50},
        {"name":"SEEN","type":"esriFieldTypeDate","alias":"Seen on","length":8}],
        "features":[{"attributes":{"OBJECTID":7,"NAME":"Gao","SEEN":1691798400000},"geometry":{"x":-334784.463001507,"y":1894472.63623337}},
        {"attributes":{"OBJECTID":8,"NAME":null,"SEEN":null},"geometry":null}]}"#;

    #[test]
    fn a_set_of_features_is_read_as_its_head_says() {
        let (features, made, faults) = read("json", SET);
        assert_eq!((features.len(), faults.len()), (2, 0), "{faults:?}");
        assert_eq!(features[0].id, "7");
        let bounds = features[0].geometry.as_ref().and_then(|geometry| geometry.bounds()).unwrap();
        assert!((bounds.min_x + 3.00742).abs() < 1e-9 && (bounds.min_y - 16.77348).abs() < 1e-9, "{bounds:?}");
        assert_eq!(kinds(&made)[..3], [("OBJECTID", Kind::Integer), ("NAME", Kind::Text), ("SEEN", Kind::Timestamp)]);
        let titles = made.layer.collection.schema.properties.iter().map(|property| property.title.en.as_str()).collect::<Vec<_>>();
        assert_eq!(titles[1..3], ["Name of the site", "Seen on"]);
        assert!(format!("{:?}", features[0].values[2]).contains("Instant(1691798400000)"), "{:?}", features[0].values);
        let (_, report) = read_stream("json", SET.as_bytes(), 5).unwrap();
        assert!(report.files[0].notes.iter().any(|note| note.contains("exceededTransferLimit")), "{report}");
    }

    #[test]
    fn a_set_without_a_head_is_known_by_its_features() {
        let (features, _, faults) = read(
            "json",
            r#"{"features":[{"attributes":{"a":1},"geometry":{"x":1,"y":2}},{"geometry":{"x":3,"y":4},"attributes":{"a":2}},{"attributes":{"a":2},"geometry":{"x":1,"y":91}}]}"#,
        );
        assert_eq!(features.len(), 2);
        assert!(faults[0].contains("feature 3 at byte") && faults[0].contains("latitude 91 is outside"), "{faults:?}");
        let notes = |text: &str| {
            read_stream("json", text.as_bytes(), 9).map(|(_, report)| report.files[0].notes.join("\n")).map_err(|error| error.to_string())
        };
        assert!(
            notes(r#"{"features":[{"attributes":{"a":1},"geometry":{"x":1,"y":2}}]}"#)
                .unwrap()
                .contains("its reference system is undefined")
        );
        // Each may say its own, and a set a system that is not known, or say so too late.
        let own =
            r#"{"features":[{"attributes":{},"geometry":{"x":499209.2485276,"y":1854496.55510581,"spatialReference":{"wkid":32630}}}]}"#;
        let (features, ..) = read("json", own);
        assert!((features[0].geometry.as_ref().unwrap().bounds().unwrap().min_y - 16.77348).abs() < 1e-9);
        assert!(
            notes(r#"{"spatialReference":{"wkid":104903},"features":[{"attributes":{},"geometry":{"x":1,"y":2}}]}"#)
                .unwrap_err()
                .contains("in wkid 104903")
        );
        assert!(
            notes(r#"{"features":[{"attributes":{},"geometry":{"x":1,"y":2}}],"spatialReference":{"wkid":32630}}"#)
                .unwrap_err()
                .contains("has to stand before")
        );
        assert!(notes(r#"{"spatialReference":{"wkt":"GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\"],UNIT[\"Degree\",0.0174532925199433]]"},"features":[{"attributes":{},"geometry":{"x":1,"y":2}}]}"#).is_ok());
    }

    #[test]
    fn geojson_stays_geojson_and_a_refusal_is_told() {
        // A service's GeoJSON says in another place that there is more.
        let text = r#"{"type":"FeatureCollection","properties":{"exceededTransferLimit":true},"spatialReference":{"wkid":3857},"features":[{"type":"Feature","properties":{"attributes":1},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#;
        let (made, report) = read_stream("geojson", text.as_bytes(), 7).unwrap();
        assert_eq!(made.layer.views[0].len(), 1);
        assert!(report.files[0].notes.iter().any(|note| note.contains("exceededTransferLimit")), "{report}");
        let (_, _, faults) = read("json", r#"{"error":{"code":400,"message":"Invalid URL","details":["Layer not found"]}}"#);
        assert_eq!(faults, ["x.json: is not data but the error of a service: \"Invalid URL; Layer not found\""]);
        let (_, _, faults) = read("json", r#"{"type":"Topology","objects":{},"arcs":[]}"#);
        assert!(faults[0].contains("ogr2ogr"), "{faults:?}");
    }
}
