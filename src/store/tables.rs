//! The tables of a collection.

use std::{ops::Deref, sync::Arc};

use super::{About, Source, Table, World};

/// One table for each view: there from the start, or made when they are first read.
#[derive(Debug)]
pub enum Tables {
    /// They are there.
    Made(Vec<Arc<Table>>),
    /// The one of a gazetteer.
    World(Arc<World>),
    /// None: they lie in a database, which is asked by itself. What is here in their place has the schema, and no feature.
    Database(Arc<Source>),
}

impl Tables {
    /// What is known of the first of them without reading it.
    pub(super) fn about(&self) -> &About {
        match self {
            Self::Made(tables) => tables.first().expect("a layer is built with at least one table").about(),
            Self::World(world) => world.about(),
            Self::Database(source) => source.about(),
        }
    }
}

impl From<Vec<Arc<Table>>> for Tables {
    fn from(tables: Vec<Arc<Table>>) -> Self {
        Self::Made(tables)
    }
}

impl Deref for Tables {
    type Target = [Arc<Table>];

    fn deref(&self) -> &[Arc<Table>] {
        match self {
            Self::Made(tables) => tables,
            Self::World(world) => world.tables(),
            Self::Database(source) => source.blank(),
        }
    }
}
