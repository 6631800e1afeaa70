//! A body that a thread writes while it is being sent: at most a few pieces are ever in between, whatever the length of the whole.

use std::{
    io::{self, Write},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::Frame;
use tokio::{runtime::Handle, sync::mpsc, time::timeout};

/// Bytes of a piece, about.
pub(super) const PIECE: usize = 64 * 1024;
/// Pieces that may wait for the client.
const WAITING: usize = 4;

/// What passes from the writer to the body.
enum Part {
    Piece(Bytes),
    /// Nothing is missing.
    End,
}

/// The body.
pub(super) struct Feed {
    parts: mpsc::Receiver<Part>,
    is_whole: bool,
}

/// Where the thread writes. What it writes after the client has gone is an error, so that it stops.
pub(super) struct Writer {
    parts: mpsc::Sender<Part>,
    ready: Vec<u8>,
    runtime: Handle,
    patience: Duration,
}

/// Runs `write` in a thread of its own and answers with what it writes. Where it fails or panics, the body breaks off, so that no client
/// takes the part for the whole. A client that takes less than a piece within `patience` is given up.
///
/// Must be called within the runtime.
pub(super) fn feed(patience: Duration, write: impl FnOnce(&mut Writer) -> io::Result<()> + Send + 'static) -> Feed {
    let (sender, parts) = mpsc::channel(WAITING);
    let runtime = Handle::current();
    let mut writer = Writer { parts: sender, ready: Vec::new(), runtime: runtime.clone(), patience };
    runtime.spawn_blocking(move || {
        let written = write(&mut writer).and_then(|()| writer.end());
        match written {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::TimedOut) => {
                tracing::debug!(%error, "a download ended early");
            }
            Err(error) => tracing::error!(%error, "a download cannot be written"),
        }
    });
    Feed { parts, is_whole: false }
}

impl Writer {
    fn send(&self, part: Part) -> io::Result<()> {
        match self.runtime.block_on(timeout(self.patience, self.parts.send(part))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client has gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing")),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.flush()?;
        self.send(Part::End)
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.ready.len().min(PIECE - 1));
        if self.ready.capacity() == 0 {
            self.ready.reserve_exact(PIECE);
        }
        self.ready.extend_from_slice(&bytes[..taken]);
        if self.ready.len() >= PIECE {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.ready.is_empty() {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.ready);
        self.send(Part::Piece(piece.into()))
    }
}

impl From<Feed> for Body {
    fn from(feed: Feed) -> Self {
        Self::new(feed)
    }
}

impl HttpBody for Feed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.is_whole {
            return Poll::Ready(None);
        }
        match ready!(self.parts.poll_recv(context)) {
            Some(Part::Piece(piece)) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            Some(Part::End) => {
                self.is_whole = true;
                Poll::Ready(None)
            }
            None => {
                self.is_whole = true;
                Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the writer broke off"))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_whole
    }
}
