//! How the features of an answer are written: which of their members, and what is done to their geometry.

use super::{Fields, Params, QueryError, Systems};
use crate::model::{Crs, Schema};

/// What is asked of the form of each feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The system of its coordinates, in the order in which the authority has its axes.
    pub crs: Crs,
    /// Its members; all where nothing is asked.
    pub fields: Option<Fields>,
    /// The zoom level at which it will be drawn (`zoom-level`, OGC API – Features Part 7, draft 24-020).
    pub zoom: Option<f64>,
}

impl Shape {
    /// The parameters, in the order in which they are documented.
    pub const PARAMETERS: [&'static str; 4] = ["properties", "exclude-properties", "zoom-level", "crs"];

    /// Parses the parameters for features of a schema.
    ///
    /// # Errors
    /// The first parameter that breaks its rule.
    pub fn parse(params: &Params, schema: &Schema, systems: Systems) -> Result<Self, QueryError> {
        let crs = systems.of(params, "crs")?;
        Ok(Self { crs, fields: Fields::parse(params, schema)?, zoom: params.get("zoom-level").map(zoom).transpose()? })
    }

    /// Whether features are asked for as they are kept: whole, in CRS84.
    pub fn is_whole(&self) -> bool {
        self.fields.is_none() && self.zoom.is_none() && self.is_crs84()
    }

    /// Whether coordinates are longitude and latitude, in this order.
    pub fn is_crs84(&self) -> bool {
        self.crs.is_wgs84() && !self.crs.is_north_first()
    }

    /// One fixed spelling, empty where nothing is asked.
    pub fn canonical(&self) -> String {
        if self.is_whole() { String::new() } else { format!("&shape={self:?}") }
    }
}

/// A zoom level of the tiling scheme WebMercatorQuad; parts of a level are allowed.
fn zoom(value: &str) -> Result<f64, QueryError> {
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let level = plain.then(|| value.parse::<f64>().ok()).flatten().filter(|level| level.is_finite());
    level.ok_or_else(|| QueryError::Zoom { value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_may_have_parts() {
        assert_eq!([zoom("0"), zoom("7.5"), zoom("24")], [Ok(0.0), Ok(7.5), Ok(24.0)]);
        for bad in ["", "-1", "1e3", "nan", ".", "1.2.3", "x"] {
            assert!(zoom(bad).is_err(), "{bad:?}");
        }
    }
}
