//! Spatial functions.

use geo::Validation;

use super::site::{Type, path, queryables_of};

const WORLD_BOX: &str = "BBOX(-180,-90,180,90)";
const WORLD: &str = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))";
const LINE: &str = "LINESTRING(7 50,10 51)";
const POINT: &str = "POINT(7.02 49.92)";

pub(super) async fn basic_spatial_functions_s_intersects() {
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        let placed = site.found(collection, &format!("{name} IS NOT NULL")).await;
        assert_eq!(site.found(collection, &format!("S_INTERSECTS({name},{WORLD_BOX})")).await, placed);
        site.found(collection, &format!("S_INTERSECTS({name},{POINT})")).await;
        site.refuses(collection, &format!("S_INTERSECTS({name},POINT(90 180))")).await;
        let (west, east) = (format!("S_INTERSECTS({name},BBOX(-180,-90,-90,90))"), format!("S_INTERSECTS({name},BBOX(90,-90,180,90))"));
        let both = site.found(collection, &format!("{west} AND {east}")).await;
        let (west, east) = (site.found(collection, &west).await, site.found(collection, &east).await);
        assert_eq!(both, west.intersection(&east).cloned().collect());
    }
}

pub(super) async fn basic_spatial_functions_plus_s_intersects() {
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        site.refuses(collection, &format!("S_INTERSECTS({name},MULTIPOINT(7.02 49.92, 90 180))")).await;
        for literal in [
            "LINESTRING(-180 -45, 0 -45)",
            "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
            "POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50))",
            "MULTIPOLYGON(((-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50)),((0 0, 10 0, 10 10, 0 10, 0 0)))",
            "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
        ] {
            site.found(collection, &format!("S_INTERSECTS({name},{literal})")).await;
        }
    }
}

pub(super) async fn spatial_functions_s_intersects() {
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        let by_box = site.found(collection, &format!("S_INTERSECTS({name},{WORLD_BOX})")).await;
        assert_eq!(by_box, site.found(collection, &format!("S_INTERSECTS({name},{WORLD})")).await, "{collection}");
        site.found(collection, &format!("S_INTERSECTS({name},{LINE})")).await;
        site.found(collection, &format!("S_INTERSECTS({name},{POINT})")).await;
        site.refuses(collection, &format!("S_INTERSECTS({name},POINT(90 180))")).await;
    }
}

pub(super) async fn spatial_functions_s_disjoint() {
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        for world in [WORLD_BOX, WORLD] {
            assert!(site.found(collection, &format!("S_DISJOINT({name},{world})")).await.is_empty(), "{collection}");
        }
        for literal in [LINE, POINT] {
            let disjoint = site.found(collection, &format!("S_DISJOINT({name},{literal})")).await;
            assert!(disjoint.is_disjoint(&site.found(collection, &format!("S_INTERSECTS({name},{literal})")).await));
        }
        site.refuses(collection, &format!("S_DISJOINT({name},POINT(90 180))")).await;
    }
}

pub(super) async fn spatial_functions_s_equals() {
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        let one = site.found(collection, &format!("S_EQUALS({name},{WORLD})")).await;
        assert_eq!(one, site.found(collection, &format!("S_EQUALS({name},{LINE})")).await, "{collection}: neither is any feature");
        site.found(collection, &format!("S_EQUALS({name},{POINT})")).await;
        // Each that is valid is itself; Natural Earth has a country whose border crosses itself.
        let page = site.json(&format!("{}/items?limit=10000", path(collection))).await;
        let valid = page["features"].as_array().unwrap().iter().filter(|feature| {
            let geometry = serde_json::from_value::<Option<geojson::Geometry>>(feature["geometry"].clone()).unwrap();
            geometry.is_some_and(|geometry| geo::Geometry::<f64>::try_from(&geometry).unwrap().is_valid())
        });
        let itself = site.found(collection, &format!("S_EQUALS({name},{name})")).await;
        valid.for_each(|feature| assert!(itself.contains(feature["id"].as_str().unwrap()), "{collection}: {}", feature["id"]));
    }
}

pub(super) async fn spatial_functions_s_touches() {
    each("S_TOUCHES", &[WORLD_BOX, WORLD, LINE]).await;
}

pub(super) async fn spatial_functions_s_crosses() {
    each("S_CROSSES", &[WORLD_BOX, WORLD, LINE]).await;
}

pub(super) async fn spatial_functions_s_within() {
    each("S_WITHIN", &[WORLD_BOX, WORLD, LINE, "MULTIPOINT(7 50,10 51)"]).await;
    same_of_both_worlds("S_WITHIN").await;
}

pub(super) async fn spatial_functions_s_contains() {
    same_of_both_worlds("S_CONTAINS").await;
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        for literal in [WORLD_BOX, WORLD, LINE, "MULTIPOINT(7 50,10 51)"] {
            let contains = site.found(collection, &format!("S_CONTAINS({name},{literal})")).await;
            assert!(contains.is_disjoint(&site.found(collection, &format!("S_WITHIN({name},{literal})")).await), "{collection} {literal}");
        }
    }
}

pub(super) async fn spatial_functions_s_overlaps() {
    each("S_OVERLAPS", &["MULTIPOINT(7 50,10 51)", LINE, WORLD]).await;
}

/// Asks a function of every geometry with some literals; operands may be swapped, or the name be that of the reverse.
async fn each(function: &str, literals: &[&str]) {
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        for literal in literals {
            let found = site.found(collection, &format!("{function}({name},{literal})")).await;
            let reverse = if function == "S_WITHIN" { "S_CONTAINS" } else { function };
            assert_eq!(found, site.found(collection, &format!("{reverse}({literal},{name})")).await, "{collection} {function} {literal}");
        }
    }
}

async fn same_of_both_worlds(function: &str) {
    for (site, collection, name, _) in queryables_of(&[Type::Geometry]).await {
        let by_box = site.found(collection, &format!("{function}({name},{WORLD_BOX})")).await;
        assert_eq!(by_box, site.found(collection, &format!("{function}({name},{WORLD})")).await, "{collection} {function}");
    }
}
