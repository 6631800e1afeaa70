//! A point on the Earth.

/// A position in WGS 84, longitude first.
///
/// The order is fixed in the type: axis swaps (EPSG:4326) happen only at the edge of the program.
///
/// # Units
/// Degrees; longitude east-positive in −180..=180, latitude north-positive in −90..=90.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees east of Greenwich.
    pub lon: f64,
    /// Degrees north of the equator.
    pub lat: f64,
}

/// Why two numbers are not a position.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PositionError {
    /// Not a number, or infinite.
    #[error("{axis} {value} is not a finite number")]
    NotFinite {
        /// `longitude` or `latitude`.
        axis: &'static str,
        /// The value as given.
        value: f64,
    },
    /// Outside the Earth.
    #[error("{axis} {value} is outside -{limit}..={limit}")]
    Outside {
        /// `longitude` or `latitude`.
        axis: &'static str,
        /// The value as given.
        value: f64,
        /// 180 or 90.
        limit: f64,
    },
}

impl Position {
    /// Checks the two numbers; longitude first.
    ///
    /// # Errors
    /// When a number is not finite, |lon| > 180 or |lat| > 90.
    ///
    /// # Example
    /// ```
    /// use harmattan::model::Position;
    /// assert!(Position::new(-3.00742, 16.77348).is_ok());
    /// assert_eq!(Position::new(0.0, 91.2).unwrap_err().to_string(), "latitude 91.2 is outside -90..=90");
    /// ```
    pub fn new(lon: f64, lat: f64) -> Result<Self, PositionError> {
        check("longitude", lon, 180.0)?;
        check("latitude", lat, 90.0)?;
        Ok(Self { lon, lat })
    }

    /// Great-circle distance to `other` in metres, on a sphere of the mean radius 6,371,008.8 m (haversine).
    pub fn distance_m(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (b - a) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + a.cos() * b.cos() * half_lon.sin().powi(2);
        2.0 * MEAN_RADIUS_M * h.sqrt().min(1.0).asin()
    }
}

/// Mean radius of the Earth in metres (IUGG, `R1` = (2a + b) / 3 of GRS 80).
pub const MEAN_RADIUS_M: f64 = 6_371_008.8;

fn check(axis: &'static str, value: f64, limit: f64) -> Result<(), PositionError> {
    if !value.is_finite() {
        return Err(PositionError::NotFinite { axis, value });
    }
    if value.abs() > limit {
        return Err(PositionError::Outside { axis, value, limit });
    }
    Ok(())
}
