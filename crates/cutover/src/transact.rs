//! Transactions whose closures fail with this crate's error.

use crate::error::{Error, Result, from_transaction};
use landfast_domain::{Repositories, Store};

/// Runs `work` in a read transaction.
pub(crate) fn read<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> Result<T> {
    store.read(|repositories| work(repositories).map_err(Error::into_domain)).map_err(from_transaction)
}

/// Runs `work` in a write transaction; it may run several times.
pub(crate) fn write<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> Result<T> {
    store.write(|repositories| work(repositories).map_err(Error::into_domain)).map_err(from_transaction)
}

/// Runs `work` in a write transaction that is durable with the next one of [`write`]: one of many batches, which are
/// loaded again when a power cut takes them back.
pub(crate) fn write_soon<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> Result<T> {
    store.write_soon(|repositories| work(repositories).map_err(Error::into_domain)).map_err(from_transaction)
}
