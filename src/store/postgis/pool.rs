//! Connections: as many as are allowed, opened when they are needed, and again when they are lost.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_postgres::Client;

use super::{
    error::{PostgisError, chain},
    target::Target,
};

/// How long a request waits for a connection that another one has.
const PATIENCE: Duration = Duration::from_secs(5);

/// What every session is told: to write nothing, to end a statement in time, and to count in UTC. All of it the program's own text.
const SESSION: &str = "SET default_transaction_read_only = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; \
                       SET bytea_output = 'hex'; SET extra_float_digits = 1; SET jit = off; SET idle_in_transaction_session_timeout = '120s'";

/// Where the functions of PostGIS are looked for: in its own schema, whichever that is.
const POSTGIS: &str = "SELECT set_config('search_path', coalesce((SELECT quote_ident(n.nspname) FROM pg_extension e \
                       JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'), 'public'), false)";

/// Connections to one database.
#[derive(Debug)]
pub(super) struct Pool {
    target: Target,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Client>>,
}

/// A connection in use. It goes back once what was asked is answered; one that is given up in the middle is closed, and the
/// database is told to stop.
pub(super) struct Lease {
    client: Option<Client>,
    pool: Arc<Pool>,
    /// Whether an answer is being waited for.
    is_asking: bool,
    _place: OwnedSemaphorePermit,
}

/// A new session.
///
/// # Errors
/// When there is none.
pub(super) async fn connect(target: &Target) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = target.config.connect(target.tls.connect.clone()).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(error = %chain(&error), "a connection to the database ended");
        }
    });
    client.batch_execute(SESSION).await?;
    let milliseconds = i64::try_from(target.time.as_millis()).unwrap_or(i64::MAX).clamp(1, i64::from(i32::MAX));
    // A setting takes no bound value in SET, but in the function of the same meaning.
    let set = "SELECT set_config('statement_timeout', $1::text, false)";
    client.query_typed(set, &[(&milliseconds.to_string(), tokio_postgres::types::Type::TEXT)]).await?;
    // PostGIS is found wherever it was put; the database quotes the name itself.
    client.batch_execute(POSTGIS).await?;
    Ok(client)
}

/// What is said of a session that did not come about; the log has more.
pub(super) fn away(error: &tokio_postgres::Error, target: &Target) -> PostgisError {
    tracing::warn!(error = %chain(error), database = %target.name, "the database does not answer");
    PostgisError::Away
}

impl Pool {
    pub(super) fn new(target: Target, connections: usize) -> Arc<Self> {
        Arc::new(Self { target, places: Arc::new(Semaphore::new(connections.max(1))), idle: Mutex::default() })
    }

    /// A connection of one's own, as soon as there is one.
    ///
    /// # Errors
    /// [`PostgisError::Busy`] where all are in use for too long, [`PostgisError::Away`] where there is none to be had.
    pub(super) async fn lease(self: &Arc<Self>) -> Result<Lease, PostgisError> {
        let place = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.map_err(|_| PostgisError::Busy)?.map_err(|_| PostgisError::Away)?;
        let lease = |client| Lease { client: Some(client), pool: Arc::clone(self), is_asking: false, _place: place };
        while let Some(client) = self.take() {
            if !client.is_closed() {
                return Ok(lease(client));
            }
        }
        let connected = timeout(2 * PATIENCE, connect(&self.target)).await.map_err(|_| PostgisError::Away)?;
        let client = connected.map_err(|error| away(&error, &self.target))?;
        Ok(lease(client))
    }

    fn take(&self) -> Option<Client> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Which database they lead to.
    pub(super) fn target(&self) -> &Target {
        &self.target
    }
}

impl Lease {
    /// Notes that an answer is waited for.
    pub(super) fn begin(&mut self) {
        self.is_asking = true;
    }

    /// Notes that it is there, whole.
    pub(super) fn end(&mut self) {
        self.is_asking = false;
    }
}

impl Deref for Lease {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.client.as_ref().expect("it is there until the lease ends")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.is_asking {
            // Nobody waits for the answer any more: let the database not go on making it.
            let (cancel, tls) = (client.cancel_token(), self.pool.target.tls.connect.clone());
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(async move {
                    let _ = timeout(PATIENCE, cancel.cancel_query(tls)).await;
                });
            }
            return;
        }
        if !client.is_closed() {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
        }
    }
}
