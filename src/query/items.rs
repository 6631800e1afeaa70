//! A whole question to a collection.

use sha2::{Digest, Sha256};

use super::{
    Budget, Certainty, Cursor, Explain, Params, QueryError, Shape, Sort, SortBy, SortKey, Systems, TextQuery, TimeFilter, Window, datetime,
    filter::Expr,
    filtering,
    number::{limit, offset},
    window,
};
use crate::model::{Bbox, Collection};

/// Longitude and latitude in WGS 84 (OGC API – Features Part 1, clause 7.15.3).
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
/// The same with ellipsoidal height.
pub const CRS84H: &str = "http://www.opengis.net/def/crs/OGC/0/CRS84h";

/// How large a page may be, and in which reference systems.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Features on a page where nothing is asked for.
    pub default: u32,
    /// Features on a page at the most.
    pub most: u32,
    /// The reference systems on offer.
    pub systems: Systems,
}

impl Default for Limits {
    fn default() -> Self {
        Self { default: 1000, most: 10_000, systems: Systems::default() }
    }
}

/// Which features.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Whose geometry meets this box.
    pub bbox: Option<Bbox>,
    /// Whose time meets this interval.
    pub time: Option<TimeFilter>,
    /// Of which this condition is true.
    pub expr: Option<Expr>,
    /// What may be spent on finding them.
    pub budget: Budget,
}

/// Where the page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At the first match.
    First,
    /// After this many matches.
    Offset(u64),
    /// Where an earlier page ended.
    After(Cursor),
}

/// The parameters that say which features, without those of filters.
const SELECTING: [&str; 5] = ["bbox", "bbox-crs", "datetime", "certainty", "q"];
/// The parameters that are about a page.
const PAGING: [&str; 5] = ["resultType", "explain", "limit", "offset", "cursor"];

/// A valid question to one collection.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemsQuery {
    /// Which of the collection's views, by position.
    pub view: usize,
    /// Which features.
    pub filter: Filter,
    /// The box of another system that they must meet; that of the filter is then only around it.
    pub window: Option<Window>,
    /// What they must say.
    pub text: Option<TextQuery>,
    /// In which order; that of the table where none is asked for.
    pub sort: Option<Sort>,
    /// How each is written.
    pub shape: Shape,
    /// Whether only their number is asked for.
    pub hits: bool,
    /// What is to be explained beside them.
    pub explain: Option<Explain>,
    /// How many on the page.
    pub limit: u32,
    /// From where.
    pub start: Start,
    /// The question in one fixed spelling, without page size and start.
    question: String,
}

impl ItemsQuery {
    /// The parameters that ask a question of `collection`, in the order in which they are documented; its queryables come last.
    pub fn parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::own_parameters(collection);
        names.extend(filtering::parameter_queryables(collection).iter().map(|queryable| queryable.name));
        names
    }

    /// Whether a parameter is one of them, without a list of them all.
    pub fn takes(collection: &Collection, name: &str) -> bool {
        own_names(collection).any(|own| own == name) || filtering::parameter_queryable(collection, name).is_some()
    }

    /// The parameters that are not a queryable's; a queryable of one of these names is reached by `filter`.
    pub fn own_parameters(collection: &Collection) -> Vec<&str> {
        own_names(collection).collect()
    }

    /// Parses the parameters; those that belong to the answer's form (`f`, `lang`) are the caller's.
    ///
    /// # Errors
    /// The first parameter that breaks its rule.
    pub fn parse(params: &Params, collection: &Collection, limits: Limits) -> Result<Self, QueryError> {
        let bbox_crs = limits.systems.of(params, "bbox-crs")?;
        let bbox = params.get("bbox").map(|value| window::parse(value, &bbox_crs)).transpose()?;
        let (bbox, window) = bbox.map_or((None, None), |(bbox, window)| (Some(bbox), window));
        let view = view(params, collection)?;
        let certainty = match choice(params, "certainty", &Certainty::NAMES)? {
            Some(1) => Certainty::Certain,
            _ => Certainty::Possible,
        };
        let time = datetime::filter(params.get("datetime"), certainty)?;
        let filter = Filter { bbox, time, expr: filtering::condition(params, collection)?, budget: params.budget().clone() };
        let text = params.get("q").map(TextQuery::parse).transpose()?;
        let sort = params.get("sortby").map(|value| Sort::parse(value, &collection.schema)).transpose()?;
        let sort = sort.or_else(|| text.as_ref().and_then(|_| ranking(collection)));
        let hits = choice(params, "resultType", &["results", "hits"])? == Some(1);
        let explain = params.get("explain").and_then(Explain::parse);
        let mut question = question(collection, view, &filter);
        if let Some(window) = &window {
            question += &format!("&window={window:?}");
        }
        if let Some(text) = &text {
            question += &format!("&q={}", text.phrases.join(","));
        }
        if let Some(sort) = &sort {
            question += &format!("&sortby={}", sort.canonical(&collection.schema));
        }
        let start = match (params.get("offset"), params.get("cursor")) {
            (Some(_), Some(_)) => return Err(QueryError::Conflict { parameter: "offset", other: "cursor" }),
            (Some(value), None) => Start::Offset(offset(value)?),
            (None, Some(token)) => Start::After(cursor(token, hash(&question))?),
            (None, None) => Start::First,
        };
        let shape = Shape::parse(params, &collection.schema, limits.systems)?;
        let limit = limit(params.get("limit"), limits.default, limits.most)?;
        Ok(Self { view, filter, window, text, sort, shape, hits, explain, limit, start, question })
    }

    /// Those of [`ItemsQuery::parameters`] that ask for a whole collection: all but those that are about pages.
    pub fn whole_parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::parameters(collection);
        names.retain(|name| !PAGING.contains(name));
        names
    }

    /// Those of [`ItemsQuery::own_parameters`] that ask for a whole collection.
    pub fn whole_own_parameters(collection: &Collection) -> Vec<&str> {
        let mut names = Self::own_parameters(collection);
        names.retain(|name| !PAGING.contains(name));
        names
    }

    /// The same question without an end to its page.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { limit: u32::MAX, ..self }
    }

    /// Whether the answer is a plain page: whole features in the order of the table, and nothing beside them.
    pub fn is_plain(&self) -> bool {
        self.sort.is_none() && self.shape.is_whole() && self.explain.is_none()
    }

    /// A hash of the question without page size and start; a cursor belongs to one.
    pub fn hash(&self) -> u64 {
        hash(&self.question)
    }

    /// The whole query in one fixed spelling: two requests with the same one have the same answer.
    pub fn canonical(&self) -> String {
        let mut text = String::with_capacity(self.question.len() + 32);
        text.extend([self.question.as_str(), &self.shape.canonical(), if self.hits { "&hits" } else { "" }]);
        if let Some(explain) = &self.explain {
            text += &format!("&explain={explain:?}");
        }
        text.extend(["&limit=", itoa::Buffer::new().format(self.limit)]);
        match &self.start {
            Start::First => {}
            Start::Offset(offset) => text += &format!("&offset={offset}"),
            Start::After(cursor) => text.extend(["&cursor=", &cursor.to_token()]),
        }
        text
    }
}

/// The parameters of every question, in the order in which they are documented.
pub(super) fn own_names(collection: &Collection) -> impl Iterator<Item = &str> {
    let view = collection.views.as_ref().map(|views| views.parameter.as_str());
    SELECTING.into_iter().chain(filtering::PARAMETERS).chain(["sortby"]).chain(Shape::PARAMETERS).chain(PAGING).chain(view)
}

/// The position of the view asked for; the first where none is.
///
/// # Errors
/// When the collection has views and none is called so.
pub fn view(params: &Params, collection: &Collection) -> Result<usize, QueryError> {
    let Some(views) = &collection.views else { return Ok(0) };
    let names = views.names.iter().map(String::as_str).collect::<Vec<_>>();
    Ok(choice(params, &views.parameter, &names)?.unwrap_or(0))
}

/// The position of a parameter's value among those allowed; `None` where it is not given.
///
/// # Errors
/// When it is none of them.
pub fn choice(params: &Params, name: &str, allowed: &[&str]) -> Result<Option<usize>, QueryError> {
    let Some(value) = params.get(name) else { return Ok(None) };
    match allowed.iter().position(|choice| *choice == value) {
        Some(position) => Ok(Some(position)),
        None => Err(QueryError::Choice { parameter: name.to_owned(), value: value.to_owned(), allowed: allowed.join(", ") }),
    }
}

/// The order of answers to `q` where none is asked for: the most important place first. No collection of users' data has this id.
fn ranking(collection: &Collection) -> Option<Sort> {
    let rank = collection.schema.position("rank").filter(|_| collection.id == "places")?;
    Some(Sort(vec![SortKey { by: SortBy::Property(rank), descending: false }]))
}

fn cursor(token: &str, question: u64) -> Result<Cursor, QueryError> {
    let value = || token.to_owned();
    let cursor = Cursor::from_token(token).ok_or_else(|| QueryError::Cursor { value: value() })?;
    if cursor.query != question {
        return Err(QueryError::CursorQuery { value: value() });
    }
    Ok(cursor)
}

fn question(collection: &Collection, view: usize, filter: &Filter) -> String {
    let mut text = String::with_capacity(collection.id.len() + 96);
    text.push_str(&collection.id);
    if let Some(views) = &collection.views {
        text += &format!("&{}={}", views.parameter, views.names[view]);
    }
    if let Some(bbox) = &filter.bbox {
        // Their bits: as exact as digits, and written at once.
        let (edges, heights) = (bbox.edges(), bbox.heights());
        text += "&bbox=";
        for bound in edges.into_iter().chain(heights.into_iter().flat_map(|(low, high)| [low, high])) {
            push_hex(&mut text, bound.to_bits());
            text.push(',');
        }
    }
    if let Some(time) = &filter.time {
        text += &format!("&datetime={}/{}&certainty={}", time.from.as_millis(), time.to.as_millis(), time.certainty.as_str());
    }
    if let Some(expr) = &filter.expr {
        text += &format!("&filter={expr}");
    }
    text
}

/// Appends what `{:x}` writes.
fn push_hex(text: &mut String, number: u64) {
    let digits: [u8; 16] = std::array::from_fn(|place| b"0123456789abcdef"[(number >> (60 - 4 * place)) as usize & 15]);
    let blank = (number | 1).leading_zeros() as usize / 4;
    text.push_str(std::str::from_utf8(&digits[blank..]).expect("digits are ASCII"));
}

fn hash(question: &str) -> u64 {
    // The same in every build of the program: a download runs on through its upgrade too.
    let digest = Sha256::digest(question.as_bytes());
    u64::from_be_bytes(*digest.first_chunk().expect("a SHA-256 has 32 bytes"))
}
