//! How well names are found however they are spelt: spellings made by rule from a fixed seed, over places of the embedded gazetteer
//! whose folded name no other place of their country has. README shows the table.

use std::{collections::HashMap, fmt::Write as _};

use harmattan::gazetteer::{Atlas, Spot, Wish, fold};

/// Spellings tried of each kind, and of those with typing errors, which take longer; of how many the misses are named.
const TRIED: usize = 3_000;
const MISSPELT: usize = 1_000;
const NAMED: usize = 300;

/// How places are drawn.
#[derive(Clone, Copy, PartialEq)]
enum Drawn {
    /// Each as often as any other.
    Alike,
    /// Each as often as people live there: as they are asked for, more or less.
    ByPeople,
}
use Drawn::{Alike, ByPeople};

/// A kind of spelling: its name, how its places are drawn, how it is made, and what part of them must be found first with the country
/// given.
type Kind = (&'static str, Drawn, fn(Spot<'_>, &mut Seed) -> Option<String>, f64);

const OTHER: &str = "another of its names";
const KINDS: [Kind; 8] = [
    ("as is", Alike, |spot, _| Some(spot.name()), 1.0),
    ("without accents, in capitals", Alike, |spot, _| Some(fold(&spot.name()).to_uppercase()), 1.0),
    (OTHER, Alike, another, 0.92),
    ("one typing error", Alike, |spot, seed| misspelt(&spot.name(), 6, 1, seed), 0.92),
    ("two typing errors", Alike, |spot, seed| misspelt(&spot.name(), 10, 2, seed), 0.8),
    ("words in another order", Alike, reordered, 0.95),
    ("as is, by people", ByPeople, |spot, _| Some(spot.name()), 1.0),
    ("another of its names, by people", ByPeople, another, 0.95),
];

/// Numbers out of a seed (SplitMix64).
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

fn another(spot: Spot<'_>, seed: &mut Seed) -> Option<String> {
    let own = fold(&spot.name());
    let others = spot.names().filter(|name| name.kind.is_real() && fold(&name.text) != own).collect::<Vec<_>>();
    (!others.is_empty()).then(|| others[seed.below(others.len())].text.clone())
}

/// Swaps two letters, drops one, or doubles one; as often as asked for.
fn misspelt(name: &str, letters: usize, errors: usize, seed: &mut Seed) -> Option<String> {
    let mut text = name.chars().collect::<Vec<_>>();
    if text.iter().filter(|c| c.is_alphabetic()).count() < letters {
        return None;
    }
    for _ in 0..errors {
        let at = seed.below(text.len() - 1);
        match seed.below(3) {
            0 => text.swap(at, at + 1),
            1 => drop(text.remove(at)),
            _ => text.insert(at, text[at]),
        }
    }
    let text = text.into_iter().collect::<String>();
    // Two like letters that are swapped are no error.
    (fold(&text) != fold(name)).then_some(text)
}

fn reordered(spot: Spot<'_>, seed: &mut Seed) -> Option<String> {
    let name = spot.name();
    let mut words = name.split(' ').collect::<Vec<_>>();
    if words.len() < 2 {
        return None;
    }
    let by = 1 + seed.below(words.len() - 1);
    words.rotate_left(by);
    let text = words.join(" ");
    (fold(&text) != fold(&name)).then_some(text)
}

/// Why another place came first.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Miss {
    /// It is its first name.
    First,
    /// It is another of its names, too, and it matters more.
    Another,
    /// It does not bear the name.
    Wrong,
}

/// How often a place came first, and among ten.
#[derive(Default)]
struct Found {
    tried: usize,
    first: usize,
    ten: usize,
    lines: Vec<String>,
    /// Of each miss its number among those tried, the name and country asked for, and why.
    misses: Vec<(usize, String, Miss)>,
}

impl Found {
    fn add(&mut self, atlas: &Atlas, text: &str, wish: &Wish<'_>, spot: Spot<'_>) {
        let hits = atlas.search(text, wish, 10);
        let rank = hits.iter().position(|hit| hit.spot == spot);
        self.tried += 1;
        self.ten += usize::from(rank.is_some());
        if rank == Some(0) {
            self.first += 1;
            return;
        }
        let bears = |other: Spot<'_>| other.names().position(|name| fold(&name.text) == fold(text));
        let miss = match hits.first().and_then(|hit| bears(hit.spot)) {
            Some(0) => Miss::First,
            Some(_) => Miss::Another,
            None => Miss::Wrong,
        };
        self.misses.push((self.tried, format!("{text} ({})", spot.country()), miss));
        let first = hits
            .first()
            .map_or("nothing".to_owned(), |hit| format!("{} ({}, {})", hit.matched_name, hit.spot.country(), hit.method.as_str()));
        self.lines.push(format!("{text} for {} ({}): {first}", spot.name(), spot.country()));
    }

    fn count(&self, wanted: Miss) -> usize {
        self.misses.iter().filter(|miss| miss.2 == wanted).count()
    }

    /// The misses among the first [`NAMED`], for README.
    fn named(&self, wanted: Miss) -> String {
        let named = self.misses.iter().filter(|miss| miss.0 <= NAMED && miss.2 == wanted).map(|miss| miss.1.as_str());
        named.collect::<Vec<_>>().join(", ")
    }

    fn shares(&self) -> [f64; 2] {
        [self.first, self.ten].map(|count| count as f64 / self.tried as f64)
    }
}

/// Draws places.
struct Draw<'a> {
    all: Vec<Spot<'a>>,
    /// People of each place and of those before it.
    people: Vec<usize>,
}

impl<'a> Draw<'a> {
    fn new(all: Vec<Spot<'a>>) -> Self {
        let counted = all.iter().scan(0, |sum, spot| {
            *sum += spot.population() as usize;
            Some(*sum)
        });
        Self { people: counted.collect(), all }
    }

    fn one(&self, drawn: Drawn, seed: &mut Seed) -> Spot<'a> {
        match drawn {
            Alike => self.all[seed.below(self.all.len())],
            ByPeople => {
                let person = seed.below(self.people.last().copied().unwrap_or_default());
                self.all[self.people.partition_point(|&before| before <= person)]
            }
        }
    }
}

#[test]
fn names_are_found_however_they_are_spelt() {
    let atlas = Atlas::embedded();
    let mut bearers = HashMap::<(String, String), usize>::new();
    for spot in atlas.iter() {
        *bearers.entry((spot.country().to_owned(), fold(&spot.name()))).or_default() += 1;
    }
    let alone = |spot: Spot<'_>| bearers[&(spot.country().to_owned(), fold(&spot.name()))] == 1;
    let draw = Draw::new(atlas.iter().filter(|spot| spot.level().as_str() == "settlement").collect());
    let mut seed = Seed(20_231_231);
    let mut table =
        "| spelling | first, with country | among ten | first, without | among ten |\n| --- | --- | --- | --- | --- |\n".to_owned();
    let (mut low, mut homonyms) = (Vec::new(), String::new());
    for (kind, drawn, make, least) in KINDS {
        let (mut with, mut without) = (Found::default(), Found::default());
        while with.tried < if kind.contains("error") { MISSPELT } else { TRIED } {
            let spot = draw.one(drawn, &mut seed);
            let Some(text) = make(spot, &mut seed).filter(|_| alone(spot)) else { continue };
            with.add(&atlas, &text, &Wish { country: Some(spot.country()), ..Wish::default() }, spot);
            without.add(&atlas, &text, &Wish::default(), spot);
        }
        let ([first, ten], [first_without, ten_without]) = (with.shares(), without.shares());
        writeln!(table, "| {kind} | {first:.3} | {ten:.3} | {first_without:.3} | {ten_without:.3} |").unwrap();
        println!("{kind}, with country, not first:");
        with.lines.iter().take(12).for_each(|line| println!("  {line}"));
        if kind.starts_with(OTHER) && with.count(Miss::Wrong) > 0 {
            low.push(format!("{kind}: {} misses are no homonyms", with.count(Miss::Wrong)));
        }
        if kind == OTHER {
            homonyms = format!(
                "{} of these {} are the first name of another place, {} another name of one that matters more. Of the first {NAMED}, the first \
                 name of another place: {}. Another name of one that matters more: {}.",
                with.count(Miss::First),
                with.misses.len(),
                with.count(Miss::Another),
                with.named(Miss::First),
                with.named(Miss::Another)
            );
        }
        if first < least {
            low.push(format!("{kind}: {first:.3}, at least {least} is asked for"));
        }
    }
    println!("{table}\n{homonyms}");
    assert!(low.is_empty(), "{low:#?}\n{table}");
    // Read as the test runs, so that a table can be mended without a build.
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains(&table), "README shows another table than\n{table}");
    assert!(readme.contains(&homonyms), "README names other misses than\n{homonyms}");
}
