//! `places`: described here; its features are the places of the world ([`super::super::world`]), not those that the data rest on.

use crate::model::Kind::{self, Integer, List, Text};

pub(super) const COLUMNS: &[(&str, Kind)] = &[
    ("name", Text),
    ("country", Text),
    ("region", Text),
    ("level", Text),
    ("class", Text),
    ("population", Integer),
    ("rank", Integer),
    ("admin1", Text),
    ("other_names", List),
    ("accuracy_m", Integer),
    ("source", Text),
];
