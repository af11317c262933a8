//! What every request works with.

use super::accounts::{Limiter, Passwords};
use super::error::Error;
use super::frame::Metrics;
use super::settings::Settings;
use super::tasks::Numbers;
use crate::backend::Opened;
use crate::clock::Clock;
use crate::serve::Notice;
use landfast_domain::accounts::{EventKind, SecurityEvent, UserId};
use landfast_domain::{Repositories, Store};
use std::sync::Arc;

/// The server's state. Clones are cheap.
#[derive(Clone)]
pub struct App {
    pub(super) inner: Arc<Inner>,
}

/// What an [`App`] holds.
pub struct Inner {
    pub(super) opened: Opened,
    /// Whose data visitors see who did not log in.
    pub(super) guest: UserId,
    pub(super) settings: Settings,
    pub(super) notices: Vec<Notice>,
    pub(super) passwords: Passwords,
    pub(super) limiter: Limiter,
    pub(super) metrics: Metrics,
    pub(super) numbers: Numbers,
}

impl App {
    /// Serves this store. `guest` is the user whose data visitors see who did not log in.
    #[must_use]
    pub fn new(opened: Opened, guest: UserId, settings: Settings, notices: Vec<Notice>) -> Self {
        Self::with_passwords(opened, guest, settings, notices, Passwords::standard())
    }

    /// As [`App::new`], with other costs of hashing; for tests.
    #[must_use]
    pub fn with_passwords(
        opened: Opened,
        guest: UserId,
        settings: Settings,
        notices: Vec<Notice>,
        passwords: Passwords,
    ) -> Self {
        let (limiter, metrics, numbers) = (Limiter::default(), Metrics::default(), Numbers::default());
        let inner = Inner { opened, guest, settings, notices, passwords, limiter, metrics, numbers };
        Self { inner: Arc::new(inner) }
    }

    /// Where the data is, without a password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.inner.opened.place
    }

    /// How long sessions hold.
    #[must_use]
    pub fn lifetime(&self) -> landfast_domain::accounts::Lifetime {
        self.inner.settings.lifetime
    }

    /// Whether the store can keep accounts; a folder of files cannot.
    #[must_use]
    pub fn has_accounts(&self) -> bool {
        self.inner.opened.database.is_some()
    }

    /// Runs work that may block away from the threads that answer requests.
    ///
    /// # Errors
    /// What the work answered; [`Error::Broken`] when it panicked.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let inner = Arc::clone(&self.inner);
        match tokio::task::spawn_blocking(move || work(&inner)).await {
            Ok(result) => result,
            Err(error) => {
                tracing::error!(%error, "a request panicked");
                Err(Error::Broken)
            }
        }
    }

    /// Runs a read transaction.
    ///
    /// # Errors
    /// What the work answered, or that the store failed.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Repositories) -> landfast_domain::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |inner| inner.opened.store.read(work).map_err(Error::from)).await
    }

    /// Runs a write transaction; it may run several times, so it has no other effects.
    ///
    /// # Errors
    /// What the work answered, or that the store failed; nothing was then written.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Repositories) -> landfast_domain::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |inner| inner.opened.store.write(work).map_err(Error::from)).await
    }
}

impl App {
    /// As [`App::read`], of the database that keeps the accounts.
    ///
    /// # Errors
    /// As [`App::read`]; [`Error::Conflict`] when there is none.
    pub async fn accounts_read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Repositories) -> landfast_domain::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |inner| inner.accounts().ok_or_else(no_accounts)?.read(work).map_err(Error::from)).await
    }

    /// As [`App::write`], of the database that keeps the accounts.
    ///
    /// # Errors
    /// As [`App::accounts_read`].
    pub async fn accounts_write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut dyn Repositories) -> landfast_domain::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.blocking(move |inner| inner.accounts().ok_or_else(no_accounts)?.write(work).map_err(Error::from)).await
    }
}

impl Inner {
    /// The database that keeps the accounts, also while files lead; a folder of files keeps none.
    pub(super) fn accounts(&self) -> Option<&dyn Store> {
        self.opened.database.as_ref().map(|database| -> &dyn Store { database })
    }
}

fn no_accounts() -> Error {
    Error::Conflict("a folder of files keeps no accounts; everybody works as the guest".to_owned())
}

/// An entry of the security log.
#[must_use]
pub(super) fn security_event(
    kind: EventKind,
    user: Option<&UserId>,
    address: &str,
    user_agent: &str,
    detail: &str,
) -> SecurityEvent {
    SecurityEvent {
        id: crate::clock::new_id(),
        at: Clock::now().utc,
        kind,
        user: user.cloned(),
        address: address.to_owned(),
        user_agent: user_agent.to_owned(),
        detail: detail.to_owned(),
    }
}
