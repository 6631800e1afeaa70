//! What may be asked of the gazetteer.

use super::{Params, QueryError, bbox, limit};
use crate::model::{Bbox, Position};

/// Longest name looked up, in characters; the longest place name in use has 85.
pub const LONGEST_NAME: usize = 256;
/// Places in an answer where no limit is given, and at the most.
const LIMITS: (u32, u32) = (10, 100);

/// A name and its context.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceQuery {
    /// The name, or its beginning.
    pub q: String,
    /// ISO 3166-1 alpha-2 code, in capitals.
    pub country: Option<String>,
    /// A box that it should lie in.
    pub bbox: Option<Bbox>,
    /// A point that it should be near.
    pub near: Option<Position>,
    /// The source's word for its kind, or the beginning of it.
    pub class: Option<String>,
    /// Language of the name.
    pub lang: Option<String>,
    /// A year in which it existed.
    pub year: Option<i16>,
    /// Places in the answer at the most.
    pub limit: u32,
}

impl PlaceQuery {
    /// The parameters that it is made of.
    pub const PARAMETERS: [&str; 7] = ["q", "country", "bbox", "near", "class", "year", "limit"];

    /// Reads the parameters.
    ///
    /// # Errors
    /// When the name is missing, empty, longer than [`LONGEST_NAME`] or holds control characters, or another value breaks its rule.
    pub fn parse(params: &Params) -> Result<Self, QueryError> {
        Ok(Self {
            q: name(params.get("q"), "q")?.to_owned(),
            country: params.get("country").map(|value| country(value, "country")).transpose()?,
            bbox: params.get("bbox").map(bbox::parse).transpose()?,
            near: params.get("near").map(|value| position(value, "near")).transpose()?,
            class: params.get("class").map(|value| name(Some(value), "class")).transpose()?.map(str::to_owned),
            lang: params.get("lang").map(|value| name(Some(value), "lang")).transpose()?.map(str::to_owned),
            year: params.get("year").map(year).transpose()?,
            limit: place_limit(params)?,
        })
    }
}

/// How many places are asked for.
///
/// # Errors
/// When `limit` is no whole number of at least 1.
pub fn place_limit(params: &Params) -> Result<u32, QueryError> {
    limit(params.get("limit"), LIMITS.0, LIMITS.1)
}

/// The point of `lon` and `lat`.
///
/// # Errors
/// When one is missing, no number, or outside the Earth.
pub fn lon_lat(params: &Params) -> Result<Position, QueryError> {
    let part = |parameter, rule| params.get(parameter).ok_or(QueryError::Missing { parameter, rule });
    let lon = part("lon", "degrees east of Greenwich, -180 to 180")?;
    let lat = part("lat", "degrees north of the equator, -90 to 90")?;
    position(&format!("{lon},{lat}"), "lon,lat")
}

/// A name that can be looked up.
///
/// # Errors
/// When it is missing, empty, too long or holds control characters.
pub fn name<'a>(value: Option<&'a str>, parameter: &'static str) -> Result<&'a str, QueryError> {
    let value = value.map(str::trim).filter(|value| !value.is_empty());
    let value = value.ok_or(QueryError::Missing { parameter, rule: "the name, or its first letters" })?;
    let length = value.chars().count();
    if length > LONGEST_NAME {
        return Err(QueryError::Malformed { parameter, value: cut(value), rule: "longer than 256 characters" });
    }
    if value.chars().any(char::is_control) {
        return Err(QueryError::Malformed { parameter, value: value.to_owned(), rule: "text with control characters" });
    }
    Ok(value)
}

/// A country's code in capitals.
///
/// # Errors
/// When it is not two letters.
pub fn country(value: &str, parameter: &'static str) -> Result<String, QueryError> {
    if value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(value.to_ascii_uppercase());
    }
    Err(QueryError::Malformed { parameter, value: cut(value), rule: "not a two-letter country code (ISO 3166-1) such as ML" })
}

/// Longitude and latitude.
///
/// # Errors
/// When there are not two finite numbers, or they lie outside the Earth.
pub fn position(value: &str, parameter: &'static str) -> Result<Position, QueryError> {
    let malformed = |rule| QueryError::Malformed { parameter, value: cut(value), rule };
    let (lon, lat) = value.split_once(',').ok_or_else(|| malformed("not two numbers, longitude,latitude"))?;
    let number = |text: &str| bbox::number(text).ok_or_else(|| malformed("not two numbers, longitude,latitude"));
    let (lon, lat) = (number(lon)?, number(lat)?);
    Position::new(lon, lat).map_err(|_| malformed("outside the Earth: longitude is -180 to 180, latitude -90 to 90, longitude first"))
}

fn year(value: &str) -> Result<i16, QueryError> {
    value.parse().map_err(|_| QueryError::Malformed { parameter: "year", value: cut(value), rule: "not a year from -32768 to 32767" })
}

/// As much of a value as an error shows.
fn cut(value: &str) -> String {
    value.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<PlaceQuery, String> {
        Params::parse(query).and_then(|params| PlaceQuery::parse(&params)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_and_its_context() {
        let query = parse("q=+Gao+&country=ml&near=-0.04,16.2&bbox=-3,14,1,20&class=P&lang=fr&year=2023&limit=1000").unwrap();
        assert_eq!((query.q.as_str(), query.country.as_deref(), query.limit), ("Gao", Some("ML"), 100));
        assert_eq!(query.near, Some(Position { lon: -0.04, lat: 16.2 }));
        assert_eq!((query.class.as_deref(), query.lang.as_deref(), query.year), (Some("P"), Some("fr"), Some(2023)));
        assert_eq!(parse("q=Gao").unwrap().limit, 10);
    }

    #[test]
    fn every_rule_has_a_message() {
        let long = "x".repeat(257);
        for (query, message) in [
            ("", "q: missing; the name, or its first letters".to_owned()),
            ("q=+", "q: missing; the name, or its first letters".to_owned()),
            (&format!("q={long}"), format!("q: {:?} is longer than 256 characters", "x".repeat(80))),
            ("q=a%00b", r#"q: "a\0b" is text with control characters"#.to_owned()),
            ("q=a&country=Mali", r#"country: "Mali" is not a two-letter country code (ISO 3166-1) such as ML"#.to_owned()),
            ("q=a&near=1", r#"near: "1" is not two numbers, longitude,latitude"#.to_owned()),
            ("q=a&near=1,nan", r#"near: "1,nan" is not two numbers, longitude,latitude"#.to_owned()),
            (
                "q=a&near=1,91",
                r#"near: "1,91" is outside the Earth: longitude is -180 to 180, latitude -90 to 90, longitude first"#.to_owned(),
            ),
            ("q=a&year=x", r#"year: "x" is not a year from -32768 to 32767"#.to_owned()),
            ("q=a&limit=0", r#"limit: "0" is not a whole number of at least 1"#.to_owned()),
        ] {
            assert_eq!(parse(query).unwrap_err(), message, "{query}");
        }
    }

    #[test]
    fn both_parts_of_a_point_are_needed() {
        let point = |query: &str| Params::parse(query).and_then(|params| lon_lat(&params)).map_err(|error| error.to_string());
        assert_eq!(point("lon=1.5&lat=-2"), Ok(Position { lon: 1.5, lat: -2.0 }));
        assert_eq!(point("lon=1").unwrap_err(), "lat: missing; degrees north of the equator, -90 to 90");
        assert!(point("lon=181&lat=0").unwrap_err().contains("outside the Earth"));
    }
}
