//! What caches count.

/// How much work a cache has done and spared since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CacheWork {
    /// Rows (instances, issues) that were prepared from their records.
    pub rows_prepared: u64,
    /// Rows that were taken over, because their records were the same as before.
    pub rows_reused: u64,
    /// Times the prepared data were put together.
    pub preparations: u64,
    /// Documents that were calculated.
    pub documents_made: u64,
    /// Documents that were given out again.
    pub documents_reused: u64,
}
