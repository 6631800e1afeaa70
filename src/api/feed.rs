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
            // Who writes nothing for a long time asks in this way whether anyone still waits for it.
            return if self.parts.is_closed() { Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client has gone")) } else { Ok(()) };
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

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use http_body_util::BodyExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test(flavor = "multi_thread")]
    async fn the_writer_is_never_more_than_some_pieces_ahead_of_its_reader() {
        let made = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&made);
        let mut body = feed(LONG, move |out| {
            for _ in 0..200 {
                counted.fetch_add(1, Ordering::SeqCst);
                out.write_all(&vec![b'x'; PIECE])?;
            }
            Ok(())
        });
        for taken in 1..=200 {
            assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap().len(), PIECE);
            assert!(made.load(Ordering::SeqCst) <= taken + WAITING + 1, "at any time");
        }
        assert!(body.frame().await.is_none());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_breaks_off_is_no_end() {
        for fails in [true, false] {
            let mut body = feed(LONG, move |out| {
                out.write_all(b"begun")?;
                out.flush()?;
                if fails { Err(io::Error::other("the disk is gone")) } else { panic!("the encoder is wrong") }
            });
            assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "begun");
            assert!(body.frame().await.unwrap().is_err(), "so that the connection is cut");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_reader_that_leaves_or_takes_nothing_ends_the_writer() {
        for leaves in [true, false] {
            let (ended, end) = tokio::sync::oneshot::channel();
            let patience = if leaves { LONG } else { Duration::from_millis(20) };
            let body = feed(patience, move |out| {
                let error = loop {
                    if let Err(error) = out.write_all(&[0; 1000]) {
                        break error;
                    }
                };
                let _ = ended.send(error.kind());
                Err(error)
            });
            let mut kept = Some(body);
            if leaves {
                kept = None;
            }
            let expected = if leaves { io::ErrorKind::BrokenPipe } else { io::ErrorKind::TimedOut };
            assert_eq!(end.await.unwrap(), expected);
            drop(kept);
        }
    }
}
