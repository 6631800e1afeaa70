//! The ids of records: their own, those of a column, or their numbers.

use std::collections::HashSet;

use super::{column::Column as RawColumn, infer::value, part::Part, record::Raw, repeats::repeats, report::Report, wishes::Wishes};
use crate::{
    dataset::{Rule as Broken, Violation},
    model::{Cell, Column, Kind, Texts, Value, Values},
};

/// The id of each record: its own, that of the column of ids, else its number.
pub(super) fn ids(all: &mut Part<'_>, id_column: Option<Column>) -> Texts {
    if all.has_id.is_full() {
        return std::mem::take(&mut all.ids);
    }
    let has_ids = (0..all.rows()).any(|row| all.has_id.get(row));
    let id_column = match id_column {
        // Every id is there already.
        Some(Column { known, values: Values::Text(texts) }) if known.is_full() && !has_ids => return texts,
        other => other,
    };
    let taken = if has_ids { all.ids.iter().collect::<HashSet<_>>() } else { HashSet::new() };
    let mut ids = Texts::default();
    for row in 0..all.rows() {
        match id_column.as_ref().map(|column| column.get(row)) {
            _ if all.has_id.get(row) => ids.push(all.ids.get(row)),
            Some(Cell::Text(text)) => ids.push(text),
            _ => {
                let mut number = all.number(row).to_string();
                // Other than those that the file gives to some of its records.
                while taken.contains(number.as_str()) {
                    number.push('_');
                }
                ids.push(&number);
            }
        }
    }
    ids
}

/// The column that gives the ids: `id`, else `fid`, where no record has an id of its own and each has another value there.
pub(super) fn id_column(all: &Part<'_>, wishes: &Wishes, report: &mut Report, found: &mut Vec<Violation>) -> Option<usize> {
    if let Some(wanted) = &wishes.id_column {
        let columns = all.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>();
        let index = wishes.column("id_column", wanted, &columns, found)?;
        if !is_id(&all.columns[index]) {
            wishes.breaks("id_column", Broken::NoIds(wanted.clone()), found);
        }
        return Some(index);
    }
    if (0..all.rows()).any(|row| all.has_id.get(row)) {
        return None;
    }
    for wanted in ["id", "fid"] {
        let Some(index) = all.columns.iter().position(|column| column.name.eq_ignore_ascii_case(wanted)) else { continue };
        if is_id(&all.columns[index]) {
            return Some(index);
        }
        report.note(format!("column {:?} is not the id: it is empty or repeats itself somewhere", all.columns[index].name));
    }
    if all.rows() > 0 {
        report.note("no ids: each record has its number as id, which changes when records are added or removed before it".to_owned());
    }
    None
}

/// Whether a column has a value in every record, another in each.
fn is_id(column: &RawColumn) -> bool {
    if let Some(texts) = column.texts() {
        return (0..texts.len()).all(|row| !texts.get_bytes(row).is_empty()) && repeats(texts, |_| true).is_empty();
    }
    let mut texts = Texts::default();
    let is_whole = column.values().all(|raw: Raw<'_>| match value(raw, Kind::Text) {
        Value::Text(text) if !text.is_empty() => {
            texts.push(&text);
            true
        }
        _ => false,
    });
    is_whole && repeats(&texts, |_| true).is_empty()
}
