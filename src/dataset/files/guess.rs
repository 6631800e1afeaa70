//! What the columns of a file are for, by their names.

use super::infer::words;
use crate::model::{Kind, Property, Text};

/// The columns of a table that say where a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// Longitude and latitude.
    LonLat(usize, usize),
    /// A geometry: well-known text or binary, or GeoJSON.
    Geometry(usize),
    /// Two coordinates in one cell; whether the longitude stands first.
    Pair(usize, bool),
    /// The name of a place, and its country by code or name.
    Place(usize, Option<usize>),
}

/// What a table is told that has none of them.
pub(super) const NOWHERE: &str = "no column says where a record is (lon and lat, geometry or wkt, place): a table without a map";

const LON: [&str; 7] = ["lon", "lng", "long", "longitude", "lon_dd", "x", "decimallongitude"];
const LAT: [&str; 6] = ["lat", "latitude", "lat_dd", "y", "decimallatitude", "lati"];
const GEOMETRY: [&str; 17] = [
    "wkt",
    "geometry",
    "geom",
    "the_geom",
    "wkt_geom",
    "geometry_wkt",
    "geom_wkt",
    "ewkt",
    "wkb",
    "ewkb",
    "wkb_geometry",
    "geometry_wkb",
    "wkb_geom",
    "geom_wkb",
    "geojson",
    "geo_shape",
    "geometry_geojson",
];
/// Two coordinates, in the order that the name says or that those who use it write.
const LAT_LON: [&str; 10] =
    ["lat_lon", "latlon", "lat_lng", "latlng", "lat_long", "latlong", "latitude_longitude", "geo_point_2d", "geo_point", "geopoint"];
const LON_LAT: [&str; 7] = ["lon_lat", "lonlat", "lng_lat", "lnglat", "long_lat", "longlat", "longitude_latitude"];
const PLACE: [&str; 12] =
    ["place", "place_name", "placename", "city", "town", "village", "settlement", "locality", "commune", "ville", "lieu", "localite"];
const COUNTRY: [&str; 6] = ["country_code", "iso2", "iso_a2", "country", "cc", "iso"];
const LABEL: [&str; 8] = ["name", "title", "label", "name_en", "nom", "titre", "display_name", "headline"];

/// The column of the first of `names` that there is, in any case, with blanks and hyphens for underscores.
fn column(header: &[String], names: &[&str]) -> Option<usize> {
    let plain = |column: &String| column.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    names.iter().find_map(|name| header.iter().position(|column| plain(column).trim_start_matches('_') == *name))
}

/// Two columns whose names have a word for longitude and one for latitude, and else the same words: `_GPS_longitude` and `_GPS_latitude`.
fn pair(header: &[String]) -> Option<(usize, usize)> {
    // A letter alone may be an axis of anything.
    let rest = |name: &str, wanted: &[&str]| {
        let mut words = words(name);
        let at = words.iter().position(|word| word.len() > 1 && wanted.contains(&word.as_str()))?;
        words.remove(at);
        Some(words)
    };
    let of = |wanted: &'static [&str]| header.iter().enumerate().filter_map(move |(index, name)| Some((index, rest(name, wanted)?)));
    of(&LON).find_map(|(lon, words)| of(&LAT).find(|(_, others)| *others == words).map(|(lat, _)| (lon, lat)))
}

/// The columns that say where a row is: coordinates before text, both before a name.
pub(super) fn place(header: &[String]) -> Option<Where> {
    // `x` and `y`, `lon` and `lat` …: any of the one with any of the other.
    if let (Some(lon), Some(lat)) = (column(header, &LON), column(header, &LAT)) {
        return Some(Where::LonLat(lon, lat));
    }
    if let Some((lon, lat)) = pair(header) {
        return Some(Where::LonLat(lon, lat));
    }
    if let Some(geometry) = column(header, &GEOMETRY) {
        return Some(Where::Geometry(geometry));
    }
    for (names, is_lon_first) in [(&LAT_LON[..], false), (&LON_LAT[..], true)] {
        if let Some(pair) = column(header, names) {
            return Some(Where::Pair(pair, is_lon_first));
        }
    }
    column(header, &PLACE).map(|place| Where::Place(place, column(header, &COUNTRY)))
}

/// The property that names a feature to a reader, in English and, where there is one, in French.
pub(super) fn label(properties: &[Property]) -> Option<Text> {
    let texts = || properties.iter().filter(|property| property.kind == Kind::Text);
    let exact = LABEL.iter().find_map(|name| texts().find(|property| property.name.eq_ignore_ascii_case(name)));
    let within = || texts().find(|property| words(&property.name).iter().any(|word| LABEL.contains(&word.as_str())));
    let found = exact.or_else(within).or_else(|| texts().next())?;
    let french = format!("{}_fr", found.name);
    let french = texts().find(|property| property.name == french).map(|property| property.name.clone());
    Some(Text { en: found.name.clone(), fr: french })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_common_names() {
        let place = |names: &[&str]| place(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(place(&["id", "Latitude", "Longitude"]), Some(Where::LonLat(2, 1)));
        assert_eq!(place(&["X", "Y", "wkt"]), Some(Where::LonLat(0, 1)));
        assert_eq!(place(&["lon", "geom"]), Some(Where::Geometry(1)));
        assert_eq!(place(&["City", "country"]), Some(Where::Place(0, Some(1))));
        assert_eq!(place(&["name", "_GPS_latitude", "_GPS_longitude"]), Some(Where::LonLat(2, 1)));
        assert_eq!(place(&["Latitude (north)", "Site longitude", "Site latitude"]), Some(Where::LonLat(1, 2)));
        assert_eq!(place(&["gid", "WKB-geometry"]), Some(Where::Geometry(1)));
        assert_eq!(place(&["Geo Shape", "Geo Point"]), Some(Where::Geometry(0)));
        assert_eq!(place(&["Geo Point"]), Some(Where::Pair(0, false)));
        assert_eq!(place(&["id", "lnglat"]), Some(Where::Pair(1, true)));
        assert_eq!(place(&["name", "value"]), None);
        assert_eq!(place(&["long name", "lat", "tile_x", "tile_y"]), None);
    }
}
