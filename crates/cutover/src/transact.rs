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
