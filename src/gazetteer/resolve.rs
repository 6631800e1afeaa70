//! Which place does a record mean?

use std::fmt;

use super::Gazetteer;
use super::candidate::{Candidate, Query, rank};
use crate::model::{Level, Position};

/// How far the best candidate must lead before it is taken for the one meant.
pub const MARGIN: f64 = 0.1;
/// The score below which no candidate is taken, even a lone one: it then contradicts the context or rests on a name that
/// people do not use.
pub const FLOOR: f64 = 0.65;

/// Factors on the score of a candidate that does not fit the context.
const OTHER_COUNTRY: f64 = 0.5;
const OTHER_LEVEL: f64 = 0.75;
/// A candidate far from the point given keeps this part of its score; one at the point keeps all of it.
const FAR: f64 = 0.75;
/// Distance in metres over which the part that nearness counts for falls to 1/e.
const NEAR_M: f64 = 100_000.0;

/// What is known of the place besides its name.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Context<'a> {
    /// ISO 3166-1 alpha-2 code, in capitals.
    pub country: Option<&'a str>,
    /// What sort of place is meant.
    pub level: Option<Level>,
    /// A point that it should be near.
    pub near: Option<Position>,
}

/// Every place that a name may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution<'a> {
    /// Best first; a place once. Equal scores stand in order of population, which decides nothing but that order.
    pub candidates: Vec<Candidate<'a>>,
}

/// What a name comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome<'r, 'a> {
    /// One place leads by [`MARGIN`] and reaches [`FLOOR`].
    One(&'r Candidate<'a>),
    /// There are candidates, but a person has to say which is meant.
    Ambiguous(Doubt),
    /// No place bears the name.
    None,
}

/// Why no candidate is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// So many places fit equally well, or nearly so.
    Homonyms(usize),
    /// Even the best is below [`FLOOR`].
    Weak,
}

impl<'a> Resolution<'a> {
    /// Whether one place is meant; never a guess among homonyms.
    pub fn outcome(&self) -> Outcome<'_, 'a> {
        let Some(best) = self.candidates.first() else { return Outcome::None };
        if best.score < FLOOR {
            return Outcome::Ambiguous(Doubt::Weak);
        }
        match self.candidates.iter().filter(|other| best.score - other.score < MARGIN).count() {
            1 => Outcome::One(best),
            close => Outcome::Ambiguous(Doubt::Homonyms(close)),
        }
    }
}

/// For people: the verdict, then a line for each candidate: score, id, name, level, country, longitude, latitude, reason.
impl fmt::Display for Resolution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome() {
            Outcome::One(best) => write!(f, "one place: {}", best.place.name)?,
            Outcome::Ambiguous(Doubt::Homonyms(count)) => write!(f, "ambiguous: {count} places fit equally well, or nearly so")?,
            Outcome::Ambiguous(Doubt::Weak) => write!(f, "uncertain: no candidate fits well")?,
            Outcome::None => write!(f, "no place of that name")?,
        }
        for Candidate { place, score, reason, .. } in &self.candidates {
            let (id, name, level, country, at) = (&place.id, &place.name, place.level.as_str(), &place.country, place.position);
            write!(f, "\n{score:.2}  {id:<12} {name} ({level}, {country})  {} {}  {reason}", at.lon, at.lat)?;
        }
        Ok(())
    }
}

impl Gazetteer {
    /// The places that `name` may mean, ranked, each with its reason.
    ///
    /// A candidate's score is that of its name (1 for the name as written, 0.92 at least for any name that people use) times
    /// 0.5 in another country than asked for, 0.75 at another level, and 0.75 to 1 by its distance from `near`.
    /// Population decides nothing.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::{Context, Gazetteer, Outcome};
    /// use harmattan::model::Level;
    /// let gazetteer = Gazetteer::embedded().expect("the embedded files are checked");
    /// let mali = Context { country: Some("ML"), level: Some(Level::Settlement), near: None };
    /// let found = gazetteer.resolve("Tombouctou", mali);
    /// assert!(matches!(found.outcome(), Outcome::One(best) if best.place.name == "Timbuktu"));
    /// assert!(matches!(gazetteer.resolve("Ogossagou", mali).outcome(), Outcome::Ambiguous(_)));
    /// assert_eq!(gazetteer.resolve("Xanadu", mali).outcome(), Outcome::None);
    /// ```
    pub fn resolve(&self, name: &str, context: Context<'_>) -> Resolution<'_> {
        let query = Query::new(name);
        let entries = self.names().exact(&query.folded).iter();
        let each = entries.map(|&entry| weigh(Candidate::whole(self.place(entry.place), entry, &query), context));
        Resolution { candidates: rank(each.collect()) }
    }
}

fn weigh<'a>(mut candidate: Candidate<'a>, context: Context<'_>) -> Candidate<'a> {
    let place = candidate.place;
    let mut lower = |factor: f64, why: String| {
        candidate.score *= factor;
        candidate.reason.push_str("; ");
        candidate.reason.push_str(&why);
    };
    if let Some(country) = context.country.filter(|country| *country != place.country) {
        lower(OTHER_COUNTRY, format!("in {}, not in {country}", place.country));
    }
    if let Some(level) = context.level.filter(|level| *level != place.level) {
        lower(OTHER_LEVEL, format!("a {}, not a {}", place.level.as_str(), level.as_str()));
    }
    if let Some(near) = context.near {
        let metres = near.distance_m(place.position);
        lower(FAR + (1.0 - FAR) * (-metres / NEAR_M).exp(), format!("{:.0} km from the point given", metres / 1_000.0));
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gazetteer::Method;

    const MALI: Context<'_> = Context { country: Some("ML"), level: Some(Level::Settlement), near: None };

    fn one(gazetteer: &Gazetteer, name: &str, context: Context<'_>) -> (String, Method) {
        match gazetteer.resolve(name, context).outcome() {
            Outcome::One(best) => (best.place.id.clone(), best.method),
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn the_towns_of_the_bases_are_found() {
        let gazetteer = super::super::shared();
        for (name, id, method) in [
            ("Ber", "ber", Method::Name),
            ("Goundam", "2456917", Method::Name),
            ("Ménaka", "2453514", Method::Name),
            ("Menaka", "2453514", Method::Folded),
            ("Douentza", "2458334", Method::Name),
            ("Tessalit", "2449893", Method::Name),
            ("Aguelhok", "2461247", Method::Name),
            ("Kidal", "2455290", Method::Name),
            ("Ansongo", "2461003", Method::Name),
            ("Sévaré", "2451285", Method::Name),
            ("Sevare", "2451285", Method::Folded),
            ("Mopti–Sévaré", "2451285", Method::Alias),
            ("Timbuktu", "2449067", Method::Name),
            ("Tombouctou", "2449067", Method::Alias),
            ("Gao", "2457163", Method::Name),
            ("BAMAKO", "2460596", Method::Folded),
        ] {
            assert_eq!(one(gazetteer, name, MALI), (id.to_owned(), method), "{name}");
        }
    }

    #[test]
    fn homonyms_are_not_guessed() {
        let gazetteer = super::super::shared();
        let found = gazetteer.resolve("Ogossagou", MALI);
        assert_eq!(found.outcome(), Outcome::Ambiguous(Doubt::Homonyms(2)), "{found:#?}");
        // A town, a region and a town in Burkina Faso.
        let anywhere = gazetteer.resolve("Gao", Context::default());
        assert_eq!(anywhere.outcome(), Outcome::Ambiguous(Doubt::Homonyms(3)));
        assert_eq!(anywhere.candidates[0].place.id, "2457163");
    }

    #[test]
    fn levels_tell_town_and_region_apart() {
        let gazetteer = super::super::shared();
        let region = Context { level: Some(Level::Region), ..MALI };
        assert_eq!(one(gazetteer, "Gao", region).0, "ml-09");
        assert_eq!(one(gazetteer, "Menaka", region).0, "ml-12070577");
        assert_eq!(one(gazetteer, "Gao Region", Context::default()).0, "ml-09");
        assert_eq!(one(gazetteer, "région de Tombouctou", Context::default()).0, "ml-08");
    }

    #[test]
    fn a_point_tells_homonyms_apart() {
        let gazetteer = super::super::shared();
        let near = |lon, lat| Context { near: Some(Position { lon, lat }), level: Some(Level::Settlement), country: None };
        let first = |context| gazetteer.resolve("Gao", context).candidates[0].place.country.clone();
        assert_eq!(first(near(-0.04472, 16.27167)), "ML");
        assert_eq!(first(near(-1.5, 12.0)), "BF");
    }

    #[test]
    fn weak_matches_are_for_people() {
        let gazetteer = super::super::shared();
        for (name, context) in [("BKO", MALI), ("tmbktw", MALI), ("Abidjan", MALI)] {
            let found = gazetteer.resolve(name, context);
            assert_eq!(found.outcome(), Outcome::Ambiguous(Doubt::Weak), "{name}: {found:#?}");
        }
        let abidjan = gazetteer.resolve("Abidjan", MALI);
        assert_eq!(abidjan.candidates[0].reason, "the name as written; in CI, not in ML");
    }

    #[test]
    fn nothing_is_none() {
        let gazetteer = super::super::shared();
        for name in ["", " ", "***", "Xanadu", "\u{0}"] {
            assert_eq!(gazetteer.resolve(name, MALI).outcome(), Outcome::None, "{name:?}");
        }
    }

    #[test]
    fn every_place_is_found_by_each_of_its_names() {
        let gazetteer = super::super::shared();
        for place in gazetteer.iter() {
            for name in std::iter::once(place.name.as_str()).chain(place.other_names()) {
                let found = gazetteer.resolve(name, Context::default());
                assert!(found.candidates.iter().any(|c| c.place.id == place.id), "{name} of {}", place.id);
            }
        }
    }
}
