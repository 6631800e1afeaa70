//! The gazetteer in process: time a question, on the embedded places or on a packed file.
//!
//! `cargo bench --bench gazetteer`, or `GAZETTEER=FILE cargo bench --bench gazetteer`. Names and errors come from a fixed seed; the
//! questions of a row are asked in turn, so that no answer is at hand from the time before.

use std::{env, fs, hint::black_box, time::Instant};

use criterion::Criterion;
use harmattan::{
    gazetteer::{Atlas, Wish},
    model::Bbox,
};

/// Questions of a row.
const QUESTIONS: usize = 2_000;

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

fn misspelt(name: &str, errors: usize, seed: &mut Seed) -> String {
    let mut text = name.chars().collect::<Vec<_>>();
    for _ in 0..errors {
        let at = seed.below(text.len() - 1);
        match seed.below(3) {
            0 => text.swap(at, at + 1),
            1 => drop(text.remove(at)),
            _ => text.insert(at, text[at]),
        }
    }
    text.into_iter().collect()
}

fn main() {
    let started = Instant::now();
    let atlas = match env::var_os("GAZETTEER") {
        None => Atlas::embedded(),
        Some(path) => Atlas::open(fs::read(path).expect("the file can be read").into()).expect("the file is a packed gazetteer"),
    };
    let opened = format!("{} places, {} bytes, open after {:?}", atlas.len(), atlas.size(), started.elapsed());
    let places = atlas.iter().collect::<Vec<_>>();
    let mut seed = Seed(1);
    let mut names = |least: usize| {
        let mut names = Vec::new();
        while names.len() < QUESTIONS {
            let name = places[seed.below(places.len())].name();
            if name.chars().count() >= least {
                names.push(name);
            }
        }
        names
    };
    let (any, long, longer) = (names(1), names(6), names(10));
    let mut seed = Seed(2);
    let one = long.iter().map(|name| misspelt(name, 1, &mut seed)).collect::<Vec<_>>();
    let two = longer.iter().map(|name| misspelt(name, 2, &mut seed)).collect::<Vec<_>>();
    let wish = Wish::default();
    let mut criterion = Criterion::default().configure_from_args().sample_size(30);
    let mut table = Vec::new();
    let mut row = |name: &str, mark: &str, ask: &mut dyn FnMut()| {
        let mut samples = Vec::new();
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let start = Instant::now();
                (0..count).for_each(|_| ask());
                let time = start.elapsed();
                samples.push(time.as_secs_f64() * 1e6 / count as f64);
                time
            });
        });
        samples.sort_by(f64::total_cmp);
        let median = samples.get(samples.len() / 2).copied().unwrap_or_default();
        table.push(format!("{name:<32} {median:>8.2} µs ({mark})"));
    };
    let mut each = |name: &str, mark: &str, questions: &[String], ask: &dyn Fn(&str)| {
        let mut next = questions.iter().cycle();
        row(name, mark, &mut || ask(next.next().expect("the questions go round")));
    };
    each("exact: who bears a name", "≤2 µs", &any, &|name| {
        black_box(atlas.named(name).count());
    });
    each("search: a name as it is", "no mark", &any, &|name| {
        black_box(atlas.search(name, &wish, 10));
    });
    for length in [1, 2, 3, 5, 8] {
        let prefixes = any.iter().map(|name| name.chars().take(length).collect()).collect::<Vec<String>>();
        each(&format!("suggest: {length} letters, ten places"), "≤30 µs", &prefixes, &|name| {
            black_box(atlas.suggest(name, &wish, 10));
        });
    }
    // Large cities have names in forty scripts, and stand first below every letter.
    let great = atlas.iter().take(QUESTIONS).flat_map(|spot| spot.names().map(|name| name.text));
    let foreign = great.filter(|name| name.chars().next().is_some_and(|letter| !letter.is_ascii())).collect::<Vec<_>>();
    for length in [1, 2, 3, 5, 8] {
        let prefixes = foreign.iter().map(|name| name.chars().take(length).collect()).collect::<Vec<String>>();
        each(&format!("suggest: {length} letters not of ASCII"), "≤30 µs", &prefixes, &|name| {
            black_box(atlas.suggest(name, &wish, 10));
        });
    }
    // As the map's search box asks.
    let here = Wish { bbox: Bbox::new(-17.0, 4.0, 16.0, 28.0).ok(), ..wish };
    let prefixes = any.iter().map(|name| name.chars().take(3).collect()).collect::<Vec<String>>();
    each("suggest: 3 letters, in a box", "no mark", &prefixes, &|name| {
        black_box(atlas.suggest(name, &here, 6));
    });
    each("search: one error", "≤150 µs", &one, &|name| {
        black_box(atlas.search(name, &wish, 10));
    });
    each("search: two errors", "≤1,500 µs", &two, &|name| {
        black_box(atlas.search(name, &wish, 10));
    });
    let mut points = places.iter().step_by(97).cycle();
    for limit in [1, 10] {
        row(&format!("reverse: {limit} nearest"), "≤10 µs", &mut || {
            let mut at = points.next().expect("the places go round").position();
            at.lat = (at.lat + 0.1).min(90.0);
            black_box(atlas.reverse(at, limit));
        });
    }
    criterion.final_summary();
    println!("\n{opened}\nmedians\n{}", table.join("\n"));
}
