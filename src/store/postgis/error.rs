//! Why a database gives no answer.

use std::time::Duration;

use tokio_postgres::error::SqlState;

use crate::query::QueryError;

/// Why a database gives no answer. What it said itself is in the log, never in here.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PostgisError {
    /// It cannot be reached, or went away on the way.
    #[error("the database of this collection does not answer at the moment")]
    Away,
    /// Every connection is in use.
    #[error("every connection to the database is in use")]
    Busy,
    /// It was not done in time.
    #[error("the database was not done in time")]
    Slow,
    /// A form of answer that is made of all features at once, of more of them than are held.
    #[error("the question finds {matched} features, and at most {most} of a database are put into this form at once")]
    Many {
        /// How many it finds.
        matched: u64,
        /// The most that are held.
        most: u64,
    },
    /// The rows of one answer take more memory than one may.
    #[error("the features that the question finds are too large to be held at once")]
    Large,
    /// It asks for what only a data set in memory can do.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// It failed; the log says how.
    #[error("the database cannot answer this; the server's log says why")]
    Failed,
}

impl PostgisError {
    /// What an error of the client means, which is written to the log.
    pub(super) fn of(error: &tokio_postgres::Error, doing: &'static str) -> Self {
        let state = error.code();
        if state == Some(&SqlState::QUERY_CANCELED) {
            return Self::Slow;
        }
        let class = state.map(|state| &state.code()[..2]);
        // Connections end by themselves, by an order to the server (57), for want of room (53), or by the network (08).
        if error.is_closed() || state.is_none() || matches!(class, Some("08" | "53" | "57")) {
            tracing::warn!(error = %chain(error), doing, "the database does not answer");
            return Self::Away;
        }
        tracing::error!(error = %chain(error), doing, "the database failed");
        Self::Failed
    }
}

/// An error with all that is behind it, in one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text.replace('\n', " ")
}

/// What a database says is wrong, for the one who starts the program.
pub(super) fn told(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| chain(error), |error| error.message().to_owned())
}

/// Why a database cannot be served at all: told at the start, to those who started it. Never names the password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No address of a database.
    #[error("{0}")]
    Address(String),
    /// What a `harmattan.toml` wishes of its tables cannot be: a line for each wish.
    #[error("{0}")]
    Wishes(String),
    /// It cannot be reached.
    #[error("{address}: {why}")]
    Connect {
        /// Host, port and database.
        address: String,
        /// What went wrong.
        why: String,
    },
    /// Nothing in it can be served.
    #[error("{address}: {why}")]
    Nothing {
        /// Host, port and database.
        address: String,
        /// What was looked for.
        why: String,
    },
    /// It did not answer within this time.
    #[error("{address}: no answer within {} s", time.as_secs())]
    Late {
        /// Host, port and database.
        address: String,
        /// How long was waited.
        time: Duration,
    },
}
