//! A part of a file as a body, read piece by piece while it is sent.

use std::{
    fs::File,
    io,
    ops::Range,
    os::unix::fs::FileExt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes read at once.
const PIECE: u64 = 256 * 1024;

/// The body.
pub(super) struct FileBody {
    file: Arc<File>,
    left: Range<u64>,
    /// A piece that is being read, by a thread that is busy for no longer than that.
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl FileBody {
    /// The bytes of a file from the start of a range to its end.
    pub(super) fn new(file: File, part: Range<u64>) -> Self {
        Self { file: Arc::new(file), left: part, reading: None }
    }
}

impl From<FileBody> for Body {
    fn from(body: FileBody) -> Self {
        Self::new(body)
    }
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.reading.is_none() {
            if self.left.is_empty() {
                return Poll::Ready(None);
            }
            let (file, start) = (Arc::clone(&self.file), self.left.start);
            let length = PIECE.min(self.left.end - start) as usize;
            self.reading = Some(spawn_blocking(move || {
                let mut piece = vec![0; length];
                file.read_exact_at(&mut piece, start)?;
                Ok(piece.into())
            }));
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(None) };
        let read = ready!(Pin::new(reading).poll(context)).unwrap_or_else(|error| Err(io::Error::other(error)));
        self.reading = None;
        match &read {
            Ok(piece) => self.left.start += piece.len() as u64,
            Err(_) => self.left.start = self.left.end,
        }
        Poll::Ready(Some(read.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.reading.is_none() && self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.end - self.left.start)
    }
}
