//! What is served at this moment: replaced whole when the data change, while requests under way keep what they began with.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;

use super::{App, download::Downloads};

/// A shared place for the current [`App`]; clones are the same place.
#[derive(Debug, Clone)]
pub struct Live {
    now: Arc<RwLock<Now>>,
    /// Whatever data are served, these are the server's.
    downloads: Downloads,
}

#[derive(Debug)]
struct Now {
    app: Arc<App>,
    /// Why the newest data are not served.
    trouble: Option<String>,
}

impl Live {
    /// What is served now.
    pub fn current(&self) -> Arc<App> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner).app)
    }

    /// Serves something else from now on, and forgets earlier trouble.
    pub fn replace(&self, app: Arc<App>) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Now { app, trouble: None };
    }

    /// Notes why newer data cannot be served; what is served stays.
    pub fn failed(&self, why: String) {
        self.now.write().unwrap_or_else(PoisonError::into_inner).trouble = Some(why);
    }

    /// Why the newest data are not served, where that is so.
    pub fn trouble(&self) -> Option<String> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).trouble.clone()
    }
}

impl From<Arc<App>> for Live {
    fn from(app: Arc<App>) -> Self {
        let downloads = Downloads::new(&app.settings);
        Self { now: Arc::new(RwLock::new(Now { app, trouble: None })), downloads }
    }
}

/// A handler that asks for the `App` gets the one that is served when its request arrives.
impl FromRef<Live> for Arc<App> {
    fn from_ref(live: &Live) -> Self {
        live.current()
    }
}

impl FromRef<Live> for Downloads {
    fn from_ref(live: &Live) -> Self {
        live.downloads.clone()
    }
}
