//! A place of a packed gazetteer.

use std::borrow::Cow;

use super::Atlas;
use crate::{
    gazetteer::pack::{
        ID_IS_TEXT, MOST_NAMES, NameCode, NameUse, Names, Section, Stored, Tag, Weight, number_at, take_varint, text_at, u32_at,
    },
    model::{Level, NameKind, Position},
};

/// Places of a country among which its regions are looked for: they matter more than most.
const MOST_BEFORE_REGION: usize = 5_000;
/// Places that one may lie in.
const MOST_ANCESTORS: usize = 12;

/// A place, read where it lies; copying it copies a reference and a number.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    atlas: &'a Atlas,
    index: u32,
}

/// A name of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtlasName<'a> {
    /// As the source spells it.
    pub text: String,
    /// BCP 47 code, where known.
    pub language: Option<&'a str>,
    /// How it came to be a name.
    pub kind: NameKind,
    /// First and last year in which the place was called so, where known; an end that is not is the least or greatest `i16`.
    pub years: Option<(i16, i16)>,
    /// How it is used.
    pub usage: NameUse,
}

impl PartialEq for Spot<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.atlas, other.atlas)
    }
}

impl<'a> Spot<'a> {
    pub(super) fn new(atlas: &'a Atlas, index: u32) -> Self {
        Self { atlas, index }
    }

    /// The place's rank: 0 is the most important of all.
    pub fn rank(self) -> u32 {
        self.index
    }

    fn at(self) -> usize {
        self.index as usize
    }

    fn facts(self) -> [u8; 8] {
        self.atlas.section(Section::Facts).get(self.at() * 8..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default()
    }

    /// How ids are ordered: numbers first.
    pub(super) fn id_key(self) -> (u8, u32, &'a str) {
        let id = number_at(self.atlas.section(Section::Ids), self.atlas.places, self.at());
        if self.facts()[7] & ID_IS_TEXT == 0 {
            return (0, id, "");
        }
        let mut rest = self.atlas.section(Section::Texts).get(id as usize..).unwrap_or_default();
        let length = take_varint(&mut rest).unwrap_or(0) as usize;
        (1, 0, rest.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default())
    }

    /// The id: a number in decimal digits, or a text.
    pub fn id(self) -> Cow<'a, str> {
        match self.id_key() {
            (0, number, _) => number.to_string().into(),
            (_, _, text) => text.into(),
        }
    }

    /// Where it is; a region stands at its seat, a country at its capital.
    pub fn position(self) -> Position {
        position_at(self.atlas.section(Section::Points), self.at())
    }

    /// People; 0 where nobody counted them.
    pub fn population(self) -> u32 {
        u32_at(&self.facts(), 0)
    }

    /// What sort of place it is.
    pub fn level(self) -> Level {
        Level::ALL.get(usize::from(self.weight().level)).copied().unwrap_or(Level::Settlement)
    }

    /// What it is weighed by.
    pub(super) fn weight(self) -> Weight {
        Weight::of(self.facts()[6], self.population())
    }

    /// The source's own word for its kind; empty where it has none.
    pub fn class(self) -> &'a str {
        let kinds = self.atlas.section(Section::Kinds);
        let kind = kinds.get(self.at() * 2..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u16::from_le_bytes(*bytes));
        text_at(self.atlas.section(Section::Classes), kind.into())
    }

    fn region_row(self) -> &'a str {
        let [_, _, _, _, low, high, ..] = self.facts();
        text_at(self.atlas.section(Section::Regions), u16::from_le_bytes([low, high]).into())
    }

    /// ISO 3166-1 alpha-2 code in capitals; empty where not known.
    pub fn country(self) -> &'a str {
        self.region_row().split('\t').next().unwrap_or_default()
    }

    /// Code of the first-level division; empty where not known.
    pub fn admin1(self) -> &'a str {
        self.region_row().split('\t').nth(1).unwrap_or_default()
    }

    /// Name of the first-level division, where known; none for the division itself.
    pub fn region(self) -> Option<&'a str> {
        let name = self.region_row().split('\t').nth(2).filter(|name| !name.is_empty());
        name.filter(|_| self.level() != Level::Region)
    }

    /// The place that it lies in: as the hierarchy has it, or else the region of its code, or its country.
    pub fn parent(self) -> Option<Self> {
        let atlas = self.atlas;
        let given = number_at(atlas.section(Section::Parents), atlas.places, self.at()).checked_sub(1);
        let given = given.filter(|&parent| (parent as usize) < atlas.places).map(|parent| Self::new(atlas, parent));
        given.or_else(|| {
            let level = self.level();
            let own = |spot: &Self| match spot.level() {
                Level::Country => level != Level::Country,
                Level::Region => {
                    !matches!(level, Level::Country | Level::Region) && spot.admin1() == self.admin1() && !self.admin1().is_empty()
                }
                _ => false,
            };
            // Regions and countries stand first; of both the region is nearer.
            let all = atlas.in_country(self.country()).take(MOST_BEFORE_REGION).map(|place| Self::new(atlas, place)).filter(own);
            all.min_by_key(|spot| (spot.level() == Level::Country, spot.rank()))
        })
    }

    /// The places that it lies in, the nearest first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        // A hierarchy may go round in a circle.
        std::iter::successors(self.parent(), |spot| spot.parent()).take(MOST_ANCESTORS)
    }

    /// First and last year in which it is attested, where the data have them.
    pub fn years(self) -> Option<(i16, i16)> {
        let bytes = self.atlas.section(Section::Years).get(self.at() * 4..)?.first_chunk::<4>()?;
        let year = |a: usize| i16::from_le_bytes([bytes[a], bytes[a + 1]]);
        Some((year(0), year(2))).filter(|&years| years != (i16::MIN, i16::MAX))
    }

    /// Who gives the position.
    pub fn source(self) -> &'a str {
        text_at(self.atlas.section(Section::Sources), usize::from(self.facts()[7] >> 1))
    }

    /// The name that is shown.
    pub fn name(self) -> String {
        self.names().next().map(|name| name.text).unwrap_or_default()
    }

    /// Every name, the one that is shown first; machine romanizations are not stored.
    pub fn names(self) -> impl Iterator<Item = AtlasName<'a>> {
        Names::new(self.name_bytes()).take(MOST_NAMES).map(move |name| self.name_of(name))
    }

    /// The first name that `wanted` takes by its kind and code, and its index.
    pub(super) fn find_name(self, mut wanted: impl FnMut(NameKind, &[u8]) -> bool) -> Option<(usize, AtlasName<'a>)> {
        let (index, name) = Names::new(self.name_bytes()).find(|code, bytes| wanted(kind(code), bytes))?;
        Some((index, self.name_of(name)))
    }

    /// Whether `wanted` takes the code of the name that is shown.
    pub(super) fn is_first_name(self, wanted: impl FnOnce(&[u8]) -> bool) -> bool {
        Names::new(self.name_bytes()).next_is(wanted)
    }

    /// The name with this index, without a look at the ones before it.
    pub(super) fn name_at(self, index: usize) -> Option<AtlasName<'a>> {
        Names::new(self.name_bytes()).nth(index).map(|name| self.name_of(name))
    }

    fn name_bytes(self) -> &'a [u8] {
        let at = self.atlas.section(Section::NamesAt);
        let bound = |index: usize| number_at(at, self.atlas.places + 1, index) as usize;
        self.atlas.section(Section::Names).get(bound(self.at())..bound(self.at() + 1)).unwrap_or_default()
    }

    fn name_of(self, name: Stored) -> AtlasName<'a> {
        let languages = self.atlas.section(Section::Languages);
        let tag = name.language.map(|index| Tag::of(text_at(languages, index))).unwrap_or_default();
        let language = Some(tag.language).filter(|code| !code.is_empty());
        AtlasName { text: name.text, language, kind: kind(name.kind), years: tag.years, usage: tag.usage }
    }
}

/// Where the place of this rank is.
pub(super) fn position_at(points: &[u8], rank: usize) -> Position {
    let degrees = |at: usize| f64::from(u32_at(points, at).cast_signed()) / 1e7;
    Position { lon: degrees(2 * rank), lat: degrees(2 * rank + 1) }
}

fn kind(code: NameCode) -> NameKind {
    match code {
        NameCode::Preferred => NameKind::Preferred,
        NameCode::Alternate => NameKind::Alternate,
        NameCode::Transliteration => NameKind::Transliteration,
        NameCode::Code => NameKind::Code,
    }
}
