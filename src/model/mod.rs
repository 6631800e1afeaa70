//! The nouns: pure values with no I/O, in the field's terms.
//!
//! Read in this order: [`Position`], [`Bbox`], [`Geometry`], [`Crs`]; [`when`] (uncertain time); [`Text`], [`Schema`], [`Collection`]
//! (what a layer is), [`Feature`] and [`Value`] (what it holds), [`Batch`] and [`Column`] (many of
//! them), [`wkb`] (shapes as bytes) and [`border`] (what a rectangle is to them), [`Tile`]; [`names`] (when two spellings are one name) and [`Place`] (where names
//! are), [`Source`] and [`Claim`] (who says what).

mod batch;
mod bbox;
pub mod border;
mod cell;
mod claim;
mod collection;
mod column;
mod crs;
mod feature;
pub mod fold;
mod geometry;
mod hex;
pub mod names;
mod place;
mod position;
mod schema;
mod source;
mod text;
mod tile;
pub mod when;
pub mod wkb;

pub use batch::{Batch, ShapeColumn, TimeColumn};
pub use bbox::{Bbox, BboxError, Rect};
pub use cell::Cell;
pub use claim::{Act, Bound, Claim, ClaimValue, Confidence, Locator, Modality, Reading};
pub use collection::{Collection, GeometryKind, Licence, Provenance, Views};
pub use column::{Bits, Column, Texts, Values};
pub use crs::{AxisUnit, Crs, CrsError, DefinitionText, Order};
pub use feature::{Feature, Value};
pub use geometry::{Geometry, GeometryError};
pub(crate) use hex::hex;
pub use place::{Level, Name, NameKind, Place};
pub use position::{MEAN_RADIUS_M, Position, PositionError};
pub use schema::{Kind, Property, Role, Schema};
pub use source::{Basis, Source};
pub use text::{Lang, Text};
pub use tile::{Tile, TileRange};
