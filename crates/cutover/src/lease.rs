//! The lock that keeps a second migrator out.

use crate::error::{Error, Result};
use crate::transact::write_soon;
use landfast_domain::imports::Lease;
use landfast_domain::time::Timestamp;
use landfast_domain::{Repositories, Store};

/// How long the lock is kept without a sign of life, in seconds.
const SECONDS: i64 = 60;
const NAME: &str = "import";

/// The migrator's lock, taken by [`Lock::take`] and renewed with every batch.
pub(crate) struct Lock<'a> {
    holder: &'a str,
    clock: &'a (dyn Fn() -> Timestamp + Sync),
}

impl<'a> Lock<'a> {
    /// Takes the lock. A lock whose holder is dead is taken over at once.
    pub(crate) fn take(
        store: &dyn Store,
        holder: &'a str,
        holder_is_alive: &dyn Fn(&str) -> bool,
        clock: &'a (dyn Fn() -> Timestamp + Sync),
    ) -> Result<Self> {
        let lock = Self { holder, clock };
        // After a power cut there is no holder anyway.
        write_soon(store, |repositories| {
            let Some(other) = lock.acquire(repositories)? else { return Ok(()) };
            if holder_is_alive(&other.holder) {
                return Err(busy(&other));
            }
            repositories.imports()?.release_lease(NAME, &other.holder)?;
            lock.renew(repositories)
        })?;
        Ok(lock)
    }

    /// Renews the lock inside a transaction of the caller, which fails when the lock was lost meanwhile.
    pub(crate) fn renew(&self, repositories: &mut dyn Repositories) -> Result<()> {
        match self.acquire(repositories)? {
            None => Ok(()),
            Some(other) => Err(busy(&other)),
        }
    }

    /// Gives the lock up.
    pub(crate) fn release(&self, store: &dyn Store) -> Result<()> {
        write_soon(store, |repositories| Ok(repositories.imports()?.release_lease(NAME, self.holder).map(drop)?))
    }

    fn acquire(&self, repositories: &mut dyn Repositories) -> Result<Option<Lease>> {
        let now = (self.clock)();
        let expires_at = Timestamp::new(now.naive() + chrono::TimeDelta::seconds(SECONDS));
        let lease = Lease { name: NAME.to_owned(), holder: self.holder.to_owned(), expires_at };
        Ok(repositories.imports()?.acquire_lease(&lease, now)?)
    }
}

fn busy(other: &Lease) -> Error {
    Error::Store(landfast_domain::Error::Busy {
        what: "the import".to_owned(),
        holder: format!("{} until {} UTC", other.holder, other.expires_at),
    })
}
