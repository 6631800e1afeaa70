//! An object of JSON that is no GeoJSON, but says where it is as a row of a table does: `{"name":"Gao","lat":16.27,"lon":-0.04}`. So
//! many services answer, one a line or in an array.

use std::borrow::Cow;

use super::{
    degrees::{self, Axis},
    fault::{Rule, Spot},
    feature::{Properties, json},
    guess::{self, Where},
    literal,
    located::Systems,
    record::{Raw, Record},
};
use crate::model::{Geometry, Position};

/// Reads one; the members that say where it is are no properties.
///
/// # Errors
/// When no member says where it is ([`Rule::Untyped`]), or what does is none.
pub(super) fn read(text: &str, spot: Spot) -> Result<Record<'_>, Rule> {
    let Properties(mut properties) = serde_json::from_str(text).map_err(|error| json(&error, text))?;
    let names = properties.iter().map(|(name, _)| name.clone().into_owned()).collect::<Vec<_>>();
    let geometry = match guess::place(&names) {
        Some(Where::LonLat(lon, lat)) => {
            let number = |index: usize, axis| number(&properties[index].1, &names[index], axis);
            let point = match (number(lon, Axis::Lon)?, number(lat, Axis::Lat)?) {
                (Some(lon), Some(lat)) => Some(Geometry::point(Position::new(lon, lat)?)),
                (None, None) => None,
                (None, Some(_)) => return Err(Rule::HalfPosition(names[lon].clone())),
                (Some(_), None) => return Err(Rule::HalfPosition(names[lat].clone())),
            };
            [lon.max(lat), lon.min(lat)].into_iter().for_each(|index| drop(properties.remove(index)));
            point
        }
        Some(Where::Geometry(index)) => match properties.remove(index).1 {
            Raw::Null => None,
            Raw::Text(text) => Systems::default().geometry(&text, &names[index])?,
            Raw::Json(text) => Systems::default().geometry(&text, &names[index])?,
            _ => return Err(Rule::Untyped),
        },
        _ => return Err(Rule::Untyped),
    };
    Ok(Record { spot, id: None, geometry, place: None, properties })
}

fn number(raw: &Raw<'_>, column: &str, axis: Axis) -> Result<Option<f64>, Rule> {
    let text: Cow<'_, str> = match raw {
        Raw::Null => return Ok(None),
        Raw::Integer(number) => return Ok(Some(*number as f64)),
        Raw::Number(number) => return Ok(Some(*number)),
        Raw::Text(text) if text.trim().is_empty() || literal::is_missing(text) => return Ok(None),
        Raw::Text(text) | Raw::Cell(text) | Raw::Decimal(text) => Cow::Borrowed(text),
        Raw::Boolean(is) => is.to_string().into(),
        Raw::List(text) | Raw::Json(text) => Cow::Borrowed(text),
    };
    let none = || Rule::NotANumber { column: column.to_owned(), value: text.chars().take(40).collect() };
    degrees::read(text.trim(), axis).map(Some).ok_or_else(none)
}
