//! Where the log goes.

use std::io::IsTerminal;

use harmattan::config::{LogFormat, LogLevel};

/// Logs to standard error, so that standard output holds what was asked for.
pub(crate) fn start(level: LogLevel, format: LogFormat) {
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(level.filter())
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
