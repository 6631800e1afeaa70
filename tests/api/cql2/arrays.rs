//! Array functions, and functions of ours.

use super::site::{Type, queryables_of, sites};

pub(super) async fn array_functions_array_predicates() {
    for (site, collection, name, _) in queryables_of(&[Type::Array]).await {
        let ask = |function: &str, set: &str| {
            let filter = format!("{function}({name},{set})");
            async move { site.found(collection, &filter).await }
        };
        for set in ["('foo','bar')", "('Sévaré')", "()"] {
            let (contains, contained) = (ask("A_CONTAINS", set).await, ask("A_CONTAINEDBY", set).await);
            let (equals, overlaps) = (ask("A_EQUALS", set).await, ask("A_OVERLAPS", set).await);
            assert_eq!(equals, contains.intersection(&contained).cloned().collect(), "{collection} {name} {set}");
            assert!(set == "()" || equals.is_subset(&overlaps), "{collection} {name} {set}");
        }
        let known = site.found(collection, &format!("{name} IS NOT NULL")).await;
        assert_eq!(ask("A_CONTAINS", "()").await, known);
        assert_eq!(ask("A_EQUALS", &name).await, known);
        assert!(ask("A_OVERLAPS", "()").await.is_empty());
    }
}

pub(super) async fn functions_functions() {
    for site in sites() {
        let list = site.json("/functions").await;
        for function in list["functions"].as_array().unwrap() {
            let name = function["name"].as_str().unwrap();
            assert!(function["description"].is_string(), "{name}");
            let arguments = function["arguments"].as_array().unwrap().iter().map(|argument| match argument["type"][0].as_str().unwrap() {
                "string" => "'Foo'",
                "number" => "-2.5",
                "datetime" => "DATE('2023-08-03')",
                other => panic!("{name}: {other}"),
            });
            let call = format!("{name}({})", arguments.collect::<Vec<_>>().join(","));
            let filters = match function["returns"][0].as_str().unwrap() {
                "string" => vec![format!("{call} LIKE '%'"), format!("{call} IN ('FOO','foo')"), format!("CASEI({call}) = 'foo'")],
                "number" => vec![format!("{call} + 1 > {call}"), format!("{call} BETWEEN -3 AND 3"), format!("{call} IS NOT NULL")],
                "boolean" => vec![format!("{call} OR TRUE"), format!("{call} IN (TRUE, FALSE)"), format!("({call} = TRUE) = {call}")],
                other => panic!("{name}: {other}"),
            };
            for collection in site.collections {
                let all = site.found(collection, "true").await;
                for filter in &filters {
                    assert_eq!(site.found(collection, filter).await, all, "{filter}");
                }
            }
        }
        for collection in site.collections {
            site.refuses(collection, "no_such_function(1) = 1").await;
            site.refuses(collection, "abs('text') = 1").await;
            site.refuses(collection, "abs(1, 2) = 1").await;
        }
    }
}
