//! How the features of an answer are written: which of their members, and what is done to their geometry.

use super::{Fields, Params, QueryError};
use crate::model::Schema;

/// What is asked of the form of each feature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// Its members; all where nothing is asked.
    pub fields: Option<Fields>,
    /// The zoom level at which it will be drawn (`zoom-level`, OGC API – Features Part 7, draft 24-020).
    pub zoom: Option<f64>,
}

impl Shape {
    /// The parameters, in the order in which they are documented.
    pub const PARAMETERS: [&'static str; 3] = ["properties", "exclude-properties", "zoom-level"];

    /// Parses the parameters for features of a schema.
    ///
    /// # Errors
    /// The first parameter that breaks its rule.
    pub fn parse(params: &Params, schema: &Schema) -> Result<Self, QueryError> {
        Ok(Self { fields: Fields::parse(params, schema)?, zoom: params.get("zoom-level").map(zoom).transpose()? })
    }

    /// Whether features are asked for as they are kept: whole, in CRS84.
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
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
