//! What QGIS, GDAL, ArcGIS Pro and kepler.gl ask, step by step, and what they must find in each answer to go on. The requests are written
//! from the programs' sources and from a log of GDAL 3.6; GDAL itself is run by `tests/clients`.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::support::{Answer, BASE, ask, ids, json, link};

/// GET of an absolute address as a client that keeps to it sends it.
async fn follow(href: &str, accept: &str) -> Answer {
    let path = href.strip_prefix(BASE).unwrap_or_else(|| panic!("{href} is absolute: QGIS cannot follow any other"));
    let answer = ask(Method::GET, if path.is_empty() { "/" } else { path }, &[("accept", accept)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{href}: {}", answer.text());
    answer
}

/// The address of a typed link, as QGIS picks it among those of one relation.
fn typed<'a>(document: &'a Value, rel: &str, media: &[&str]) -> &'a str {
    let links = document["links"].as_array().unwrap();
    let found = links.iter().find(|link| link["rel"] == rel && media.iter().any(|media| link["type"] == *media));
    found.unwrap_or_else(|| panic!("{rel} as {media:?} in {links:?}"))["href"].as_str().unwrap()
}

#[tokio::test]
async fn qgis_opens_a_layer() {
    // The landing page, the description of the interface, the classes, the collections.
    let landing = follow(BASE, "application/json").await.json();
    let api = typed(&landing, "service-desc", &["application/vnd.oai.openapi+json;version=3.0", "application/openapi+json;version=3.0"]);
    let wanted = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0, application/json";
    let api = follow(api, wanted).await.json();
    let limit = &api["components"]["parameters"]["limit"]["schema"];
    let (most, usual) = (limit["maximum"].as_u64().unwrap(), limit["default"].as_u64().unwrap());
    assert!(most >= 1000 && usual >= 1000, "pages of at least 1,000");
    let classes = follow(link(&landing, "conformance").unwrap(), "application/json").await.json()["conformsTo"].clone();
    let declares = |class: &str| classes.as_array().unwrap().iter().any(|known| *known == format!("http://www.opengis.net/spec/{class}"));
    assert!(declares("ogcapi-features-5/1.0/conf/schemas"), "or it guesses types from ten features");
    for class in [
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/cql2-text",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        // IN, BETWEEN and LIKE; ILIKE; what lies in a shape.
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-functions",
    ] {
        assert!(declares(class), "{class}: or no filter is sent");
    }
    let list = follow(link(&landing, "data").unwrap(), "application/json").await.json();

    // It builds the addresses of a collection itself, from the id.
    for collection in list["collections"].as_array().unwrap() {
        let id = collection["id"].as_str().unwrap();
        let own = follow(&format!("{BASE}/collections/{id}"), "application/json").await.json();
        assert_eq!(
            own["crs"].as_array().unwrap()[0],
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            "the layer's is the first of the list"
        );
        let schema = typed(&own, "http://www.opengis.net/def/rel/ogc/1.0/schema", &["application/schema+json"]);
        let schema = follow(schema, "application/schema+json").await.json();
        let geometry = schema["properties"].as_object().unwrap().values().find(|property| property["x-ogc-role"] == "primary-geometry");
        assert_eq!(geometry.is_some(), collection["id"] != "sources", "{id}");
        let concrete = &api["paths"][format!("/collections/{id}/items")]["get"]["parameters"];
        let concrete = concrete.as_array().unwrap_or_else(|| panic!("{id}: simple filters are looked for on the concrete path"));
        let own = concrete.iter().filter(|parameter| parameter.get("$ref").is_none()).collect::<Vec<_>>();
        assert!(own.len() > 2, "{id}: each simple property is one");
        for parameter in own {
            assert!(parameter["in"] == "query" && parameter["style"] == "form" && parameter["explode"] == false, "{id}: {parameter}");
            assert!(parameter["schema"]["type"].is_string(), "{id}: {parameter}");
        }

        // Count, sample, then page after page by the link in the body.
        let one = follow(&format!("{BASE}/collections/{id}/items?limit=1"), "application/geo+json, application/json").await.json();
        let matched = one["numberMatched"].as_u64().unwrap();
        let mut next = Some(format!("{BASE}/collections/{id}/items?limit={}", matched / 3 + 1));
        let mut seen = 0;
        while let Some(href) = next {
            let page = follow(&href, "application/geo+json, application/json").await.json();
            seen += page["features"].as_array().unwrap().len() as u64;
            let links = page["links"].as_array().unwrap();
            next = links.iter().find(|link| link["rel"] == "next").map(|link| {
                assert_eq!(link["type"], "application/geo+json", "else it is not followed");
                link["href"].as_str().unwrap().to_owned()
            });
        }
        assert_eq!(seen, matched, "{id}");
    }
}

#[tokio::test]
async fn qgis_asks_for_what_the_map_shows() {
    for (query, expected) in [
        ("limit=1000&bbox=2,15,3,17", vec!["menaka"]),
        ("limit=1000&bbox=2,15,3,17&filter=%28%22state%22%20%3D%20%27closed%27%29&filter-lang=cql2-text", vec!["menaka"]),
        ("limit=1000&bbox=2,15,3,17&documented=true", vec!["menaka"]),
        ("limit=1000&bbox=2,15,3,17&datetime=2030-01-01T00%3A00%3A00Z%2F..", vec![]),
    ] {
        let page = follow(&format!("{BASE}/collections/bases/items?{query}"), "application/geo+json, application/json").await.json();
        assert_eq!(ids(&page), expected, "{query}");
    }
}

#[tokio::test]
async fn gdal_opens_a_layer_and_reads_it() {
    // As logged: the collections, ten features for the types, then everything in pages of ten by the link in the body.
    let list = json("/collections").await;
    let bases = list["collections"].as_array().unwrap().iter().find(|collection| collection["id"] == "bases").unwrap();
    assert!(bases["extent"]["spatial"]["bbox"][0].is_array() && bases["extent"]["temporal"]["interval"][0].is_array());
    // Of several links of that type it would take the last, others the first.
    let is_items = |link: &&Value| link["rel"] == "items" && link["type"] == "application/geo+json";
    let items = bases["links"].as_array().unwrap().iter().filter(is_items).collect::<Vec<_>>();
    let items = items.iter().map(|link| link["href"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(items, [format!("{BASE}/collections/bases/items?f=json"), format!("{BASE}/collections/bases/items")]);
    // For a filter by id it writes the id after the address.
    let one = follow(&format!("{}/gao", items[1]), "application/geo+json, application/json").await.json();
    assert_eq!(one["id"], "gao");
    for query in
        ["f=json&limit=10", "f=json&limit=10&bbox=-5,15,1,18", "f=json&limit=10&filter=state%20%3D%20'closed'&filter-lang=cql-text"]
    {
        let mut next = Some(format!("{BASE}/collections/bases/items?{query}"));
        let mut seen = Vec::new();
        while let Some(href) = next {
            let page = follow(&href, "application/geo+json, application/json").await.json();
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            next = link(&page, "next").map(str::to_owned);
        }
        let all = json(&format!("/collections/bases/items?{}", query.replace("limit=10", "limit=1000"))).await;
        assert_eq!(seen, ids(&all), "{query}");
    }
}

#[tokio::test]
async fn gdal_reads_the_description_of_the_interface() {
    // Newer versions: the page size of the concrete path, fast counts, filters, and types from behind describedby.
    let api = json("/api?f=json").await;
    let parameters = api["paths"]["/collections/bases/items"]["get"]["parameters"].as_array().unwrap();
    let named =
        |name: &str| parameters.iter().filter_map(|parameter| parameter["$ref"].as_str()).find(|reference| reference.ends_with(name));
    let limit = api.pointer(named("/limit").unwrap().strip_prefix('#').unwrap()).unwrap();
    assert_eq!((&limit["schema"]["maximum"], &limit["schema"]["default"]), (&10_000.into(), &1000.into()));
    let result_type = api.pointer(named("/resultType").unwrap().strip_prefix('#').unwrap()).unwrap();
    assert!(result_type["schema"]["enum"].as_array().unwrap().contains(&"hits".into()), "{result_type}");
    let languages = api.pointer(named("/filter-lang").unwrap().strip_prefix('#').unwrap()).unwrap();
    assert!(languages["schema"]["enum"].as_array().unwrap().contains(&"cql-text".into()), "by its older name");
    let hits = json("/collections/bases/items?bbox=-5,15,1,18&resultType=hits").await;
    let all = json("/collections/bases/items?bbox=-5,15,1,18").await;
    assert_eq!((&hits["numberMatched"], hits["features"].as_array().unwrap().len()), (&all["numberMatched"], 0));
    let collection = json("/collections/bases").await;
    let schema = follow(typed(&collection, "describedby", &["application/schema+json"]), "application/schema+json").await.json();
    for property in schema["properties"]["properties"]["properties"].as_object().unwrap().values() {
        assert!(property["type"].is_string(), "one type, no list of them: {property}");
    }
}

#[tokio::test]
async fn arcgis_pro_pages_by_offset() {
    // It counts on `offset`, looks at no link, and stops at a page that is not full.
    for (collection, limit) in [("bases", 5), ("closures", 4), ("claims", 13)] {
        let (mut seen, mut offset) = (Vec::new(), 0);
        loop {
            let page = json(&format!("/collections/{collection}/items?f=json&limit={limit}&offset={offset}")).await;
            let found = ids(&page);
            seen.extend(found.iter().map(|id| (*id).to_owned()));
            if found.len() < limit {
                break;
            }
            offset += limit;
        }
        let all = json(&format!("/collections/{collection}/items?limit=10000")).await;
        assert_eq!(seen, ids(&all), "{collection}: the order is the same on every page");
    }
}

#[tokio::test]
async fn kepler_loads_one_address_from_another_origin() {
    let headers = [("origin", "https://kepler.gl"), ("accept", "*/*"), ("accept-encoding", "gzip, deflate, br")];
    for (form, media) in [("json", "application/geo+json"), ("csv", "text/csv")] {
        let answer = ask(Method::GET, &format!("/collections/bases/items?f={form}&limit=10000"), &headers).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, "*"));
        assert!(answer.header("content-type").starts_with(media));
    }
    let page = json("/collections/bases/items?f=json&limit=10000").await;
    assert_eq!((page["numberReturned"] == page["numberMatched"], link(&page, "next")), (true, None), "everything in one");
}

#[tokio::test]
async fn a_web_client_walks_next_from_any_address() {
    // It tells a wrong origin from a right one, and takes an absent link for the end.
    let mut path = "/collections/claims/items?limit=50&sortby=-id".to_owned();
    let (mut pages, mut seen) = (0, Vec::new());
    loop {
        let page = json(&path).await;
        pages += 1;
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(next) = link(&page, "next") else { break };
        path = next.strip_prefix(BASE).expect("the same origin").to_owned();
        assert!(path.contains("limit=50") && path.contains("sortby=-id"), "{path}");
    }
    assert!(pages > 2 && seen.is_sorted_by(|a, b| a > b), "each once, in the order asked for");
}
