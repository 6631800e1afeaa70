//! Comparisons, LIKE, BETWEEN, IN, IS NULL, arithmetic.

use super::site::{Type, every_queryable, path, queryables_of, sites, standard};

/// The operators, and which of them exclude each other.
const OPERATORS: [&str; 6] = ["=", "<>", ">", "<", ">=", "<="];
const EXCLUSIVE: [(usize, usize); 3] = [(0, 1), (2, 5), (3, 4)];

pub(super) async fn cql2_text_escaping() {
    let site = standard();
    for (literal, text) in
        [("'abc''def'", "abc'def"), (r"'abc\'def'", "abc'def"), ("'abc\u{7}\u{8}\t\n\u{b}\u{c}\rdef'", "abc\u{7}\u{8}\t\n\u{b}\u{c}\rdef")]
    {
        // What a literal stands for is compared with the same text as JSON writes it.
        let json = serde_json::json!({ "op": "=", "args": [{ "property": "name" }, text] });
        let expected = site.found_by("cities", &json.to_string(), "cql2-json").await;
        assert_eq!(site.found("cities", &format!("name = {literal}")).await, expected);
        let length = text.chars().count();
        assert_eq!(site.found("cities", &format!("length({literal}) = {length}")).await.len(), 243, "{literal}");
    }
    assert_eq!(site.found("cities", "name = 'Saint George''s' OR name = 'Saint John\\'s'").await.len(), 2);
}

pub(super) async fn basic_cql2_basic_test() {
    for site in sites() {
        for collection in site.collections {
            // Each has a type, or this panics.
            let queryables = site.queryables(collection).await;
            assert!(queryables.iter().any(|(_, kind)| kind.value().is_some()), "{collection}");
        }
    }
}

pub(super) async fn basic_cql2_comparison() {
    compare(|operator, name, value| format!("{name} {operator} {value}")).await;
}

pub(super) async fn property_property_comparison_value_property() {
    compare(|operator, name, value| format!("{value} {operator} {name}")).await;
}

async fn compare(filter: impl Fn(&str, &str, &str) -> String) {
    for (site, collection, name, kind) in every_queryable().await {
        let Some(value) = kind.value() else { continue };
        let known = site.found(collection, &format!("{name} IS NOT NULL")).await;
        let mut results = Vec::new();
        for operator in OPERATORS {
            results.push(site.found(collection, &filter(operator, &name, value)).await);
        }
        for (a, b) in EXCLUSIVE {
            assert!(results[a].is_disjoint(&results[b]), "{collection} {name}: {} and {}", OPERATORS[a], OPERATORS[b]);
            // Stronger than the standard asks: together they are all that is known.
            assert_eq!(results[a].len() + results[b].len(), known.len(), "{collection} {name}: {} and {}", OPERATORS[a], OPERATORS[b]);
        }
    }
}

pub(super) async fn property_property_comparison_property_property() {
    for (site, collection, name, kind) in every_queryable().await {
        if kind.value().is_none() {
            continue;
        }
        let known = site.found(collection, &format!("{name} IS NOT NULL")).await;
        for operator in OPERATORS {
            let found = site.found(collection, &format!("{name} {operator} {name}")).await;
            if operator.contains('=') {
                assert_eq!(found, known, "{collection} {name} {operator}");
            } else {
                assert!(found.is_empty(), "{collection} {name} {operator}");
            }
        }
    }
}

pub(super) async fn property_property_comparison_value_value() {
    for site in sites() {
        for collection in site.collections {
            let all = site.found(collection, "true").await;
            for value in [Type::String, Type::Boolean, Type::Number, Type::Integer, Type::Timestamp, Type::Date].map(Type::value) {
                let value = value.unwrap();
                for operator in OPERATORS {
                    let found = site.found(collection, &format!("{value} {operator} {value}")).await;
                    assert_eq!(found.len(), if operator.contains('=') { all.len() } else { 0 }, "{value} {operator}");
                }
            }
        }
    }
}

pub(super) async fn basic_cql2_is_null() {
    for (site, collection, name, _) in every_queryable().await {
        let without = site.found(collection, &format!("{name} IS NULL")).await;
        let with = site.found(collection, &format!("{name} is not null")).await;
        assert!(without.is_disjoint(&with), "{collection} {name}");
        assert_eq!(without.len() + with.len(), site.found(collection, "TRUE").await.len(), "{collection} {name}");
    }
}

pub(super) async fn basic_cql2_boolean() {
    for site in sites() {
        for collection in site.collections {
            let all = site.json(&format!("{}/items?limit=1", path(collection))).await["numberMatched"].clone();
            assert_eq!(site.found(collection, "true").await.len(), all, "{collection}");
            assert!(site.found(collection, "false").await.is_empty(), "{collection}");
        }
    }
}

pub(super) async fn advanced_comparison_operators_like() {
    for (site, collection, name, _) in queryables_of(&[Type::String]).await {
        let some = site.found(collection, &format!("{name} like '_%'")).await;
        assert!(some.is_disjoint(&site.found(collection, &format!("{name} like ''")).await), "{collection} {name}");
        let any = site.found(collection, &format!("{name} LIKE '%'")).await;
        assert_eq!(any, site.found(collection, &format!("{name} like '%%'")).await, "{collection} {name}");
        assert_eq!(any, site.found(collection, &format!("{name} IS NOT NULL")).await, "{collection} {name}");
        site.found(collection, &format!(r"{name} like '\%\_'")).await;
    }
}

pub(super) async fn advanced_comparison_operators_between() {
    for (site, collection, name, _) in queryables_of(&[Type::Number, Type::Integer]).await {
        let between = site.found(collection, &format!("{name} BETWEEN 0 AND 100")).await;
        assert_eq!(between, site.found(collection, &format!("{name} >= 0 AND {name} <= 100")).await, "{collection} {name}");
        assert!(site.found(collection, &format!("{name} between 100.0 and 1.0")).await.is_empty(), "{collection} {name}");
    }
}

pub(super) async fn advanced_comparison_operators_in() {
    for (kind, list) in [
        (Type::Integer, "1, 2, 3"),
        (Type::String, "'foo', 'bar'"),
        (Type::Boolean, "true"),
        (Type::Timestamp, "'2022-04-14T14:52:56Z', '2022-04-14T15:52:56Z'"),
        (Type::Date, "'2022-04-14', '2022-04-15'"),
    ] {
        for (site, collection, name, _) in queryables_of(&[kind]).await {
            let found = site.found(collection, &format!("{name} IN ({list})")).await;
            let any = list.split(", ").map(|value| format!("{name} = {value}")).collect::<Vec<_>>().join(" OR ");
            assert_eq!(found, site.found(collection, &any).await, "{collection} {name}");
        }
    }
}

pub(super) async fn arithmetic_arithmetic() {
    for (site, collection, name, kind) in queryables_of(&[Type::Number, Type::Integer]).await {
        let known = site.found(collection, &format!("{name} IS NOT NULL")).await;
        // Beyond 64 bits whole numbers are no longer exact, and no other number ever is.
        let exact = site.found(collection, &format!("{name} BETWEEN -4e18 AND 4e18")).await;
        for same in ["{} + 1 - 1", "{} * 2 / 2", "({} div 1) + ({} % 1)", "-(-{})", "{} ^ 1", "0 + {}"] {
            let same = same.replace("{}", &name);
            let filter = if kind == Type::Integer { format!("{name} = {same}") } else { format!("abs({name} - ({same})) < 1e-6") };
            let found = site.found(collection, &filter).await;
            assert!(exact.is_subset(&found) && found.is_subset(&known), "{collection} {name} = {same}");
        }
        assert!(site.found(collection, &format!("{name} / 0 = 1 OR NOT ({name} / 0 = 1)")).await.is_empty(), "unknown");
    }
}
