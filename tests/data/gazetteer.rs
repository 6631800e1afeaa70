//! How well names are found however they are spelt: spellings made by rule from a fixed seed, over places of the embedded gazetteer
//! whose folded name no other place of their country has. README shows the table.

use std::{collections::HashMap, fmt::Write as _};

use harmattan::gazetteer::{Atlas, Spot, Wish, fold};

/// Spellings tried of each kind.
const TRIED: usize = 300;

/// A kind of spelling: its name, how it is made, and what part of them must be found first with the country given.
type Kind = (&'static str, fn(Spot<'_>, &mut Seed) -> Option<String>, f64);

const KINDS: [Kind; 6] = [
    ("as is", |spot, _| Some(spot.name()), 1.0),
    ("without accents, in capitals", |spot, _| Some(fold(&spot.name()).to_uppercase()), 1.0),
    ("another of its names", another, 0.93),
    ("one typing error", |spot, seed| misspelt(&spot.name(), 6, 1, seed), 0.92),
    ("two typing errors", |spot, seed| misspelt(&spot.name(), 10, 2, seed), 0.8),
    ("words in another order", reordered, 0.95),
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

/// How often a place came first, and among ten.
#[derive(Default)]
struct Found {
    first: usize,
    ten: usize,
    misses: Vec<String>,
    /// Of the places that came first instead, those that bear the name, and as what: their first name or another.
    homonyms: Vec<(String, bool)>,
    /// How many of the places that came first instead do not bear the name themselves.
    wrong: usize,
}

impl Found {
    fn add(&mut self, atlas: &Atlas, text: &str, wish: &Wish<'_>, spot: Spot<'_>) {
        let hits = atlas.search(text, wish, 10);
        let rank = hits.iter().position(|hit| hit.spot == spot);
        self.ten += usize::from(rank.is_some());
        if rank == Some(0) {
            self.first += 1;
        } else {
            let bears = |other: Spot<'_>| other.names().position(|name| fold(&name.text) == fold(text));
            match hits.first().and_then(|hit| bears(hit.spot)) {
                Some(index) => self.homonyms.push((format!("{text} ({})", spot.country()), index == 0)),
                None => self.wrong += 1,
            }
            let first = hits
                .first()
                .map_or("nothing".to_owned(), |hit| format!("{} ({}, {})", hit.matched_name, hit.spot.country(), hit.method.as_str()));
            self.misses.push(format!("{text} for {} ({}): {first}", spot.name(), spot.country()));
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
    let all = atlas.iter().filter(|spot| spot.level().as_str() == "settlement").collect::<Vec<_>>();
    let mut seed = Seed(20_231_231);
    let mut table =
        "| spelling | first, with country | among ten | first, without | among ten |\n| --- | --- | --- | --- | --- |\n".to_owned();
    let (mut low, mut homonyms) = (Vec::new(), String::new());
    for (kind, make, least) in KINDS {
        let (mut with, mut without, mut tried) = (Found::default(), Found::default(), 0);
        while tried < TRIED {
            let spot = all[seed.below(all.len())];
            let Some(text) = make(spot, &mut seed).filter(|_| alone(spot)) else { continue };
            with.add(&atlas, &text, &Wish { country: Some(spot.country()), ..Wish::default() }, spot);
            without.add(&atlas, &text, &Wish::default(), spot);
            tried += 1;
        }
        let share = |count: usize| count as f64 / TRIED as f64;
        let [first, ten, first_without, ten_without] = [with.first, with.ten, without.first, without.ten].map(share);
        writeln!(table, "| {kind} | {first:.3} | {ten:.3} | {first_without:.3} | {ten_without:.3} |").unwrap();
        println!("{kind}, with country, not first:");
        with.misses.iter().take(12).for_each(|miss| println!("  {miss}"));
        if kind == "another of its names" {
            if with.wrong > 0 {
                low.push(format!("{kind}: {} misses are no homonyms", with.wrong));
            }
            let named = |first: bool| {
                let of = with.homonyms.iter().filter(|homonym| homonym.1 == first).map(|homonym| homonym.0.as_str());
                of.collect::<Vec<_>>().join(", ")
            };
            homonyms =
                format!("The first name of another place: {}. Another name of one that matters more: {}.", named(true), named(false));
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
