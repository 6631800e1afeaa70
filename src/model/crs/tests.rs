use geo::polygon;
use proptest::prelude::*;

use super::*;
use crate::model::Bbox;

/// Code, easting and northing (or longitude and latitude), longitude and latitude on WGS 84, as `gdaltransform -s_srs OGC:CRS84
/// -t_srs EPSG:…` of GDAL 3.6.2 with PROJ 9.1.1 has them.
const GDAL: [(u32, [f64; 2], [f64; 2]); 23] = [
    (3857, [-334784.463001507, 1894472.63623337], [-3.00742, 16.77348]),
    (3857, [19981848.5973926, -19971868.8804086], [179.5, -85.0]),
    (32628, [446062.887458961, 1575433.28375831], [-15.5, 14.25]),
    (32629, [608596.32882395, 1398638.60941756], [-8.0, 12.65]),
    (32630, [499209.2485276, 1854496.55510581], [-3.00742, 16.77348]),
    (32630, [977050.138925064, 1984888.37019183], [1.5, 17.9]),
    (32631, [275235.80810269, 2153280.18145773], [0.85889, 19.46139]),
    (32631, [500000.0, 0.0], [3.0, 0.0]),
    (32733, [533289.299478078, 9524705.31676269], [15.3, -4.3]),
    (2154, [652469.022709136, 6862035.25942008], [2.3522, 48.8566]),
    (3035, [4355147.32366332, 3237934.55572726], [10.5, 52.25]),
    (3031, [999225.010821625, 267741.534706634], [75.0, -80.5]),
    (3995, [-1707230.10020594, 985669.757922534], [-120.0, 72.0]),
    (3413, [-142401.981162237, -1627662.0927012], [-50.0, 75.0]),
    (2263, [989791.457348593, 212522.519239254], [-73.98, 40.75]),
    (4258, [5.5, 50.25], [5.5, 50.25]),
    (2056, [2600104.10949961, 1199879.62823766], [7.44, 46.95]),
    (27700, [434039.457286059, 289239.281092673], [-1.5, 52.5]),
    (28992, [142173.069480081, 456878.051382886], [5.2, 52.1]),
    (31370, [148679.447377894, 171066.810329966], [4.35, 50.85]),
    (3395, [-333958.472379821, 1850569.89438718], [-3.0, 16.5]),
    (2193, [1750697.52133419, 5426376.62316827], [174.8, -41.3]),
    (3067, [395257.320143905, 6875794.50484646], [25.0, 62.0]),
];

/// For every code of the table the middle of its area, as PROJ 9.5 has it.
const POINTS: &str = include_str!("../../../data/crs/points.tsv");

fn crs(name: &str) -> Crs {
    name.parse().unwrap()
}

fn metres(a: Position, lon: f64, lat: f64) -> f64 {
    a.distance_m(Position { lon, lat })
}

#[test]
fn common_systems_agree_with_gdal() {
    for (code, own @ [x, y], [lon, lat]) in GDAL {
        let system = Crs::epsg(code).unwrap();
        let position = system.to_crs84(own, Order::EastFirst).unwrap();
        assert!((position.lon - lon).abs() < 1e-6 && (position.lat - lat).abs() < 1e-6, "{code}: {position:?} is not {lon}, {lat}");
        let back = system.from_crs84(Position { lon, lat }, Order::EastFirst).unwrap();
        let close = if system.unit() == AxisUnit::Degree { 1e-7 } else { 0.01 };
        assert!((back[0] - x).abs() < close && (back[1] - y).abs() < close, "{code}: {back:?} is not {own:?}");
    }
}

#[test]
fn every_system_of_the_table_agrees_with_proj() {
    let mut codes = std::collections::HashSet::new();
    let mut wrong = Vec::new();
    for line in POINTS.lines().skip(1) {
        let cells = line.split('\t').collect::<Vec<_>>();
        let [authority, code, numbers @ ..] = &cells[..] else { panic!("{line}") };
        let code = code.parse::<u32>().unwrap();
        let numbers = numbers.iter().map(|cell| cell.parse::<f64>().unwrap()).collect::<Vec<_>>();
        let [x, y, lon, lat] = numbers[..] else { panic!("{line}") };
        let system = match *authority {
            "EPSG" => {
                codes.insert(code);
                Crs::epsg(code)
            }
            _ => Crs::esri(code),
        };
        let position = system.and_then(|system| {
            let position = system.to_crs84([x, y], Order::EastFirst)?;
            let back = system.from_crs84(position, Order::EastFirst)?;
            Ok((position, metres(system.to_crs84(back, Order::EastFirst)?, position.lon, position.lat)))
        });
        match position {
            // A shift with large angles is undone only so far: it is a sum, not a rotation.
            Ok((position, back)) if metres(position, lon, lat) < 1.0 && back < 0.25 => {}
            other => wrong.push(format!("{authority}:{code}: {other:?} is not {lon}, {lat}")),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(codes.len(), table::count());
}

#[test]
fn systems_have_many_names() {
    for (text, uri) in [
        ("EPSG:32630", "http://www.opengis.net/def/crs/EPSG/0/32630"),
        ("[EPSG:32630]", "http://www.opengis.net/def/crs/EPSG/0/32630"),
        ("epsg:4326", "http://www.opengis.net/def/crs/EPSG/0/4326"),
        ("urn:ogc:def:crs:EPSG::3857", "http://www.opengis.net/def/crs/EPSG/0/3857"),
        ("urn:ogc:def:crs:EPSG:9.9.1:4326", "http://www.opengis.net/def/crs/EPSG/0/4326"),
        ("urn:x-ogc:def:crs:EPSG:4326", ""),
        ("https://www.opengis.net/def/crs/EPSG/9.8.15/3395", "http://www.opengis.net/def/crs/EPSG/0/3395"),
        ("http://www.opengis.net/gml/srs/epsg.xml#27700", "http://www.opengis.net/def/crs/EPSG/0/27700"),
        ("OGC:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("crs84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("urn:ogc:def:crs:OGC::CRS84h", "http://www.opengis.net/def/crs/OGC/0/CRS84h"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("http://www.opengis.net/def/crs/OGC/0/CRS84h", "http://www.opengis.net/def/crs/OGC/0/CRS84h"),
    ] {
        assert_eq!(text.parse::<Crs>().map(|crs| crs.uri()).unwrap_or_default(), uri, "{text}");
    }
    for uri in ["OGC:CRS84", "EPSG:4326", "EPSG:32630"] {
        assert_eq!(crs(&crs(uri).uri()), crs(uri));
        assert_eq!(crs(uri).name(), uri);
    }
}

#[test]
fn what_is_not_known_says_so() {
    let refused = |text: &str| text.parse::<Crs>().unwrap_err().to_string();
    let unknown = |name: &str| format!("{name} is not one of the {} reference systems known here", table::count());
    assert_eq!(refused("EPSG:1"), unknown("EPSG:1"));
    assert_eq!(refused("EPSG:99999999"), unknown("EPSG:99999999"));
    assert_eq!(refused("ESRI:1"), unknown("ESRI:1"));
    assert_eq!(refused("urn:ogc:def:crs:OGC:1.3:CRS83"), unknown("urn:ogc:def:crs:OGC:1.3:CRS83"));
    for text in
        ["", "x", "EPSG", "EPSG:", "EPSG:x", "http://example.org/4326", "urn:ogc:def:crs:EPSG:x:4326", "é", "[", "{", "PROJCS[\"a\""]
    {
        assert!(matches!(text.parse::<Crs>(), Err(CrsError::Name(_))), "{text}: {:?}", text.parse::<Crs>());
    }
    assert_eq!(
        refused("LOCAL_CS[\"site\"]"),
        "the definition of \"site\" has no identifier of EPSG or OGC, and its parameters are not all known here"
    );
    let deep = format!("{}{}", "A[".repeat(100_000), "]".repeat(100_000));
    assert!(deep.parse::<Crs>().is_err());
    // Its ellipsoid is known, the way to WGS 84 is not.
    assert!(Crs::epsg(4001).is_err());
}

#[test]
fn definitions_name_their_system() {
    let utm = r#"PROJCS["WGS 84 / UTM zone 30N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],UNIT["metre",1],AXIS["Easting",EAST],AUTHORITY["EPSG","32630"]]"#;
    let height = r#"VERT_CS["NAP height",VERT_DATUM["Normaal Amsterdams Peil",2005],UNIT["metre",1],AUTHORITY["EPSG","5709"]]"#;
    for (text, name) in [
        (utm.to_owned(), "EPSG:32630"),
        (format!(r#"COMPD_CS["both",{utm},{height},AUTHORITY["EPSG","7415"]]"#), "EPSG:32630"),
        (r#"PROJCRS["a ""b"" c", BASEGEOGCRS["WGS 84", ID["EPSG",4326]], CONVERSION["x"], ID["EPSG",3857]]"#.to_owned(), "EPSG:3857"),
        (r#"BOUNDCRS[SOURCECRS[GEODCRS["ETRS89",ID["EPSG",4258]]],TARGETCRS[GEODCRS["WGS 84",ID["EPSG",4326]]]]"#.to_owned(), "EPSG:4258"),
        (r#"GEOGCRS["WGS 84 (CRS84)",ID["OGC","CRS84"]]"#.to_owned(), "OGC:CRS84"),
        (r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"],UNIT["Degree",0.0174532925199433]]"#.to_owned(), "OGC:CRS84"),
        (r#"{"type":"ProjectedCRS","name":"x","id":{"authority":"EPSG","code":32630}}"#.to_owned(), "EPSG:32630"),
        (
            r#"{"type":"GeographicCRS","name":"x","ids":[{"authority":"A","code":"b"},{"authority":"OGC","code":"CRS84"}]}"#.to_owned(),
            "OGC:CRS84",
        ),
        (
            r#"{"type":"CompoundCRS","components":[{"type":"ProjectedCRS","id":{"authority":"EPSG","code":"28992"}},{}]}"#.to_owned(),
            "EPSG:28992",
        ),
        (
            r#"{"type":"GeographicCRS","name":"WGS 84","coordinate_system":{"axis":[{"unit":"degree"},{"unit":"degree"}]}}"#.to_owned(),
            "OGC:CRS84",
        ),
    ] {
        assert_eq!(text.parse::<Crs>().map(|crs| crs.name()), Ok(name.to_owned()), "{text}");
    }
    assert!(r#"GEOGCS["WGS 84",UNIT["grad",0.015707963]]"#.parse::<Crs>().is_err());
}

#[test]
fn axes_are_ordered_as_the_authority_has_them() {
    for (name, is_north_first, unit) in [
        ("OGC:CRS84", false, AxisUnit::Degree),
        ("EPSG:4326", true, AxisUnit::Degree),
        ("EPSG:4258", true, AxisUnit::Degree),
        ("EPSG:32630", false, AxisUnit::Length { metres: 1.0 }),
        ("EPSG:3857", false, AxisUnit::Length { metres: 1.0 }),
        ("EPSG:3035", true, AxisUnit::Length { metres: 1.0 }),
        ("EPSG:2193", true, AxisUnit::Length { metres: 1.0 }),
        ("EPSG:3031", false, AxisUnit::Length { metres: 1.0 }),
        ("EPSG:32661", true, AxisUnit::Length { metres: 1.0 }),
        ("EPSG:2263", false, AxisUnit::Length { metres: 1200.0 / 3937.0 }),
    ] {
        assert_eq!(crs(name).is_north_first(), is_north_first, "{name}");
        match (crs(name).unit(), unit) {
            (AxisUnit::Length { metres: a }, AxisUnit::Length { metres: b }) => assert!((a - b).abs() < 1e-9, "{name}"),
            (own, unit) => assert_eq!(own, unit, "{name}"),
        }
    }
    let at = Position { lon: -3.0, lat: 16.5 };
    assert_eq!(crs("EPSG:4326").from_crs84(at, Order::Authority), Ok([16.5, -3.0]));
    assert_eq!(crs("EPSG:4326").from_crs84(at, Order::EastFirst), Ok([-3.0, 16.5]));
    assert_eq!(crs("EPSG:4326").to_crs84([16.5, -3.0], Order::Authority), Ok(at));
    assert_eq!(crs("OGC:CRS84").to_crs84([-3.0, 16.5], Order::Authority), Ok(at));
    let [north, east] = crs("EPSG:3035").from_crs84(Position { lon: 10.5, lat: 52.25 }, Order::Authority).unwrap();
    assert!(north < east);
}

#[test]
fn places_that_a_system_has_not_are_refused_by_its_name() {
    let refused = crs("EPSG:32630").to_crs84([f64::NAN, 0.0], Order::EastFirst).unwrap_err();
    assert_eq!(refused.to_string(), "EPSG:32630 has no place with the coordinates NaN, 0");
    let refused = crs("EPSG:3857").from_crs84(Position { lon: 0.0, lat: 90.0 }, Order::EastFirst).unwrap_err();
    assert_eq!(refused.to_string(), "EPSG:3857 has no coordinates for longitude 0, latitude 90");
    // As an angle the northing would be one within the first turn.
    assert!(crs("EPSG:32630").to_crs84([499_209.2, 1e12], Order::EastFirst).is_err());
    assert!(crs("EPSG:3857").to_crs84([20_037_508.34, 0.0], Order::EastFirst).is_ok(), "the edge of the map is on it");
    assert!(crs("EPSG:4326").to_crs84([0.0, 91.0], Order::EastFirst).is_err());
}

#[test]
fn whole_geometries_go_both_ways() {
    let square = polygon![(x: 499_000.0, y: 1_854_000.0), (x: 500_000.0, y: 1_854_000.0), (x: 500_000.0, y: 1_855_000.0)];
    let plane = geo::Geometry::Polygon(square);
    let utm = crs("EPSG:32630");
    let geometry = utm.geometry_to_crs84(&plane, Order::EastFirst).unwrap();
    let bounds = geometry.bounds().unwrap();
    assert!((bounds.max_x + 3.0).abs() < 1e-6 && (bounds.min_y - 16.769).abs() < 1e-3, "{bounds:?}");
    let back = utm.geometry_from_crs84(&geometry, Order::EastFirst).unwrap();
    let distance = geo::CoordsIter::coords_iter(&back).zip(geo::CoordsIter::coords_iter(&plane));
    assert!(distance.map(|(a, b)| (a.x - b.x).hypot(a.y - b.y)).all(|metres| metres < 0.001));
    assert!(utm.geometry_to_crs84(&geo::Geometry::Point(geo::Point::new(f64::MAX, 0.0)), Order::EastFirst).is_err());
}

#[test]
fn boxes_hold_their_edges() {
    let edges = |name: &str, corners| crs(name).box_to_crs84(corners, Order::EastFirst).unwrap().edges();
    // The northern edge of a Lambert box is bent: its middle lies further north than its corners.
    let [_, _, _, north] = edges("EPSG:2154", [[100_000.0, 6_000_000.0], [1_200_000.0, 7_100_000.0]]);
    let corner = crs("EPSG:2154").to_crs84([1_200_000.0, 7_100_000.0], Order::EastFirst).unwrap();
    assert!(north > corner.lat + 0.2, "{north} {corner:?}");
    let [west, _, east, _] = edges("EPSG:32660", [[700_000.0, 1_000_000.0], [900_000.0, 1_200_000.0]]);
    assert!(west > 178.0 && east < -178.0, "{west} {east}: across the antimeridian");
    assert_eq!(edges("EPSG:3031", [[-1e6, -1e6], [1e6, 1e6]])[..2], [-180.0, -90.0]);
    let swapped = crs("EPSG:4326").box_to_crs84([[16.0, -4.0], [17.0, -3.0]], Order::Authority).unwrap().edges();
    assert!((swapped[0] + 4.0).abs() < 0.01 && (swapped[3] - 17.0).abs() < 0.01, "{swapped:?}");
    assert!(crs("EPSG:32630").box_to_crs84([[f64::NAN, 0.0], [1.0, 1.0]], Order::EastFirst).is_err());
}

fn some_system() -> impl Strategy<Value = Crs> {
    proptest::sample::select(vec![3857, 32630, 2154, 3035, 3031, 2056, 27700, 28992, 4258, 2193, 2263])
        .prop_map(|code| Crs::epsg(code).unwrap())
}

proptest! {
    #[test]
    fn any_coordinates_are_a_place_or_an_error(system in some_system(), x in any::<f64>(), y in any::<f64>(), w in -2e7..2e7_f64, v in -2e7..2e7_f64) {
        for own in [[x, y], [w, v]] {
            if let Ok(Position { lon, lat }) = system.to_crs84(own, Order::EastFirst) {
                prop_assert!(Position::new(lon, lat).is_ok());
            }
        }
        let _ = system.box_to_crs84([[x, y], [w, v]], Order::EastFirst).map(|bbox: Bbox| bbox.edges());
    }

    #[test]
    fn every_place_within_a_zone_comes_back(zone in 1..=60_u32, across in -3.0..3.0_f64, lat in -80.0..84.0_f64, south in any::<bool>()) {
        let system = Crs::epsg(32600 + zone + if south { 100 } else { 0 }).unwrap();
        let lon = f64::from(zone) * 6.0 - 183.0 + across;
        let own = system.from_crs84(Position { lon, lat }, Order::EastFirst).unwrap();
        let back = system.to_crs84(own, Order::EastFirst).unwrap();
        prop_assert!(back.distance_m(Position { lon, lat }) < 0.001, "{:?} is not {lon}, {lat}", back);
    }

    #[test]
    fn a_box_holds_what_is_in_it(x in 200_000.0..800_000.0_f64, y in 1e6..3e6_f64, width in 10.0..2e5_f64, height in 10.0..2e5_f64, a in 0.0..1.0_f64, b in 0.0..1.0_f64) {
        let system = crs("EPSG:32630");
        let [west, south, east, north] = system.box_to_crs84([[x, y], [x + width, y + height]], Order::EastFirst).unwrap().edges();
        let Position { lon, lat } = system.to_crs84([x + width * a, y + height * b], Order::EastFirst).unwrap();
        prop_assert!(west <= lon && lon <= east && south <= lat && lat <= north);
    }
}
