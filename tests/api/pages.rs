//! The pages for people: forms that become addresses, errors that can be read.

use axum::http::{Method, StatusCode};

use crate::{
    server::awkward,
    support::{Answer, BASE, ask, json},
};

const READER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

async fn read(path: &str) -> Answer {
    ask(Method::GET, path, &[READER]).await
}

#[tokio::test]
async fn the_fields_of_a_form_become_an_address() {
    let items = "/collections/bases/items";
    for (sent, meant) in [
        ("q=&sortby=&limit=&agreement=", ""),
        ("q=gao&agreement=", "?q=gao"),
        ("form.west=-5&form.south=10&form.east=5&form.north=20", "?bbox=-5,10,5,20"),
        ("form.from=2023-08-01&form.to=", "?datetime=2023-08-01/.."),
        ("form.from=&form.to=2023-08-01", "?datetime=../2023-08-01"),
        ("form.from=2023-08-01&form.to=2023-08-01&lang=fr", "?lang=fr&datetime=2023-08-01"),
        ("form.west=1&form.north=", "?bbox=1,,,"),
        ("form.from.order=2&form.to.order=&q=gao", "?q=gao&filter=order%20%3E%3D%202"),
        ("form.from.order=2&form.to.order=2&filter=", "?order=2"),
        (
            "form.to.closed_latest=2023-08-31&filter=a%3D1+OR+b%3D2",
            "?filter=(a%3D1%20OR%20b%3D2)%20AND%20closed_latest%20%3C%3D%20DATE(%272023-08-31%27)",
        ),
        ("form.within.name=Gao&name=&order=3", "?order=3&filter=CASEI(ACCENTI(name))%20LIKE%20CASEI(ACCENTI(%27%25Gao%25%27))"),
        // A day of an uncertain date is asked whether it is possible, which both ends together do not make certain.
        (
            "form.from.closed=2023-08-31&form.to.closed=2023-08-31",
            "?filter=T_INTERSECTS(closed,%20INTERVAL(%272023-08-31%27,%20%27..%27))%20AND%20T_INTERSECTS(closed,%20INTERVAL(%27..%27,%20%272023-08-31%27))",
        ),
        ("form.from.closed=&closed=2024-07-XX", "?closed=2024-07-XX"),
        ("bbox=1,2,3,4&form.west=2&form.south=2&form.east=3&form.north=3", "?bbox=2,2,3,3"),
    ] {
        let answer = read(&format!("{items}?{sent}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{sent}");
        assert_eq!(answer.header("location"), format!("{items}{meant}"), "{sent}");
    }
    // Programs get what they ask for: their parameters are never guessed at.
    let answer = ask(Method::GET, &format!("{items}?q="), &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn uncertain_dates_and_instants_are_asked_from_a_day_to_a_day() {
    let sent = "form.from.closed=2024-07-10&form.to.closed=2024-07-20";
    let address = read(&format!("/collections/closures/items?{sent}")).await.header("location").to_owned();
    let page = read(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text());
    let text = page.text();
    // Gao was handed over on some day of that month; nothing else may have been closed then.
    assert!(text.contains("Gao") && !text.contains("Tessalit"), "{text}");
    for field in ["name=\"form.from.closed\" value=\"2024-07-10\"", "name=\"form.to.closed\" value=\"2024-07-20\""] {
        assert!(text.contains(field), "{field}");
    }
    let data = ask(Method::GET, &format!("{address}&resultType=hits"), &[]).await.json();
    assert_eq!(data["numberMatched"], 1, "{data}");
    // Instants: the day that is asked for is a whole one.
    let shapes = "/collections/shapes/items";
    let of_awkward = |path: &str, headers: &[(&str, &str)]| awkward().ask(&Method::GET, path, headers, &[]);
    let moments = of_awkward(&format!("{shapes}?properties=moment&filter=moment%20IS%20NOT%20NULL"), &[]).json();
    let moment = moments["features"][0]["properties"]["moment"].as_str().unwrap();
    let (day, _) = moment.split_once('T').unwrap();
    let sent = of_awkward(&format!("{shapes}?form.from.moment={day}&form.to.moment={day}"), &[READER]);
    let address = sent.header("location").to_owned();
    let page = of_awkward(&address, &[READER]);
    let field = format!("name=\"form.to.moment\" value=\"{day}\"");
    assert!(page.status == StatusCode::OK && page.text().contains(&field), "{address}: {}", page.text());
    let hits = of_awkward(&format!("{address}&resultType=hits"), &[]).json();
    let moments = moments["features"].as_array().unwrap();
    let expected = moments.iter().filter(|item| item["properties"]["moment"].as_str().unwrap().starts_with(day));
    assert!(hits["numberMatched"].as_u64() == Some(expected.count() as u64), "{hits}");
}

#[tokio::test]
async fn small_things_on_pages_are_what_they_say() {
    // The map on a French page has French names, in the table's own words.
    let page = read("/collections/closures/items?lang=fr").await;
    let text = page.text();
    assert!(text.contains("data-name=\"name_fr\" data-other=\"name\"") && text.contains("properties=geometry,name_fr,name"), "{text}");
    // Two forms of one media type are two names.
    for name in ["GeoJSON", "JSON-FG", "GeoJSON, une fiche par ligne", "Suite de textes GeoJSON", "CSV"] {
        assert!(text.contains(&format!(">{name}</a>")), "{name}");
    }
    let also =
        text.split("rel=\"alternate\"").skip(1).filter(|rest| rest.split_once('>').is_some_and(|(_, rest)| rest.starts_with("GeoJSON<")));
    assert_eq!(also.count(), 1, "{text}");
    // What is not there is not offered without parameters.
    let missing = read("/collections/base?lang=en").await;
    assert!(missing.status == StatusCode::NOT_FOUND && !missing.text().contains("without parameters"), "{}", missing.text());
    // No source is counted where all there is are plans.
    let gao = read("/collections/bases/items/gao").await;
    assert!(!gao.text().contains("0 independent") && gao.text().contains("neither counts as agreement"), "{}", gao.text());
}

#[tokio::test]
async fn a_tidy_address_is_answered_as_it_is() {
    let page = read("/collections/bases/items?agreement=agreed&sortby=-closed_earliest&datetime=2023-08-01/..&utm_source=x").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("aria-sort=\"descending\""), "the column by which it is sorted says so");
    assert!(text.contains("Agreement: sources agree") && text.contains("by Closed, earliest, descending"), "what was asked for is said");
    assert!(
        text.contains("<option value=\"agreed\" selected>") && text.contains("name=\"form.from\" value=\"2023-08-01\""),
        "the form is filled in"
    );
    let features = text.split("data-features=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    assert!(!features.contains("utm_source"), "the map asks for nothing unknown: {features}");
    let answer = ask(Method::GET, &features, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{features}: {}", answer.text());
    assert!(answer.json()["features"][0]["geometry"]["coordinates"].is_array());
}

#[tokio::test]
async fn an_error_is_a_page_for_those_who_read_pages() {
    for (path, status, said) in [
        ("/collections/bases/items?bbox=14,-100,17,4", StatusCode::BAD_REQUEST, "axes look swapped"),
        ("/collections/bases/items?filter=closed%20%3E", StatusCode::BAD_REQUEST, "name=\"filter\""),
        ("/collections/bases/items?limit=1&limit=2", StatusCode::BAD_REQUEST, "more than once"),
        ("/collections/base", StatusCode::NOT_FOUND, "the collections are bases"),
        ("/nowhere", StatusCode::NOT_FOUND, "/nowhere"),
        ("/collections/bases/items/%3Cscript%3E", StatusCode::NOT_FOUND, "&lt;script&gt;"),
    ] {
        let page = read(path).await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        let text = page.text();
        assert!(text.contains("<h1>") && text.contains(said), "{path}: {text}");
        assert!(!text.contains("<script>"), "{path}");
        // Compressed or not, it is the same page.
        let packed = ask(Method::GET, path, &[READER, ("accept-encoding", "gzip")]).await;
        assert_eq!((packed.status, packed.text()), (status, text), "{path}");
    }
    for (path, accept) in [("/nowhere", "*/*"), ("/nowhere?f=json", READER.1), ("/collections/bases/items?f=csv&limit=0", READER.1)] {
        let answer = ask(Method::GET, path, &[("accept", accept)]).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path} {accept}");
    }
    let french = read("/collections/bases/items?limit=0&lang=fr").await;
    assert!(french.text().contains("<html lang=\"fr\">") && french.text().contains("Redemander sans limit"), "{}", french.text());
}

#[tokio::test]
async fn every_date_is_told_step_by_step() {
    for basis in ["all", "documents"] {
        let bases = json(&format!("/collections/bases/items?basis={basis}")).await;
        let mut told = 0;
        for base in bases["features"].as_array().unwrap() {
            let id = base["id"].as_str().unwrap();
            let page = read(&format!("/collections/bases/items/{id}?basis={basis}")).await;
            let text = page.text();
            let dated = base["properties"]["closed"].is_string();
            assert_eq!(text.contains("id=\"how-closed\""), dated, "{id}, {basis}: the rule leads to the date that is shown");
            told += usize::from(dated);
            // What a step names stands on the page.
            for anchor in text.split("href=\"#claim-").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let id = percent_encoding::percent_decode_str(anchor).decode_utf8().unwrap();
                assert!(text.contains(&format!("id=\"claim-{id}\"")), "{id}");
            }
        }
        assert!(told >= 10, "{told} dates, {basis}");
    }
    let french = read("/collections/bases/items/ogossagou?lang=fr").await;
    assert!(french.text().contains("ne peut être vraie aussi") && french.text().contains("règle 3"));
}

#[tokio::test]
async fn conflicts_are_those_that_the_data_have() {
    let page = read("/collections/bases/conflicts").await;
    let text = page.text();
    let bases = json("/collections/bases/items").await;
    for base in bases["features"].as_array().unwrap().iter().filter(|base| base["properties"]["agreement"] == "disputed") {
        assert!(text.contains(&format!("/collections/bases/items/{}\"", base["id"].as_str().unwrap())), "{base}");
    }
    let aside = json("/collections/claims/items?filter=counts=false").await;
    let aside = aside["features"].as_array().unwrap();
    assert!(!aside.is_empty());
    for claim in aside.iter().filter(|claim| claim["properties"]["act"] != "flag_lowered" && claim["properties"]["property"] == "closed") {
        assert!(text.contains(&format!("/collections/claims/items/{}\"", claim["id"].as_str().unwrap())), "{claim}");
    }
    assert!(json("/collections/bases").await["links"].to_string().contains("/collections/bases/conflicts"));
    for basis in ["all", "documents"] {
        // Programs read the same.
        let page = read(&format!("/collections/bases/conflicts?basis={basis}")).await;
        let list = json(&format!("/collections/bases/conflicts?basis={basis}&f=json")).await;
        let conflicts = list["conflicts"].as_array().unwrap();
        assert_eq!(page.text().matches("class=\"conflict\"").count(), conflicts.len(), "{basis}");
        assert_eq!(list["numberReturned"], conflicts.len());
        for conflict in conflicts {
            let record = json(conflict["href"].as_str().unwrap().strip_prefix(BASE).unwrap()).await;
            for value in conflict["values"].as_array().unwrap() {
                assert_eq!(record["properties"][value["property"].as_str().unwrap()], value["value"], "{conflict}");
                for step in value["steps"].as_array().unwrap() {
                    assert!(harmattan::formats::conflicts::STEPS.contains(&step["step"].as_str().unwrap()), "{step}");
                    if let Some(claim) = step["claim"].as_str() {
                        let claim = json(&format!("/collections/claims/items/{claim}?basis={basis}")).await;
                        assert_eq!(
                            (&claim["properties"]["subject"], &claim["properties"]["property"]),
                            (&conflict["id"], &value["property"])
                        );
                    }
                }
            }
        }
    }
    let disputed = json("/collections/bases/conflicts").await["conflicts"].as_array().unwrap().len();
    assert!(disputed > 0);
    for (path, status) in [
        ("bases/conflicts?basis=none", StatusCode::BAD_REQUEST),
        ("bases/conflicts?x=1", StatusCode::BAD_REQUEST),
        ("places/conflicts", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(ask(Method::GET, &format!("/collections/{path}"), &[]).await.status, status, "{path}");
    }
    assert_eq!(read("/collections/places/conflicts").await.status, StatusCode::NOT_FOUND);
    let gao = read("/collections/sources/items/ansongo-withdrawal").await;
    assert!(gao.text().contains("/collections/bases/items/gao#claim-ansongo-withdrawal."), "a source leads to what it speaks of");
}

#[tokio::test]
async fn a_place_has_a_page_with_its_names_and_what_is_there() {
    let page = read("/places/2457163").await;
    let text = page.text();
    for part in ["<h1>Gao</h1>", "Mali", "application/ld+json", "/collections/bases/items/gao\"", "GAQ", "Bourem", "f=lpf", "f=jsonld"] {
        assert!(text.contains(part), "{part}");
    }
    let block = text.split("application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let linked = serde_json::from_str::<serde_json::Value>(block).unwrap();
    assert_eq!((&linked["@context"], &linked["name"]), (&"https://schema.org/".into(), &"Gao".into()));
    assert_eq!(json("/places/2457163").await["type"], "Feature", "programs get what they got");
    assert_eq!(read("/places/0").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn places_are_found_by_a_form() {
    let form = read("/places/search").await;
    assert!(form.status == StatusCode::OK && form.text().contains("name=\"q\" required"));
    let tidy = read("/places/search?q=gao&country=&class=&year=").await;
    assert_eq!((tidy.status, tidy.header("location")), (StatusCode::SEE_OTHER, "/places/search?q=gao"));
    let found = read("/places/search?q=gao").await;
    assert!(found.text().contains("3 places have this name") && found.text().contains("href=\"/places/2457163\""), "{}", found.text());
    let none = read("/places/search?q=zzzzqqqq&lang=fr").await;
    assert!(none.text().contains("Aucun lieu ne porte ce nom."));
    let bad = read("/places/search?q=gao&country=xyz").await;
    assert!(bad.status == StatusCode::BAD_REQUEST && bad.text().contains("<h1>"));
    let near = read("/places/reverse?lon=-0.04&lat=16.27").await;
    assert!(near.text().contains("Gao") && near.text().contains("km"));
}

#[tokio::test]
async fn documents_for_programs_are_pages_for_those_who_land_on_them() {
    for (path, said) in [
        ("/functions", "certainly_intersects"),
        ("/collections/bases/queryables", "closed_earliest"),
        ("/collections/bases/sortables", "closed_earliest"),
        ("/collections/bases/schema", "agreement"),
        ("/collections/bases/schema/feature", "agreement"),
    ] {
        let page = read(path).await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(page.text().contains("<h1>") && page.text().contains(said), "{path}");
        let other = ask(Method::GET, path, &[("accept", "*/*")]).await;
        assert!(other.header("content-type").contains("json"), "{path}: programs get what they got");
        assert_ne!(page.header("etag"), other.header("etag"), "{path}");
    }
}

#[tokio::test]
async fn a_collection_can_be_taken_along_and_says_under_which_terms() {
    let collection = json("/collections/bases").await;
    let page = read("/collections/bases").await;
    let text = page.text().replace("&amp;", "&");
    let forms = collection["links"].as_array().unwrap().iter();
    for link in forms
        .filter(|link| ["items", "enclosure"].contains(&link["rel"].as_str().unwrap()) && !link["type"].as_str().unwrap().contains("html"))
    {
        let path = link["href"].as_str().unwrap().strip_prefix("http://maps.example").unwrap();
        assert!(text.contains(&format!("href=\"{path}\"")), "{link}");
    }
    for path in ["/collections/bases", "/collections/bases/items", "/collections/bases/items/gao"] {
        let page = read(path).await;
        assert!(page.text().contains("rel=\"license external noopener noreferrer\"") && page.text().contains("Credit"), "{path}");
    }
}
