//! `crs` and `bbox-crs`: the reference systems on offer (OGC API – Features Part 2, 18-058r1).
//!
//! The standard has a request name one of the systems that a collection lists, so the list is short and a publisher adds to it; a
//! system that is known and not listed is refused like one that is not known.

use std::sync::LazyLock;

use super::{CRS84, CRS84H, Params, QueryError};
use crate::model::Crs;

/// The systems that answers and boxes can be in, CRS84 first, since clients are known to take the first (qgis#52228).
#[derive(Debug, Clone, Copy)]
pub struct Systems(&'static [Crs]);

/// EPSG's codes that are always on offer: latitude and longitude, Web Mercator, and the UTM zones of West Africa.
const ALWAYS: [u32; 6] = [4326, 3857, 32628, 32629, 32630, 32631];

static DEFAULT: LazyLock<Vec<Crs>> = LazyLock::new(|| {
    let epsg = ALWAYS.into_iter().map(|code| Crs::epsg(code).expect("these codes are in the table, as a test shows"));
    std::iter::once(Crs::crs84()).chain(epsg).collect()
});

impl Default for Systems {
    fn default() -> Self {
        Self(&DEFAULT)
    }
}

impl Systems {
    /// The systems that are always on offer and some more, by any of their names; those that are not known are left out. Kept for as
    /// long as the program runs.
    pub fn with(names: &[String]) -> Self {
        if names.is_empty() {
            return Self::default();
        }
        let mut all = DEFAULT.clone();
        for system in names.iter().filter_map(|name| name.parse::<Crs>().ok()).filter(Crs::is_standard) {
            if !all.contains(&system) {
                all.push(system);
            }
        }
        Self(all.leak())
    }

    /// Checks the name of a system.
    ///
    /// # Errors
    /// When it names none, or one that is not known here or has no number of EPSG's.
    pub fn check(name: &str) -> Result<String, String> {
        match name.parse::<Crs>() {
            Ok(system) if system.is_standard() => Ok(name.to_owned()),
            Ok(system) => Err(format!("{} is read from files, but not offered: offered are systems of EPSG and OGC", system.name())),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Only those whose coordinates are longitude and latitude, in this order.
    pub fn plain() -> Self {
        Self(&DEFAULT[..1])
    }

    /// Their identifiers, CRS84 first.
    pub fn uris(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(Crs::uri)
    }

    /// The system that a parameter names; CRS84 where it is not given. CRS84h, the same with heights, is taken as well.
    ///
    /// # Errors
    /// [`QueryError::System`] when it names none on offer.
    pub(super) fn of(&self, params: &Params, parameter: &'static str) -> Result<Crs, QueryError> {
        match params.get(parameter) {
            None | Some(CRS84 | CRS84H) => Ok(Crs::crs84()),
            Some(value) => self.0.iter().find(|system| system.uri() == value).cloned().ok_or_else(|| {
                let meant = value.parse::<Crs>().ok().filter(|meant| self.0.contains(meant)).map(|meant| meant.uri());
                QueryError::System { parameter, value: value.to_owned(), allowed: self.uris().collect::<Vec<_>>().join(", "), meant }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crs84_is_first_and_what_is_added_is_last() {
        let all = Systems::with(&["EPSG:2154".to_owned(), "EPSG:4326".to_owned()]);
        let uris = all.uris().collect::<Vec<_>>();
        assert_eq!((uris[0].as_str(), uris.len()), (CRS84, ALWAYS.len() + 2));
        assert_eq!(uris.last().unwrap(), "http://www.opengis.net/def/crs/EPSG/0/2154");
        assert!(Systems::check("EPSG:2154").is_ok() && Systems::check("EPSG:1").is_err() && Systems::check("ESRI:54009").is_err());
    }

    #[test]
    fn short_names_are_met_with_the_long_one() {
        let params = Params::parse("crs=EPSG:3857").unwrap();
        let error = Systems::default().of(&params, "crs").unwrap_err().to_string();
        assert!(error.ends_with("did you mean http://www.opengis.net/def/crs/EPSG/0/3857?"), "{error}");
    }
}
