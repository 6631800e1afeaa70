//! The gazetteer: by name, by position, by id.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::support::{BASE, ask, get, json, link};

fn first(page: &Value) -> &Value {
    page["features"].get(0).unwrap_or_else(|| panic!("nothing is found: {page}"))
}

#[tokio::test]
async fn a_name_finds_its_place_and_says_how() {
    for (query, name, country, how, verdict) in [
        ("q=Tombouctou&country=ML", "Timbuktu", "ML", "alias", "ambiguous"),
        ("q=M%C3%A9naka&country=ML&class=&lang=fr", "", "", "", ""),
        ("q=Bamkao&country=ml", "Bamako", "ML", "fuzzy", "ambiguous"),
        ("q=Bamkao&country=ml&class=settlement", "Bamako", "ML", "fuzzy", "one"),
        ("q=Ansongo", "Ansongo", "ML", "name", "one"),
        ("q=Paris&near=-95.5,33.6", "Paris", "US", "name", ""),
        ("q=Paris&bbox=-96,33,-95,34", "Paris", "US", "name", ""),
    ] {
        let answer = get(&format!("/places/search?{query}")).await;
        if name.is_empty() {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "an empty class: {query}");
            continue;
        }
        let page = answer.json();
        let (feature, properties) = (first(&page), &first(&page)["properties"]);
        assert_eq!((properties["name"].as_str(), properties["country"].as_str()), (Some(name), Some(country)), "{query}");
        assert_eq!(properties["match"], how, "{query}");
        assert!(properties["score"].as_f64().is_some_and(|score| score > 0.6), "{query}");
        assert!(properties["matched_name"].is_string() && properties["reason"].is_string(), "{query}");
        assert_eq!(feature["geometry"]["type"], "Point");
        assert!(verdict.is_empty() || page["verdict"] == verdict, "{query}: {page}");
    }
    for lang in ["de", "ar", "zh-Hant"] {
        let page = json(&format!("/places/search?q=Gao&country=ML&lang={lang}")).await;
        assert_eq!(first(&page)["properties"]["name"], "Gao", "a name may be wanted in any language");
    }
    let page = json("/places/search?q=Ogossagou&country=ML").await;
    assert_eq!((page["verdict"].as_str(), page["homonyms"].as_u64()), (Some("ambiguous"), Some(2)));
    assert_eq!(json("/places/search?q=Ogossagou&country=ML&limit=1").await["homonyms"], 2, "however many are asked for");
    assert_eq!(json("/places/search?q=San&limit=1000").await["features"].as_array().unwrap().len(), 100);
    assert_eq!(json("/places/search?q=Springfield").await["numberReturned"], 10);
    assert_eq!(json("/places/search?q=qzxwvkj").await["verdict"], "none");
}

#[tokio::test]
async fn what_is_near_comes_with_its_distance() {
    let page = json("/places/reverse?lon=1.4&lat=18.4&limit=3").await;
    let near = page["features"].as_array().unwrap();
    assert_eq!((near.len(), near[0]["properties"]["name"].as_str()), (3, Some("Kidal")));
    let metres = |feature: &Value| feature["properties"]["distance_m"].as_f64().unwrap();
    assert!((4_000.0..6_000.0).contains(&metres(&near[0])));
    assert!(near.is_sorted_by(|a, b| metres(a) <= metres(b)));
    // Fiji's islands lie on both sides of the antimeridian.
    let page = json("/places/reverse?lon=-179.99&lat=-16.8&limit=5").await;
    assert!(page["features"].as_array().unwrap().iter().any(|feature| feature["geometry"]["coordinates"][0].as_f64().unwrap() > 178.0));
}

#[tokio::test]
async fn a_place_stands_under_its_id_in_three_forms() {
    let gao = json("/places/2457163").await;
    assert_eq!((gao["id"].as_str(), gao["properties"]["name"].as_str()), (Some("2457163"), Some("Gao")));
    assert_eq!(link(&gao, "self"), Some(format!("{BASE}/places/2457163").as_str()));
    assert_eq!(link(&gao, "item"), Some(format!("{BASE}/collections/places/items/2457163").as_str()));
    let names = gao["properties"]["other_names"].as_array().unwrap();
    assert!(names.iter().any(|name| name["language"] == "ar"), "{names:?}");
    let within = gao["properties"]["within"].as_array().unwrap().iter().map(|place| place["id"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(within, ["ml-09", "2453866"], "region and country");

    let linked = json("/places/2457163?f=jsonld").await;
    assert_eq!(linked["@context"], "https://schema.org/");
    assert_eq!(linked["geo"]["longitude"], -0.04472);
    assert_eq!(linked["sameAs"], "https://sws.geonames.org/2457163/");
    let places = json("/places/2457163?f=lpf").await;
    let feature = &places["features"][0];
    assert_eq!(
        (feature["@id"].as_str(), feature["properties"]["title"].as_str()),
        (Some("http://maps.example/places/2457163"), Some("Gao"))
    );
    assert_eq!(feature["properties"]["ccodes"][0], "ML");
    assert_eq!(feature["properties"]["fclasses"][0], "P");
    let names = feature["names"].as_array().unwrap();
    assert!(
        names.iter().any(|name| name["toponym"] == "Gao")
            && names.iter().all(|name| name["toponym"] != "GAQ" && name.get("lang").is_none_or(Value::is_string))
    );
    assert!(
        feature["types"][0]["identifier"].as_str().unwrap().starts_with("aat:") && feature["names"][0]["citations"][0]["label"].is_string()
    );
    let geometry = &feature["geometry"];
    assert_eq!((&geometry["type"], &geometry["geometries"][0]["type"]), (&Value::from("GeometryCollection"), &Value::from("Point")));
    let relation = &feature["relations"][0];
    assert_eq!(
        (relation["relationType"].as_str(), relation["relationTo"].as_str()),
        (Some("gvp:broaderPartitive"), Some("http://maps.example/places/ml-09"))
    );
    assert_eq!(feature["links"][0]["type"], "exactMatch");
    assert_eq!(get("/places/0").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/places/2457163?f=csv").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn bad_questions_are_400_with_the_rule() {
    let long = "x".repeat(257);
    for (path, rule) in [
        ("/places/search", "q: missing"),
        ("/places/search?q=%20", "q: missing"),
        ("/places/search?q=%ff", "does not decode to UTF-8"),
        ("/places/search?q=a%00", "control characters"),
        (&format!("/places/suggest?q={long}"), "longer than 256 characters"),
        ("/places/search?q=Gao&country=Mali", "two-letter country code"),
        ("/places/search?q=Gao&country=XX", r#"country: "XX" is no country in which the gazetteer has a place"#),
        ("/places/suggest?q=Gao&country=zz", r#"country: "ZZ" is no country in which the gazetteer has a place"#),
        ("/places/reverse?lon=1&lat=1&country=ML", "country: unknown parameter"),
        ("/places/search?q=Gao&near=91", "longitude,latitude"),
        ("/places/search?q=Gao&near=0,91", "outside the Earth"),
        ("/places/search?q=Gao&bbox=1,2,3", "bbox"),
        ("/places/search?q=Gao&limit=0", "limit"),
        ("/places/search?q=Gao&colour=red", "unknown parameter; this resource takes q, country, bbox, near, class, year, limit, lang, f"),
        ("/places/reverse?lon=1", "lat: missing"),
        ("/places/reverse?lon=181&lat=0", "outside the Earth"),
        ("/places/reverse?lon=x&lat=0", "not two numbers"),
    ] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(rule), "{path}: {detail}");
    }
    assert_eq!(ask(Method::POST, "/places/search?q=Gao", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_answer_has_a_tag_that_another_question_has_not() {
    let tag = |path: &'static str| async move { get(path).await.header("etag").to_owned() };
    let gao = tag("/places/search?q=Gao").await;
    assert_eq!(tag("/places/search?q=Gao").await, gao);
    assert_ne!(tag("/places/search?q=Gao&country=ML").await, gao);
    let again = ask(Method::GET, "/places/search?q=Gao", &[("if-none-match", &gao)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

/// The same places as a collection: all of the world, words in any of their names, the most important first.
#[tokio::test]
async fn the_world_is_a_collection_as_any_other() {
    let collection = json("/collections/places").await;
    let bbox = collection["extent"]["spatial"]["bbox"][0].as_array().unwrap().clone();
    assert!(bbox[0].as_f64().unwrap() < -179.0 && bbox[3].as_f64().unwrap() > 78.0, "{bbox:?}");
    let names = |page: &Value| {
        page["features"].as_array().unwrap().iter().map(|f| f["properties"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let hits = |query: &'static str| async move {
        json(&format!("/collections/places/items?resultType=hits&{query}")).await["numberMatched"].as_u64().unwrap()
    };
    assert!(hits("").await > 234_900);
    let lond = json("/collections/places/items?q=lond&limit=5").await;
    assert_eq!(names(&lond)[0], "London");
    assert_eq!((lond["numberReturned"].as_u64(), hits("q=lond").await), (Some(5), lond["numberMatched"].as_u64().unwrap()));
    // By another name, by a word within, with a box, a condition and an order of one's own.
    assert_eq!(names(&json("/collections/places/items?q=tombouctou&limit=1").await), ["Timbuktu"]);
    assert_eq!(names(&json("/collections/places/items?q=bel%20abb&limit=1").await), ["Sidi Bel Abbes"]);
    assert_eq!(names(&json("/collections/places/items?q=Paris&bbox=-96,33,-95,34").await), ["Paris"]);
    let filter = "q=san&country=ML";
    assert!(hits(filter).await < hits("q=san").await && hits(filter).await > 0);
    let by_name = json("/collections/places/items?q=gao&sortby=-name&limit=20").await;
    assert!(names(&by_name).is_sorted_by(|a, b| a >= b));
    // Pages by importance partition the answer.
    let (mut next, mut ranks) = (Some("/collections/places/items?q=timb&limit=7".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = json(&path).await;
        ranks.extend(page["features"].as_array().unwrap().iter().map(|f| f["properties"]["rank"].as_u64().unwrap()));
        next = link(&page, "next").map(|href| href.strip_prefix(BASE).unwrap().to_owned());
    }
    assert!(ranks.len() as u64 == hits("q=timb").await && ranks.is_sorted_by(|a, b| a < b) && ranks.len() > 7, "{ranks:?}");
    // What the hand table knows of a place is there as well.
    let gao = json("/collections/places/items/2457163").await;
    assert_eq!(gao["properties"]["region"], "Gao");
    assert!(json("/collections/places/items/ml-09").await["properties"]["accuracy_m"].is_u64());
    assert_eq!(get("/collections/places/items/0").await.status, StatusCode::NOT_FOUND);
}
