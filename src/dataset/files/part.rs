//! A stretch of a file, by column: what one thread makes of its records.

use std::{borrow::Cow, collections::HashMap};

use super::{
    column::Column,
    fault::{Rule, Spot},
    guess,
    record::{Item, PlaceName, Raw, Record, Stop},
    strangers::Strangers,
    wishes::Ground,
};
use crate::{
    gazetteer::{Verdict, Wish, fold, verdict},
    model::{Bits, Geometry, Kind, Level, Position, ShapeColumn, Texts},
};

/// Properties of a collection at the most: each costs memory for every record.
pub(super) const MOST_PROPERTIES: usize = 2_000;

/// The columns that say how a record was placed by its name; the last ones, who decided so and why, only where people have.
pub(super) const PLACED: [(&str, Kind); 7] = [
    ("place_id", Kind::Text),
    ("place_name", Kind::Text),
    ("place_match", Kind::Text),
    ("place_score", Kind::Number),
    ("place_accuracy_m", Kind::Integer),
    ("decided_by", Kind::Text),
    ("decided_why", Kind::Text),
];
/// Which of them holds metres.
pub(super) const ACCURACY: usize = 4;
/// How many of them there are where nobody has decided anything.
const UNDECIDED: usize = 5;

/// Something to be said of a file, in the order in which it was met.
#[derive(Debug)]
pub(super) enum Mark {
    Fault(Spot, Rule),
    Note(String),
}

/// Records by column, and what was wrong between them.
pub(super) struct Part<'g> {
    ground: Ground<'g>,
    /// The files that the records are of: the first record of each, and how many records stood in those before it.
    files: Vec<(usize, u64, String)>,
    /// The number of each record in its file, and the line on which it begins, 0 where that is not known.
    places: Vec<(u32, u32)>,
    /// The id of each, where it has one of its own.
    pub(super) ids: Texts,
    pub(super) has_id: Bits,
    pub(super) shapes: ShapeColumn,
    pub(super) columns: Vec<Column>,
    by_name: HashMap<String, usize>,
    /// How records were placed, once one has been looked up.
    pub(super) placed: Option<Vec<Column>>,
    pub(super) looked_up: LookedUp,
    pub(super) strangers: Strangers,
    /// What names were found to mean, by name and country.
    known: HashMap<(String, Option<String>), Known>,
    /// What files call properties to a reader.
    pub(super) titles: Vec<(String, String)>,
    pub(super) marks: Vec<Mark>,
    /// Why the rest of the file is not read.
    pub(super) stop: Option<Stop>,
}

/// How many names were looked up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LookedUp {
    pub(super) all: u64,
    /// Those that are one place.
    pub(super) found: u64,
    /// Those of which a person decided what is meant, or that nothing is.
    pub(super) decided: u64,
}

/// What a name means.
struct Known {
    /// Whether the country beside it is none that is known.
    is_strange: bool,
    /// How its place was matched, or why there is none.
    matched: &'static str,
    place: Option<Found>,
    /// Who decided so, and why.
    decided: Option<(String, String)>,
}

/// The one place that a name means.
struct Found {
    id: String,
    name: String,
    position: Position,
    score: f64,
    accuracy_m: Option<u32>,
}

/// Namesakes that are told apart: two are enough to know that the name alone does not say which is meant.
const NAMESAKES: usize = 10;

/// Looks a name up among the world's places; how exact a position is, is known of those of the embedded data set.
fn look_up(name: &str, country: Option<&str>, ground: Ground<'_>) -> Known {
    // A region has the name of its town so often that only the town can be meant by a name alone.
    let written = country;
    let country = written.and_then(|text| ground.atlas.country_code(text));
    let known = |matched, place, decided| Known { is_strange: written.is_some() && country.is_none(), matched, place, decided };
    let found = |spot: crate::gazetteer::Spot<'_>, score| {
        let id = spot.id().into_owned();
        let accuracy_m = ground.gazetteer.get(&id).and_then(|place| place.accuracy_m);
        Found { position: spot.position(), score, accuracy_m, id, name: spot.name() }
    };
    if let Some(decision) = ground.decisions.and_then(|decisions| decisions.find(&fold(name), country.unwrap_or_default())) {
        let place = ground.atlas.get(&decision.id).map(|spot| found(spot, 1.0));
        return known("decision", place, Some((decision.who.clone(), decision.why.clone())));
    }
    let wish = Wish { country, level: Some(Level::Settlement), ..Wish::default() };
    let hits = ground.atlas.search(name, &wish, NAMESAKES);
    match (verdict(&hits, &wish), hits.first()) {
        (Verdict::One, Some(best)) => known(best.method.as_str(), Some(found(best.spot, best.score)), None),
        (Verdict::Homonyms(_), _) => known("ambiguous", None, None),
        _ => known("none", None, None),
    }
}

/// The columns that say how a record was placed, empty.
fn placed(ground: Ground<'_>) -> Vec<Column> {
    let count = if ground.decisions.is_some() { PLACED.len() } else { UNDECIDED };
    PLACED[..count].iter().map(|(name, _)| Column::new((*name).to_owned())).collect()
}

impl<'g> Part<'g> {
    pub(super) fn new(ground: Ground<'g>) -> Self {
        Self {
            ground,
            files: Vec::new(),
            places: Vec::new(),
            ids: Texts::default(),
            has_id: Bits::default(),
            shapes: ShapeColumn::default(),
            columns: Vec::new(),
            by_name: HashMap::new(),
            placed: None,
            looked_up: LookedUp::default(),
            strangers: Strangers::default(),
            known: HashMap::new(),
            titles: Vec::new(),
            marks: Vec::new(),
            stop: None,
        }
    }

    /// What records are placed by.
    pub(super) fn ground(&self) -> Ground<'g> {
        self.ground
    }

    /// How many records it has.
    pub(super) fn rows(&self) -> usize {
        self.places.len()
    }

    /// Where a record stands in its file.
    pub(super) fn spot(&self, row: usize) -> Spot {
        let (record, line) = self.places[row];
        Spot { record: record.into(), line: line.into(), byte: None }
    }

    /// Says that the records after this are of a file.
    pub(super) fn begin(&mut self, file: &str) {
        let before = self.files.last().map_or(0, |(_, before, _)| *before);
        let last = self.places.last().map_or(0, |(record, _)| u64::from(*record));
        self.files.push((self.rows(), before + last, file.to_owned()));
    }

    /// The number of a record among those of all files.
    pub(super) fn number(&self, row: usize) -> u64 {
        self.file(row).map_or(0, |(_, before, _)| *before) + u64::from(self.places[row].0)
    }

    /// The file that a record is of.
    pub(super) fn file_of(&self, row: usize) -> String {
        self.file(row).map(|(_, _, file)| file.clone()).unwrap_or_default()
    }

    fn file(&self, row: usize) -> Option<&(usize, u64, String)> {
        let after = self.files.partition_point(|(first, ..)| *first <= row);
        self.files[..after].last()
    }

    /// Takes what a reader found.
    pub(super) fn take(&mut self, item: Item<'_>) {
        match item {
            Item::Record(record) => {
                if let Err((spot, rule)) = self.push(record) {
                    self.marks.push(Mark::Fault(spot, rule));
                }
            }
            Item::Fault(spot, rule) => self.marks.push(Mark::Fault(spot, rule)),
            // The publisher has said where they are.
            Item::Note(note) if note == guess::NOWHERE && self.ground.place.is_some() => {}
            Item::Note(note) => self.marks.push(Mark::Note(note)),
            Item::Title { column, title } => self.titles.push((column.to_owned(), title.to_owned())),
            Item::Frame { spot, bytes, decode } => {
                let mut sink = |item: Item<'_>| {
                    self.take(item);
                    std::ops::ControlFlow::Continue(())
                };
                if let Err(stop) = decode(bytes, spot, &mut sink) {
                    self.stop.get_or_insert(stop);
                }
            }
        }
    }

    /// Takes a record; a refused one leaves no trace.
    fn push(&mut self, record: Record<'_>) -> Result<(), (Spot, Rule)> {
        let Record { spot, id, mut geometry, place, properties } = record;
        let row = self.rows();
        let is_known = properties.len() <= self.columns.len();
        if is_known && properties.iter().zip(&self.columns).all(|((name, _), column)| *name == column.name) {
            // As in the record before: every name once, each in its place.
            properties.iter().zip(&mut self.columns).for_each(|((_, raw), column)| column.push(row, raw));
        } else {
            let is_new = |name: &str, at| !self.is_at(name, at) && !self.by_name.contains_key(name);
            let unknown = properties.iter().zip(0..).filter(|((name, _), at)| is_new(name, *at));
            if self.columns.len() + unknown.count() > MOST_PROPERTIES {
                return Err((spot, Rule::TooManyProperties(MOST_PROPERTIES)));
            }
            let indices = properties.iter().zip(0..).map(|((name, _), at)| self.column(name, at)).collect::<Vec<_>>();
            // From the end on: of two members of one name the last counts.
            for (index, (_, raw)) in indices.into_iter().zip(&properties).rev() {
                if self.columns[index].rows <= row {
                    self.columns[index].push(row, raw);
                }
            }
        }
        if let Some(place) = self.ground.place.map_or(place, |_| self.named(&properties)) {
            geometry = geometry.or_else(|| self.place(row, spot, place));
        }
        self.has_id.push(id.is_some());
        self.ids.push(id.as_deref().unwrap_or_default());
        self.shapes.push(geometry.as_ref());
        // More records than this are more than a table holds.
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        self.places.push((narrow(spot.record), narrow(spot.line)));
        Ok(())
    }

    fn is_at(&self, name: &str, at: usize) -> bool {
        self.columns.get(at).is_some_and(|column| column.name == name)
    }

    /// The position of the column of a name, which is most often where it was in the record before.
    fn column(&mut self, name: &str, likely: usize) -> usize {
        if self.is_at(name, likely) {
            return likely;
        }
        match self.by_name.get(name) {
            Some(index) => *index,
            None => {
                self.columns.push(Column::new(name.to_owned()));
                self.by_name.insert(name.to_owned(), self.columns.len() - 1);
                self.columns.len() - 1
            }
        }
    }

    /// The name in the columns that the publisher says are those of places.
    fn named<'r>(&self, properties: &'r [(Cow<'_, str>, Raw<'_>)]) -> Option<PlaceName<'r>> {
        let columns = self.ground.place?;
        let text = |wanted: &str| match properties.iter().find(|(name, _)| name == wanted) {
            Some((_, Raw::Cell(text) | Raw::Decimal(text) | Raw::Text(text))) => Some(text.as_ref()),
            _ => None,
        };
        let country = columns.country.as_deref().and_then(text).map(str::trim).filter(|code| !code.is_empty());
        text(&columns.name).map(|name| PlaceName { name, country })
    }

    /// Looks a name up; where it is one place, that is where the record is.
    fn place(&mut self, row: usize, spot: Spot, PlaceName { name, country }: PlaceName<'_>) -> Option<Geometry> {
        if name.trim().is_empty() {
            return None;
        }
        let written = country;
        let country = country.map(str::to_ascii_uppercase);
        let ground = self.ground;
        let columns = self.placed.get_or_insert_with(|| placed(ground));
        // Tables name the same places over and over.
        let known =
            self.known.entry((name.to_owned(), country)).or_insert_with_key(|(name, country)| look_up(name, country.as_deref(), ground));
        let place = known.place.as_ref();
        if let (true, Some(written)) = (known.is_strange, written) {
            self.strangers.push(spot, written);
        }
        self.looked_up.all += 1;
        self.looked_up.found += u64::from(place.is_some());
        self.looked_up.decided += u64::from(known.decided.is_some());
        let decided = |part: fn(&(String, String)) -> &str| match &known.decided {
            Some(decided) => Raw::Text(Cow::Borrowed(part(decided))),
            None => Raw::Null,
        };
        let cells = [
            place.map_or(Raw::Null, |place| Raw::Text(Cow::Borrowed(place.id.as_str()))),
            place.map_or(Raw::Null, |place| Raw::Text(Cow::Borrowed(place.name.as_str()))),
            Raw::Text(known.matched.into()),
            place.map_or(Raw::Null, |place| Raw::Number(place.score)),
            place.and_then(|place| place.accuracy_m).map_or(Raw::Null, |metres| Raw::Integer(metres.into())),
            decided(|(who, _)| who),
            decided(|(_, why)| why),
        ];
        columns.iter_mut().zip(&cells).for_each(|(column, cell)| column.push(row, cell));
        place.map(|place| Geometry::point(place.position))
    }

    /// Takes the ids away that the records have of their own.
    pub(super) fn forget_ids(&mut self) {
        let rows = self.rows();
        self.ids = Texts::default();
        (0..rows).for_each(|_| self.ids.push(""));
        self.has_id = std::iter::repeat_n(false, rows).collect();
    }

    /// Leaves out the records for which `keep` is false.
    pub(super) fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        let rows = self.rows();
        self.columns.iter_mut().chain(self.placed.iter_mut().flatten()).for_each(|column| column.retain(rows, &keep));
        self.shapes.retain(&keep);
        let kept = (0..rows).filter(|row| keep(*row)).collect::<Vec<_>>();
        let mut ids = Texts::default();
        kept.iter().for_each(|row| ids.push(self.ids.get(*row)));
        self.ids = ids;
        self.has_id = kept.iter().map(|row| self.has_id.get(*row)).collect();
        let first = |row: usize| kept.partition_point(|own| *own < row);
        self.files.iter_mut().for_each(|(row, ..)| *row = first(*row));
        self.places = kept.into_iter().map(|row| self.places[row]).collect();
    }

    /// Adds the records of `other` after these; what is to be said of them stays with it.
    pub(super) fn append(&mut self, other: &mut Part<'_>) {
        let before = self.rows();
        for column in &mut other.columns {
            let index = match self.by_name.get(&column.name) {
                Some(index) => *index,
                None if self.columns.len() == MOST_PROPERTIES => {
                    let rule = Rule::TooManyProperties(MOST_PROPERTIES);
                    other.marks.push(Mark::Note(format!("property {:?} is left out: the file {rule}", column.name)));
                    continue;
                }
                None => self.column(&column.name, usize::MAX),
            };
            self.columns[index].append(before, column);
        }
        if let Some(placed) = &mut other.placed {
            let columns = self.placed.get_or_insert_with(|| self::placed(self.ground));
            columns.iter_mut().zip(placed).for_each(|(column, more)| column.append(before, more));
        }
        let (own, more) = (self.looked_up, other.looked_up);
        self.looked_up = LookedUp { all: own.all + more.all, found: own.found + more.found, decided: own.decided + more.decided };
        self.strangers.append(&mut other.strangers);
        self.titles.append(&mut other.titles);
        self.places.append(&mut other.places);
        self.ids.append(&other.ids);
        self.has_id.append(&other.has_id);
        self.shapes.append(&other.shapes);
    }
}
