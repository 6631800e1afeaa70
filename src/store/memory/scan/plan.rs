//! From a condition to a scan.

use std::ops::Range;

use super::{Scan, Table, TextTest, Values, range, spatial::Located};
use crate::{
    model::{Cell, when::Relation},
    query::{
        Budget,
        filter::{Comparison, Expr, Field, Function, Num, Pattern, Term, Time},
    },
    store::{
        condition::{One, truth},
        memory::{
            columns::{self, Column},
            index::runs_of,
            ranks::{Letters, Ranks, Reach},
        },
    },
};

/// Sets that are asked one by one rather than by code, at the most: as many words are read where a code takes eight.
const MOST_SETS: usize = 8;

/// Literals of IN that are compared one after another, at the most: as much work as to ask row by row.
const MOST_LITERALS: usize = 128;

/// A scan, and the runs outside of which it need not look; all of the table where there are none.
pub(in crate::store::memory) fn plan<'t>(table: &'t Table, condition: &'t Expr, budget: &'t Budget) -> (Option<Vec<Range<u32>>>, Scan<'t>) {
    let parts = match condition {
        Expr::And(parts) => parts.iter().collect(),
        other => vec![other],
    };
    let (mut reach, mut scans) = (None::<Vec<Range<u32>>>, Vec::new());
    for part in parts {
        match Located::of(part).and_then(|located| located.candidates(table)) {
            Some((runs, exact)) => {
                reach = Some(reach.map_or_else(|| runs.clone(), |reach| common(&reach, &runs)));
                if !exact {
                    scans.push(Scan::Rows(table, part, budget));
                }
            }
            None => scans.push(scan(table, part, budget)),
        }
    }
    let scan = if scans.is_empty() { Scan::Constant(Some(true)) } else { Scan::chain(true, scans) };
    (reach, scan)
}

/// The positions that are in both of two ascending lists of runs.
pub(in crate::store::memory) fn common(a: &[Range<u32>], b: &[Range<u32>]) -> Vec<Range<u32>> {
    let (mut runs, mut i, mut j) = (Vec::new(), 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let run = x.start.max(y.start)..x.end.min(y.end);
        if !run.is_empty() {
            runs.push(run);
        }
        if x.end < y.end { i += 1 } else { j += 1 }
    }
    runs
}

fn scan<'t>(table: &'t Table, condition: &'t Expr, budget: &'t Budget) -> Scan<'t> {
    match condition {
        Expr::Constant(value) => Scan::Constant(Some(*value)),
        Expr::And(parts) => Scan::chain(true, parts.iter().map(|part| scan(table, part, budget)).collect()),
        Expr::Or(parts) => Scan::chain(false, parts.iter().map(|part| scan(table, part, budget)).collect()),
        Expr::Not(part) => Scan::Not(Box::new(scan(table, part, budget))),
        leaf => {
            let special = match leaf {
                Expr::IsNull(Term::Field(field, _)) => Some(is_null(table, *field)),
                Expr::Truth(Term::Field(Field::Property(index, _), _)) => booleans(&table.columns[*index]),
                Expr::Truth(Term::Call(function, arguments)) => certain(table, *function, arguments),
                Expr::Compare(comparison, left, right) => compare(table, *comparison, left, right),
                Expr::Like(text, pattern) => like(table, text, pattern),
                Expr::Between(terms) => between(table, terms),
                Expr::In(value, list) => one_of(table, value, list),
                Expr::Temporal(relation, left, right) => temporal(table, *relation, left, right),
                _ => None,
            };
            let special = special.or_else(|| Located::of(leaf).map(|located| located.scan(table, budget)));
            special.or_else(|| coded(table, leaf)).unwrap_or(Scan::Rows(table, leaf, budget))
        }
    }
}

fn negated(scan: Scan<'_>, is: bool) -> Scan<'_> {
    if is { Scan::Not(Box::new(scan)) } else { scan }
}

fn is_null(table: &Table, field: Field) -> Scan<'_> {
    let known = match field {
        Field::Id => Scan::Constant(Some(true)),
        // Where the geometry is, whatever it is; `Runs` would call the others unknown.
        Field::Geometry => {
            let (located, all) = (table.about.located, table.len());
            let runs = if located == 0 { Vec::new() } else { std::iter::once(0..located).collect() };
            Scan::Runs { hits: runs, unknown: Vec::new(), located: all }
        }
        Field::Time => Scan::Timed(&table.times),
        Field::Property(index, _) => Scan::Known(table.columns[index].known()),
    };
    Scan::Not(Box::new(known))
}

fn booleans(column: &Column) -> Option<Scan<'_>> {
    match column.values() {
        columns::Values::Boolean(bits) => Some(Scan::Values(column.known(), Values::Booleans(bits))),
        _ => None,
    }
}

/// A column compared with a literal, on whichever side; or the id, which the index of ids has.
fn compare<'t>(table: &'t Table, comparison: Comparison, left: &'t Term, right: &'t Term) -> Option<Scan<'t>> {
    match (left, right) {
        (Term::Field(Field::Id, _), Term::Text(id)) | (Term::Text(id), Term::Field(Field::Id, _)) => match comparison {
            Comparison::Equal => Some(identified(table, [id.as_str()])),
            Comparison::NotEqual => Some(negated(identified(table, [id.as_str()]), true)),
            _ => None,
        },
        (Term::Field(Field::Property(index, _), _), literal) => column(&table.columns[*index], comparison, literal),
        (literal, Term::Field(Field::Property(index, _), _)) => column(&table.columns[*index], comparison.swapped(), literal),
        _ => None,
    }
}

fn column<'t>(column: &'t Column, comparison: Comparison, literal: &'t Term) -> Option<Scan<'t>> {
    let known = column.known();
    let of = |values, outside| negated(Scan::Values(known, values), outside);
    Some(match (column.values(), literal) {
        (columns::Values::Integer(values), Term::Number(number)) => {
            let (keys, outside) = values.compared(comparison, |value| Num::Int(value).compare(*number));
            of(Values::Keys(values, keys), outside)
        }
        (columns::Values::Number(values), Term::Number(number)) => {
            let (keys, outside) = values.compared(comparison, *number);
            of(Values::Keys(values.wholes(), keys), outside)
        }
        (columns::Values::Date(values), Term::Time(time)) => {
            let (range, outside) = range::days(comparison, *time);
            of(Values::Days(values, range), outside)
        }
        (columns::Values::Timestamp(values), Term::Time(time)) => {
            let (keys, outside) = values.compared(comparison, |value| range::moment(value, *time));
            of(Values::Keys(values, keys), outside)
        }
        (columns::Values::Boolean(bits), Term::Boolean(value)) => match comparison {
            Comparison::Equal => of(Values::Booleans(bits), !value),
            Comparison::NotEqual => of(Values::Booleans(bits), *value),
            _ => return None,
        },
        // A text beside a time, in an uncertain column, is none of these.
        (_, Term::Text(text)) => {
            let (letters, ranks) = column.letters()?;
            // What is not equal is what is not that.
            let outside = comparison == Comparison::NotEqual;
            let comparison = if outside { Comparison::Equal } else { comparison };
            of(texts(letters, ranks, |ranks| ranks.compared(letters, comparison, text), TextTest::Compare(comparison, text)), outside)
        }
        _ => return None,
    })
}

/// A column of texts like a pattern.
fn like<'t>(table: &'t Table, text: &Term, pattern: &'t Pattern) -> Option<Scan<'t>> {
    let Term::Field(Field::Property(index, _), _) = text else { return None };
    let column = &table.columns[*index];
    let (letters, ranks) = column.letters()?;
    Some(Scan::Values(column.known(), texts(letters, ranks, |ranks| ranks.like(letters, pattern), TextTest::Like(pattern))))
}

/// Texts that pass a test: by rank where that says anything.
fn texts<'t>(
    letters: Letters<'t>,
    ranks: Option<&'t Ranks>,
    reach: impl FnOnce(&Ranks) -> Option<Reach>,
    test: TextTest<'t>,
) -> Values<'t> {
    match ranks.and_then(|ranks| Some((ranks.ranks(), reach(ranks)?))) {
        Some((ranks, reach)) => Values::Ranked(ranks, reach, letters, test),
        None => Values::Texts(letters, test),
    }
}

/// The features of some ids.
fn identified<'t, 'i>(table: &Table, ids: impl IntoIterator<Item = &'i str>) -> Scan<'t> {
    let mut positions = ids.into_iter().filter_map(|id| table.find(id)).collect::<Vec<_>>();
    positions.sort_unstable();
    positions.dedup();
    Scan::Runs { hits: runs_of(positions), unknown: Vec::new(), located: table.len() }
}

/// One of several literals: as many comparisons, while that is less than to ask row by row.
fn one_of<'t>(table: &'t Table, value: &'t Term, list: &'t [Term]) -> Option<Scan<'t>> {
    if let Term::Field(Field::Id, _) = value {
        let ids = list.iter().map(|item| if let Term::Text(id) = item { Some(id.as_str()) } else { None });
        return Some(identified(table, ids.collect::<Option<Vec<_>>>()?));
    }
    let each = list.iter().take(MOST_LITERALS + 1).map(|item| compare(table, Comparison::Equal, value, item));
    let each = each.collect::<Option<Vec<_>>>().filter(|each| each.len() <= MOST_LITERALS)?;
    Some(Scan::chain(false, each))
}

/// Two comparisons at once: the ranges of both ends in one.
fn between<'t>(table: &'t Table, terms: &'t [Term; 3]) -> Option<Scan<'t>> {
    let [value, low, high] = terms;
    let ends = [compare(table, Comparison::GreaterOrEqual, value, low)?, compare(table, Comparison::LessOrEqual, value, high)?];
    let both = match &ends {
        [Scan::Values(known, a), Scan::Values(_, b)] => a.and(b).map(|values| Scan::Values(*known, values)),
        _ => None,
    };
    Some(both.unwrap_or_else(|| Scan::chain(true, ends.into())))
}

/// Whatever names nothing but one column of few different texts: answered once for each of them.
fn coded<'t>(table: &'t Table, condition: &'t Expr) -> Option<Scan<'t>> {
    let (mut only, mut several) = (None, false);
    condition.each_field(&mut |field| match field {
        Field::Property(index, _) if only.is_none_or(|only| only == index) => only = Some(index),
        _ => several = true,
    });
    let column = &table.columns[only.filter(|_| !several)?];
    let columns::Values::Coded(coded) = column.values() else { return None };
    let mut answers = Box::new([[false; 256]; 2]);
    for (code, text) in coded.values() {
        let answer = truth(condition, &One(Cell::Text(text)));
        answers[0][usize::from(code)] = answer == Some(true);
        answers[1][usize::from(code)] = answer == Some(false);
    }
    let unknown = truth(condition, &One(Cell::Null));
    let known = column.known();
    let is_plain = coded.values().all(|(code, _)| answers[0][usize::from(code)] != answers[1][usize::from(code)]);
    let hits = coded.values().filter(|(code, _)| answers[0][usize::from(*code)]);
    let sets = hits.map(|(code, _)| coded.set(code)).collect::<Option<Vec<_>>>().filter(|sets| is_plain && sets.len() <= MOST_SETS);
    let values = sets.map_or_else(|| Values::Codes(coded.codes(), answers), Values::Sets);
    let scan = Scan::Values(known, values);
    Some(match unknown {
        // What is true of an unknown value, IS NULL within the condition for one.
        Some(true) => Scan::Or(vec![Scan::Not(Box::new(Scan::Known(known))), scan]),
        Some(false) => Scan::And(vec![Scan::Known(known), scan]),
        None => scan,
    })
}

/// First and last moment of a time that the filter writes.
fn literal(term: &Term) -> Option<[i64; 2]> {
    let time = |time: &Time| [time.first().as_millis(), time.last().as_millis()];
    match term {
        Term::Time(written) => Some(time(written)),
        Term::Interval(ends) => match &**ends {
            [Some(Term::Time(start)), Some(Term::Time(end))] => Some([time(start)[0], time(end)[1]]),
            _ => None,
        },
        _ => None,
    }
}

const EARLIEST_START: usize = 0;
const LATEST_START: usize = 1;
const EARLIEST_END: usize = 2;
const LATEST_END: usize = 3;

/// A temporal relation of the feature's time with a literal, where it is a question to its bounds.
fn temporal<'t>(table: &'t Table, relation: Relation, left: &Term, right: &Term) -> Option<Scan<'t>> {
    let (relation, other) = match (left, right) {
        (Term::Field(Field::Time, _), other) => (relation, other),
        (other, Term::Field(Field::Time, _)) => match relation {
            Relation::After => (Relation::Before, other),
            Relation::Before => (Relation::After, other),
            Relation::Intersects | Relation::Disjoint => (relation, other),
            _ => return None,
        },
        _ => return None,
    };
    let [first, last] = literal(other)?;
    let after = |bound| at_least(table, bound, last.checked_add(1));
    let before = |bound| at_most(table, bound, first.checked_sub(1));
    Some(match relation {
        Relation::After => after(LATEST_START),
        Relation::Before => before(EARLIEST_END),
        Relation::Disjoint => Scan::Or(vec![after(LATEST_START), before(EARLIEST_END)]),
        Relation::Intersects => Scan::Bounds(&table.times, [EARLIEST_START, LATEST_END], [first, last]),
        _ => return None,
    })
}

/// The same for what is certain.
fn certain<'t>(table: &'t Table, function: Function, arguments: &[Term]) -> Option<Scan<'t>> {
    let (function, other) = match arguments {
        [Term::Field(Field::Time, _), other] => (function, other),
        [other, Term::Field(Field::Time, _)] => match function {
            Function::CertainlyBefore => (Function::CertainlyAfter, other),
            Function::CertainlyAfter => (Function::CertainlyBefore, other),
            same => (same, other),
        },
        _ => return None,
    };
    let [first, last] = literal(other)?;
    Some(match function {
        Function::CertainlyBefore => at_most(table, LATEST_END, first.checked_sub(1)),
        Function::CertainlyAfter => at_least(table, EARLIEST_START, last.checked_add(1)),
        Function::CertainlyIntersects => Scan::Bounds(&table.times, [LATEST_START, EARLIEST_END], [first, last]),
        _ => return None,
    })
}

/// A bound is at `last` or before; never where there is no such moment.
fn at_most(table: &Table, bound: usize, last: Option<i64>) -> Scan<'_> {
    Scan::Bound(&table.times, bound, last.map_or([i64::MAX, i64::MIN], |last| [i64::MIN, last]))
}

/// A bound is at `first` or after; never where there is no such moment.
fn at_least(table: &Table, bound: usize, first: Option<i64>) -> Scan<'_> {
    Scan::Bound(&table.times, bound, first.map_or([i64::MAX, i64::MIN], |first| [first, i64::MAX]))
}
