//! The forms of answers: GeoJSON and HTML (Features Part 1, annexes A.3 and A.4), JSON and HTML (Common Part 1).

use ::geojson::GeoJson;
use axum::http::StatusCode;
use serde_json::Value;

use super::{
    site::{Site, feature_path, links},
    table::suite,
};

suite! { mod geojson, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson", {
    "/conf/geojson/definition" covers "/req/geojson/definition" => geojson_definition;
    "/conf/geojson/content" covers "/req/geojson/content" => geojson_content;
} }

suite! { mod html, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html", {
    "/conf/html/definition" covers "/req/html/definition" => html_definition;
    "/conf/html/content" covers "/req/html/content" => html_content;
} }

suite! { mod common_html, "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html", {
    "/conf/html/definition" covers "/req/html/definition" => html_definition;
    "/conf/html/content" covers "/req/html/content" => html_content;
} }

suite! { mod common_json, "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json", {
    "/conf/json/definition" covers "/req/json/definition" => json_definition;
    "/conf/json/content" covers "/req/json/content" => json_content;
} }

suite! { mod common_2_html, "https://www.opengis.net/spec/ogcapi-common-2/1.0/conf/html", {
    "/conf/html/definition" covers "/req/html/definition" => html_definition;
    "/conf/html/content" covers "/req/html/content" => html_content;
} }

suite! { mod common_2_json, "https://www.opengis.net/spec/ogcapi-common-2/1.0/conf/json", {
    "/conf/json/definition" covers "/req/json/definition" => json_definition;
    "/conf/json/content" covers "/req/json/content" => json_content;
} }

/// Paths of everything that people and programs read.
async fn resources(site: &Site) -> Vec<String> {
    let mut paths = ["/", "/conformance", "/api", "/collections"].map(str::to_owned).to_vec();
    for path in &site.collections {
        paths.extend([path.clone(), format!("{path}/items")]);
    }
    paths.extend(site.examples().await.iter().map(|(path, feature)| feature_path(path, feature)));
    paths
}

async fn geojson_definition(site: &'static Site) {
    for path in &site.collections {
        for accept in ["application/geo+json", "application/geo+json;q=0.9, text/html;q=0.1", "*/*"] {
            let answer = site.ask(&format!("{path}/items"), &[("accept", accept)]).await;
            assert_eq!(answer.header("content-type"), "application/geo+json", "{path}");
        }
    }
}

/// Valid by RFC 7946 and by the standard's own members; a null geometry is a null.
async fn geojson_content(site: &'static Site) {
    for path in &site.collections {
        let answer = site.ask(&format!("{path}/items?limit=10000"), &[]).await;
        let Ok(GeoJson::FeatureCollection(read)) = answer.text().parse() else { panic!("{path}") };
        let page = answer.json();
        assert!(page["links"].is_array() && page["numberMatched"].is_u64() && page["numberReturned"].is_u64());
        for (feature, text) in read.features.iter().zip(page["features"].as_array().unwrap()) {
            assert!(text["id"].is_string() && text["properties"].is_object() && text.get("geometry").is_some(), "{text}");
            assert_eq!(feature.geometry.is_none(), text["geometry"].is_null());
            if let Some(geometry) = &feature.geometry {
                geo::Geometry::<f64>::try_from(geometry.clone()).unwrap_or_else(|error| panic!("{error}: {text}"));
            }
        }
    }
}

async fn html_definition(site: &'static Site) {
    for path in resources(site).await {
        let answer = site.ask(&path, &[("accept", "text/html")]).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"), "{path}");
        assert_eq!(site.ask(&format!("{path}?f=html"), &[]).await.body, site.ask(&format!("{path}?f=html"), &[]).await.body);
    }
}

/// Everything of the JSON is on the page, links among them; what data say is never markup.
async fn html_content(site: &'static Site) {
    for path in resources(site).await {
        let page = site.ask(&format!("{path}?f=html"), &[]).await;
        let html = page.text();
        assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<title>") && html.ends_with("</html>"), "{path}");
        for markup in ["<script>alert", "<b>&amp;", "<tags>", "<b>\n"] {
            assert!(!html.contains(markup), "{path}: {markup}");
        }
        let alternates = site.json(&path).await;
        if path != "/api" {
            let own = links(&alternates, "self")[0]["href"].as_str().unwrap();
            assert!(html.contains("f=json"), "{path}: a way to {own}");
        }
    }
}

async fn json_definition(site: &'static Site) {
    for path in resources(site).await {
        let answer = site.ask(&path, &[("accept", "application/json")]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("content-type").contains("json"), "{path}");
    }
}

/// JSON objects whose links are links.
async fn json_content(site: &'static Site) {
    for path in resources(site).await {
        let document = site.json(&path).await;
        assert!(document.is_object(), "{path}");
        for link in document["links"].as_array().unwrap_or(&Vec::new()) {
            assert!(link["href"].as_str().is_some_and(|href| href.starts_with("http")) && link["rel"].is_string(), "{path}: {link}");
            assert!(link.get("type").is_none_or(Value::is_string) && link.get("title").is_none_or(Value::is_string), "{path}: {link}");
        }
    }
}
