//! Both encodings: every predicate of the standard as text and as JSON.

use harmattan::{
    model::{Collection, Crs, GeometryKind, Kind, Property, Schema},
    query::filter::{Array, Expr, Fold, Language, Spatial, Term, Time, parse},
};
use serde_json::{Value, json};

use super::{data::expected, site::standard};

pub(super) async fn cql2_text_validate() {
    for expected in expected() {
        assert_eq!(standard().count(expected.collection, expected.filter, "cql-text").await, expected.count);
        let printed = read(expected.filter, Language::Text).to_string();
        assert_eq!(read(&printed, Language::Text), read(expected.filter, Language::Text), "{printed}");
    }
}

pub(super) async fn cql2_json_validate() {
    for expected in expected() {
        let expr = read(expected.filter, Language::Text);
        let encoded = condition(&expr).to_string();
        assert_eq!(read(&encoded, Language::Json), expr, "{encoded}");
        assert_eq!(
            standard().count(expected.collection, &encoded, "cql2-json").await,
            expected.count,
            "{}: {encoded}",
            expected.collection
        );
    }
}

/// Reads a filter of the standard's test data.
fn read(filter: &str, language: Language) -> Expr {
    let kinds = [
        ("NAME", Kind::Text),
        ("POP_EST", Kind::Integer),
        ("name", Kind::Text),
        ("nameascii", Kind::Text),
        ("pop_max", Kind::Integer),
        ("pop_min", Kind::Integer),
        ("pop_other", Kind::Integer),
        ("date", Kind::Date),
        ("start", Kind::Timestamp),
        ("end", Kind::Timestamp),
        ("boolean", Kind::Boolean),
    ];
    let property = |(name, kind): (&str, Kind)| Property::new(name, kind);
    let collection = Collection::new("all", GeometryKind::Any, Schema { properties: kinds.map(property).into() });
    parse(filter, language, &Crs::crs84(), &collection).unwrap_or_else(|error| panic!("{filter}: {error}"))
}

fn call(op: &str, args: Vec<Value>) -> Value {
    json!({ "op": op, "args": args })
}

/// A condition as the JSON encoding has it.
fn condition(expr: &Expr) -> Value {
    match expr {
        Expr::Constant(value) => json!(value),
        Expr::Truth(value) => term(value),
        Expr::And(parts) => call("and", parts.iter().map(condition).collect()),
        Expr::Or(parts) => call("or", parts.iter().map(condition).collect()),
        Expr::Not(part) => call("not", vec![condition(part)]),
        Expr::Compare(comparison, left, right) => call(comparison.sign(), vec![term(left), term(right)]),
        Expr::Like(text, pattern) => call("like", vec![term(text), json!(pattern.to_string())]),
        Expr::Between(terms) => call("between", terms.iter().map(term).collect()),
        Expr::In(value, list) => call("in", vec![term(value), list.iter().map(term).collect()]),
        Expr::IsNull(value) => call("isNull", vec![term(value)]),
        Expr::Spatial(relation, left, right) => call(Spatial::ALL[*relation as usize].1, vec![term(left), term(right)]),
        Expr::Temporal(relation, left, right) => {
            let name = format!("{relation:?}");
            call(&format!("t_{}{}", name[..1].to_lowercase(), &name[1..]), vec![term(left), term(right)])
        }
        Expr::Array(relation, left, right) => call(Array::ALL[*relation as usize].1, vec![term(left), term(right)]),
    }
}

fn term(value: &Term) -> Value {
    match value {
        Term::Field(_, name) => json!({ "property": name }),
        Term::Text(text) => json!(text),
        Term::Number(number) => number.to_string().parse().unwrap(),
        Term::Boolean(value) => json!(value),
        Term::Time(time @ Time::Day(_)) => json!({ "date": moment(*time) }),
        Term::Time(time) => json!({ "timestamp": moment(*time) }),
        Term::Interval(ends) => {
            let end = |end: &Option<Term>| match end {
                None => json!(".."),
                Some(Term::Time(time)) => json!(moment(*time)),
                Some(value) => term(value),
            };
            json!({ "interval": [end(&ends[0]), end(&ends[1])] })
        }
        Term::Shape(shape) => match shape.as_bbox() {
            Some(bbox) => json!({ "bbox": bbox.edges() }),
            None => serde_json::to_value(geojson::Geometry::from(shape.flat())).unwrap(),
        },
        Term::Fold(Fold::Case, text) => call("casei", vec![term(text)]),
        Term::Fold(Fold::Accents, text) => call("accenti", vec![term(text)]),
        Term::Arithmetic(operation, terms) => call(operation.sign(), terms.iter().map(term).collect()),
        Term::Call(function, arguments) => call(function.signature().name, arguments.iter().map(term).collect()),
        Term::Array(items) => items.iter().map(term).collect(),
        Term::Condition(inner) => condition(inner),
    }
}

fn moment(time: Time) -> String {
    match time {
        Time::Day(day) => day.to_string(),
        Time::Moment(moment) => moment.to_string(),
    }
}
