//! A definition without an identifier, by its parameters: a projection of one's own on a datum that is known.
//!
//! Names are those of OGC 01-009, of Esri's texts, and of EPSG's methods, which WKT 2 and PROJJSON have (Guidance Note 7-2).

use serde_json::Value;

use super::definition::Node;

/// What a definition says, of whatever version.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Described {
    /// The geographic system's number of EPSG's.
    base: Option<u32>,
    /// The names of the geographic system and of its datum.
    names: Vec<String>,
    method: Option<String>,
    /// Names and values, in degrees, metres, or without a unit.
    parameters: Vec<(String, f64)>,
    /// Metres of one unit of the coordinates.
    unit: Option<f64>,
    /// Metres, arc seconds and parts per million to WGS 84.
    shift: Option<String>,
    /// Semi-major axis in metres, and inverse flattening.
    ellipsoid: Option<[f64; 2]>,
    /// Longitude of the prime meridian.
    meridian: f64,
}

/// A system that a description comes to.
#[derive(Debug, PartialEq)]
pub(super) enum Meant {
    /// One that EPSG has a number for.
    Known(u32),
    /// A projection of the longitudes and latitudes of one that EPSG has a number for, as a PROJ.4 text with what stands for those left out.
    On(u32, String),
    /// A PROJ.4 text of its own.
    Own(String),
}

/// Names of geographic systems and datums, plain and without what Esri puts before them, with EPSG's number of the system.
const BASES: [(&str, u32); 25] = [
    ("wgs_84", 4326),
    ("wgs84", 4326),
    ("wgs_1984", 4326),
    ("world_geodetic_system_1984", 4326),
    ("world_geodetic_system_1984_ensemble", 4326),
    ("unknown_based_on_wgs84_ellipsoid", 4326),
    ("unknown_based_on_wgs_84_ellipsoid", 4326),
    ("unknown_based_on_grs80_ellipsoid", 4258),
    ("unknown_based_on_grs_1980_ellipsoid", 4258),
    ("etrs89", 4258),
    ("etrs_1989", 4258),
    ("european_terrestrial_reference_system_1989", 4258),
    ("nad83", 4269),
    ("north_american_1983", 4269),
    ("north_american_datum_1983", 4269),
    ("gda94", 4283),
    ("gda_1994", 4283),
    ("gda2020", 7844),
    ("sirgas_2000", 4674),
    ("nad27", 4267),
    ("north_american_1927", 4267),
    ("ed50", 4230),
    ("european_1950", 4230),
    ("s_jtsk", 4156),
    ("deutsches_hauptdreiecksnetz", 4314),
];

/// A name in lower case, its words with one line between them.
fn plain(name: &str) -> String {
    let letters = name.chars().map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join("_")
}

impl Described {
    /// Reads well-known text of either version.
    pub(super) fn of_text(root: &Node<'_>) -> Option<Self> {
        let mut described = Self::default();
        let keyword = root.keyword.to_ascii_uppercase();
        let geographic = match keyword.as_str() {
            "PROJCS" | "PROJCRS" | "PROJECTEDCRS" => root.child(&["GEOGCS", "BASEGEOGCRS", "BASEGEODCRS"])?,
            "GEOGCS" | "GEOGCRS" | "GEOGRAPHICCRS" | "GEODCRS" => root,
            _ => return None,
        };
        described.base = geographic.child(&["AUTHORITY", "ID"]).and_then(|id| match id.values[..] {
            [authority, code, ..] if authority.eq_ignore_ascii_case("EPSG") => code.parse().ok(),
            _ => None,
        });
        let datum = geographic.child(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
        described.names = [geographic, datum].iter().filter_map(|node| node.values.first()).map(|name| plain(name)).collect();
        described.shift = datum.child(&["TOWGS84"]).map(|node| node.values.join(","));
        let numbers = datum.child(&["SPHEROID", "ELLIPSOID"]).map(|node| node.numbers()).unwrap_or_default();
        described.ellipsoid = if let [axis, flattening, ..] = numbers[..] { Some([axis, flattening]) } else { None };
        let factor = |node: &Node<'_>| {
            node.child(&["UNIT", "ANGLEUNIT", "LENGTHUNIT", "SCALEUNIT"]).and_then(|unit| unit.numbers().first().copied())
        };
        let angle = geographic.child(&["UNIT", "ANGLEUNIT"]).and_then(|unit| unit.numbers().first().copied()).unwrap_or(1_f64.to_radians());
        described.meridian = geographic.child(&["PRIMEM", "PRIMEMERIDIAN"]).and_then(|node| node.numbers().first().copied()).unwrap_or(0.0);
        if std::ptr::eq(geographic, root) {
            return ((angle - 1_f64.to_radians()).abs() < 1e-12).then_some(described);
        }
        let conversion = root.child(&["CONVERSION"]).unwrap_or(root);
        described.method = Some(plain(conversion.child(&["PROJECTION", "METHOD"])?.values.first()?));
        let unit =
            factor(root).or_else(|| root.child(&["AXIS"]).and_then(factor)).or_else(|| root.child(&["CS"]).and_then(factor)).unwrap_or(1.0);
        described.unit = Some(unit);
        for parameter in conversion.nodes.iter().filter(|node| node.keyword.eq_ignore_ascii_case("PARAMETER")) {
            let name = plain(parameter.values.first()?);
            let value = *parameter.numbers().first()?;
            let value = match kind(&name) {
                Some(Measure::Angle) => (value * factor(parameter).unwrap_or(angle)).to_degrees(),
                Some(Measure::Length) => value * factor(parameter).unwrap_or(unit),
                _ => value,
            };
            described.parameters.push((name, tidy(value)));
        }
        Some(described)
    }

    /// Reads a PROJJSON object.
    pub(super) fn of_json(value: &Value) -> Option<Self> {
        let mut described = Self::default();
        let geographic = match value["type"].as_str()? {
            "ProjectedCRS" => &value["base_crs"],
            "GeographicCRS" => value,
            _ => return None,
        };
        let id = &geographic["id"];
        described.base = (id["authority"] == "EPSG").then(|| id["code"].as_u64()).flatten().and_then(|code| u32::try_from(code).ok());
        let datum = if geographic["datum"].is_object() { &geographic["datum"] } else { &geographic["datum_ensemble"] };
        described.names = [geographic, datum].iter().filter_map(|value| value["name"].as_str()).map(plain).collect();
        let ellipsoid = &datum["ellipsoid"];
        described.ellipsoid = ellipsoid["semi_major_axis"].as_f64().zip(ellipsoid["inverse_flattening"].as_f64()).map(<[f64; 2]>::from);
        described.meridian = datum["prime_meridian"]["longitude"].as_f64().unwrap_or(0.0);
        let factor = |unit: &Value| match unit.as_str() {
            Some("degree") => Some(1_f64.to_radians()),
            Some("metre" | "unity") => Some(1.0),
            _ => unit["conversion_factor"].as_f64(),
        };
        let conversion = &value["conversion"];
        if !conversion.is_object() {
            let is_degree = geographic["coordinate_system"]["axis"][0]["unit"] == "degree";
            return is_degree.then_some(described);
        }
        described.method = Some(plain(conversion["method"]["name"].as_str()?));
        described.unit = Some(factor(&value["coordinate_system"]["axis"][0]["unit"])?);
        for parameter in conversion["parameters"].as_array()? {
            let (name, value) = (plain(parameter["name"].as_str()?), parameter["value"].as_f64()? * factor(&parameter["unit"])?);
            let value = if matches!(kind(&name), Some(Measure::Angle)) { value.to_degrees() } else { value };
            described.parameters.push((name, tidy(value)));
        }
        Some(described)
    }

    /// The system; `None` where a parameter or the datum is not known.
    pub(super) fn meant(&self) -> Option<Meant> {
        let bare = |name: &'_ String| name.strip_prefix("gcs_").or_else(|| name.strip_prefix("d_")).unwrap_or(name).to_owned();
        let known = |name: &String| BASES.iter().find(|(own, _)| *own == bare(name)).map(|(_, code)| *code);
        let base = self.base.or_else(|| self.names.iter().find_map(known));
        // A meridian of its own is part of a system that has a number.
        if self.base.is_none() && self.meridian != 0.0 {
            return None;
        }
        let Some(method) = &self.method else { return base.filter(|_| self.base.is_none()).map(Meant::Known) };
        let text = self.projection(method)?;
        match (base, &self.shift, self.ellipsoid) {
            (Some(base), ..) => Some(Meant::On(base, text)),
            (None, Some(shift), Some([axis, flattening])) if shift.split(',').all(|part| part.parse::<f64>().is_ok()) => {
                Some(Meant::Own(format!("{text} +a={axis} +rf={flattening} +towgs84={shift} +no_defs")))
            }
            _ => None,
        }
    }

    fn value(&self, key: &str) -> Option<f64> {
        self.parameters.iter().find(|(name, _)| key_of(name) == Some(key)).map(|(_, value)| *value)
    }

    /// The projection as a PROJ.4 text.
    fn projection(&self, method: &str) -> Option<String> {
        let of = |key| self.value(key);
        let (lat_0, lat_1) = (of("lat_0").unwrap_or(0.0), of("lat_1"));
        let scale = of("k").unwrap_or(1.0);
        let ts = |lat: Option<f64>| lat.map_or(String::new(), |lat| format!(" +lat_ts={lat}"));
        let pole = |lat: f64| if lat < 0.0 { -90.0 } else { 90.0 };
        // Whose parameters mean something else is none of these.
        if self.parameters.iter().any(|(name, value)| key_of(name).is_none() && *value != 0.0) {
            return None;
        }
        let own = match method {
            "transverse_mercator" | "gauss_kruger" => format!("tmerc +lat_0={lat_0} +k={scale}"),
            "lambert_conformal_conic_1sp" | "lambert_conic_conformal_1sp" => format!("lcc +lat_1={lat_0} +lat_0={lat_0} +k_0={scale}"),
            "lambert_conformal_conic_2sp" | "lambert_conic_conformal_2sp" | "lambert_conformal_conic" if scale == 1.0 => {
                format!("lcc +lat_1={} +lat_2={} +lat_0={lat_0}", lat_1?, of("lat_2").or(lat_1)?)
            }
            "lambert_conformal_conic" if lat_1 == Some(lat_0) => format!("lcc +lat_1={lat_0} +lat_0={lat_0} +k_0={scale}"),
            "albers_conic_equal_area" | "albers" | "albers_equal_area" => {
                format!("aea +lat_1={} +lat_2={} +lat_0={lat_0}", lat_1?, of("lat_2")?)
            }
            "lambert_azimuthal_equal_area" => format!("laea +lat_0={lat_0}"),
            "mercator_1sp" | "mercator_variant_a" if lat_0 == 0.0 => format!("merc +k={scale}"),
            "mercator_2sp" | "mercator_variant_b" | "mercator" if lat_0 == 0.0 => format!("merc{}", ts(of("lat_ts").or(lat_1))),
            "polar_stereographic" if scale == 1.0 => format!("stere +lat_0={} +lat_ts={lat_0}", pole(lat_0)),
            "polar_stereographic_variant_a" => format!("stere +lat_0={} +k={scale}", pole(lat_0)),
            "polar_stereographic_variant_b" => format!("stere +lat_0={}{}", pole(of("lat_ts")?), ts(of("lat_ts"))),
            "stereographic_north_pole" | "stereographic_south_pole" => format!("stere +lat_0={}{}", pole(lat_1?), ts(lat_1)),
            "oblique_stereographic" | "double_stereographic" => format!("sterea +lat_0={lat_0} +k={scale}"),
            "azimuthal_equidistant" | "modified_azimuthal_equidistant" => format!("aeqd +lat_0={lat_0}"),
            "cylindrical_equal_area" | "behrmann" | "lambert_cylindrical_equal_area" => format!("cea{}", ts(of("lat_ts").or(lat_1))),
            "equidistant_conic" => format!("eqdc +lat_1={} +lat_2={} +lat_0={lat_0}", lat_1?, of("lat_2")?),
            "sinusoidal" => "sinu".to_owned(),
            "mollweide" => "moll".to_owned(),
            "robinson" => "robin".to_owned(),
            "equal_earth" => "eqearth".to_owned(),
            _ => return None,
        };
        let (lon_0, x_0, y_0) = (of("lon_0").unwrap_or(0.0), of("x_0").unwrap_or(0.0), of("y_0").unwrap_or(0.0));
        Some(format!("+proj={own} +lon_0={lon_0} +x_0={x_0} +y_0={y_0} +to_meter={}", self.unit.unwrap_or(1.0)))
    }
}

/// What a parameter is measured in.
enum Measure {
    Angle,
    Length,
    Ratio,
}

fn kind(name: &str) -> Option<Measure> {
    Some(match key_of(name)? {
        "k" => Measure::Ratio,
        "x_0" | "y_0" => Measure::Length,
        _ => Measure::Angle,
    })
}

/// The key of a parameter in a PROJ.4 text.
fn key_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "latitude_of_origin" | "latitude_of_center" | "latitude_of_natural_origin" | "latitude_of_false_origin" => "lat_0",
        "central_meridian"
        | "longitude_of_center"
        | "longitude_of_natural_origin"
        | "longitude_of_false_origin"
        | "longitude_of_origin" => "lon_0",
        "standard_parallel_1" | "latitude_of_1st_standard_parallel" => "lat_1",
        "standard_parallel_2" | "latitude_of_2nd_standard_parallel" => "lat_2",
        "latitude_of_standard_parallel" => "lat_ts",
        "scale_factor" | "scale_factor_at_natural_origin" => "k",
        "false_easting" | "easting_at_false_origin" => "x_0",
        "false_northing" | "northing_at_false_origin" => "y_0",
        _ => return None,
    })
}

/// Without the noise of a conversion of units.
fn tidy(value: f64) -> f64 {
    let near = (value * 1e9).round() / 1e9;
    if (near - value).abs() < 1e-12 * value.abs().max(1.0) { near } else { value }
}

#[cfg(test)]
mod tests {
    use crate::model::{Crs, Order, Position};

    /// Longitude, latitude, easting, northing, definition.
    const DESCRIBED: &str = include_str!("../../../data/crs/described.tsv");

    #[test]
    fn what_has_no_number_is_read_by_its_parameters() {
        let mut wrong = Vec::new();
        for line in DESCRIBED.lines().skip(1) {
            let cells = line.split('\t').collect::<Vec<_>>();
            let [lon, lat, x, y] = [0, 1, 2, 3].map(|index| cells[index].parse::<f64>().unwrap());
            let read = cells[4].parse::<Crs>().and_then(|system| system.to_crs84([x, y], Order::EastFirst));
            if !read.as_ref().is_ok_and(|place| place.distance_m(Position { lon, lat }) < 0.01) {
                wrong.push(format!("{read:?} is not {lon} {lat}: {}", cells[4]));
            }
        }
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn names_of_systems_count_and_what_is_not_known_is_refused() {
        let utm = |datum: &str, projection: &str| {
            format!(
                r#"PROJCS["mine",GEOGCS["{datum}",DATUM["x",SPHEROID["y",6377397.155,299.1528128]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["{projection}"],PARAMETER["Central_Meridian",15.0],PARAMETER["Odd",0.0],UNIT["Meter",1.0]]"#
            )
        };
        let read = |text: String| text.parse::<Crs>().map(|system| system.accuracy_m());
        assert_eq!(read(utm("GCS_WGS_1984", "Transverse_Mercator")), Ok(None));
        assert_eq!(read(utm("GCS_S_JTSK", "Transverse_Mercator")), Ok(Some([1.0, 6.0])));
        for text in [
            utm("GCS_Mars_2000", "Transverse_Mercator"),
            utm("GCS_WGS_1984", "Vertical_Near_Side_Perspective"),
            utm("GCS_WGS_1984", "Transverse_Mercator").replace("[\"Odd\",0.0]", "[\"Azimuth\",30.0]"),
            utm("GCS_WGS_1984", "Transverse_Mercator").replace("Greenwich\",0.0", "Paris\",2.33722917"),
        ] {
            assert_eq!(
                text.parse::<Crs>().unwrap_err().to_string(),
                "the definition of \"mine\" has no identifier of EPSG or OGC, and its parameters are not all known here"
            );
        }
        let etrs = r#"GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        assert_eq!(etrs.parse::<Crs>().unwrap(), Crs::epsg(4258).unwrap());
        assert!(etrs.replace("0.0174532925199433", "0.01570796326794897").parse::<Crs>().is_err());
        // A number that is not known here, of parameters that are: MAGNA-SIRGAS 2018 / Origen-Nacional, as GDAL has it.
        let national = r#"{"type":"ProjectedCRS","name":"Origen-Nacional","id":{"authority":"EPSG","code":9377},"base_crs":{"name":"SIRGAS 2000","datum":{"name":"x"}},"conversion":{"method":{"name":"Transverse Mercator"},"parameters":[{"name":"Latitude of natural origin","value":4,"unit":"degree"},{"name":"Longitude of natural origin","value":-73,"unit":"degree"},{"name":"Scale factor at natural origin","value":0.9992,"unit":"unity"},{"name":"False easting","value":5000000,"unit":"metre"},{"name":"False northing","value":2000000,"unit":"metre"}]},"coordinate_system":{"axis":[{"unit":"metre"},{"unit":"metre"}]}}"#;
        let place = national.parse::<Crs>().unwrap().to_crs84([4_881_375.8196298, 2_078_540.4422327], Order::EastFirst).unwrap();
        assert!(place.distance_m(Position { lon: -74.07, lat: 4.71 }) < 0.01, "{place:?}");
    }
}
