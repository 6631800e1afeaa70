//! What could be meant by what has been typed so far?

use super::Gazetteer;
use super::candidate::{Candidate, Query, rank};

impl Gazetteer {
    /// At most `limit` places for a search box, best first: a whole name (as written, folded, another name), then the
    /// beginning of a name, then of a word in a name, then codes and machine romanizations; within each by population.
    /// Each place comes once, by its best match. A query with no letter or digit suggests nothing.
    ///
    /// Costs two binary searches and a sort of what begins with the query.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::Gazetteer;
    /// let gazetteer = Gazetteer::embedded().expect("the embedded files are checked");
    /// let names: Vec<&str> = gazetteer.suggest("tombou", 1).iter().map(|hit| hit.place.name.as_str()).collect();
    /// assert_eq!(names, ["Timbuktu"]);
    /// ```
    pub fn suggest(&self, query: &str, limit: usize) -> Vec<Candidate<'_>> {
        let query = Query::new(query);
        if query.folded.is_empty() {
            return Vec::new();
        }
        let whole = self.names().exact(&query.folded);
        // The exact ones stand first among those with the prefix.
        let longer = &self.names().prefix(&query.folded)[whole.len()..];
        let whole = whole.iter().map(|&entry| Candidate::whole(self.place(entry.place), entry, &query));
        let longer = longer.iter().map(|&entry| Candidate::prefix(self.place(entry.place), entry));
        let words = self.names().word_prefix(&query.folded);
        let words = words.map(|entry| Candidate::word_prefix(self.place(entry.place), entry));
        let mut ranked = rank(whole.chain(longer).chain(words).collect());
        ranked.truncate(limit);
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::Method;
    use proptest::prelude::*;

    fn names(gazetteer: &Gazetteer, query: &str) -> Vec<String> {
        gazetteer.suggest(query, 5).iter().map(|hit| format!("{} {}", hit.place.name, hit.place.country)).collect()
    }

    #[test]
    fn best_first() {
        let gazetteer = super::super::shared();
        assert_eq!(names(gazetteer, "gao")[..3], ["Gao ML", "Gao BF", "Gao ML"]);
        assert_eq!(names(gazetteer, "bama")[..2], ["Bama BF", "Bamako ML"]);
        assert_eq!(names(gazetteer, "sévar")[0], "Sévaré ML");
        assert_eq!(names(gazetteer, "menak")[0], "Ménaka ML");
        let inner = gazetteer.suggest("bel abb", 1);
        assert_eq!((inner[0].matched_name, inner[0].method), ("Sidi Bel Abbes", Method::Prefix));
    }

    #[test]
    fn junk_never_beats_a_name() {
        let gazetteer = super::super::shared();
        for query in ["ga", "ka", "kai", "tom", "mo", "bko", "sa"] {
            let hits = gazetteer.suggest(query, usize::MAX);
            assert!(!hits.is_empty(), "{query}");
            let first_junk = hits.iter().position(|hit| !hit.kind.is_real()).unwrap_or(hits.len());
            assert!(hits[first_junk..].iter().all(|hit| !hit.kind.is_real()), "{query}");
        }
        assert_eq!(gazetteer.suggest("BKO", 1)[0].place.name, "Bamako");
    }

    #[test]
    fn nothing_suggests_nothing() {
        let gazetteer = super::super::shared();
        assert!(gazetteer.suggest(" -' ", 10).is_empty());
        assert!(gazetteer.suggest("gao", 0).is_empty());
    }

    proptest! {
        #[test]
        fn any_query_is_answered_in_order(query in "\\PC{0,8}", limit in 0usize..20) {
            let gazetteer = super::super::shared();
            let hits = gazetteer.suggest(&query, limit);
            prop_assert!(hits.len() <= limit);
            prop_assert!(hits.is_sorted_by(|a, b| (a.score, a.place.population) >= (b.score, b.place.population)));
        }

        /// A name cut anywhere still suggests its place.
        #[test]
        fn a_beginning_finds_the_place(index in any::<proptest::sample::Index>(), cut in 1usize..12) {
            let gazetteer = super::super::shared();
            let place = &gazetteer.places[index.index(gazetteer.len())];
            let beginning: String = place.name.chars().take(cut).collect();
            prop_assume!(!super::super::fold(&beginning).is_empty());
            prop_assert!(gazetteer.suggest(&beginning, usize::MAX).iter().any(|hit| hit.place.id == place.id));
        }
    }
}
