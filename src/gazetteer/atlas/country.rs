//! Countries by their codes and names.

use super::{Atlas, Spot};
use crate::{gazetteer::fold, model::Level};

/// A country stands among the most important of its own places.
const MOST_BEFORE_COUNTRY: usize = 10;
/// Characters of what was said that an error shows.
const MOST_SHOWN: usize = 80;

/// A country was said that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said:?} is {}", Self::RULE)]
pub struct UnknownCountry {
    /// As it was said, cut where it is long.
    pub said: String,
}

impl UnknownCountry {
    /// What is wrong with it, after "is".
    pub const RULE: &'static str = "no country in which the gazetteer has a place";
}

impl Atlas {
    /// The code of the country of this name or code, in any spelling.
    ///
    /// # Example
    /// ```
    /// use harmattan::gazetteer::Atlas;
    /// let atlas = Atlas::embedded();
    /// assert_eq!(atlas.country_code("mali"), Some("ML"));
    /// assert_eq!(atlas.country_code("MLI"), Some("ML"));
    /// assert_eq!(atlas.country_code("Gao"), None);
    /// ```
    pub fn country_code(&self, name: &str) -> Option<&str> {
        self.country(&fold(name))
    }

    /// The same, where somebody says which country is meant: one that is not known would put every place elsewhere.
    ///
    /// # Errors
    /// When no place of this gazetteer lies in such a country.
    pub fn country_meant(&self, said: &str) -> Result<&str, UnknownCountry> {
        self.country_code(said).ok_or_else(|| UnknownCountry { said: said.chars().take(MOST_SHOWN).collect() })
    }

    /// The name of the country with this code.
    pub fn country_name(&self, code: &str) -> Option<String> {
        self.in_country(code)
            .map(|place| self.spot(place))
            .take(MOST_BEFORE_COUNTRY)
            .find(|spot| spot.level() == Level::Country)
            .map(Spot::name)
    }

    /// The code of the country that bears a folded name or has that code.
    pub(super) fn country(&self, folded: &str) -> Option<&str> {
        let code = folded.to_ascii_uppercase();
        let by_name = || {
            let bearers = self.bearers(folded);
            bearers.real.into_iter().chain(bearers.junk).map(|place| self.spot(place)).find(|spot| spot.level() == Level::Country)
        };
        match self.in_country(&code).next().filter(|_| code.len() == 2) {
            Some(place) => Some(self.spot(place).country()),
            None => by_name().map(|spot| spot.country()),
        }
    }
}
