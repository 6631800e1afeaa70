//! The text of one GeoJSON object → a record (RFC 7946, clause 3).

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    fault::{Rule, Spot},
    plain,
    record::{Raw, Record},
    row,
    shape::{Nest, Shape},
};
use crate::model::Crs;

/// What an object is.
#[derive(Debug)]
pub(super) enum Parsed<'a> {
    /// A feature, or a geometry, which stands for a feature without properties.
    Record(Record<'a>),
    /// A collection of features.
    Collection,
}

/// Reads one object, whose coordinates are in a system other than CRS84 where one is named.
pub(super) fn parse<'t>(text: &'t [u8], spot: Spot, system: Option<&Crs>) -> Result<Parsed<'t>, Rule> {
    let text = std::str::from_utf8(text).map_err(|error| Rule::Encoding(error.valid_up_to()))?;
    match plain::read(text, spot).filter(|_| system.is_none()) {
        Some(record) => Ok(Parsed::Record(record)),
        None => match parse_any(text, spot, system) {
            Err(Rule::Untyped) if system.is_none() => row::read(text, spot).map(Parsed::Record),
            parsed => parsed,
        },
    }
}

/// The same however it is written.
pub(super) fn parse_any<'t>(text: &'t str, spot: Spot, system: Option<&Crs>) -> Result<Parsed<'t>, Rule> {
    let mut object: Object<'_> = serde_json::from_str(text).map_err(|error| json(&error, text))?;
    let id = object.id.take();
    let (geometry, properties) = match object.kind.as_deref() {
        Some("FeatureCollection") => return Ok(Parsed::Collection),
        Some("Topology") => return Err(Rule::Topology),
        Some("Feature") => (object.geometry.map(|geometry| geometry.shape()).transpose()?, object.properties),
        _ => (Some(object.shape()?), Vec::new()),
    };
    let geometry = geometry.map(|shape| shape.check_in(system)).transpose()?.flatten();
    Ok(Parsed::Record(Record { spot, id, geometry, place: None, properties }))
}

/// serde_json's message, with the place as a byte of the text: the text may begin anywhere in its file.
pub(super) fn json(error: &serde_json::Error, text: &str) -> Rule {
    let message = error.to_string();
    if message.starts_with("recursion limit") {
        return Rule::TooDeep;
    }
    let words = message.rsplit_once(" at line ").map_or(message.as_str(), |(words, _)| words);
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = before + error.column();
    // As Python writes numbers that are none.
    let rest = text.get(at.saturating_sub(1)..).unwrap_or_default();
    if let Some(word) = ["NaN", "Infinity", "-Infinity"].into_iter().find(|word| rest.starts_with(word)) {
        return Rule::NoNumber(word, at);
    }
    Rule::Json(format!("{words} (byte {at} of it)"))
}

/// A feature or a geometry, as far as they are read.
#[derive(Debug, Default)]
struct Object<'a> {
    kind: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    geometry: Option<Box<Object<'a>>>,
    properties: Vec<(Cow<'a, str>, Raw<'a>)>,
    coordinates: Option<Nest>,
    geometries: Option<Vec<Object<'a>>>,
}

impl Object<'_> {
    fn shape(self) -> Result<Shape, Rule> {
        let kind = self.kind.as_deref().ok_or(Rule::Untyped)?;
        let missing = |expected| Rule::Expected { expected, found: format!("a {kind} without") };
        if kind == "GeometryCollection" {
            let parts = self.geometries.ok_or_else(|| missing("\"geometries\""))?;
            return parts.into_iter().map(Object::shape).collect::<Result<_, _>>().map(Shape::Collection);
        }
        if Shape::new(kind, Nest::Number(0.0)).is_none() {
            return Err(Rule::Type(format!("{kind:?}")));
        }
        let coordinates = self.coordinates.ok_or_else(|| missing("\"coordinates\""))?;
        Shape::new(kind, coordinates).ok_or_else(|| Rule::Type(format!("{kind:?}")))
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Object<'de>, A::Error> {
        let mut object = Object::default();
        while let Some(Text(name)) = members.next_key()? {
            match &*name {
                "type" => object.kind = Some(members.next_value::<Text<'_>>()?.0),
                "id" => object.id = id(members.next_value()?).map_err(A::Error::custom)?,
                "geometry" => object.geometry = members.next_value()?,
                "properties" => object.properties = members.next_value::<Option<Properties<'_>>>()?.unwrap_or_default().0,
                "coordinates" => object.coordinates = Some(members.next_value()?),
                "geometries" => object.geometries = Some(members.next_value()?),
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(object)
    }
}

fn id(id: Raw<'_>) -> Result<Option<Cow<'_, str>>, &'static str> {
    match id {
        Raw::Null => Ok(None),
        // No address could name it.
        Raw::Text(text) | Raw::Cell(text) | Raw::Decimal(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Raw::Integer(number) => Ok(Some(number.to_string().into())),
        Raw::Number(number) => Ok(Some(number.to_string().into())),
        Raw::Boolean(_) | Raw::List(_) | Raw::Json(_) => Err("an \"id\" is a text or a number"),
    }
}

/// A text that is borrowed where it needs no unescaping.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

/// The members of an object, as properties.
#[derive(Default)]
pub(super) struct Properties<'a>(pub(super) Vec<(Cow<'a, str>, Raw<'a>)>);

impl<'de> Deserialize<'de> for Properties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PropertiesVisitor)
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Properties<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Properties<'de>, A::Error> {
        let mut properties = Vec::with_capacity(members.size_hint().unwrap_or(8));
        while let Some((Text(name), value)) = members.next_entry()? {
            properties.push((name, value));
        }
        Ok(Properties(properties))
    }
}

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Raw<'de>, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Raw<'de>, E> {
        Ok(Raw::Boolean(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Raw<'de>, E> {
        Ok(Raw::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Raw<'de>, E> {
        // Beyond 64 bits with a sign, only the digits are exact.
        Ok(i64::try_from(number).map_or_else(|_| Raw::Text(number.to_string().into()), Raw::Integer))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Raw<'de>, E> {
        Ok(Raw::Number(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw<'de>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<serde_json::Value>()? {
            values.push(value);
        }
        let is_list = values.iter().all(serde_json::Value::is_string);
        let text = serde_json::Value::Array(values).to_string();
        Ok(if is_list { Raw::List(text) } else { Raw::Json(text) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Raw<'de>, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((name, value)) = members.next_entry()? {
            object.insert(name, value);
        }
        Ok(Raw::Json(serde_json::Value::Object(object).to_string()))
    }
}
