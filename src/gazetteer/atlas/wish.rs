//! What is known of a place besides its name.

use super::Spot;
use crate::model::{Bbox, Level, Position};

/// Factors on the score of a place that is not as wished.
const OTHER_COUNTRY: f64 = 0.5;
const OUTSIDE: f64 = 0.5;
const OTHER_LEVEL: f64 = 0.75;
/// A settlement often stands for the camp beside it.
const STANDS_FOR: f64 = 0.95;
const OTHER_CLASS: f64 = 0.75;
pub(super) const OTHER_TIME: f64 = 0.75;
/// A place far from the point given keeps this part of its score; one at the point keeps all of it.
const FAR: f64 = 0.75;
/// Distance in metres over which the part that nearness counts for falls to 1/e.
const NEAR_M: f64 = 100_000.0;

/// Context: it moves the ranking and leaves nothing out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Wish<'a> {
    /// ISO 3166-1 alpha-2 code, in capitals.
    pub country: Option<&'a str>,
    /// A box that it should lie in.
    pub bbox: Option<Bbox>,
    /// A point that it should be near.
    pub near: Option<Position>,
    /// What sort of place is meant.
    pub level: Option<Level>,
    /// The source's word for its kind, or the beginning of it.
    pub class: Option<&'a str>,
    /// Language of the name, a BCP 47 code.
    pub lang: Option<&'a str>,
    /// A year in which it existed.
    pub year: Option<i16>,
}

impl Wish<'_> {
    /// What part of its score a place keeps, from 0 to 1, and why it loses the rest.
    pub(super) fn weigh(&self, spot: Spot<'_>, mut why: impl FnMut(String)) -> f64 {
        let mut factor = 1.0;
        let country = spot.country();
        if let Some(wanted) = self.country.filter(|wanted| *wanted != country) {
            factor *= OTHER_COUNTRY;
            why(format!("in {country}, not in {wanted}"));
        }
        if self.bbox.is_some_and(|bbox| !inside(bbox, spot.position())) {
            factor *= OUTSIDE;
            why("outside the box given".to_owned());
        }
        let level = spot.level();
        if let Some(wanted) = self.level.filter(|wanted| *wanted != level) {
            factor *= if wanted == Level::Camp && level == Level::Settlement { STANDS_FOR } else { OTHER_LEVEL };
            why(format!("a {}, not a {}", level.as_str(), wanted.as_str()));
        }
        if let Some(wanted) = self.class.filter(|wanted| !spot.class().starts_with(*wanted)) {
            factor *= OTHER_CLASS;
            why(format!("of the class {:?}, not {wanted:?}", spot.class()));
        }
        if let (Some(year), Some((first, last))) = (self.year, spot.years())
            && !(first..=last).contains(&year)
        {
            factor *= OTHER_TIME;
            why(format!("attested {}, not in {year}", span(first, last)));
        }
        if let Some(near) = self.near {
            let metres = near.distance_m(spot.position());
            factor *= FAR + (1.0 - FAR) * (-metres / NEAR_M).exp();
            why(format!("{:.0} km from the point given", metres / 1_000.0));
        }
        factor
    }

    /// Whether a place lies where it should: in the country and in the box.
    pub(super) fn holds(&self, spot: Spot<'_>) -> bool {
        self.country.is_none_or(|country| country == spot.country()) && self.bbox.is_none_or(|bbox| inside(bbox, spot.position()))
    }

    /// Whether it says where the place should lie.
    pub(super) fn is_somewhere(&self) -> bool {
        self.country.is_some() || self.bbox.is_some()
    }
}

/// Years in words; the least and the greatest number are ends that are not known.
pub(super) fn span(first: i16, last: i16) -> String {
    match (first, last) {
        (i16::MIN, last) => format!("until {last}"),
        (first, i16::MAX) => format!("from {first} on"),
        (first, last) => format!("{first} to {last}"),
    }
}

fn inside(bbox: Bbox, at: Position) -> bool {
    let within = |rect: &crate::model::Rect| (rect.min_x..=rect.max_x).contains(&at.lon) && (rect.min_y..=rect.max_y).contains(&at.lat);
    bbox.rects().iter().any(within)
}
