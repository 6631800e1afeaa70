//! What is read, what is refused and why; text and JSON give one filter.

use proptest::prelude::*;

use super::{Expr, Language, parse};
use crate::model::{Collection, Crs, GeometryKind, Kind, Property, Role, Schema, Text};

fn property(name: &str, kind: Kind) -> Property {
    let role = (name == "from").then_some(Role::PrimaryIntervalStart);
    Property { name: name.to_owned(), kind, title: Text::plain(name), description: None, unit: None, role, codes: Vec::new() }
}

/// One property of each kind.
fn collection() -> Collection {
    let kinds = [
        ("name", Kind::Text),
        ("other", Kind::Text),
        ("closed", Kind::Edtf),
        ("floors", Kind::Integer),
        ("depth", Kind::Number),
        ("swimming_pool", Kind::Boolean),
        ("built", Kind::Date),
        ("from", Kind::Date),
        ("updated", Kind::Timestamp),
        ("eo:page", Kind::Uri),
        ("tags", Kind::List),
        ("claims", Kind::Json),
        ("a \"b\"", Kind::Integer),
    ];
    Collection::new("things", GeometryKind::Any, Schema { properties: kinds.map(|(name, kind)| property(name, kind)).into() })
}

fn text(filter: &str) -> Expr {
    parse(filter, Language::Text, &Crs::crs84(), &collection()).unwrap_or_else(|error| panic!("{filter}: {error}"))
}

fn json(filter: &str) -> Expr {
    parse(filter, Language::Json, &Crs::crs84(), &collection()).unwrap_or_else(|error| panic!("{filter}: {error}"))
}

fn refused(filter: &str) -> String {
    parse(filter, Language::Text, &Crs::crs84(), &collection()).expect_err(filter).to_string()
}

/// The two encodings of one filter, after the examples of the standard.
const PAIRS: [(&str, &str); 37] = [
    ("floors>5", r#"{"op":">","args":[{"property":"floors"},5]}"#),
    ("depth<=500.25", r#"{"op":"<=","args":[{"property":"depth"},500.25]}"#),
    ("swimming_pool=true", r#"{"op":"=","args":[{"property":"swimming_pool"},true]}"#),
    ("swimming_pool", r#"{"property":"swimming_pool"}"#),
    (
        "floors>5 AND swimming_pool=true",
        r#"{"op":"and","args":[{"op":">","args":[{"property":"floors"},5]},{"op":"=","args":[{"property":"swimming_pool"},true]}]}"#,
    ),
    (
        "floors>5 AND (name = 'x' OR name = 'y')",
        r#"{"op":"and","args":[{"op":">","args":[{"property":"floors"},5]},{"op":"or","args":[{"op":"=","args":[{"property":"name"},"x"]},{"op":"=","args":[{"property":"name"},"y"]}]}]}"#,
    ),
    (
        "NOT (floors<5) AND swimming_pool = FALSE",
        r#"{"op":"and","args":[{"op":"not","args":[{"op":"<","args":[{"property":"floors"},5]}]},{"op":"=","args":[{"property":"swimming_pool"},false]}]}"#,
    ),
    ("name LIKE 'Smith%'", r#"{"op":"like","args":[{"property":"name"},"Smith%"]}"#),
    ("name NOT LIKE 'Smith_'", r#"{"op":"not","args":[{"op":"like","args":[{"property":"name"},"Smith_"]}]}"#),
    ("depth BETWEEN 100.0 and 150.0", r#"{"op":"between","args":[{"property":"depth"},100.0,150.0]}"#),
    ("depth NOT BETWEEN -1 AND 2", r#"{"op":"not","args":[{"op":"between","args":[{"property":"depth"},-1,2]}]}"#),
    ("name IN ('Toronto','Frankfurt','Tokyo')", r#"{"op":"in","args":[{"property":"name"},["Toronto","Frankfurt","Tokyo"]]}"#),
    ("floors NOT IN (1,2,3,4)", r#"{"op":"not","args":[{"op":"in","args":[{"property":"floors"},[1,2,3,4]]}]}"#),
    ("name IS NULL", r#"{"op":"isNull","args":[{"property":"name"}]}"#),
    ("geometry IS NOT NULL", r#"{"op":"not","args":[{"op":"isNull","args":[{"property":"geometry"}]}]}"#),
    (
        "CASEI(name) IN (CASEI('Οδος'),CASEI('Straße'))",
        r#"{"op":"in","args":[{"op":"casei","args":[{"property":"name"}]},[{"op":"casei","args":["Οδος"]},{"op":"casei","args":["Straße"]}]]}"#,
    ),
    ("ACCENTI(name) = ACCENTI('débárquér')", r#"{"op":"=","args":[{"accenti":{"property":"name"}},{"accenti":"débárquér"}]}"#),
    (
        "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('é%'))",
        r#"{"op":"like","args":[{"op":"casei","args":[{"op":"accenti","args":[{"property":"name"}]}]},{"op":"casei","args":[{"op":"accenti","args":["é%"]}]}]}"#,
    ),
    (
        "S_INTERSECTS(geometry,POINT(36.319836 32.288087))",
        r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[36.319836,32.288087]}]}"#,
    ),
    (
        "S_DISJOINT(geometry,BBOX(160.6,-55.95,-170,-25.89))",
        r#"{"op":"s_disjoint","args":[{"property":"geometry"},{"bbox":[160.6,-55.95,-170,-25.89]}]}"#,
    ),
    (
        "S_WITHIN(geometry,POLYGON((-49 -36,-54 -36,-54 -38,-49 -38,-49 -36),(-50 -36.5,-50 -37,-51 -37,-50 -36.5)))",
        r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[-49,-36],[-54,-36],[-54,-38],[-49,-38],[-49,-36]],[[-50,-36.5],[-50,-37],[-51,-37],[-50,-36.5]]]}]}"#,
    ),
    (
        "S_CROSSES(geometry,LINESTRING Z (43.72992 -79.299 1, 43.73005 -79.2991 2))",
        r#"{"op":"s_crosses","args":[{"property":"geometry"},{"type":"LineString","coordinates":[[43.72992,-79.299,1],[43.73005,-79.2991,2]]}]}"#,
    ),
    (
        "S_TOUCHES(MULTIPOINT((7 50),(10 51)),geometry)",
        r#"{"op":"s_touches","args":[{"type":"MultiPoint","coordinates":[[7,50],[10,51]]},{"property":"geometry"}]}"#,
    ),
    (
        "S_TOUCHES(MULTIPOINT(7 50,10 51),geometry)",
        r#"{"op":"s_touches","args":[{"type":"MultiPoint","coordinates":[[7,50],[10,51]]},{"property":"geometry"}]}"#,
    ),
    (
        "S_OVERLAPS(geometry,MULTILINESTRING((7 50,10 51),(1 2,3 4)))",
        r#"{"op":"s_overlaps","args":[{"property":"geometry"},{"type":"MultiLineString","coordinates":[[[7,50],[10,51]],[[1,2],[3,4]]]}]}"#,
    ),
    (
        "S_CONTAINS(geometry,MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5))))",
        r#"{"op":"s_contains","args":[{"property":"geometry"},{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}]}"#,
    ),
    (
        "S_EQUALS(geometry,GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4)))",
        r#"{"op":"s_equals","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}]}"#,
    ),
    ("T_AFTER(built,DATE('2012-06-05'))", r#"{"op":"t_after","args":[{"property":"built"},{"date":"2012-06-05"}]}"#),
    (
        "T_DURING(INTERVAL(from, updated), INTERVAL('2017-06-10T07:30:00Z','..'))",
        r#"{"op":"t_during","args":[{"interval":[{"property":"from"},{"property":"updated"}]},{"interval":["2017-06-10T07:30:00Z",".."]}]}"#,
    ),
    (
        "T_FINISHEDBY(time, INTERVAL('2012-01-01','2012-01-31'))",
        r#"{"op":"t_finishedBy","args":[{"property":"time"},{"interval":["2012-01-01","2012-01-31"]}]}"#,
    ),
    ("A_CONTAINS(tags,('a','b'))", r#"{"op":"a_contains","args":[{"property":"tags"},["a","b"]]}"#),
    ("A_CONTAINEDBY(tags,('a'))", r#"{"op":"a_containedBy","args":[{"property":"tags"},["a"]]}"#),
    ("A_EQUALS((1,TRUE,'x'),())", r#"{"op":"a_equals","args":[[1,true,"x"],[]]}"#),
    ("built = from", r#"{"op":"=","args":[{"property":"built"},{"property":"from"}]}"#),
    (
        "floors > 2 + 3 * depth ^ 2",
        r#"{"op":">","args":[{"property":"floors"},{"op":"+","args":[2,{"op":"*","args":[3,{"op":"^","args":[{"property":"depth"},2]}]}]}]}"#,
    ),
    ("floors = -depth", r#"{"op":"=","args":[{"property":"floors"},{"op":"*","args":[-1,{"property":"depth"}]}]}"#),
    (
        "certainly_before(closed, TIMESTAMP('2023-09-01T00:00:00Z')) AND length(\"eo:page\") div 2 > 4",
        r#"{"op":"and","args":[{"op":"certainly_before","args":[{"property":"closed"},{"timestamp":"2023-09-01T00:00:00Z"}]},{"op":">","args":[{"op":"div","args":[{"op":"length","args":[{"property":"eo:page"}]},2]},4]}]}"#,
    ),
];

#[test]
fn text_and_json_give_one_filter_that_prints_as_itself() {
    for (in_text, in_json) in PAIRS {
        let expr = text(in_text);
        assert_eq!(expr, json(in_json), "{in_text}");
        assert_eq!(text(&expr.to_string()), expr, "{expr}");
    }
}

#[test]
fn operators_bind_as_the_grammar_has_it() {
    for (short, long) in [
        ("floors=1 OR floors=2 AND floors=3", "floors=1 OR (floors=2 AND floors=3)"),
        ("NOT floors=1 AND floors=2", "(NOT (floors=1)) AND floors=2"),
        ("floors = 1+2*3-4", "floors = 3"),
        ("floors = -2^2", "floors = 4"),
        ("floors = 7 div 2 * 2", "floors = 6"),
        ("floors = 10-3-2", "floors = 5"),
        ("floors between 1 and 2 and depth = 3", "(floors BETWEEN 1 AND 2) AND depth = 3"),
        ("(floors) = (1)", "floors = 1"),
        ("floors=+5", "floors = 5"),
        ("(((floors = 1)))", "floors = 1"),
        // As GDAL writes them.
        ("built < '2020-01-05T'", "built < DATE('2020-01-05')"),
        ("swimming_pool = 1", "swimming_pool = TRUE"),
        ("0 <> swimming_pool", "FALSE <> swimming_pool"),
        ("name ILIKE 'A%'", "CASEI(name) LIKE CASEI('A%')"),
        ("name NOT ILIKE 'A%'", "NOT CASEI(name) LIKE CASEI('A%')"),
        ("floors=1 and floors=2 and (floors=3 and floors=4)", "floors=1 AND floors=2 AND floors=3 AND floors=4"),
    ] {
        assert_eq!(text(short), text(long), "{short}");
    }
    assert!(matches!(text("\"a \"\"b\"\"\" = 1"), Expr::Compare(..)));
}

#[test]
fn errors_name_the_place_and_the_rule() {
    for (filter, message) in [
        ("", "at character 0: expected a property, a value, a function or '(', found the end"),
        ("nane = 'x'", "at character 0: there is no property \"nane\" to filter by; did you mean name?"),
        ("name = 'x' AND zzz = 1", "at character 15: there is no property \"zzz\" to filter by"),
        ("claims IS NULL", "at character 0: there is no property \"claims\" to filter by"),
        ("name = 5", "at character 7: = compares values of one type, found text and a number"),
        ("swimming_pool = 2", "at character 16: = compares values of one type, found true or false and a number"),
        ("built = '2020-01-01TT'", "at character 8: \"2020-01-01TT\" at character 11: expected two digits of an hour, found 'T'"),
        ("floors < '5'", "at character 9: < compares values of one type, found a number and text"),
        ("time = DATE('2020-01-01')", "at character 7: = compares values of one type, found an interval of time and a date"),
        (
            "name LIKE other",
            "at character 10: the pattern of LIKE must be a text in single quotation marks, or CASEI or ACCENTI of one, found another expression",
        ),
        ("floors LIKE '1%'", "at character 0: the left side of LIKE must be text, found a number"),
        ("floors", "at character 0: a filter, or each side of AND, OR and NOT, must be true or false, found a number"),
        ("name AND TRUE", "at character 0: a filter, or each side of AND, OR and NOT, must be true or false, found text"),
        ("S_INTERSECTS(geometry, name)", "at character 23: the second operand of S_INTERSECTS must be a geometry, found text"),
        ("S_INTERSECTS(geometry)", "at character 0: s_intersects takes 2 arguments, found 1"),
        (
            "T_AFTER(name, built)",
            "at character 8: the first operand of T_AFTER must be a time: DATE(…), TIMESTAMP(…), INTERVAL(…) or a property of time, found text",
        ),
        (
            "certainly_befor(time, time)",
            "at character 0: there is no function \"certainly_befor\"; /functions lists them; did you mean certainly_before?",
        ),
        ("length(floors) = 1", "at character 7: the argument text of length must be text, found a number"),
        ("A_EQUALS(tags, 'a')", "at character 15: the second operand of A_EQUALS must be an array, found text"),
        ("name + 1 = 2", "at character 0: the first operand of + must be a number, found text"),
        ("built = '2020-13-01'", "at character 8: \"2020-13-01\" at character 5: month 13 is outside 01..12"),
        ("built = DATE('2020-01-01T00:00:00Z')", "at character 8: \"2020-01-01T00:00:00Z\" is a timestamp; DATE takes YYYY-MM-DD"),
        ("T_EQUALS(time, INTERVAL('2020-02-01','2020-01-01'))", "at character 15: the interval ends before it starts"),
        ("S_INTERSECTS(geometry, POINT(32.2 136.3))", "at character 23: latitude 136.3 is outside -90..=90"),
        ("S_INTERSECTS(geometry, BBOX(1,2,3))", "at character 23: expected 4 or 6 numbers in BBOX, found 3 numbers"),
        ("S_INTERSECTS(geometry, BBOX(1,5,3,2))", "at character 23: BBOX: south 5 is greater than north 2"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", "at character 29: expected coordinates (an empty geometry meets nothing), found EMPTY"),
        ("floors = 1 floors = 2", "at character 11: expected AND, OR or the end, found floors"),
        ("floors != 1", "at character 7: expected '<>', which is how CQL2 writes not equal, found '!'"),
        ("floors IN ()", "at character 10: expected at least one value in the list of IN, found none"),
        ("2^3^4 = 1", "at character 3: expected round brackets about one of two powers in a row, found '^'"),
        ("name = 'x", "at character 7: expected another ' to end what starts here, found the end"),
        ("(floors = 1", "at character 11: expected an operator, ',' or ')', found the end"),
        (
            "and = 1",
            "at character 0: expected a property, a value, a function or '(' (a property with the name of a keyword is quoted), found and",
        ),
        ("name IS NOTNULL", "at character 8: expected NULL, found NOTNULL"),
    ] {
        assert_eq!(refused(filter), message, "{filter}");
    }
    assert!(refused("S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))").contains("at character 23"));
    assert!(refused("S_INTERSECTS(geometry, LINESTRING(0 0))").contains("at character 23"));
}

#[test]
fn size_and_depth_are_bounded() {
    assert!(refused(&"(".repeat(10_000)).contains("nested deeper than 40 levels"));
    assert!(refused(&"NOT ".repeat(10_000)).contains("nested deeper than 40 levels"));
    assert!(refused(&format!("floors = {}1", "1+".repeat(10_000))).contains("nested deeper than 40 levels"));
    assert!(refused(&format!("floors IN ({}1)", "1,".repeat(10_000))).contains("2000 parts at the most"));
    assert!(refused(&format!("{}TRUE", "TRUE AND ".repeat(10_000))).contains("2000 parts at the most"));
    text(&format!("floors IN ({}1)", "1,".repeat(1_500)));
}

#[test]
fn latitude_comes_first_where_it_is_said_so() {
    let swapped = |filter: &str| parse(filter, Language::Text, &Crs::epsg(4326).unwrap(), &collection()).unwrap();
    assert_eq!(swapped("S_INTERSECTS(geometry,POINT(32 136))"), text("S_INTERSECTS(geometry,POINT(136 32))"));
    assert_eq!(swapped("S_INTERSECTS(geometry,BBOX(65,177,70,-177))"), text("S_INTERSECTS(geometry,BBOX(177,65,-177,70))"));
}

#[test]
fn other_reference_systems_become_longitude_and_latitude() {
    let read = |filter: &str, code| parse(filter, Language::Text, &Crs::epsg(code).unwrap(), &collection()).unwrap().to_string();
    let printed = read("S_INTERSECTS(geometry,POINT(-333958.47 1569604.89))", 3857);
    assert!(printed.starts_with(r#"s_intersects("geometry",POINT(-2.99999"#) && printed.contains(" 13.9597"), "{printed}");
    // The edges of a box are curves: the polygon follows them.
    let printed = read("S_WITHIN(geometry,BBOX(500000,1500000,600000,1600000))", 32630);
    assert!(printed.contains("POLYGON((-2.99999") && printed.matches(',').count() > 100, "{printed}");
    let utm = Crs::epsg(32630).unwrap();
    let error = parse("S_WITHIN(geometry,BBOX(600000,1,500000,2))", Language::Text, &utm, &collection()).unwrap_err();
    assert!(error.to_string().contains("on both axes of EPSG:32630"), "{error}");
}

/// A filter of any form, as text.
fn filter() -> impl Strategy<Value = String> {
    let number = || {
        prop_oneof![
            Just("floors".to_owned()),
            Just("depth".to_owned()),
            (-5_i32..5).prop_map(|n| n.to_string()),
            (0.0..1e20_f64).prop_map(|n| n.to_string())
        ]
    };
    let sum = (number(), prop::sample::select(vec!["+", "-", "*", "/", "%", "div", "^"]), number())
        .prop_map(|(a, sign, b)| format!("({a} {sign} {b})"));
    let number = prop_oneof![number(), sum].boxed();
    let quoted = "[ab%_'\\\\é]{0,5}".prop_map(|text| super::expr::Term::Text(text).to_string());
    let word =
        prop_oneof![Just("name".to_owned()), quoted.clone(), Just("CASEI(name)".to_owned()), Just("ACCENTI(other)".to_owned())].boxed();
    let time = prop::sample::select(vec!["built", "updated", "closed", "DATE('2020-01-05')", "TIMESTAMP('2020-01-05T12:00:00Z')"]);
    let sign = prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        (number.clone(), sign.clone(), number.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (word.clone(), sign.clone(), word.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (time.clone(), sign, time).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (word.clone(), quoted).prop_map(|(a, b)| format!("{a} NOT LIKE {b}")),
        (number.clone(), number.clone(), number).prop_map(|(a, b, c)| format!("{a} BETWEEN {b} AND {c}")),
        (word.clone(), prop::collection::vec(word, 1..4)).prop_map(|(a, list)| format!("{a} IN ({})", list.join(","))),
        Just("tags IS NULL".to_owned()),
        Just("swimming_pool".to_owned()),
        Just("A_OVERLAPS(tags,('a',name))".to_owned()),
        Just("T_MEETS(INTERVAL(built,'..'),time)".to_owned()),
        Just("S_WITHIN(geometry,BBOX(170,-5.25,-170,1e1))".to_owned()),
    ];
    leaf.prop_recursive(3, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            inner.clone().prop_map(|part| format!("NOT ({part})")),
            inner.prop_map(|part| format!("(({part}) = TRUE)")),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(written in filter()) {
        let expr = text(&written);
        let printed = expr.to_string();
        prop_assert_eq!(text(&printed), expr, "{}", printed);
    }

    #[test]
    fn any_text_is_read_or_refused(written in "[ -~é(),'\"0-9]{0,60}", start in prop::sample::select(vec!["", "floors ", "S_INTERSECTS(geometry,", "NOT (", "{\"op\":"])) {
        let written = format!("{start}{written}");
        for language in [Language::Text, Language::Json] {
            if let Err(error) = parse(&written, language, &Crs::crs84(), &collection()) {
                prop_assert!(error.to_string().starts_with("at "));
            }
        }
    }
}
