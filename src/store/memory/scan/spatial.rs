//! The spatial part of a condition, by the index.

use std::ops::Range;

use super::{Scan, Table};
use crate::{
    model::Bbox,
    query::{
        Budget,
        filter::{Expr, Field, Shape, Spatial, Term},
    },
    store::{condition::relates, memory::index::runs_of},
};

/// A relation of the feature's geometry to a geometry of the filter.
pub(super) struct Located<'t> {
    relation: Spatial,
    literal: &'t Shape,
}

impl<'t> Located<'t> {
    /// What a condition asks, where it is such a relation.
    pub(super) fn of(condition: &'t Expr) -> Option<Self> {
        let Expr::Spatial(relation, left, right) = condition else { return None };
        match (left, right) {
            (Term::Field(Field::Geometry, _), Term::Shape(literal)) => Some(Self { relation: *relation, literal }),
            (Term::Shape(literal), Term::Field(Field::Geometry, _)) => Some(Self { relation: relation.reversed(), literal }),
            _ => None,
        }
    }

    /// The positions outside of which the relation is false or unknown, as runs, and whether it is true of each of them. `None` where the
    /// relation says nothing of the sort.
    pub(super) fn candidates(&self, table: &Table) -> Option<(Vec<Range<u32>>, bool)> {
        match (self.relation, self.literal.as_bbox()) {
            (Spatial::Disjoint, _) => None,
            (Spatial::Intersects, Some(bbox)) => Some((table.index.search(bbox, &table.shapes), true)),
            _ => Some((table.index.search(&self.reach(), &table.shapes), false)),
        }
    }

    /// Of which positions the relation is true.
    pub(super) fn scan(&self, table: &'t Table, budget: &Budget) -> Scan<'t> {
        let located = table.about.located;
        if self.relation == Spatial::Disjoint {
            let meeting = Self { relation: Spatial::Intersects, literal: self.literal };
            return Scan::Not(Box::new(meeting.scan(table, budget)));
        }
        match self.candidates(table) {
            Some((hits, true)) => Scan::Runs { hits, unknown: Vec::new(), located },
            Some((runs, false)) => {
                let (mut hits, mut unknown) = (Vec::new(), Vec::new());
                for position in runs.into_iter().flatten().take_while(|_| budget.allows(1)) {
                    match table.shapes.get(position).and_then(|shape| relates(self.relation, &shape, self.literal)) {
                        Some(true) => hits.push(position),
                        Some(false) => {}
                        None => unknown.push(position),
                    }
                }
                Scan::Runs { hits: runs_of(hits), unknown: runs_of(unknown), located }
            }
            None => unreachable!("only disjoint has no candidates"),
        }
    }

    /// The box outside of which no geometry shares a point with the literal.
    fn reach(&self) -> Bbox {
        let bounds = self.literal.bounds();
        Bbox::new(bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y).expect("a literal lies on the Earth, which was checked")
    }
}
