//! Days as people and spreadsheets write them, `31/12/2023` or `12/31/2023`: dates where the whole file tells in which order, and texts
//! as written where it does not.

use std::collections::BTreeSet;

use super::{column::Column, literal, record::Raw};
use crate::model::Kind;

/// In which order a day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Year,
    Day,
    Month,
}

impl Order {
    const ALL: [Self; 3] = [Self::Year, Self::Day, Self::Month];

    fn words(self) -> &'static str {
        match self {
            Self::Year => "year, month, day",
            Self::Day => "day, month, year",
            Self::Month => "month, day, year",
        }
    }
}

/// The orders in which every text of a column may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Orders([bool; 3]);

impl Default for Orders {
    fn default() -> Self {
        Self([true; 3])
    }
}

impl Orders {
    /// None.
    pub(super) const NONE: Self = Self([false; 3]);

    /// Takes one more text into account.
    pub(super) fn see(&mut self, text: &str) {
        for order in Order::ALL {
            self.0[order as usize] = self.0[order as usize] && iso(text, order).is_some();
        }
    }

    /// Takes all that another stretch of the column allows into account.
    pub(super) fn join(&mut self, other: Self) {
        Order::ALL.into_iter().for_each(|order| self.0[order as usize] &= other.0[order as usize]);
    }

    /// Whether there is any.
    pub(super) fn are_any(self) -> bool {
        self != Self::NONE
    }

    /// The one that there is; `None` where there are several, or none.
    fn only(self) -> Option<Order> {
        let mut all = Order::ALL.into_iter().filter(|order| self.0[*order as usize]);
        all.next().filter(|_| all.next().is_none())
    }
}

/// Three numbers between the same mark, one of them a year of four digits, and what stands after them.
fn parts(text: &str) -> Option<([&str; 3], char, &str)> {
    // Most texts end here.
    if !text.as_bytes().first()?.is_ascii_digit() || text.len() < 8 {
        return None;
    }
    let mark = text.chars().find(|letter| !letter.is_ascii_digit()).filter(|mark| matches!(mark, '/' | '.' | '-'))?;
    let (first, rest) = text.split_once(mark)?;
    let (second, rest) = rest.split_once(mark)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    Some(([first, second, &rest[..end]], mark, &rest[end..]))
}

/// The same day, and the time of the day after it where there is one, as ISO 8601 has it; `None` where it is no day in this order.
fn iso(text: &str, order: Order) -> Option<String> {
    let ([first, second, third], mark, clock) = parts(text)?;
    let (year, month, day) = match order {
        Order::Year => (first, second, third),
        Order::Day => (third, second, first),
        Order::Month => (third, first, second),
    };
    // Nobody who writes points begins with the month.
    let is_used = order != Order::Month || mark != '.';
    let is_short = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_used || year.len() != 4 || !is_short(month) || !is_short(day) {
        return None;
    }
    let plain = format!("{year}-{month:0>2}-{day:0>2}");
    if clock.is_empty() {
        return literal::date(&plain).map(|_| plain);
    }
    let clock = clock.strip_prefix([' ', 'T'])?;
    // 9:05 is 09:05, and an offset of hours alone, as databases write it, has minutes.
    let hour = if clock.find(':') == Some(1) { "0" } else { "" };
    let has_hours_alone = clock.len().checked_sub(3).is_some_and(|at| matches!(clock.as_bytes()[at], b'+' | b'-'));
    let minutes = if has_hours_alone { ":00" } else { "" };
    let instant = format!("{plain} {hour}{clock}{minutes}");
    literal::timestamp(&instant).map(|_| instant)
}

/// Makes dates of the columns, but `id`, whose days are written in one order, as their own values tell or those of another column; and
/// says so, or that none tells.
pub(super) fn settle(columns: &mut [Column], id: Option<usize>, note: &mut dyn FnMut(String)) {
    let is_open = |column: &Column| column.seen.orders().are_any() && column.seen.kind(&column.name) == Kind::Text;
    let open = columns.iter_mut().enumerate().filter(|(index, column)| Some(*index) != id && is_open(column)).map(|(_, column)| column);
    let open = open.collect::<Vec<_>>();
    let told = open.iter().filter_map(|column| column.seen.orders().only()).filter(|order| *order != Order::Year).collect::<BTreeSet<_>>();
    // Where two columns tell different things, a third may be either.
    let told = told.first().copied().filter(|_| told.len() == 1);
    for column in open {
        let orders = column.seen.orders();
        let name = &column.name;
        match orders.only().or(told.filter(|order| orders.0[*order as usize])) {
            Some(order) => {
                if let Some(dated) = dated(column, order) {
                    note(format!("days of {name:?} are read as {}", order.words()));
                    *column = dated;
                }
            }
            None => {
                note(format!("days of {name:?} may begin with the day or the month: they stay texts; as dates they are written 2023-12-31"))
            }
        }
    }
}

/// The column with its days as ISO 8601 has them; `None` where it is none of dates even so.
fn dated(column: &Column, order: Order) -> Option<Column> {
    let mut dated = Column::new(column.name.clone());
    for (row, raw) in column.values().enumerate() {
        let other = match &raw {
            Raw::Cell(text) => iso(text.trim(), order).map(|text| Raw::Cell(text.into())),
            Raw::Text(text) => iso(text.trim(), order).map(|text| Raw::Text(text.into())),
            _ => None,
        };
        dated.push(row, other.as_ref().unwrap_or(&raw));
    }
    matches!(dated.seen.kind(&dated.name), Kind::Date | Kind::Timestamp).then_some(dated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_each_order_in_which_it_is_one() {
        for (text, expected) in [
            ("31/12/2023", [None, Some("2023-12-31"), None]),
            ("12/31/2023", [None, None, Some("2023-12-31")]),
            ("1/2/2023", [None, Some("2023-02-01"), Some("2023-01-02")]),
            ("01.02.2023", [None, Some("2023-02-01"), None]),
            ("31-12-2023", [None, Some("2023-12-31"), None]),
            ("2023/12/31", [Some("2023-12-31"), None, None]),
            ("2023-1-5", [Some("2023-01-05"), None, None]),
            ("31/12/2023 9:05", [None, Some("2023-12-31 09:05"), None]),
            ("2023/12/31 12:00:00+00", [Some("2023-12-31 12:00:00+00:00"), None, None]),
            ("30/02/2023", [None; 3]),
            ("31/12/23", [None; 3]),
            ("31/12-2023", [None; 3]),
            ("2023/12/31/1", [None; 3]),
            ("31/12/2023 x", [None; 3]),
            ("1/2", [None; 3]),
            ("12345678", [None; 3]),
            ("é1/12/2023", [None; 3]),
        ] {
            assert_eq!(Order::ALL.map(|order| iso(text, order)), expected.map(|text| text.map(str::to_owned)), "{text}");
        }
    }

    fn settled(columns: &[(&str, &[&str])]) -> (Vec<Kind>, Vec<String>) {
        let column = |(name, cells): &(&str, &[&str])| {
            let mut column = Column::new((*name).to_owned());
            cells.iter().enumerate().for_each(|(row, cell)| column.push(row, &Raw::Cell((*cell).into())));
            column
        };
        let (mut columns, mut notes) = (columns.iter().map(column).collect::<Vec<_>>(), Vec::new());
        settle(&mut columns, None, &mut |note| notes.push(note));
        (columns.iter().map(|column| column.seen.kind(&column.name)).collect(), notes)
    }

    #[test]
    fn the_file_tells_the_order_or_it_stays_open() {
        use Kind::{Date, Text, Timestamp};
        for (columns, kinds, note) in [
            (vec![("a", &["31/12/2023", "", "01/02/2023"][..])], vec![Date], "days of \"a\" are read as day, month, year"),
            (vec![("a", &["01/02/2023"][..]), ("b", &["1/13/2023"])], vec![Date, Date], "days of \"a\" are read as month, day, year"),
            (vec![("a", &["01/02/2023"][..])], vec![Text], "days of \"a\" may begin with the day or the month"),
            (
                vec![("a", &["01/02/2023"][..]), ("b", &["1/13/2023"]), ("c", &["13/1/2023"])],
                vec![Text, Date, Date],
                "days of \"a\" may begin with the day or the month",
            ),
            (vec![("a", &["31/12/2023", "12/31/2023"][..])], vec![Text], ""),
            (vec![("a", &["31/12/2023", "unknown"][..])], vec![Text], ""),
            (vec![("a", &["2023/12/31", "2023/01/02"][..])], vec![Date], "days of \"a\" are read as year, month, day"),
            (vec![("a", &["31/12/2023 10:00"][..])], vec![Timestamp], "days of \"a\" are read as day, month, year"),
            // A day is no instant, and an instant is no day: they stay as they are written.
            (vec![("a", &["31/12/2023 10:00", "30/12/2023"][..])], vec![Text], ""),
            (vec![("a", &["2023-12-31"][..])], vec![Date], ""),
            (vec![("a", &[""][..])], vec![Text], ""),
        ] {
            let (found, notes) = settled(&columns);
            assert_eq!(found, kinds, "{columns:?}");
            assert!(notes.first().map_or("", String::as_str).starts_with(note), "{notes:?}");
            assert_eq!(notes.is_empty(), note.is_empty(), "{notes:?}");
        }
    }
}
