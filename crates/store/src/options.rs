//! Settings of a database's connections.

use std::time::Duration;

/// Settings of the connections to a database.
///
/// ```
/// use landfast_store::PoolOptions;
/// let options = PoolOptions { size: 2, ..PoolOptions::default() };
/// assert_eq!(options.lock_timeout.as_secs(), 30);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolOptions {
    /// Greatest number of connections, and so of transactions at the same time. Connections are made
    /// when needed. Default 8; 0 counts as 1.
    pub size: u32,
    /// After how long an unused connection is closed. Default 10 minutes; `None` never.
    pub idle_timeout: Option<Duration>,
    /// After how long a connection is closed in any case, so that changes at the server (its address,
    /// its settings) are noticed. Default 1 hour; `None` never. SQLite connections live as long as they
    /// are used.
    pub max_lifetime: Option<Duration>,
    /// How long PostgreSQL may take to answer a new connection, unless the URL says otherwise.
    /// Default 10 s; whole seconds, at least 2.
    pub connect_timeout: Duration,
    /// How long a transaction waits for a free connection. Default 30 s.
    pub checkout_timeout: Duration,
    /// How long a write transaction on SQLite waits for its turn. Default 30 s.
    pub lock_timeout: Duration,
    /// Whether a missing SQLite file is made. Its folder must exist in any case. Default true.
    pub create: bool,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            size: 8,
            idle_timeout: Some(Duration::from_secs(600)),
            max_lifetime: Some(Duration::from_secs(3600)),
            connect_timeout: Duration::from_secs(10),
            checkout_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(30),
            create: true,
        }
    }
}
