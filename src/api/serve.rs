//! The listening loop: connections in, bounded in number, size and time; on a signal the open ones may finish.

use std::{convert::Infallible, future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody},
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
};
use tower::{Service, ServiceExt};

use super::{Live, sending::Sending};

/// How the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// Every open request was answered.
    Clean,
    /// The time for open requests ran out.
    Cut,
}

/// Time in which a client must have sent its request's headers.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Room for a request's head beyond the configured limits, so that those answer before the parser gives up.
const HEAD_ROOM: usize = 128 * 1024;

/// Opens the port.
///
/// # Errors
/// When the address cannot be had.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// Calls `act` at every SIGHUP, for as long as it is awaited.
///
/// # Errors
/// When the signal cannot be listened for.
pub fn at_hangup(mut act: impl FnMut()) -> io::Result<impl Future<Output = ()>> {
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            act();
        }
    })
}

/// Resolves at the first SIGTERM or SIGINT.
///
/// # Errors
/// When the signals cannot be listened for.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Serves until `stop` resolves, then gives open requests the time that the settings give them to finish; `live` is what `service`
/// serves.
pub async fn serve<S>(listener: TcpListener, live: &Live, service: S, stop: impl Future<Output = ()>) -> Shutdown
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    // Settings stay what they were at the start, whatever data are served.
    let settings = live.current().settings.clone();
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(settings.max_connections));
    tokio::pin!(stop);
    loop {
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of descriptors, or the client is gone already: neither is a reason to end.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Answers are written whole: waiting to fill a segment would only add latency.
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let handler = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            // Most requests have no body, and none takes no memory.
            service.clone().oneshot(request.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(body) }))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .max_buf_size(HEAD_ROOM)
            .serve_connection(TokioIo::new(Sending::new(stream, live.clone())), handler);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "connection ended early");
            }
            drop(slot);
        });
    }
    drop(listener);
    match tokio::time::timeout(settings.shutdown_timeout, graceful.shutdown()).await {
        Ok(()) => Shutdown::Clean,
        Err(_) => Shutdown::Cut,
    }
}
