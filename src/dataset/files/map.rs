//! How the page shows files that say nothing about it.

use jiff::civil::date;

use super::folder::PageWishes;
use crate::{
    dataset::{MapConfig, MapLayer, Prepared, Timeline},
    model::{Batch, Lang, Rect, Text, when::Instant, wkb},
};

/// Titles that stand in the page's title; more are counted.
const MOST_TITLES: usize = 3;

/// Half the width of the first view around a single point, in degrees.
const AROUND: f64 = 0.25;

/// The page of these layers; the credits of the base map and the gazetteer are those of `base`.
///
/// What is wished of the page comes first; where nobody says which layers are listed beside the map, the first one is.
pub(super) fn config(layers: &[Prepared], shown: Vec<Option<MapLayer>>, is_listed: bool, page: PageWishes, base: &MapConfig) -> MapConfig {
    let batches = || layers.iter().flat_map(|layer| &layer.views);
    let titles = layers.iter().map(|layer| layer.collection.title.en.as_str()).collect::<Vec<_>>();
    let count = batches().map(Batch::len).sum::<usize>();
    let bbox = if page.bbox.is_none() { bbox(batches()) } else { None };
    let time = if page.time.is_none() { timeline(batches()) } else { None };
    config_of(Shown { titles: &titles, count, layers: shown.into_iter().flatten().collect(), is_listed, bbox, time }, page, base)
}

/// What a page shows.
pub(super) struct Shown<'a> {
    /// The titles of all collections.
    pub(super) titles: &'a [&'a str],
    /// How many records they have.
    pub(super) count: usize,
    pub(super) layers: Vec<MapLayer>,
    /// Whether it is wished, or wished not, that some are listed beside the map.
    pub(super) is_listed: bool,
    pub(super) bbox: Option<[f64; 4]>,
    pub(super) time: Option<Timeline>,
}

/// The page that shows this.
pub(super) fn config_of(shown: Shown<'_>, page: PageWishes, base: &MapConfig) -> MapConfig {
    let Shown { titles, count, mut layers, is_listed, bbox, time } = shown;
    if let Some(first) = layers.first_mut().filter(|_| !is_listed) {
        first.list = true;
    }
    let is_dated = layers.iter().any(|layer| layer.time.is_some());
    let counted = || {
        let noun = if titles.len() == 1 { "collection" } else { "collections" };
        let Text { en, fr } = records(count);
        let french = fr.map(|fr| format!("{fr} dans {} {noun}.", titles.len()));
        Text { en: format!("{en} in {} {noun}.", titles.len()), fr: french }
    };
    let title = page.title.unwrap_or_else(|| title(titles));
    MapConfig {
        lede: page.sentence.unwrap_or_else(counted),
        bbox: page.bbox.or(bbox),
        time: page.time.or(time).filter(|_| is_dated),
        layers,
        views: None,
        attribution: page.credits.into_iter().chain(base.attribution.clone()).collect(),
        cite: Some(page.cite.unwrap_or_else(|| cite(&title))),
        title,
    }
}

/// So many records, in words.
pub(super) fn records(count: usize) -> Text {
    let number = |lang: Lang| lang.integer(count as i128);
    let s = if count == 1 { "" } else { "s" };
    // French counts nothing in the singular too.
    let french = if count < 2 { "" } else { "s" };
    Text { en: format!("{} record{s}", number(Lang::En)), fr: Some(format!("{} enregistrement{french}", number(Lang::Fr))) }
}

/// How to cite what changes as it is asked, and so has no version.
pub(super) fn cite_live(title: &Text) -> Text {
    let french = title.get(Lang::Fr);
    Text {
        en: format!("“{}”, {{address}}, accessed {{date}}.", title.en),
        fr: Some(format!("« {french} », {{address}}, consulté le {{date}}.")),
    }
}

/// How to cite it; the page fills in what is in braces.
fn cite(title: &Text) -> Text {
    let french = title.get(Lang::Fr);
    Text {
        en: format!("“{}”, data version {{version}}, {{address}}, accessed {{date}}.", title.en),
        fr: Some(format!("« {french} », version des données {{version}}, {{address}}, consulté le {{date}}.")),
    }
}

fn title(titles: &[&str]) -> Text {
    let named = titles[..titles.len().min(MOST_TITLES)].join(", ");
    match titles.len().saturating_sub(MOST_TITLES) {
        0 => Text::plain(named),
        more => Text { en: format!("{named} and {more} more"), fr: Some(format!("{named} et {more} de plus")) },
    }
}

/// The box of every geometry, with some ground around it where it is a point.
fn bbox<'a>(batches: impl Iterator<Item = &'a Batch>) -> Option<[f64; 4]> {
    let boxes = batches.flat_map(|batch| batch.shapes.iter().flatten()).filter_map(wkb::bounds).map(|(rect, _)| rect);
    boxes.reduce(|a, b| a.union(&b)).map(with_ground)
}

/// The edges of a rectangle, with some ground around it where it is a point.
pub(super) fn with_ground(Rect { min_x, min_y, max_x, max_y }: Rect) -> [f64; 4] {
    let around = |low: f64, high: f64, most: f64| match high - low {
        width if width < AROUND => ((low - AROUND).max(-most), (high + AROUND).min(most)),
        _ => (low, high),
    };
    let ((west, east), (south, north)) = (around(min_x, max_x, 180.0), around(min_y, max_y, 90.0));
    [west, south, east, north]
}

/// From the first to the last day of any feature, as far as both are known and within the years 0 to 9999.
fn timeline<'a>(batches: impl Iterator<Item = &'a Batch>) -> Option<Timeline> {
    let times = batches.flat_map(|batch| batch.times.known());
    let instants = times.flat_map(|time| [time.earliest_start, time.latest_start, time.earliest_end, time.latest_end]);
    let years = Instant::start_of(date(0, 1, 1))..=Instant::end_of(date(9999, 12, 31));
    let (start, end) = instants.filter(|instant| years.contains(instant)).fold(None, |span, instant| {
        let (start, end) = span.unwrap_or((instant, instant));
        Some((start.min(instant), end.max(instant)))
    })?;
    let end = end.day()?;
    Some(Timeline { start: start.day()?, end, initial: end })
}
