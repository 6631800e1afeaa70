//! Countries in a table that are none: told with their place, as what is counted as empty in silence would be missed.

use super::fault::Spot;

/// Characters that are told of one.
const LONGEST: usize = 40;

/// Countries beside names that are none: they count as not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Strangers {
    count: u64,
    /// The first of them, as written, with the place of their record.
    first: Vec<(Spot, String)>,
}

impl Strangers {
    /// Those that are told word for word.
    const MOST: usize = 5;

    /// Adds one.
    pub(super) fn push(&mut self, spot: Spot, country: &str) {
        self.count += 1;
        if self.first.len() < Self::MOST {
            self.first.push((spot, country.chars().take(LONGEST).collect()));
        }
    }

    /// Adds those of records that come after these.
    pub(super) fn append(&mut self, Self { count, first }: &mut Self) {
        self.count += *count;
        self.first.extend(first.drain(..).take(Self::MOST.saturating_sub(self.first.len())));
    }

    /// What is told of them, once all have come.
    pub(super) fn told(&self) -> Option<String> {
        let one = |(spot, country): &(Spot, String)| {
            let place = if spot.line > 0 { format!("line {}", spot.line) } else { format!("record {}", spot.record) };
            format!("{country:?} ({place})")
        };
        let first = self.first.iter().map(one).collect::<Vec<_>>().join(", ");
        let more = if self.count > self.first.len() as u64 { " …" } else { "" };
        let (cells, is) = if self.count == 1 {
            ("cell", "names no country that is known and counts")
        } else {
            ("cells", "name no country that is known and count")
        };
        (self.count > 0).then(|| format!("{} {cells} beside place names {is} as empty: {first}{more}", self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_told_and_all_are_counted() {
        let mut all = Strangers::default();
        assert_eq!(all.told(), None);
        all.push(Spot { record: 3, ..Spot::default() }, "Wakanda");
        assert_eq!(
            all.told().unwrap(),
            "1 cell beside place names names no country that is known and counts as empty: \"Wakanda\" (record 3)"
        );
        let mut more = Strangers::default();
        (5..11).for_each(|line| more.push(Spot { record: line - 1, line, byte: None }, "XX"));
        all.append(&mut more);
        let told = all.told().unwrap();
        assert!(
            told.starts_with("7 cells beside place names name no country") && told.ends_with("\"XX\" (line 7), \"XX\" (line 8) …"),
            "{told}"
        );
    }
}
