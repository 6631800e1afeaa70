//! How well names are found however they are spelt: spellings made by rule from a fixed seed, over places of the embedded gazetteer
//! whose folded name no other place of their country has. README shows the tables; `namesakes.tsv` lists every miss by another name.

use std::{collections::HashMap, fmt::Write as _};

use harmattan::gazetteer::{Atlas, Spot, Wish, fold};

/// Spellings tried of each kind, and of those with typing errors, which take longer.
const TRIED: usize = 3_000;
const MISSPELT: usize = 1_000;
/// Misses of each class that README shows.
const SHOWN: usize = 3;

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
    /// It is its first name, letter for letter.
    First,
    /// It is its first name but for case, accents and punctuation.
    Folded,
    /// It is another of its names, too, and it matters more.
    Another,
    /// It does not bear the name, or matters less.
    Wrong,
}

impl Miss {
    /// Those that cannot be helped, in the order of the table.
    const NAMESAKES: [Self; 3] = [Self::First, Self::Folded, Self::Another];

    /// Why `found` came before `meant` for `text`.
    fn of(text: &str, meant: Spot<'_>, found: Spot<'_>) -> Self {
        let name = found.names().enumerate().find(|(_, name)| name.kind.is_real() && fold(&name.text) == fold(text));
        match name {
            Some((0, name)) if name.text == text => Self::First,
            Some((0, _)) => Self::Folded,
            Some(_) if found.rank() < meant.rank() => Self::Another,
            _ => Self::Wrong,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::First => "the first name of another place, letter for letter",
            Self::Folded => "the first name of another place, but for case, accents and signs",
            Self::Another => "another name, too, of a place that matters more",
            Self::Wrong => "no name of the place that came first",
        }
    }
}

/// How often a place came first, and among ten.
#[derive(Default)]
struct Found {
    tried: usize,
    first: usize,
    ten: usize,
    lines: Vec<String>,
    /// Of each miss why, what was asked for, and its row of the list.
    misses: Vec<(Miss, String, String)>,
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
        let Some(first) = hits.first() else {
            self.misses.push((Miss::Wrong, text.to_owned(), format!("{text}\tnothing")));
            self.lines.push(format!("{text} for {} ({}): nothing", spot.name(), spot.country()));
            return;
        };
        let miss = Miss::of(text, spot, first.spot);
        let place = |spot: Spot<'_>| format!("{}\t{}\t{}", spot.name(), spot.id(), spot.population());
        let row = format!("{text}\t{}\t{}\t{}\t{}", spot.country(), place(spot), place(first.spot), miss.as_str());
        self.misses.push((miss, format!("{text} ({}): meant {}, found {}", spot.country(), spot.name(), first.spot.name()), row));
        let found = format!("{} ({}, {})", first.matched_name, first.spot.country(), first.method.as_str());
        self.lines.push(format!("{text} for {} ({}): {found}", spot.name(), spot.country()));
    }

    fn count(&self, wanted: Miss) -> usize {
        self.misses.iter().filter(|miss| miss.0 == wanted).count()
    }

    /// The classes of the misses, for README.
    fn classes(&self) -> String {
        let mut table = "| the name asked for is | misses | of 1,000 asked | for example |\n| --- | --- | --- | --- |\n".to_owned();
        for class in Miss::NAMESAKES {
            let count = self.count(class);
            let share = 1_000.0 * count as f64 / self.tried as f64;
            let shown = self.misses.iter().filter(|miss| miss.0 == class).take(SHOWN).map(|miss| miss.1.as_str());
            let shown = shown.collect::<Vec<_>>().join("; ");
            writeln!(table, "| {} | {count} | {share:.0} | {shown} |", class.as_str()).expect("a text takes all");
        }
        table
    }

    /// Every miss, a row each, class by class.
    fn list(&self) -> String {
        let head = "asked\tcountry\tmeant\tmeant_id\tmeant_people\tfound\tfound_id\tfound_people\tasked_is\n";
        let rows = Miss::NAMESAKES.into_iter().flat_map(|class| self.misses.iter().filter(move |miss| miss.0 == class));
        head.to_owned() + &rows.map(|miss| format!("{}\n", miss.2)).collect::<String>()
    }

    fn shares(&self) -> [f64; 2] {
        [self.first, self.ten].map(|count| count as f64 / self.tried as f64)
    }
}

/// What sort of names are asked for, and how many of each are found first.
#[derive(Default)]
struct Sorts([(usize, usize); 3]);

impl Sorts {
    fn add(&mut self, text: &str, is_first: bool) {
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        let sort = match () {
            () if text.contains(|c: char| c.is_numeric() || matches!(c, '[' | '(')) || letters().count() < 2 => 2,
            () if letters().all(|c| matches!(c, '\0'..'\u{370}' | '\u{1e00}'..'\u{1f00}' | '\u{2000}'..'\u{2100}')) => 0,
            () => 1,
        };
        self.0[sort].0 += 1;
        self.0[sort].1 += usize::from(is_first);
    }

    fn said(&self) -> String {
        let [latin, other, odd] = self.0.map(|(asked, first)| (asked, first as f64 / asked as f64));
        format!(
            "Of the names asked for, {} are in Latin letters ({:.3} of them found first with the country given), {} in another script ({:.3}), {} \
             have a digit, a bracket or a single letter ({:.3}); none is one that the gazetteer knows for a code or a machine's.",
            latin.0, latin.1, other.0, other.1, odd.0, odd.1
        )
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
    let (mut low, mut said, mut list) = (Vec::new(), Vec::new(), String::new());
    for (kind, drawn, make, least) in KINDS {
        let (mut with, mut without, mut sorts) = (Found::default(), Found::default(), Sorts::default());
        while with.tried < if kind.contains("error") { MISSPELT } else { TRIED } {
            let spot = draw.one(drawn, &mut seed);
            let Some(text) = make(spot, &mut seed).filter(|_| alone(spot)) else { continue };
            let before = with.first;
            with.add(&atlas, &text, &Wish { country: Some(spot.country()), ..Wish::default() }, spot);
            without.add(&atlas, &text, &Wish::default(), spot);
            sorts.add(&text, with.first > before);
        }
        let ([first, ten], [first_without, ten_without]) = (with.shares(), without.shares());
        writeln!(table, "| {kind} | {first:.3} | {ten:.3} | {first_without:.3} | {ten_without:.3} |").unwrap();
        println!("{kind}, with country, not first:");
        with.lines.iter().take(12).for_each(|line| println!("  {line}"));
        if kind.starts_with(OTHER) && with.count(Miss::Wrong) > 0 {
            low.push(format!("{kind}: {} misses are no homonyms", with.count(Miss::Wrong)));
        }
        if kind == OTHER {
            (said, list) = (vec![with.classes(), sorts.said()], with.list());
        }
        if first < least {
            low.push(format!("{kind}: {first:.3}, at least {least} is asked for"));
        }
    }
    said.push(table);
    println!("{}", said.join("\n"));
    assert!(low.is_empty(), "{low:#?}");
    // Read as the test runs, so that a table can be mended without a build.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for text in said {
        assert!(readme.contains(&text), "README shows another text than\n{text}");
    }
    let known = std::fs::read_to_string(root.join("tests/data/namesakes.tsv")).unwrap_or_default();
    if known != list {
        let new = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("namesakes.tsv");
        std::fs::write(&new, list).unwrap();
        panic!("tests/data/namesakes.tsv lists other misses than {}", new.display());
    }
}
