//! Conditions in CQL2 → SQL, where it has exactly the same meaning; `None` where it has not, and the rows are then looked at one by one,
//! as in memory.
//!
//! SQL knows the same three values. What differs is kept apart: texts are compared by code point whatever the collation, numbers that
//! are none and times without end are unknown here and greater than all others there, `2.5` is no whole number, a day is compared
//! with a moment as a stretch of time, and letters are folded by other tables than ours.

use super::{
    column::{Column, Of, micros},
    sql::{Bound, Sql},
    table::Table,
};
use crate::query::filter::{Comparison, Expr, Field, Function, Num, Spatial, Term, Time};

/// Up to here every whole number is a double.
const EXACT: u64 = 1 << 53;

/// Writes a condition. Where it `is_positive` nothing asks whether it is false or unknown, so that what an index can serve stands by itself.
pub(super) fn condition(sql: &mut Sql, table: &Table, expr: &Expr, is_positive: bool) -> Option<()> {
    let chain = |sql: &mut Sql, parts: &[Expr], word: &'static str| -> Option<()> {
        sql.push("(");
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                sql.push(word);
            }
            condition(sql, table, part, is_positive)?;
        }
        sql.push(")");
        Some(())
    };
    match expr {
        Expr::Constant(value) => drop(sql.bind(Bound::Boolean(*value))),
        Expr::And(parts) => chain(sql, parts, " AND ")?,
        Expr::Or(parts) => chain(sql, parts, " OR ")?,
        Expr::Not(part) => {
            sql.push("(NOT ");
            condition(sql, table, part, false)?;
            sql.push(")");
        }
        Expr::Truth(term) => truth(sql, table, term)?,
        Expr::Compare(comparison, left, right) => compare(sql, table, *comparison, left, right, is_positive)?,
        Expr::Between(terms) => {
            sql.push("(");
            compare(sql, table, Comparison::GreaterOrEqual, &terms[0], &terms[1], is_positive)?;
            sql.push(" AND ");
            compare(sql, table, Comparison::LessOrEqual, &terms[0], &terms[2], is_positive)?;
            sql.push(")");
        }
        Expr::In(_, list) if list.is_empty() => return None,
        Expr::In(tested, list) => {
            sql.push("(");
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    sql.push(" OR ");
                }
                compare(sql, table, Comparison::Equal, tested, item, is_positive)?;
            }
            sql.push(")");
        }
        Expr::Like(term, pattern) => {
            let pattern = pattern.to_string();
            if pattern.contains('\0') {
                return None;
            }
            sql.push("(");
            text(sql, table, term)?;
            sql.push(" COLLATE \"C\" LIKE ").bind(Bound::Text(pattern)).push(")");
        }
        Expr::IsNull(term) => {
            sql.push("(");
            match term {
                Term::Field(Field::Id, _) => table.relation.key.raw(sql),
                Term::Field(Field::Geometry, _) => table.relation.shape.as_ref()?.known(sql),
                Term::Field(Field::Property(index, _), _) => match table.column(*index) {
                    Some(Column { of: Of::List | Of::Json | Of::Array, .. }) => return None,
                    Some(column) => column.known(sql),
                    None => table.day(sql, *index)?,
                },
                _ => return None,
            }
            sql.push(" IS NULL)");
        }
        Expr::Spatial(relation, left, right) => spatial(sql, table, *relation, left, right, is_positive)?,
        Expr::Temporal(..) | Expr::Array(..) => return None,
    }
    Some(())
}

fn truth(sql: &mut Sql, table: &Table, term: &Term) -> Option<()> {
    match term {
        Term::Boolean(value) => drop(sql.bind(Bound::Boolean(*value))),
        Term::Condition(inner) => {
            sql.push("(");
            condition(sql, table, inner, false)?;
            sql.push(")");
        }
        Term::Field(Field::Property(index, _), _) => {
            table.column(*index).filter(|column| column.of == Of::Boolean)?.known(sql);
        }
        _ => return None,
    }
    Some(())
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => " = ",
        Comparison::NotEqual => " <> ",
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
    }
}

/// What a term is, as far as SQL has it.
enum Side<'a> {
    Column(&'a Column),
    Id,
    /// A day that is made of the time.
    Day(usize),
    Text(&'a str),
    Number(Num),
    Boolean(bool),
    Time(Time),
    /// How long a text is.
    Length(&'a Term),
    Condition(&'a Expr),
}

fn side<'a>(table: &'a Table, term: &'a Term) -> Option<Side<'a>> {
    Some(match term {
        Term::Field(Field::Id, _) => Side::Id,
        Term::Field(Field::Property(index, _), _) => table.column(*index).map_or(Side::Day(*index), Side::Column),
        Term::Text(text) => Side::Text(text),
        Term::Number(number) => Side::Number(*number),
        Term::Boolean(value) => Side::Boolean(*value),
        Term::Time(time) => Side::Time(*time),
        Term::Call(Function::Length, arguments) => Side::Length(&arguments[0]),
        Term::Condition(condition) => Side::Condition(condition),
        _ => return None,
    })
}

fn compare(sql: &mut Sql, table: &Table, comparison: Comparison, left: &Term, right: &Term, is_positive: bool) -> Option<()> {
    let (a, b) = (side(table, left)?, side(table, right)?);
    match (&a, &b) {
        (
            Side::Text(_) | Side::Number(_) | Side::Boolean(_) | Side::Time(_),
            Side::Column(_) | Side::Id | Side::Day(_) | Side::Length(_),
        ) => compare(sql, table, comparison.swapped(), right, left, is_positive),
        (Side::Column(column), Side::Time(time)) => in_time(sql, column, comparison, *time, is_positive),
        (Side::Day(index), Side::Time(time)) => {
            sql.push("(");
            table.day(sql, *index)?;
            sql.push(sign(comparison)).bind(Bound::Day(time.first().civil_day()?)).push(")");
            Some(())
        }
        (Side::Column(column), Side::Number(number)) => number_of(sql, column, comparison, *number, is_positive),
        (Side::Length(term), Side::Number(number)) => {
            let write = |sql: &mut Sql| {
                sql.push("char_length(");
                text(sql, table, term)?;
                sql.push(")");
                Some(())
            };
            whole(sql, &write, comparison, *number)
        }
        (Side::Id, Side::Text(id)) if comparison == Comparison::Equal && is_positive => {
            // The key's own index.
            sql.push("(");
            match table.relation.has_id(sql, id) {
                Some(()) => {}
                None if id.contains('\0') => return None,
                None => drop(sql.bind(Bound::Boolean(false))),
            }
            sql.push(")");
            Some(())
        }
        (Side::Column(column), Side::Text(value))
            if column.of == Of::Text && matches!(comparison, Comparison::Equal | Comparison::NotEqual) =>
        {
            if value.contains('\0') {
                return None;
            }
            sql.push("(");
            column.raw(sql);
            sql.push(sign(comparison)).bind(Bound::Text((*value).to_owned())).push(")");
            Some(())
        }
        (Side::Column(column), Side::Boolean(value)) if column.of == Of::Boolean => {
            sql.push("(");
            column.known(sql);
            sql.push(sign(comparison)).bind(Bound::Boolean(*value)).push(")");
            Some(())
        }
        (Side::Condition(inner), Side::Boolean(value)) => {
            sql.push("(");
            condition(sql, table, inner, false)?;
            sql.push(sign(comparison)).bind(Bound::Boolean(*value)).push(")");
            Some(())
        }
        (Side::Column(one), Side::Column(other)) => {
            let is_same = match (one.of, other.of) {
                (Of::Timestamp { .. }, Of::Timestamp { .. }) => true,
                (Of::Text | Of::AsText, Of::Text | Of::AsText) => true,
                (Of::Integer, of) | (Of::Number, of) | (Of::Boolean, of) | (Of::Date, of) => of == one.of,
                _ => false,
            };
            is_same.then_some(())?;
            sql.push("(");
            one.ordered(sql);
            sql.push(sign(comparison));
            other.ordered(sql);
            sql.push(")");
            Some(())
        }
        (Side::Column(_) | Side::Id, Side::Text(_) | Side::Id) | (Side::Id, Side::Column(_)) => {
            sql.push("(");
            text(sql, table, left)?;
            sql.push(" COLLATE \"C\"").push(sign(comparison));
            text(sql, table, right)?;
            sql.push(" COLLATE \"C\")");
            Some(())
        }
        _ => None,
    }
}

/// A text.
fn text(sql: &mut Sql, table: &Table, term: &Term) -> Option<()> {
    match term {
        Term::Text(value) if !value.contains('\0') => drop(sql.bind(Bound::Text(value.clone()))),
        Term::Field(Field::Id, _) => {
            sql.push("(");
            table.relation.key.raw(sql);
            sql.push(")::text");
        }
        Term::Field(Field::Property(index, _), _) => {
            table.column(*index).filter(|column| matches!(column.of, Of::Text | Of::AsText))?.known(sql);
        }
        _ => return None,
    }
    Some(())
}

/// A column of numbers compared with one.
fn number_of(sql: &mut Sql, column: &Column, comparison: Comparison, number: Num, is_positive: bool) -> Option<()> {
    match column.of {
        Of::Integer => {
            let write = |sql: &mut Sql| {
                column.raw(sql);
                Some(())
            };
            whole(sql, &write, comparison, number)
        }
        Of::Number => {
            if let Num::Int(value) = number
                && value.unsigned_abs() > EXACT
            {
                return None;
            }
            guarded(sql, column, is_positive, |sql| {
                sql.push(sign(comparison)).bind(Bound::Number(number.as_f64()));
            });
            Some(())
        }
        _ => None,
    }
}

/// A column that has values which are unknown here, compared.
fn guarded(sql: &mut Sql, column: &Column, is_positive: bool, rest: impl FnOnce(&mut Sql)) {
    sql.push("(");
    if is_positive {
        column.raw(sql);
        rest(sql);
        sql.push(" AND ");
        column.is_readable(sql);
    } else {
        column.known(sql);
        rest(sql);
    }
    sql.push(")");
}

/// Whole numbers compared with a number.
fn whole(sql: &mut Sql, write: &impl Fn(&mut Sql) -> Option<()>, comparison: Comparison, number: Num) -> Option<()> {
    let (comparison, bound) = match number {
        Num::Int(value) => (comparison, value),
        Num::Real(value) if value.fract() == 0.0 || value.abs() >= 9.2e18 => return None,
        Num::Real(value) => {
            let floor = value.floor() as i64;
            match comparison {
                Comparison::Equal | Comparison::NotEqual => {
                    // Never so, or always, where it is known.
                    sql.push("(");
                    write(sql)?;
                    sql.push(if comparison == Comparison::Equal { " <> " } else { " = " });
                    write(sql)?;
                    sql.push(")");
                    return Some(());
                }
                Comparison::Less | Comparison::LessOrEqual => (Comparison::LessOrEqual, floor),
                Comparison::Greater | Comparison::GreaterOrEqual => (Comparison::Greater, floor),
            }
        }
    };
    sql.push("(");
    write(sql)?;
    sql.push(sign(comparison)).bind(Bound::Integer(bound)).push(")");
    Some(())
}

/// A column of days or moments compared with one: less is all before all of it, equal neither less nor greater.
fn in_time(sql: &mut Sql, column: &Column, comparison: Comparison, time: Time, is_positive: bool) -> Option<()> {
    match column.of {
        // The day on which it falls: a day that is another one lies before or after all of it.
        Of::Date => {
            let day = time.first().civil_day()?;
            guarded(sql, column, is_positive, |sql| {
                sql.push(sign(comparison)).bind(Bound::Day(day));
            });
        }
        Of::Timestamp { .. } => {
            // Of a moment there is a millisecond, of which our values are made.
            let (first, beyond) = (micros(time.first())?, micros(time.last())?.checked_add(1000)?);
            let zoned = |sql: &mut Sql, micros| match is_positive {
                true => column.bind_moment(sql, micros),
                false => drop(sql.bind(Bound::Moment(micros))),
            };
            let one = |sql: &mut Sql, sign: &'static str, micros| {
                guarded(sql, column, is_positive, |sql| {
                    sql.push(sign);
                    zoned(sql, micros);
                });
            };
            match comparison {
                Comparison::Less => one(sql, " < ", first),
                Comparison::GreaterOrEqual => one(sql, " >= ", first),
                Comparison::Greater => one(sql, " >= ", beyond),
                Comparison::LessOrEqual => one(sql, " < ", beyond),
                Comparison::Equal | Comparison::NotEqual => {
                    let is_equal = comparison == Comparison::Equal;
                    sql.push("(");
                    one(sql, if is_equal { " >= " } else { " < " }, first);
                    sql.push(if is_equal { " AND " } else { " OR " });
                    one(sql, if is_equal { " < " } else { " >= " }, beyond);
                    sql.push(")");
                }
            }
        }
        _ => return None,
    }
    Some(())
}

fn spatial(sql: &mut Sql, table: &Table, relation: Spatial, left: &Term, right: &Term, is_positive: bool) -> Option<()> {
    let (relation, literal) = match (left, right) {
        (Term::Field(Field::Geometry, _), Term::Shape(literal)) => (relation, literal),
        (Term::Shape(literal), Term::Field(Field::Geometry, _)) => (relation.reversed(), literal),
        _ => return None,
    };
    let shape = table.relation.shape.as_ref()?;
    let is_intersects = relation == Spatial::Intersects;
    if let (Spatial::Intersects | Spatial::Disjoint, Some(bbox)) = (relation, literal.as_bbox()) {
        if is_positive && is_intersects {
            shape.meets(sql, bbox);
            return Some(());
        }
        sql.push("(CASE WHEN ");
        shape.known(sql);
        sql.push(if is_intersects { " IS NOT NULL THEN " } else { " IS NOT NULL THEN NOT " });
        shape.meets(sql, bbox);
        sql.push(" END)");
        return Some(());
    }
    let function = function(relation)?;
    let is_collection = matches!(literal.flat(), geo::Geometry::GeometryCollection(_));
    let is_plain = matches!(relation, Spatial::Intersects | Spatial::Disjoint);
    if is_collection || shape.may_be_collection() && !is_plain {
        return None;
    }
    shape.relates(sql, function, literal.flat(), is_positive && relation != Spatial::Disjoint)
}

/// The relations for which our program and PostGIS's have one answer; the others depend on how boundaries of parts are taken.
fn function(relation: Spatial) -> Option<&'static str> {
    Some(match relation {
        Spatial::Intersects => "ST_Intersects",
        Spatial::Disjoint => "ST_Disjoint",
        Spatial::Within => "ST_Within",
        Spatial::Contains => "ST_Contains",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        dataset::files::{About, Outside, OutsideColumn},
        model::{Crs, GeometryKind},
        query::{
            Filter,
            filter::{Language, Pattern, parse},
        },
        store::postgis::catalog::{Relation, Shape},
    };

    fn table(name: &str) -> Table {
        let columns =
            [(name, Of::Text), ("n", Of::Integer), ("x", Of::Number), ("day", Of::Date), ("open", Of::Boolean), ("tags", Of::List)];
        let column = |(name, of): (&str, Of)| Column { name: name.to_owned(), of, end: None };
        let columns = columns.map(|one| (column(one), None));
        let shape = Shape { column: "geom".into(), is_geography: false, srid: 4326, kind: "POINT".into() };
        let said = columns.iter().map(|(column, _)| OutsideColumn {
            name: column.name.clone(),
            kind: column.kind(),
            description: None,
            unit: None,
        });
        let outside = Outside::new(About { name: "t".into(), ..About::default() }, GeometryKind::Point, &said.collect::<Vec<_>>(), None);
        let key = column(("key", Of::Integer));
        let relation =
            Relation { schema: "public".into(), name: "t".into(), comment: None, key, shape: Some(shape), columns: columns.to_vec() };
        Table { relation, outside: outside.unwrap() }
    }

    /// The statement of a filter, and whether it is all of it.
    fn narrow(table: &Table, filter: &str) -> (String, bool) {
        let expr = parse(filter, Language::Text, &Crs::crs84(), &table.outside.collection).unwrap();
        let mut sql = Sql::default();
        let is_all = table.narrow(&mut sql, &Filter { expr: Some(expr), ..Filter::default() });
        (sql.text().to_owned(), is_all)
    }

    #[test]
    fn what_sql_says_as_we_do_is_asked_of_it_and_the_rest_is_not() {
        let table = table("name");
        for (filter, sql, is_all) in [
            ("n = 3", "(t.\"n\" = $1::int8)", true),
            ("3 < n", "(t.\"n\" > $1::int8)", true),
            ("n < 2.5", "(t.\"n\" <= $1::int8)", true),
            ("n = 2.5", "(t.\"n\" <> t.\"n\")", true),
            ("name = 'a'", "(t.\"name\" = $1::text)", true),
            ("name < 'a'", "(t.\"name\" COLLATE \"C\" < $1::text COLLATE \"C\")", true),
            ("name LIKE 'a%'", "(t.\"name\" COLLATE \"C\" LIKE $1::text)", true),
            ("open", "t.\"open\"", true),
            ("id = '7'", "(t.\"key\" = $1::int8)", true),
            ("id = '07'", "($1::bool)", true),
            ("day > DATE('2023-01-01')", "(t.\"day\" > $1::date AND (t.\"day\" > '-infinity' AND t.\"day\" < '10000-01-01'))", true),
            ("n = 1 AND CASEI(name) = 'a'", "(t.\"n\" = $1::int8)", false),
            ("n = 1 OR CASEI(name) = 'a'", "", false),
            ("n + 1 = 3", "", false),
            ("A_CONTAINS(tags, ('a'))", "", false),
            ("S_TOUCHES(geometry, POINT(1 2))", "", false),
            ("T_AFTER(day, DATE('2023-01-01'))", "", false),
        ] {
            let expected = if sql.is_empty() { " WHERE true".to_owned() } else { format!(" WHERE true AND {sql}") };
            assert_eq!(narrow(&table, filter), (expected, is_all), "{filter}");
        }
    }

    proptest! {
        #[test]
        fn no_value_gets_into_a_statement(a in "[^\0]{1,20}", b in "[^\0]{1,20}", n in 1..i64::MAX, x in 1e-3..1e9_f64) {
            let table = table("name");
            let field = || Term::Field(Field::Property(0, crate::model::Kind::Text), "name".to_owned());
            let text = |text: &String| Term::Text(text.clone());
            let written = |expr: Expr| {
                let mut sql = Sql::default();
                let is_all = table.narrow(&mut sql, &Filter { expr: Some(expr), ..Filter::default() });
                (sql.text().to_owned(), is_all)
            };
            let all = |value: &String| [
                written(Expr::Compare(Comparison::Equal, field(), text(value))),
                written(Expr::Compare(Comparison::Less, text(value), field())),
                written(Expr::Like(field(), Pattern::new(value, &[]))),
                written(Expr::Not(Box::new(Expr::In(field(), vec![text(value), Term::Text(format!("{value}{value}"))])))),
            ];
            let of_one = all(&a);
            prop_assert!(of_one.iter().all(|(_, is_all)| *is_all));
            prop_assert_eq!(of_one, all(&b));
            prop_assert_eq!(narrow(&table, &format!("n > {n} AND x <= {x:.3}")).0, narrow(&table, "n > 1 AND x <= 2.5").0);
        }

        #[test]
        fn whatever_a_column_is_called_it_is_one_name(name in "[^\0]{1,20}") {
            prop_assume!(!["n", "x", "day", "open", "tags"].contains(&name.as_str()));
            let table = table(&name);
            let mut sql = Sql::default();
            table.column(0).unwrap().raw(&mut sql);
            let inner = sql.text().strip_prefix("t.\"").and_then(|rest| rest.strip_suffix('"')).unwrap();
            prop_assert_eq!(inner.replace("\"\"", ""), name.replace('"', ""));
            prop_assert_eq!(inner.matches('"').count() % 2, 0);
        }
    }
}
