//! OGC API – Common Part 1 (core, landing page) and Part 2 (collections), annex A of each.

use axum::http::StatusCode;
use serde_json::Value;

use super::{
    core::{
        api_definition_op, api_definition_success, conformance_op, conformance_success, fc_md_extent, fc_md_items, fc_md_items_links,
        fc_md_links, fc_md_op, fc_md_success, http, query_param_invalid, query_param_unknown, root_op, root_success, sfc_md_op,
        sfc_md_success,
    },
    site::{Site, links},
    table::suite,
};

suite! { mod core, "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core", {
    "/conf/core/http" covers "/req/core/http" => http;
    "/conf/core/query-param-name-unknown" covers "/req/core/query-param-name-unknown" => query_param_unknown;
    "/conf/core/query-param-value-invalid" covers "/req/core/query-param-value-invalid" => query_param_invalid;
    "/conf/core/query-param-capitalization" covers "/req/core/query-param-capitalization" => query_param_capitalization;
    "/conf/core/query-param-list-delimiter" covers "/req/core/query-param-list-delimiter" => query_param_list_delimiter;
    "/conf/core/query-param-list-escape" covers "/req/core/query-param-list-escape" => query_param_list_escape;
    "/conf/core/query-param-list-empty" covers "/req/core/query-param-list-empty" => query_param_list_empty;
    "/conf/core/query-param-value-boolean" covers "/req/core/query-param-value-boolean" => query_param_value_boolean;
    "/conf/core/query-param-value-integer" covers "/req/core/query-param-value-integer" => query_param_value_integer;
    "/conf/core/query-param-value-decimal" covers "/req/core/query-param-value-decimal" => query_param_value_decimal;
    "/conf/core/query-param-value-double" covers "/req/core/query-param-value-double" => query_param_value_double;
} }

suite! { mod landing_page, "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page", {
    "/conf/landing-page/root-op" covers "/req/landing-page/root-op" => root_op;
    "/conf/landing-page/root-success" covers "/req/landing-page/root-success" => root_success;
    "/conf/landing-page/api-definition-op" covers "/req/landing-page/api-definition-op" => api_definition_op;
    "/conf/landing-page/api-definition-success" covers "/req/landing-page/api-definition-success" => api_definition_success;
    "/conf/landing-page/conformance-op" covers "/req/landing-page/conformance-op" => conformance_op;
    "/conf/landing-page/conformance-success" covers "/req/landing-page/conformance-success" => conformance_success;
} }

suite! { mod collections, "https://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections", {
    "/conf/collections/collections-list-op" covers "/req/collections/collections-list-op" => fc_md_op;
    "/conf/collections/collections-list-success" covers "/req/collections/collections-list-success" => fc_md_success;
    "/conf/collections/collections-list-links" covers "/req/collections/collections-list-links" => fc_md_links;
    "/conf/collections/collections-list-collections" covers "/req/collections/collections-list-collections" => fc_md_items;
    "/conf/collections/description-op" covers "/req/collections/description-op" => sfc_md_op;
    "/conf/collections/description-success" covers "/req/collections/description-success" => description_success;
    "/conf/collections/description-links" covers "/req/collections/description-links" => description_links;
    "/conf/collections/description-extent" covers "/req/collections/description-extent" => fc_md_extent;
    "/conf/collections/description-extent-multi" covers "/req/collections/description-extent-multi" => description_extent_multi;
} }

suite! { mod collections_of_drafts, "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections", {
    "/conf/collections/rc-md-op" covers "/req/collections/rc-md-op" => fc_md_op;
    "/conf/collections/rc-md-success" covers "/req/collections/rc-md-success" => fc_md_success;
    "/conf/collections/rc-md-links" covers "/req/collections/rc-md-links" => fc_md_links;
    "/conf/collections/rc-md-timestamp" covers "/req/collections/rc-timestamp" => rc_md_timestamp;
    "/conf/collections/rc-md-items" covers "/req/collections/rc-md-items" => fc_md_items;
    "/conf/collections/src-md-op" covers "/req/collections/src-md-op" => sfc_md_op;
    "/conf/collections/src-md-success" covers "/req/collections/src-md-success" => sfc_md_success;
    "/conf/collections/rc-md-collection-content" covers "/req/collections/rc-md-collection-content" => description_success;
    "/conf/collections/rc-md-items-links" covers "/req/collections/rc-md-items-links" => fc_md_items_links;
    "/conf/collections/rc-md-extent" covers "/req/collections/rc-md-extent" => fc_md_extent;
} }

/// Names of parameters are told apart by case; the nearest is named.
async fn query_param_capitalization(site: &'static Site) {
    let path = format!("{}/items", site.collections[0]);
    for (name, meant) in [("Limit", "limit"), ("BBOX", "bbox"), ("resulttype", "resultType"), ("SORTBY", "sortby")] {
        let answer = site.ask(&format!("{path}?{name}=1"), &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.json()["detail"].as_str().unwrap().contains(&format!("did you mean {meant}?")), "{}", answer.text());
    }
}

/// A comma, encoded or not, and nothing else, separates the parts of a list.
async fn query_param_list_delimiter(site: &'static Site) {
    let path = format!("{}/items?limit=5", site.collections[0]);
    let plain = site.json(&format!("{path}&bbox=-10,10,5,25")).await;
    assert_eq!(site.json(&format!("{path}&bbox=-10%2C10%2C5%2C25")).await["features"], plain["features"]);
    for bad in ["-10;10;5;25", "-10%2010%205%2025", "-10|10|5|25"] {
        site.refused(&format!("{path}&bbox={bad}"), "bbox").await;
    }
}

/// A comma within a name is a part of it, whether encoded or not.
async fn query_param_list_escape(site: &'static Site) {
    if !site.is_awkward {
        return;
    }
    for list in ["%C3%BCn%C3%AF%2Ccød%C3%A9,a%20b", "ünï,cødé,a+b", "a%20b%2Cünï%2Ccødé"] {
        let list = list.replace('ü', "%C3%BC").replace('ï', "%C3%AF").replace('ø', "%C3%B8").replace('é', "%C3%A9");
        let page = site.json(&format!("/collections/shapes/items?limit=1&properties={list}")).await;
        let names = page["features"][0]["properties"].as_object().unwrap().keys().collect::<Vec<_>>();
        assert_eq!(names, ["a b", "ünï,cødé"], "{list}");
    }
}

/// An empty part is a part, and no name is empty.
async fn query_param_list_empty(site: &'static Site) {
    for path in &site.collections {
        for (name, value) in
            [("bbox", "1,,3,4"), ("bbox", ""), ("properties", ""), ("properties", "geometry,"), ("sortby", ",id"), ("sortby", "")]
        {
            site.refused(&format!("{path}/items?{name}={value}"), name).await;
        }
    }
}

/// `true` and `false`, in lower case; the one parameter that takes them takes the id of a feature as well.
async fn query_param_value_boolean(site: &'static Site) {
    let path = format!("{}/items?limit=1", site.collections[0]);
    assert!(site.json(&format!("{path}&explain=true")).await["explain"].is_object());
    assert!(site.json(&format!("{path}&explain=false")).await.get("explain").is_none());
    assert_eq!(site.json(&format!("{path}&explain=TRUE")).await["explain"]["feature"]["exists"], false);
}

async fn query_param_value_integer(site: &'static Site) {
    let path = format!("{}/items", site.collections[0]);
    for good in ["1", "01", "10000", "99999999999999999999"] {
        site.json(&format!("{path}?limit={good}")).await;
    }
    for bad in ["1.0", "1e2", "0x1", "%2B1", "1_000", "1%20"] {
        site.refused(&format!("{path}?limit={bad}"), "limit").await;
    }
}

async fn query_param_value_decimal(site: &'static Site) {
    let path = format!("{}/items?limit=1", site.collections[0]);
    for good in ["-10,10,5,25", "-10.0,10.5,+5.25,25.", "-.5,.5,5,25"] {
        site.json(&format!("{path}&bbox={}", good.replace('+', "%2B"))).await;
    }
    for bad in ["-10,10,5,25N", "1/2,1,2,3", "0x1,2,3,4"] {
        site.refused(&format!("{path}&bbox={bad}"), "bbox").await;
    }
}

/// Exponents are numbers too; infinity and what is no number are not.
async fn query_param_value_double(site: &'static Site) {
    let path = format!("{}/items?limit=1", site.collections[0]);
    site.json(&format!("{path}&bbox=-1e1,1E1,5e0,2.5e1")).await;
    for bad in ["1,2,3,Infinity", "1,2,3,NaN", "1,2,3,1e999", "-inf,2,3,4"] {
        site.refused(&format!("{path}&bbox={bad}"), "bbox").await;
    }
}

/// A time stamp would break entity tags; there is none.
async fn rc_md_timestamp(site: &'static Site) {
    assert!(site.json("/collections").await.get("timeStamp").is_none());
}

/// What the list says of a collection it says of itself, and all that the schema of the standard asks for.
async fn description_success(site: &'static Site) {
    sfc_md_success(site).await;
    for path in &site.collections {
        let collection = site.json(path).await;
        for member in ["id", "title", "description", "itemType"] {
            assert!(collection[member].as_str().is_some_and(|text| !text.is_empty()), "{path}: {member}");
        }
        assert!(collection["links"].as_array().unwrap().iter().all(|link| link["rel"].is_string()), "{path}");
        assert!(collection["crs"].as_array().is_some_and(|list| list.iter().all(Value::is_string)), "{path}");
    }
}

/// One link to itself, one to each other form, and a relation and a type on every link.
async fn description_links(site: &'static Site) {
    for path in &site.collections {
        let collection = site.json(path).await;
        for (rel, count) in [("self", 1), ("alternate", 1)] {
            let found = links(&collection, rel);
            assert_eq!(found.len(), count, "{path}: {rel}");
            for link in found {
                let answer = site.follow(link["href"].as_str().unwrap()).await;
                assert!(answer.header("content-type").starts_with(link["type"].as_str().unwrap()), "{path}: {link}");
            }
        }
        assert!(collection["links"].as_array().unwrap().iter().all(|link| link["rel"].is_string() && link["type"].is_string()), "{path}");
    }
}

/// Where there are several boxes or intervals, the first holds the others; one of each is all there ever is.
async fn description_extent_multi(site: &'static Site) {
    for path in &site.collections {
        let extent = site.json(path).await["extent"].clone();
        for list in ["/spatial/bbox", "/temporal/interval"] {
            assert!(extent.pointer(list).is_none_or(|list| list.as_array().is_some_and(|list| list.len() == 1)), "{path}: {extent}");
        }
    }
}
