//! How much a place matters, by what is known of it: people and names.
//!
//! Nobody counts how often a place is asked for, so two numbers stand for it. People alone put every city of China before Paris; how many
//! names a place has (one in each language and script that speaks of it) alone puts Jerusalem before all others. Their product is close
//! to what Nominatim takes from the links between Wikipedia's articles, and needs no other data.
//!
//! A country is weighed as a city: by its people, and by its names, at least thirty of them, which is what a city of a million has in the
//! middle: countries have theirs in seventeen languages here, cities in all. So China (1.4 billion) comes before Chongqing and Chile (19
//! million) before Chennai (4.7 million); a country of five million and a city of ten (Norway, Moscow) come in the order of their names,
//! most often the city first; and the Åland Islands (27,000) stand among towns of a hundred thousand. Where nobody counted its people a
//! country is taken to have ten million, so that it comes before its towns in tables that know no better.
//!
//! The people of a region are those of its towns, counted once more. A tenth of them puts it after its seat where both have one name,
//! and before the towns that nobody far away knows: California between Los Angeles and San Diego. One that nobody counted comes before the
//! villages.

/// What a place is weighed by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// Index in `Level::ALL`.
    pub level: u8,
    /// 0 where nobody counted them.
    pub people: u64,
    /// Logarithm of the number of names plus 1.
    pub names: f64,
}

const REGION: u8 = 2;
const COUNTRY: u8 = 3;
/// Names that a country has at the least, as a logarithm: ln 31.
const NAMES_OF_COUNTRY: f64 = 3.433_987_204_485_146;
/// People of a country where nobody counted them.
const PEOPLE_OF_COUNTRY: u64 = 10_000_000;
/// What part of its people a region is weighed by, and the least number that is taken for that part.
const PART_OF_REGION: u64 = 10;
const PEOPLE_OF_REGION: u64 = 147;

impl Weight {
    /// The logarithm of people times names.
    pub fn value(self) -> f64 {
        let (people, names) = match self.level {
            COUNTRY if self.people == 0 => (PEOPLE_OF_COUNTRY, self.names.max(NAMES_OF_COUNTRY)),
            COUNTRY => (self.people, self.names.max(NAMES_OF_COUNTRY)),
            REGION => ((self.people / PART_OF_REGION).max(PEOPLE_OF_REGION), self.names),
            _ => (self.people, self.names),
        };
        (people as f64).ln_1p() + names
    }

    /// The weight of a place with these people and what `with_names` made of its level and names.
    pub fn of(packed: u8, people: u32) -> Self {
        let names = f64::from(packed >> LEVEL_BITS) / STEPS * MOST_NAMES_LN;
        Self { level: level(packed), people: people.into(), names }
    }
}

/// Bits of the level; the rest of the byte is the number of names, as the nearest of 32 steps between 0 and 256 that grow alike (a fifth
/// each).
const LEVEL_BITS: u32 = 3;
const STEPS: f64 = 31.0;
/// ln 256.
const MOST_NAMES_LN: f64 = 5.545_177_444_479_562;

/// A level, and with it how many names there are.
pub(super) fn with_names(level: u8, names: usize) -> u8 {
    let step = ((names as f64).ln_1p() / MOST_NAMES_LN * STEPS).round().min(STEPS);
    level & ((1 << LEVEL_BITS) - 1) | (step as u8) << LEVEL_BITS
}

/// The level alone.
pub(super) fn level(packed: u8) -> u8 {
    packed & ((1 << LEVEL_BITS) - 1)
}

/// Whether a name is an abbreviation, where it is a country's: five capitals at the most (UK, USA, США, КНДР, EEUU). Whoever types one
/// whole means the country; whoever types its first letters means another name.
pub fn abbreviates(name: &str) -> bool {
    const MOST_LETTERS: usize = 5;
    name.chars().nth(MOST_LETTERS).is_none() && name.chars().nth(1).is_some() && name.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(level: u8, people: u64, names: usize) -> f64 {
        let exact = Weight { level, people, names: (names as f64).ln_1p() }.value();
        let packed = Weight::of(with_names(level, names), people as u32).value();
        assert!((exact - packed).abs() < 0.1, "{level} {people} {names}: {exact}, packed {packed}");
        exact
    }

    #[test]
    fn countries_and_cities_have_one_measure() {
        let (norway, malawi, china, aland) =
            (weight(3, 5_300_000, 12), weight(3, 18_100_000, 8), weight(3, 1_390_000_000, 20), weight(3, 26_700, 25));
        let (moscow, hamar, chongqing) = (weight(0, 10_380_000, 82), weight(0, 29_000, 9), weight(0, 7_500_000, 60));
        assert!(china > chongqing && chongqing > norway && moscow > malawi && norway > hamar && aland < norway);
        assert!(weight(3, 0, 1) > weight(0, 3_000_000, 60), "a country that nobody counted comes before its towns");
    }

    #[test]
    fn a_region_comes_after_its_seat_and_before_villages() {
        assert!(weight(2, 12_000_000, 60) < weight(0, 2_000_000, 60));
        assert!(weight(2, 39_000_000, 90) > weight(0, 1_390_000, 60));
        assert!(weight(2, 0, 3) > weight(0, 120, 3) && weight(2, 0, 3) < weight(0, 30_000, 3));
    }

    #[test]
    fn levels_come_back_beside_names() {
        for names in [0, 1, 2, 30, 255, 256, 100_000] {
            (0..5).for_each(|known| assert_eq!(level(with_names(known, names)), known));
        }
    }

    #[test]
    fn abbreviations_are_short_and_in_capitals() {
        for name in ["UK", "USA", "ABD", "США", "КНДР", "EEUU"] {
            assert!(abbreviates(name), "{name}");
        }
        for name in ["", "U", "Us", "Mali", "MALAWI", "中国", "مصر", "U S", "ЮАР."] {
            assert!(!abbreviates(name), "{name}");
        }
    }
}
