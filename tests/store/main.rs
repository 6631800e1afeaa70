//! The contract of a store: every answer is what a look at every feature would give.

mod bbox;
mod paging;
mod support;
